"""Traces: every row that is about one person, found by what they called, wrote, typed and brought."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Text, cast, func, or_, select

from ivr.callback import callbacks
from ivr.inquiry import inquiries
from ivr.mail import mails
from ivr.mail_sent import mails_sent
from ivr.message import messages
from ivr.phrase import folded
from ivr.privacy.person import By, Person, known_by
from ivr.recording import recordings
from ivr.store import calls
from ivr.visit import visits
from routing.store.tables import case_links, cases, contacts

EVER = datetime.max.replace(tzinfo=UTC)
"""A moment after all others: the clock may have stood ahead when something was written down."""

AT_ONCE_MAX = 500
"""Ids that one question to the database names."""


@dataclass(slots=True)
class Traces:
    """What is kept of somebody, as the ids of its rows; `others`: who else is in the same cases, or seems to be the
    same person by another number or address."""

    calls: set[str] = field(default_factory=set)
    contacts: set[str] = field(default_factory=set)
    cases: set[int] = field(default_factory=set)
    mails: set[str] = field(default_factory=set)
    visits: set[str] = field(default_factory=set)
    messages: set[str] = field(default_factory=set)
    recordings: set[str] = field(default_factory=set)
    others: set[Person] = field(default_factory=set)

    @property
    def counts(self) -> dict[str, int]:
        """How much there is of each."""
        names = ("calls", "cases", "mails", "visits", "messages", "recordings")
        return {name: len(getattr(self, name)) for name in names}

    @property
    def abouts(self) -> list[str]:
        """Everything that events may be about."""
        numbers = [str(number) for number in self.cases]
        return sorted(
            [*self.calls, *self.contacts, *self.mails, *self.visits, *self.recordings, *self.messages, *numbers]
        )

    @property
    def nothing(self) -> bool:
        """Whether nothing is kept of them."""
        return not any(self.counts.values()) and not self.contacts


def traces(connection: Connection, person: Person, before: datetime = EVER) -> Traces:
    """What is kept of somebody; `before`: that came before a moment."""
    found = Traces()
    found.calls = _calls(connection, person, before)
    found.mails, found.visits = _mails(connection, person, before), _visits(connection, person, before)
    found.contacts = _contacts(connection, person, found, before)
    found.cases = _cases(connection, person, found, before)
    by_call = _those(connection, messages.c.id, messages.c.call, found.calls)
    by_case = _those(connection, messages.c.id, messages.c.case_number, {str(it) for it in found.cases})
    found.messages = by_call | by_case
    by_contact = _those(connection, recordings.c.id, recordings.c.contact, found.contacts)
    found.recordings = by_contact | _those(connection, recordings.c.id, recordings.c.call, found.calls)
    found.others = _others(connection, found) - {person}
    return found


def chunks(ids: Iterable[Any]) -> Iterable[list[Any]]:
    """Ids in pieces that one statement may name."""
    listed = sorted(ids)
    return (listed[at : at + AT_ONCE_MAX] for at in range(0, len(listed), AT_ONCE_MAX))


def holds_value(person: Person, values: Iterable[object]) -> bool:
    """Whether one of these values is the person's: a field of a form, or what was typed."""
    texts = [str(value).strip() for value in values]
    if person.by is By.CUSTOMER:
        return person.value in texts
    return any(person.written().search(text) for text in texts)


def _those(connection: Connection, wanted: Any, by: Any, ids: Iterable[Any]) -> set[Any]:
    return {it for piece in chunks(ids) for it in connection.execute(select(wanted).where(by.in_(piece))).scalars()}


def _calls(connection: Connection, person: Person, before: datetime) -> set[str]:
    of = calls.c.started_at <= before
    if person.by is By.NUMBER:
        its = connection.execute(select(calls.c.sid).where(of, calls.c.caller == person.value))
        found = set(its.scalars())
        for table, at in ((inquiries, inquiries.c.made_at), (callbacks, callbacks.c.asked_at)):
            rung = select(table.c.call).where(table.c.number == person.value, at <= before)
            found |= {sid for sid in connection.execute(rung).scalars() if sid}  # None: about an e-mail or a visit
        return found
    if person.by is By.EMAIL:
        return set(connection.execute(select(calls.c.sid).where(of, calls.c.caller == person.value)).scalars())
    said = [cast(it, Text).contains(person.value, autoescape=True) for it in (calls.c.typed, calls.c.noted)]
    rows = connection.execute(select(calls.c.sid, calls.c.typed, calls.c.noted).where(of, or_(*said)))
    return {row.sid for row in rows if holds_value(person, [*row.typed.values(), *row.noted.values()])}


