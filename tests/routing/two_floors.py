"""Two floors, in memory and in a database, to which the same things happen: they must agree and keep the rules.

What may happen is every door of the distributor; with what, `DOORS` says, from how the floors stand at the moment.
"""

from __future__ import annotations

import copy
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any, Protocol

from routing import distributor as d
from routing.agent import Agent, AgentState
from routing.contact import Contact, ContactState
from routing.kind import CALLBACK, CONSULTS
from routing.offer import Offer, OfferState
from routing.queue import Queue
from routing.store import metadata, open_engine
from tests.routing import invariants
from tests.routing.picture import picture
from tests.routing.simulation.by_hand import BY
from tests.routing.simulation.clock import Clock
from tests.routing.simulation.ledger import Ledger, Step, WatchedMemory, WatchedSql, kept_events, read_again, things
from tests.routing.simulation.plan import HEADS_S, KINDS, NEEDS, RELAX, drawn
from tests.routing.simulation.world import MORNING

AGAIN = frozenset({d.listen})
"""Doors that do something each time."""

SOMETIMES = 4
"""Every so many steps, what costs most: all lists of both floors, and the database told again."""


class Dice(Protocol):
    """Who decides what happens: a seed, or hypothesis."""

    def choice(self, among: Sequence[Any]) -> Any:
        """One of these."""


