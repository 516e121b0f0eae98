"""Results of the survey: every figure is what the exports of calls and cases give when they are counted anew.

The oracle reads both exports as a spreadsheet would and knows nothing of the program but their columns.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from ivr.accounts import Accounts
from ivr.role import Role
from ivr.store import calls
from ivr.surveys import asked, grouping, results
from ivr.tokens import Tokens
from routing.store.tables import case_history, case_links, cases, contacts
from tests.ivr.test_figures import AUTUMN, PLAIN, SPRING
from tests.ivr.web.desk_world import World

BERLIN = ZoneInfo("Europe/Berlin")
GROUPS = ("queue", "option", "cause", "hour", "outcome", "way", "person")
CAUSES = ("", "too_slow", "impolite")
KEYS = {"settled": ("1", "2"), "treated": ("1", "3", "5"), "easy": ("2", "4")}


@dataclass(frozen=True)
class Story:
    """One caller: asked when and how (not at all: way ""), in which queue, with which case, and what they answered."""

    at_s: int
    way: str
    queue: str
    agent: str
    said: str | None
    option: str
    case: tuple[str, bool] | None  # its cause, and whether it is settled
    answers: tuple[tuple[str, str], ...]
    before: bool = False  # whether they talked to somebody else first, who handed them on


ANSWERS = st.lists(st.sampled_from([(name, key) for name, keys in KEYS.items() for key in keys]), max_size=3)
STORIES = st.lists(
    st.builds(
        Story,
        st.integers(20 * 3600, 52 * 3600) | st.sampled_from([23 * 3600, 24 * 3600, 25 * 3600]),
        st.sampled_from(["line", "line", "call_back", "link", ""]),
        st.sampled_from(["claims", "service"]),
        st.sampled_from(["anna", "berta"]),
        st.sampled_from([None, "settled", "call_again"]),
        st.sampled_from(["", "1", "2"]),
        st.none() | st.tuples(st.sampled_from(CAUSES), st.booleans()),
        ANSWERS.map(lambda its: tuple(dict(its).items())),
        st.booleans(),
    ),
    max_size=10,
)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with TemporaryDirectory() as folder:
        world = World(Path(folder))
        _, word = Tokens(world.store).make("spreadsheet", Role.SUPERVISOR, "anna", "console")
        world.bearer = {"Authorization": f"Bearer {word}"}
        yield world
        world.close()


def told(world: World, day: date, stories: list[Story]) -> None:
    """Let it have happened."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
    with world.store.transaction() as tx:
        for table in (case_links, case_history, cases, contacts, calls):
            tx.connection.execute(delete(table))
        tree = world.switchboard.hotlines.current()[0]
        for n, story in enumerate(stories, 1):
            at = start + timedelta(seconds=story.at_s)
            tx.connection.execute(insert(calls).values(**_call(tree, n, story, at)))
            last = _contact(n, story, at)
            if story.before:
                first = {"id": f"b{n}", "queue": "elsewhere", "outcome": "transferred", "last_agent": "carl"}
                tx.connection.execute(insert(contacts).values({**last, **first, "seq": 2 * n - 1}))
            tx.connection.execute(insert(contacts).values(**last))
        for n, story in enumerate(stories, 1):
            if story.case:
                _log(tx, n, *story.case)


def _call(tree: Any, n: int, story: Story, at: datetime) -> dict[str, Any]:
    return {
        "sid": f"CA{n:032x}", "hotline": tree.hotline, "version": tree.version, "caller": "+4915112345678",
        "called": "+498005550142", "language": "de", "started_at": at - timedelta(hours=1), "state": "ended",
        "outcome": "served", "ended_at": at, "node": "claims", "entry": "", "case_kind": "claim", "announced": "",
        "contact": f"c{n}", "survey": "offered" if story.way else "spared", "survey_way": story.way,
        "survey_at": at if story.way else None, "answers": dict(story.answers) if story.way else {},
        **dict.fromkeys(("silences", "wrong_keys", "failures", "step", "question", "announcements", "texted"), 0),
        "path": [["welcome", story.option]] if story.option else [], "way_back": [], "met": [], "typed": {},
        "noted": {}, "hinted": False, "consent": "",
    }  # fmt: skip


def _contact(n: int, story: Story, at: datetime) -> dict[str, Any]:
    return {
        "id": f"c{n}", "kind": "call", "queue": story.queue, "needs": {}, "lane": "", "head_start_s": 0,
        "language": "de", "call": f"CA{n:032x}", "relax": [], "entered_at": at, "rank": at, "seq": 2 * n,
        "max_wait_at": at, "talking_at": at, "ended_at": at, "held_s": 0, "state": "done", "outcome": "served",
        "last_agent": story.agent, "disposition": story.said,
        **dict.fromkeys(("transfers", "reach", "offers_made", "rounds", "rung"), 0),
    }  # fmt: skip


