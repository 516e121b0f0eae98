"""Exchange: what programs send us, in strict shapes, and what we answer: JSON, and faults in the same few words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import jsonify, make_response, request

from routing.refusal import Refused

BODY_BYTES_MAX = 256 * 1024

Answer = Any
_LOST = frozenset({"already taken", "this offer is over", "this offer is for somebody else"})
_ABSENT = frozenset({"there is no such offer", "there is no such contact", "there is no such contact that waits"})


class Malformed(Exception):
    """The request's body is not what this address takes: the status, the field, and what would be right."""

    def __init__(self, status: int, error: str, field: str | None = None, hint: str | None = None) -> None:
        super().__init__(error)
        self.status, self.error, self.field, self.hint = status, error, field, hint


def body(shape: Mapping[str, Any], may: Mapping[str, Any] | None = None, one: bool = False) -> dict[str, Any]:
    """The request's JSON, if it has exactly these fields: texts of at most so many characters (a number), whole
    numbers out of a `range`, or a `dict` of texts.

    Those of `may` may be left out; of all but `one`, if it says so.
    """
    known = {**shape, **(may or {})}
    if request.content_length is not None and request.content_length > BODY_BYTES_MAX:
        raise Malformed(413, "this is too much", hint=f"{BODY_BYTES_MAX} bytes at most")
    request.max_content_length = BODY_BYTES_MAX
    raw = request.get_data()
    if raw and not request.is_json:
        raise Malformed(415, "the body must be JSON", hint="Content-Type: application/json")
    try:
        found = request.get_json() if raw else {}
    except RecursionError:
        raise Malformed(400, "the body is nested too deep") from None
    if not isinstance(found, dict):
        raise Malformed(400, "the body must be a JSON object")
    for name in found:
        if name not in known:
            raise Malformed(422, "there is no such field", name, f"there are: {', '.join(known) or 'none'}")
    for name in shape:
        if name not in found:
            raise Malformed(422, "this is missing", name)
    for name, value in found.items():
        _check(name, value, known[name])
    if one and len(found) != 1:
        raise Malformed(422, "say to whom", next(iter(known)), f"one of: {', '.join(known)}")
    return found


def _check(name: str, value: Any, kind: Any) -> None:
    if kind is dict:
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            raise Malformed(422, "this must be an object of texts", name)
        for field, text in value.items():
            _check_letters(field, field + text)
        return
    if isinstance(kind, range):
        if type(value) is not int or value not in kind:
            raise Malformed(422, "this must be a whole number", name, f"from {kind[0]} to {kind[-1]}")
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


def done(no: Refused | None) -> Answer:
    """Nothing more to say, or why not."""
    return refused(no) if no else jsonify({})


def refused(no: Refused) -> Answer:
    """A refusal as the API says it: 409 when somebody was quicker, 404 for what is not there, 422 with a field."""
    status = 409 if no.why in _LOST else 404 if no.why in _ABSENT else 422 if no.field else 409
    return error(status, no.why, no.field, no.hint)


def later(status: int, why: str, wait_s: int) -> Answer:
    """Not now: try again in so many seconds."""
    response = make_response(error(status, why, hint=f"try again in {wait_s} s"))
    response.headers["Retry-After"] = str(wait_s)
    return response


def error(status: int, why: str, field: str | None = None, hint: str | None = None) -> Answer:
    """A fault in the API's words."""
    told = {"error": why, "field": field, "hint": hint}
    return jsonify({name: text for name, text in told.items() if text is not None}), status
