"""Cases pages: the list with its filters, one case with all that happened, a new one by hand, and one's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import g, redirect, render_template, request, url_for

from ivr import case_form
from ivr.accounts import Session
from ivr.cases import CALLER_LENGTH_MAX, ByHand, CaseWork
from ivr.desk import FORM_LENGTH_MAX
from ivr.history import history
from ivr.menu.tree import CaseKind
from ivr.recording import Recording
from ivr.role import Role
from ivr.store import Tx
from ivr.switchboard import Switchboard
from ivr.web.cases_ask import NOBODY, TEXT_LENGTH_MAX, asked, moment, person_of
from ivr.web.cases_words import CaseWords
from ivr.web.desk import groups
from ivr.web.frame import zone_of
from ivr.web.texts import page_texts
from routing.case import CASE, FIELD_LENGTH_MAX, MOVES, NOTE_LENGTH_MAX, Case, CaseState, Channel, Wanted
from routing.refusal import Refused

LIST_MAX = 50
BLANK_ITEMS = 3
"""Empty lines of an order below those that are filled in."""

BY_HAND = (Channel.VISIT, Channel.EMAIL, Channel.LETTER, Channel.CALL)


class CasesPages:
    """One view a method; a plain form's answer is the case's page, or the same page saying what was wrong."""

    def __init__(self, switchboard: Switchboard, work: CaseWork) -> None:
        self._switchboard, self._work = switchboard, work

    def page(self, session: Session) -> Any:
        """GET /cases"""
        query, fault = asked(request.args, self._zone), None
        if isinstance(query, Refused):
            query, fault = asked(type(request.args)(), self._zone), query
        person = person_of(session)
        with self._switchboard.store.look() as tx:
            found = self._work.find(tx, person, query.wanted, before=query.before, limit=LIST_MAX, by_due=query.by_due)
            count = self._work.count(tx, person, query.wanted)
            overdue = self._work.count(tx, person, Wanted(overdue=True))
        more = found[-1].number if len(found) == LIST_MAX and not query.by_due else None
        return self._render(
            "list",
            found=found,
            count=count,
            overdue=overdue,
            fault=self._said(fault),
            kinds={kind.name: kind.label for tree in self._hotlines for kind in tree.cases.values()},
            states=CaseState,
            asked=request.args,
            more=url_for("cases.page", **{**request.args.to_dict(flat=False), "before": more}) if more else None,
            nobody=NOBODY,
            text_length_max=TEXT_LENGTH_MAX,
        ), (422 if fault else 200)

    def one(self, session: Session, number: str) -> Any:
        """GET /cases/NUMBER"""
        return self._one(session, number)

    def new(self, session: Session) -> Any:
        """GET /cases/new"""
        with self._switchboard.store.look() as tx:
            return self._new({"form": tx.new_id()})

    def log(self, session: Session) -> Any:
        """POST /cases/new"""
        said = request.form
        hotline, _, kind = said.get("what", "").partition(" ")
        channel = said.get("channel", "")
        fields = {name.removeprefix("field."): value for name, value in said.items() if name.startswith("field.")}
        if channel not in BY_HAND:
            return self._new(said, Refused("this must be filled in", field="channel")), 422
        form, caller, note = said.get("form", "")[:FORM_LENGTH_MAX], said.get("caller", ""), said.get("note", "")
        made = self._work.log(
            person_of(session), ByHand(hotline, kind, fields, form, Channel(channel), caller, _lines(note))
        )
        if isinstance(made, Refused):
            return self._new(said, made), 422
        return redirect(url_for("cases.one", number=made.case.number), 303)

    def mine(self, session: Session) -> Any:
        """GET /cases/mine: for the desk's right column."""
        with self._switchboard.store.look() as tx:
            found = self._work.mine(tx, session.account)
        return self._render("mine", found=found)

    def move(self, session: Session, number: str) -> Any:
        """POST /cases/NUMBER/move"""
        verb = request.form.get("move", "")
        person = person_of(session)
        return self._done(session, number, lambda: self._work.move(person, number, verb, self._seen()))

    def assign(self, session: Session, number: str) -> Any:
        """POST /cases/NUMBER/owner"""
        person, owner = person_of(session), request.form.get("owner", "").strip()[:64]
        return self._done(session, number, lambda: self._work.assign(person, number, owner or None, self._seen()))

    def promise(self, session: Session, number: str) -> Any:
        """POST /cases/NUMBER/due"""
        written = request.form.get("due_at", "")
        try:  # as browsers send what their calendar shows: the wall clock where the hotline is
            due_at: Any = datetime.fromisoformat(written).replace(tzinfo=self._zone) if written else None
        except ValueError:
            due_at = moment(written, self._zone)
        if due_at is None or isinstance(due_at, Refused):
            return self._one(session, number, Refused("this is no moment", field="due_at"))
        person = person_of(session)
        return self._done(session, number, lambda: self._work.promise(person, number, due_at, self._seen()))

    def amend(self, session: Session, number: str) -> Any:
        """POST /cases/NUMBER/fields"""
        fields = {
            name.removeprefix("field."): _lines(value)
            for name, value in request.form.items()
            if name.startswith("field.")
        }
        person = person_of(session)
        return self._done(session, number, lambda: self._work.amend(person, number, fields, self._seen()), fields)

    def remark(self, session: Session, number: str) -> Any:
        """POST /cases/NUMBER/notes"""
        text, person = _lines(request.form.get("text", "")), person_of(session)
        return self._done(session, number, lambda: self._work.remark(person, number, text))

    def link(self, session: Session, number: str) -> Any:
        """POST /cases/NUMBER/contacts"""
        channel, note = request.form.get("channel", ""), _lines(request.form.get("note", ""))
        if channel not in set(Channel):
            return self._one(session, number, Refused("this must be filled in", field="channel"))
        person = person_of(session)
        return self._done(session, number, lambda: self._work.link(person, number, Channel(channel), note))

    def merge(self, session: Session, number: str) -> Any:
        """POST /cases/NUMBER/merge"""
        into, person = "".join(request.form.get("into", "").split())[:9], person_of(session)
        return self._done(session, number, lambda: self._work.merge(person, number, into, self._seen()))

    # -- steps of the above -------------------------------------------------------------------------------------------

    @property
    def _hotlines(self) -> Any:
        return self._switchboard.hotlines.current()

    @property
    def _zone(self) -> Any:
        return zone_of(self._switchboard.hotlines)

    def _seen(self) -> int | None:
        written = request.form.get("version", "")
        return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else None

    def _done(
        self,
        session: Session,
        number: str,
        doing: Callable[[], Case | Refused],
        typed: Mapping[str, str] | None = None,
    ) -> Any:
        answer = doing()
        if isinstance(answer, Refused):
            return self._one(session, number, answer, typed)
        return redirect(url_for("cases.one", number=answer.number), 303)

    def _one(
        self, session: Session, number: str, no: Refused | None = None, typed: Mapping[str, str] | None = None
    ) -> Any:
        person = person_of(session)
        with self._switchboard.store.look() as tx:
            case = self._work.one(tx, person, number)
            if case is None:
                return render_template("refusal.html", status=404, title="error.404.title", lead="error.404.lead"), 404
            page = self._of_case(tx, person.name, case, no, typed)
        return page, ((422 if no.field else 409) if no else 200)

    def _of_case(self, tx: Tx, name: str, case: Case, no: Refused | None, typed: Mapping[str, str] | None) -> str:
        parts, kind = tx.cases.parts(case.number), self._work.kind(case)
        recordings = [it for each in (case, *parts) for it in tx.messages.of_case(each.number)]
        others = [it for it in tx.cases.by_caller(case.caller) if it.number != case.number] if case.caller else []
        seen = self._work.find(tx, person_of(g.session), Wanted(caller=case.caller), limit=LIST_MAX) if others else []
        return self._render(
            "one",
            case=case,
            kind=kind,
            links=tx.cases.links(case.number),
            past=[it for it in history(tx, case.caller, case=case.number) if it.by != "case"],
            parts=parts,
            recordings=recordings,
            talks=_talks(tx, case) if g.session.role.contains(Role.SUPERVISOR) else [],
            written=_written(tx, [each.number for each in (case, *parts)]),
            others=[it for it in seen if case.number not in (it.number, it.merged_into)],
            moves=[verb for verb in CASE.legal(case.state) if verb in MOVES],
            can_merge="merge" in CASE.legal(case.state),
            can_take=case.owner != name,
            values={**case.fields, **(typed or {})},
            rows_of=_rows,
            items_max=case_form.ITEMS_MAX,
            fault=self._said(no),
            fault_field=no.field if no else None,
            channels=BY_HAND,
            note_length_max=NOTE_LENGTH_MAX,
            field_length_max=FIELD_LENGTH_MAX,
            currency=self._work.tree(case.hotline).currency,
        )

    def _new(self, said: Mapping[str, str], no: Refused | None = None) -> Any:
        what = said.get("what") or request.args.get("what", "")
        kinds = [(tree, kind) for tree in self._hotlines for kind in tree.cases.values()]
        first = kinds[0] if kinds else (None, None)
        tree, kind = next((it for it in kinds if f"{it[0].hotline} {it[1].name}" == what), first)
        return self._render(
            "new",
            kinds=kinds,
            tree=tree,
            kind=kind,
            form=said.get("form", ""),
            said=said,
            values={name.removeprefix("field."): value for name, value in said.items() if name.startswith("field.")},
            rows_of=_rows,
            items_max=case_form.ITEMS_MAX,
            channels=BY_HAND,
            fault=self._said(no),
            fault_field=no.field if no else None,
            note_length_max=NOTE_LENGTH_MAX,
            caller_length_max=CALLER_LENGTH_MAX,
            field_length_max=FIELD_LENGTH_MAX,
            currency=tree.currency if tree else None,
        )

    def _render(self, page: str, **context: Any) -> str:
        words = CaseWords(self._work, page_texts())
        return render_template(f"cases/{page}.html", words=words, groups=groups, **context)

    def _said(self, no: Refused | None) -> str | None:
        return page_texts().refusal(no.why) if no else None


