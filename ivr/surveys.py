"""Surveys: whom the survey was offered and what they answered, with all that the answers can be compared by.

Who answers is not everybody: each mean stands beside the number of answers, and each number beside how many were asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from ivr.inquiry import CameOf, inquiries
from ivr.mail import mails
from ivr.message import SURVEY, messages
from ivr.store import Tx, calls
from routing.contact import Outcome
from routing.store.tables import case_links, cases, contacts
from routing.survey import Score, scores

PEOPLE_MIN = 10
"""Fewer answers than this say nothing of a person and are not shown."""

OFFERS_MAX = 50_000
CHUNK = 500
REMARKS_MAX = 100
CAUSE = "cause"


@dataclass(frozen=True, slots=True)
class Asked:
    """One caller who was offered the survey, or whoever wrote or came: then `call` is their contact.

    `option`: (node, key) of the first key pressed in a menu; `said`: what the representative says came of it;
    `settled`: whether every case that it was about is settled now, None without one.
    """

    call: str
    version: str
    at: datetime
    answers: Mapping[str, str]
    queue: str | None
    option: tuple[str, str] | None
    agent: str | None
    said: str | None
    way: str = "line"
    causes: tuple[str, ...] = ()
    settled: bool | None = None

    @property
    def answered(self) -> bool:
        """Whether there is any answer."""
        return bool(self.answers)


@dataclass(frozen=True, slots=True)
class Result:
    """What callers of one group said: how many were asked, how many answered anything, and the scores by question."""

    group: object
    asked: int
    answered: int
    scores: Mapping[str, Score] = field(default_factory=dict)

    @property
    def rate(self) -> float | None:
        """Who answered / who was asked; None if nobody was."""
        return self.answered / self.asked if self.asked else None


By = Callable[[Asked], Iterable[object]]
"""The groups that somebody who was asked belongs to: one, several causes, or none."""


def asked(tx: Tx, since: datetime, until: datetime) -> list[Asked]:
    """Who was offered the survey from `since` on and before `until`, callers first; OFFERS_MAX at most of either."""
    return [*_callers(tx, since, until), *_writers_and_visitors(tx, since, until)]


def _callers(tx: Tx, since: datetime, until: datetime) -> list[Asked]:
    own = (calls.c.survey_at >= since, calls.c.survey_at < until)
    rows = tx.connection.execute(
        select(calls).where(*own).order_by(calls.c.survey_at, calls.c.sid).limit(OFFERS_MAX)
    ).all()
    found = []
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        sids = [row.sid for row in chunk]
        talked, about = _talks(tx, sids), _cases(tx, case_links.c.call, sids)
        for row in chunk:
            queue, agent, said = talked.get(row.sid, (None, None, None))
            its = list(about.get(row.sid, {}).values())
            found.append(
                Asked(
                    row.sid, row.version, row.survey_at, row.answers, queue,
                    tuple(row.path[0]) if row.path else None, agent, said, row.survey_way,
                    *_standing(its),
                )
            )  # fmt: skip
    return found


def _writers_and_visitors(tx: Tx, since: datetime, until: datetime) -> list[Asked]:
    """Their inquiries; one that could not be sent asked nobody."""
    sent = inquiries.c.came_of.is_(None) | (inquiries.c.came_of != CameOf.NOT_SENT)
    own = (inquiries.c.contact.is_not(None), inquiries.c.made_at >= since, inquiries.c.made_at < until, sent)
    wanted = select(inquiries, contacts.c.queue, contacts.c.last_agent, contacts.c.disposition, mails.c.case_number)
    wanted = wanted.join(contacts, contacts.c.id == inquiries.c.contact)
    wanted = wanted.outerjoin(mails, mails.c.contact == inquiries.c.contact).where(*own)
    rows = tx.connection.execute(wanted.order_by(inquiries.c.made_at, inquiries.c.id).limit(OFFERS_MAX)).all()
    found = []
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        about = _cases(tx, case_links.c.contact, [row.contact for row in chunk])
        named = _cases_named(tx, [row.case_number for row in chunk if row.case_number])
        found += [
            Asked(
                row.contact, row.version, row.made_at, row.answers, row.queue, None, row.last_agent, row.disposition,
                row.way, *_standing(list({**about.get(row.contact, {}), **named.get(row.case_number, {})}.values())),
            )
            for row in chunk
        ]  # fmt: skip
    return found


def _standing(its: Sequence[tuple[str, str | None]]) -> tuple[tuple[str, ...], bool | None]:
    """The causes of cases, and whether all of them are settled."""
    causes = tuple(sorted({cause for _, cause in its if cause}))
    return causes, all(state == "settled" for state, _ in its) if its else None


def results(found: Sequence[Asked], by: By) -> list[Result]:
    """What was answered, group by group, in the order of the groups' names: nobody and nothing is ranked."""
    groups: dict[object, list[Asked]] = {}
    for each in found:
        for group in by(each):
            groups.setdefault(group, []).append(each)
    return [result(group, groups[group]) for group in sorted(groups, key=str)]


