"""Bodies: what is sent to each door for programs, field by field; the views read by it and OpenAPI describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr.cases import CALLER_LENGTH_MAX
from ivr.desk import FORM_LENGTH_MAX, REASON_LENGTH_MAX
from ivr.mail_desk import ANSWER_LENGTH_MAX
from ivr.web.exchange import body
from routing.case import NOTE_LENGTH_MAX
from routing.queue import HEAD_START_MAX_S
from routing.staff import DISPOSITION_LENGTH_MAX

NAME_LENGTH_MAX = 64
LOGIN_NAME_LENGTH_MAX = 256
PASSWORD_BYTES_MAX = 4096
CODE_LENGTH_MAX = 16
MINUTES_DIGITS_MAX = 6


@dataclass(frozen=True, slots=True)
class Body:
    """The fields that must and those that may be sent, each with what it takes (see `exchange.body`).

    `one`: exactly one of those that may.
    """

    must: Mapping[str, Any] = field(default_factory=dict)
    may: Mapping[str, Any] = field(default_factory=dict)
    one: bool = False


NOTHING = Body()
HEAD_START_S = range(-HEAD_START_MAX_S, HEAD_START_MAX_S + 1)
_TO = ("queue", "agent", "number")

BODIES: Mapping[str, Body] = {
    "api.move": Body({"queue": NAME_LENGTH_MAX}),
    "api.head_start": Body({"head_start_s": HEAD_START_S}),
    "api.assign": Body({"agent": NAME_LENGTH_MAX}),
    "api.check": Body({"files": dict}),
    "api.publish": Body({"files": dict, "expects": NAME_LENGTH_MAX}),
    "api.emergency_on": Body({"until": NAME_LENGTH_MAX}),
    "cases_api.log": Body(
        {"kind": NAME_LENGTH_MAX, "fields": dict, "form": FORM_LENGTH_MAX, "channel": NAME_LENGTH_MAX},
        {"hotline": NAME_LENGTH_MAX, "caller": CALLER_LENGTH_MAX, "note": NOTE_LENGTH_MAX},
    ),
    "cases_api.move": Body({"move": NAME_LENGTH_MAX}),
    "cases_api.assign": Body({"owner": NAME_LENGTH_MAX}),
    "cases_api.promise": Body({"due_at": NAME_LENGTH_MAX}),
    "cases_api.amend": Body({"fields": dict}),
    "cases_api.remark": Body({"text": NOTE_LENGTH_MAX}),
    "cases_api.link": Body({"channel": NAME_LENGTH_MAX}, {"note": NOTE_LENGTH_MAX, "contact": NAME_LENGTH_MAX}),
    "cases_api.merge": Body({"into": NAME_LENGTH_MAX}),
    "desk_api.log_in": Body({"name": LOGIN_NAME_LENGTH_MAX, "password": PASSWORD_BYTES_MAX}, {"code": CODE_LENGTH_MAX}),
    "desk_api.pause": Body({"reason": REASON_LENGTH_MAX}),
    "desk_api.save_draft": Body({"kind": NAME_LENGTH_MAX, "fields": dict}),
    "desk_api.log_case": Body({"kind": NAME_LENGTH_MAX, "fields": dict, "form": FORM_LENGTH_MAX}),
    "desk_api.about": Body({"case": NAME_LENGTH_MAX}),
    "desk_api.dispose": Body({"disposition": DISPOSITION_LENGTH_MAX}),
    "desk_call.transfer": Body(may=dict.fromkeys(_TO, NAME_LENGTH_MAX), one=True),
    "desk_call.consult": Body(may=dict.fromkeys(("agent", "number"), NAME_LENGTH_MAX), one=True),
    "desk_call.promise": Body({"in_min": MINUTES_DIGITS_MAX}),
    "desk_mail.save_answer": Body({"text": ANSWER_LENGTH_MAX}),
    "desk_mail.answer": Body({"text": ANSWER_LENGTH_MAX}),
    "desk_mail.hand_on": Body(may=dict.fromkeys(("queue", "agent"), NAME_LENGTH_MAX), one=True),
}
"""By route. To every other door `{}` is sent, or nothing."""


def sent(name: str) -> dict[str, Any]:
    """What was sent to the door of this name; raises Malformed where it is not what that takes."""
    its = BODIES.get(name, NOTHING)
    return body(its.must, its.may, one=its.one)
