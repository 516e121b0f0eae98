"""The floor's pages: the wallboard, what of it lives, what each of its figures is, and when a wait is an alarm."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for

from ivr.accounts import Session
from ivr.alarms import WAIT_MAX_S, WAIT_MIN_S, set_limit
from ivr.figures import by_slot
from ivr.hotlines import Hotlines
from ivr.role import Role
from ivr.store import Store
from ivr.web.bars import Bars, Column
from ivr.web.counter import beside_the_calls
from ivr.web.figure_words import length, number, share, told
from ivr.web.floor_look import Line, Look, look
from ivr.web.frame import zone_of
from ivr.web.security import address
from ivr.web.texts import Texts, page_texts

NOW = ("waiting", "longest_wait_now", "people", "callbacks_due")
"""Figures of this moment; all others are counted since midnight."""

EXPLAINED = (*NOW, "entered", "answered", "abandoned", "service_level", "mean_wait")
"""The figures of the wallboard, in the order in which they stand."""


class FloorPages:
    """One view a method."""

    def __init__(self, store: Store, hotlines: Hotlines) -> None:
        self._store, self._hotlines = store, hotlines

    def page(self, session: Session) -> Any:
        """GET /floor"""
        return render_template("floor/page.html", **self._shown(session))

    def parts(self, session: Session) -> Any:
        """GET /floor/parts"""
        return render_template("floor/parts.html", **self._shown(session))

    def figure(self, session: Session, name: str) -> Any:
        """GET /floor/figures/NAME?queue=QUEUE: alone for a script, a whole page for everybody else."""
        shown = self._shown(session)
        queue = request.args.get("queue") or None
        line = shown["seen"].line(queue)
        if name not in EXPLAINED or line is None:
            abort(404)
        template = "floor/figure.html" if "HX-Request" in request.headers else "floor/figure_page.html"
        return render_template(template, **shown, name=name, line=line, counts=_counts(name, line, shown["seen"]))

    def set_limit(self, session: Session) -> Any:
        """POST /floor/limits"""
        queue, wait_s = request.form.get("queue", ""), request.form.get("wait_s", "").strip()
        with self._store.transaction() as tx:
            known = self._store.queues().get(queue)
            no = set_limit(tx, known, wait_s)
            if no is None:
                tx.audited(session.account, "set when a wait is an alarm", queue, address(), wait_s=wait_s)
        if no:
            return render_template("floor/page.html", **{**self._shown(session), "fault": True}), 422
        return redirect(url_for("floor.page") + "#limits", 303)

    def _shown(self, session: Session) -> dict[str, Any]:
        zone, t = zone_of(self._hotlines), page_texts()
        with self._store.look() as tx:
            seen, beside = look(tx, self._hotlines, zone), beside_the_calls(tx)
        return {
            "beside": beside,
            "seen": seen,
            "chart": _chart(seen, t, zone),
            "may_set": session.role.contains(Role.SUPERVISOR),
            "wait_s_between": (WAIT_MIN_S, WAIT_MAX_S),
            "fault": False,
            "number": lambda value: number(value, t),
            "share": lambda value: share(value, t),
            "length": length,
            "told": lambda line, name: told(line.today, name, t),
        }


def _chart(seen: Look, t: Texts, zone: Any) -> Bars:
    """Today's calls by the half hour in which they came, as far as the day has gone."""
    slots = [
        slot for slot in by_slot(seen.all.today.passages, seen.begins_at, seen.ends_at) if slot.begins_at <= seen.at
    ]
    busy = [n for n, slot in enumerate(slots) if slot.answered or slot.abandoned or slot.others]
    shown = slots[max(0, busy[0] - 1) :] if busy else slots[-4:]
    names = (t("floor.chart.answered"), t("floor.chart.abandoned"), t("floor.chart.others"))
    columns = [
        Column(format(slot.begins_at.astimezone(zone), "%H:%M"), (slot.answered, slot.abandoned, slot.others))
        for slot in shown
    ]
    return Bars(names, ("answered", "abandoned", "others"), tuple(columns))


def _counts(name: str, line: Line, seen: Look) -> list[tuple[str, Any]]:
    """What a figure is made of: (what was counted, how many)."""
    level, found = line.today.level, line.today.figures
    match name:
        case "service_level":
            whole = level.answered_within + level.answered_after + level.abandoned_after
            return [
                *(("answered_within", level.answered_within), ("answered_after", level.answered_after)),
                *(("abandoned_after", level.abandoned_after), ("whole", whole)),
                *(("abandoned_within", level.abandoned_within), ("overflowed", level.overflowed), ("left", level.left)),
            ]
        case "people":
            return [(f"{state}", n) for state, n in seen.people.items()]
        case "waiting" | "longest_wait_now":
            return [("waiting", line.waiting)]
        case "callbacks_due":
            return [("callbacks_due", line.callbacks_due)]
        case "mean_wait":
            return [
                ("over", sum(each.waited_s is not None for each in line.today.passages)),
                ("still_here", found["still_here"]),
            ]
    return [
        (each, found[each])
        for each in ("entered", "answered", "abandoned", "abandoned_short", "overflowed", "left", "still_here")
    ]
