"""Figures: every number of the reports and the floor is what the exports give when it is counted anew.

The oracle reads the export as a spreadsheet would and knows nothing of the program: no formula of it, no time zone.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from ivr.brought_rows import COLUMNS as CONTACT_COLUMNS
from ivr.brought_rows import brought_rows
from ivr.call_rows import COLUMNS, call_rows
from ivr.export import as_csv
from ivr.figures import by_slot, midnight, next_midnight, passages
from ivr.mail import mails
from ivr.role import Role
from ivr.store import calls
from ivr.tokens import Tokens
from ivr.visit import visits
from ivr.web.floor_look import look
from routing.agent import Agent
from routing.store.tables import contacts, offers
from tests.ivr.web.desk_world import World

SPRING, AUTUMN, PLAIN = date(2026, 3, 29), date(2026, 10, 25), date(2026, 7, 1)
LENGTH_H = {SPRING: 23, AUTUMN: 25, PLAIN: 24}
WITHIN_S = {"claims": 30, "service": 20}
"""The times of menus/acme, within which calls are to be answered."""

OTHERS_WITHIN_S = {"visit": 600, "email": 86_400}

ENDINGS = ("served", "transferred", "abandoned", "overflowed", "left", "waits", "talks")


@dataclass(frozen=True)
class Story:
    """One caller's way: seconds after midnight in UTC of the day before, and what became of them."""

    at_s: int
    waited_s: float
    talked_s: int
    queue: str
    kind: str
    ending: str
    missed: int


STORIES = st.lists(
    st.builds(
        Story,
        st.integers(20 * 3600, 52 * 3600) | st.sampled_from([22 * 3600, 23 * 3600, 25 * 3600, 46 * 3600, 47 * 3600]),
        st.integers(0, 90) | st.sampled_from([5, 5.5, 20, 20.25, 30, 30.001]),
        st.integers(0, 900),
        st.sampled_from(sorted(WITHIN_S)),
        st.sampled_from(["call", "call", "callback", "visit", "email"]),
        st.sampled_from(ENDINGS),
        st.integers(0, 3),
    ),
    max_size=25,
)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with TemporaryDirectory() as folder:
        world = World(Path(folder))
        with world.store.transaction() as tx:
            tx.floor.add(Agent("anna", "Anna", "client:anna"))
        _, word = Tokens(world.store).make("spreadsheet", Role.SUPERVISOR, "anna", "console")
        world.bearer = {"Authorization": f"Bearer {word}"}
        yield world
        world.close()


def told(world: World, day: date, stories: list[Story]) -> None:
    """Let it have happened."""
    with world.store.transaction() as tx:
        for table in (offers, contacts, calls, mails, visits):
            tx.connection.execute(delete(table))
        tree = world.switchboard.hotlines.current()[0]
        start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
        for n, story in enumerate(stories, 1):
            tell = {"visit": _tell_visit, "email": _tell_mail}.get(story.kind, _tell)
            tell(tx, tree, n, story, start + timedelta(seconds=story.at_s))


def _tell(tx: Any, tree: Any, n: int, story: Story, entered: datetime) -> None:
    talked = story.ending in ("served", "transferred", "talks")
    over = story.ending not in ("waits", "talks")
    answered = entered + timedelta(seconds=story.waited_s) if talked else None
    ended = (answered or entered + timedelta(seconds=story.waited_s)) if over else None
    ended = ended + timedelta(seconds=story.talked_s) if ended and talked else ended
    call = {
        "sid": f"CA{n:032x}", "hotline": tree.hotline, "version": tree.version, "caller": "+4915112345678",
        "called": "+498005550142", "language": "de", "started_at": entered - timedelta(seconds=40),
        "state": "ended" if over else "waiting", "outcome": "served" if over else None, "ended_at": ended,
        "node": "claims", "entry": "", "case_kind": "claim", "announced": "", "contact": f"c{n}",
        **dict.fromkeys(("silences", "wrong_keys", "failures", "step", "question", "announcements", "texted"), 0),
        "path": [], "way_back": [], "met": [], "typed": {}, "noted": {}, "answers": {},
        "hinted": False, "survey": "", "survey_way": "", "consent": "",
    }  # fmt: skip
    contact = {
        "id": f"c{n}", "kind": story.kind, "queue": story.queue, "needs": {}, "lane": "", "head_start_s": 0,
        "language": "de", "call": call["sid"], "relax": [], "entered_at": entered, "rank": entered, "seq": n,
        "max_wait_at": entered + timedelta(hours=1), "talking_at": answered, "ended_at": ended, "held_s": 0,
        "state": {"waits": "waiting", "talks": "talking"}.get(story.ending, "done"),
        "outcome": story.ending if over else None, "last_agent": "anna" if talked else None,
        **dict.fromkeys(("transfers", "reach", "offers_made", "rounds", "rung"), 0),
    }  # fmt: skip
    tx.connection.execute(insert(calls).values(**call))
    tx.connection.execute(insert(contacts).values(**contact))
    for m in range(story.missed):
        gone = {"id": f"o{n}-{m}", "contact": f"c{n}", "agent": "anna", "queue": story.queue, "kind": story.kind}
        more = {"live_kind": True, "state": "missed", "made_at": entered, "ended_at": entered, "reason": []}
        tx.connection.execute(insert(offers).values(**gone, **more))


