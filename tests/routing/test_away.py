"""Contacts that are away: an agent is kept free while they are called, and asked once they have come."""

from __future__ import annotations

import pytest

from routing import distributor as d
from routing.agent import AgentState
from routing.contact import ContactState, Outcome
from routing.effect import Closed, NotReached, Offered, Reserved
from routing.offer import AWAY_S
from routing.queue import Queue, Strategy
from routing.refusal import Refused
from tests.routing.centre import Centre


def come_back(centre: Centre, name: str, **more: object) -> list:
    return centre.call(name, kind="callback", away=True, **more)


def reserved(centre: Centre) -> list[tuple[str, str]]:
    return [(it.contact.id, it.agent.name) for it in centre.effects if isinstance(it, Reserved)]


def test_an_agent_is_kept_free_and_asked_once_they_have_come(centre: Centre) -> None:
    centre.come("anna")
    come_back(centre, "c1")
    assert (reserved(centre), centre.asked()) == ([("c1", "anna")], [])
    assert centre.state("anna") is AgentState.OFFERED
    offer = centre.offer_for("c1")
    assert centre.do(d.accept, offer.id, "anna") == Refused(
        "they are still being called", hint="you are asked as soon as they answer"
    )
    assert isinstance(centre.do(d.leg_answered, offer.id), Refused)
    centre.now = offer.expires_at - (offer.expires_at - centre.now) / 2
    centre.do(d.caller_here, "c1")
    assert centre.asked() == [("c1", "anna")]
    assert (centre.offer(offer.id).expires_at - centre.now).total_seconds() == centre.queues["claims"].ring_s
    centre.talk("c1")
    assert centre.contact("c1").state is ContactState.TALKING
    assert centre.do(d.caller_here, "c1") == []


def test_no_more_are_called_than_agents_are_free(centre: Centre) -> None:
    for name in ("anna", "bert"):
        centre.come(name)
    for name in ("c1", "c2", "c3"):
        come_back(centre, name)
    assert reserved(centre) == [("c1", "anna"), ("c2", "bert")]
    centre.do(d.not_reached, "c1", "busy")
    assert reserved(centre)[2:] == [("c3", "anna")], "who is free again is kept for the next one"
    assert centre.contact("c1").outcome is Outcome.NOT_REACHED


def test_who_does_not_come_costs_the_agent_nothing(centre: Centre) -> None:
    centre.come("anna")
    free_since = centre.agent("anna").free_since
    come_back(centre, "c1")
    told = centre.do(d.not_reached, "c1", "no-answer")
    assert [type(it) for it in told] == [Closed, NotReached]
    anna = centre.agent("anna")
    assert (anna.state, anna.misses, anna.free_since) == (AgentState.AVAILABLE, 0, free_since)
    assert centre.do(d.not_reached, "c1", "no-answer") == []


def test_where_the_carrier_says_nothing_the_agent_is_free_again_all_the_same(centre: Centre) -> None:
    centre.come("anna")
    come_back(centre, "c1")
    centre.wait(AWAY_S - 1)
    assert centre.state("anna") is AgentState.OFFERED
    centre.wait(2)
    assert (centre.state("anna"), centre.agent("anna").misses) == (AgentState.AVAILABLE, 0)
    assert centre.contact("c1").outcome is Outcome.NOT_REACHED


def test_when_the_agent_leaves_they_are_first_in_line_and_the_next_one_is_asked(centre: Centre) -> None:
    centre.come("anna")
    come_back(centre, "c1")
    centre.call("c2")
    centre.hire("bert")
    centre.do(d.log_in, "bert")
    centre.do(d.pause, "anna", "lunch")
    assert centre.contact("c1").state is ContactState.WAITING
    centre.do(d.caller_here, "c1")
    assert centre.position("c1") == 1
    centre.do(d.ready, "bert")
    assert centre.asked() == [("c1", "bert")]


def test_who_has_come_waits_no_longer_than_two_minutes(centre: Centre) -> None:
    centre.come("anna")
    come_back(centre, "c1")
    centre.do(d.pause, "anna", "lunch")
    centre.do(d.caller_here, "c1")
    centre.wait(d.HERE_S + 1)
    assert centre.overflowed() == [("c1", "too long")]


def test_of_all_who_could_be_rung_at_once_one_is_kept_free() -> None:
    centre = Centre({"claims": Queue("claims", strategy=Strategy.RING_ALL)})
    for name in ("anna", "bert"):
        centre.come(name)
    come_back(centre, "c1")
    assert reserved(centre) == [("c1", "anna")]
    assert centre.state("bert") is AgentState.AVAILABLE


@pytest.mark.parametrize("first", ["nobody", ""])
def test_a_queue_that_rings_somebody_else_first_cannot_be_meant(first: str) -> None:
    with pytest.raises(ValueError, match="callback_first"):
        Queue("claims", callback_first=first)


def test_what_is_offered_is_told_with_the_reason(centre: Centre) -> None:
    centre.come("anna")
    offered = come_back(centre, "c1")[0]
    assert isinstance(offered, Reserved)
    assert offered.offer.reason.sentence.startswith("to anna, who has claims 3")
    assert not isinstance(offered, Offered)
