"""Case: the matter itself - order, claim, question or suggestion - with its history; it outlives the call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from routing.lifecycle import Lifecycle
from routing.refusal import Refused

NUMBER_FIRST = 100001
"""Case numbers are digits only, so that they can be said and typed on a telephone."""

FIELDS_MAX = 50
FIELD_LENGTH_MAX = 4000


class CaseState(StrEnum):
    """Whether something is still to be done."""

    OPEN = "open"
    SETTLED = "settled"


CASE = Lifecycle(
    "case",
    CaseState,
    [("settle", CaseState.OPEN, CaseState.SETTLED), ("reopen", CaseState.SETTLED, CaseState.OPEN)],
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a case's history: when, who, and what was done."""

    at: datetime
    who: str
    what: str


@dataclass(slots=True)
class Case:
    """One case. `kind` names a case form of the hotline; `caller` is personal; `created_by` an agent or "caller"."""

    number: str
    kind: str
    created_at: datetime
    created_by: str
    fields: Mapping[str, str] = field(default_factory=dict)
    contact: str | None = None
    call: str | None = None
    caller: str | None = None
    state: CaseState = CaseState.OPEN
    history: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been typed for a contact's case so far."""

    contact: str
    kind: str
    fields: Mapping[str, str]
    updated_at: datetime


def check_fields(fields: Mapping[str, str], required: Iterable[str] = ()) -> Refused | None:
    """The first thing that keeps these fields from being logged, if any; a field of blanks is a missing one."""
    if len(fields) > FIELDS_MAX:
        return Refused(f"more than {FIELDS_MAX} fields")
    for name, value in fields.items():
        if not isinstance(value, str):
            return Refused("this is not text", field=name)
        if len(value) > FIELD_LENGTH_MAX:
            return Refused(f"longer than {FIELD_LENGTH_MAX} characters", field=name, hint="shorten it")
    missing = next((name for name in required if not fields.get(name, "").strip()), None)
    return Refused("this is missing", field=missing, hint="fill it in") if missing else None


def note(case: Case, at: datetime, who: str, what: str) -> Case:
    """The case with one more line of history."""
    return replace(case, history=(*case.history, Entry(at, who, what)))