def _brought(tree: Any, n: int, story: Story, came: datetime) -> dict[str, Any]:
    known = {"hotline": tree.hotline, "language": "de", "queue": story.queue, "case_kind": "claim", "came_at": came}
    return {**known, "id": f"b{n}", "needs": {}, "relax": []}


def _tell_mail(tx: Any, tree: Any, n: int, story: Story, came: datetime) -> None:
    """Waits are drawn out: e-mails are answered within a day, or just not."""
    state = {"served": "answered", "left": "closed", "overflowed": "kept"}.get(story.ending, "open")
    done = came + timedelta(seconds=story.waited_s * 2880) if state in ("answered", "closed") else None
    row = {
        **_brought(tree, n, story, came), "message_id": f"<{n}@customer.example>", "address": "claims@acme.example",
        "sender": None, "sender_name": "", "subject": "", "text": "", "left_out": 0, "thread": f"b{n}", "draft": "",
        "state": state, "why": "nobody" if state == "kept" else None, "done_at": done,
        "taken_at": came if done or story.ending == "talks" else None,
    }  # fmt: skip
    tx.connection.execute(insert(mails).values(**row))


def _tell_visit(tx: Any, tree: Any, n: int, story: Story, came: datetime) -> None:
    endings = {"served": "served", "talks": "called", "abandoned": "left", "overflowed": "not there", "left": "left"}
    state, called = endings.get(story.ending, "waiting"), came + timedelta(seconds=story.waited_s * 20)
    taken = called if state in ("served", "called") or story.ending == "left" else None  # handed on, and then gone
    row = {
        **_brought(tree, n, story, came), "link": f"l{n}", "day": "2026-01-01", "ticket": n, "name": "", "note": "",
        "caller": None, "taken_in_by": "boss", "state": state, "taken_at": taken,
        "called_at": None if state == "waiting" else called,
        "done_at": called + timedelta(seconds=story.talked_s) if state not in ("called", "waiting") else None,
    }  # fmt: skip
    tx.connection.execute(insert(visits).values(**row))


# -- the oracle: it sees the export and nothing else --


def exported(world: World) -> list[dict[str, Any]]:
    """Every wait of every call, as a spreadsheet's reader finds it in the export."""
    with world.store.look() as tx:
        text = "".join(as_csv(list(COLUMNS), call_rows(tx, ZoneInfo("UTC"), None, None)))
    rows = csv.DictReader(io.StringIO(text))
    return [passage for row in rows for passage in json.loads(row["passages"]) if passage["kind"] == "call"]


def brought(world: World) -> list[dict[str, Any]]:
    """Every e-mail and visitor that waited, as the other export has them, told like a wait of a call."""
    with world.store.look() as tx:
        text = "".join(as_csv(list(CONTACT_COLUMNS), brought_rows(tx, ZoneInfo("UTC"), None, None)))
    found = []
    for row in csv.DictReader(io.StringIO(text)):
        if row["state"] == "kept":
            continue
        answered_at = row["done_at" if row["by"] == "email" else "taken_at"]
        outcome = None if not row["done_at"] else "served" if answered_at else "abandoned"
        wait = {"entered_at": row["came_at"], "answered_at": answered_at, "ended_at": row["done_at"]}
        found.append({"queue": row["queue"], "kind": row["by"], "outcome": outcome, **wait})
    return found


def day_in_berlin(stamp: str) -> str:
    """Central European time by its rule: summer from the last Sunday of March to that of October, 01:00 UTC."""
    summer = "2026-03-29T01:00" <= stamp < "2026-10-25T01:00"
    return (datetime.fromisoformat(stamp) + timedelta(hours=2 if summer else 1)).date().isoformat()


