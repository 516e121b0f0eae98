"""Explaining: why a contact goes to this agent and to no other one, or to nobody yet, as found at that moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from functools import partial
from operator import attrgetter
from typing import Any

from routing.agent import Agent, AgentState, Snapshot, snapshot
from routing.contact import Contact, ContactState
from routing.demand import Demand, demands
from routing.floor import ORDERED, Floor
from routing.kind import CONSULT, Kind
from routing.needs import able, lack, level_in, skills_in
from routing.queue import Queue, Strategy
from routing.reason import Candidate, Findings, Reason, Verdict

WAITING, LONGEST_IDLE = ContactState.WAITING, Strategy.LONGEST_IDLE

COUNTED = frozenset(ORDERED) - {Strategy.ROUND_ROBIN, LONGEST_IDLE}
"""The strategies that count something of each agent."""

CANDIDATES_MAX = 20
"""How many agents a decision keeps its findings about, whatever their number."""

PASSED_MAX = 5
"""How many contacts that stand before the one that is served a decision keeps."""


ASKED_FOR = ("queue", "kind", "needs", "reach", "preferred", "preferred_until", "last_agent", "entered_at", "spares")
_asked_for = attrgetter(*ASKED_FOR)
"""Of a contact, what the findings about candidates follow from."""


def explain(floor: Floor, contact: Contact, queue: Queue, chosen: Agent | None, by: str = "") -> Reason:
    """Why `chosen` gets `contact`, or why nobody does, seen before the offer is made. `by`: who decided it by hand.

    What was found about the others is put down as what was seen, and worked out when it is asked for.
    """
    if chosen and contact.kind == CONSULT:  # asked by name: nobody else was looked at
        asked = (Candidate(chosen.name, Verdict.CHOSEN),)
        return Reason(agent=chosen.name, candidates=asked, winner=f"is asked by {by}")
    rung = frozenset(offer.agent for offer in floor.live_offers(contact.id)) if contact.rung else frozenset()
    seen = (_asked_for(contact), snapshot(chosen) if chosen else None, floor.snapshots(CANDIDATES_MAX))
    found = Findings(partial(_findings, queue, floor.kind(contact.kind), rung, *seen))
    if chosen is None:
        return Reason(candidates=found, strategy=queue.strategy)
    able_in = {skill: chosen.skills[skill] for skill in skills_in(contact.needs) if skill in chosen.skills}
    passed = _passed(floor, contact, queue)
    winner = f"was chosen by {by}" if by else _winner(contact, queue, chosen)
    return Reason(chosen.name, able_in, chosen.free_since, found, passed, queue.strategy, winner)


def _passed(floor: Floor, contact: Contact, queue: Queue) -> tuple[str, ...]:
    """Who stands before the contact and goes on waiting."""
    found, place = [], contact.place
    for other in floor.in_line(queue.name, PASSED_MAX):
        if other.place >= place:
            break
        if other.state is WAITING:
            found.append(other.id)
    return tuple(found)


def _winner(contact: Contact, queue: Queue, agent: Agent) -> str:
    """What put the chosen one first; empty for the longest idle, of whom the reason itself can say it."""
    if contact.preferred:
        return "is preferred"
    if queue.strategy is LONGEST_IDLE:
        return ""
    counted = _counted(queue.strategy, contact, agent, queue.weights.get(agent.name, 1))
    match queue.strategy:
        case Strategy.LONGEST_SINCE_LAST_CALL:
            return f"talked longest ago ({counted})"
        case Strategy.FEWEST_CALLS:
            return f"has had the fewest calls today ({counted})"
        case Strategy.LEAST_TALK_TIME:
            return f"has talked least today ({counted})"
        case Strategy.MOST_SKILLED:
            return f"is most skilled in it (levels {counted})"
        case Strategy.LEAST_SKILLED:
            return f"is skilled enough and least skilled otherwise (levels {counted})"
        case Strategy.ROUND_ROBIN:
            return "is next in turn"
        case Strategy.FIXED_ORDER:
            return "is first in the fixed order"
        case Strategy.RING_ALL:
            return "is rung with all others who are free"
        case Strategy.RING_PROGRESSIVELY if contact.state is ContactState.OFFERED:
            return "is rung as well, since nobody has answered yet"
        case Strategy.RANDOM | Strategy.WEIGHTED_RANDOM:
            return "was drawn by lot" + (f" (weight {counted})" if queue.strategy is Strategy.WEIGHTED_RANDOM else "")
    return ""


def _counted(strategy: Strategy, contact: Contact, agent: Agent, weight: int = 1) -> str:
    match strategy:
        case Strategy.LONGEST_SINCE_LAST_CALL:
            return agent.talked_at.astimezone(UTC).isoformat(timespec="seconds") if agent.talked_at else "not yet"
        case Strategy.FEWEST_CALLS:
            return str(agent.calls)
        case Strategy.LEAST_TALK_TIME:
            return f"{agent.talked_s:.0f} s"
        case Strategy.MOST_SKILLED:
            return str(level_in(agent.skills, contact.needs))
        case Strategy.LEAST_SKILLED:
            return str(sum(agent.skills.values()))
    return str(weight)


_AFTER = {
    Strategy.LONGEST_SINCE_LAST_CALL: "talked later ({})",
    Strategy.FEWEST_CALLS: "has had {} calls today",
    Strategy.LEAST_TALK_TIME: "has talked for {} today",
    Strategy.MOST_SKILLED: "has levels {} in it",
    Strategy.LEAST_SKILLED: "has levels {} in all",
    Strategy.ROUND_ROBIN: "comes later in turn",
    Strategy.FIXED_ORDER: "stands later in the order",
    Strategy.RANDOM: "was not drawn",
    Strategy.WEIGHTED_RANDOM: "was not drawn",
}


@dataclass(frozen=True, slots=True)
class _Sight:
    """A decision as it was seen. `rung`: who was being asked about the contact already."""

    queue: Queue
    kind: Kind
    rung: frozenset[str]
    contact: Contact
    chosen: Agent | None
    wanted: tuple[Demand, ...]


def _findings(
    queue: Queue,
    kind: Kind,
    rung: frozenset[str],
    contact: tuple[Any, ...],
    chosen: Snapshot | None,
    others: list[Snapshot],
) -> tuple[Candidate, ...]:
    asked, winner = Contact("", **dict(zip(ASKED_FOR, contact, strict=True))), Agent(*chosen) if chosen else None
    sight = _Sight(queue, kind, rung, asked, winner, demands(asked, queue))
    found = [Candidate(winner.name, Verdict.CHOSEN)] if winner else []
    there = [Agent(*other) for other in others]
    found += [_finding(sight, agent) for agent in there if winner is None or agent.name != winner.name]
    return tuple(found[:CANDIDATES_MAX])


def _finding(sight: _Sight, agent: Agent) -> Candidate:
    """What the decision found about one agent: first what would keep them for good, then what does so now."""
    contact, name = sight.contact, agent.name
    if not able(agent.skills, contact.needs):
        return Candidate(name, Verdict.LACKS, lack(agent.skills, contact.needs))
    if not any(demand.fits(agent) for demand in sight.wanted):
        return _not_now(contact, sight.queue, agent)
    match agent.state:
        case AgentState.WRAP_UP:
            return Candidate(name, Verdict.WRAP_UP, until=agent.wrap_up_until)
        case AgentState.PAUSED:
            return Candidate(name, Verdict.PAUSED, agent.reason)
        case AgentState.OFFERED if name in sight.rung:
            return Candidate(name, Verdict.RUNG_TOO)
        case AgentState.OFFERED | AgentState.TALKING:
            return Candidate(name, Verdict(agent.state.value))
    if agent.rests_until:
        return Candidate(name, Verdict.RESTING, until=agent.rests_until)
    if not agent.has_room_for(sight.kind):
        return Candidate(name, Verdict.NO_ROOM)
    return _free_too(sight, agent)


def _free_too(sight: _Sight, agent: Agent) -> Candidate:
    """Why somebody who could have had it did not get it."""
    contact, queue, name, chosen = sight.contact, sight.queue, agent.name, sight.chosen
    if name in contact.spares:
        return Candidate(name, Verdict.SPARED, until=contact.spares[name])
    if name == contact.last_agent and chosen is not None:
        return Candidate(name, Verdict.JUST_HAD_IT)
    if queue.strategy is Strategy.RING_ALL:
        return Candidate(name, Verdict.RUNG_TOO)
    if queue.strategy in _AFTER and not contact.preferred:
        counted = _counted(queue.strategy, contact, agent, queue.weights.get(name, 1))
        if queue.strategy in COUNTED and chosen and counted == _counted(queue.strategy, contact, chosen):
            return Candidate(name, Verdict.IDLE_LESS)
        return Candidate(name, Verdict.AFTER, _AFTER[queue.strategy].format(counted))
    return Candidate(name, Verdict.IDLE_LESS)


def _not_now(contact: Contact, queue: Queue, agent: Agent) -> Candidate:
    """Why an able agent is not among those who may take the contact at this moment."""
    if contact.preferred and contact.preferred != agent.name:
        return Candidate(agent.name, Verdict.NOT_PREFERRED, contact.preferred, contact.preferred_until)
    after_s = next((tier.after_s for tier in queue.tiers if agent.is_in(tier.group)), None)
    if after_s is None or agent.capacity.get(contact.kind) == 0:
        return Candidate(agent.name, Verdict.OUTSIDE)
    return Candidate(agent.name, Verdict.LATER, until=contact.entered_at + timedelta(seconds=after_s))
