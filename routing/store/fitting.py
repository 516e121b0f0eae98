"""Fitting: what a demand asks of an agent, and in which order agents stand, said in SQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, true

from routing.agent import AgentState
from routing.demand import Demand
from routing.needs import ANY, NOT, Needs, skills_in
from routing.queue import Strategy
from routing.store.tables import agent_groups, agent_skills, agents

FREE = agents.c.free_for.is_not(None)


def there() -> ColumnElement[bool]:
    """Logged in and not about to leave."""
    leaving = agents.c.then == AgentState.LOGGED_OUT.value
    return and_(agents.c.state != AgentState.LOGGED_OUT.value, or_(agents.c.then.is_(None), ~leaving))


def at_work() -> ColumnElement[bool]:
    """Logged in, neither paused nor about to leave or pause."""
    away = (AgentState.LOGGED_OUT.value, AgentState.PAUSED.value)
    return and_(agents.c.state.not_in(away), agents.c.then.is_(None))


def fitting(demand: Demand) -> list[ColumnElement[bool]]:
    """The conditions of one demand; whether there is room now is another matter."""
    found = [_meets(demand.needs), func.coalesce(agents.c.capacity[demand.kind].as_integer(), 1) > 0]
    if demand.agent is not None:
        found.append(agents.c.name == demand.agent)
    if demand.group is not None:
        members = select(agent_groups.c.agent).where(
            agent_groups.c.agent == agents.c.name, agent_groups.c.group == demand.group
        )
        found.append(or_(agents.c.name == demand.group, members.exists()))
    return found


def in_order(by: Strategy, demand: Demand) -> tuple[Any, ...]:
    """The order of free agents that a strategy asks for."""
    idle = (agents.c.free_since, agents.c.name)
    match by:
        case Strategy.LONGEST_SINCE_LAST_CALL:
            return (agents.c.talked_at.nulls_first(), *idle)
        case Strategy.FEWEST_CALLS:
            return (agents.c.calls, *idle)
        case Strategy.LEAST_TALK_TIME:
            return (agents.c.talked_s, *idle)
        case Strategy.MOST_SKILLED:
            return (_levels(tuple(skills_in(demand.needs))).desc(), *idle)
        case Strategy.LEAST_SKILLED:
            return (_levels(()), *idle)
        case Strategy.ROUND_ROBIN:
            return (agents.c.name,)
    return idle


def _levels(skills: tuple[str, ...]) -> Any:
    """The sum of an agent's levels in these skills, or in all if there are none."""
    total = select(func.coalesce(func.sum(agent_skills.c.level), 0)).where(agent_skills.c.agent == agents.c.name)
    return (total.where(agent_skills.c.skill.in_(skills)) if skills else total).scalar_subquery()


def _meets(needs: Needs) -> ColumnElement[bool]:
    """The needs as an expression over the agent's skills."""
    of_agent = select(agent_skills.c.agent).where(agent_skills.c.agent == agents.c.name)
    parts: list[ColumnElement[bool]] = [true()]
    for name, wanted in needs.items():
        if name == ANY:
            parts.append(or_(*(_meets(one) for one in wanted)))
        elif name == NOT:
            parts.append(not_(_meets(wanted)))
        else:
            parts.append(of_agent.where(agent_skills.c.skill == name, agent_skills.c.level >= wanted).exists())
    return and_(*parts)
