"""Reference: the distributor once more, as simply as it can be said - lists, sorted anew for each decision.

Written from what queues, kinds and doors say that they mean, for being obviously right and not for being quick; nothing
but the settings is shared with the distributor. Each decision is told as a line of words.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace as Thing
from typing import Any

from routing.queue import Strategy
from tests.routing.invariants import meets
from tests.routing.simulation.plan import KINDS

DECIDES_NOTHING = ("leg_placed", "hold", "resume", "listen", "dispose")
STANDS = {"pause_queue": "paused", "resume_queue": "paused", "close_queue": "closed", "open_queue": "closed"}


def has(thing: Any) -> dict[str, Any]:
    """The settings and the blank fields of one who comes."""
    return {name: getattr(thing, name) for name in thing.__slots__ if name not in ("groups", "holds", "relax", "seq")}


def s(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


class Reference:
    """A floor and its doors, one function for each. `told` are the decisions since the last happening."""

    def __init__(self, queues: dict[str, Any], agents: tuple[Any, ...]) -> None:
        self.queues, self.contacts, self.offers, self.told, self.asked_last = queues, {}, [], [], {}
        self.paused, self.closed = set(), set()
        self.agents = {a.name: Thing(**has(a), groups={a.name, *a.groups}, holds={}, day=None) for a in agents}

    def happen(self, door: str, details: tuple[Any, ...], now: datetime) -> list[str]:
        """One happening; the decisions that it led to."""
        self.now, self.told = now, []
        if door in ("log_out", "force_log_out"):
            self.pause(details[0], "", "logged_out")
        elif door in STANDS:
            self.stands(details[0], getattr(self, STANDS[door]), door in ("pause_queue", "close_queue"), *details[2:3])
        elif door not in DECIDES_NOTHING:
            getattr(self, door)(*details)
        self.settle()
        return self.told

    # -- contacts ----------------------------------------------------------------------------------------------------

    def enter(self, given: Any) -> None:
        if given.id in self.contacts:
            return
        queue, now = self.queues[given.queue], self.now
        waiting = [c for c in self.line() if c.queue == given.queue]
        c = Thing(**has(given), relax=list(given.relax), seq=len(self.contacts), last=None, ended=None)
        c.entered, c.reach = given.entered_at or now, 1
        c.max_wait_at, c.preferred_until = now + s(queue.max_wait_s), now + s(queue.prefer_s)
        c.max_wait_at = min(c.max_wait_at, c.closes_at or c.max_wait_at)
        c.rank = c.entered - s(given.head_start_s + queue.head_start_s + KINDS[given.kind].head_start_s)
        gone = [o for o in self.contacts.values() if o.who == c.who and o.who and o.queue == c.queue and not o.place_to]
        gone = [o for o in gone if o.outcome == "abandoned" and o.ended >= now - s(queue.keep_place_s)]
        before = max(gone, key=lambda o: (o.ended, o.seq), default=c) if queue.keep_place_s else c
        self.contacts[c.id] = c
        if before.rank < c.rank:
            c.rank, before.place_to = before.rank, c.id
        able = [a for a in self.agents.values() if self.at_work(a) and self.can(a, c)]
        in_tiers = [a for t in queue.tiers for a in able if t.group in a.groups]  # who serves in two counts in both
        crowded = queue.max_ratio and len(waiting) > max(0, queue.max_ratio * len(in_tiers if queue.tiers else able))
        if c.queue in self.closed or (c.closes_at and c.closes_at <= now):
            self.overflow(c, "closed")
        elif len(waiting) >= queue.max_length or crowded:
            self.overflow(c, "full")
        self.widen(c)

    def caller_gone(self, contact: str) -> None:
        self.leave(contact, "", "abandoned")
        self.talk_ended(contact)

    def leave(self, contact: str, why: str, outcome: str = "left") -> None:
        for c in [c for c in self.line() if c.id == contact]:
            for o in self.live(contact=c.id):
                self.drop(o, "caller_gone")
            self.done(c, outcome)

    def talk_ended(self, contact: str) -> None:
        for o in self.talks(contact):
            self.done(self.contacts[contact], "served")
            self.over(o, self.agents[o.agent])
            self.close(o, "accepted")

    def over(self, o: Any, a: Any) -> None:
        if not KINDS[o.kind].live:
            a.holds[o.kind] -= 1
            return
        self.new_day(a)
        a.calls, a.talked_s, a.talked_at = a.calls + 1, a.talked_s + (self.now - o.connected).total_seconds(), self.now
        wrap_up_s = self.queues[o.queue].wrap_up_s if a.wrap_up_s is None else a.wrap_up_s
        a.state, a.misses, a.wrap_up_until = "wrap_up", 0, self.now + s(wrap_up_s)
        self.end_wrap_up(a.name) if wrap_up_s == 0 else None

    def caller_answered(self, contact: str) -> None:
        for o in self.talks(contact):
            o.connected, o.reached = o.connected if o.reached else self.now, True

    def not_reached(self, contact: str, why: str) -> None:
        for o in [o for o in self.talks(contact) if KINDS[o.kind].legs and not o.reached]:
            self.done(self.contacts[contact], "not_reached")
            self.drop(o, "failed")

    # -- supervisors -------------------------------------------------------------------------------------------------

    def change_head_start(self, contact: str, head_start_s: int, by: str) -> None:
        for c in [c for c in self.line() if c.id == contact]:
            c.rank, c.head_start_s = c.rank - s(head_start_s - c.head_start_s), head_start_s

    def stands(self, queue: str, queues: set[str], so: bool, send_away: Any = False) -> None:
        (queues.add if so else queues.discard)(queue)
        for c in [c for c in self.line("waiting") if c.queue == queue and send_away is True]:
            self.overflow(c, "closed")

    # -- offers ------------------------------------------------------------------------------------------------------

    def accept(self, offer: str, agent: str) -> None:
        for o in self.open_to(offer, agent):
            self.take(o)

    def decline(self, offer: str, agent: str) -> None:
        for o in self.open_to(offer, agent):
            self.drop(o, "declined", self.queues[o.queue].declined_rest_s, last=True)
            self.give_back(o)

    def take(self, o: Any) -> None:
        c, a, kind = self.contacts[o.contact], self.agents[o.agent], KINDS[o.kind]
        o.state, o.expires, c.ring_more_at, c.last = "accepted", self.now + s(15), None, o.agent
        a.contact = c.id if kind.live else a.contact
        for other in [other for other in self.live(contact=c.id) if other is not o]:
            self.drop(other, "withdrawn")
        self.connect(o) if not kind.legs else None

    def connect(self, o: Any) -> None:
        c, a = self.contacts[o.contact], self.agents[o.agent]
        o.connected, o.expires, c.state = self.now, None, "talking"
        if KINDS[c.kind].live:
            a.state = "talking"
        else:
            a.holds[c.kind], a.misses = a.holds.get(c.kind, 0) + 1, 0
            self.free(a, last=True)

    def leg_answered(self, offer: str) -> None:
        for o in self.unmet(offer):
            self.take(o) if o.state == "open" else None
            self.connect(o) if not o.connected else None

    def leg_failed(self, offer: str, why: str, met: bool = False) -> None:
        for o in self.unmet(offer, met):
            self.fail(o, why)

    def leg_lost(self, offer: str, why: str) -> None:
        self.leg_failed(offer, why, met=True)

    def leg_unreachable(self, offer: str, why: str) -> None:
        for o in self.unmet(offer):
            o.excused = True
            self.fail(o, why, excused=True) if o.state == "accepted" else None

    def fail(self, o: Any, why: str, excused: bool = False) -> None:
        queue, o.excused = self.queues[o.queue], excused
        self.close(o, "failed")
        self.missed(o, queue.no_answer_rest_s if why == "no-answer" else queue.busy_rest_s)
        self.give_back(o)

    # -- agents ------------------------------------------------------------------------------------------------------

    def log_in(self, agent: str) -> None:
        a = self.agents[agent]
        a.then = None if a.then == "logged_out" else a.then
        if a.state == "logged_out":
            a.state, a.misses = "paused", 0
            self.new_day(a)

    def ready(self, agent: str) -> None:
        a = self.agents[agent]
        self.make_ready(a) if a.state in ("paused", "wrap_up") else None
        a.rests_until = a.then = None

    def pause(self, agent: str, reason: str, to: str = "paused") -> None:
        a = self.agents[agent]
        for o in self.live(agent=agent):
            if o.state == "open":
                self.close(o, "withdrawn")
                a.state = "available"
                self.give_back(o)
            elif to == "logged_out" and not KINDS[o.kind].live:
                a.holds[o.kind] -= 1
                self.close(o, "failed")
                self.give_back(o)
        if [o for o in self.live(agent=agent) if KINDS[o.kind].live]:
            a.then = to
        elif a.state != "logged_out":
            self.step_out(a, to)

    def end_wrap_up(self, agent: str) -> None:
        a = self.agents[agent]
        if a.state == "wrap_up":
            self.step_out(a, a.then) if a.then else self.make_ready(a)

    def new_day(self, a: Any) -> None:
        if a.day != self.now.date():
            a.calls, a.talked_s, a.day = 0, 0.0, self.now.date()

    # -- time, and what follows from everything ----------------------------------------------------------------------

    def tick(self) -> None:
        for o in sorted((o for o in self.offers if o.live and o.expires), key=lambda o: (o.expires, o.id)):
            if o.live and o.expires and o.expires <= self.now:
                self.close(o, "failed" if o.state == "accepted" else "missed")
                self.missed(o, self.queues[o.queue].no_answer_rest_s)
                self.give_back(o)
        for a in self.agents.values():
            self.end_wrap_up(a.name) if a.state == "wrap_up" and a.wrap_up_until <= self.now else None
            a.rests_until = None if a.rests_until and a.rests_until <= self.now else a.rests_until
        for c in self.line("waiting"):
            self.overflow(c) if c.max_wait_at <= self.now else self.widen(c)
        self.settle()
        for c in self.line("offered"):
            if c.ring_more_at and c.ring_more_at <= self.now:
                queue, over = self.queues[c.queue], c.max_wait_at <= self.now
                for a in self.in_turn(c)[: 0 if over else 1]:
                    self.ask(c, a)
                c.ring_more_at = self.now + s(queue.ring_more_s) if c.rung < queue.ring_max and not over else None

    def settle(self) -> None:
        for c in self.line("waiting"):
            while c.state == "waiting" and not self.anybody(c):
                if not self.forsake(c):
                    self.overflow(c, "nobody there")
        for c in self.line("waiting"):
            queue = self.queues[c.queue]
            asked = self.in_turn(c)[: queue.ring_max if queue.strategy is Strategy.RING_ALL else 1]
            if asked and c.max_wait_at <= self.now:
                self.overflow(c)
            elif asked:
                c.state, c.rounds, c.rung = "offered", c.rounds + 1, 0
                for a in asked:
                    self.ask(c, a)
                more = queue.strategy is Strategy.RING_PROGRESSIVELY and queue.ring_max > 1
                c.ring_more_at = self.now + s(queue.ring_more_s) if more else None

    def ask(self, c: Any, a: Any) -> None:
        o = Thing(id=len(self.offers) + 1, contact=c.id, agent=a.name, queue=c.queue, kind=c.kind, connected=None)
        o.expires, o.legs, o.state = self.now + s(self.queues[c.queue].ring_s), KINDS[c.kind].legs, "open"
        o.live, o.excused, o.reached = True, False, False
        self.offers.append(o)
        a.state, c.last, c.rung, self.asked_last[c.queue] = "offered", a.name, c.rung + 1, a.name
        self.told.append(f"{c.id} is offered to {a.name}")

    def in_turn(self, c: Any) -> list[Any]:
        """Who may be asked now, in order; of the first tier in which somebody is free who did not just have it."""
        queue = self.queues[c.queue]
        free = [a for a in self.agents.values() if self.may_take(a, c) and self.has_room(a, c)]
        tiers = [t.group for t in queue.tiers[: c.reach]] if queue.tiers and not c.preferred else [None]
        by_tier = [self.ordered(queue, c, [a for a in free if t is None or t in a.groups]) for t in tiers]
        for tier in by_tier:
            if others := [a for a in tier if a.name != c.last]:
                return tier if queue.strategy is Strategy.RING_ALL else others
        return next((tier for tier in by_tier if tier), [])

    def ordered(self, queue: Any, c: Any, free: list[Any]) -> list[Any]:
        last = self.asked_last.get(queue.name, "")
        keys = {
            Strategy.LONGEST_SINCE_LAST_CALL: lambda a: (a.talked_at is not None, a.talked_at),
            Strategy.FEWEST_CALLS: lambda a: a.calls,
            Strategy.LEAST_TALK_TIME: lambda a: a.talked_s,
            Strategy.MOST_SKILLED: lambda a: -sum(a.skills.get(skill, 0) for skill in set(wanted(c.needs)) or a.skills),
            Strategy.LEAST_SKILLED: lambda a: sum(a.skills.values()),
            Strategy.ROUND_ROBIN: lambda a: (a.name <= last, a.name),
            Strategy.FIXED_ORDER: lambda a: ((*queue.order, a.name).index(a.name), a.name),
        }
        key = keys.get(queue.strategy, lambda a: 0)
        return sorted(free, key=lambda a: (key(a), a.free_since, a.name))

    def widen(self, c: Any) -> None:
        """More may take it, by the time that it has waited."""
        waited_s = (self.now - c.entered).total_seconds()
        c.preferred = None if c.preferred_until <= self.now else c.preferred
        c.reach = max(c.reach, sum(tier.after_s <= waited_s for tier in self.queues[c.queue].tiers))
        while c.relax and c.relax[0][0] <= waited_s:
            c.needs = c.relax.pop(0)[1]

    def forsake(self, c: Any) -> bool:
        """Nobody of those is there: the next step at once."""
        steps_left = bool(c.preferred or c.reach < len(self.queues[c.queue].tiers) or c.relax)
        if not c.preferred and c.reach >= len(self.queues[c.queue].tiers) and c.relax:
            c.needs = c.relax.pop(0)[1]
        c.reach += not c.preferred and c.reach < len(self.queues[c.queue].tiers)
        c.preferred = None
        return steps_left

    def give_back(self, o: Any) -> None:
        c = self.contacts[o.contact]
        if self.live(contact=c.id):
            return
        c.state, c.ring_more_at = "waiting", None
        self.widen(c)
        late = c.max_wait_at <= self.now
        if late or c.rounds >= self.queues[c.queue].offers_max:
            self.overflow(c, "" if late else "nobody answered")

    def missed(self, o: Any, rest_s: int) -> None:
        a = self.agents[o.agent]
        a.misses += not o.excused
        if o.excused or a.misses < self.queues[o.queue].misses_max or a.then == "logged_out":
            self.free(a, 0 if o.excused else rest_s, last=True)
        else:
            self.step_out(a, "paused")
            self.told.append(f"{a.name} is paused")

    def free(self, a: Any, rest_s: int = 0, last: bool = False) -> None:
        """Nothing came of it: free again, as long as before or, as the last, from now on."""
        a.contact = None
        if a.then:
            self.step_out(a, a.then)
            return
        a.state, a.free_since = "available", self.now if last else a.free_since
        a.rests_until = self.now + s(rest_s) if rest_s else None

    def step_out(self, a: Any, to: str) -> None:
        a.state, a.then, a.contact, a.wrap_up_until, a.rests_until = to, None, None, None, None

    def make_ready(self, a: Any) -> None:
        self.step_out(a, "available")
        a.free_since, a.misses = self.now, 0

    def overflow(self, c: Any, why: str = "") -> None:
        self.done(c, "overflowed")
        late = "closed" if c.closes_at == c.max_wait_at else "too long"
        self.told.append(f"{c.id} overflows: {why or late}")

    def done(self, c: Any, outcome: str) -> None:
        c.state, c.outcome, c.ended, c.ring_more_at = "done", outcome, self.now, None

    def close(self, o: Any, state: str) -> None:
        o.state, o.live, o.expires, o.connected = state, False, None, None

    def drop(self, o: Any, state: str, rest_s: int = 0, last: bool = False) -> None:
        self.close(o, state)
        self.free(self.agents[o.agent], rest_s, last)

    # -- questions ---------------------------------------------------------------------------------------------------

    def may_take(self, a: Any, c: Any) -> bool:
        tiers = {tier.group for tier in self.queues[c.queue].tiers[: c.reach]}
        return self.can(a, c) and (a.name == c.preferred if c.preferred else not tiers or bool(a.groups & tiers))

    def can(self, a: Any, c: Any) -> bool:
        return a.capacity.get(c.kind, 1) > 0 and meets(a.skills, c.needs)

    def has_room(self, a: Any, c: Any) -> bool:
        kind = c.kind
        others = {other for other, many in a.holds.items() if many and other != kind}
        most = 1 if KINDS[kind].live else a.capacity.get(kind, KINDS[kind].capacity)
        fits = a.holds.get(kind, 0) < most and others <= set(KINDS[kind].interrupts)
        return fits and a.state == "available" and not a.rests_until and c.queue not in self.paused

    def anybody(self, c: Any) -> bool:
        here = [a for a in self.agents.values() if a.state != "logged_out" and a.then != "logged_out"]
        return any(self.may_take(a, c) and (self.queues[c.queue].breaks_count or self.at_work(a)) for a in here)

    def at_work(self, a: Any) -> bool:
        return a.state not in ("logged_out", "paused") and a.then is None

    def line(self, *states: str) -> list[Any]:
        here = [c for c in self.contacts.values() if c.state in (states or ("waiting", "offered"))]
        return sorted(here, key=lambda c: (c.rank, c.seq))

    def live(self, contact: str | None = None, agent: str | None = None) -> list[Any]:
        return [o for o in self.offers if o.live and (o.contact == contact or o.agent == agent)]

    def talks(self, contact: str) -> list[Any]:
        return [o for o in self.live(contact=contact) if self.contacts[contact].state == "talking"]

    def open_to(self, offer: str, agent: str) -> list[Any]:
        return [o for o in self.unmet(offer) if o.state == "open" and o.agent == agent]

    def unmet(self, offer: str, met: bool = False) -> list[Any]:
        return [o for o in self.offers if f"o{o.id}" == offer and o.live and bool(o.connected) is met and o.legs >= met]


def wanted(needs: dict[str, Any]) -> list[str]:
    """The skills that are asked for."""
    inner = [skill for one in needs.get("any", ()) for skill in wanted(one)]
    return inner + [skill for skill in needs if skill not in ("any", "not")]