def recomputed(waits: list[dict[str, Any]], queue: str, kind: str = "call") -> dict[str, float | None]:
    """Each figure from its sentence."""

    def seconds(first: str, last: str) -> float:
        return (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds()

    within_s = OTHERS_WITHIN_S.get(kind) or WITHIN_S[queue]
    answered = [it for it in waits if it["answered_at"]]
    unanswered = [it for it in waits if not it["answered_at"]]
    gave_up = [it for it in unanswered if it["outcome"] == "abandoned"]
    over = [(it["entered_at"], it["answered_at"] or it["ended_at"]) for it in waits]
    lengths = [seconds(first, last) for first, last in over if last]
    talks = [seconds(it["answered_at"], it["ended_at"]) for it in answered if it["ended_at"] and kind != "email"]
    in_time = [it for it in answered if seconds(it["entered_at"], it["answered_at"]) <= within_s]
    too_late = [it for it in gave_up if seconds(it["entered_at"], it["ended_at"]) > within_s]
    whole = len(answered) + len(too_late)
    return {
        "entered": len(waits),
        "answered": len(answered),
        "abandoned": len(gave_up),
        "abandoned_short": sum(seconds(it["entered_at"], it["ended_at"]) <= 5 for it in gave_up),
        "overflowed": sum(it["outcome"] == "overflowed" for it in unanswered),
        "left": sum(it["outcome"] == "left" for it in unanswered),
        "still_here": sum(it["outcome"] is None for it in unanswered),
        "service_level": len(in_time) / whole if whole else None,
        "mean_wait": sum(lengths) / len(lengths) if lengths else None,
        "longest_wait": max(lengths, default=None),
        "mean_talk": sum(talks) / len(talks) if talks else None,
    }


def same(told: dict[str, Any], right: dict[str, float | None]) -> None:
    for name, value in right.items():
        shown = None if told[name] in ("", None) else float(told[name])
        assert shown == (None if value is None else pytest.approx(value, rel=1e-12)), name


@given(st.sampled_from([SPRING, AUTUMN, PLAIN]), STORIES)
def test_each_number_of_the_report_is_what_the_export_gives(world: World, day: date, stories: list[Story]) -> None:
    world.now = datetime(day.year, day.month, day.day, 20, tzinfo=UTC)
    told(world, day, stories)
    span = f"from={day - timedelta(days=2)}&to={day + timedelta(days=2)}"
    answer = world.app.wsgi.test_client().get(f"/reports.csv?{span}", headers=world.bearer)
    rows = {(row["day"], row["queue"], row["kind"]): row for row in csv.DictReader(io.StringIO(answer.text))}
    waits: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for it in [*exported(world), *brought(world)]:
        waits.setdefault((day_in_berlin(it["entered_at"]), it["queue"], it["kind"]), []).append(it)
    assert rows.keys() == waits.keys()
    for key, its in waits.items():
        same(rows[key], recomputed(its, key[1], key[2]))


@given(st.sampled_from([SPRING, AUTUMN, PLAIN]), STORIES, st.integers(0, 22))
def test_each_number_of_the_floor_is_what_the_export_of_that_day_gives(
    world: World, day: date, stories: list[Story], hour: int
) -> None:
    world.now = midnight(day, ZoneInfo("Europe/Berlin")).astimezone(UTC) + timedelta(hours=hour)
    told(world, day, stories)
    with world.store.look() as tx:
        seen = look(tx, world.switchboard.hotlines, ZoneInfo("Europe/Berlin"))
    today = [it for it in exported(world) if day_in_berlin(it["entered_at"]) == day.isoformat()]
    for queue in WITHIN_S:
        same(seen.line(queue).today.figures, recomputed([it for it in today if it["queue"] == queue], queue))
    waiting = [it for it in exported(world) if not it["answered_at"] and not it["ended_at"]]
    assert seen.all.waiting == len(waiting)
    assert seen.all.since == min((datetime.fromisoformat(it["entered_at"]) for it in waiting), default=None)


@pytest.mark.parametrize("day", [SPRING, AUTUMN, PLAIN])
def test_a_day_in_half_hours_has_as_many_as_the_clock_went_through(world: World, day: date) -> None:
    zone = ZoneInfo("Europe/Berlin")
    since, until = midnight(day, zone).astimezone(UTC), next_midnight(day, zone).astimezone(UTC)
    told(world, day, [Story(s, 3, 60, "claims", "call", "served", 0) for s in range(20 * 3600, 52 * 3600, 900)])
    with world.store.look() as tx:
        found = passages(tx, since, until)
    slots = by_slot(found, since, until)
    assert len(slots) == 2 * LENGTH_H[day]
    assert [slot.answered for slot in slots] == [2] * len(slots)