def _mails(connection: Connection, person: Person, before: datetime) -> set[str]:
    if person.by is not By.EMAIL:
        return set()
    sent = select(mails.c.id).where(func.lower(mails.c.sender) == person.value, mails.c.came_at <= before)
    got = select(mails_sent.c.mail).where(
        func.lower(mails_sent.c.recipient) == person.value, mails_sent.c.made_at <= before
    )
    return {id for its in (sent, got) for id in connection.execute(its).scalars() if id}


def _visits(connection: Connection, person: Person, before: datetime) -> set[str]:
    gave = func.lower(visits.c.caller) == person.value
    return set(connection.execute(select(visits.c.id).where(gave, visits.c.came_at <= before)).scalars())


def _contacts(connection: Connection, person: Person, found: Traces, before: datetime) -> set[str]:
    its = select(contacts.c.id).where(contacts.c.who == person.value, contacts.c.entered_at <= before)
    of_rows: set[str | None] = set(connection.execute(its).scalars())
    of_rows |= _those(connection, contacts.c.id, contacts.c.call, found.calls)
    of_rows |= _those(connection, callbacks.c.contact, callbacks.c.call, found.calls)
    of_rows |= _those(connection, mails.c.contact, mails.c.id, found.mails)
    of_rows |= _those(connection, visits.c.contact, visits.c.id, found.visits)
    known = {it for it in of_rows if it}
    return known | _those(connection, contacts.c.id, contacts.c.asks_about, known)


def _cases(connection: Connection, person: Person, found: Traces, before: datetime) -> set[int]:
    """Cases are theirs by the caller, by what stands in the form, or by the call or contact in which they were made."""
    of = cases.c.created_at <= before
    theirs = set(
        connection.execute(select(cases.c.number).where(of, func.lower(cases.c.caller) == person.value)).scalars()
    )
    sought = person.value[1:] if person.by is By.NUMBER else folded(person.value)
    near = sought.split()[-1][-4:] if person.by is By.NUMBER else (sought.split() or [person.value])[0]
    near_rows = select(cases.c.number, cases.c.fields).where(of, cases.c.found_by.contains(near, autoescape=True))
    theirs |= {row.number for row in connection.execute(near_rows) if holds_value(person, row.fields.values())}
    for column, ids in ((cases.c.call, found.calls), (cases.c.contact, found.contacts)):
        for piece in chunks(ids):
            made = select(cases.c.number, cases.c.caller).where(column.in_(piece))
            theirs |= {row.number for row in connection.execute(made) if known_by(row.caller) in (None, person)}
    return theirs


def _others(connection: Connection, found: Traces) -> set[Person]:
    """Whoever else called, wrote or came about these cases."""
    addresses: set[str | None] = set()
    links = [row for piece in chunks(found.cases) for row in _links(connection, piece)]
    addresses |= _those(connection, calls.c.caller, calls.c.sid, {row.call for row in links if row.call})
    linked = {row.contact for row in links if row.contact}
    for table in (mails.c.sender, visits.c.caller):
        addresses |= _those(connection, table, table.table.c.contact, linked)
    addresses |= _those(connection, mails.c.sender, mails.c.case_number, found.cases)
    addresses |= _those(connection, cases.c.caller, cases.c.number, found.cases)
    addresses |= _those(connection, cases.c.caller, cases.c.call, found.calls)
    return {person for address in addresses if (person := known_by(address))}


def _links(connection: Connection, numbers: list[int]) -> list[Any]:
    its = select(case_links.c.call, case_links.c.contact).where(case_links.c.case_number.in_(numbers))
    return list(connection.execute(its).all())
