"""Reports: what was counted by day and queue, on a page and as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask import Response, render_template

from ivr.accounts import Session
from ivr.figures import KINDS, Counted, brought, by_day_and_queue, counted, passages
from ivr.hotlines import Hotlines
from ivr.shift_rows import DAYS_MAX as SHIFT_DAYS_MAX
from ivr.shift_rows import Worked, by_agent, shifts, together
from ivr.store import Store
from ivr.web.days import DAYS_MAX, Days, asked_days
from ivr.web.figure_words import length, share, told
from ivr.web.frame import zone_of
from ivr.web.texts import Texts, page_texts

USUAL_DAYS = 14
SHOWN = (
    *("entered", "answered", "abandoned", "abandoned_short", "overflowed", "left", "still_here"),
    *("service_level", "mean_wait", "longest_wait", "mean_talk"),
)
"""The figures of a report, in the order of its columns."""

WORKED = ("logged_in", "paused", "available", "offered", "talking", "wrap_up", "occupancy")
"""The figures of people's time, likewise."""


class ReportPages:
    """One view a method."""

    def __init__(self, store: Store, hotlines: Hotlines) -> None:
        self._store, self._hotlines = store, hotlines

    def page(self, session: Session) -> Any:
        """GET /reports?from=DAY&to=DAY"""
        t = page_texts()
        days, rows, all_ = self._counted()
        people = self._worked(days)
        return render_template(
            "reports/page.html", days=days, rows=rows, all=all_, shown=SHOWN, days_max=DAYS_MAX,
            told=lambda row, name: told(row, name, t), people=people, worked=WORKED, shift_days_max=SHIFT_DAYS_MAX,
            everybody=together(people or []), time_told=lambda row, name: time_told(row, name, t),
        )  # fmt: skip

    def file(self, session: Session) -> Any:
        """GET /reports.csv?from=DAY&to=DAY: every number in full, seconds and shares from 0 to 1."""
        days, rows, _ = self._counted()
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(["day", "queue", "kind", "goal_within_s", *SHOWN])
        for row in rows:
            found = row.figures
            numbers = ["" if found[name] is None else found[name] for name in SHOWN]
            writer.writerow([row.day.isoformat(), row.queue, row.kind, row.level.within_s, *numbers])
        name = f"report-{days.first.isoformat()}-{days.last.isoformat()}.csv"
        answer = Response(out.getvalue(), mimetype="text/csv")
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    def _counted(self) -> tuple[Days, list[Counted], list[Counted]]:
        zone = zone_of(self._hotlines)
        with self._store.look() as tx:
            days = asked_days(tx.now, zone, USUAL_DAYS)
            found = [*passages(tx, days.since, days.until), *brought(tx, days.since, days.until)]
            kinds = [kind for kind in KINDS if any(each.kind == kind for each in found)]
            all_ = [counted(found, None, tx.floor.queue, kind=kind) for kind in kinds]
            return days, by_day_and_queue(found, zone, tx.floor.queue), all_

    def _worked(self, days: Days) -> list[Worked] | None:
        """How everybody's time was spent; None where these are more days than are told of people's time."""
        if (days.last - days.first).days >= SHIFT_DAYS_MAX:
            return None
        with self._store.look() as tx:
            return by_agent(shifts(tx, days.since, days.until), days.since, days.until)


def time_told(row: Worked, name: str, t: Texts) -> str:
    """One figure of somebody's time, in the way its kind is written."""
    value = row.figures[name]
    return share(value, t) if name == "occupancy" else length(value)
