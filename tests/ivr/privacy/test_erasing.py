"""S57-S60: what is kept of one person is found, erased to the last byte, erased again after a backup, or held."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select

from ivr.keeping import Keeping
from ivr.privacy.counting import counting
from ivr.privacy.erasing import Erased, Privacy
from ivr.privacy.person import Person, read_person
from ivr.privacy.retention import Retention
from ivr.privacy.tombstones import Tombstones
from ivr.store import Store, calls
from routing.case import Channel, Link
from routing.refusal import Refused
from routing.store import metadata
from tests.ivr.privacy.somebody import CUSTOMER, EMAIL, NAME, NEIGHBOUR, NUMBER, bytes_with, lives
from tests.ivr.web.desk_world import World
from tests.ivr.web.supervisor.people import administrator

SOUGHT = (NUMBER[1:], EMAIL, NAME)


class Killed(BaseException):
    """The power goes."""


def killed_at(store: Store, statement: int) -> Any:
    """From now on the database takes so many statements, and then the program is gone; call it to mend that."""
    left = [statement]

    def before(*_: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Killed

    event.listen(store.engine, "before_cursor_execute", before)
    return lambda: event.remove(store.engine, "before_cursor_execute", before)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


@pytest.fixture
def privacy(world: World, tmp_path: Path) -> Privacy:
    return Privacy(world.store, tmp_path, counting(world.switchboard.hotlines.current))


def person(typed: str) -> Person:
    found = read_person(typed)
    assert isinstance(found, Person)
    return found


def test_s58_nothing_of_them_stands_in_any_byte_afterwards(world: World, privacy: Privacy, tmp_path: Path) -> None:
    lives(world, tmp_path)
    other = lives(world, tmp_path, NEIGHBOUR, "bo@example.net", "Bo Neighbour")
    with world.store.transaction() as tx:
        grouped = f"0{NUMBER[3:7]} {NUMBER[7:10]}-{NUMBER[10:]}"
        theirs = tx.connection.execute(select(calls.c.sid).where(calls.c.caller == NUMBER)).scalar()
        tx.cases.link(other, Link(tx.now, "claims-1", Channel.CALL, call=theirs, note=f"{NAME} rief dazu an"))
        tx.cases.remark(other, f"siehe auch {grouped} und {EMAIL}", tx.now, "claims-1")
    assert set(bytes_with(tmp_path, *SOUGHT)) == set(SOUGHT)
    for typed in (NUMBER, EMAIL):
        done = privacy.erase(person(typed), "olga")
        assert isinstance(done, Erased)
        assert done.flushed
    assert bytes_with(tmp_path, *SOUGHT, "ana.petrovic") == {}
    assert (tmp_path / "dialtree.db-wal").stat().st_size == 0
    assert set(bytes_with(tmp_path, NEIGHBOUR[1:], "Bo Neighbour")) == {NEIGHBOUR[1:], "Bo Neighbour"}
    with world.store.look() as tx:
        assert tx.cases.by_number(other).history[-1].detail["text"] == "siehe auch … und …"


def test_s58_totals_and_reports_stay_as_they_were(world: World, privacy: Privacy, tmp_path: Path) -> None:
    lives(world, tmp_path)
    lives(world, tmp_path, NEIGHBOUR, "bo@example.net", "Bo Neighbour")
    ada = administrator(world)

    def told() -> list[object]:
        cases = ada.get("/api/v1/exports/cases.json").get_json()
        calls = ada.get("/api/v1/exports/calls.json").get_json()
        with world.store.look() as tx:
            callers = tx.connection.execute(select(func.count(metadata.tables["calls"].c.caller.distinct()))).scalar()
        pages = ("/results", "/reports?from=2026-11-24&to=2026-11-24")
        shown = [ada.get(page).text.partition("<main")[2] for page in pages]
        names = ("kind", "state", "field.cause", "queue", "outcome", "waited_s")
        counts = [[{it: row.get(it) for it in names} for row in found] for found in (cases, calls)]
        return [*shown, ada.get("/reports.csv").text, *counts, callers]

    before = told()
    assert "impolite" in str(before[3])
    for typed in (NUMBER, EMAIL):
        assert isinstance(privacy.erase(person(typed), "olga"), Erased)
    assert told() == before


def test_s58_by_a_customer_s_number_the_same_matters_go(world: World, privacy: Privacy, tmp_path: Path) -> None:
    lives(world, tmp_path)
    kept = privacy.look_up(person(CUSTOMER))
    assert (kept.counts["calls"], kept.counts["recordings"]) == (1, 1)
    assert {it.value for it in kept.others} == {NUMBER, EMAIL}
    assert isinstance(privacy.erase(person(CUSTOMER), "olga"), Erased)
    assert bytes_with(tmp_path, CUSTOMER) == {}


def test_who_is_on_the_line_is_not_erased_in_mid_call(world: World, privacy: Privacy) -> None:
    contact = world.caller_waits(caller=NUMBER)
    assert isinstance(privacy.erase(person(NUMBER), "olga"), Refused)
    world.caller_hangs_up(contact)
    assert isinstance(privacy.erase(person(NUMBER), "olga"), Erased)


@pytest.mark.parametrize("step", [37, pytest.param(3, marks=pytest.mark.deep)])
def test_erasing_survives_being_killed_anywhere(world: World, privacy: Privacy, tmp_path: Path, step: int) -> None:
    promised = 0
    for at in range(3, 150, step):
        lives(world, tmp_path)
        stones = len(Tombstones(tmp_path).all())
        mend = killed_at(world.store, at)
        with contextlib.suppress(Killed):
            privacy.erase(person(NUMBER), "olga")
        mend()
        if len(Tombstones(tmp_path).all()) == stones:  # killed before it was promised: nothing is gone yet
            assert privacy.look_up(person(NUMBER)).counts["recordings"] == 1
            privacy.erase(person(NUMBER), "olga")
        else:
            promised += 1
            Privacy(world.store, tmp_path).catch_up()
        privacy.erase(person(EMAIL), "olga")
        assert bytes_with(tmp_path, *SOUGHT) == {}, at
    assert promised >= 2


def test_s59_a_backup_that_is_put_back_forgets_them_again(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    data.mkdir()
    world = World(data)
    lives(world, data)
    lives(world, data, NEIGHBOUR, "bo@example.net", "Bo Neighbour")
    Privacy(world.store, data).flush()
    shutil.copytree(data, backup)
    world.now += timedelta(minutes=1)
    for typed in (NUMBER, EMAIL):
        assert isinstance(Privacy(world.store, data).erase(person(typed), "olga"), Erased)
    world.close()
    tombs = {name: (data / name).read_bytes() for name in ("erased.jsonl", "erased.key")}
    assert not any(NUMBER[1:].encode() in content or EMAIL.encode() in content for content in tombs.values())
    shutil.rmtree(data)
    shutil.copytree(backup, data)
    for name, content in tombs.items():
        (data / name).write_bytes(content)
    assert set(bytes_with(data, *SOUGHT)) == set(SOUGHT)
    again = World(data)
    again.now += timedelta(hours=1)
    again.app.daily.do()
    again.app.daily.do()
    assert bytes_with(data, *SOUGHT) == {}
    assert "Bo Neighbour" in bytes_with(data, "Bo Neighbour")
    with again.store.look() as tx:
        assert [row.what for row in tx.audit.latest(9, what="person erased")] == ["person erased"] * 2
    again.close()


def test_s59_whoever_calls_again_after_being_erased_is_known_again(world: World, privacy: Privacy) -> None:
    world.caller_hangs_up(world.caller_waits(caller=NUMBER))
    assert isinstance(privacy.erase(person(NUMBER), "olga"), Erased)
    world.now += timedelta(days=1)
    world.caller_hangs_up(world.caller_waits(caller=NUMBER))
    assert privacy.catch_up() == 0
    assert privacy.look_up(person(NUMBER)).counts["calls"] == 1


def test_s60_a_legal_hold_stands_before_erasing_and_before_time(world: World, privacy: Privacy, tmp_path: Path) -> None:
    lives(world, tmp_path)
    assert privacy.hold(person(NUMBER), "Az. 7 O 12/26", "olga") is None
    assert isinstance(privacy.hold(person(NUMBER), "again", "olga"), Refused)
    no = privacy.erase(person(NUMBER), "olga")
    assert isinstance(no, Refused)
    assert no.hint == "Az. 7 O 12/26"
    world.now += timedelta(days=1000)
    retention = Retention(world.store, tmp_path, world.switchboard.archive, Keeping())
    before = privacy.look_up(person(NUMBER)).counts
    assert retention.run().counts["recordings"] == 0
    assert privacy.look_up(person(NUMBER)).counts == before
    assert privacy.end_hold(privacy.holds()[0].id, "olga") is None
    world.now += timedelta(days=1)
    assert retention.run().counts["recordings"] == 1
    assert privacy.look_up(person(NUMBER)).counts["calls"] == 0
    with world.store.look() as tx:
        assert NUMBER not in str(tx.connection.execute(select(metadata.tables["holds"])).all())
