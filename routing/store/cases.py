"""Cases and drafts in the database: what was typed is kept at every step, and one form is one case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from routing.case import CASE, NUMBER_FIRST, Case, CaseState, Draft, Entry, check_fields
from routing.event import Event
from routing.refusal import Refused
from routing.store.floor import keep_event
from routing.store.tables import case_history, cases, drafts

NUMBER_LENGTH_MAX = 9
LATEST_MAX = 20
"""How many cases a list shows."""


class Cases:
    """The cases and drafts, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def log(
        self,
        kind: str,
        fields: Mapping[str, str],
        form: str,
        who: str,
        now: datetime,
        *,
        required: Iterable[str] = (),
        contact: str | None = None,
        call: str | None = None,
        caller: str | None = None,
    ) -> Case | Refused:
        """Make a case of a filled form; the same `form` id again gives the same case and changes nothing.

        Refused, naming the field, if a required one is empty. The contact's draft has done its duty and goes.
        """
        if made := self.by_form(form):
            return made
        if no := check_fields(fields, required):
            return no
        number = max(NUMBER_FIRST, 1 + (self.connection.execute(select(func.max(cases.c.number))).scalar() or 0))
        about = {"contact": contact, "call": call, "caller": caller, "created_at": now, "created_by": who}
        row = {"number": number, "kind": kind, "state": CaseState.OPEN, "fields": dict(fields), "form": form, **about}
        self.connection.execute(insert(cases).values(row))
        self.note(str(number), now, who, "logged")
        if contact:
            self.connection.execute(delete(drafts).where(drafts.c.contact == contact))
        event_fields = {"case": str(number), "kind": kind, "by": who}
        keep_event(self.connection, Event(now, contact or call or str(number), "case logged", event_fields))
        return self.by_number(str(number))

    def note(self, number: str, now: datetime, who: str, what: str) -> None:
        """Append a line to a case's history."""
        row = {"case_number": int(number), "at": now, "who": who, "what": what}
        self.connection.execute(insert(case_history).values(row))

    def move(self, number: str, verb: str, now: datetime, who: str) -> Case | Refused:
        """Settle or reopen a case."""
        case = self.by_number(number)
        if case is None:
            return Refused(f"there is no case {number}", field="number")
        if verb not in CASE.legal(case.state):
            return Refused(f"the case is {case.state} already")
        CASE.fire(case, verb)
        self.connection.execute(update(cases).where(cases.c.number == int(number)).values(state=case.state))
        self.note(number, now, who, "settled" if verb == "settle" else "reopened")
        return self.by_number(number)

    def by_number(self, number: str) -> Case | None:
        """The case with this number, digits only."""
        if not (number.isascii() and number.isdigit() and len(number) <= NUMBER_LENGTH_MAX):
            return None
        return self._first(cases.c.number == int(number))

    def by_form(self, form: str) -> Case | None:
        """The case that was made of this form."""
        return self._first(cases.c.form == form)

    def by_contact(self, contact: str) -> Case | None:
        """The first case that was logged for this contact."""
        return self._first(cases.c.contact == contact)

    def by_call(self, call: str) -> list[Case]:
        """The latest cases of a call, newest first."""
        return self._list(cases.c.call == call)

    def by_caller(self, caller: str) -> list[Case]:
        """The latest cases of a caller, newest first."""
        return self._list(cases.c.caller == caller)

    def latest(self, limit: int = LATEST_MAX) -> list[Case]:
        """The latest cases of all, newest first."""
        return self._list(limit=limit)

    def keep_draft(self, contact: str, kind: str, fields: Mapping[str, str], now: datetime) -> Draft | Refused:
        """Keep what has been typed so far; the latest replaces what was kept."""
        if no := check_fields(fields):
            return no
        self.connection.execute(delete(drafts).where(drafts.c.contact == contact))
        row = {"contact": contact, "kind": kind, "fields": dict(fields), "updated_at": now}
        self.connection.execute(insert(drafts).values(row))
        return Draft(**row)

    def draft(self, contact: str) -> Draft | None:
        """What has been typed for this contact and is not yet a case."""
        row = self.connection.execute(select(drafts).where(drafts.c.contact == contact)).mappings().first()
        return Draft(**row) if row else None

    def _first(self, where: object) -> Case | None:
        row = self.connection.execute(select(cases).where(where).order_by(cases.c.number).limit(1)).first()
        return self._case(row) if row else None

    def _list(self, *where: object, limit: int = LATEST_MAX) -> list[Case]:
        latest = select(cases).where(*where).order_by(cases.c.number.desc()).limit(limit)
        return [self._case(row) for row in self.connection.execute(latest)]

    def owner_for(self, caller: str) -> str | None:
        """Who logged a caller's latest case that is still open."""
        theirs = select(cases.c.created_by).where(cases.c.caller == caller, cases.c.state == CaseState.OPEN.value)
        return self.connection.execute(theirs.order_by(cases.c.number.desc()).limit(1)).scalar()

    def _case(self, row: Row) -> Case:
        lines = select(case_history).where(case_history.c.case_number == row.number).order_by(case_history.c.seq)
        return Case(
            number=str(row.number),
            kind=row.kind,
            created_at=row.created_at,
            created_by=row.created_by,
            fields=row.fields,
            contact=row.contact,
            call=row.call,
            caller=row.caller,
            state=CaseState(row.state),
            history=tuple(Entry(line.at, line.who, line.what) for line in self.connection.execute(lines)),
        )
