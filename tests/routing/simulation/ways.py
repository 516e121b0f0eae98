"""Ways: how a seed's plan is changed for a purpose; a failure names the way, so that its day can be played again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from routing.queue import Strategy
from tests.routing.simulation.plan import FAULTS, Plan, drawn

BY_HAND = {"supervisors step in", "agents hand on", "a supervisor in the same moment"}
LOTS = (Strategy.RANDOM, Strategy.WEIGHTED_RANDOM)
LATE = {"woken late", "clock jumps", "clock set back", "clock stands"}
UNTOLD = {
    "move", "assign", "consult", "join", "leave_consult", "transfer_to_queue", "transfer_to_agent", "transfer_out",
    "extend_wrap_up",
}  # fmt: skip
"""Doors of which the reference model knows nothing."""
CHANGES_NOTHING = {"told twice", "restart"}


def as_drawn(plan: Plan) -> Plan:
    """Whatever the seed says."""
    return plan


def harmless(plan: Plan) -> Plan:
    """Without the faults that must change nothing: whoever wants those has them each time."""
    return replace(plan, faults=plan.faults - CHANGES_NOTHING)


def foretold(plan: Plan) -> Plan:
    """Nobody draws lots, the clock wakes in time, and nobody does what the reference does not know."""
    queues = {
        name: replace(
            queue,
            strategy=Strategy.LONGEST_IDLE if queue.strategy in LOTS else queue.strategy,
            max_expected_wait_s=None,
            wrap_up_until_done=False,
        )
        for name, queue in plan.queues.items()
    }
    return replace(plan, queues=queues, faults=plan.faults - LATE, without=UNTOLD)


def one_more(plan: Plan) -> Plan:
    """All queues ring one more every few seconds, and much comes due in the same moment."""
    progressive = {"strategy": Strategy.RING_PROGRESSIVELY, "ring_max": 3, "ring_more_s": 5, "tiers": ()}
    queues = {name: replace(queue, **progressive, ring_s=20) for name, queue in plan.queues.items()}
    return replace(plan, queues=queues, late_share=0.3, faults=(plan.faults | {"woken late", "ignored"}) - BY_HAND)


def busy_hands(plan: Plan) -> Plan:
    """Supervisors and agents do by hand all that they can, and colleagues are there to be asked."""
    return replace(
        plan, faults=plan.faults | BY_HAND | {"callbacks fail", "leg lost", "agents need longer", "handed round"}
    )


WAYS: dict[str, Callable[[Plan], Plan]] = {
    "drawn": as_drawn,
    "harmless": harmless,
    "foretold": foretold,
    "one-more": one_more,
    "busy-hands": busy_hands,
}


def plan_of(seed: int, way: str = "drawn", only: str | None = None) -> Plan:
    """The plan of a seed, the way that is named; `only`: with these faults and no others, parted by commas."""
    plan = replace(WAYS[way](drawn(seed)), way=way)
    if only is None:
        return plan
    faults = frozenset(filter(None, only.split(",")))
    unknown = faults - set(FAULTS)
    if unknown:
        raise ValueError(f"there is no fault {sorted(unknown)[0]!r} (there are: {', '.join(FAULTS)})")
    return replace(plan, faults=faults, only=",".join(sorted(faults)))