def _log(tx: Any, n: int, cause: str, settled: bool) -> None:
    fields = {"cause": cause} if cause else {}
    case = tx.cases.log("claim", fields, f"form {n}", "anna", tx.now, contact=f"c{n}", call=f"CA{n:032x}")
    if settled:
        tx.cases.move(case.number, "settle", tx.now, "anna")


# -- the oracle: it sees the exports and nothing else --


def exported(world: World, what: str) -> list[dict[str, str]]:
    answer = world.app.wsgi.test_client().get(f"/api/v1/exports/{what}.csv", headers=world.bearer)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text)))


def hour_in_berlin(stamp: str) -> str:
    """Central European time by its rule: summer from the last Sunday of March to that of October, 01:00 UTC."""
    summer = "2026-03-29T01:00" <= stamp < "2026-10-25T01:00"
    return f"{(datetime.fromisoformat(stamp) + timedelta(hours=2 if summer else 1)).hour:02}:00"


def groups_of(row: dict[str, str], its: list[dict[str, str]], by: str) -> list[Any]:
    """What a row of the export belongs to; `its` are its cases' rows."""
    talk = [it for it in json.loads(row["passages"]) if it["outcome"] in ("served", "transferred")][-1]
    states = {it["state"] == "settled" for it in its}
    case = "none" if not its else "settled" if states == {True} else "open"
    first = row["way"].split(" ")[0]
    return {
        "queue": [talk["queue"]],
        "person": [talk["agent"]],
        "option": [tuple(first.split(":"))] if first else [],
        "cause": sorted({it["field.cause"] for it in its if it["field.cause"]}),
        "hour": [hour_in_berlin(row["survey_at"])],
        "outcome": [("said", talk["disposition"]) if talk["disposition"] else ("case", case)],
        "way": [row["survey_way"]],
    }[by]


def recomputed(
    calls_: list[dict[str, str]], cases_: list[dict[str, str]], by: str
) -> dict[Any, tuple[int, int, dict[str, list[int]]]]:
    """Each group: how many were asked, how many answered, and the keys by question."""
    numbers = {row["number"]: row for row in cases_}
    found: dict[Any, tuple[int, int, dict[str, list[int]]]] = {}
    for row in calls_:
        if row["survey"] != "offered":
            continue
        answers = dict(pair.split("=") for pair in row["answers"].split())
        for group in groups_of(row, [numbers[it] for it in row["cases"].split()], by):
            n, answered, keys = found.get(group, (0, 0, {}))
            for question, key in answers.items():
                keys.setdefault(question, []).append(int(key))
            found[group] = (n + 1, answered + bool(answers), keys)
    return found


@given(st.sampled_from([SPRING, AUTUMN, PLAIN]), STORIES)
@settings(max_examples=settings().max_examples // 3)
def test_each_result_is_what_the_exports_give(world: World, day: date, stories: list[Story]) -> None:
    world.now = datetime(day.year, day.month, day.day, 20, tzinfo=UTC)
    told(world, day, stories)
    with world.store.look() as tx:
        found = asked(tx, world.now - timedelta(days=5), world.now + timedelta(days=5))
    calls_, cases_ = exported(world, "calls"), exported(world, "cases")
    for by in GROUPS:
        rows, right = results(found, grouping(BERLIN)[by]), recomputed(calls_, cases_, by)
        assert {row.group for row in rows} == right.keys()
        for row in rows:
            n, answered, keys = right[row.group]
            assert (row.asked, row.answered, row.rate) == (n, answered, pytest.approx(answered / n))
            assert {name: (score.answers, score.mean) for name, score in row.scores.items()} == {
                name: (len(its), pytest.approx(sum(its) / len(its))) for name, its in keys.items()
            }


def test_the_page_shows_them_with_n_and_the_rate_by_way_and_by_outcome(world: World) -> None:
    world.now = datetime(2026, 7, 1, 20, tzinfo=UTC)
    one = ("claims", "anna", None, "2", None)
    stories = [Story(40 * 3600, way, *one, answers) for way, answers in (
        ("line", (("treated", "5"),)), ("line", ()), ("link", (("treated", "2"), ("settled", "1"))), ("", ()),
    )]  # fmt: skip
    told(world, PLAIN, stories)
    page = browser_of(world).get("/results?from=2026-06-28&to=2026-07-03").text
    cells = [re.sub(r"<[^>]+>|\s+", " ", row).split() for row in re.findall(r"<tr><th.*?</tr>", page, re.DOTALL)]
    assert ["claims", "3", "2", "66%"] in [row[:4] for row in cells], "rounded down, as every share is"
    told_rows = [" ".join(row) for row in cells]
    assert any(it.startswith("on the same line 2 1 50%") for it in told_rows)
    assert any(it.startswith("by a link 1 1 100%") for it in told_rows)
    assert any(it.startswith("no case 3 2 66%") for it in told_rows)
    assert "n=2" in page


def browser_of(world: World) -> Any:
    """A supervisor's."""
    seat = world.at_desk("boss")
    Accounts(world.store).set_role("boss", Role.SUPERVISOR, "console")
    return seat.browser
