"""The clock over a restart: set back meanwhile, time goes on from what was stored last, and the log says so."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ivr.store import Store
from ivr.web.clock import MachineClock
from routing import distributor
from routing.contact import Contact
from routing.queue import Queue
from routing.steady import BEHIND_MAX

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def begun(folder: Path, wall: datetime) -> tuple[Store, MachineClock]:
    """A program that starts while the clock on the wall shows this."""
    clock = MachineClock(wall=lambda: wall)
    store = Store(f"sqlite:///{folder}/dialtree.db", clock, lambda: "0" * 32)
    store.queues = lambda: {"claims": Queue("claims")}
    clock.go_on_from_stored(store)
    return store, clock


def call(store: Store, name: str) -> None:
    with store.transaction() as tx:
        distributor.enter(tx.floor, Contact(name, "claims", {}), tx.now)


@pytest.mark.parametrize("set_back", [timedelta(seconds=1), timedelta(minutes=90)])
def test_who_calls_after_a_restart_stands_behind_who_waits(tmp_path, caplog, set_back):
    store, _ = begun(tmp_path, MORNING)
    call(store, "anna")
    store.close()
    store, clock = begun(tmp_path, MORNING - set_back)
    assert clock() >= MORNING
    call(store, "bert")
    with store.look() as tx:
        assert tx.floor.contact("anna").place < tx.floor.contact("bert").place
    store.close()
    assert f"the clock is {set_back.total_seconds():.1f} s behind what was stored last" in caplog.text


def test_a_clock_that_was_far_ahead_is_not_followed_and_the_log_says_it(tmp_path, caplog):
    store, _ = begun(tmp_path, MORNING + BEHIND_MAX + timedelta(seconds=5))
    call(store, "anna")
    store.close()
    store, clock = begun(tmp_path, MORNING)
    assert clock() < MORNING + timedelta(minutes=1)
    assert "more than can be bridged (7200 s)" in caplog.text
    store.close()


def test_a_clock_that_goes_right_is_not_spoken_of(tmp_path, caplog):
    caplog.set_level(logging.INFO)
    store, _ = begun(tmp_path, MORNING)
    call(store, "anna")
    store.close()
    store, clock = begun(tmp_path, MORNING + timedelta(seconds=5))
    assert timedelta(0) <= clock() - (MORNING + timedelta(seconds=5)) < timedelta(minutes=1)
    assert "behind" not in caplog.text
    store.close()