def result(group: object, its: Sequence[Asked]) -> Result:
    """What these answered."""
    return Result(group, len(its), sum(each.answered for each in its), scores(each.answers for each in its))


def grouping(zone: ZoneInfo) -> dict[str, By]:
    """What answers can be compared by."""
    return {
        "queue": lambda each: [each.queue] if each.queue else [],
        "option": lambda each: [each.option] if each.option else [],
        "cause": lambda each: each.causes,
        "hour": lambda each: [f"{each.at.astimezone(zone):%H}:00"],
        "outcome": lambda each: [_outcome(each)],
        "way": lambda each: [each.way],
        "person": lambda each: [each.agent] if each.agent else [],
    }


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody added to their answers in their own words: spoken (`recording`, our id of it) or written."""

    asked: Asked
    at: datetime
    recording: str | None = None
    length_s: int = 0
    words: str = ""


def remarks(tx: Tx, found: Sequence[Asked]) -> list[Remark]:
    """The latest remarks of those who were asked, REMARKS_MAX at most."""
    by_call, its = {each.call: each for each in found}, []
    calls_of_ours = list(by_call)
    for start in range(0, len(calls_of_ours), CHUNK):
        chunk = calls_of_ours[start : start + CHUNK]
        spoken = select(messages).where(messages.c.purpose == SURVEY, messages.c.call.in_(chunk))
        for row in tx.connection.execute(spoken):
            its.append(Remark(by_call[row.call], row.created_at, row.id, row.length_s))
        theirs = inquiries.c.call.in_(chunk) | inquiries.c.contact.in_(chunk)
        for row in tx.connection.execute(select(inquiries).where(inquiries.c.words != "", theirs)):
            its.append(Remark(by_call[row.call or row.contact], row.made_at, words=row.words))
    return sorted(its, key=lambda it: it.at, reverse=True)[:REMARKS_MAX]


def _outcome(each: Asked) -> tuple[str, str]:
    """What came of it: as the representative says, else as the cases stand."""
    if each.said:
        return ("said", each.said)
    return ("case", {True: "settled", False: "open", None: "none"}[each.settled])


def _talks(tx: Tx, sids: Sequence[str]) -> dict[str, tuple[str, str | None, str | None]]:
    """By call: queue, agent and disposition of the last conversation."""
    over = (Outcome.SERVED.value, Outcome.TRANSFERRED.value)
    its = select(contacts).where(contacts.c.call.in_(sids), contacts.c.outcome.in_(over)).order_by(contacts.c.seq)
    return {row.call: (row.queue, row.last_agent, row.disposition) for row in tx.connection.execute(its)}


Cases = dict[int, tuple[str, str | None]]
"""State and cause of cases, by number."""


def _cases(tx: Tx, about: Any, ids: Sequence[str]) -> dict[str, Cases]:
    """By call, or by contact: the cases that it was about."""
    its = select(about.label("about"), cases.c.number, cases.c.state, cases.c.fields).distinct()
    its = its.join(cases, cases.c.number == case_links.c.case_number).where(about.in_(ids))
    found: dict[str, Cases] = {}
    for row in tx.connection.execute(its):
        found.setdefault(row.about, {})[row.number] = (row.state, row.fields.get(CAUSE))
    return found


def _cases_named(tx: Tx, numbers: Sequence[int]) -> dict[int, Cases]:
    """By number: the case that an e-mail named."""
    its = select(cases.c.number, cases.c.state, cases.c.fields).where(cases.c.number.in_(numbers))
    return {row.number: {row.number: (row.state, row.fields.get(CAUSE))} for row in tx.connection.execute(its)}