class TwoFloors:
    """The two floors, and what must be true of them after each happening."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock(MORNING)
        self.callers, self.steps = count(1), count(1)
        self.met: Counter[str] = Counter()
        self.folder = tempfile.TemporaryDirectory(prefix="floors")
        self.engine = open_engine(f"sqlite:///{self.folder.name}/floor.db")
        # One transaction for the whole history, and a fresh SqlFloor for each happening: every one reads rows anew.
        self.connection = self.engine.connect()
        metadata.create_all(self.connection)
        self.memory: Any = None

    def open(self, seed: int, **settings: Any) -> None:
        """The floors as the plan of a seed has them, with these settings in each queue; all are ready but one."""
        self.plan = drawn(seed)
        self.queues = {name: replace(queue, **settings) for name, queue in self.plan.queues.items()}
        self.ledger = Ledger({**self.queues, CONSULTS: Queue(CONSULTS)}, KINDS)
        ids, sql_ids = count(1), count(1)
        self.memory = WatchedMemory(self.queues, lambda: f"o{next(ids)}", KINDS)
        self.sql_id = lambda: f"o{next(sql_ids)}"
        for agent in self.plan.agents:
            for floor in (self.memory, self.sql()):
                floor.add(copy.deepcopy(agent))
        self.note(Step(0, self.clock.now, "hired", ()))
        for agent in self.plan.agents[1:]:
            self.happen(d.log_in, agent.name)
            self.happen(d.ready, agent.name)

    def close(self) -> None:
        """Everybody goes home, then the database goes."""
        try:
            if self.memory:
                self.everybody_goes_home()
        finally:
            self.connection.close()
            self.engine.dispose()
            self.folder.cleanup()

    def sql(self) -> WatchedSql:
        """The other floor, as the next transaction would see it."""
        return WatchedSql(self.connection, self.queues, self.sql_id, KINDS)

    # -- happenings ----------------------------------------------------------------------------------------------

    def happen(self, door: Callable[..., Any], *details: Any) -> Any:
        """The same on both floors: the answers must be equal, the rules must hold, and told again it is nothing."""
        self.ledger.time_passes(self.clock.now)
        step = Step(next(self.steps), self.clock.now, door.__name__, details, ticked=door is d.tick)
        step.answer = self.both(door, details)
        step.effects = step.answer if isinstance(step.answer, list) else [step.answer]
        self.note(step)
        self.met.update(f"{step.door}: {type(effect).__name__}" for effect in step.effects)
        self.met.update(event.what for event in step.events)
        if door not in AGAIN and not (door is d.tick and self.due_now()):
            told = len(self.memory.events)
            if step.number % SOMETIMES:
                answer = door(self.memory, *copy.deepcopy(details), self.clock.now)
            else:
                answer = self.both(door, details)
            assert len(self.memory.events) == told, f"17 idem: {step}, told again: {answer}"
            self.memory.touched.clear()
        return step.answer

    def both(self, door: Callable[..., Any], details: tuple[Any, ...]) -> Any:
        """Through the same door of both floors."""
        told = len(self.memory.events)
        ours = door(self.memory, *copy.deepcopy(details), self.clock.now)
        theirs = door(self.sql(), *copy.deepcopy(details), self.clock.now)
        assert ours == theirs, f"43: {door.__name__}{details}"
        assert self.memory.events[told:] == kept_events(self.connection, told)
        return ours

    def note(self, step: Step) -> None:
        """What came of it: the same rows on both floors, and all rules hold."""
        step.touched = self.memory.touched[:]
        self.memory.touched.clear()
        step.contacts, step.agents, step.offers = (things(step.touched, each) for each in (Contact, Agent, Offer))
        step.events = self.memory.events[len(self.ledger.events) :]
        step.next_due = d.next_deadline(self.memory)
        self.ledger.take(step)
        fresh = self.sql()
        for ours in (step.contacts, step.agents, step.offers):
            assert ours == read_again(fresh, ours), f"43: {step}"
        invariants.check(invariants.STEP, self.ledger, step)
        invariants.check(invariants.WHOLE, self.ledger, step)
        if step.number % SOMETIMES == 0:
            assert picture(self.memory, self.ledger) == picture(self.sql(), self.ledger), f"43: {step}"

    def somebody_is_served(self, dice: Dice) -> None:
        """Somebody comes and, if an agent is free, is answered."""
        [contact] = comes(self, dice)
        self.happen(d.enter, contact)
        if offer := self.memory.live_offer(contact.id):
            self.happen(d.accept, offer.id, offer.agent)
            self.happen(d.leg_answered, offer.id)

    def somebody_is_called_back(self, dice: Dice) -> None:
        """Somebody who is away waits; they come, or do not, or nothing is heard of them."""
        [contact] = comes(self, dice)
        contact.kind, contact.away = CALLBACK, True
        self.happen(d.enter, contact)
        match dice.choice(("here", "here", "not", "nothing")):
            case "here":
                self.happen(d.caller_here, contact.id)
            case "not":
                self.happen(d.not_reached, contact.id, "no-answer")

    def somebody_is_assigned(self, dice: Dice) -> None:
        """A supervisor gives somebody who waits to an agent who is on a break."""
        agent = self.agent(dice, AgentState.AVAILABLE)
        self.happen(d.pause, agent, "lunch")
        waiting = [c.id for c in self.ledger.contacts.values() if c.state is ContactState.WAITING and not c.away]
        for contact in waiting[:3]:
            self.happen(d.assign, contact, agent, BY)

    def somebody_comes_back(self, dice: Dice) -> None:
        """An agent is ready, wherever they were."""
        agent = self.agent(dice, AgentState.LOGGED_OUT, AgentState.PAUSED)
        self.happen(d.log_in, agent)
        self.happen(d.ready, agent)

    def somebody_asks_a_colleague(self, dice: Dice) -> None:
        """About somebody who is being talked to; the colleague comes."""
        contact, agent = self.theirs(dice)
        self.happen(d.consult, contact, agent, self.agent(dice, AgentState.AVAILABLE))
        known = self.memory.contact(contact)
        if known and (asked := self.memory.consulting(known)) and asked.state is ContactState.OFFERED:
            offer = self.memory.live_offer(asked.id)
            self.happen(d.accept, offer.id, offer.agent)
            self.happen(d.leg_answered, offer.id)

    def a_queue_goes_on(self, dice: Dice) -> None:
        """A supervisor resumes and opens it."""
        queue = self.queue(dice)
        self.happen(d.resume_queue, queue, BY)
        self.happen(d.open_queue, queue, BY)

    def due_now(self) -> bool:
        """Whether a tick would find something to do."""
        due = self.memory.next_due()
        return due is not None and due <= self.clock.now

    # -- time ----------------------------------------------------------------------------------------------------

    def time_passes(self, dice: Dice) -> None:
        """Some seconds, and nobody wakes the distributor."""
        self.clock.go(self.clock.true + timedelta(seconds=dice.choice((0.5, 1, 1, 3, 7, 10, 20, 40))))

    def the_deadline_comes(self, _dice: Dice) -> None:
        """Time passes until somebody has to be woken; there is something to do then."""
        due = self.memory.next_due()
        while due and self.clock.now < due:
            self.clock.go(self.clock.due(due))
        told = len(self.memory.events)
        rests = self.at_rest()
        self.happen(d.tick)
        if due:
            assert len(self.memory.events) > told or self.at_rest() < rests or self.memory.next_due() != due

    def at_rest(self) -> int:
        """How many agents are asked nothing for a while."""
        return sum(agent.rests_until is not None for agent in self.memory.agents.values())

    def the_clock_is_set(self, dice: Dice) -> None:
        """By somebody, forward or back; the floor is never told an earlier time."""
        before = self.clock.now
        self.clock.set(dice.choice((90, 3600, -30, -90, -3600)))
        assert self.clock.now >= before

    def a_process_starts_anew(self, _dice: Dice) -> None:
        """In memory, another floor out of the rows; in the database, that is each time so."""
        self.memory = self.memory.rebuilt()
        self.ledger.look_again(self.memory)

    def everybody_goes_home(self) -> None:
        """Drain: without new callers all end, all agents come free, and no deadline is left."""
        for queue in self.queues:
            self.happen(d.resume_queue, queue, BY)
        for agent in self.plan.agents:
            self.happen(d.log_in, agent.name)
            self.happen(d.ready, agent.name)
        for _ in range(2000):
            if self.memory.next_due():
                self.the_deadline_comes(None)
            elif talking := [c.id for c in self.ledger.contacts.values() if c.state is ContactState.TALKING]:
                self.happen(d.talk_ended, talking[0])
            elif away := [a.name for a in self.ledger.agents.values() if a.state is AgentState.PAUSED]:
                self.happen(d.ready, away[0])
            else:
                break
        last = Step(next(self.steps), self.clock.now, "gone home", (), next_due=self.memory.next_due())
        invariants.check(invariants.END, self.ledger, last)

    # -- with what -------------------------------------------------------------------------------------------------

    def contact(self, dice: Dice, *states: ContactState) -> str:
        """A contact in one of these states, if there is one; now and then any other."""
        found = [c.id for c in self.ledger.contacts.values() if c.state in states]
        return dice.choice(found * 5 + list(self.ledger.contacts)[-3:] or ["nobody"])

    def away(self, dice: Dice, *states: ContactState) -> str:
        """The same; more often than not one who is being called."""
        away = [c.id for c in self.ledger.contacts.values() if c.away and c.state is not ContactState.DONE]
        return dice.choice((*away, *away, self.contact(dice, *states)))

    def agent(self, dice: Dice, *states: AgentState) -> str:
        """An agent in one of these states, if there is one; now and then any other."""
        found = [a.name for a in self.ledger.agents.values() if a.state in states]
        return dice.choice(found * 3 + [agent.name for agent in self.plan.agents])

    def offer(self, dice: Dice, good: Callable[[Offer], bool]) -> Offer | None:
        """An offer of this sort, if there is one; now and then any other."""
        found = [offer for offer in self.ledger.offers.values() if good(offer)]
        among = found * 5 + list(self.ledger.offers.values())[-3:]
        return dice.choice(among) if among else None

    def theirs(self, dice: Dice) -> tuple[str, str]:
        """A conversation and its agent; now and then somebody else's."""
        contact = self.contact(dice, ContactState.TALKING)
        offer = self.memory.live_offer(contact)
        return contact, dice.choice([offer.agent] * 9 + [self.plan.agents[0].name]) if offer else "nobody"

    def queue(self, dice: Dice) -> str:
        return dice.choice(sorted(self.queues))


