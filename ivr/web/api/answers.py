"""Answers: the shape of everything that the doors for programs say, as JSON Schema; OpenAPI hands it on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ivr.outbox import CASE_KINDS, FIELDS, KINDS
from routing.agent import AgentState
from routing.case import CaseState, Channel

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
SECONDS: Schema = {"type": "number"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
ANYTHING: Schema = {}
"""Whatever was written down: the details of a case's history differ from line to line."""


def thing(**fields: Schema) -> Schema:
    """An object of exactly these fields."""
    return {"type": "object", "properties": fields, "required": sorted(fields), "additionalProperties": False}


def many(of: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": of}


def named(of: Schema) -> Schema:
    """An object whose names are somebody's own."""
    return {"type": "object", "additionalProperties": of}


def maybe(of: Schema) -> Schema:
    """That, or null."""
    return {"anyOf": [of, {"type": "null"}]}


def part(name: str) -> Schema:
    """One of PARTS."""
    return {"$ref": f"#/components/schemas/{name}"}


def _one_of(words: Any) -> Schema:
    return {"type": "string", "enum": [str(it) for it in words]}


_RECORDING = thing(id=TEXT, length_s=SECONDS, state=TEXT)
_STATE, _AGENT_STATE = _one_of(CaseState), _one_of(AgentState)
_CALLER = {
    **{name: maybe(TEXT) for name in ("caller", "name", "subject", "note", "called", "waiting_since", "kind")},
    **{"by": TEXT, "queue": TEXT, "language": TEXT, "typed": named(TEXT), "waited_s": SECONDS, "handed_on": COUNT},
    "ticket": maybe({"type": ["string", "integer"]}),
    "path": many(thing(node=TEXT, key=TEXT, label=TEXT)),
    "earlier": many(thing(number=TEXT, kind=TEXT, state=_STATE, created_at=MOMENT)),
    "history": many(
        thing(at=MOMENT, by=TEXT, came_of=TEXT, kind=TEXT, who=TEXT, subject=TEXT, case=maybe(TEXT)),
    ),
}
_DRAFT = thing(kind=TEXT, fields=named(TEXT))
_CONSULT = thing(by=TEXT, display_name=TEXT, held_since=maybe(MOMENT))
_LETTER = {"at": MOMENT, "from": TEXT, "by": maybe(TEXT), "subject": TEXT, "text": TEXT}
_MAIL = thing(
    **_LETTER,
    to=TEXT,
    state=TEXT,
    case_number=maybe(TEXT),
    left_out=ANYTHING,
    attachments=many(thing(number=COUNT, name=TEXT, bytes=COUNT)),
    draft=maybe(TEXT),
    before=many(thing(**_LETTER)),
)
_FIELD = thing(
    name=TEXT, label=TEXT, kind=TEXT, required=FLAG, lines=COUNT, choices=many(thing(value=TEXT, label=TEXT))
)
_COLLEAGUE = thing(name=TEXT, display_name=TEXT, state=_AGENT_STATE, may_take=FLAG, may_be_asked=FLAG)
_LINE_OF_CASE = {
    **dict.fromkeys(("number", "hotline", "kind", "created_by", "currency"), TEXT),
    **{name: maybe(TEXT) for name in ("hotline", "owner", "caller", "merged_into", "currency")},
    **{"state": _STATE, "created_at": MOMENT, "changed_at": MOMENT, "due_at": maybe(MOMENT), "overdue": FLAG},
    **{"version": COUNT, "fields": named(TEXT)},
    "items": many(
        thing(
            field=TEXT,
            lines=many(thing(article=TEXT, quantity=TEXT, price=maybe(TEXT), amount=maybe(TEXT))),
            total=maybe(TEXT),
        )
    ),
    "differences": many(thing(field=TEXT, against=TEXT, amount=TEXT)),
}
_FAULT = thing(file=TEXT, line=COUNT, column=COUNT, severity=TEXT, code=TEXT, message=TEXT, hint=TEXT)

PARTS: Mapping[str, Schema] = {
    "Error": {
        "type": "object",
        "properties": {"error": TEXT, "field": TEXT, "hint": TEXT},
        "required": ["error"],
        "additionalProperties": False,
    },
    "Fault": _FAULT,
    "CaseLine": thing(**_LINE_OF_CASE),
    "Case": thing(
        **_LINE_OF_CASE,
        contact=maybe(TEXT),
        call=maybe(TEXT),
        contacts=many(
            thing(at=MOMENT, who=TEXT, channel=_one_of(Channel), contact=maybe(TEXT), call=maybe(TEXT), note=TEXT)
        ),
        history=many(thing(at=MOMENT, who=TEXT, what=TEXT, detail=named(ANYTHING), case=maybe(TEXT))),
        parts=many(TEXT),
        recordings=many(_RECORDING),
        can=many(TEXT),
    ),
    "CaseOfCall": thing(
        number=TEXT,
        kind=TEXT,
        state=_STATE,
        caller=maybe(TEXT),
        call=maybe(TEXT),
        contact=maybe(TEXT),
        fields=named(TEXT),
        created_at=MOMENT,
        created_by=TEXT,
        history=many(thing(at=MOMENT, who=TEXT, what=TEXT)),
        recordings=many(_RECORDING),
    ),
    "Offer": thing(
        id=TEXT,
        contact=TEXT,
        expires_at=maybe(MOMENT),
        reason=TEXT,
        consult=maybe(_CONSULT),
        draft=maybe(_DRAFT),
        case=maybe(part("CaseOfCall")),
        **_CALLER,
    ),
    "Contact": thing(
        id=TEXT,
        call=maybe(TEXT),
        started_at=maybe(MOMENT),
        ended_at=maybe(MOMENT),
        form=TEXT,
        draft=_DRAFT,
        case=maybe(part("CaseOfCall")),
        consult=maybe(_CONSULT),
        held_since=maybe(MOMENT),
        muted=FLAG,
        recording=maybe(thing(state=TEXT, paused_at=maybe(MOMENT), resume_at=maybe(MOMENT))),
        third=maybe(thing(number=maybe(TEXT), agent=maybe(TEXT), state=TEXT, why=maybe(TEXT))),
        goes_to=thing(queues=many(TEXT), agents=many(_COLLEAGUE), numbers=many(TEXT)),
        disposition=maybe(TEXT),
        dispositions=many(thing(name=TEXT, label=TEXT)),
        callback_to=maybe(TEXT),
        promised=FLAG,
        texts=many(thing(name=TEXT, label=TEXT, text=TEXT)),
        mail=maybe(_MAIL),
        kinds=many(thing(name=TEXT, label=TEXT, fields=many(_FIELD))),
        **_CALLER,
    ),
}
"""What is said in more than one place."""

DONE = thing()
_CASE, _WHOLE = part("CaseOfCall"), part("Case")
_VERSION = thing(hotline=TEXT, version=TEXT, live_at=MOMENT)
_AGENT = thing(
    name=TEXT,
    display_name=TEXT,
    state=_AGENT_STATE,
    since=maybe(MOMENT),
    reason=maybe(TEXT),
    then=maybe(_AGENT_STATE),
    wrap_up_until=maybe(MOMENT),
    may_extend_s=SECONDS,
    address=maybe(TEXT),
)
_STATE_OF_DESK = thing(
    csrf=TEXT,
    now=MOMENT,
    agent=_AGENT,
    queues=many(thing(name=TEXT, waiting=COUNT, longest_wait_s=SECONDS, since=maybe(MOMENT))),
    offer=maybe(part("Offer")),
    reserved=maybe(part("Offer")),
    contact=maybe(part("Contact")),
    mails=many(thing(**{"from": TEXT}, contact=TEXT, subject=TEXT, came_at=MOMENT, begun=FLAG, open=FLAG)),
    continued=maybe(part("Contact")),
    cases=many(_CASE),
    drafts=many(thing(contact=TEXT, kind=TEXT, at=MOMENT, caller=maybe(TEXT))),
)
_WAITING = thing(
    contact=TEXT,
    queue=TEXT,
    position=COUNT,
    kind=TEXT,
    language=TEXT,
    since=MOMENT,
    needs=named({"type": "integer"}),
    head_start_s=SECONDS,
    state=TEXT,
    expected_wait_s=maybe(SECONDS),
)
_PERSON = thing(
    name=TEXT,
    display_name=TEXT,
    role=TEXT,
    disabled=FLAG,
    state=_AGENT_STATE,
    since=maybe(MOMENT),
    skills=named({"type": "integer"}),
    groups=many(TEXT),
)
_QUEUE = thing(queue=TEXT, waiting=COUNT, longest_wait_s=SECONDS, paused=maybe(TEXT), closed=maybe(TEXT))

ANSWERS: Mapping[str, Mapping[str, Schema]] = {
    "api.description": {"200": {"type": "object"}},
    "api.floor": {"200": thing(now=MOMENT, queues=many(_QUEUE), agents=named(COUNT))},
    "api.waiting": {"200": thing(waiting=many(_WAITING))},
    "api.agents": {"200": thing(agents=many(_PERSON))},
    "api.hotlines": {
        "200": thing(
            hotlines=many(thing(hotline=TEXT, version=TEXT, numbers=named(TEXT), emergency_until=maybe(MOMENT)))
        )
    },
    "api.hotline": {"200": thing(hotline=TEXT, version=TEXT, files=named(TEXT))},
    "api.check": {"200": thing(usable=FLAG, faults=many(part("Fault")))},
    "api.publish": {
        "200": _VERSION,
        "422": {"anyOf": [part("Error"), thing(error=TEXT, faults=many(part("Fault")))]},
    },
    "cases_api.search": {"200": thing(cases=many(part("CaseLine")), count=COUNT, next=maybe(TEXT))},
    "cases_api.log": {"200": _WHOLE, "201": _WHOLE},
    **{f"cases_api.{it}": {"200": _WHOLE} for it in ("one", "move", "assign", "promise", "amend", "remark", "link")},
    "cases_api.merge": {"200": _WHOLE},
    "desk_api.log_in": {"200": thing(agent=TEXT, csrf=TEXT)},
    "desk_api.state": {"200": _STATE_OF_DESK},
    "desk_api.accept": {"200": thing(contact=TEXT)},
    "desk_api.log_case": {"200": _CASE, "201": _CASE},
    "desk_api.about": {"200": _CASE},
    "speaking.token": {"200": thing(token=TEXT, length_s=COUNT)},
    "desk_api.cases": {"200": thing(cases=many(_CASE))},
}
"""By route and status. Every other change answers `{}`, and every other refusal is an Error."""

FILES: Mapping[str, tuple[str, ...]] = {
    "api.metrics": ("text/plain",),
    "exports.file": ("text/csv", "application/json"),
    "desk_api.recording": ("audio/wav",),
    "desk_mail.attachment": ("application/octet-stream",),
}
"""By route: what kinds of file it answers with."""


def told() -> dict[str, Schema]:
    """What each kind of webhook brings."""
    kinds = sorted({*KINDS.values(), *CASE_KINDS.values(), "case.changed"})
    fields = {
        "type": "object",
        "properties": {it: {"type": ["string", "number", "null"]} for it in (*FIELDS, "what", "who")},
        "additionalProperties": False,
    }
    return {
        kind: thing(id=TEXT, kind={"const": kind}, at=MOMENT, about=TEXT, fields=fields) for kind in kinds
    }  # fmt: skip
