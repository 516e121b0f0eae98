"""What a request asks about cases: who asks, and which are wanted, out of an address such as `?state=open&text=..`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from ivr.accounts import Session
from ivr.cases import Person
from ivr.role import Role
from routing.case import CaseState, Wanted
from routing.hours import first_instant
from routing.refusal import Refused

TEXT_LENGTH_MAX = 200
_NAME = re.compile(r"[a-z][a-z0-9_.]{0,63}")
NOBODY = "-"
"""As an owner: cases that nobody sees to."""

FILTERS = ("text", "kind", "state", "owner", "caller", "field", "value", "overdue", "since", "until")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which cases, and from which number on."""

    wanted: Wanted
    before: int | None
    by_due: bool


def person_of(session: Session) -> Person:
    """Who asks; supervisors see every case."""
    return Person(session.account, session.role.contains(Role.SUPERVISOR))


def asked(args: MultiDict[str, str], zone: ZoneInfo) -> Asked | Refused:
    """What is asked for, or what of it is no question."""
    for name, values in args.lists():
        if any(len(value) > TEXT_LENGTH_MAX or "\0" in value for value in values):
            return Refused("this is too long", field=name, hint=f"{TEXT_LENGTH_MAX} characters at most")
    states = [value for value in args.getlist("state") if value]
    if unknown := [value for value in states if value not in set(CaseState)]:
        return Refused(f"there is no state {unknown[0]!r}", "state", f"there are: {', '.join(CaseState)}")
    field = args.get("field", "")
    if field and not _NAME.fullmatch(field):
        return Refused("there is no such field", field="field")
    if (order := args.get("order", "newest")) not in ("newest", "due"):
        return Refused("there is no such order", field="order", hint="newest or due")
    since, until = (moment(args.get(name, ""), zone, end=name == "until") for name in ("since", "until"))
    for name, found in (("since", since), ("until", until)):
        if isinstance(found, Refused):
            return Refused(found.why, name, found.hint)
    before = args.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 10):
        return Refused("this is no number of a case", field="before")
    wanted = Wanted(
        text=args.get("text", ""),
        kinds=tuple(value for value in args.getlist("kind") if value),
        states=tuple(map(CaseState, states)),
        owner="" if args.get("owner") == NOBODY else args.get("owner") or None,
        caller=args.get("caller") or None,
        field=(field, args.get("value", "")) if field else None,
        overdue=args.get("overdue", "") in ("1", "yes", "true"),
        since=since,
        until=until,
    )
    return Asked(wanted, int(before) if before else None, order == "due")


def moment(written: str, zone: ZoneInfo, *, end: bool = False) -> datetime | Refused | None:
    """A moment with its offset, or a day where the hotline is: its beginning, or its end (which is not in it)."""
    if not written:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", written, re.ASCII):
            return first_instant(date.fromisoformat(written) + timedelta(days=int(end)), time(0), zone)
        found = datetime.fromisoformat(written)
    except (ValueError, OverflowError):
        return Refused("this is no moment", hint="2026-11-23 or 2026-11-23T10:00:00+01:00")
    return found if found.tzinfo else Refused("this has no time zone", hint="2026-11-23T10:00:00+01:00")
