"""`ivr why`: one sentence for every contact and offer, and what was weighed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ivr.__main__ import main
from ivr.store import Store
from routing import distributor as d
from routing.agent import Agent
from routing.contact import Contact
from routing.queue import Queue, Strategy

ROOT = Path(__file__).parents[3]


@pytest.fixture(name="ask")
def a_floor_with_a_past(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """anna talks to c1; bert declined c2 and went to lunch; nobody is called c3."""
    now = [datetime(2026, 11, 23, 9, tzinfo=UTC)]
    ids = iter(f"id{number}" for number in range(100))
    store = Store(f"sqlite:///{tmp_path}/dialtree.db", lambda: now[0], lambda: next(ids))
    store.queues = lambda: {"claims": Queue("claims", strategy=Strategy.FEWEST_CALLS)}

    def do(happening: Any, *details: Any) -> Any:
        now[0] += timedelta(seconds=7)
        with store.transaction() as tx:
            return happening(tx.floor, *details, tx.now)

    with store.transaction() as tx:
        for name, skills in (("anna", {"claims": 4}), ("bert", {"claims": 3}), ("carl", {"orders": 5})):
            tx.floor.add(Agent(name, skills=skills))
    for name in ("anna", "bert", "carl"):
        do(d.log_in, name)
        do(d.ready, name)
    [offered] = do(d.enter, Contact("c1", "claims", {"claims": 2}, call="CA1"))
    do(d.accept, offered.offer.id, "anna")
    do(d.leg_answered, offered.offer.id)
    [offered] = do(d.enter, Contact("c2", "claims", {"claims": 2}))
    do(d.decline, offered.offer.id, "bert")
    do(d.pause, "bert", "lunch")
    do(d.consult, "c1", "anna", "carl")
    store.close()
    monkeypatch.setenv("DIALTREE_DATA", str(tmp_path))
    monkeypatch.setenv("DIALTREE_MENUS", str(ROOT / "menus"))
    return lambda thing: CliRunner().invoke(main, ["why", thing])


@pytest.mark.parametrize("thing", ["c1", "CA1"])
def test_who_talks_is_told_with_whom_and_why(ask: Any, thing: str) -> None:
    told = ask(thing)
    assert told.exit_code == 0, told.output
    assert "call c1 in claims is with anna since 09:01:03 UTC" in told.output
    why = "to anna, who has claims 4 and has had the fewest calls today (0); bert is free too, but not as long; "
    assert why + "carl lacks claims 2" in told.output


def test_who_is_asked_about_somebody_is_told_by_whom(ask: Any) -> None:
    told = ask("CA1").output.splitlines()
    [consultation] = [line.split()[1] for line in told if line.startswith("consultation ")]
    about = f"consultation {consultation} of anna about call c1 waits since 2026-11-23 09:01:31 UTC"
    assert f"{about} and is being offered to carl" in told
    assert "09:01:31 UTC to carl, who is asked by anna [open]" in told
    assert "  09:01:31 held (to ask carl)" in told
    assert "  09:01:31 entered queue=*consults by=anna of=c1 kind=consult" in told


def test_who_waits_is_told_what_keeps_each_agent(ask: Any) -> None:
    told = ask("c2").output
    assert "call c2 in claims waits since 2026-11-23 09:01:10 UTC, position 1 of 1" in told
    assert "to nobody yet; anna is talking; bert is paused (lunch); carl lacks claims 2" in told
    assert "declined agent=bert queue=claims" in told


def test_an_offer_is_told_by_itself(ask: Any) -> None:
    told = ask("id0").output.splitlines()
    assert told[0].startswith("09:00:49 UTC to anna, who has claims 4")
    assert told[1:] == ["  + anna was chosen", "  - bert is free too, but not as long", "  - carl lacks claims 2"]


def test_what_there_is_not_is_said(ask: Any) -> None:
    told = ask("c3")
    assert told.exit_code == 1
    assert told.output == "Error: there is no contact, offer or call 'c3'\n"
