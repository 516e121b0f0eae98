"""One history: who called, wrote and came is one person at the desk, if a case says so, and nobody else's is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.mail_room import MailRoom
from routing.case import Channel, Link
from tests.ivr.mail.letters import WRITER, letter
from tests.ivr.web.desk_world import CALLER, Seat, World
from tests.ivr.web.test_counter import take_in

FIELDS = {"order_number": "47110815", "cause": "badly_done"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


@pytest.fixture
def seat(world: World) -> Seat:
    seat = world.at_desk("ann", claims=4, en=4, de=4)
    seat.post("ready")
    return seat


def past_of(seat: Seat) -> list[tuple[str, str]]:
    """What the desk tells of whoever is offered."""
    return [(it["by"], it["came_of"]) for it in seat.state["offer"]["history"]]


def test_whoever_called_wrote_and_came_is_one_person_when_a_case_joins_them(world: World, seat: Seat) -> None:
    take_in(seat, caller="+49 151 12345678")  # the same number as the caller's
    contact = seat.accepts()
    number = seat.post(f"contacts/{contact}/case", kind="claim", fields=FIELDS, form="f1").get_json()["number"]
    seat.post(f"contacts/{contact}/hang-up")
    seat.post("wrap-up/end")
    world.later(60)
    MailRoom(world.switchboard).take(letter(Subject=f"My case {number}"))
    assert past_of(seat) == []  # anybody can write a number into a subject
    contact = seat.accepts()
    with world.store.transaction() as tx:
        tx.cases.link(number, Link(tx.now, "ann", Channel.EMAIL, contact, None, "it is she"))
    seat.post(f"contacts/{contact}/answer", text="Dear Ms Muster")
    world.later(60)
    world.caller_hangs_up(world.caller_waits(caller="+4930000000"))  # somebody else
    world.caller_waits()
    assert past_of(seat) == [("email", "answered"), ("visit", "served"), ("case", "open")]
    assert [it["who"] for it in seat.state["offer"]["history"]] == [WRITER, CALLER, CALLER]
    desk = seat.browser.get("/desk/parts").text
    assert "What they did before" in desk
    assert f"My case {number}" in desk
    page = seat.browser.get(f"/cases/{number}").text
    told = page[page.index("past-title") :]
    assert f"My case {number}" in told
    assert WRITER in told


def test_a_withheld_number_and_a_stranger_have_no_history(world: World, seat: Seat) -> None:
    for caller in ("anonymous", "+4930000001"):
        world.caller_hangs_up(world.caller_waits(caller="anonymous"))
        contact = world.caller_waits(caller=caller)
        assert past_of(seat) == []
        world.caller_hangs_up(contact)
        world.later(60)