def comes(floors: TwoFloors, dice: Dice) -> tuple[Any, ...]:
    """A contact of any kind."""
    now, kind = floors.clock.now, dice.choice(floors.plan.kinds)
    return (
        Contact(
            f"c{next(floors.callers)}", floors.queue(dice), dice.choice(NEEDS), dice.choice(HEADS_S),
            kind=kind, relax=dice.choice(RELAX), who=dice.choice(("w1", "w2", "w3", None)),
            away=kind == CALLBACK and dice.choice((True, True, False)),
            entered_at=now - timedelta(seconds=300) if dice.choice(range(8)) == 7 else None,
            preferred=dice.choice((None, None, None, floors.plan.agents[-1].name)),
            closes_at=now + timedelta(seconds=dice.choice((0, 20, 90))) if dice.choice(range(9)) == 8 else None,
        ),
    )  # fmt: skip


def _answer(floors: TwoFloors, dice: Dice) -> tuple[Any, ...]:
    offer = floors.offer(dice, lambda it: it.state is OfferState.OPEN)
    return (offer.id, dice.choice([offer.agent] * 9 + [floors.plan.agents[0].name])) if offer else ("o0", "nobody")


def _leg(*why: Sequence[str], connected: bool = False) -> Callable[[TwoFloors, Dice], tuple[Any, ...]]:
    def about(floors: TwoFloors, dice: Dice) -> tuple[Any, ...]:
        offer = floors.offer(dice, lambda it: it.live and it.connected == connected)
        return (offer.id if offer else "o0", *(dice.choice(words) for words in why))

    return about


