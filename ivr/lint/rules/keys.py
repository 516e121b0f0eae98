"""K: what keys mean, and whether callers can know it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ivr.lint.fix import Edit, Fix
from ivr.lint.rule import Finding, Limits, Spot, rule, told_by_check
from ivr.lint.subject import Subject, all_texts, spot_of
from ivr.lint.terms import NO, YES
from ivr.menu import tree as t
from ivr.menu.condition import VariableIs, parts
from ivr.menu.reader import Entries
from ivr.phrase import folded

told_by_check("K201")
told_by_check("K203")
told_by_check("K206")
for _id in ("K212", "K213", "K214", "K215", "K216", "K217", "K219"):
    told_by_check(_id)


@rule("K202", "warning", fixes="safe")
def out_of_order(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Menus whose keys are not said in order, or leave one out. The keys of languages may stand apart."""
    for menu in subject.menus:
        keys = [option.key for option in menu.options if option.language is None and option.key.isdecimal()]
        falls = next((after for before, after in pairwise(keys) if after < before), None)
        if falls:
            fix = _in_order(subject, menu)
            yield Finding(subject.spot("nodes", menu.name, "options", falls), {"key": falls}, "falls", fix=fix)
            continue
        known = {option.key for option in menu.options}
        left_out = [str(number) for number in range(1, int(keys[-1]) if keys else 1) if str(number) not in known]
        if left_out:
            after = next(key for key in keys if key > left_out[0])
            values = {"key": left_out[0], "next": after}
            yield Finding(subject.spot("nodes", menu.name, "options", after), values, "gap")


def _in_order(subject: Subject, menu: t.Menu) -> Fix | None:
    """Put the choices in the order of their keys; each with the comments behind it."""
    options = subject.entry("nodes", menu.name, "options")
    if options is None or not isinstance(options[1], Entries):
        return None
    places = [key.place for key, _ in options[1].entries]
    if len({place.line for place in places}) < len(places) or places[0].line == options[0].place.line:
        return None  # on one line
    file, text = places[0].file, subject.texts_of_files[places[0].file]
    starts = [subject.offset(place) - place.column + 1 for place in places]
    end = subject.end_of_block(options[0].place)
    blocks = [text[start:stop] for start, stop in zip(starts, [*starts[1:], end], strict=True)]
    keys = [key.value for key, _ in options[1].entries]
    ordered = [block for _, block in sorted(zip(keys, blocks, strict=True), key=lambda pair: pair[0])]
    if not all(block.endswith("\n") for block in blocks):
        return None
    return Fix((Edit(file, starts[0], end, "".join(ordered)),), safe=True)


@rule("K204", "warning")
def a_key_with_two_meanings(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Keys that mean the same everywhere, used to end what is typed. As a choice K203 tells of them."""
    keys = subject.tree.conventions
    meanings = {keys.operator: "operator", keys.back: "back"}
    for node in subject.asking:
        if isinstance(node, t.Ask) and node.end_key in meanings:
            values = {"key": node.end_key}
            yield Finding(subject.spot("nodes", node.name, "end_key"), values, meanings[node.end_key])


@rule("K205", "warning")
def never_announced(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Keys that mean the same everywhere and that no caller is told of. Menus tell of them by themselves."""
    keys = subject.tree.conventions
    if subject.asking and not subject.menus:
        spot = subject.spot("nodes", subject.asking[0].name)
        if not _said(subject, keys.operator):
            yield Finding(spot, {"key": keys.operator})
    if keys.end and not _said(subject, keys.end):
        yield Finding(subject.spot("conventions", "end"), {"key": keys.end})


def _said(subject: Subject, key: str) -> bool:
    pattern = re.compile(rf"(?<!\w){re.escape(key)}(?!\w)")
    return any(next(texts.search(pattern), None) for texts in subject.texts.values())


@rule("K207", "warning")
def yes_and_no(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """A yes that is not on 1, or a no that is not on 2."""
    language = subject.tree.languages[0]
    for menu in subject.menus:
        for option in menu.options if _has_both(menu, language) else ():
            said = option.label.get(language, "").casefold().strip(" .,\"'")
            key = "1" if re.fullmatch(YES[language], said) else "2" if re.fullmatch(NO[language], said) else option.key
            if option.key != key:
                values = {"word": option.label[language], "key": key}
                yield Finding(subject.spot("nodes", menu.name, "options", option.key), values)
                break  # the other one is then wrong as well


def _has_both(menu: t.Menu, language: str) -> bool:
    labels = [option.label.get(language, "").casefold().strip() for option in menu.options]
    return all(any(re.fullmatch(it[language], label) for label in labels) for it in (YES, NO))


@rule("K208", "warning")
def short_and_long_choices(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Choices of one digit beside choices of two: who presses one digit waits for nothing."""
    for node in subject.asking:
        if not isinstance(node, t.Ask) or not (node.digits_min == 1 and node.digits_max == 2):
            continue
        following = subject.tree.nodes.get(node.then)
        if not isinstance(following, t.When):
            continue
        tests = [it for rule in following.rules for it in parts(rule.condition) if isinstance(it, VariableIs)]
        lengths = {
            len(value) for it in tests if it.variable == node.into and it.test in ("is", "in") for value in it.values
        }
        if {1, 2} <= lengths:
            yield Finding(subject.spot("nodes", node.name, "digits"), {"seconds": node.inter_digit_s})


@rule("K209", "error")
def an_entry_without_end(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Numbers of open length that callers cannot end."""
    for node in subject.asking:
        if isinstance(node, t.Ask) and node.end_key is None and node.digits_min < node.digits_max:
            yield Finding(subject.spot("nodes", node.name, "digits"), {"low": node.digits_min, "high": node.digits_max})


@rule("K220", "warning")
def one_word_for_two(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Words that may be spoken for two choices of a menu: whoever says them gets neither."""
    for menu in subject.menus:
        for language in subject.tree.languages if any(option.spoken for option in menu.options) else ():
            labels = {folded(option.label.get(language, "")): option.key for option in menu.options}
            first: dict[str, str] = {}
            for option in menu.options:
                for words in option.spoken.get(language, ()):
                    said = folded(words)
                    other = first.setdefault(said, option.key)
                    other = labels.get(said, option.key) if other == option.key else other
                    if other != option.key:
                        values = {"words": words, "key": option.key, "other": other}
                        yield Finding(_spoken(subject, menu, option, language, words), values)


def _spoken(subject: Subject, menu: t.Menu, option: t.Option, language: str, words: str) -> Spot:
    """Where words stand under an option's `spoken`."""
    path = ("nodes", menu.name, "options", option.key, "spoken", language)
    written = subject.entry(*path)
    texts = (it for _, it in all_texts(written[1]) if it.value == words) if written else ()
    return next((spot_of(it) for it in texts), subject.spot(*path))
