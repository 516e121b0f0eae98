"""S56: each class goes after its time, once, whatever kills the run; what must stay stays; and the report is exact."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from ivr.__main__ import main
from ivr.keeping import Class, Keeping, read_keeping
from ivr.privacy.retention import Retention
from routing.store import metadata
from tests.ivr.privacy.somebody import NAME, NUMBER, bytes_with, lives
from tests.ivr.privacy.test_erasing import Killed, killed_at
from tests.ivr.web.desk_world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


def retention(world: World, data: Path, **days: int) -> Retention:
    usual = {Class(name): number for name, number in {"recordings": 90, "events": 365, "log": 30, **days}.items()}
    return Retention(world.store, data, world.switchboard.archive, Keeping(usual))


def rows(world: World, table: str) -> int:
    with world.store.look() as tx:
        return tx.connection.execute(select(func.count()).select_from(metadata.tables[table])).scalar() or 0


def test_s56_each_class_goes_after_its_own_time(world: World, tmp_path: Path) -> None:
    case = lives(world, tmp_path)
    log = tmp_path / "log" / "2026-11-24.jsonl"
    log.parent.mkdir()
    log.write_text("{}\n")
    kept, cases = retention(world, tmp_path), rows(world, "cases")
    world.now += timedelta(days=29)
    assert not any(kept.run().counts.values())
    world.now += timedelta(days=2)
    assert kept.would_take()["files"] == 1
    assert {name for name, count in kept.run().counts.items() if count} == {"files"}
    world.now += timedelta(days=60)
    sound = next((tmp_path / "recordings").iterdir())
    os.utime(sound, (world.now.timestamp(), world.now.timestamp()))  # a copy that is new is old all the same
    assert kept.run().counts["recordings"] == 1
    assert list((tmp_path / "recordings").iterdir()) == []
    assert rows(world, "events") > 5
    world.now += timedelta(days=275)
    done = kept.run().counts
    assert (done["calls"], done["mails"], done["visits"], rows(world, "events")) == (1, 1, 1, 0)
    assert rows(world, "cases") == cases
    with world.store.look() as tx:
        assert tx.cases.by_number(case).fields["name"] == NAME  # a matter lives longer than its call
        assert tx.connection.execute(select(metadata.tables["calls"].c.caller)).scalar().startswith("erased-")
    assert kept.would_take() == dict.fromkeys(kept.would_take(), 0)


@pytest.mark.parametrize("step", [19, pytest.param(1, marks=pytest.mark.deep)])
def test_s56_a_run_killed_anywhere_ends_as_if_nothing_had_been(world: World, tmp_path: Path, step: int) -> None:
    told = {}
    for at in range(2, 80, step):
        lives(world, tmp_path)
        world.message_is_left()
        world.now += timedelta(days=400)
        expected = retention(world, tmp_path).would_take()
        mend = killed_at(world.store, at)
        with contextlib.suppress(Killed):
            retention(world, tmp_path).run()
        mend()
        done = retention(world, tmp_path).run()
        told = {name: done.counts.get(name, 0) for name in expected if name != "files"}
        assert told == {name: count for name, count in expected.items() if name != "files"}, at
        again = retention(world, tmp_path).run()
        assert again.counts == done.counts  # the same day's report, and nothing more
        assert rows(world, "recordings") == rows(world, "events") == 0
        assert len(list((tmp_path / "recordings").iterdir())) == rows(world, "messages")
    assert told["recordings"] == 1
    assert not [it for it in bytes_with(tmp_path / "recordings", NUMBER) if it]


def test_s56_a_message_stays_while_its_case_is_open(world: World, tmp_path: Path) -> None:
    message = world.message_is_left()
    world.now += timedelta(days=400)
    assert retention(world, tmp_path).run().counts["messages"] == 0
    with world.store.transaction() as tx:
        tx.cases.move(tx.cases.latest(1)[0].number, "settle", tx.now, "olga")
    assert retention(world, tmp_path).run().counts["messages"] == 1
    assert not world.switchboard.archive.exists(message)


def test_s56_a_hotline_may_keep_for_a_time_of_its_own(world: World, tmp_path: Path) -> None:
    lives(world, tmp_path)
    world.now += timedelta(days=31)
    keeping = read_keeping({"DIALTREE_KEEP": "acme.recordings:30 other.recordings:5"}, [])
    assert Retention(world.store, tmp_path, world.switchboard.archive, Keeping()).would_take()["recordings"] == 0
    assert Retention(world.store, tmp_path, world.switchboard.archive, keeping).would_take()["recordings"] == 1


@pytest.mark.parametrize("wrong", ["recordings", "recordings:0", "voices:3", "acme.log:3", "log:99999", "log:-1"])
def test_keeping_times_that_are_none_are_said_with_what_would_be_right(wrong: str) -> None:
    faults: list[str] = []
    read_keeping({"DIALTREE_KEEP": f"log:3 {wrong}"}, faults)
    assert len(faults) == 1
    assert repr(wrong) in faults[0]


def test_a_sound_without_a_row_goes_too_and_daily_work_is_done_once_a_day(world: World, tmp_path: Path) -> None:
    orphan = tmp_path / "recordings" / f"{'f' * 32}.wav"
    orphan.write_bytes(b"RIFF")
    long_ago = (world.now - timedelta(days=200)).timestamp()
    os.utime(orphan, (long_ago, long_ago))
    daily = world.app.daily
    daily.do()
    assert not orphan.exists()
    daily.do()
    with world.store.look() as tx:
        assert len(tx.audit.latest(9, what="kept long enough")) == 1
    world.now += timedelta(days=1)
    daily.do()
    with world.store.look() as tx:
        assert len(tx.audit.latest(9, what="kept long enough")) == 2


def test_the_command_says_what_would_go_and_what_went(tmp_path: Path) -> None:
    environment = {"DIALTREE_DATA": str(tmp_path), "DIALTREE_KEEP": "recordings:30"}
    log = tmp_path / "log" / "2020-01-01.jsonl"
    log.parent.mkdir()
    log.write_text("{}\n")
    dry = CliRunner().invoke(main, ["retention", "--dry-run"], env=environment)
    assert "would take away: 1 files" in dry.output
    assert log.exists()
    assert "taken away today: 1 files" in CliRunner().invoke(main, ["retention"], env=environment).output
    assert not log.exists()
