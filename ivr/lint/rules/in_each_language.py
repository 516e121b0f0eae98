"""L: languages - that each has everything, in its own words, and that callers find theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import mean

from ivr import phrase
from ivr.lint import terms
from ivr.lint.rule import Finding, Limits, rule, told_by_check
from ivr.lint.spoken import Hit, Spoken, Texts, everything_spoken
from ivr.lint.subject import Subject
from ivr.menu import tree as t
from ivr.menu.speaking import LETTERS_PER_S

for _id in ("L301", "L305", "L309", "L310", "L313"):
    told_by_check(_id)


@rule("L302", "warning")
def a_step_only_for_the_language(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """A first menu that asks for nothing but the language."""
    menu = _first_menu(subject)
    if menu and len(menu.options) > 1 and all(terms.chooses_language(option) for option in menu.options):
        yield Finding(subject.spot("nodes", menu.name), {"name": menu.name})


def _first_menu(subject: Subject) -> t.Menu | None:
    """The menu that a call meets first, open or closed; None when there is no one such menu."""
    seen, todo, found = {subject.tree.start}, [subject.tree.start], []
    while todo:
        name = todo.pop(0)
        node = subject.tree.nodes[name]
        if isinstance(node, t.Menu):
            found.append(node)
            continue
        for way in subject.ways[name]:
            if not way.asked and way.to not in seen:
                seen.add(way.to)
                todo.append(way.to)
    return found[0] if found else None


@rule("L303", "warning", drafts=True)
def offered_in_a_foreign_language(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Languages offered in words that those who need them do not understand."""
    for language, texts in subject.texts.items():
        what, codes = terms.OTHER_LANGUAGE[language]
        for hit in texts.hits(what.stems, what.pattern):
            yield Finding(subject.spot_of_text(hit), {"words": hit.match[1], "other": codes[hit.match[1].lower()]})
        for hit in texts.hits(what.stems, terms.LANGUAGE_ALONE, ("label",)):
            if hit.said == hit.text and (code := codes.get(hit.match[1].lower())):
                yield Finding(subject.spot_of_text(hit), {"words": hit.match[1], "other": code})


_LATIN_WORDS = re.compile(r"[A-Za-zÀ-ž]{4,}")
_CYRILLIC_WORDS = re.compile(r"[\u0400-\u04ff]{3,}")


@rule("L304", "warning", drafts=True)
def another_language(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Texts that seem to be of another language than the one they stand under."""
    for language, texts in subject.texts.items():
        told: set[str] = set()
        for hit in texts.search(_LATIN_WORDS if language == "sr" else _CYRILLIC_WORDS):
            letters = [letter for letter in re.sub(r"\{\w+\}", "", hit.text) if letter.isalpha()]
            cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in letters)
            foreign = len(letters) - cyrillic if language == "sr" else cyrillic
            if foreign * 2 > len(letters) and hit.text not in told:
                told.add(hit.text)
                yield _whole(subject, hit.spoken, language, hit.text, "script")
        for number, other in _sounding_like_another(texts):
            if texts.texts[number] not in told:
                yield _whole(subject, texts.owners[number], language, texts.texts[number], "words", other=other)


def _sounding_like_another(texts: Texts) -> Iterator[tuple[int, str]]:
    """The numbers of texts with more common words of another language than of their own, and that language."""
    own = terms.COMMON_WORDS[texts.language]
    others = {it: common - own for it, common in terms.COMMON_WORDS.items() if it != texts.language}
    foreign = frozenset().union(*others.values())
    for number, text in enumerate(texts.lowered):
        words = text.split()
        if len(found := foreign.intersection(words)) < 2:
            continue
        known = len(own.intersection(words))
        other = max(others, key=lambda it: len(found & others[it]))
        if len(found & others[other]) > known + 1:
            yield number, other


def _whole(subject: Subject, owner: Spoken, language: str, text: str, variant: str, **more: object) -> Finding:
    match = re.match(r"", text)
    assert match
    spot = subject.spot_of_text(Hit(owner, language, text, 0, len(text), match))
    return Finding(spot, {"language": language, **more}, variant)


@rule("L306", "warning", languages=(4, 4))
def many_languages_at_once(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """More languages offered in one menu than callers listen to."""
    for menu in subject.menus:
        count = sum(terms.chooses_language(option) for option in menu.options)
        if count > limits["languages"]:
            yield Finding(subject.spot("nodes", menu.name), {"count": count, "most": int(limits["languages"])})


@rule("L307", "advice", longer=(1.6, 1.6), least_s=(4, 4))
def out_of_step(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Translations much longer than the others, or left behind when their source was changed."""
    before = _texts_before(subject)
    for spoken in subject.spoken:
        words = spoken.words
        if len(words) < 2 or words.recordings:
            continue
        if before:
            yield from _left_behind(subject, spoken, before)
        lengths = [(len(text) / LETTERS_PER_S[language], language) for language, text in words.items()]
        longest_s, language = max(lengths)
        if longest_s < limits["least_s"] or spoken.role == "desk":
            continue
        others = [length_s for length_s, it in lengths if it != language]
        if longest_s > limits["longer"] * mean(others):
            times = round(longest_s / max(mean(others), 0.1), 1)
            yield Finding(subject.spot_of_words(spoken, language), {"language": language, "times": times}, "longer")


def _texts_before(subject: Subject) -> dict[tuple[str, str, str, str], t.Words]:
    if subject.known.before is None:
        return {}
    return {_name(spoken): spoken.words for spoken in everything_spoken(subject.known.before)}


def _name(spoken: Spoken) -> tuple[str, str, str, str]:
    return spoken.section, spoken.name, spoken.role, spoken.detail


def _left_behind(
    subject: Subject, spoken: Spoken, before: dict[tuple[str, str, str, str], t.Words]
) -> Iterator[Finding]:
    old = before.get(_name(spoken))
    source = subject.tree.languages[0]
    if old is None or old.get(source) == spoken.words.get(source) or source not in old:
        return
    for language in subject.tree.languages[1:]:
        if language in old and old[language] == spoken.words.get(language):
            values = {"language": language, "source": source}
            yield Finding(subject.spot_of_words(spoken, language), values, "older")


@rule("L308", "warning")
def serbian_twice(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Serbian words written by hand in both scripts that do not agree."""
    for menu in subject.menus:
        for option in menu.options:
            words = option.spoken.get("sr", ())
            cyrillic = {phrase.latin(word.casefold()) for word in words if _CYRILLIC_WORDS.search(word)}
            latin = {word.casefold() for word in words if _LATIN_WORDS.search(word)}
            if cyrillic and latin - cyrillic:
                values = {"words": ", ".join(sorted(latin - cyrillic))}
                yield Finding(subject.spot("nodes", menu.name, "options", option.key, "spoken", "sr"), values)
