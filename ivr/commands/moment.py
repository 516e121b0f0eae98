"""Moment: a date and time on the command line, on the clock of the hotline's office."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import click

from ivr.menu.tree import Tree
from routing.hours import first_instant


class Moment(click.ParamType):
    """`2026-12-24 14:00`, `2026-12-24T14:00` or `2026-12-24` (midnight); with an offset it is that moment."""

    name = "date time"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            return datetime.fromisoformat(re.sub(r"\s+", "T", str(value).strip()))
        except ValueError:
            return self.fail(f"{value!r} is no date and time (write it like 2026-12-24 14:00)", param, context)


MOMENT = Moment()


def local_moment(tree: Tree, at: datetime) -> datetime:
    """The moment at which the office's clock shows `at`; one with an offset already is a moment."""
    if at.tzinfo is not None:
        return at.astimezone(UTC)
    return first_instant(at.date(), time(at.hour, at.minute, at.second), office_zone(tree))


def office_zone(tree: Tree) -> ZoneInfo:
    """Where the hotline's office is: the time zone of its first opening hours, or UTC."""
    return ZoneInfo(next((calendar.timezone for calendar in tree.hours.values()), "UTC"))
