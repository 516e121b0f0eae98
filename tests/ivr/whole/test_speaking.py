"""By what representatives speak: a plain telephone and a SIP address ring with the offer, and a key takes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.accounts import Accounts
from ivr.codes import Codes
from ivr.role import Role
from ivr.supervision import By, Profile, Supervision
from routing.agent import AgentState
from tests.ivr.whole.world import World, heard
from tests.played import log_in_cheaply

TELEPHONE, DESK_PHONE = "+493055501234", "sip:anna.b-1@pbx.example.com:5061;transport=tls"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    log_in_cheaply(monkeypatch)
    world = World(tmp_path)
    yield world
    assert world.troubles() == []
    world.close()


def speaks_by(world: World, phone: str, name: str = "anna.b-1") -> None:
    """A supervisor says where somebody is rung."""
    switchboard = world.application.switchboard
    accounts = Accounts(switchboard.store)
    supervision = Supervision(switchboard, accounts, Codes(switchboard.store, accounts))
    profile = Profile(name, {"claims": 4, "en": 4}, phone=phone)
    assert supervision.change(By("vera", Role.ADMINISTRATOR, ""), name, profile) is None


def state(world: World, name: str) -> AgentState:
    with world.application.switchboard.store.look() as tx:
        return tx.floor.agent(name).state


@pytest.mark.parametrize("address", [TELEPHONE, DESK_PHONE])
def test_what_rings_is_the_offer_and_1_takes_it(world: World, address: str) -> None:
    desk = world.at_the_desk("anna.b-1", claims=4, en=4)
    speaks_by(world, address)
    person = world.network.line(address, answers_after_s=3, keys="1")
    line = world.ring("4")
    world.network.advance(20)
    assert "press 1" in heard(person.lines[0])
    assert (person.lines[0].state, line.state) == ("in conference", "in conference")
    assert person.lines[0].conference is line.conference
    seen = desk.state().body
    assert (seen["agent"]["address"], seen["agent"]["state"]) == (address, "talking")
    assert seen["contact"]["form"]  # the form is open on the page all the same
    person.lines[0].hang_up()
    world.network.advance(2)
    assert state(world, "anna.b-1") == "wrap_up"


@pytest.mark.parametrize(
    ("address", "behaviour"),
    [
        (TELEPHONE, "voicemail"),
        (DESK_PHONE, "busy"),
        pytest.param(TELEPHONE, "never", marks=pytest.mark.deep),
        pytest.param(DESK_PHONE, "unreachable", marks=pytest.mark.deep),
    ],
)
def test_a_mailbox_or_nobody_there_takes_no_caller_and_somebody_else_is_asked(
    world: World, address: str, behaviour: str
) -> None:
    world.at_the_desk("anna.b-1", claims=5, en=5)
    speaks_by(world, address)
    person = world.network.line(address, behaviour=behaviour)
    line = world.ring("4")
    world.network.advance(2)
    bert = world.at_the_desk("bert", claims=3, en=3)
    for _ in range(30):
        world.network.advance(3)
        if bert.state().body["offer"]:
            break
    assert person.lines
    world.accept(bert)
    world.network.advance(5)
    assert line.state == "in conference"
    assert person.lines[0].over


def test_without_a_telephone_they_are_back_on_the_page(world: World) -> None:
    desk = world.at_the_desk("anna.b-1", claims=4, en=4)
    speaks_by(world, DESK_PHONE)
    speaks_by(world, "")
    line = world.ring("4")
    world.network.advance(2)
    world.accept(desk)
    world.network.advance(5)
    assert line.state == "in conference"
    assert desk.state().body["agent"]["address"] == "client:anna.b-1"
