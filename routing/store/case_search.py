"""Finding cases in the database: by number, caller, contact, form, by any of their words, state, owner and due time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select

from routing.case import OURS, Case, CaseState, Channel, Entry, Link, Wanted
from routing.store.tables import case_history, case_links, cases

NUMBER_LENGTH_MAX = 9
LATEST_MAX = 20
PAGE_MAX = 100
"""How many cases one page of a search has at most."""

TERMS_MAX = 10
_NUMBERS = re.compile(r"[+0-9 ()/.-]{3,40}")


class Found:
    """Reads cases, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def by_number(self, number: str) -> Case | None:
        """The case with this number, digits only."""
        if not (number.isascii() and number.isdigit() and len(number) <= NUMBER_LENGTH_MAX):
            return None
        return self._first(cases.c.number == int(number))

    def by_form(self, form: str) -> Case | None:
        """The case that was made of this form."""
        return self._first(cases.c.form == form)

    def by_contact(self, contact: str) -> Case | None:
        """The case that this contact is about: the first one logged for it, else the latest it was linked to."""
        if logged := self._first(cases.c.contact == contact):
            return logged
        linked = select(case_links.c.case_number).where(case_links.c.contact == contact)
        return self._first(cases.c.number == linked.order_by(case_links.c.seq.desc()).limit(1).scalar_subquery())

    def by_call(self, call: str) -> list[Case]:
        """The latest cases that were logged in a call, newest first."""
        return self._list(cases.c.call == call)

    def about_call(self, call: str) -> list[Case]:
        """The cases that a call was about, newest first; a part of another one is that other one."""
        linked = select(case_links.c.case_number).where(case_links.c.call == call)
        numbers = select(func.coalesce(cases.c.merged_into, cases.c.number)).where(cases.c.number.in_(linked))
        return self._list(cases.c.number.in_(numbers))

    def about_contact(self, contact: str) -> list[Case]:
        """The cases that an e-mail or a visit was about, newest first, likewise."""
        linked = select(case_links.c.case_number).where(case_links.c.contact == contact)
        numbers = select(func.coalesce(cases.c.merged_into, cases.c.number)).where(cases.c.number.in_(linked))
        return self._list(cases.c.number.in_(numbers))

    def by_caller(self, caller: str) -> list[Case]:
        """The latest cases of a caller, newest first."""
        return self._list(cases.c.caller == caller)

    def latest(self, limit: int = LATEST_MAX) -> list[Case]:
        """The latest cases of all, newest first."""
        return self._list(limit=limit)

    def parts(self, number: str) -> list[Case]:
        """The cases that were merged into this one, newest first."""
        return self._list(cases.c.merged_into == int(number), limit=PAGE_MAX)

    def links(self, number: str) -> list[Link]:
        """The contacts that were about a case and its parts, the first one first."""
        return self.links_of([number])[number]

    def links_of(self, numbers: Sequence[str]) -> dict[str, list[Link]]:
        """The same of several cases at once, by their numbers."""
        wanted = [int(number) for number in numbers]
        its = select(case_links, cases.c.merged_into).join(cases, cases.c.number == case_links.c.case_number)
        theirs = or_(cases.c.number.in_(wanted), cases.c.merged_into.in_(wanted))
        links: dict[str, list[Link]] = {number: [] for number in numbers}
        for r in self.connection.execute(its.where(theirs).order_by(case_links.c.at, case_links.c.seq)):
            for number in {str(r.case_number), str(r.merged_into)} & links.keys():
                links[number].append(Link(r.at, r.who, Channel(r.channel), r.contact, r.call, r.note))
        return links

    def search(
        self,
        wanted: Wanted,
        now: datetime,
        *also: Any,
        folded: Callable[[str], str] = str.casefold,
        before: int | None = None,
        limit: int = PAGE_MAX,
        by_due: bool = False,
    ) -> list[Case]:
        """Cases that are wanted, newest first and `before` a number, or the one that is due first first.

        `also`: further conditions on the table, such as what somebody may see.
        """
        where = [*_conditions(wanted, now, folded), *also]
        if before is not None:
            where.append(cases.c.number < before)
        order = (cases.c.due_at.is_(None), cases.c.due_at, cases.c.number) if by_due else (cases.c.number.desc(),)
        found = select(cases).where(*where).order_by(*order).limit(min(limit, PAGE_MAX))
        return self._cases(self.connection.execute(found).all())

    def count(self, wanted: Wanted, now: datetime, *also: Any, folded: Callable[[str], str] = str.casefold) -> int:
        """How many cases are wanted."""
        where = [*_conditions(wanted, now, folded), *also]
        return self.connection.execute(select(func.count()).select_from(cases).where(*where)).scalar() or 0

    def _first(self, where: Any) -> Case | None:
        rows = self.connection.execute(select(cases).where(where).order_by(cases.c.number).limit(1)).all()
        return self._cases(rows)[0] if rows else None

    def _list(self, *where: Any, limit: int = LATEST_MAX) -> list[Case]:
        latest = select(cases).where(*where).order_by(cases.c.number.desc()).limit(limit)
        return self._cases(self.connection.execute(latest).all())

    def _cases(self, rows: Sequence[Row]) -> list[Case]:
        """Cases with their histories, and those of their parts, in the order in which it happened."""
        numbers = [row.number for row in rows]
        lines = select(case_history, cases.c.merged_into).join(cases, cases.c.number == case_history.c.case_number)
        theirs = or_(cases.c.number.in_(numbers), cases.c.merged_into.in_(numbers))  # each by its index
        history: dict[int, list[Entry]] = {number: [] for number in numbers}
        for line in self.connection.execute(lines.where(theirs).order_by(case_history.c.seq)):
            of = str(line.case_number)
            for number in {line.case_number, line.merged_into} & history.keys():
                entry = Entry(line.at, line.who, line.what, line.detail, of if of != str(number) else None)
                history[number].append(entry)
        return [_case(row, history[row.number]) for row in rows]


