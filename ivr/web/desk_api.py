"""The desk's HTTP API: JSON in and out for the page, for simulated representatives and for anybody's own desk.

docs/desk-api.md is its description; a test keeps the two the same.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, request, send_file
from werkzeug.exceptions import HTTPException

from ivr.accounts import Accounts, NotLoggedIn, Session
from ivr.desk import FORM_LENGTH_MAX, REASON_LENGTH_MAX, Desk, Logged, may_see
from ivr.web.live import Changes, stream
from ivr.web.picture import CASES_MAX, case_json, picture
from ivr.web.presence import Presence
from ivr.web.security import Guard
from ivr.web.texts import LANGUAGES, Texts, texts
from routing.refusal import Refused
from routing.staff import DISPOSITION_LENGTH_MAX

BODY_BYTES_MAX = 256 * 1024
PASSWORD_BYTES_MAX = 4096
STREAMS_RETRY_S = 15
WRONG = "name and password do not fit together"

Answer = Any
_RECORDING = re.compile(r"[0-9a-f]{32}")
_LOST = frozenset({"already taken", "this offer is over", "this offer is for somebody else"})
_ABSENT = frozenset({"there is no such offer", "there is no such contact"})


class Malformed(Exception):
    """The request's body is not what this address takes: the status, the field, and what would be right."""

    def __init__(self, status: int, error: str, field: str | None = None, hint: str | None = None) -> None:
        super().__init__(error)
        self.status, self.error, self.field, self.hint = status, error, field, hint


