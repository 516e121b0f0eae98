"""Demand: what one agent must be and have to be asked about a contact; of a contact, in the order of preference."""

from __future__ import annotations

from dataclasses import dataclass, field

from routing.agent import Agent
from routing.contact import Contact
from routing.needs import Needs, able, words
from routing.queue import Queue


@dataclass(frozen=True, slots=True)
class Demand:
    """Room for a contact of `kind`, skills that meet `needs`, and to be in `group` or `agent` themselves, if given.

    Equal are those with equal words, so that floors can keep lists by it.
    """

    kind: str
    needs: Needs = field(compare=False)
    words: str
    group: str | None = None
    agent: str | None = None

    def fits(self, agent: Agent) -> bool:
        """Whether this agent could ever take it; whether they have room now is another matter."""
        return (
            (self.agent is None or self.agent == agent.name)
            and (self.group is None or agent.is_in(self.group))
            and agent.capacity.get(self.kind, 1) > 0
            and able(agent.skills, self.needs)
        )


def demands(contact: Contact, queue: Queue) -> tuple[Demand, ...]:
    """Who may take the contact now: first those of the first demand, then those of the next one."""
    said = words(contact.needs)
    if contact.preferred:
        return (Demand(contact.kind, contact.needs, said, agent=contact.preferred),)
    if not queue.tiers:
        return (Demand(contact.kind, contact.needs, said),)
    open_tiers = queue.tiers[: max(contact.reach, 1)]
    return tuple(Demand(contact.kind, contact.needs, said, tier.group) for tier in open_tiers)
