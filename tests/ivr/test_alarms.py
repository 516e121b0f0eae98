"""Alarm limits: what a supervisor sets comes first, then the queue's own, then the hotline's, then the usual ones."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from ivr.alarms import Alarm, What, alarms, limits, set_limit
from ivr.emergency import Emergency
from ivr.hotlines import Hotlines
from ivr.store import Store

MENUS = Path(__file__).parents[2] / "menus"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SINCE = NOW - timedelta(seconds=90)


@pytest.fixture(name="store")
def a_database(tmp_path: Path) -> Iterator[Store]:
    ids = count()
    store = Store(f"sqlite:///{tmp_path}/dialtree.db", lambda: NOW, lambda: f"{next(ids):032x}")
    yield store
    store.close()


def rung(store: Store, tmp_path: Path, hotline: str = "", claims: str = "", waiting: int = 1, wait_s: str = "") -> list:
    """The alarms while so many have waited for `claims` for a minute and a half; nobody is logged in."""
    menus = Path(shutil.copytree(MENUS, tmp_path / f"menus{hash((hotline, claims))}"))
    (menus / "acme" / "alarms.yaml").write_text(hotline or "lists: {}\n", "utf-8")
    queues = menus / "acme" / "queues.yaml"
    queues.write_text(queues.read_text("utf-8").replace("  claims:\n", f"  claims:\n{claims}", 1), "utf-8")
    hotlines = Hotlines(menus, store)
    store.queues = hotlines.queues
    with store.transaction() as tx:
        assert set_limit(tx, tx.floor.queue("claims"), wait_s) is None
        limit_s = limits(tx, [tx.floor.queue("claims")], hotlines.current())
        found = alarms(tx, hotlines.current(), {"claims": (waiting, SINCE)}, limit_s)
    return [alarm for alarm in found if alarm.queue == "claims"]


NOBODY = Alarm(What.NOBODY, "claims", 1)


SAID = [
    ("", "", "", None),  # half of 600 s
    ("alarms: {wait_s: 90}\n", "", "", 90),
    ("alarms: {wait_s: 91}\n", "", "", None),
    ("alarms: {wait_s: 91}\n", "    alarms: {wait_s: 60}\n", "", 60),
    ("alarms: {wait_s: 60}\n", "    alarms: {wait_s: 100}\n", "", None),
    ("alarms: {wait_s: 91}\n", "    alarms: {wait_s: 101}\n", "30", 30),
]
"""What the hotline says, the queue, and a supervisor on the page; after how many seconds it is an alarm, if so."""


def test_when_a_wait_is_an_alarm(store: Store, tmp_path: Path) -> None:
    for hotline, claims, wait_s, after_s in SAID:
        found = rung(store, tmp_path, hotline, claims, wait_s=wait_s)
        wait = [Alarm(What.LONG_WAIT, "claims", 1, SINCE, after_s)] if after_s else []
        assert found == [*wait, NOBODY], (hotline, claims, wait_s)


def test_a_long_line_is_an_alarm_where_a_hotline_says_so(store: Store, tmp_path: Path) -> None:
    line = Alarm(What.MANY_WAIT, "claims", 5, SINCE)
    assert line not in rung(store, tmp_path, waiting=5)
    assert line in rung(store, tmp_path, "alarms: {waiting: 5}\n", waiting=5)
    assert line not in rung(store, tmp_path, "alarms: {waiting: 5}\n", "    alarms: {waiting: 6}\n", waiting=5)


def test_a_queue_that_nobody_need_attend_says_so(store: Store, tmp_path: Path) -> None:
    assert rung(store, tmp_path, claims="    alarms: {nobody: no}\n") == []
    assert rung(store, tmp_path, "alarms: {nobody: no}\n") == []
    assert rung(store, tmp_path, "alarms: {nobody: no}\n", "    alarms: {nobody: yes}\n") == [NOBODY]


def test_so_many_cases_are_overdue_as_the_hotline_wants_to_be_told_of(store: Store, tmp_path: Path) -> None:
    folders = count()

    def overdue(hotline: str) -> list[int]:
        folder = tmp_path / f"menus{next(folders)}"
        shutil.copytree(MENUS, folder)
        (folder / "acme" / "alarms.yaml").write_text(hotline or "lists: {}\n", "utf-8")
        hotlines = Hotlines(folder, store)
        store.queues, store.due = hotlines.queues, hotlines.due
        with store.transaction() as tx:
            return [it.count for it in alarms(tx, hotlines.current(), {}, {}) if it.what is What.OVERDUE]

    assert overdue("") == []
    ids = count()
    past = Store(str(store.engine.url), lambda: NOW - timedelta(days=60), lambda: f"c{next(ids)}")
    past.due = store.due
    with past.transaction() as tx:
        for number in range(2):
            tx.cases.log("claim", {"order_number": f"{number}"}, f"f{number}", "anna", tx.now)
    past.close()
    assert overdue("alarms: {overdue: 2}\n") == [2]
    assert overdue("alarms: {overdue: 3}\n") == []
    assert overdue("alarms: {nobody: no}\n") == [2]


def test_an_emergency_switch_that_is_on_is_an_alarm_until_it_ends(store: Store) -> None:
    def switches() -> list[Alarm]:
        with store.transaction() as tx:
            return [it for it in alarms(tx, (), {}, {}) if it.what is What.EMERGENCY]

    for until, told in ((NOW, []), (NOW + timedelta(hours=1), [Alarm(What.EMERGENCY, "acme", 0, SINCE)])):
        with store.transaction() as tx:
            tx.emergencies.put_on(Emergency("acme", until, "vera", SINCE))
        assert switches() == told