def _written(tx: Tx, numbers: list[str]) -> list[str]:
    """What people wrote behind the link of a survey about calls, e-mails and visits of these cases."""
    links = [link for number in numbers for link in tx.cases.links(number)]
    about = tx.inquiries.of_calls([it.call for it in links if it.call])
    about |= tx.inquiries.of_contacts([it.contact for it in links if it.contact])
    return [it.words for it in about.values() if it.words]


def _rows(kind: CaseKind, field: str, values: Mapping[str, str]) -> range:
    """The lines of an order that a form shows: those filled in, and a few more."""
    filled = [n for n in range(1, case_form.ITEMS_MAX + 1) if any(values.get(f"{field}.{n}.{it}") for it in PARTS)]
    return range(1, min((filled[-1] if filled else 0) + BLANK_ITEMS, case_form.ITEMS_MAX) + 1)


def _talks(tx: Tx, case: Case) -> list[Recording]:
    """What is recorded of the conversations that were about a case; for supervisors."""
    contacts = dict.fromkeys([case.contact, *(link.contact for link in tx.cases.links(case.number))])
    return [it for contact in contacts if contact for it in tx.recordings.of_contact(contact)]


PARTS = case_form.ITEM_PARTS


def _lines(text: str) -> str:
    """A text as it was typed; browsers send each line's end as two signs."""
    return text.replace("\r\n", "\n")
