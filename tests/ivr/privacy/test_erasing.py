"""S57-S60: what is kept of one person is found, erased to the last byte, erased again after a backup, or held."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from ivr.privacy.counting import counting
from ivr.privacy.erasing import Erased, Privacy
from ivr.privacy.person import Person, read_person
from ivr.store import Store
from routing.store import metadata
from tests.ivr.privacy.somebody import EMAIL, NAME, NEIGHBOUR, NUMBER, bytes_with, lives
from tests.ivr.web.desk_world import World

SOUGHT = (NUMBER[1:], EMAIL, NAME)


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


def rows(store: Store) -> dict[str, int]:
    with store.look() as tx:
        return {
            table.name: tx.connection.execute(select(func.count()).select_from(table)).scalar() or 0
            for table in metadata.sorted_tables
        }


def test_s58_nothing_of_them_stands_in_any_byte_afterwards(world: World, privacy: Privacy, tmp_path: Path) -> None:
    lives(world, tmp_path)
    other = lives(world, tmp_path, NEIGHBOUR, "bo@example.net", "Bo Neighbour")
    with world.store.transaction() as tx:
        grouped = f"0{NUMBER[3:7]} {NUMBER[7:10]}-{NUMBER[10:]}"
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
