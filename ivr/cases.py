"""Cases at work: what people do with cases, each thing in one transaction, and whose cases they may see."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from ivr import case_form
from ivr.dialable import shown
from ivr.menu.tree import CaseKind, Tree
from ivr.phrase import folded
from ivr.store import Tx, calls
from ivr.switchboard import Switchboard
from routing.case import CALLER, NOTE_LENGTH_MAX, UNSETTLED, Case, Channel, Link, Wanted
from routing.kind import CONSULT, EMAIL, VISIT
from routing.refusal import Refused
from routing.store.tables import agents, case_links, cases, contacts
from routing.talking import ONLY_CONSULTED

ABSENT = Refused("there is no such case", field="number")
"""Also said of a case that is not for somebody's eyes: whether it exists is not told."""

CHANNELS = {EMAIL: Channel.EMAIL, VISIT: Channel.VISIT}
"""By which channel a kind of contact came, if that was no call."""

CALLER_LENGTH_MAX = 200
MINE_MAX = 20


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks; a supervisor `sees_all`."""

    name: str
    sees_all: bool = False


@dataclass(frozen=True, slots=True)
class ByHand:
    """A case from no call, but from the counter or a letter. `form` makes it one, however often it is sent."""

    hotline: str
    kind: str
    fields: Mapping[str, str]
    form: str
    channel: Channel
    caller: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A case as it was made; `is_new` is False when this form had made it before."""

    case: Case
    is_new: bool


class CaseWork:
    """Everything that people do with cases. Who may not see a case is told that there is none."""

    def __init__(self, switchboard: Switchboard) -> None:
        self._switchboard = switchboard
        self._hotlines = switchboard.hotlines

    def tree(self, hotline: str | None) -> Tree:
        """The hotline of a case as it is now, else the first one."""
        return next((it for it in self._hotlines.current() if it.hotline == hotline), self._hotlines.current()[0])

    def kind(self, case: Case) -> CaseKind | None:
        """What a case's hotline says of its kind; None for a kind that is no more, or is none."""
        return self.tree(case.hotline).cases.get(case.kind)

    def find(
        self, tx: Tx, person: Person, wanted: Wanted, *, before: int | None = None, limit: int, by_due: bool = False
    ) -> list[Case]:
        """The cases that somebody wants and may see."""
        may_see = sight(tx, person)
        return tx.cases.search(wanted, tx.now, *may_see, folded=folded, before=before, limit=limit, by_due=by_due)

    def count(self, tx: Tx, person: Person, wanted: Wanted) -> int:
        """How many cases somebody wants and may see."""
        return tx.cases.count(wanted, tx.now, *sight(tx, person), folded=folded)

    def mine(self, tx: Tx, name: str) -> list[Case]:
        """The unsettled cases that somebody sees to, the one due first first."""
        return tx.cases.search(Wanted(states=UNSETTLED, owner=name), tx.now, limit=MINE_MAX, by_due=True)

    def one(self, tx: Tx, person: Person, number: str) -> Case | None:
        """A case that somebody may see."""
        case = tx.cases.by_number(number)
        return case if case is not None and may_see(tx, person, number) else None

    # -- doing --------------------------------------------------------------------------------------------------------

    def log(self, person: Person, it: ByHand) -> Made | Refused:
        """Make a case by hand; the same `form` again gives the case it made."""
        return self._switchboard.happen(lambda tx: (self._log(tx, person, it), ()))

    def move(self, person: Person, number: str, verb: str, version: int | None = None) -> Case | Refused:
        """Settle a case, open it again, or say for whom it waits."""
        return self._do(person, number, lambda tx: tx.cases.move(number, verb, tx.now, person.name, version=version))

    def assign(self, person: Person, number: str, owner: str | None, version: int | None = None) -> Case | Refused:
        """Take a case, give one's own to somebody else, or let it go; supervisors give anybody's."""

        def give(tx: Tx) -> Case | Refused:
            case = tx.cases.by_number(number)
            if not person.sees_all and case.owner not in (None, person.name):
                return Refused("somebody else sees to this case", hint="ask them, or a supervisor")
            if owner and owner != person.name and tx.floor.agent(owner) is None:
                return Refused("there is nobody of this name", field="owner")
            return tx.cases.assign(number, owner or None, tx.now, person.name, version=version)

        return self._do(person, number, give)

    def promise(self, person: Person, number: str, due_at: datetime, version: int | None = None) -> Case | Refused:
        """Say when a case will be settled."""
        return self._do(
            person, number, lambda tx: tx.cases.promise(number, due_at, tx.now, person.name, version=version)
        )

    def amend(
        self, person: Person, number: str, fields: Mapping[str, str], version: int | None = None
    ) -> Case | Refused:
        """Change what the form says; fields that are not named stay."""

        def change(tx: Tx) -> Case | Refused:
            case = tx.cases.by_number(number)
            kind, tree = self.kind(case), self.tree(case.hotline)
            if kind is None:
                return Refused("there is no form for this kind of case any more")
            kept = case_form.filled(kind, {**_known(kind, case.fields), **fields}, tree.currency)
            if isinstance(kept, Refused):
                return kept
            gone = dict.fromkeys(set(case_form.names_of(kind)) & case.fields.keys() - kept.keys(), "")
            return tx.cases.amend(number, {**gone, **kept}, tx.now, person.name, version=version)

        return self._do(person, number, change)

    def remark(self, person: Person, number: str, text: str) -> Case | Refused:
        """Write something into a case's history."""
        return self._do(person, number, lambda tx: tx.cases.remark(number, text, tx.now, person.name))

    def link(
        self, person: Person, number: str, channel: Channel, note: str = "", contact: str | None = None
    ) -> Case | Refused:
        """Say that a contact was about this case: one of one's own calls, or an e-mail, a visit, a letter."""

        def join(tx: Tx) -> Case | Refused:
            its = tx.floor.contact(contact) if contact else None
            if contact and (its is None or not (person.sees_all or its.last_agent == person.name)):
                return Refused("there is no such contact", field="contact")
            if not contact and not note.strip():
                return Refused("this is missing", field="note", hint="say what came")
            call = its.call if its else None
            return tx.cases.link(number, Link(tx.now, person.name, channel, contact, call, note.strip()))

        return self._do(person, number, join)

    def about(self, person: Person, number: str, contact: str) -> Case | Refused:
        """Say that the conversation one has, or has had, is about a case that is there: it gets no case of its own."""

        def take(tx: Tx) -> Case | Refused:
            its = tx.floor.contact(contact)
            if its is None or its.last_agent != person.name or its.talking_at is None:
                return Refused("there is no such contact", field="contact")
            if its.kind == CONSULT:
                return ONLY_CONSULTED
            if known := tx.cases.by_contact(contact):
                return known if known.number == number else Refused("the case is logged already")
            call, channel = tx.call_of(contact), CHANNELS.get(its.kind, Channel.CALL)
            link = Link(tx.now, person.name, channel, contact, call.sid if call else None)
            linked = tx.cases.link(number, link)
            if isinstance(linked, Refused):
                return linked
            tx.cases.drop_draft(contact)
            if mail := tx.mails.of_contact(contact):
                mail.case_number = int(number)
                tx.mails.save(mail)
            return linked

        return self._do(person, number, take)

    def merge(self, person: Person, number: str, into: str, version: int | None = None) -> Case | Refused:
        """Make a case a part of another one; the other one is returned."""

        def join(tx: Tx) -> Case | Refused:
            if not may_see(tx, person, into):
                return Refused("there is no such case", field="into")
            return tx.cases.merge(number, into, tx.now, person.name, version=version)

        return self._do(person, number, join)

    # -- steps of the above -------------------------------------------------------------------------------------------

    def _do(self, person: Person, number: str, what: Callable[[Tx], Case | Refused]) -> Case | Refused:
        def happening(tx: Tx) -> tuple[Case | Refused, tuple[()]]:
            seen = self.one(tx, person, number)
            return (what(tx) if seen else ABSENT), ()

        return self._switchboard.happen(happening)

    def _log(self, tx: Tx, person: Person, it: ByHand) -> Made | Refused:
        form = f"{person.name} {it.form}"  # so that nobody can guess another one's
        if before := tx.cases.by_form(form):
            return Made(before, False)
        tree = next((tree for tree in self._hotlines.current() if tree.hotline == it.hotline), None)
        if tree is None or it.kind not in tree.cases:
            names = [kind for tree in self._hotlines.current() for kind in tree.cases]
            hint = f"there are: {', '.join(dict.fromkeys(names))}"
            return Refused("there is no such kind of case", field="kind" if tree else "hotline", hint=hint)
        if len(it.caller) > CALLER_LENGTH_MAX:
            return Refused("this is too long", field="caller", hint=f"{CALLER_LENGTH_MAX} characters at most")
        if len(it.note) > NOTE_LENGTH_MAX:
            return Refused("this is too long", field="note", hint=f"{NOTE_LENGTH_MAX} characters at most")
        kept = case_form.filled(tree.cases[it.kind], it.fields, tree.currency)
        if isinstance(kept, Refused):
            return kept
        caller = address(it.caller)
        made = tx.cases.log(it.kind, kept, form, person.name, tx.now, caller=caller, hotline=tree.hotline)
        if isinstance(made, Refused):
            return made
        linked = tx.cases.link(made.number, Link(tx.now, person.name, it.channel, note=it.note.strip()))
        return linked if isinstance(linked, Refused) else Made(linked, True)


