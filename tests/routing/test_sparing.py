"""Agents who did not take a contact: for a while they are asked about others, and not about the same one again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from routing import distributor as d
from routing.contact import ContactState
from routing.explaining import explain
from routing.queue import Queue, Strategy
from tests.routing.centre import Centre
from tests.routing.test_floors import OFTEN, TIME, happens
from tests.routing.two_floors import DOORS, TwoFloors

SPARING = Queue(
    "claims", max_wait_s=900, misses_max=5, same_declined_s=300, same_busy_s=60, same_no_answer_s=120, offers_max=20
)


@pytest.fixture
def centre(open_centre: Callable[..., Centre]) -> Centre:
    return open_centre(SPARING)


def declines(centre: Centre, contact: str) -> str:
    offer = centre.offer_for(contact)
    centre.do(d.decline, offer.id, offer.agent)
    return offer.agent


def test_who_declined_is_asked_about_others_meanwhile_and_about_the_same_one_later(centre: Centre) -> None:
    centre.come("anna")
    centre.call("c1")
    declines(centre, "c1")
    assert centre.contact("c1").state is ContactState.WAITING
    centre.call("c2")
    assert centre.asked()[-1] == ("c2", "anna"), "who comes later in the same line is not kept waiting by it"
    centre.talk("c2")
    centre.do(d.talk_ended, "c2")
    centre.do(d.end_wrap_up, "anna")
    centre.wait(299)
    assert centre.contact("c1").state is ContactState.WAITING
    centre.wait(1)
    assert centre.asked()[-1] == ("c1", "anna")
    assert centre.contact("c1").spares == {}


def test_somebody_else_is_asked_at_once(centre: Centre) -> None:
    for name in ("anna", "bert", "carl"):
        centre.come(name)
    centre.call("c1")
    assert [declines(centre, "c1") for _ in range(3)] == ["anna", "bert", "carl"]
    assert sorted(centre.contact("c1").spares) == ["anna", "bert", "carl"]
    assert centre.contact("c1").state is ContactState.WAITING


@pytest.mark.parametrize("strategy", [it for it in Strategy if it not in (Strategy.RING_ALL,)])
def test_whatever_the_strategy_nobody_is_asked_twice_in_that_time(
    open_centre: Callable[..., Centre], strategy: Strategy
) -> None:
    centre = open_centre(Queue("claims", strategy=strategy, order=("carl", "anna"), same_declined_s=300, offers_max=20))
    for name in ("anna", "bert", "carl", "dora"):
        centre.come(name)
    centre.call("c1")
    assert sorted(declines(centre, "c1") for _ in range(4)) == ["anna", "bert", "carl", "dora"]
    assert centre.offer_for("c1") is None
    centre.come("emil")
    assert centre.asked()[-1] == ("c1", "emil")


def test_where_all_are_rung_who_declined_is_left_out_of_the_next_round(open_centre: Callable[..., Centre]) -> None:
    centre = open_centre(Queue("claims", strategy=Strategy.RING_ALL, same_declined_s=300, offers_max=20, misses_max=9))
    for name in ("anna", "bert"):
        centre.come(name)
    centre.call("c1")
    offer = next(it.offer for it in centre.effects if getattr(it, "offer", None) and it.offer.agent == "anna")
    centre.do(d.decline, offer.id, "anna")
    centre.wait(21)  # bert lets it ring
    assert centre.asked()[-1] == ("c1", "bert")


@pytest.mark.parametrize(("why", "after_s"), [("busy", 60), ("no-answer", 120)])
def test_how_long_depends_on_what_happened(centre: Centre, why: str, after_s: int) -> None:
    centre.come("anna")
    centre.call("c1")
    offer = centre.offer_for("c1")
    centre.do(d.accept, offer.id, "anna")
    centre.do(d.leg_failed, offer.id, why)
    centre.wait(after_s - 1)
    assert len(centre.asked()) == 1
    centre.wait(1)
    assert len(centre.asked()) == 2


def test_who_let_it_ring_is_spared_and_who_could_not_be_rung_is_not(centre: Centre) -> None:
    centre.come("anna")
    centre.call("c1")
    centre.wait(21)
    assert "anna" in centre.contact("c1").spares
    centre.wait(120)
    offer = centre.offer_for("c1")
    centre.do(d.accept, offer.id, "anna")
    centre.do(d.leg_unreachable, offer.id, "the carrier is unwell")
    assert centre.contact("c1").spares == {}
    assert centre.asked()[-1] == ("c1", "anna")


def test_it_is_told_why_somebody_free_is_not_asked(centre: Centre) -> None:
    centre.come("anna")
    centre.call("c1")
    declines(centre, "c1")
    with centre.floor() as floor:
        said = explain(floor, floor.contact("c1"), SPARING, None).sentence
    assert said == "to nobody yet; anna is not asked about it again until 09:05:01 UTC"


def test_another_queue_asks_whom_it_likes(open_centre: Callable[..., Centre]) -> None:
    centre = open_centre(SPARING, Queue("orders"))
    centre.come("anna")
    centre.call("c1")
    declines(centre, "c1")
    centre.do(d.move, "c1", "orders", None, "olga")
    assert centre.asked()[-1] == ("c1", "anna")


def test_both_floors_keep_the_rules_while_agents_are_spared() -> None:
    spared: Counter[str] = Counter()
    for seed in range(6):
        dice, floors = Random(seed), TwoFloors()  # noqa: S311 - no secrets here
        floors.open(seed, same_declined_s=40, same_busy_s=15, same_no_answer_s=25)
        for _ in range(70):
            happens(floors, dice.choice((*DOORS, *OFTEN, *TIME, d.decline, d.decline, d.leg_failed)), dice)
            spared.update(str(it.state) for it in floors.ledger.contacts.values() if it.spares)
        floors.close()
    assert {"waiting", "offered"} <= spared.keys()
