"""Listening in: who may ask for it and when, and that it is asked of the carrier and written down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ivr.web.desk_world import World
from tests.ivr.web.supervisor.people import supervisor


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


def test_who_may_not_or_comes_too_late_listens_to_nobody(world: World) -> None:
    vera, seat = supervisor(world), world.at_desk()
    seat.post("ready")
    contact = world.caller_waits()
    assert vera.post(f"/waiting/{contact}/listen", how="listen").status_code == 409  # nobody talks yet
    seat.accepts()
    world.leg_answers(contact)
    csrf = {"csrf": seat.csrf, "how": "listen"}
    assert seat.browser.post(f"/waiting/{contact}/listen", data=csrf).status_code == 403
    assert vera.post(f"/waiting/{contact}/listen", how="shout").status_code == 409


def test_listening_is_asked_of_the_carrier_and_written_down(world: World) -> None:
    vera, seat = supervisor(world), world.at_desk()
    seat.post("ready")
    contact = world.caller_waits()
    seat.accepts()
    world.leg_answers(contact)
    for how in ("listen", "whisper", "barge", "off"):
        assert vera.post(f"/waiting/{contact}/listen", how=how, back="line").location == "/waiting", how
    with world.store.look() as tx:
        told = [(it.who, it.fields["how"]) for it in tx.audit.latest(9) if it.what == "listened in"]
    assert told == [("vera", how) for how in ("off", "barge", "whisper", "listen")]
    assert any("Conferences" in url for url, _ in world.carrier.orders)


def test_who_could_listen_in_is_told_what_will_ring(world: World) -> None:
    vera, seat = supervisor(world), world.at_desk()
    seat.post("ready")
    contact = world.caller_waits()
    seat.accepts()
    world.leg_answers(contact)
    assert "You have no telephone yet" in vera.get("/waiting").text
    vera.post("/agents/vera", display_name="Vera", role="supervisor")
    assert "Your page Desk rings then" in vera.get("/waiting").text
    vera.post("/agents/vera", display_name="Vera", role="supervisor", phone="+4930123456")
    assert "<bdi>+4930123456</bdi>" in vera.get("/waiting").text
