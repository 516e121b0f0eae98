"""Cases and drafts in the database: what was typed is kept at every step, and one form is one case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from routing.case import (
    CALLER,
    NOTE_LENGTH_MAX,
    NUMBER_FIRST,
    PROGRAM,
    UNSETTLED,
    Case,
    CaseState,
    Channel,
    Draft,
    Link,
    Terms,
    check_fields,
    illegal,
    moved,
)
from routing.event import Event
from routing.refusal import Refused
from routing.store.case_search import Found, words_of
from routing.store.floor import keep_event
from routing.store.tables import case_history, case_links, cases, drafts

LATEST_MAX = 20
"""How many cases a list shows."""

LINKS_MAX = 500
"""How many contacts one case can have."""

QUICKER = Refused("somebody has changed this case meanwhile", hint="look at it as it is now, and do it again")
DONE = {"settle": "settled", "reopen": "reopened", "wait_for_us": "waits for us", "wait_for_customer": "waits for them"}


class Cases(Found):
    """The cases and drafts, within one transaction. Every change is one line of history and one event."""

    def __init__(self, connection: Connection, terms: Terms | None = None) -> None:
        super().__init__(connection)
        self.terms = terms or Terms()

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
        hotline: str | None = None,
        link: Link | None = None,
    ) -> Case | Refused:
        """Make a case of a filled form; the same `form` id again gives the same case and changes nothing.

        Refused, naming the field, if a required one is empty. The contact's draft has done its duty and goes. Whoever
        logs it owns it, unless it was the caller alone, or a program. `link`: what it came by, if that was no call.
        """
        if made := self.by_form(form):
            return made
        if no := check_fields(fields, required):
            return no
        number = max(NUMBER_FIRST, 1 + (self.connection.execute(select(func.max(cases.c.number))).scalar() or 0))
        hotline = hotline or (self.terms.hotline_of(call) if call else None)
        due = self.terms.due(hotline, kind)
        about = {"contact": contact, "call": call, "caller": caller, "created_at": now, "created_by": who}
        row = {"number": number, "kind": kind, "state": CaseState.OPEN, "fields": dict(fields), "form": form, **about}
        owner = None if who == CALLER or who.startswith(PROGRAM) else who
        life = {"hotline": hotline, "owner": owner, "due_at": due.after(now) if due else None}
        self.connection.execute(insert(cases).values(**row, **life, changed_at=now, version=1, found_by=""))
        self.note(str(number), now, who, "logged")
        if link or contact or call:
            self._add_link(number, link or Link(now, who, Channel.CALL, contact, call))
        if call and self.terms.not_settled(call):
            self.note(str(number), now, CALLER, "not settled", {"call": call})
        self.index(str(number))
        if contact:
            self.drop_draft(contact)
        event_fields = {"case": str(number), "kind": kind, "by": who}
        keep_event(self.connection, Event(now, contact or call or str(number), "case logged", event_fields))
        return self.by_number(str(number))

    def note(self, number: str, now: datetime, who: str, what: str, detail: Mapping[str, Any] | None = None) -> None:
        """Append a line to a case's history."""
        row = {"case_number": int(number), "at": now, "who": who, "what": what, "detail": dict(detail or {})}
        self.connection.execute(insert(case_history).values(row))

    # -- what people do with a case; `version`: the one they saw, None: whichever it is -------------------------------

    def move(
        self,
        number: str,
        verb: str,
        now: datetime,
        who: str,
        *,
        version: int | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> Case | Refused:
        """Take a case from one state to the next: one of MOVES."""
        case = self.by_number(number)
        if case is None:
            return _absent(number)
        if verb not in DONE:
            return Refused("there is no such move", field="move", hint=f"there are: {', '.join(DONE)}")
        if no := illegal(case, verb):
            return no
        seen = case.version if version is None else version
        case = moved(case, verb, now, self.terms.due(case.hotline, case.kind))
        values = {"state": case.state, "due_at": case.due_at, "stood_since": case.stood_since}
        return self._change(number, seen, now, who, DONE[verb], detail or {}, values)

    def assign(
        self, number: str, owner: str | None, now: datetime, who: str, *, version: int | None = None
    ) -> Case | Refused:
        """Give a case to somebody, or to nobody."""
        case = self._changeable(number)
        if isinstance(case, Refused) or case.owner == owner:
            return case
        seen = case.version if version is None else version
        return self._change(number, seen, now, who, "given", {"from": case.owner, "to": owner}, {"owner": owner})

    def promise(
        self, number: str, due_at: datetime, now: datetime, who: str, *, version: int | None = None
    ) -> Case | Refused:
        """Say when a case will be settled, whatever its kind says: it was promised to the customer so."""
        case = self._changeable(number)
        if isinstance(case, Refused):
            return case
        if due_at <= now:
            return Refused("this time is over", field="due_at", hint="a time to come is right")
        seen, before = case.version if version is None else version, case.due_at
        stood_since = now if case.state is CaseState.WAITING_FOR_CUSTOMER else None
        detail = {"from": before.isoformat() if before else None, "to": due_at.isoformat()}
        return self._change(number, seen, now, who, "due", detail, {"due_at": due_at, "stood_since": stood_since})

    def amend(
        self, number: str, fields: Mapping[str, str], now: datetime, who: str, *, version: int | None = None
    ) -> Case | Refused:
        """Change what the form says; the history keeps what each field said before."""
        case = self._changeable(number)
        if isinstance(case, Refused):
            return case
        merged = {**case.fields, **fields}
        kept = {name: value for name, value in merged.items() if value.strip()}
        if no := check_fields(kept):
            return no
        names = sorted(name for name in merged if case.fields.get(name, "") != kept.get(name, ""))
        if not names:
            return case
        detail = {"fields": {name: [case.fields.get(name, ""), kept.get(name, "")] for name in names}}
        return self._change(
            number, case.version if version is None else version, now, who, "amended", detail, {"fields": kept}
        )

    def remark(self, number: str, text: str, now: datetime, who: str) -> Case | Refused:
        """Write something into a case's history; nobody can be too late for that."""
        case = self.by_number(number)
        if case is None:
            return _absent(number)
        if not text.strip():
            return Refused("this is missing", field="text", hint="fill it in")
        if len(text) > NOTE_LENGTH_MAX:
            return Refused("this is too long", field="text", hint=f"{NOTE_LENGTH_MAX} characters at most")
        return self._change(number, case.version, now, who, "noted", {"text": text.strip()}, {})

    def link(self, number: str, link: Link) -> Case | Refused:
        """Say that a contact was about this case; the same contact twice changes nothing."""
        case = self._changeable(number)
        if isinstance(case, Refused):
            return case
        known = self.links(number)
        if link.contact and any(it.contact == link.contact for it in known):
            return case
        if len(known) >= LINKS_MAX:
            return Refused(f"a case has at most {LINKS_MAX} contacts")
        if len(link.note) > NOTE_LENGTH_MAX:
            return Refused("this is too long", field="note", hint=f"{NOTE_LENGTH_MAX} characters at most")
        self._add_link(int(number), link)
        detail = {"channel": str(link.channel), "call": link.call, "contact": link.contact}
        return self._change(number, case.version, link.at, link.who, "contact", detail, {})

    def merge(self, number: str, into: str, now: datetime, who: str, *, version: int | None = None) -> Case | Refused:
        """Make a case a part of another one, which then shows the contacts and the history of both.

        Nothing is moved or lost: the part keeps its number, its fields and its own history.
        """
        part, whole = self.by_number(number), self.by_number(into)
        if part is None or whole is None:
            return _absent(number if part is None else into, "number" if part is None else "into")
        if number == into:
            return Refused("a case cannot be merged into itself", field="into")
        if whole.state is CaseState.MERGED:
            hint = f"merge it into {whole.merged_into}"
            return Refused("that case is a part of another one itself", field="into", hint=hint)
        if no := illegal(part, "merge"):
            return no
        seen = part.version if version is None else version
        values = {"state": CaseState.MERGED, "merged_into": int(into), "stood_since": None}
        merged = self._change(number, seen, now, who, "merged", {"into": into}, values)
        if isinstance(merged, Refused):
            return merged
        parts = update(cases).where(cases.c.merged_into == int(number))
        self.connection.execute(parts.values(merged_into=int(into)))  # so that a whole is never a part
        return self._change(into, whole.version, now, who, "took in", {"case": number}, {})

    def not_settled(self, call: str, now: datetime) -> list[Case]:
        """The caller says in the survey that the matter of this call is not settled.

        A case of that call that was settled is opened again; one that is under way anyway gets a line in its history.
        Told twice, it changes nothing the second time.
        """
        return self._not_settled(self.about_call(call), "call", call, now)

    def contact_not_settled(self, contact: str, number: str | None, now: datetime) -> list[Case]:
        """Likewise of an e-mail or a visit, and of the case `number` that it named, if it did."""
        its = {case.number: case for case in self.about_contact(contact)}
        named = self.by_number(number) if number else None
        if named and named.merged_into:
            named = self.by_number(named.merged_into)
        return self._not_settled([*its.values(), *([named] if named and named.number not in its else [])],
                                 "contact", contact, now)  # fmt: skip

    def _not_settled(self, its: Iterable[Case], about: str, id: str, now: datetime) -> list[Case]:
        found = []
        for case in its:
            said = any(it.who == CALLER and it.what != "contact" and it.detail.get(about) == id for it in case.history)
            if not said and case.state is CaseState.SETTLED:
                self.move(case.number, "reopen", now, CALLER, detail={about: id, "why": "not settled"})
            elif not said:
                self._change(case.number, case.version, now, CALLER, "not settled", {about: id}, {})
            found.append(self.by_number(case.number))
        return found

    def owner_for(self, caller: str) -> str | None:
        """Who sees to a caller's latest case that is not settled yet."""
        theirs = (cases.c.caller == caller, cases.c.state.in_(UNSETTLED), cases.c.owner.is_not(None))
        latest = select(cases.c.owner).where(*theirs).order_by(cases.c.number.desc()).limit(1)
        return self.connection.execute(latest).scalar()

    # -- drafts -------------------------------------------------------------------------------------------------------

    def keep_draft(self, contact: str, kind: str, fields: Mapping[str, str], now: datetime) -> Draft | Refused:
        """Keep what has been typed so far; the latest replaces what was kept."""
        if no := check_fields(fields):
            return no
        self.drop_draft(contact)
        row = {"contact": contact, "kind": kind, "fields": dict(fields), "updated_at": now}
        self.connection.execute(insert(drafts).values(row))
        return Draft(**row)

    def draft(self, contact: str) -> Draft | None:
        """What has been typed for this contact and is not yet a case."""
        row = self.connection.execute(select(drafts).where(drafts.c.contact == contact)).mappings().first()
        return Draft(**row) if row else None

    def drop_draft(self, contact: str) -> None:
        """Let what was typed for a contact go: a case of its own has it, or the contact is about another one."""
        self.connection.execute(delete(drafts).where(drafts.c.contact == contact))

    # -- finding words ------------------------------------------------------------------------------------------------

    def index(self, number: str) -> None:
        """Note by which words a case can be found."""
        case = self.by_number(number)
        words = words_of(case, self.links(number), self.terms.folded)
        self.connection.execute(update(cases).where(cases.c.number == int(number)).values(found_by=words))

    def is_behind(self) -> bool:
        """Whether there are cases whose words an older program did not note."""
        return (
            self.connection.execute(select(cases.c.number).where(cases.c.found_by == "").limit(1)).first() is not None
        )

    def index_what_is_not(self) -> int:
        """Note the words of cases that an older program logged; how many there were."""
        numbers = list(self.connection.execute(select(cases.c.number).where(cases.c.found_by == "")).scalars())
        for number in numbers:
            self.index(str(number))
        return len(numbers)

    # -- steps of the above -------------------------------------------------------------------------------------------

    def _changeable(self, number: str) -> Case | Refused:
        case = self.by_number(number)
        if case is None:
            return _absent(number)
        if case.state is CaseState.MERGED:
            return Refused("this case is a part of another one", hint=f"do it with case {case.merged_into}")
        return case

    def _change(
        self, number: str, seen: int, now: datetime, who: str, what: str, detail: Mapping[str, Any], values: dict
    ) -> Case | Refused:
        """Compare and set, with its line of history and its event: who saw another version is told so."""
        where = (cases.c.number == int(number), cases.c.version == seen)
        changed = update(cases).where(*where).values(**values, version=seen + 1, changed_at=now)
        if self.connection.execute(changed).rowcount != 1:
            return QUICKER
        self.note(number, now, who, what, detail)
        if what in ("amended", "noted", "contact"):
            self.index(number)
        case = self.by_number(number)
        told = {"case": number, "what": what, "by": who, "state": str(case.state)}
        keep_event(self.connection, Event(now, number, "case changed", told))
        return case

    def _add_link(self, number: int, link: Link) -> None:
        row = {"case_number": number, "at": link.at, "who": link.who, "channel": link.channel, "note": link.note}
        self.connection.execute(insert(case_links).values(**row, contact=link.contact, call=link.call))


def _absent(number: str, field: str = "number") -> Refused:
    return Refused("there is no such case", field=field)
