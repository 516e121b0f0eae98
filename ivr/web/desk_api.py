"""The desk's HTTP API: JSON in and out for the page, for simulated representatives and for anybody's own desk.

docs/desk-api.md is its description; a test keeps the two the same.
"""

from __future__ import annotations

import io
import re

from flask import jsonify, request, send_file

from ivr.accounts import Accounts, NotLoggedIn, Session
from ivr.cases import ABSENT, CaseWork, Person, may_see
from ivr.desk import Desk, Logged
from ivr.web.api.bodies import sent
from ivr.web.cases_ask import person_of
from ivr.web.exchange import Answer, Malformed, done, error, later, refused
from ivr.web.live import Changes
from ivr.web.live_pages import streamed
from ivr.web.picture import CASES_MAX, case_json, picture
from ivr.web.presence import Presence
from ivr.web.security import Guard, address
from ivr.web.texts import page_texts
from routing.refusal import Refused

WRONG = "name and password do not fit together"

_RECORDING = re.compile(r"[0-9a-f]{32}")


class DeskApi:
    """One view a method; each asks the desk for one thing and says what came of it."""

    def __init__(self, desk: Desk, accounts: Accounts, guard: Guard, changes: Changes, presence: Presence) -> None:
        self._desk, self._accounts, self._guard = desk, accounts, guard
        self._changes, self._presence = changes, presence
        self._switchboard, self._work = desk.switchboard, CaseWork(desk.switchboard)

    # -- coming and going ---------------------------------------------------------------------------------------------

    def log_in(self, _: Session | None) -> Answer:
        """POST /login: the one change that needs no session; the answer to a wrong one is always the same."""
        asked = sent("desk_api.log_in")
        name, password, code = asked["name"], asked["password"], asked.get("code", "")
        answer = self._accounts.log_in(name, password, self._guard.origin(), code)
        if isinstance(answer, NotLoggedIn):
            return _not_logged_in(answer)
        if no := self._desk.log_in(answer.session.account):
            return refused(no)
        response = jsonify(agent=answer.session.account, csrf=answer.session.csrf)
        self._guard.set_cookies(response, answer)
        return response

    def log_out(self, session: Session) -> Answer:
        """POST /logout"""
        sent("desk_api.log_out")
        self._accounts.log_out(session)
        self._desk.log_out(session.account)
        response = jsonify({})
        self._guard.forget_cookie(response)
        return response

    # -- seeing -------------------------------------------------------------------------------------------------------

    def state(self, session: Session) -> Answer:
        """GET /state"""
        with self._switchboard.store.look() as tx:
            seen = picture(self._switchboard, tx, session.account, page_texts())
        return jsonify({"csrf": session.csrf, **seen})

    def events(self, session: Session) -> Answer:
        """GET /events"""
        return streamed(self._changes, self._guard, self._presence, self._presence.open(session))

    def cases(self, session: Session) -> Answer:
        """GET /cases?call=..|number=.."""
        call, number = request.args.get("call"), request.args.get("number")
        if (call is None) == (number is None):
            raise Malformed(422, "ask for one thing", "call", "call=CA... or number=100001")
        with self._switchboard.store.look() as tx:
            found = tx.cases.by_call(call) if call is not None else [tx.cases.by_number(number)]
            person = person_of(session)
            seen = [case_json(tx, case) for case in found if case and may_see(tx, person, case.number)]
        return jsonify(cases=seen[:CASES_MAX])

    def recording(self, session: Session, recording: str) -> Answer:
        """GET /recordings/ID: the sound of a caller's message; who listens is written down."""
        if not _RECORDING.fullmatch(recording) or not self._may_hear(person_of(session), recording):
            return error(404, "there is no such recording")
        with self._switchboard.archive.open(recording) as sound:
            whole = io.BytesIO(sound.read())
        name = f"{recording}.wav"
        response = send_file(whole, mimetype="audio/wav", as_attachment=True, download_name=name, conditional=True)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _may_hear(self, person: Person, recording: str) -> bool:
        with self._switchboard.store.transaction() as tx:
            message = tx.messages.get(recording)
            numbers = tx.messages.cases_of(message) if message else []
            if not any(may_see(tx, person, number) for number in numbers):
                return False
            if not self._switchboard.archive.exists(recording):
                return False
            if request.headers.get("Range", "bytes=0-").startswith("bytes=0-"):  # the browser asks piece by piece
                tx.happened(recording, "listened to", agent=person.name)
                tx.audited(person.name, "recording heard", recording, address())
        return True

    # -- doing --------------------------------------------------------------------------------------------------------

    def ready(self, session: Session) -> Answer:
        """POST /ready"""
        sent("desk_api.ready")
        return done(self._desk.ready(session.account))

    def pause(self, session: Session) -> Answer:
        """POST /pause {"reason"}"""
        return done(self._desk.pause(session.account, sent("desk_api.pause")["reason"]))

    def accept(self, session: Session, offer: str) -> Answer:
        """POST /offers/ID/accept"""
        sent("desk_api.accept")
        contact = self._desk.accept(session.account, offer)
        return refused(contact) if isinstance(contact, Refused) else jsonify(contact=contact)

    def decline(self, session: Session, offer: str) -> Answer:
        """POST /offers/ID/decline"""
        sent("desk_api.decline")
        return done(self._desk.decline(session.account, offer))

    def save_draft(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/draft {"kind", "fields"}"""
        asked = sent("desk_api.save_draft")
        return done(self._desk.save_draft(session.account, contact, asked["kind"], asked["fields"]))

    def log_case(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/case {"kind", "fields", "form"}"""
        asked = sent("desk_api.log_case")
        answer = self._desk.log_case(session.account, contact, asked["kind"], asked["fields"], asked["form"])
        if not isinstance(answer, Logged):
            return refused(answer)
        with self._switchboard.store.look() as tx:
            return jsonify(case_json(tx, answer.case)), 201 if answer.is_new else 200

    def about(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/about {"case"}: it is about a case that is there."""
        number = sent("desk_api.about")["case"]
        answer = self._work.about(person_of(session), number, contact)
        if isinstance(answer, Refused):
            return error(404, answer.why, "case") if answer == ABSENT else refused(answer)
        with self._switchboard.store.look() as tx:
            return jsonify(case_json(tx, answer))

    def hang_up(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/hang-up"""
        sent("desk_api.hang_up")
        return done(self._desk.hang_up(session.account, contact))

    def dispose(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/disposition {"disposition"}"""
        asked = sent("desk_api.dispose")
        return done(self._desk.dispose(session.account, contact, asked["disposition"]))

    def extend_wrap_up(self, session: Session) -> Answer:
        """POST /wrap-up/extend"""
        sent("desk_api.extend_wrap_up")
        return done(self._desk.extend_wrap_up(session.account))

    def end_wrap_up(self, session: Session) -> Answer:
        """POST /wrap-up/end"""
        sent("desk_api.end_wrap_up")
        return done(self._desk.end_wrap_up(session.account))


def _not_logged_in(no: NotLoggedIn) -> Answer:
    if no.why == "wrong":
        return error(401, WRONG)
    if no.why == "code":
        return error(401, "this account needs a code from its telephone", "code", "the six digits that its app shows")
    return later(429, "too many tries", no.wait_s)
