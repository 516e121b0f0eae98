"""Days: the time that a page is about, from one day to another where the hotline is, as its address says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import request

from ivr.figures import midnight, next_midnight

DAYS_MAX = 400


@dataclass(frozen=True, slots=True)
class Days:
    """From the first day to the last one, both whole. `fault`: the address said something else."""

    first: date
    last: date
    zone: ZoneInfo
    fault: bool = False

    @property
    def since(self) -> datetime:
        """The midnight with which it begins."""
        return midnight(self.first, self.zone)

    @property
    def until(self) -> datetime:
        """The midnight with which it is over."""
        return next_midnight(self.last, self.zone)


def asked_days(now: datetime, zone: ZoneInfo, usual: int) -> Days:
    """What `?from=2026-11-01&to=2026-11-30` says; else the last `usual` days."""
    today = now.astimezone(zone).date()
    wanted = Days(today - timedelta(days=usual - 1), today, zone)
    try:
        first = date.fromisoformat(request.args.get("from") or wanted.first.isoformat())
        last = date.fromisoformat(request.args.get("to") or wanted.last.isoformat())
    except ValueError:
        return Days(wanted.first, wanted.last, zone, fault=True)
    if not (date(2000, 1, 1) <= first <= last <= date(2200, 1, 1)) or (last - first).days >= DAYS_MAX:
        return Days(wanted.first, wanted.last, zone, fault=True)
    return Days(first, last, zone)
