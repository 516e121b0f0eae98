"""Compared: a simulated day in which the reference model is told all that the distributor is, and must decide alike."""

from __future__ import annotations

from routing.effect import Offered, Overflowed, Paused
from tests.routing.reference import Reference
from tests.routing.simulation.ledger import Step
from tests.routing.simulation.ways import plan_of
from tests.routing.simulation.world import World


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
    """A day, and the reference model beside it."""

    def __init__(self, seed: int, contacts: int, on: str = "memory") -> None:
        super().__init__(seed, contacts, on, plan_of(seed, "foretold"))
        self.replay_as = "--reference"
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
