"""Whom a queue asks: each strategy, tiers, preferences and rests, on both floors alike."""

from __future__ import annotations

from collections import Counter

import pytest

from routing import distributor as d
from routing.contact import Contact
from routing.effect import Closed, Offered
from routing.matching import lot
from routing.needs import able, lack, level_in, words
from routing.offer import OfferState
from routing.queue import Queue, Strategy, Tier
from routing.refusal import Refused

S = Strategy
SKILLS = {"anna": {"claims": 4, "de": 2}, "bert": {"claims": 5}, "carl": {"claims": 3, "de": 5, "orders": 5}}


@pytest.fixture(name="asking")
def a_centre_that_asks_by(open_centre):
    """Three agents, free in the order of their names, and a queue with the given settings."""

    def asking(strategy, **settings):
        centre = open_centre(Queue("claims", strategy=strategy, wrap_up_s=0, **settings))
        for name, skills in SKILLS.items():
            centre.come(name, skills, groups=(f"{name}s",))
        return centre

    return asking


def served(centre, contact, talk_s):
    """A whole conversation; returns with whom it was."""
    centre.call(contact)
    offer = centre.offer_for(contact)
    centre.talk(contact)
    centre.wait(talk_s)
    centre.do(d.talk_ended, contact)
    return offer.agent


@pytest.mark.parametrize(
    ("strategy", "settings", "expected"),
    [
        (S.LONGEST_IDLE, {}, "anna bert carl anna"),
        (S.LONGEST_SINCE_LAST_CALL, {}, "anna bert carl anna"),
        (S.FEWEST_CALLS, {}, "anna bert carl anna"),
        (S.LEAST_TALK_TIME, {}, "anna bert carl carl"),  # 30, 20 and 10 seconds: carl has talked least
        (S.MOST_SKILLED, {}, "bert bert bert bert"),
        (S.LEAST_SKILLED, {}, "bert bert bert bert"),
        (S.ROUND_ROBIN, {}, "anna bert carl anna"),
        (S.FIXED_ORDER, {"order": ("carl", "anna")}, "carl carl carl carl"),
    ],
)
def test_who_is_asked_first(asking, strategy, settings, expected):
    centre = asking(strategy, **settings)
    assert " ".join(served(centre, f"c{n}", 30 - 10 * (n % 3)) for n in range(4)) == expected


def test_round_robin_goes_on_after_the_last_one_even_if_others_are_busy(asking):
    centre = asking(S.ROUND_ROBIN)
    centre.call("c1")
    centre.talk("c1")
    centre.do(d.pause, "bert", "lunch")
    centre.call("c2")
    assert centre.asked() == [("c1", "anna"), ("c2", "carl")]
    centre.do(d.ready, "bert")
    centre.do(d.talk_ended, "c1")
    centre.call("c3")
    assert centre.asked()[-1] == ("c3", "anna")


def test_a_fixed_order_goes_on_to_the_next_and_then_by_name(asking):
    centre = asking(S.FIXED_ORDER, order=("carl",))
    for number in range(3):
        centre.call(f"c{number}")
    assert [agent for _, agent in centre.asked()] == ["carl", "anna", "bert"]


def test_all_ring_at_once_and_the_first_to_accept_has_it(asking):
    centre = asking(S.RING_ALL, ring_max=2)
    centre.call("c1")
    assert centre.asked() == [("c1", "anna"), ("c1", "bert")]
    effects = centre.do(d.accept, "o2", "bert")
    assert [type(effect).__name__ for effect in effects] == ["Accepted", "Closed"]
    assert (centre.offer("o1").state, centre.offer("o1").why) == (OfferState.WITHDRAWN, "taken by bert")
    assert centre.do(d.accept, "o1", "anna") == Refused("already taken", hint="taken by bert")
    assert centre.state("anna") == "available"
    centre.call("c2")
    assert centre.asked()[2:] == [("c2", "anna"), ("c2", "carl")]


def test_a_contact_waits_again_only_when_the_last_of_all_who_rang_is_through(asking):
    centre = asking(S.RING_ALL, offers_max=2)
    centre.call("c1")
    for number, agent in ((1, "anna"), (2, "bert")):
        assert [type(it) for it in centre.do(d.decline, f"o{number}", agent)] == [Closed]
    assert centre.contact("c1").state == "offered"
    again = [it for it in centre.do(d.decline, "o3", "carl") if isinstance(it, Offered)]
    assert len(again) == 3
    centre.wait(20)
    assert centre.overflowed() == [("c1", "nobody answered")]


def test_one_more_rings_as_long_as_nobody_answers(asking):
    centre = asking(S.RING_PROGRESSIVELY, ring_more_s=5, ring_max=2)
    centre.call("c1")
    centre.wait(4)
    assert centre.asked() == [("c1", "anna")]
    centre.wait(1)
    assert centre.asked() == [("c1", "anna"), ("c1", "bert")]
    centre.wait(10)
    assert len(centre.asked()) == 2, "two at once are enough"
    assert "nobody has answered yet" in centre.offer("o2").reason.sentence


