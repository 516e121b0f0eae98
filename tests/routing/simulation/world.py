"""World: callers, agents and their telephones on a virtual clock, out of one seed, around one floor.

Whatever happens goes through the distributor's doors, and after each happening the invariants are looked at. The dice
of people and those of faults are different ones: a fault that must change nothing does not change what people do.
"""

from __future__ import annotations

import copy
import tempfile
from collections import Counter, deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any

from routing import distributor as d
from routing.agent import Agent, AgentState
from routing.contact import Contact, ContactState
from routing.effect import Accepted, Connected, Effect, Ended, Offered, Paused
from routing.kind import CONSULTS
from routing.offer import Offer, OfferState
from routing.queue import Queue
from routing.refusal import Refused
from routing.store import metadata, open_engine
from tests.routing import invariants
from tests.routing.simulation.by_hand import FIRST, ByHand
from tests.routing.simulation.clock import Clock
from tests.routing.simulation.ledger import Ledger, Step, WatchedMemory, WatchedSql, kept_events, read_again, things
from tests.routing.simulation.plan import HEADS_S, KINDS, NEEDS, RELAX, Plan, drawn

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WHOLE_EVERY = 200
WHOLE_SHARE = 0.25
"""Everything is counted after so many steps, and of a long day after as large a share of it: what is amiss stays so."""
LATER_MAX = 30
TOLD_LATER = (d.enter, d.caller_gone, d.leave, d.talk_ended, d.accept, d.decline, d.leg_placed, d.leg_answered)
TOLD_LATER += (d.leg_failed, d.leg_lost, d.leg_unreachable, d.end_wrap_up)
RESTARTS = 10
"""Of a long day's steps so many in the first 500, and about seven more whenever the steps have doubled."""

STEPS_EACH_MAX = 400
"""A day in which each contact takes more steps than this on average has come to a loop."""


