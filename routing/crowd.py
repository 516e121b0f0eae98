"""Crowd: the agents in memory who fit one demand, counted, and those with room for it in each order asked for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from routing.agent import Agent
from routing.demand import Demand
from routing.kind import Kind
from routing.needs import level_in
from routing.queue import Strategy

LONGEST_IDLE = Strategy.LONGEST_IDLE
NEVER = datetime.min.replace(tzinfo=UTC)

Key = tuple[Any, ...]
"""What agents are ordered by; the last part is the name."""


def key_of(agent: Agent, demand: Demand, by: Strategy) -> Key:
    """What an agent's turn is judged by: the lowest is first."""
    if by is LONGEST_IDLE:
        return (agent.free_since, agent.name)
    match by:
        case Strategy.LONGEST_SINCE_LAST_CALL:
            return (agent.talked_at or NEVER, agent.free_since, agent.name)
        case Strategy.FEWEST_CALLS:
            return (agent.calls, agent.free_since, agent.name)
        case Strategy.LEAST_TALK_TIME:
            return (agent.talked_s, agent.free_since, agent.name)
        case Strategy.MOST_SKILLED:
            return (-level_in(agent.skills, demand.needs), agent.free_since, agent.name)
        case Strategy.LEAST_SKILLED:
            return (sum(agent.skills.values()), agent.free_since, agent.name)
    return (agent.name,)


class Crowd:
    """The agents who fit `demand`.

    `fronts`: the first place of each lane whose contacts this crowd may take, in order, with the lane's name.
    """

    __slots__ = ("at_work", "demand", "free", "fronts", "kind", "there")

    def __init__(self, demand: Demand, kind: Kind) -> None:
        self.demand = demand
        self.kind = kind
        self.there = 0
        self.at_work = 0
        self.free: dict[Strategy, list[Key]] = {LONGEST_IDLE: []}
        self.fronts: list[tuple[datetime, int, str]] = []

    @property
    def has_free(self) -> bool:
        """Whether somebody has room."""
        return bool(self.free[LONGEST_IDLE])

    def count(self, there: int, at_work: int) -> None:
        """So many more, or fewer, are there and at work."""
        self.there += there
        self.at_work += at_work

    def put_in(self, agent: Agent) -> None:
        """Among those who are free, if they are, as they are now."""
        if agent.has_room_for(self.kind):
            for by, keys in self.free.items():
                insort(keys, key_of(agent, self.demand, by))

    def take_out(self, agent: Agent) -> None:
        """From those who are free, if they are; they are still as they were put in."""
        if agent.has_room_for(self.kind):
            for by, keys in self.free.items():
                del keys[bisect_left(keys, key_of(agent, self.demand, by))]

    def names(self, limit: int, by: Strategy, after: str | None, agents: dict[str, Agent]) -> Sequence[str]:
        """The first of those with room, in an order that is kept from the first time it is asked for."""
        keys = self.free.get(by)
        if keys is None:
            free = self.free[LONGEST_IDLE]
            keys = self.free[by] = sorted(key_of(agents[key[-1]], self.demand, by) for key in free)
        start = bisect_right(keys, (after,)) if after is not None else 0
        return [key[-1] for key in keys[start : start + limit]]
