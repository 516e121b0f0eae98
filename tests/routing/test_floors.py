"""Whatever happens in whatever order: the floor's rules hold, and memory and database decide the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from routing import distributor as d
from tests.routing.two_floors import DOORS, TwoFloors

ASKING = {"next_deadline", "expected_wait", "outlook", "settle"}
"""What the distributor is asked, besides the doors by which something happens."""

OFTEN = (TwoFloors.somebody_is_served,) * 12 + (TwoFloors.somebody_comes_back,) * 10 + (d.enter,) * 2 + (d.accept,) * 3
OFTEN += (TwoFloors.somebody_asks_a_colleague,) * 4 + (TwoFloors.a_queue_goes_on,) * 3
OFTEN += (TwoFloors.somebody_is_called_back,) * 3 + (TwoFloors.somebody_is_assigned,) * 3
TIME = (TwoFloors.time_passes,) * 3 + (TwoFloors.the_deadline_comes,) * 3
RARELY = (TwoFloors.the_clock_is_set, TwoFloors.a_process_starts_anew)
WALKS, STEPS = 8, 100
MUST_MEET = {
    *("entered", "offered", "accepted", "declined", "missed", "withdrawn", "caller gone", "failed", "returned"),
    *("talking", "talk ended", "abandoned", "overflowed", "left", "ready", "paused", "logged out", "sent home"),
    *("held", "resumed", "transferred", "moved", "head start changed", "queue paused", "queue closed", "relaxed"),
    *("accept: Accepted", "accept: Refused", "decline: Offered", "leg_answered: Connected", "tick: Overflowed"),
    *("consult: Held", "listen: Listening", "not reached", "reached"),
    *("transfer_to_queue: Transferred", "transfer_out: Transferred", "disposed"),
    *("enter: Reserved", "caller_here: Offered", "not_reached: NotReached"),
}
"""What the seeded walks must come across, or they prove nothing."""


def happens(floors: TwoFloors, what: Callable[..., Any], dice: Any) -> None:
    """One of the doors, or something about time."""
    if what in DOORS:
        floors.happen(what, *DOORS[what](floors, dice))
    else:
        what(floors, dice)


def walk(seed: int, met: Counter[str], steps: int = STEPS) -> None:
    dice, floors = Random(seed), TwoFloors()  # noqa: S311 - no secrets here
    try:
        floors.open(seed)
        for _ in range(steps):
            happens(floors, dice.choice((*DOORS, *OFTEN, *TIME, *RARELY)), dice)
        floors.close()
    except Exception as error:
        error.add_note(f"replay with: python -m tests.routing.simulation --walk {seed} --steps {steps}")
        raise
    met.update(floors.met)


def test_the_rules_hold_on_seeded_walks_that_meet_everything():
    met: Counter[str] = Counter()
    for seed in range(WALKS):
        walk(seed, met)
    assert {what for what in MUST_MEET if not met[what]} == set()


@pytest.mark.deep
@pytest.mark.parametrize("tens", range(100))
def test_the_rules_hold_on_a_thousand_walks(tens):
    for seed in range(1000 + 10 * tens, 1010 + 10 * tens):
        walk(seed, Counter())


def test_every_door_of_the_distributor_is_tried():
    assert {door.__name__ for door in DOORS} == set(d.__all__) - ASKING


class Drawn:
    """Dice that hypothesis throws, and throws again with lower numbers to find the shortest history."""

    def __init__(self, data: st.DataObject) -> None:
        self._data = data

    def choice(self, among: Sequence[Any]) -> Any:
        return among[self._data.draw(st.integers(0, len(among) - 1))]


class Floors(TwoFloors, RuleBasedStateMachine):
    """The same, led by hypothesis: each door is a rule, so that some histories have many of one and none of another."""

    def teardown(self) -> None:
        self.close()

    @initialize(seed=st.integers(0, 2**16))
    def opened(self, seed: int) -> None:
        self.open(seed)


def _ruled(what: Callable[..., Any]) -> Callable[..., None]:
    def happened(self: Floors, data: st.DataObject) -> None:
        happens(self, what, Drawn(data))

    happened.__name__ = what.__name__
    return rule(data=st.data())(happened)


for each in dict.fromkeys((*DOORS, *OFTEN, *TIME, *RARELY)):
    setattr(Floors, f"rule_{each.__name__}", _ruled(each))

TestFloors = Floors.TestCase
TestFloors.settings = settings(stateful_step_count=15)