def sight(tx: Tx, person: Person) -> tuple[Any, ...]:
    """Whose cases somebody may see, as conditions on the table.

    Their own - those they logged, see to or talked about with a caller -, what callers left for whoever comes first,
    and all of the caller they have with them now.
    """
    if person.sees_all:
        return ()
    theirs = contacts.c.last_agent == person.name
    talked = select(case_links.c.case_number).join(contacts, contacts.c.id == case_links.c.contact)
    may = [cases.c.owner == person.name, cases.c.created_by.in_((person.name, CALLER))]
    may.append(cases.c.number.in_(talked.where(theirs, contacts.c.talking_at.is_not(None))))
    here = select(calls.c.caller).join(contacts, contacts.c.call == calls.c.sid)
    here = here.join(agents, agents.c.contact == contacts.c.id).where(agents.c.name == person.name)
    if present := [it for it in tx.connection.execute(here).scalars() if shown(it)]:
        may.append(cases.c.caller.in_(present))
    return (or_(*may),)


def may_see(tx: Tx, person: Person, number: str) -> bool:
    """Whether somebody may see a case; who may see a part of another one may see that one."""
    if tx.cases.by_number(number) is None:
        return False
    wanted = or_(cases.c.number == int(number), cases.c.merged_into == int(number))
    return tx.connection.execute(select(cases.c.number).where(wanted, *sight(tx, person))).first() is not None


def address(written: str) -> str | None:
    """Who it is: a telephone number as calls bring it (`+49 30 / 12` is `+4930 12`), else what was written."""
    bare = re.sub(r"[\s()/.-]", "", written)
    return bare if re.fullmatch(r"\+[1-9][0-9]{6,14}", bare) else written.strip() or None


def _known(kind: CaseKind, fields: Mapping[str, str]) -> dict[str, str]:
    """What the form still has; what an older form had stays with the case, untouched."""
    names = set(case_form.names_of(kind))
    return {name: value for name, value in fields.items() if name in names}
