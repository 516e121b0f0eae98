"""What others' own tests say of positions, rules and times, and where we differ on purpose."""

from __future__ import annotations

import pytest

from routing import distributor as d
from routing.queue import Queue, Tier

PRIORITY_S = 3600
"""One priority of Asterisk's as a head start; ours ages, so it is made longer than the test."""

JOINS = (  # priority, position asked for, Asterisk's position (None: refused), ours
    (0, None, 1, 1), (0, None, 2, 2), (1, None, 1, 1), (1, None, 2, 2), (2, None, 1, 1), (0, 5, 5, 6), (0, 200, 7, 7),
    (0, 1, 4, 8), (8, 3, 1, 1), (1, 7, 5, 5), (1, 4, 4, 6), (2, 5, None, None),
)  # fmt: skip
"""Asterisk's testsuite, apps/queues/position_priority_maxlen."""


def test_positions_are_asterisks_except_that_nobody_can_ask_for_one(open_centre):
    centre = open_centre(Queue("claims", max_length=11))
    centre.come("anna")
    centre.do(d.pause, "anna", "lunch")
    for number, (priority, asked_for, theirs, ours) in enumerate(JOINS):
        centre.call(f"c{number}", head_start_s=priority * PRIORITY_S)
        here = centre.contact(f"c{number}").outcome is None
        assert (centre.position(f"c{number}") if here else None) == ours
        assert ours == theirs or asked_for, "only who asked Asterisk for a position stands elsewhere with us"
    assert centre.overflowed() == [("c11", "full")]


def test_a_rule_that_nobody_logged_in_meets_is_skipped_at_once_as_with_wazo(centre):
    centre.come("bert", {"english": 1})
    centre.call("c1", needs={"english": 3}, relax=((60, {"english": 1}),))
    assert centre.asked() == [("c1", "bert")]


def test_a_rule_whose_time_is_over_while_it_rings_is_over_afterwards_unlike_with_wazo(centre):
    # Wazo keeps trying the first rule's agents for as long as one is available; with us time given is time given.
    centre.come("anna", {"english": 4})
    centre.come("bert", {"english": 1})
    centre.do(d.pause, "anna", "break")
    centre.call("c1", needs={"english": 3}, relax=((60, {"english": 1}),))
    centre.wait(50)
    centre.do(d.ready, "anna")
    centre.wait(15)
    assert centre.asked() == [("c1", "anna")], "while she is asked nobody else is"
    centre.wait(6)
    assert centre.asked() == [("c1", "anna"), ("c1", "bert")]


def test_times_of_tiers_count_from_the_entry_as_with_taskrouter(open_centre):
    # Targets of 10 s each and 5 s to answer: asked at 3, missed at 8, the second target from 10, the third from 20 on.
    tiers = (Tier("first", 0), Tier("second", 10), Tier("third", 20))
    centre = open_centre(Queue("claims", ring_s=5, misses_max=1, tiers=tiers))
    for group in ("first", "second", "third"):
        centre.come(f"{group} one", groups=(group,))
    centre.do(d.pause, "first one", "break")
    centre.call("c1")
    began = centre.now
    centre.wait(3)
    centre.do(d.ready, "first one")
    centre.wait(30)
    asked = [(e.offer.agent, (e.offer.made_at - began).total_seconds()) for e in centre.effects if hasattr(e, "offer")
             and type(e).__name__ == "Offered"]  # fmt: skip
    assert asked == [("first one", 3), ("second one", 10), ("third one", 20)]


@pytest.mark.parametrize("share", ["all", "one"])
def test_paused_agents_are_not_asked(centre, share):
    for name in ("anna", "bert"):
        centre.come(name)
    for name in ("anna", "bert") if share == "all" else ("anna",):
        centre.do(d.pause, name, "lunch")
    centre.call("c1")
    assert centre.asked() == ([] if share == "all" else [("c1", "bert")])
