"""Dates: how REST lists are narrowed by moments - `StartTime`, `StartTime<`, `StartTime>`, each a day or a moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from ivr.simulator.rest.answer import RestError

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
ENDINGS = ("", "<", ">", "<=", ">=")


Chosen = Callable[[datetime | None], bool]


def within(given: Mapping[str, str], name: str) -> Chosen:
    """Tells of a moment whether it is what the filters of this `name` ask for; `<` and `>` include what they name."""
    spans = [(ending, *_span(name, given[name + ending])) for ending in ENDINGS if given.get(name + ending)]

    def chosen(moment: datetime | None) -> bool:
        for ending, start, end in spans:
            too_early = not ending.startswith("<") and (moment is None or moment < start)
            too_late = not ending.startswith(">") and (moment is None or moment >= end)
            if too_early or too_late:
                return False
        return True

    return chosen


def _span(name: str, written: str) -> tuple[datetime, datetime]:
    """From when to before when a day, or a moment given to the second, lasts. In UTC where nothing else is said."""
    length = DAY if len(written) == len("2026-11-23") else SECOND
    try:
        start = _moment(written)
        start = start.astimezone(UTC) if start.tzinfo else start.replace(tzinfo=UTC)
        return start, start + length
    except (ValueError, OverflowError):
        raise RestError(400, 20001, f"{name}: {written[:40]} is no day such as 2026-11-23") from None


def _moment(written: str) -> datetime:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return parsedate_to_datetime(written)