class World(ByHand):
    """One day. `run` plays it to the end; `history` are its last steps."""

    def __init__(self, seed: int, contacts: int, on: str = "memory", plan: Plan | None = None, **always: bool) -> None:
        self.seed, self.contacts, self.on = seed, contacts, on
        self.plan = plan or drawn(seed)
        self.people, self.mishaps = Random(seed + 1), Random(seed + 2)  # noqa: S311 - no secrets here
        self.always = always  # faults that happen each time, and must change nothing
        self.clock = Clock(MORNING)
        self.step = 0
        self.came = 0
        self.faults_stopped = False
        self.hit: Counter[str] = Counter()
        self.history: deque[Step] = deque(maxlen=40)
        self.ledger = Ledger({**self.plan.queues, CONSULTS: Queue(CONSULTS)}, KINDS)
        self.replay_as = ""
        self.watch: Callable[[World, Step], None] | None = None
        self._whole_at = WHOLE_EVERY
        self._ids = count(1)
        self._agenda: list[tuple[datetime, int, Callable[..., None], tuple[Any, ...]]] = []
        self._order = count()
        self._told: deque[tuple[Callable[..., Any], tuple[Any, ...]]] = deque(maxlen=LATER_MAX)
        self._open()

    @property
    def now(self) -> datetime:
        """The time that the floor is told."""
        return self.clock.now

    # -- the floor ---------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        self._new_id = lambda: f"o{next(self._ids)}"
        if self.on == "memory":
            self.floor: Any = WatchedMemory(self.plan.queues, self._new_id, KINDS)
        else:
            self._folder = tempfile.TemporaryDirectory(prefix="world")
            self._engine = open_engine(f"sqlite:///{self._folder.name}/floor.db")
            # One transaction for the whole day, and a new floor for each happening: every one reads its rows anew.
            self._connection = self._engine.connect()
            metadata.create_all(self._connection)
        floor = self.floor_now()
        for agent in self.plan.agents:
            floor.add(copy.deepcopy(agent))
        self._note(Step(0, self.now, "hired", ()), floor)

    def close(self) -> None:
        """Put the database away."""
        if self.on != "memory":
            self._connection.close()
            self._engine.dispose()
            self._folder.cleanup()

    def floor_now(self) -> Any:
        """The floor as the next transaction would see it."""
        return (
            self.floor if self.on == "memory" else WatchedSql(self._connection, self.plan.queues, self._new_id, KINDS)
        )

    def restart(self) -> None:
        """The process ends and another begins: in memory, a new floor out of copies of the rows."""
        if self.on != "memory":
            return
        self.floor = self.floor.rebuilt()
        self.ledger.look_again(self.floor)

    def happen(self, door: Callable[..., Any], *details: Any) -> Any:
        """One happening: through the door, and then the rules."""
        if door.__name__ in self.plan.without:
            return None
        self.step += 1
        step = Step(self.step, self.now, door.__name__, details)
        self.history.append(step)
        self.ledger.time_passes(self.now)
        floor = self.floor_now()
        step.answer = door(floor, *_anew(details), self.now)
        step.effects = step.answer if isinstance(step.answer, list) else [step.answer]
        step.ticked = door is d.tick
        self._note(step, floor)
        self._look(step)
        if self.watch:
            self.watch(self, step)
        self._repeat(door, details)
        self._told.append((door, details))
        self.hit.update(f"{step.door}: {type(effect).__name__}" for effect in step.effects)
        self.hit.update(event.what for event in step.events)
        for effect in step.effects:
            self._follow(effect)
        return step.answer

    def _note(self, step: Step, floor: Any) -> None:
        before = len(self.ledger.events)
        step.touched = floor.touched[:]
        floor.touched.clear()
        found = [things(step.touched, kind) for kind in (Contact, Agent)]
        offers = things(step.touched, Offer)
        if self.on == "memory":
            step.events = floor.events[before:]
        else:
            fresh = self.floor_now()
            found, offers = [read_again(fresh, each) for each in found], read_again(fresh, offers)
            step.events = kept_events(self._connection, before)
        step.contacts, step.agents, step.offers = *found, offers
        step.next_due = d.next_deadline(self.floor_now())
        self.ledger.take(step)

    def _look(self, step: Step) -> None:
        invariants.check(invariants.STEP, self.ledger, step)
        if self.step >= self._whole_at:
            self._whole_at = self.step + max(WHOLE_EVERY, int(self.step * WHOLE_SHARE))
            self.look_at_all(step)
        elif self.step % WHOLE_EVERY == 0:
            self.look_at_lines(step)

    def look_at_all(self, step: Step) -> None:
        """The rules that count everything, and the lines."""
        invariants.check(invariants.WHOLE, self.ledger, step)
        self.look_at_lines(step)

    def look_at_lines(self, step: Step) -> None:
        """The positions and the next deadline, worked out again."""
        floor = self.floor_now()
        for queue in self.plan.queues:
            line = sorted((c for c in self.ledger.in_line.values() if c.queue == queue), key=invariants.line_place)
            seen = [floor.position(contact) for contact in line]
            invariants.holds(seen == list(range(1, len(line) + 1)), f"positions in {queue} are {seen}")
            invariants.holds(
                floor.waiting(queue)[0] == len(line), f"{floor.waiting(queue)} in {queue}, not {len(line)}"
            )
        due = min((at for at, _ in self.ledger.deadlines()), default=None)
        invariants.holds(step.next_due == due, f"the next deadline is {step.next_due}, {due} would be right")

    def _repeat(self, door: Callable[..., Any], details: tuple[Any, ...]) -> None:
        """Some are told twice, at once or later; that changes nothing."""
        if door is d.listen:  # each time somebody listens is kept
            return
        if self.always.get("told_twice") or self._chance("told twice", 0.1):
            self._again(door, details)
        if self.always.get("restart") or self._chance("restart", min(0.02, RESTARTS / self.step)):
            self.hit["restart while talking"] += any(
                c.state is ContactState.TALKING for c in self.ledger.contacts.values()
            )
            self.restart()

    def _again(self, door: Callable[..., Any], details: tuple[Any, ...]) -> None:
        floor, before = self.floor_now(), len(self.ledger.events)
        answer = door(floor, *_anew(details), self.now)
        told = len(floor.events) if self.on == "memory" else before + len(kept_events(self._connection, before))
        floor.touched.clear()
        invariants.holds(told == before, f"17 idem: {door.__name__} told again: {answer}")

    # -- people ------------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """The whole day, and then everybody goes home. A failure says how to replay it."""
        try:
            for agent in self.plan.agents:
                self._at(0, self._ready, agent.name)
            self._at(1, self._arrive)
            self._at(30, self._restless)
            while self._agenda or self._due():
                self._next()
                if self.step > STEPS_EACH_MAX * max(self.contacts, 10):
                    raise invariants.Violated("the day does not end")
            self._go_home()
        except Exception as error:
            error.add_note(f"replay with: {self.replay()}")
            raise
        finally:
            self.close()

    def replay(self) -> str:
        """The line that plays this day again, up to this step."""
        said = [f"python -m tests.routing.simulation --seed {self.seed} --contacts {self.contacts}"]
        said += [f"--on {self.on}"] if self.on != "memory" else []
        said += [f"--way {self.plan.way}"] if self.plan.way != "drawn" and not self.replay_as else []
        said += [f"--only '{self.plan.only}'"] if self.plan.only is not None else []
        said += [f"--{name.replace('_', '-')}" for name, so in self.always.items() if so]
        return " ".join([*said, *([self.replay_as] if self.replay_as else []), f"--step {self.step}"])

    def _due(self) -> datetime | None:
        return d.next_deadline(self.floor_now())

    def _next(self) -> None:
        """The next thing that happens: what the distributor wants to be woken for, or what somebody does."""
        due = self._due()
        late_s = self.mishaps.choice((1, 5, 40)) if self._chance("woken late", self.plan.late_share) else 0
        wakes = self.clock.due(due) + timedelta(seconds=late_s) if due else None
        if wakes and (not self._agenda or wakes <= self._agenda[0][0]):
            self._to(wakes)
            self._tick()
            return
        if not self._agenda:
            return
        at, _, action, details = heappop(self._agenda)
        self._to(at)
        if due and self.now == due:
            self.hit["in the same moment"] += 1
        action(*details)
        if self._chance("woken for nothing", 0.05):
            self.happen(d.tick)
        if self._told and self._chance("told again later", 0.03):
            door, details = self.mishaps.choice(list(self._told))
            if door in TOLD_LATER:
                self.happen(door, *details)

    def _tick(self) -> None:
        woken, before = self._due(), self.step
        self.happen(d.tick)
        due = self._due()
        if due and due <= self.now:
            self.hit["more due than a tick takes"] += 1
            told = self.history[-1].events
            invariants.holds(told and before < self.step, f"39 wake: a tick at {self.now} did nothing, {due} is due")
        elif woken and woken > self.now:
            self.hit["woken too early, since the clock was set back"] += 1

    def _to(self, at: datetime) -> None:
        """Time passes. While it stands, things happen at the same moment; what they call for is for later."""
        if not self._chance("clock stands", 0.02):
            self.clock.go(at)
        for fault, by_s in (("clock jumps", (90, 3600)), ("clock set back", (-90, -3600))):
            if self._chance(fault, 0.004):
                self.hit[f"{fault} while somebody waits"] += bool(self.ledger.waiting)
                self.clock.set(self.mishaps.choice(by_s))

    def _at(self, after_s: float, action: Callable[..., None], *details: Any) -> None:
        at = self.clock.true + timedelta(seconds=round(after_s, 3))
        heappush(self._agenda, (at, next(self._order), action, details))

    def _chance(self, fault: str, share: float) -> bool:
        if self.faults_stopped or fault not in self.plan.faults or self.mishaps.random() >= share:
            return False
        self.hit[fault] += 1
        return True

    def _lasting(self, mean_s: float) -> float:
        return self.people.choice((0.1, 0.5, 1, 1, 1.5, 2.5)) * mean_s

    def _arrive(self) -> None:
        self.came += 1
        dice = self.people
        contact = Contact(
            f"c{self.came}", dice.choice(sorted(self.plan.queues)), dice.choice(NEEDS), dice.choice(HEADS_S),
            kind=dice.choice(self.plan.kinds), relax=dice.choice(RELAX), who=f"w{dice.randint(1, 40)}",
            entered_at=self.now - timedelta(seconds=300) if self._chance("promised before", 0.1) else None,
            preferred=dice.choice((None, None, None, None, dice.choice(self.plan.agents).name)),
            closes_at=self.now + timedelta(seconds=self.mishaps.choice((0, 20, 90))) if self._chance("hours end", 0.05)
            else None,
        )  # fmt: skip
        if self.came < self.contacts:
            self._at(self._lasting(self.plan.between_s) if dice.random() > 0.1 else 0, self._arrive)
        patience_s = self._lasting(self.plan.patience_s)
        self.ledger.told.add(contact.id)
        self.happen(d.enter, contact)
        if self._chance("gave up", 1) and KINDS[contact.kind].live:
            self._at(patience_s, self._gives_up, contact.id)
        if self._chance("left by a key", 0.05):
            self._at(patience_s / 2, self.happen, d.leave, contact.id, "pressed 2")

    def _gives_up(self, contact_id: str) -> None:
        contact = self.ledger.contacts[contact_id]
        if contact.state in (ContactState.WAITING, ContactState.OFFERED):
            self.hit[f"gave up while {contact.state}"] += 1
            self.happen(d.caller_gone, contact_id)

    def _follow(self, effect: Effect | Refused | None) -> None:
        match effect:
            case Offered(offer=offer):
                self._asked(offer.id, offer.agent, offer.contact)
            case Accepted(offer=offer):
                self._rings(offer.id, offer.contact)
            case Connected(offer=offer, contact=contact):
                self._talks(offer.id, contact.id)
            case Ended(offer=offer):
                self._wraps(offer.agent, offer.contact)
            case Paused(agent=agent):
                self._at(self._lasting(20), self._ready, agent.name)

    def _asked(self, offer_id: str, agent: str, contact_id: str) -> None:
        """The agent is asked; what they do about it, and what may come between."""
        ring_s = self.ledger.queues[self.ledger.contacts[contact_id].queue].ring_s
        after_s = self.people.choice((0, 1, 2, 4)) % ring_s
        phone = self.ledger.agents[agent].ring_at == "phone"
        take = self._phone_answers if phone else self._accepts
        if self._chance("ignored", 0.08):
            return
        if self._chance("in the same moment", 0.05):
            self._at(ring_s, take, offer_id, agent)
            self._at(ring_s, self.happen, d.caller_gone, contact_id)
            return
        if self._chance("a supervisor in the same moment", 0.06):
            for action, given in self.mishaps.sample([(self._steps_in, ()), (take, (offer_id, agent))], 2):
                self._at(after_s, action, *given)
            return
        if self._chance("accepted too late", 0.04):
            self._at(ring_s + 1, take, offer_id, agent)
            return
        if self._chance("declined", 0.08):
            self._at(after_s, self.happen, d.decline, offer_id, agent)
            return
        if phone and self._chance("leg failed", 0.1):
            self._at(after_s, self.happen, d.leg_failed, offer_id, self.mishaps.choice(("busy", "no-answer")))
            return
        if phone and self._chance("leg unreachable", 0.05):
            self._at(0, self.happen, d.leg_unreachable, offer_id, "the carrier is unwell")
        if self._chance("accepted by another", 0.05):
            self._at(after_s, self.happen, d.accept, offer_id, self.mishaps.choice(self.plan.agents).name)
        if self._chance("hung up while ringing", 0.06):
            self._at(after_s / 2, self._gives_up, contact_id)
        self._at(after_s, take, offer_id, agent)
        if self._chance("accepted twice", 0.1):
            self._at(after_s, take, offer_id, agent)

    def _accepts(self, offer_id: str, agent: str) -> None:
        offer = self.ledger.offers[offer_id]
        self.hit[f"accepts an offer that is {offer.state}"] += 1
        self.happen(d.accept, offer_id, agent)

    def _phone_answers(self, offer_id: str, _agent: str) -> None:
        self.happen(d.leg_answered, offer_id)

    def _rings(self, offer_id: str, contact_id: str) -> None:
        """The agent has accepted and their leg is rung."""
        self._at(0.2, self.happen, d.leg_placed, offer_id, f"CA{offer_id}")
        if self._chance("hung up while connecting", 0.06):
            self._at(0.5, self._gives_up, contact_id)
        if self._chance("leg silent", 0.05):
            return
        if self._chance("leg failed", 0.06):
            self._at(1, self.happen, d.leg_failed, offer_id, self.mishaps.choice(("busy", "no-answer")))
            return
        if self._chance("leg unreachable", 0.04):
            self._at(0.1, self.happen, d.leg_unreachable, offer_id, "the carrier is unwell")
            return
        self._at(1, self.happen, d.leg_answered, offer_id)

    def _talks(self, offer_id: str, contact_id: str) -> None:
        if self._chance("leg lost", 0.05):
            self._at(0.5, self.happen, d.leg_lost, offer_id, "nobody spoke")
            if KINDS[self.ledger.offers[offer_id].kind].legs:
                return
        if self.ledger.offers[offer_id].kind in FIRST:
            self._calls_back(contact_id)
        if self.ledger.contacts[contact_id].transfers and self._chance("handed round", 0.8):
            queue = self.mishaps.choice(sorted(self.plan.queues))
            self._at(2, self._hands_on_to, contact_id, queue)
        elif self._chance("agents hand on", 0.15):
            self._at(2, self._hands_on, contact_id)
        gone = self._chance("hung up while talking", 0.3)
        self._at(self._lasting(self.plan.talk_s), self._ends, contact_id, d.caller_gone if gone else d.talk_ended)

    def _ends(self, contact_id: str, door: Callable[..., Any]) -> None:
        if self.ledger.contacts[contact_id].state is ContactState.TALKING:
            self.happen(door, contact_id)

    def _wraps(self, agent: str, contact_id: str) -> None:
        if self._chance("agents need longer", 0.2):
            self._at(1, self.happen, d.extend_wrap_up, agent)
            self._at(1, self.happen, d.dispose, contact_id, agent, "settled")
        if self.people.random() < 0.3:
            self._at(2, self.happen, d.end_wrap_up, agent)

    def _restless(self) -> None:
        """Agents come and go."""
        if self.came >= self.contacts:
            return
        self._at(self._lasting(40), self._restless)
        if self._chance("supervisors step in", 0.5):
            self._steps_in()
        agent = self.people.choice(self.plan.agents).name
        state = self.ledger.agents[agent].state
        if self._chance("agents leave all at once", 0.03):
            for each in self.plan.agents:
                self.happen(d.log_out, each.name)
                self._at(self._lasting(60), self._ready, each.name)
        elif self._chance("agents leave", 0.3):
            self.hit[f"log out while {state}"] += 1
            self.happen(d.log_out, agent)
            self._at(self._lasting(60), self._ready, agent)
        elif self._chance("agents pause", 0.3):
            self.hit[f"pause while {state}"] += 1
            self.happen(d.pause, agent, "lunch")
            if self._chance("supervisors step in", 0.7):
                self._at(2, self._assigns, agent)
            self._at(self._lasting(30), self._ready, agent)

    def _ready(self, agent: str) -> None:
        self.happen(d.log_in, agent)
        self.happen(d.ready, agent)

    def _go_home(self) -> None:
        """No more faults and nobody new: everybody who is here gets what they came for, and nothing is left."""
        self.faults_stopped = True
        for queue in self.plan.queues if "supervisors step in" in self.plan.faults else ():
            self.happen(d.resume_queue, queue, "boss")
            self.happen(d.open_queue, queue, "boss")
        for _ in range(20):
            for agent in self.plan.agents:
                if self.ledger.agents[agent.name].state in (AgentState.PAUSED, AgentState.LOGGED_OUT):
                    self._ready(agent.name)
            for offer in list(self.ledger.offers.values()):
                if offer.live and offer.state is OfferState.ACCEPTED and offer.connected_at:
                    self._at(self.plan.talk_s, self._ends, offer.contact, d.talk_ended)
            while self._agenda or self._due():
                self._next()
            if not self.ledger.in_line and not any(
                c.state is ContactState.TALKING for c in self.ledger.contacts.values()
            ):
                break
        last = self.history[-1]
        last.next_due = self._due()
        self.look_at_all(last)
        invariants.check(invariants.END, self.ledger, last)


def _anew(details: tuple[Any, ...]) -> tuple[Any, ...]:
    """What is told, as nobody else has it in hand."""
    return tuple(each if isinstance(each, str) else copy.deepcopy(each) for each in details)