def words_of(case: Case, links: Iterable[Link], folded: Callable[[str], str]) -> str:
    """All words by which a case is found: its number, its caller's, what the form says, remarks and letters."""
    remarks = [str(it.detail["text"]) for it in case.history if it.what == "noted" and it.case is None]
    texts = [*case.fields.values(), *remarks, *(link.note for link in links)]
    numbers = [case.number, re.sub(r"\D", "", case.caller or "")]
    return " ".join(filter(None, [*numbers, *(folded(text) for text in texts)])) or case.number


def _conditions(wanted: Wanted, now: datetime, folded: Callable[[str], str]) -> list[Any]:
    where: list[Any] = []
    if wanted.kinds:
        where.append(cases.c.kind.in_(wanted.kinds))
    if wanted.states:
        where.append(cases.c.state.in_(wanted.states))
    if wanted.owner is not None:
        where.append(cases.c.owner == wanted.owner if wanted.owner else cases.c.owner.is_(None))
    if wanted.caller:
        where.append(cases.c.caller == wanted.caller)
    if wanted.field:
        name, value = wanted.field
        where.append(cases.c.fields[name].as_string() == value)
    if wanted.overdue:
        where += [cases.c.due_at <= now, cases.c.state.in_(OURS)]
    if wanted.since:
        where.append(cases.c.created_at >= wanted.since)
    if wanted.until:
        where.append(cases.c.created_at < wanted.until)
    if wanted.text.strip():
        where.append(_text(wanted.text, folded))
    return where


def _text(text: str, folded: Callable[[str], str]) -> Any:
    """All words of a text, or, if it is one number in groups (`100 001`, `0170 / 12 34`), that number."""
    terms = folded(text).split()[:TERMS_MAX] or [text.strip()]  # only signs: nothing is found by them
    every = and_(*(cases.c.found_by.contains(term, autoescape=True) for term in terms))
    digits = re.sub(r"\D", "", text).lstrip("0")
    if _NUMBERS.fullmatch(text.strip()) and len(digits) >= 3:
        return or_(every, cases.c.found_by.contains(digits, autoescape=True))
    return every


def _case(row: Row, history: Iterable[Entry]) -> Case:
    kept = {f.name: getattr(row, f.name) for f in fields(Case) if f.name != "history"}
    whole = str(row.merged_into) if row.merged_into else None
    words = {"number": str(row.number), "state": CaseState(row.state), "merged_into": whole}
    return Case(**{**kept, **words, "history": tuple(history)})