@pytest.mark.parametrize(("strategy", "weights"), [(S.RANDOM, {}), (S.WEIGHTED_RANDOM, {"carl": 8})])
def test_lots_are_drawn_with_the_chances_that_are_set(strategy, weights):
    drawn = Counter()
    for number in range(3000):
        contact = Contact(f"c{number}", "claims")
        drawn[min(SKILLS, key=lambda name: lot(contact, name, weights.get(name, 1)))] += 1
    chances = {name: weights.get(name, 1) for name in SKILLS}
    for name, chance in chances.items():
        share = chance / sum(chances.values())
        assert abs(drawn[name] - 3000 * share) < 4 * (3000 * share * (1 - share)) ** 0.5


def test_a_later_tier_is_asked_only_when_nobody_of_an_earlier_one_is_free(asking):
    centre = asking(S.LONGEST_IDLE, tiers=(Tier("berts"), Tier("annas")))
    for number in range(3):
        centre.call(f"c{number}")
    assert centre.asked() == [("c0", "bert"), ("c1", "anna")]
    assert centre.contact("c2").state == "waiting", "carl is in no tier"


def test_a_later_tier_comes_in_after_its_time_or_at_once_if_nobody_earlier_is_there(asking):
    centre = asking(S.LONGEST_IDLE, tiers=(Tier("berts"), Tier("carl", after_s=30)))
    centre.call("c0")
    centre.call("c1")
    centre.wait(19)
    assert centre.asked() == [("c0", "bert")]
    centre.wait(11)
    assert ("c1", "carl") in centre.asked()
    centre.do(d.log_out, "bert")
    centre.do(d.log_out, "anna")
    before = len(centre.asked())
    centre.do(d.ready, "carl")
    centre.call("c2")
    assert all(agent == "carl" for _, agent in centre.asked()[before:])


def test_a_preferred_agent_is_waited_for_but_not_for_ever(asking):
    centre = asking(S.LONGEST_IDLE, prefer_s=15)
    centre.call("c0")
    centre.talk("c0")
    centre.call("c1", preferred="anna")
    assert centre.contact("c1").state == "waiting"
    centre.wait(15)
    assert centre.asked()[-1] == ("c1", "bert")
    centre.call("c2", preferred="carl")
    assert centre.asked()[-1] == ("c2", "carl")
    centre.call("c3", preferred="nobody-of-ours")
    assert centre.contact("c3").preferred is None


def test_agents_are_left_in_peace_after_each_kind_of_failure(asking):
    centre = asking(S.LONGEST_IDLE, declined_rest_s=10, busy_rest_s=60, no_answer_rest_s=30, misses_max=5)
    for name in ("bert", "carl"):
        centre.do(d.pause, name, "lunch")
    centre.call("c1")
    for rest_s, happening in (
        (10, lambda offer: centre.do(d.decline, offer, "anna")),
        (60, lambda offer: centre.do(d.leg_failed, offer, "busy")),
        (30, lambda offer: centre.do(d.leg_failed, offer, "no-answer")),
    ):
        happening(centre.offer_for("c1").id)
        assert centre.contact("c1").state == "waiting"
        centre.wait(rest_s - 1)
        assert centre.contact("c1").state == "waiting"
        centre.wait(1)
        assert centre.contact("c1").state == "offered"
    centre.do(d.decline, centre.offer_for("c1").id, "anna")
    centre.do(d.ready, "anna")
    assert centre.contact("c1").state == "offered", "who says so need not rest"


def test_somebody_who_is_cut_off_has_the_place_back_once(asking):
    centre = asking(S.LONGEST_IDLE, keep_place_s=60)
    for name in SKILLS:
        centre.do(d.pause, name, "lunch")
    centre.call("c1", who="x")
    centre.wait(1)
    centre.call("c2", who="y")
    centre.wait(5)
    centre.do(d.caller_gone, "c1")
    centre.wait(50)
    centre.call("c3", who="x")
    assert (centre.position("c3"), centre.position("c2")) == (1, 2)
    centre.call("c4", who="x")
    assert centre.position("c4") == 3
    centre.do(d.caller_gone, "c2")
    centre.wait(61)
    centre.call("c5", who="y")
    assert centre.position("c5") == 3


NEEDS = {"claims": 2, "any": [{"de": 2}, {"en": 4}], "not": {"trainee": 1}}


@pytest.mark.parametrize(
    ("skills", "lacks"),
    [
        ({"claims": 2, "de": 2}, ""),
        ({"claims": 2, "en": 4, "de": 1}, ""),
        ({"claims": 1, "de": 2}, "claims 2, has 1"),
        ({"claims": 2, "en": 3}, "de 2 or en 4"),
        ({"claims": 2, "de": 2, "trainee": 1}, "that nobody with trainee 1 takes it"),
    ],
)
def test_needs_may_be_alternatives_and_exclusions(open_centre, skills, lacks):
    assert able(skills, NEEDS) == (not lacks)
    assert lack(skills, NEEDS) == lacks
    centre = open_centre()
    centre.come("anna", skills)
    centre.call("c1", needs=NEEDS)
    assert bool(centre.asked()) == (not lacks)


def test_the_same_needs_have_the_same_words():
    other = {"not": {"trainee": 1}, "any": [{"en": 4}, {"de": 2}], "claims": 2}
    assert words(NEEDS) == words(other) == "claims:2/(de:2|en:4)/!(trainee:1)"
    assert level_in({"claims": 5, "de": 3, "trainee": 1}, NEEDS) == 8
