"""House: what has changed in the hotline as a whole - its numbers, languages, keys, queues and surveys."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.menu import tree as t
from ivr.view.all_words import all_words
from ivr.view.facts import Named, Target
from ivr.view.hotline_facts import hotline_facts, survey_facts
from ivr.view.plan.change import HOTLINE, Change, Languages, Phrase, Subject
from ivr.view.plan.pairs import Pairs
from ivr.view.plan.settings import both, reach_change, setting_changes
from ivr.view.plan.steps import option_changes
from ivr.view.plan.wording import quote, quote_any, wording_changes
from ivr.view.queue_facts import queue_facts


def house_changes(old: t.Tree, new: t.Tree, pairs: Pairs, first: str) -> Iterator[Change]:
    """The changes that concern every call."""
    if not pairs.same(old.start, new.start):
        yield reach_change(HOTLINE, Phrase("plan.who.start"), Target(old.start), Target(new.start))
    yield from _languages(old, new)
    yield from _numbers(old, new)
    yield from setting_changes(HOTLINE, hotline_facts(old), hotline_facts(new), pairs, "hotline", first)
    yield from wording_changes(HOTLINE, old.name, new.name, "plan.name", first)


def queue_changes(old: t.Tree, new: t.Tree, pairs: Pairs, first: str) -> Iterator[Change]:
    """The changes of every queue."""
    for name, was, now in both(old.queues, new.queues):
        subject = Subject("queue", name)
        if was is None or now is None:
            yield Change("+" if now else "-", subject, Phrase(f"plan.queue.{'added' if now else 'removed'}"))
            continue
        yield from option_changes(subject, was.exits, now.exits, pairs, first, "exit")
        before, after = queue_facts(was, whole=True), queue_facts(now, whole=True)
        yield from setting_changes(subject, before, after, pairs, "queue", first)


def survey_changes(old: t.Tree, new: t.Tree, pairs: Pairs, first: str) -> Iterator[Change]:
    """The changes of every survey."""
    for name, was, now in both(old.surveys, new.surveys):
        subject = Subject("survey", name)
        if was is None or now is None:
            yield Change("+" if now else "-", subject, Phrase(f"plan.survey.{'added' if now else 'removed'}"))
            continue
        yield from wording_changes(subject, was.intro, now.intro, "plan.words", first)
        before, after = ({it.name: it for it in survey.questions} for survey in (was, now))
        for _, asked, asks in both(before, after):
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
        how, hows = survey_facts(was, whole=True), survey_facts(now, whole=True)
        yield from setting_changes(subject, how, hows, pairs, "survey", first)


def missing_words(old: t.Tree, new: t.Tree) -> Iterator[Change]:
    """Languages in which prompts are missing, and how many more or fewer texts than before are missing in each."""
    had, has = (_lacking(tree, (*_prompts(tree), *_read(tree))) for tree in (old, new))
    for code, n in has.items():
        more = n - had.get(code, n)  # a language that is new is told elsewhere
        language = {"language": Languages((code,))}
        if more:
            sign, verb = ("-", "lost") if more > 0 else ("+", "gained")
            yield Change(sign, HOTLINE, Phrase(f"plan.translated.{verb}", language, abs(more)))
    for code, n in _lacking(new, _prompts(new)).items():
        if n:
            yield Change("!", HOTLINE, Phrase("plan.missing", {"language": Languages((code,))}, n))


def _lacking(tree: t.Tree, said: tuple[t.Words, ...]) -> dict[str, int]:
    """How many of these are missing, by language."""
    return {code: sum(not words.get(code) for words in said) for code in tree.languages}


def _prompts(tree: t.Tree) -> tuple[t.Words, ...]:
    """What callers hear."""
    return tuple(words for _, _, words in all_words(tree))


def _read(tree: t.Tree) -> tuple[t.Words, ...]:
    """Names, and what is written back at once."""
    names = (tree.name, *(it.label for it in tree.cases.values()), *(it.name for it in tree.contacts.values()))
    return tuple(words for words in (*names, *(it.reply for it in tree.mail.values())) if words)


def _languages(old: t.Tree, new: t.Tree) -> Iterator[Change]:
    for code in dict.fromkeys((*new.languages, *old.languages)):
        if (code in old.languages) != (code in new.languages):
            sign, verb = ("+", "added") if code in new.languages else ("-", "removed")
            yield Change(sign, HOTLINE, Phrase(f"plan.language.{verb}", {"language": Languages((code,))}))
    before, after = (
        tuple(it for it in one.languages if it in other.languages) for one, other in ((old, new), (new, old))
    )
    if before != after:
        values = {"old": Languages(before), "new": Languages(after)}
        yield Change("~", HOTLINE, Phrase("plan.language.order", values))


def _numbers(old: t.Tree, new: t.Tree) -> Iterator[Change]:
    for number, was, now in both(old.numbers, new.numbers):
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
        for name, was, now in both(before, after):
            if was != now:
                sign, verb = ("~", "changed") if was and now else ("+", "added") if now else ("-", "removed")
                shown = Languages((name,)) if sort == "voice" else Named(name)
                yield Change(sign, HOTLINE, Phrase(f"plan.{sort}.{verb}", {"name": shown}))
