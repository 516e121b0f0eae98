"""Matching: who is best for a contact, and why.

Contacts are served in the order of their places (rank, then entry) across all queues: each goes to the agent who
has been free longest among those able to take it, and is passed over only when no such agent is free. So a freed agent
gets the best contact of all that they can take, and the two questions never disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from routing.agent import Agent, AgentState
from routing.contact import Contact
from routing.needs import able
from routing.reason import Candidate, Reason, Verdict

CANDIDATES_MAX = 20
"""How many agents a decision keeps its findings about; it looks at two for deciding, whatever their number."""


def best_agent(contact: Contact, free: Sequence[Agent]) -> Agent | None:
    """The agent to ask: `free` holds able, free agents, longest idle first; the first two decide.

    The one who had the contact's last offer is asked again only if nobody else able is free.
    """
    return next((agent for agent in free if agent.name != contact.last_agent), free[0] if free else None)


def explain(contact: Contact, chosen: Agent, others: Iterable[Agent], passed: tuple[str, ...]) -> Reason:
    """Why `chosen` gets `contact`, seen among `others` who are logged in, before the offer is made."""
    found = [Candidate(chosen.name, Verdict.CHOSEN)]
    found += [_finding(contact, agent) for agent in others if agent.name != chosen.name]
    return Reason(
        agent=chosen.name,
        skills={skill: chosen.skills[skill] for skill in contact.needs},
        free_since=chosen.free_since,
        candidates=tuple(found[:CANDIDATES_MAX]),
        passed=passed,
    )


def _finding(contact: Contact, agent: Agent) -> Candidate:
    if not able(agent.skills, contact.needs):
        return Candidate(agent.name, Verdict.LACKS, _lack(contact, agent))
    match agent.state:
        case AgentState.AVAILABLE if agent.name == contact.last_agent:
            return Candidate(agent.name, Verdict.JUST_HAD_IT)
        case AgentState.AVAILABLE:
            return Candidate(agent.name, Verdict.IDLE_LESS)
        case AgentState.WRAP_UP:
            return Candidate(agent.name, Verdict.WRAP_UP, until=agent.wrap_up_until)
        case AgentState.PAUSED:
            return Candidate(agent.name, Verdict.PAUSED, agent.reason)
        case state:
            return Candidate(agent.name, Verdict(state.value))


def _lack(contact: Contact, agent: Agent) -> str:
    """The first skill, by name, that is not enough: `de 2, has 1`."""
    skill = next(s for s, level in sorted(contact.needs.items()) if agent.skills.get(s, 0) < level)
    has = agent.skills.get(skill)
    return f"{skill} {contact.needs[skill]}" + (f", has {has}" if has else "")
