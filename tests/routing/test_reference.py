"""The distributor decides as the reference model does, decision by decision, on random histories."""

from __future__ import annotations

import ast
import os
from dataclasses import replace
from pathlib import Path

import pytest

from routing.effect import Offered, Overflowed, Paused
from routing.queue import Strategy
from tests.routing.reference import Reference
from tests.routing.simulation.ledger import Step
from tests.routing.simulation.plan import Plan, drawn
from tests.routing.simulation.world import World

LOTS = (Strategy.RANDOM, Strategy.WEIGHTED_RANDOM)
DEEP = os.environ.get("DIALTREE_DEPTH") == "deep"
SEEDS = range(600 if DEEP else 16)


LATE = {
    "woken late",
    "clock jumps",
    "clock set back",
    "clock stands",
    "supervisors step in",
    "agents hand on",
    "hours end",
    "callbacks fail",
    "a supervisor in the same moment",
    "agents need longer",
}


def foretold(plan: Plan) -> Plan:
    """The same plan, where nobody draws lots and the clock wakes in time: what is done late, or by lot, is open."""
    queues = {
        name: replace(
            queue,
            strategy=Strategy.LONGEST_IDLE if queue.strategy in LOTS else queue.strategy,
            max_expected_wait_s=None,
            wrap_up_until_done=False,
        )
        for name, queue in plan.queues.items()
    }
    return replace(plan, queues=queues, faults=plan.faults - LATE)


def words(step: Step) -> list[str]:
    """The decisions of a step as the reference tells them."""
    said = []
    for effect in step.effects:
        match effect:
            case Offered(offer=offer):
                said.append(f"{offer.contact} is offered to {offer.agent}")
            case Overflowed(contact=contact, why=why):
                said.append(f"{contact.id} overflows: {why}")
            case Paused(agent=agent):
                said.append(f"{agent.name} is paused")
    return said


class Compared(World):
    """A day in which the reference model is told the same."""

    def __init__(self, seed: int, contacts: int, on: str = "memory") -> None:
        super().__init__(seed, contacts, on, foretold(drawn(seed)))
        self.reference = Reference(dict(self.plan.queues), self.plan.agents)
        self.watch = Compared.compare

    def compare(self, step: Step) -> None:
        right = self.reference.happen(step.door, step.details, step.now)
        assert sorted(words(step)) == sorted(right), f"{step}\nit decided {words(step)}\nright is {right}"
        theirs = {name: (a.state, a.then, a.misses, a.free_since) for name, a in self.reference.agents.items()}
        ours = {a.name: (a.state, a.then, a.misses, a.free_since) for a in self.ledger.agents.values()}
        assert ours == theirs, f"{step}: agents differ"
        for contact in step.contacts:
            model = self.reference.contacts[contact.id]
            assert (contact.state, contact.outcome, contact.rank) == (model.state, model.outcome, model.rank), str(step)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_distributor_decides_as_the_reference_does(seed):
    Compared(seed, contacts=60).run()


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_so_it_does_in_the_database(seed):
    Compared(seed, contacts=15, on="sql").run()


def test_the_reference_is_short_enough_to_be_seen_to_be_right():
    source = Path(__file__).with_name("reference.py").read_text("utf-8")
    tree = ast.parse(source)
    said = [node.body[0] for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)]
    words = {line for node in said if isinstance(node, ast.Expr) for line in range(node.lineno, node.end_lineno + 1)}
    lines = enumerate(source.splitlines(), 1)
    code = [line for number, line in lines if number not in words and line.strip() and not line.strip().startswith("#")]
    assert len(code) <= 300
