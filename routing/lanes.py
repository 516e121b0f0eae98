"""Lanes: in memory, who waits beside who may take them, so that a decision looks at the first of each and no more."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from routing.agent import Agent, AgentState
from routing.contact import Contact
from routing.crowd import Crowd
from routing.demand import Demand, demands
from routing.floor import Floor
from routing.queue import Standing

Place = tuple[datetime, int, str]
"""(rank, order of entry, the contact's id): its place in a line or a lane."""

Counted = tuple[bool, bool, bool]
"""Whether an agent is there, at work and available."""

AVAILABLE = AgentState.AVAILABLE
NOWHERE: Counted = (False, False, False)


class Lane:
    """Who waits in one lane, by place, and which crowds may take them."""

    __slots__ = ("crowds", "demands", "name", "places", "queue")

    def __init__(self, name: str, queue: str, wanted: tuple[Demand, ...], crowds: tuple[Crowd, ...]) -> None:
        self.name = name
        self.queue = queue
        self.demands = wanted
        self.crowds = crowds
        self.places: list[Place] = []


class Lanes:
    """All lanes of a floor in memory, and the crowds of agents beside them.

    An agent is changed between `before` and `after`; a lane, once it is there, stays, with nobody in it.
    """

    def __init__(self, floor: Floor, agents: Mapping[str, Agent], standings: Mapping[str, Standing]) -> None:
        self._floor = floor
        self._agents = agents
        self._standings = standings
        self._lanes: dict[str, Lane] = {}
        self._crowds: dict[Demand, Crowd] = {}
        self._crowds_of: dict[str, list[Crowd]] = {}  # by agent
        self._open: dict[Crowd, None] = {}  # somebody is free, and somebody waits
        self._idle: dict[Crowd, None] = {}  # nobody is at work, and somebody waits

    # -- who waits --------------------------------------------------------------------------------------------------

    def lane(self, contact: Contact) -> Lane:
        """Where the contact waits, or would."""
        name = contact.lane
        found = self._lanes.get(name)
        if found is None:
            wanted = demands(contact, self._floor.queue(contact.queue))
            crowds = tuple(self.crowd(demand) for demand in wanted)
            found = self._lanes[name] = Lane(name, contact.queue, wanted, crowds)
        return found

    def enter(self, lane: Lane, place: Place) -> None:
        """Somebody begins to wait there."""
        before = lane.places[0] if lane.places else None
        insort(lane.places, place)
        self._show(lane, before)

    def leave(self, lane: Lane, place: Place) -> None:
        """Somebody waits there no longer."""
        before = lane.places[0]
        del lane.places[bisect_left(lane.places, place)]
        self._show(lane, before)

    def _show(self, lane: Lane, before: Place | None) -> None:
        """Let the crowds see who is first in a lane now."""
        now = lane.places[0] if lane.places else None
        if now is before:
            return
        for crowd in lane.crowds:
            if before:
                del crowd.fronts[bisect_left(crowd.fronts, (before[0], before[1], lane.name))]
            if now:
                insort(crowd.fronts, (now[0], now[1], lane.name))
            if before is None or now is None:
                self._watch(crowd)

    def next_servable(self, but: Collection[str]) -> str | None:
        """Who is first of all for whom somebody able is free; not of paused queues, nor of the lanes `but`."""
        best = None
        for crowd in self._open:
            for front in crowd.fronts:
                if best is not None and front >= best:
                    break
                if front[2] not in but and not self._is_paused(front[2]):
                    best = front
                    break
        return self._lanes[best[2]].places[0][2] if best else None

    @property
    def anybody_lonely(self) -> bool:
        """Whether somebody may be forlorn."""
        return bool(self._idle)

    def forlorn(self) -> Iterator[str]:
        """Who is first in each lane for which nobody able is there."""
        names = {name: None for crowd in self._idle for *_, name in crowd.fronts}
        for name in names:
            lane = self._lanes[name]
            breaks = self._floor.queue(lane.queue).breaks_count
            if not any(crowd.there if breaks else crowd.at_work for crowd in lane.crowds):
                yield lane.places[0][2]

    def _is_paused(self, lane: str) -> bool:
        standing = self._standings.get(self._lanes[lane].queue)
        return standing is not None and standing.paused is not None

    # -- who may take them ------------------------------------------------------------------------------------------

    def crowd(self, demand: Demand) -> Crowd:
        """The crowd of a demand; who is in a new one is looked up once."""
        crowd = self._crowds.get(demand)
        if crowd is None:
            crowd = self._crowds[demand] = Crowd(demand, self._floor.kind(demand.kind))
            named = [self._agents[demand.agent]] if demand.agent in self._agents else []
            for agent in self._agents.values() if demand.agent is None else named:
                if demand.fits(agent):
                    self._crowds_of[agent.name].append(crowd)
                    crowd.count(agent.there, agent.at_work)
                    crowd.put_in(agent)
        return crowd

    def hire(self, agent: Agent) -> None:
        """Somebody new, or somebody whose skills, groups or capacity are others now; they count nowhere yet."""
        self._crowds_of[agent.name] = [crowd for crowd in self._crowds.values() if crowd.demand.fits(agent)]

    def dismiss(self, agent: Agent) -> None:
        """After `before`: they count nowhere any more, until they are hired anew."""
        for crowd in self._crowds_of.pop(agent.name):
            crowd.count(-agent.there, -agent.at_work)
            self._watch(crowd)

    def before(self, agent: Agent) -> Counted:
        """Take an agent out of where they stand because they are as they still are."""
        available = agent.state is AVAILABLE
        if available:
            for crowd in self._crowds_of[agent.name]:
                crowd.take_out(agent)
        return agent.there, agent.at_work, available

    def after(self, agent: Agent, before: Counted) -> None:
        """Put them where they stand now."""
        now = (agent.there, agent.at_work, agent.state is AVAILABLE)
        if now == before and not now[2]:
            return
        there, at_work = now[0] - before[0], now[1] - before[1]
        for crowd in self._crowds_of[agent.name]:
            if now[2]:
                crowd.put_in(agent)
            crowd.count(there, at_work)
            self._watch(crowd)

    def _watch(self, crowd: Crowd) -> None:
        """Whether there may be something to decide about it."""
        waits = bool(crowd.fronts)
        for watched, so in ((self._open, waits and crowd.has_free), (self._idle, waits and not crowd.at_work)):
            if so:
                watched[crowd] = None
            else:
                watched.pop(crowd, None)
