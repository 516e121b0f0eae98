"""Whatever happens in whatever order: the floor's rules hold, and memory and database decide the same."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from routing import distributor as d
from tests.routing.two_floors import AGENTS, NEEDS, QUEUES, TwoFloors

AGENT_DOORS = (d.pause, d.log_out, d.end_wrap_up, d.end_wrap_up)
OFFER_DOORS = (d.accept, d.accept, d.accept, d.decline)
LEG_DOORS = (d.leg_answered, d.leg_answered, d.leg_failed, d.leg_placed)
END_DOORS = (d.talk_ended, d.talk_ended, d.caller_gone)
HEADS_S = (0, 0, 40)
WAITS_S = (0, 0.5, 1, 1, 7, 10, 15, 20, 30, 100)
WALKS, STEPS = 14, 80
MUST_MEET = {
    *("entered", "offered", "accepted", "declined", "missed", "withdrawn", "caller gone", "failed", "returned"),
    *("talking", "talk ended", "abandoned", "overflowed", "ready", "paused", "logged out"),
    *("accept: Accepted", "accept: Refused", "decline: Offered", "leg_answered: Connected", "leg_failed: Offered"),
    *("leg_placed: Closed", "tick: Paused", "tick: Overflowed", "caller_gone: Offered", "log_out: Overflowed"),
    *("talk_ended: Offered", "ready: Offered", "end_wrap_up: Offered", "leg_failed: Paused"),
}
"""What the seeded walks must come across at least three times, or they prove nothing."""


def step(floors: TwoFloors, dice: Random) -> None:
    """One thing happens; the weights are such that most calls are served and everything else is met often."""
    pick = dice.choice((0, 0, 0, 0, 1, 2, 5))
    match dice.choices(("call", "ready", "agent", "answer", "leg", "end", "sleep", "due"), (6, 4, 3, 8, 8, 4, 2, 3))[0]:
        case "call":
            heads = dice.choices(HEADS_S, k=dice.choice((1, 1, 3)))
            floors.calls_come(dice.choice(sorted(QUEUES)), dice.choice(NEEDS), heads)
        case "ready":
            floors.ready(dice.choice(sorted(AGENTS)))
        case "agent":
            floors.agent_does(pick, dice.choice(AGENT_DOORS))
        case "answer":
            floors.offer_answered(pick, dice.choice(OFFER_DOORS), dice.choice((None,) * 9 + ("anna",)))
        case "leg":
            floors.leg_heard_of(pick, dice.choice(LEG_DOORS))
        case "end":
            floors.call_ends(pick, dice.choice(END_DOORS))
        case "sleep":
            floors.sleep(dice.choice(WAITS_S))
        case "due":
            floors.sleep_until_due()
    floors.check()


def walk(seed: int, met: Counter[str]) -> None:
    dice, floors = Random(seed), TwoFloors()  # noqa: S311 - no secrets here
    floors.open(dice.sample(sorted(AGENTS), k=dice.choice((2, 3, 4))))
    for _ in range(STEPS):
        step(floors, dice)
    floors.close()
    met.update(floors.met)


def test_the_rules_hold_on_seeded_walks_that_meet_everything():
    met: Counter[str] = Counter()
    for seed in range(WALKS):
        try:
            walk(seed, met)
        except Exception as error:
            error.add_note(f"replay with: walk({seed}, Counter())")
            raise
    assert {what for what in MUST_MEET if met[what] < 3} == set()


@pytest.mark.deep
@pytest.mark.parametrize("tens", range(100))
def test_the_rules_hold_on_a_thousand_walks(tens):
    for seed in range(1000 + 10 * tens, 1010 + 10 * tens):
        walk(seed, Counter())


class Floors(TwoFloors, RuleBasedStateMachine):
    """The same, led by hypothesis, which looks for short histories that break a rule."""

    def teardown(self) -> None:
        self.close()

    picks = st.integers(0, 5)

    @initialize(there=st.sets(st.sampled_from(sorted(AGENTS)), min_size=2))
    def opened(self, there: set[str]) -> None:
        self.open(there)

    @rule(queue=st.sampled_from(sorted(QUEUES)), needs=st.sampled_from(NEEDS), head_start_s=st.sampled_from(HEADS_S))
    def a_call_comes(self, queue: str, needs: dict[str, int], head_start_s: int) -> None:
        self.calls_come(queue, needs, [head_start_s])

    @rule(name=st.sampled_from(sorted(AGENTS)))
    def an_agent_is_ready(self, name: str) -> None:
        self.ready(name)

    @rule(seed=st.integers(0, 2**16))
    def a_few_things_happen(self, seed: int) -> None:
        dice = Random(seed)  # noqa: S311 - no secrets here
        for _ in range(5):
            step(self, dice)

    an_agent_steps_back = rule(pick=picks, door=st.sampled_from(AGENT_DOORS))(TwoFloors.agent_does)
    an_offer_is_answered = rule(pick=picks, door=st.sampled_from(OFFER_DOORS), by=st.none())(TwoFloors.offer_answered)
    a_leg_is_heard_of = rule(pick=picks, door=st.sampled_from(LEG_DOORS))(TwoFloors.leg_heard_of)
    a_call_ends = rule(pick=picks, door=st.sampled_from(END_DOORS))(TwoFloors.call_ends)
    time_passes = rule(seconds=st.sampled_from(WAITS_S))(TwoFloors.sleep)
    the_deadline_comes = rule()(TwoFloors.sleep_until_due)
    a_tick_comes = rule()(TwoFloors.tick)

    @invariant()
    def all_is_well(self) -> None:
        self.check()


TestFloors = Floors.TestCase
TestFloors.settings = settings(stateful_step_count=15)