class DeskApi:
    """One view a method; each asks the desk for one thing and says what came of it."""

    def __init__(self, desk: Desk, accounts: Accounts, guard: Guard, changes: Changes, presence: Presence) -> None:
        self._desk, self._accounts, self._guard = desk, accounts, guard
        self._changes, self._presence = changes, presence
        self._switchboard = desk.switchboard

    def blueprint(self) -> Blueprint:
        """The addresses below /desk/api."""
        api = Blueprint("desk_api", __name__, url_prefix="/desk/api")
        api.post("/login")(self.log_in)
        for method, path, view in (
            ("POST", "/logout", self.log_out),
            ("GET", "/state", self.state),
            ("GET", "/events", self.events),
            ("POST", "/ready", self.ready),
            ("POST", "/pause", self.pause),
            ("POST", "/offers/<offer>/accept", self.accept),
            ("POST", "/offers/<offer>/decline", self.decline),
            ("POST", "/contacts/<contact>/draft", self.save_draft),
            ("POST", "/contacts/<contact>/case", self.log_case),
            ("POST", "/contacts/<contact>/hang-up", self.hang_up),
            ("POST", "/contacts/<contact>/disposition", self.dispose),
            ("POST", "/wrap-up/extend", self.extend_wrap_up),
            ("POST", "/wrap-up/end", self.end_wrap_up),
            ("GET", "/cases", self.cases),
            ("GET", "/recordings/<recording>", self.recording),
        ):
            api.add_url_rule(path, view.__name__, self._behind_login(view), methods=[method])
        api.register_error_handler(Malformed, _malformed)
        api.register_error_handler(HTTPException, _http_fault)
        api.after_request(self._guard.finish)
        return api

    # -- coming and going ---------------------------------------------------------------------------------------------

    def log_in(self) -> Answer:
        """POST /login: the one change that needs no session; the answer to a wrong one is always the same."""
        if not self._guard.same_origin():
            return _error(403, "this request comes from another site's page")
        body = _body({"name": 256, "password": PASSWORD_BYTES_MAX})
        answer = self._accounts.log_in(body["name"], body["password"], request.remote_addr or "")
        if isinstance(answer, NotLoggedIn):
            return _not_logged_in(answer)
        if no := self._desk.log_in(answer.session.account):
            return _refused(no)
        response = jsonify(agent=answer.session.account, csrf=answer.session.csrf)
        self._guard.set_cookie(response, answer.token)
        return response

    def log_out(self, session: Session) -> Answer:
        """POST /logout"""
        _body({})
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
        if not self._guard.same_origin():
            return _error(403, "this request comes from another site's page")
        page = self._presence.open(session)
        if page is None:
            return _later(503, "too many pages are open", STREAMS_RETRY_S)
        token = request.cookies[self._guard.cookie]
        events = stream(self._changes, lambda: self._guard.is_still_good(token), lambda: page.replaced)
        response = Response(events, mimetype="text/event-stream")
        response.call_on_close(lambda: self._presence.close(page))
        response.headers["X-Accel-Buffering"] = "no"
        return response

    def cases(self, session: Session) -> Answer:
        """GET /cases?call=..|number=.."""
        call, number = request.args.get("call"), request.args.get("number")
        if (call is None) == (number is None):
            raise Malformed(422, "ask for one thing", "call", "call=CA... or number=100001")
        with self._switchboard.store.look() as tx:
            found = tx.cases.by_call(call) if call is not None else [tx.cases.by_number(number)]
            seen = [case_json(tx, case) for case in found if case and may_see(case, session.account)]
        return jsonify(cases=seen[:CASES_MAX])

    def recording(self, session: Session, recording: str) -> Answer:
        """GET /recordings/ID: the sound of a caller's message; who listens is written down."""
        if not _RECORDING.fullmatch(recording) or not self._may_hear(session.account, recording):
            return _error(404, "there is no such recording")
        with self._switchboard.archive.open(recording) as sound:
            whole = io.BytesIO(sound.read())
        name = f"{recording}.wav"
        response = send_file(whole, mimetype="audio/wav", as_attachment=True, download_name=name, conditional=True)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _may_hear(self, agent: str, recording: str) -> bool:
        with self._switchboard.store.transaction() as tx:
            message = tx.messages.get(recording)
            case = tx.cases.by_number(message.case_number) if message and message.case_number else None
            if case is None or not may_see(case, agent) or not self._switchboard.archive.exists(recording):
                return False
            if request.headers.get("Range", "bytes=0-").startswith("bytes=0-"):  # the browser asks piece by piece
                tx.happened(recording, "listened to", agent=agent)
        return True

    # -- doing --------------------------------------------------------------------------------------------------------

    def ready(self, session: Session) -> Answer:
        """POST /ready"""
        _body({})
        return _done(self._desk.ready(session.account))

    def pause(self, session: Session) -> Answer:
        """POST /pause {"reason"}"""
        return _done(self._desk.pause(session.account, _body({"reason": REASON_LENGTH_MAX})["reason"]))

    def accept(self, session: Session, offer: str) -> Answer:
        """POST /offers/ID/accept"""
        _body({})
        contact = self._desk.accept(session.account, offer)
        return _refused(contact) if isinstance(contact, Refused) else jsonify(contact=contact)

    def decline(self, session: Session, offer: str) -> Answer:
        """POST /offers/ID/decline"""
        _body({})
        return _done(self._desk.decline(session.account, offer))

    def save_draft(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/draft {"kind", "fields"}"""
        body = _body({"kind": 64, "fields": dict})
        return _done(self._desk.save_draft(session.account, contact, body["kind"], body["fields"]))

    def log_case(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/case {"kind", "fields", "form"}"""
        body = _body({"kind": 64, "fields": dict, "form": FORM_LENGTH_MAX})
        answer = self._desk.log_case(session.account, contact, body["kind"], body["fields"], body["form"])
        if not isinstance(answer, Logged):
            return _refused(answer)
        with self._switchboard.store.look() as tx:
            return jsonify(case_json(tx, answer.case)), 201 if answer.is_new else 200

    def hang_up(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/hang-up"""
        _body({})
        return _done(self._desk.hang_up(session.account, contact))

    def dispose(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/disposition {"disposition"}"""
        body = _body({"disposition": DISPOSITION_LENGTH_MAX})
        return _done(self._desk.dispose(session.account, contact, body["disposition"]))

    def extend_wrap_up(self, session: Session) -> Answer:
        """POST /wrap-up/extend"""
        _body({})
        return _done(self._desk.extend_wrap_up(session.account))

    def end_wrap_up(self, session: Session) -> Answer:
        """POST /wrap-up/end"""
        _body({})
        return _done(self._desk.end_wrap_up(session.account))

    def _behind_login(self, view: Callable[..., Answer]) -> Callable[..., Answer]:
        @wraps(view)
        def guarded(**ids: str) -> Answer:
            session = self._guard.session()
            if session is None:
                return _error(401, "nobody is logged in", hint="POST /desk/api/login")
            if no := self._guard.refusal(session):
                return _error(403, no)
            return view(session, **ids)

        return guarded


def page_texts() -> Texts:
    """The texts in the language that the browser asks for."""
    return texts(request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0])


def _body(shape: Mapping[str, Any]) -> dict[str, Any]:
    """The request's JSON, if it has exactly these fields: texts of at most so many characters, or a dict of texts."""
    if request.content_length is not None and request.content_length > BODY_BYTES_MAX:
        raise Malformed(413, "this is too much", hint=f"{BODY_BYTES_MAX} bytes at most")
    request.max_content_length = BODY_BYTES_MAX
    raw = request.get_data()
    if raw and not request.is_json:
        raise Malformed(415, "the body must be JSON", hint="Content-Type: application/json")
    try:
        body = request.get_json() if raw else {}
    except RecursionError:
        raise Malformed(400, "the body is nested too deep") from None
    if not isinstance(body, dict):
        raise Malformed(400, "the body must be a JSON object")
    for name in body:
        if name not in shape:
            raise Malformed(422, "there is no such field", name, f"there are: {', '.join(shape) or 'none'}")
    for name, kind in shape.items():
        if name not in body:
            raise Malformed(422, "this is missing", name)
        _check(name, body[name], kind)
    return body


def _check(name: str, value: Any, kind: Any) -> None:
    if kind is dict:
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            raise Malformed(422, "this must be an object of texts", name)
        for field, text in value.items():
            _check_letters(field, field + text)
        return
    if not isinstance(value, str):
        raise Malformed(422, "this must be a text", name)
    _check_letters(name, value)
    if len(value) > kind:
        raise Malformed(422, "this is too long", name, f"{kind} characters at most")


def _check_letters(name: str, text: str) -> None:
    """Half of an emoji is no letter: no page could show it, and no database should be asked to keep it."""
    if not text.isprintable() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Malformed(
            422, "this holds half of a character", name.encode("ascii", "replace").decode(), "type it again"
        )


def _done(no: Refused | None) -> Answer:
    return _refused(no) if no else jsonify({})


def _refused(no: Refused) -> Answer:
    status = 409 if no.why in _LOST else 404 if no.why in _ABSENT else 422 if no.field else 409
    return _error(status, no.why, no.field, no.hint)


def _not_logged_in(no: NotLoggedIn) -> Answer:
    if no.why == "wrong":
        return _error(401, WRONG)
    return _later(429, "too many tries", no.wait_s)


def _later(status: int, error: str, wait_s: int) -> Answer:
    response = make_response(_error(status, error, hint=f"try again in {wait_s} s"))
    response.headers["Retry-After"] = str(wait_s)
    return response


def _error(status: int, error: str, field: str | None = None, hint: str | None = None) -> Answer:
    told = {"error": error, "field": field, "hint": hint}
    return jsonify({name: text for name, text in told.items() if text is not None}), status


def _malformed(fault: Malformed) -> Answer:
    return _error(fault.status, fault.error, fault.field, fault.hint)


def _http_fault(fault: HTTPException) -> Answer:
    response = fault.get_response()
    response.data = jsonify(error=(fault.name or "error").lower()).data
    response.content_type = "application/json"
    return response
