"""Week: a calendar's regular opening times, days with the same times put together."""

from __future__ import annotations

from datetime import time
from itertools import groupby

from ivr.view.telling import locale, tell
from routing.hours import Calendar, Hours


def week_lines(calendar: Calendar, language: str) -> list[tuple[str, str]]:
    """`("Monday–Friday", "08:00–18:00")` and so on, from Monday to Sunday."""
    lines = []
    for _, group in groupby(range(7), lambda day: calendar.week.get(day, ())):
        days = list(group)
        lines.append((days_text(days[0], days[-1], language), hours_text(calendar.week.get(days[0], ()), language)))
    return lines


def days_text(first: int, last: int, language: str) -> str:
    """`Monday`, or `Monday–Friday`; counted from 0 = Monday."""
    names = locale(language).days["stand-alone"]["wide"]
    return names[first] if first == last else f"{names[first]}–{names[last]}"


def hours_text(hours: Hours, language: str) -> str:
    """`08:00–12:00, 13:00–18:00`, or that it is closed; `22:00–06:00 +1` ends on the next day."""
    if not hours:
        return tell("view.hours.closed", language)
    return ", ".join(f"{opens:%H:%M}–{_closing(opens, closes)}" for opens, closes in hours)


def _closing(opens: time, closes: time) -> str:
    if closes == time(0):
        return "24:00"
    return f"{closes:%H:%M}" + (" +1" if closes <= opens else "")
