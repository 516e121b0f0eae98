"""Dates: how REST lists are narrowed by moments - `StartTime`, `StartTime<`, `StartTime>`, each a day or a moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from ivr.simulator.rest.answer import RestError

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def within(given: Mapping[str, str], name: str, moment: datetime | None) -> bool:
    """Whether `moment` is what the filters of this `name` ask for; `<` and `>` include what they name."""
    for ending in ("", "<", ">", "<=", ">="):
        if written := given.get(name + ending):
            start, end = _span(name, written)
            too_early = not ending.startswith("<") and (moment is None or moment < start)
            too_late = not ending.startswith(">") and (moment is None or moment >= end)
            if too_early or too_late:
                return False
    return True


def _span(name: str, written: str) -> tuple[datetime, datetime]:
    """From when to before when a day, or a moment given to the second, lasts. In UTC where nothing else is said."""
    length = DAY if len(written) == len("2026-11-23") else SECOND
    try:
        start = datetime.fromisoformat(written.replace(" ", "T"))
    except ValueError:
        try:
            start = parsedate_to_datetime(written)
        except ValueError:
            raise RestError(
                400, 20001, f"{name} must be a day or a moment, such as 2026-11-23: {written[:40]}"
            ) from None
    start = start if start.tzinfo else start.replace(tzinfo=UTC)
    return start, start + length
