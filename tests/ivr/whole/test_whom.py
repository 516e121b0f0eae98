"""Whom a queue asks, from the YAML to the desks: all at once, tiers, the one who knows the caller, a kept place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ivr.whole.world import CALLER, World

BEFORE = "    ring_s: 20\n"


@pytest.fixture(name="open_world")
def a_world_with_a_queue_like_this(tmp_path: Path) -> Iterator[Callable[[str], World]]:
    """Opens the hotline with more settings of its queue."""
    opened: list[World] = []

    def open_with(settings: str) -> World:
        text = Path(__file__).with_name("hotline.yaml").read_text("utf-8")
        assert text.count(BEFORE) == 1
        opened.append(World(tmp_path, text.replace(BEFORE, BEFORE + settings)))
        return opened[0]

    yield open_with
    assert opened[0].troubles() == []
    opened[0].close()


def test_all_desks_ring_and_the_first_to_accept_has_the_call(open_world):
    world = open_world("    strategy: ring_all\n")
    desks = [world.at_the_desk(name, claims=3) for name in ("anna", "bert")]
    line = world.ring("4")
    world.network.advance(2)
    offers = [desk.state().body["offer"] for desk in desks]
    assert {offer["contact"] for offer in offers} == {world.call_of(line).contact}
    world.accept(desks[1])
    late = desks[0].post(f"/desk/api/offers/{offers[0]['id']}/accept")
    assert (late.status, late.body["hint"]) == (409, "taken by bert")
    world.network.advance(5)
    assert line.state == "in conference"
    assert desks[0].state().body["agent"]["state"] == "available"


def test_a_later_tier_is_asked_in_time(open_world):
    world = open_world("    tiers: [{group: anna}, {group: bert, after_s: 25}]\n    offers_max: 5\n")
    anna, bert = world.at_the_desk("anna", claims=5), world.at_the_desk("bert", claims=5)
    assert anna.post("/desk/api/pause", {"reason": "lunch"}).fine
    world.ring("4")
    world.network.advance(15)
    assert bert.state().body["offer"] is None
    world.network.advance(12)
    assert bert.state().body["offer"]


def test_a_caller_is_led_to_whoever_talked_to_them_last(open_world):
    world = open_world("    prefer: last_agent\n    wrap_up_s: 0\n")
    desks = {name: world.at_the_desk(name, claims=5) for name in ("anna", "bert")}
    reached = []
    for _ in range(2):
        line = world.ring("4")
        world.network.advance(2)
        name = next(name for name, desk in desks.items() if desk.state().body["offer"])
        reached.append(name)
        world.accept(desks[name])
        world.network.advance(5)
        line.hang_up()
        world.network.advance(5)
    assert reached == ["anna", "anna"], "bert has been free longer the second time"


def test_who_is_cut_off_has_the_place_back(open_world):
    world = open_world("    keep_place_s: 60\n")
    anna = world.at_the_desk("anna", claims=3)
    assert anna.post("/desk/api/pause", {"reason": "lunch"}).fine
    first = world.ring("4")
    world.network.advance(3)
    world.ring("4", caller="+4915100000001")
    first.hang_up()
    world.network.advance(3)
    again = world.ring("4", caller=CALLER)
    world.network.advance(3)
    assert anna.post("/desk/api/ready").fine
    assert anna.state().body["offer"]["contact"] == world.call_of(again).contact


def test_wrap_up_is_put_off_once_and_says_what_came_of_the_call(open_world):
    world = open_world("    wrap_up_s: 20\n    wrap_up_extra_s: 40\n")
    world.rewrite("\ncases:\n", "\ndispositions:\n  settled: {en: settled, de: erledigt}\ncases:\n")
    anna = world.at_the_desk("anna", claims=5)
    line = world.ring("4")
    world.network.advance(2)
    contact = anna.state().body["offer"]["contact"]
    world.accept(anna)
    world.network.advance(5)
    line.hang_up()
    world.network.advance(2)
    assert anna.post("/desk/api/wrap-up/extend").fine
    assert anna.post("/desk/api/wrap-up/extend").body["error"] == "extended already"
    wrong = anna.post(f"/desk/api/contacts/{contact}/disposition", {"disposition": "lost"})
    assert (wrong.status, wrong.body["hint"]) == (422, "there are: settled")
    assert anna.post(f"/desk/api/contacts/{contact}/disposition", {"disposition": "settled"}).fine
    world.network.advance(50)
    assert anna.state().body["agent"]["state"] == "wrap_up"
    world.network.advance(10)
    assert anna.state().body["agent"]["state"] == "available"
