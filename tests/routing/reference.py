"""Reference: the distributor once more, as simply as it can be said - lists, sorted anew for each decision.

Written from what the queue, the kinds and the doors say that they mean, for being obviously right and not for being
quick; nothing of it is shared with the distributor but the settings. It tells each decision as a line of words.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace as Thing
from typing import Any

from routing.queue import Strategy
from tests.routing.invariants import meets
from tests.routing.simulation.plan import KINDS

LEG_S = 15


class Reference:
    """A floor and its doors. `told` are the decisions since the last happening."""

    def __init__(self, queues: dict[str, Any], agents: tuple[Any, ...]) -> None:
        self.queues, self.contacts, self.offers, self.told = queues, {}, [], []
        self.asked_last: dict[str, str] = {}
        self.agents = {
            a.name: Thing(
                name=a.name, skills=a.skills, groups={a.name, *a.groups}, capacity=a.capacity, wrap_up_s=a.wrap_up_s,
                state="logged_out", misses=0, free_since=None, rests_until=None, wrap_up_until=None, contact=None,
                holds={}, then=None, calls=0, talked_s=0.0, talked_at=None, day=None,
            )
            for a in agents
        }  # fmt: skip

    # -- what happens ------------------------------------------------------------------------------------------------

    def happen(self, door: str, details: tuple[Any, ...], now: datetime) -> list[str]:
        """One happening; the decisions that it led to."""
        self.now, self.told = now, []
        getattr(self, door)(*details)
        self.settle()
        return self.told

    def enter(self, given: Any) -> None:
        if given.id in self.contacts:
            return
        queue = self.queues[given.queue]
        waiting = [c for c in self.contacts.values() if c.queue == given.queue and c.state in ("waiting", "offered")]
        heads_s = given.head_start_s + queue.head_start_s + KINDS[given.kind].head_start_s
        c = Thing(
            id=given.id, queue=given.queue, kind=given.kind, needs=given.needs, relax=list(given.relax), who=given.who,
            state="waiting", entered=self.now, rank=self.now - self.s(heads_s), seq=len(self.contacts), rounds=0,
            preferred=given.preferred, preferred_until=self.now + self.s(queue.prefer_s), reach=1, last=None,
            max_wait_at=self.now + self.s(queue.max_wait_s), rung=0, ring_more_at=None, ended=None, outcome=None,
            place_to=None,
        )  # fmt: skip
        self.contacts[c.id] = c
        cut_off = [
            o for o in self.contacts.values()
            if o.who == c.who and o.who and o.queue == c.queue and o.outcome == "abandoned" and not o.place_to
            and queue.keep_place_s and o.ended >= self.now - self.s(queue.keep_place_s)
        ]  # fmt: skip
        before = max(cut_off, key=lambda o: (o.ended, o.seq), default=c)
        if before.rank < c.rank:
            c.rank, before.place_to = before.rank, c.id
        self.widen(c)
        at_work = [  # who serves in two tiers counts in both
            a
            for group in [tier.group for tier in queue.tiers] or [None]
            for a in self.agents.values()
            if self.at_work(a) and (group is None or group in a.groups) and self.can(a, c)
        ]
        crowded = queue.max_ratio and waiting and len(waiting) > queue.max_ratio * len(at_work)
        if len(waiting) >= queue.max_length or crowded:
            self.overflow(c, "full")

    def caller_gone(self, contact: str) -> None:
        c = self.contacts.get(contact)
        if c and c.state == "talking":
            self.talk_ended(contact)
        elif c and c.state != "done":
            self.gone(c, "abandoned")

    def leave(self, contact: str, why: str) -> None:
        c = self.contacts.get(contact)
        if c and c.state in ("waiting", "offered"):
            self.gone(c, "left")

    def gone(self, c: Any, outcome: str) -> None:
        for o in self.live(contact=c.id):
            self.close(o, "caller_gone")
            self.free(self.agents[o.agent])
        self.done(c, outcome)

    def talk_ended(self, contact: str) -> None:
        c = self.contacts.get(contact)
        if c is None or c.state != "talking":
            return
        (o,) = self.live(contact=c.id)
        a = self.agents[o.agent]
        o.live = False
        self.done(c, "served")
        if not KINDS[c.kind].live:
            a.holds[c.kind] -= 1
            return
        self.new_day(a)
        a.calls, a.talked_s, a.talked_at = a.calls + 1, a.talked_s + (self.now - o.connected).total_seconds(), self.now
        wrap_up_s = self.queues[c.queue].wrap_up_s if a.wrap_up_s is None else a.wrap_up_s
        a.state, a.misses, a.wrap_up_until = "wrap_up", 0, self.now + self.s(wrap_up_s)
        if wrap_up_s == 0:
            self.wrapped_up(a)

    def new_day(self, a: Any) -> None:
        if a.day != self.now.date():
            a.calls, a.talked_s, a.day = 0, 0.0, self.now.date()

    def accept(self, offer: str, agent: str) -> None:
        o = self.offer(offer)
        if o and o.state == "open" and o.agent == agent:
            self.take(o)

    def take(self, o: Any) -> None:
        c, a, kind = self.contacts[o.contact], self.agents[o.agent], KINDS[o.kind]
        o.state, o.expires, c.ring_more_at, c.last = "accepted", self.now + self.s(LEG_S), None, o.agent
        for other in self.live(contact=c.id):
            if other is not o:
                self.close(other, "withdrawn")
                self.free(self.agents[other.agent])
        if kind.live:
            a.contact = c.id
        if not kind.legs:
            self.connect(o)

    def connect(self, o: Any) -> None:
        c, a = self.contacts[o.contact], self.agents[o.agent]
        o.connected, o.expires, c.state = self.now, None, "talking"
        if KINDS[c.kind].live:
            a.state = "talking"
        else:
            a.holds[c.kind], a.misses = a.holds.get(c.kind, 0) + 1, 0
            self.free(a, last=True)

    def decline(self, offer: str, agent: str) -> None:
        o = self.offer(offer)
        if o and o.state == "open" and o.agent == agent:
            self.close(o, "declined")
            self.free(self.agents[agent], self.queues[o.queue].declined_rest_s, last=True)
            self.give_back(o)

    def leg_placed(self, offer: str, sid: str) -> None:
        pass

    def leg_answered(self, offer: str) -> None:
        o = self.offer(offer)
        if o and o.live and not o.connected:
            if o.state == "open":
                self.take(o)
            if not o.connected:
                self.connect(o)

    def leg_failed(self, offer: str, why: str) -> None:
        o = self.offer(offer)
        if o and o.live and not o.connected:
            self.fail(o, why)

    def leg_lost(self, offer: str, why: str) -> None:
        o = self.offer(offer)
        if o and o.live and o.connected and KINDS[o.kind].legs:
            o.connected = None
            self.fail(o, why)

    def leg_unreachable(self, offer: str, why: str) -> None:
        o = self.offer(offer)
        if o and o.live and not o.connected:
            o.excused = True
            if o.state == "accepted":
                self.fail(o, why, excused=True)

    def fail(self, o: Any, why: str, excused: bool = False) -> None:
        queue, o.excused = self.queues[o.queue], excused
        self.close(o, "failed")
        self.missed(o, queue.no_answer_rest_s if why == "no-answer" else queue.busy_rest_s)
        self.give_back(o)

    def log_in(self, agent: str) -> None:
        a = self.agents[agent]
        if a.then == "logged_out":
            a.then = None
        if a.state == "logged_out":
            a.state, a.misses = "paused", 0
            self.new_day(a)

    def ready(self, agent: str) -> None:
        a = self.agents[agent]
        if a.state in ("paused", "wrap_up"):
            self.make_ready(a)
        elif a.state == "available":
            a.rests_until = None
        elif a.state != "logged_out":
            a.then = None

    def pause(self, agent: str, reason: str) -> None:
        self.step_back(self.agents[agent], "paused")

    def log_out(self, agent: str) -> None:
        self.step_back(self.agents[agent], "logged_out")

    def step_back(self, a: Any, to: str) -> None:
        if a.state == "logged_out":
            return
        for o in self.live(agent=a.name):
            if o.state == "open":
                self.close(o, "withdrawn")
                a.state = "available"
                self.give_back(o)
        for o in self.live(agent=a.name) if to == "logged_out" else ():
            if not KINDS[o.kind].live:
                o.connected, a.holds[o.kind] = None, a.holds[o.kind] - 1
                self.close(o, "failed")
                self.give_back(o)
        if any(KINDS[o.kind].live for o in self.live(agent=a.name)):
            a.then = to
        else:
            self.step_out(a, to)

    def end_wrap_up(self, agent: str) -> None:
        if self.agents[agent].state == "wrap_up":
            self.wrapped_up(self.agents[agent])

    def tick(self) -> None:
        for o in sorted((o for o in self.offers if o.live and o.expires), key=lambda o: (o.expires, o.id)):
            if o.expires <= self.now and o.live:
                accepted = o.state == "accepted"
                self.close(o, "failed" if accepted else "missed")
                self.missed(o, self.queues[o.queue].no_answer_rest_s)
                self.give_back(o)
        for a in sorted(self.agents.values(), key=lambda a: a.name):
            if a.state == "wrap_up" and a.wrap_up_until <= self.now:
                self.wrapped_up(a)
            if a.rests_until and a.rests_until <= self.now:
                a.rests_until = None
        for c in self.line():
            if c.state == "waiting" and c.max_wait_at <= self.now:
                self.overflow(c, "too long")
        for c in self.line():
            if c.state == "waiting":
                self.widen(c)
        self.settle()
        for c in self.line():
            if c.ring_more_at and c.ring_more_at <= self.now:
                self.ring_more(c)

    # -- what follows from it ----------------------------------------------------------------------------------------

    def settle(self) -> None:
        for c in [c for c in self.line() if c.state == "waiting"]:
            while c.state == "waiting" and not any(
                self.there(a, c) and self.may_take(a, c) for a in self.agents.values()
            ):
                if not self.forsake(c):
                    self.overflow(c, "nobody there")
        for c in [c for c in self.line() if c.state == "waiting"]:
            queue = self.queues[c.queue]
            asked = self.in_turn(c)[: queue.ring_max if queue.strategy is Strategy.RING_ALL else 1]
            if asked and c.max_wait_at <= self.now:
                self.overflow(c, "too long")
            elif asked:
                c.state, c.rounds, c.rung = "offered", c.rounds + 1, 0
                for a in asked:
                    self.ask(c, a)
                more = queue.strategy is Strategy.RING_PROGRESSIVELY and queue.ring_max > 1
                c.ring_more_at = self.now + self.s(queue.ring_more_s) if more else None

    def ask(self, c: Any, a: Any) -> None:
        o = Thing(
            id=len(self.offers) + 1, contact=c.id, agent=a.name, queue=c.queue, kind=c.kind, state="open", live=True,
            expires=self.now + self.s(self.queues[c.queue].ring_s), connected=None, excused=False,
        )  # fmt: skip
        self.offers.append(o)
        a.state, c.last, c.rung, self.asked_last[c.queue] = "offered", a.name, c.rung + 1, a.name
        self.told.append(f"{c.id} is offered to {a.name}")

    def in_turn(self, c: Any) -> list[Any]:
        """Who may be asked now, in order; of the first tier in which somebody is free who did not just have it."""
        queue = self.queues[c.queue]
        free = [a for a in self.agents.values() if self.may_take(a, c) and self.has_room(a, c.kind)]
        tiers = [t.group for t in queue.tiers[: c.reach]] if queue.tiers and not c.preferred else [None]
        by_tier = [self.ordered(queue, c, [a for a in free if t is None or t in a.groups]) for t in tiers]
        for tier in by_tier:
            if [a for a in tier if a.name != c.last]:
                return tier if queue.strategy is Strategy.RING_ALL else [a for a in tier if a.name != c.last]
        return next((tier for tier in by_tier if tier), [])

    def ordered(self, queue: Any, c: Any, free: list[Any]) -> list[Any]:
        last = self.asked_last.get(queue.name, "")
        keys = {
            Strategy.LONGEST_SINCE_LAST_CALL: lambda a: (a.talked_at is not None, a.talked_at),
            Strategy.FEWEST_CALLS: lambda a: a.calls,
            Strategy.LEAST_TALK_TIME: lambda a: a.talked_s,
            Strategy.MOST_SKILLED: lambda a: -sum(a.skills.get(s, 0) for s in set(wanted(c.needs)) or a.skills),
            Strategy.LEAST_SKILLED: lambda a: sum(a.skills.values()),
            Strategy.ROUND_ROBIN: lambda a: (a.name <= last, a.name),
            Strategy.FIXED_ORDER: lambda a: ((*queue.order, a.name).index(a.name), a.name),
        }
        key = keys.get(queue.strategy, lambda a: 0)
        return sorted(free, key=lambda a: (key(a), a.free_since, a.name))

    def ring_more(self, c: Any) -> None:
        queue = self.queues[c.queue]
        c.ring_more_at = self.now + self.s(queue.ring_more_s)
        asked = {o.agent for o in self.live(contact=c.id)}
        more = [a for a in self.in_turn(c) if a.name not in asked]
        if more:
            self.ask(c, more[0])
        if c.rung >= queue.ring_max:
            c.ring_more_at = None

    def widen(self, c: Any) -> None:
        """More may take it, by the time that it has waited."""
        waited_s = (self.now - c.entered).total_seconds()
        if c.preferred and c.preferred_until <= self.now:
            c.preferred = None
        c.reach = max(c.reach, sum(tier.after_s <= waited_s for tier in self.queues[c.queue].tiers))
        while c.relax and c.relax[0][0] <= waited_s:
            c.needs = c.relax.pop(0)[1]

    def forsake(self, c: Any) -> bool:
        """Nobody of those is there: the next step at once."""
        if c.preferred:
            c.preferred = None
        elif c.reach < len(self.queues[c.queue].tiers):
            c.reach += 1
        elif c.relax:
            c.needs = c.relax.pop(0)[1]
        else:
            return False
        return True

    def give_back(self, o: Any) -> None:
        c = self.contacts[o.contact]
        if self.live(contact=c.id):
            return
        c.state, c.ring_more_at = "waiting", None
        self.widen(c)
        if c.max_wait_at <= self.now:
            self.overflow(c, "too long")
        elif c.rounds >= self.queues[c.queue].offers_max:
            self.overflow(c, "nobody answered")

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
        a.rests_until = self.now + self.s(rest_s) if rest_s else None

    def step_out(self, a: Any, to: str) -> None:
        a.state, a.then, a.contact, a.wrap_up_until, a.rests_until = to, None, None, None, None

    def wrapped_up(self, a: Any) -> None:
        if a.then:
            self.step_out(a, a.then)
        else:
            self.make_ready(a)

    def make_ready(self, a: Any) -> None:
        a.state, a.free_since, a.misses, a.contact, a.wrap_up_until = "available", self.now, 0, None, None
        a.then = None

    def overflow(self, c: Any, why: str) -> None:
        self.done(c, "overflowed")
        self.told.append(f"{c.id} overflows: {why}")

    def done(self, c: Any, outcome: str) -> None:
        c.state, c.outcome, c.ended, c.ring_more_at = "done", outcome, self.now, None

    def close(self, o: Any, state: str) -> None:
        o.state, o.live, o.expires = state, False, None

    # -- questions ---------------------------------------------------------------------------------------------------

    def may_take(self, a: Any, c: Any) -> bool:
        tiers = [tier.group for tier in self.queues[c.queue].tiers[: c.reach]]
        mine = a.name == c.preferred if c.preferred else not tiers or bool(a.groups & set(tiers))
        return mine and self.can(a, c)

    def can(self, a: Any, c: Any) -> bool:
        return a.capacity.get(c.kind, 1) > 0 and meets(a.skills, c.needs)

    def has_room(self, a: Any, kind: str) -> bool:
        held = {other for other, many in a.holds.items() if many and other != kind}
        most = 1 if KINDS[kind].live else a.capacity.get(kind, KINDS[kind].capacity)
        return (
            a.state == "available" and not a.rests_until and a.holds.get(kind, 0) < most
            and held <= set(KINDS[kind].interrupts)
        )  # fmt: skip

    def there(self, a: Any, c: Any) -> bool:
        here = a.state != "logged_out" and a.then != "logged_out"
        return here if self.queues[c.queue].breaks_count else self.at_work(a)

    def at_work(self, a: Any) -> bool:
        return a.state not in ("logged_out", "paused") and a.then is None

    def line(self) -> list[Any]:
        waiting = [c for c in self.contacts.values() if c.state in ("waiting", "offered")]
        return sorted(waiting, key=lambda c: (c.rank, c.seq))

    def live(self, contact: str | None = None, agent: str | None = None) -> list[Any]:
        return [o for o in self.offers if o.live and (o.contact == contact or o.agent == agent)]

    def offer(self, offer: str) -> Any:
        return next((o for o in self.offers if f"o{o.id}" == offer), None)

    def s(self, seconds: float) -> timedelta:
        return timedelta(seconds=seconds)


def wanted(needs: dict[str, Any]) -> list[str]:
    """The skills that are asked for."""
    inner = [skill for one in needs.get("any", ()) for skill in wanted(one)]
    return inner + [skill for skill in needs if skill not in ("any", "not")]
