"""House: what has changed in the hotline as a whole - its numbers, languages, keys, queues, surveys and forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from ivr.menu import tree as t
from ivr.view.facts import Facts, Named, Plain, Spoken, Target, Value, queue_facts, survey_facts
from ivr.view.plan.change import HOTLINE, Change, Languages, Phrase, Subject
from ivr.view.plan.pairs import Pairs
from ivr.view.plan.settings import reach_change, setting_changes
from ivr.view.plan.steps import option_changes
from ivr.view.plan.wording import quote, quote_any, wording_changes

Thing = TypeVar("Thing")


def house_changes(old: t.Tree, new: t.Tree, pairs: Pairs, first: str) -> Iterator[Change]:
    """The changes that concern every call."""
    if not pairs.same(old.start, new.start):
        yield reach_change(HOTLINE, Phrase("plan.who.start"), Target(old.start), Target(new.start))
    yield from _languages(old, new)
    yield from _numbers(old, new)
    yield from setting_changes(HOTLINE, _facts(old), _facts(new), pairs, "hotline", first)
    yield from wording_changes(HOTLINE, old.name, new.name, "plan.name", first)


def queue_changes(old: t.Tree, new: t.Tree, pairs: Pairs, first: str) -> Iterator[Change]:
    """The changes of every queue."""
    for name, was, now in _both(old.queues, new.queues):
        subject = Subject("queue", name)
        if was is None or now is None:
            yield Change("+" if now else "-", subject, Phrase(f"plan.queue.{'added' if now else 'removed'}"))
            continue
        yield from option_changes(subject, was.exits, now.exits, pairs, first, "exit")
        yield from setting_changes(subject, queue_facts(was), queue_facts(now), pairs, "queue", first)


def survey_changes(old: t.Tree, new: t.Tree, pairs: Pairs, first: str) -> Iterator[Change]:
    """The changes of every survey."""
    for name, was, now in _both(old.surveys, new.surveys):
        subject = Subject("survey", name)
        if was is None or now is None:
            yield Change("+" if now else "-", subject, Phrase(f"plan.survey.{'added' if now else 'removed'}"))
            continue
        yield from wording_changes(subject, was.intro, now.intro, "plan.words", first)
        before, after = ({it.name: it for it in survey.questions} for survey in (was, now))
        for _, asked, asks in _both(before, after):
            if asked is None or asks is None:
                question: t.Question = asks or asked
                text = quote(question.words, first) or quote_any(question.words)
                verb = "added" if asks else "removed"
                yield Change("+" if asks else "-", subject, Phrase(f"plan.question.{verb}", {"text": text}))
                continue
            yield from wording_changes(subject, asked.words, asks.words, "plan.words", first)
            yield from wording_changes(subject, asked.written, asks.written, "plan.words", first)
            if asked.keys != asks.keys:
                values = {"old": " ".join(asked.keys), "new": " ".join(asks.keys), "text": quote(asks.words, first)}
                yield Change("~", subject, Phrase("plan.question.keys", values))
        if before.keys() == after.keys() and list(before) != list(after):
            yield Change("~", subject, Phrase("plan.question.order"))
        yield from wording_changes(subject, was.thanks, now.thanks, "plan.words", first)
        yield from setting_changes(subject, survey_facts(was), survey_facts(now), pairs, "survey", first)


def form_changes(old: t.Tree, new: t.Tree, pairs: Pairs, first: str) -> Iterator[Change]:
    """The changes of every form that representatives fill in."""
    for name, was, now in _both(old.cases, new.cases):
        subject = Subject("form", name)
        if was is None or now is None:
            yield Change("+" if now else "-", subject, Phrase(f"plan.form.{'added' if now else 'removed'}"))
            continue
        yield from wording_changes(subject, was.label, now.label, "plan.name", first)
        before, after = ({it.name: it for it in form.fields} for form in (was, now))
        for _, had, has in _both(before, after):
            field: t.Field = has or had
            label = quote(field.label, first) or quote_any(field.label)
            if had != has:
                verb, sign = ("changed", "~") if had and has else ("added", "+") if has else ("removed", "-")
                yield Change(sign, subject, Phrase(f"plan.field.{verb}", {"label": label}))


def missing_words(new: t.Tree, words: Iterator[t.Words]) -> Iterator[Change]:
    """Languages in which something that is said to callers is missing."""
    lacking = dict.fromkeys(new.languages, 0)
    for said in words:
        for code in new.languages:
            lacking[code] += not said.get(code)
    for code, n in lacking.items():
        if n:
            yield Change("!", HOTLINE, Phrase("plan.missing", {"language": Languages((code,))}, n))


def _both(old: Mapping[str, Thing], new: Mapping[str, Thing]) -> Iterator[tuple[str, Thing | None, Thing | None]]:
    for name in dict.fromkeys((*new, *old)):
        yield name, old.get(name), new.get(name)


def _languages(old: t.Tree, new: t.Tree) -> Iterator[Change]:
    for code in dict.fromkeys((*new.languages, *old.languages)):
        if (code in old.languages) != (code in new.languages):
            sign, verb = ("+", "added") if code in new.languages else ("-", "removed")
            yield Change(sign, HOTLINE, Phrase(f"plan.language.{verb}", {"language": Languages((code,))}))


def _numbers(old: t.Tree, new: t.Tree) -> Iterator[Change]:
    for number, was, now in _both(old.numbers, new.numbers):
        if was == now:
            continue
        language = Languages((now or was or "",))
        if was and now:
            values = {"number": number, "old": Languages((was,)), "new": language}
            yield Change("~", HOTLINE, Phrase("plan.number.language", values))
        else:
            sign, verb = ("+", "added") if now else ("-", "removed")
            values = {"number": number, "language": language}
            yield Change(sign, HOTLINE, Phrase(f"plan.number.{verb}", values))


def _facts(tree: t.Tree) -> Facts:
    keys = tree.conventions
    found: dict[str, Value] = {
        f"convention.{it}": Plain(getattr(keys, it) or "–") for it in ("operator", "back", "repeat", "end")
    }
    if tree.fallback_number:
        found["fallback_number"] = Plain(tree.fallback_number)
    if tree.transfer_numbers:
        found["transfer_numbers"] = Plain(", ".join(sorted(tree.transfer_numbers)))
    if tree.emergency and tree.emergency.words is not None and tree.emergency.goto:  # a draft may lack either
        found |= {"emergency.words": Spoken(tree.emergency.words), "emergency": Target(tree.emergency.goto)}
    return found


def list_changes(old: t.Tree, new: t.Tree) -> Iterator[Change]:
    """The changes of lists of callers, results, texts and voices. Who stands on a list is nobody's business here."""
    for sort, before, after in (
        (
            "list",
            {it.name: it.numbers for it in old.lists.values()},
            {it.name: it.numbers for it in new.lists.values()},
        ),
        ("disposition", old.dispositions, new.dispositions),
        ("form_text", old.texts, new.texts),
        ("voice", old.voices, new.voices),
    ):
        for name, was, now in _both(before, after):
            if was != now:
                sign, verb = ("~", "changed") if was and now else ("+", "added") if now else ("-", "removed")
                shown = Languages((name,)) if sort == "voice" else Named(name)
                yield Change(sign, HOTLINE, Phrase(f"plan.{sort}.{verb}", {"name": shown}))
