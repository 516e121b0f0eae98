"""Case: the matter itself - order, claim, question or suggestion - with its history; it outlives the call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from routing.due import Due, Unit
from routing.lifecycle import Lifecycle, words
from routing.refusal import Refused

NUMBER_FIRST = 100001
"""Case numbers are digits only, so that they can be said and typed on a telephone."""

FIELDS_MAX = 200
"""An order of 30 lines has a hundred."""

FIELD_LENGTH_MAX = 4000
NOTE_LENGTH_MAX = 4000

PROGRAM = "token:"
"""How the names of programs begin."""

CALLER = "caller"
"""Who made a case that a caller left alone, and who opens one again by the survey."""


class CaseState(StrEnum):
    """Whether something is still to be done, and by whom."""

    OPEN = "open"
    WAITING_FOR_US = "waiting_for_us"
    WAITING_FOR_CUSTOMER = "waiting_for_customer"
    SETTLED = "settled"
    REOPENED = "reopened"
    MERGED = "merged"  # it is a part of another case now


S = CaseState
OURS = (S.OPEN, S.WAITING_FOR_US, S.REOPENED)
"""States in which something is to be done by us: only then is a case overdue."""

UNSETTLED = (*OURS, S.WAITING_FOR_CUSTOMER)

CASE = Lifecycle(
    "case",
    CaseState,
    [
        ("wait_for_us", [S.OPEN, S.WAITING_FOR_CUSTOMER, S.REOPENED], S.WAITING_FOR_US),
        ("wait_for_customer", [S.OPEN, S.WAITING_FOR_US, S.REOPENED], S.WAITING_FOR_CUSTOMER),
        ("settle", [S.OPEN, S.WAITING_FOR_US, S.WAITING_FOR_CUSTOMER, S.REOPENED], S.SETTLED),
        ("reopen", S.SETTLED, S.REOPENED),
        ("merge", [S.OPEN, S.WAITING_FOR_US, S.WAITING_FOR_CUSTOMER, S.SETTLED, S.REOPENED], S.MERGED),
    ],
)

MOVES = ("wait_for_us", "wait_for_customer", "settle", "reopen")
"""What people do with one case; a merger takes two."""


class Channel(StrEnum):
    """How somebody got in touch with us, or we with them."""

    CALL = "call"
    CALLBACK = "callback"
    EMAIL = "email"
    VISIT = "visit"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a case's history: when, who, and what was done; `detail` has what it was done to, before and after.

    After a merger, `case` is the case in whose history it was written.
    """

    at: datetime
    who: str
    what: str
    detail: Mapping[str, object] = field(default_factory=dict)
    case: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Link:
    """One contact that was about a case. `contact` and `call` are ids, where the machine knows of it; else `note` says
    what came (an e-mail's text, a visitor's words)."""

    at: datetime
    who: str
    channel: Channel
    contact: str | None = None
    call: str | None = None
    note: str = ""


@dataclass(slots=True)
class Case:
    """One case. `kind` names a case form of the hotline; `caller` is personal; `created_by` an agent or "caller".

    `owner` sees to it. `due_at` is when it is to be settled; it has none if its kind has none. `stood_since`: the clock
    stands, since we wait for the customer. `version` counts the changes.
    """

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
    hotline: str | None = None
    owner: str | None = None
    due_at: datetime | None = None
    stood_since: datetime | None = None
    merged_into: str | None = None
    changed_at: datetime | None = None
    version: int = 1

    def is_overdue(self, now: datetime) -> bool:
        """Whether it should have been settled by now, and it lies with us."""
        return self.due_at is not None and self.due_at <= now and self.state in OURS


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been typed for a contact's case so far."""

    contact: str
    kind: str
    fields: Mapping[str, str]
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Terms:
    """What the hotlines say about cases: whose a call is, how long a kind may take, and how texts are folded so that
    they are found however they are written."""

    hotline_of: Callable[[str], str | None] = lambda call: None
    due: Callable[[str | None, str], Due | None] = lambda hotline, kind: None
    folded: Callable[[str], str] = str.casefold
    not_settled: Callable[[str], bool] = lambda call: False  # what the caller said of this call in the survey


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. Empty: everything. `text`: all its words, anywhere in number, caller, fields and notes;
    `field`: a field's name and its exact value; `since` and `until`: when it was logged."""

    text: str = ""
    kinds: tuple[str, ...] = ()
    states: tuple[CaseState, ...] = ()
    owner: str | None = None  # "": nobody's
    caller: str | None = None
    field: tuple[str, str] | None = None
    overdue: bool = False
    since: datetime | None = None
    until: datetime | None = None


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


def illegal(case: Case, verb: str) -> Refused | None:
    """Why a case cannot be moved so, and what can be done with it; None if it can."""
    legal = CASE.legal(case.state)
    if verb in legal:
        return None
    can = ", ".join(legal) or f"everything with case {case.merged_into}"
    return Refused(f"a case that is {words(case.state)} cannot do that", hint=f"it can: {can}")


def moved(case: Case, verb: str, now: datetime, due: Due | None) -> Case:
    """The case after a legal move at `now`. While we wait for the customer its clock stands; a case that was opened
    again has as long as a new one."""
    before, due_at, stood_since = case.state, case.due_at, case.stood_since
    CASE.fire(case, verb)
    if before is S.WAITING_FOR_CUSTOMER and stood_since is not None and due_at is not None and case.state in OURS:
        due_at = (due or Due(0, Unit.HOURS)).resumed(due_at, stood_since, now)
    case.due_at = due.after(now) if verb == "reopen" and due else due_at
    case.stood_since = now if case.state is S.WAITING_FOR_CUSTOMER else None
    return case
