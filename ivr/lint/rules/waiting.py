"""Q: waiting - what callers are told, what they can do meanwhile, and what is promised to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ivr.lint import terms
from ivr.lint.dialled import called
from ivr.lint.rule import Finding, Limits, Spot, rule, told_by_check
from ivr.lint.spoken import Spoken
from ivr.lint.subject import Subject, all_texts, spot_of
from ivr.menu import tree as t
from ivr.menu.fault import did_you_mean
from ivr.menu.language.leaf import LANGUAGE_SKILL, LANGUAGES_SPOKEN
from ivr.menu.reader import Items
from routing.needs import ANY, RESERVED

for _id in ("Q406", "Q411", "Q412", "Q413", "Q416", "Q422"):
    told_by_check(_id)


@rule("Q401", "warning", wait_s=(60, 60))
def no_word_of_the_wait(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Queues in which callers wait without knowing how long."""
    for name, settings in subject.tree.queues.items():
        told = settings.announce.position or settings.announce.expected_wait
        if settings.queue.max_wait_s > limits["wait_s"] and not told:
            values = {"name": name, "seconds": settings.queue.max_wait_s}
            yield Finding(subject.spot("queues", name, "announce"), values)


FREE_TO_WAIT = {"TOLL_FREE", "FIXED_LINE", "MOBILE", "FIXED_LINE_OR_MOBILE"}
"""Kinds of numbers on which callers in Germany may be kept waiting without being told the price (TKG section 115)."""