def _contact(*states: ContactState, more: Sequence[Sequence[Any]] = ()) -> Callable[..., tuple[Any, ...]]:
    return lambda floors, dice: (floors.contact(dice, *states), *(dice.choice(each) for each in more))


def _agent(*states: AgentState, more: tuple[Any, ...] = ()) -> Callable[..., tuple[Any, ...]]:
    return lambda floors, dice: (floors.agent(dice, *states), *more)


def _queue(*more: Sequence[Any]) -> Callable[..., tuple[Any, ...]]:
    return lambda floors, dice: (floors.queue(dice), *(dice.choice(each) for each in more))


def _consult(floors: TwoFloors, dice: Dice) -> tuple[Any, ...]:
    return *floors.theirs(dice), floors.agent(dice, AgentState.AVAILABLE)


def _leave_consult(floors: TwoFloors, dice: Dice) -> tuple[Any, ...]:
    contact, agent = floors.theirs(dice)
    known = floors.memory.contact(contact)
    asked = floors.memory.consulting(known) if known else None
    return contact, dice.choice((agent, agent, asked.last_agent if asked else agent))


C, A = ContactState, AgentState
LINE = (C.WAITING, C.OFFERED)
SOME_NEEDS = (None, None, {"claims": 1}, {})
DOORS: dict[Callable[..., Any], Callable[[TwoFloors, Dice], tuple[Any, ...]]] = {
    d.enter: comes,
    d.caller_gone: _contact(*LINE, C.TALKING),
    d.leave: _contact(*LINE, more=[["pressed 2"]]),
    d.talk_ended: _contact(C.TALKING),
    d.caller_answered: _contact(C.TALKING),
    d.caller_here: lambda floors, dice: (floors.away(dice, *LINE),),
    d.not_reached: lambda floors, dice: (floors.away(dice, *LINE, C.TALKING), "no-answer"),
    d.accept: _answer,
    d.decline: _answer,
    d.leg_placed: lambda floors, dice: (it := _leg()(floors, dice)[0], f"CA{it}"),
    d.leg_answered: _leg(),
    d.leg_failed: _leg(("busy", "no-answer")),
    d.leg_lost: _leg(["nobody spoke"], connected=True),
    d.leg_unreachable: _leg(["the carrier is unwell"]),
    d.tick: lambda floors, dice: (),
    d.log_in: _agent(A.LOGGED_OUT),
    d.ready: _agent(A.PAUSED, A.WRAP_UP),
    d.pause: _agent(A.OFFERED, A.TALKING, more=("lunch",)),
    d.log_out: _agent(A.OFFERED, A.TALKING),
    d.end_wrap_up: _agent(A.WRAP_UP),
    d.extend_wrap_up: _agent(A.WRAP_UP),
    d.dispose: lambda floors, dice: (*floors.theirs(dice), dice.choice(("settled", "open", ""))),
    d.move: lambda floors, dice: (floors.contact(dice, *LINE), floors.queue(dice), dice.choice(SOME_NEEDS), BY),
    d.change_head_start: _contact(*LINE, more=[(0, 120, -60, 10**6), [BY]]),
    d.assign: lambda floors, dice: (floors.contact(dice, C.WAITING), floors.agent(dice, A.PAUSED, A.WRAP_UP), BY),
    d.pause_queue: _queue(["fire drill"], [BY]),
    d.resume_queue: _queue([BY]),
    d.close_queue: _queue(["party"], (False, True), [BY]),
    d.open_queue: _queue([BY]),
    d.force_log_out: _agent(A.OFFERED, A.TALKING, more=(BY,)),
    d.listen: _contact(C.TALKING, more=[[BY], ("whisper", "off", "shout")]),
    d.hold: lambda floors, dice: floors.theirs(dice),
    d.resume: lambda floors, dice: floors.theirs(dice),
    d.transfer_to_queue: lambda floors, dice: (*floors.theirs(dice), floors.queue(dice), dice.choice(SOME_NEEDS)),
    d.transfer_to_agent: lambda floors, dice: (*floors.theirs(dice), floors.agent(dice, A.AVAILABLE, A.WRAP_UP)),
    d.transfer_out: lambda floors, dice: (*floors.theirs(dice), "the lawyers"),
    d.consult: _consult,
    d.join: lambda floors, dice: floors.theirs(dice),
    d.leave_consult: _leave_consult,
}
"""Every door by which something happens, and with what it may happen."""
