"""The emergency switch, callers' messages and the audit, as supervisors and administrators use them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from tests.ivr.web.desk_world import World
from tests.ivr.web.supervisor.people import administrator, supervisor


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


def is_on(world: World) -> bool:
    with world.store.look() as tx:
        return tx.emergencies.on("acme", tx.now) is not None


def test_the_switch_ends_by_itself_on_the_office_s_clock(world: World) -> None:
    vera = supervisor(world)
    assert vera.post("/emergency/acme", until="2026-11-24T10:30").status_code == 303  # Berlin, 09:30 UTC
    assert is_on(world)
    assert "on until" in vera.get("/emergency").text
    world.later(29 * 60)
    assert is_on(world)
    world.later(2 * 60)
    assert not is_on(world)


@pytest.mark.parametrize("until", ["", "2026-11-24T09:00", "2027-11-24T09:00", "soon"])
def test_the_switch_needs_an_end_that_is_to_come_and_not_far(world: World, until: str) -> None:
    vera = supervisor(world)
    assert vera.post("/emergency/acme", until=until).status_code == 409
    assert not is_on(world)


def test_the_switch_can_be_put_off_and_both_are_written_down(world: World) -> None:
    vera, ada = supervisor(world), administrator(world)
    vera.post("/emergency/acme", until="2026-11-24T12:00")
    assert vera.post("/emergency/acme/off").status_code == 303
    assert not is_on(world)
    page = ada.get("/audit?who=vera").text
    assert page.index("emergency off") < page.index("emergency on")
    assert vera.post("/emergency/ghost", until="2026-11-24T12:00").status_code == 404


def test_who_hears_a_message_stands_beside_it(world: World) -> None:
    vera = supervisor(world)
    recording = world.message_is_left()
    assert "nobody yet" in vera.get("/recordings").text
    assert vera.browser.get(f"/recordings/{recording}", buffered=True).mimetype == "audio/wav"
    page = vera.get("/recordings").text
    assert "<bdi>vera</bdi> <span" in page
    assert "nobody yet" not in page
    for other in ("0" * 32, "x", "..%2fdialtree.db"):
        assert vera.get(f"/recordings/{other}").status_code == 404


def test_the_audit_is_for_administrators_and_finds_out_who_changed_it(world: World) -> None:
    vera, ada = supervisor(world), administrator(world)
    assert vera.get("/audit").status_code == 403
    assert "are as they were written" in ada.get("/audit?checked=1").text
    with world.store.transaction() as tx:
        tx.connection.execute(sql("UPDATE audit SET who = 'somebody else' WHERE seq = 2"))
    assert "Row 2 is not as it was written" in ada.get("/audit?checked=1").text