@rule("Q402", "error")
def waiting_that_costs(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """German numbers that cost more, with a queue and without a word of duration and price at the beginning."""
    if not subject.tree.queues:
        return
    for number in subject.tree.numbers:
        line = called(number)
        if line and line.country == "DE" and line.kind not in FREE_TO_WAIT and not _price_told(subject):
            yield Finding(subject.spot_of_number(number), {"number": line.readable})


def _price_told(subject: Subject) -> bool:
    """Whether both a price and a duration are named before or while callers wait, in the first language."""
    language = subject.tree.languages[0]
    said = " ".join(
        text
        for spoken in subject.spoken
        if spoken.role in ("say", "greeting", "queue", "announce")
        for text in spoken.words.every_text(language)
    )
    return bool(terms.PRICE[language].pattern.search(said) and terms.MINUTES[language].search(said))


@rule("Q403", "warning", every_s=(30, 30))
def interrupted_often(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Announcements that follow each other closely; each wakes hope that somebody answers."""
    for name, settings in subject.tree.queues.items():
        if settings.announce.every_s < limits["every_s"]:
            values = {"seconds": settings.announce.every_s, "least": int(limits["every_s"])}
            yield Finding(_every(subject, name), values)


@rule("Q404", "warning")
def only_apologies(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Announcements that are sorry and say nothing else."""
    for name, settings in subject.tree.queues.items():
        for words in settings.announce.texts:
            language = subject.tree.languages[0]
            text = words.get(language, "")
            useful = terms.USEFUL[language].search(text)
            if terms.APOLOGY[language].pattern.search(text) and not useful:
                yield Finding(subject.spot_of_words(Spoken("queues", name, "announce", words), language))


@rule("Q405", "advice", wait_s=(180, 180))
def no_callback(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Long waits in which nobody offers to call back."""
    for name, settings in subject.tree.queues.items():
        if settings.queue.max_wait_s <= limits["wait_s"] or name not in _waited_in(subject):
            continue
        targets = [settings.overflow, *settings.overflow_when.values(), *(it.goto or "" for it in settings.exits)]
        if not any(
            isinstance(subject.tree.nodes.get(it), t.Callback) for target in targets for it in _near(subject, target)
        ):
            values = {"name": name, "minutes": settings.queue.max_wait_s // 60}
            yield Finding(subject.spot("queues", name), values)


def _waited_in(subject: Subject) -> set[str]:
    return {node.queue for node in subject.tree.nodes.values() if isinstance(node, t.QueueNode)}


def _near(subject: Subject, name: str) -> Iterator[str]:
    """A step and those that follow on it, unless somebody has to wait first."""
    seen, todo = {name}, [name]
    while todo:
        name = todo.pop()
        yield name
        if isinstance(subject.tree.nodes.get(name), t.QueueNode | t.Callback | t.Record):
            continue
        for way in subject.ways.get(name, ()):
            if way.to not in seen and way.by not in ("operator", "silence", "wrong_key"):
                seen.add(way.to)
                todo.append(way.to)


@rule("Q407", "warning", every_s=(120, 120))
def music_without_end(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """More than two minutes of music without a word."""
    for name, settings in subject.tree.queues.items():
        if settings.announce.every_s > limits["every_s"]:
            yield Finding(_every(subject, name), {"minutes": round(settings.announce.every_s / 60, 1)})


def _every(subject: Subject, name: str) -> Spot:
    group = "announce" if subject.entry("queues", name, "announce") else "announce_every_s"
    path = ("queues", name, group, "every_s") if group == "announce" else ("queues", name, group)
    return subject.spot(*path)


@rule("Q408", "warning")
def a_number_not_read_back(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Telephone numbers typed for a callback and not read back."""
    for node in subject.asking:
        if isinstance(node, t.Ask) and not node.confirm and not node.secret and node.digits_max >= 7:
            asked = any(terms.TELEPHONE_NUMBER_ASKED.search(text) for text in node.words.values())
            if asked:
                yield Finding(subject.spot("nodes", node.name), {"name": node.name})


@rule("Q409", "warning", drafts=True)
def an_exact_promise(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Waits promised to the second or the odd minute."""
    for language, texts in subject.texts.items():
        what = terms.EXACT_PROMISE[language]
        for hit in texts.hits(what.stems, what.pattern, ("queue", "announce", "say", "greeting", "callback")):
            around = hit.text[max(hit.start - 25, 0) : hit.end]
            if not terms.ABOUT.search(around):
                yield Finding(subject.spot_of_text(hit), {"words": hit.said})


@rule("Q410", "advice")
def asked_without_a_talk(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Surveys that callers meet who have spoken to nobody."""
    seen, todo = {subject.tree.start, t.OPERATOR}, [subject.tree.start, t.OPERATOR]
    while todo:
        name = todo.pop()
        node = subject.tree.nodes.get(name)
        if isinstance(node, t.SurveyNode):
            yield Finding(subject.spot("nodes", name), {"name": name})
        talked = isinstance(node, t.QueueNode)
        for way in subject.ways.get(name, ()):
            if way.to not in seen and not (talked and way.by == "then"):
                seen.add(way.to)
                todo.append(way.to)


@rule("Q423", "warning")
def recorded_unawares(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Notices of a recording that do not speak of one."""
    for name, settings in subject.tree.queues.items():
        for language, text in settings.recording_notice.items():
            if settings.recording != "never" and not terms.RECORDED.search(text):
                spot = subject.spot_of_words(Spoken("queues", name, "notice", settings.recording_notice), language)
                yield Finding(spot, {"name": name, "language": language})


@rule("Q414", "warning")
def relaxed_to_an_unknown_skill(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Skills that are needed after a while though no step needs them: misspelt, and nobody has them."""
    known = {skill for _, needs in _needing(subject) for skill in _levels(needs)} | set(LANGUAGES_SPOKEN)
    for name, settings in subject.tree.queues.items():
        for number, step in enumerate(settings.relax):
            for skill in sorted(_levels(step.needs).keys() - known - {LANGUAGE_SKILL}):
                close = did_you_mean(skill, known)
                values = {"skill": skill, "close": close or ""}
                yield Finding(_relaxed(subject, name, number, skill), values, "meant" if close else "")


@rule("Q415", "warning")
def relaxed_to_more(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Skills of which more is needed after a while than before, so that fewer people may take the call."""
    for name, settings in subject.tree.queues.items():
        of_steps = [_levels(needs) for queue, needs in _needing(subject) if queue == name]
        known = {skill for _, needs in _needing(subject) for skill in _levels(needs)}
        before = {skill: max(it.get(skill, 0) for it in of_steps) for levels in of_steps for skill in levels}
        for number, step in enumerate(settings.relax if of_steps else ()):
            levels = _levels(step.needs)
            for skill, level in step.needs.items():
                least = max(before.get(skill, 0), before.get(LANGUAGE_SKILL, 0) if skill in LANGUAGES_SPOKEN else 0)
                if skill in known and level > least:
                    values = {"skill": skill, "level": level, "before": least, "seconds": step.after_s}
                    yield Finding(_relaxed(subject, name, number, skill), values)
            before = levels


def _needing(subject: Subject) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The queue and the needs of every step where somebody begins to wait."""
    for node in subject.tree.nodes.values():
        if isinstance(node, t.QueueNode | t.Callback):
            yield node.queue, node.needs


def _levels(needs: Mapping[str, Any]) -> dict[str, int]:
    """The highest level of each skill that is asked for, alternatives included."""
    found = {skill: level for skill, level in needs.items() if skill not in RESERVED}
    for one in needs.get(ANY, ()):
        for skill, level in _levels(one).items():
            found[skill] = max(level, found.get(skill, 0))
    return found


def _relaxed(subject: Subject, queue: str, number: int, skill: str) -> Spot:
    """Where a skill stands in a queue's relax."""
    written = subject.entry("queues", queue, "relax")
    if written is None:
        return subject.spot("queues", queue)
    items = written[1].items if isinstance(written[1], Items) else (written[1],)
    named = (text for _, text in all_texts(items[number]) if text.value == skill) if number < len(items) else ()
    return next((spot_of(text) for text in named), subject.spot("queues", queue, "relax"))
