"""Cases for programs: list, one, make, change, each a door below /api/v1/cases."""

from __future__ import annotations

import re
from typing import Any

from flask import jsonify, request

from ivr.accounts import Session
from ivr.cases import ABSENT, ByHand, CaseWork
from ivr.switchboard import Switchboard
from ivr.web.api.bodies import sent
from ivr.web.cases_ask import asked, moment, person_of
from ivr.web.cases_json import line, whole
from ivr.web.exchange import Malformed, error, refused
from ivr.web.frame import zone_of
from routing.case import MOVES, Case, Channel
from routing.refusal import Refused
from routing.store.case_search import PAGE_MAX


class CasesApi:
    """One view a method. A change may say which version it saw (`If-Match`); with another one by now it is refused."""

    def __init__(self, switchboard: Switchboard, work: CaseWork) -> None:
        self._switchboard, self._work = switchboard, work

    def search(self, session: Session) -> Any:
        """GET /api/v1/cases"""
        query = asked(request.args, zone_of(self._switchboard.hotlines))
        if isinstance(query, Refused):
            return refused(query)
        person = person_of(session)
        with self._switchboard.store.look() as tx:
            found = self._work.find(tx, person, query.wanted, before=query.before, limit=PAGE_MAX, by_due=query.by_due)
            count = self._work.count(tx, person, query.wanted)
            lines = [line(self._work, case, tx.now) for case in found]
        more = len(found) == PAGE_MAX and not query.by_due
        return jsonify(cases=lines, count=count, next=found[-1].number if more else None)

    def one(self, session: Session, number: str) -> Any:
        """GET /api/v1/cases/NUMBER"""
        with self._switchboard.store.look() as tx:
            case = self._work.one(tx, person_of(session), number)
            told = whole(self._work, tx, case) if case else None
        return self._answer(told) if told else error(404, ABSENT.why)

    def log(self, session: Session) -> Any:
        """POST /api/v1/cases"""
        said = sent("cases_api.log")
        hotline = said.pop("hotline", "") or self._work.tree(None).hotline
        channel = _channel(said.pop("channel"))
        made = self._work.log(person_of(session), ByHand(hotline=hotline, channel=channel, **said))
        if isinstance(made, Refused):
            return _refused(made)
        return self._told(made.case, 201 if made.is_new else 200)

    def move(self, session: Session, number: str) -> Any:
        """POST /api/v1/cases/NUMBER/move {"move"}"""
        verb = sent("cases_api.move")["move"]
        if verb not in MOVES:
            return refused(Refused("there is no such move", "move", f"there are: {', '.join(MOVES)}"))
        return self._told(self._work.move(person_of(session), number, verb, seen()))

    def assign(self, session: Session, number: str) -> Any:
        """POST /api/v1/cases/NUMBER/owner {"owner"}; an empty one: nobody"""
        owner = sent("cases_api.assign")["owner"]
        return self._told(self._work.assign(person_of(session), number, owner or None, seen()))

    def promise(self, session: Session, number: str) -> Any:
        """POST /api/v1/cases/NUMBER/due {"due_at"}"""
        due_at = moment(sent("cases_api.promise")["due_at"], zone_of(self._switchboard.hotlines), end=True)
        if not due_at or isinstance(due_at, Refused):
            return refused(Refused("this is no moment", "due_at", due_at.hint if due_at else None))
        return self._told(self._work.promise(person_of(session), number, due_at, seen()))

    def amend(self, session: Session, number: str) -> Any:
        """POST /api/v1/cases/NUMBER/fields {"fields"}"""
        return self._told(self._work.amend(person_of(session), number, sent("cases_api.amend")["fields"], seen()))

    def remark(self, session: Session, number: str) -> Any:
        """POST /api/v1/cases/NUMBER/notes {"text"}"""
        return self._told(self._work.remark(person_of(session), number, sent("cases_api.remark")["text"]))

    def link(self, session: Session, number: str) -> Any:
        """POST /api/v1/cases/NUMBER/contacts {"channel", "note" or "contact"}"""
        said = sent("cases_api.link")
        channel = _channel(said["channel"])
        contact = said.get("contact") or None
        return self._told(self._work.link(person_of(session), number, channel, said.get("note", ""), contact))

    def merge(self, session: Session, number: str) -> Any:
        """POST /api/v1/cases/NUMBER/merge {"into"}"""
        into = sent("cases_api.merge")["into"]
        return self._told(self._work.merge(person_of(session), number, into, seen()))

    def _told(self, answer: Case | Refused, status: int = 200) -> Any:
        if isinstance(answer, Refused):
            return _refused(answer)
        with self._switchboard.store.look() as tx:
            return self._answer(whole(self._work, tx, answer)), status

    def _answer(self, told: dict[str, Any]) -> Any:
        response = jsonify(told)
        response.set_etag(str(told["version"]))
        return response


def seen() -> int | None:
    """The version of the case that whoever changes it has seen: `If-Match: "3"`."""
    written = request.headers.get("If-Match")
    if written is None:
        return None
    if not (found := re.fullmatch(r'"?([0-9]{1,9})"?', written, re.ASCII)):
        raise Malformed(422, "this is no version of a case", "If-Match", 'as ETag said it, "3"')
    return int(found[1])


def _channel(written: str) -> Channel:
    if written not in set(Channel):
        raise Malformed(422, "there is no such channel", "channel", f"there are: {', '.join(Channel)}")
    return Channel(written)


def _refused(no: Refused) -> Any:
    return error(404, no.why) if no == ABSENT else refused(no)
