"""Day: a whole day in a moment - simulated callers and agents on a virtual clock, before the real distributor.

The agents use the doors that the live desk uses; the clock jumps from one thing that happens to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from math import inf
from typing import Any

from routing import distributor
from routing.agent import Agent
from routing.contact import Contact, ContactState
from routing.effect import Accepted, Connected, Offered
from routing.memory import MemoryFloor
from routing.queue import Queue
from routing.staffing.people import Caller, Shift


class Day:
    """A day on a floor. `run` plays it; afterwards `floor` holds all that has happened.

    `watch` is called after each thing that happens, with the caller who has just come, if one has.
    """

    def __init__(
        self,
        queues: Mapping[str, Queue],
        shifts: Iterable[Shift],
        callers: Iterator[Caller],
        start: datetime,
        watch: Callable[[Day, Caller | None], None] | None = None,
    ) -> None:
        ids = count(1)
        self.floor = MemoryFloor(queues, lambda: f"o{next(ids)}")
        self.start = start
        self.now_s = 0.0
        self.callers = callers
        self.watch = watch
        self.known: dict[str, Caller] = {}
        self.shifts = {shift.agent: shift for shift in shifts}
        self._agenda: list[tuple[float, int, Callable[..., Any], tuple[Any, ...]]] = []
        self._order = count()
        self._wake_s = inf

    @property
    def now(self) -> datetime:
        """The virtual clock."""
        return self.start + timedelta(seconds=self.now_s)

    def run(self) -> MemoryFloor:
        """From the first shift to the last thing that happens."""
        for shift in self.shifts.values():
            self.floor.add(Agent(shift.agent, skills=dict(shift.skills)))
            self._at(shift.from_s, self._begins, shift)
            if shift.to_s < inf:
                self._at(shift.to_s, self._ends, shift)
        self._next_caller()
        while self._agenda:
            self.now_s, _, happening, details = heappop(self._agenda)
            came = happening(*details)
            if self.watch:
                self.watch(self, came)
            self._wake()
        return self.floor

    def _at(self, at_s: float, happening: Callable[..., Any], *details: Any) -> None:
        heappush(self._agenda, (max(at_s, self.now_s), next(self._order), happening, details))

    def _do(self, door: Callable[..., Any], *details: Any) -> None:
        found = door(self.floor, *details, self.now)
        for effect in found if isinstance(found, list) else [found]:
            self._follow(effect)

    def _follow(self, effect: Any) -> None:
        """What simulated people do about it."""
        match effect:
            case Offered(offer=offer):
                answers_after_s = self.shifts[offer.agent].answers_after_s
                if answers_after_s:
                    self._at(self.now_s + answers_after_s, self._answers, offer.id, offer.agent)
                else:
                    self._answers(offer.id, offer.agent)
            case Accepted(offer=offer):
                self._do(distributor.leg_answered, offer.id)
            case Connected(contact=contact):
                self._at(self.now_s + self.known[contact.id].handling_s, self._do, distributor.talk_ended, contact.id)

    def _answers(self, offer_id: str, agent: str) -> None:
        self._do(distributor.accept, offer_id, agent)

    def _next_caller(self) -> None:
        caller = next(self.callers, None)
        if caller:
            self._at(caller.at_s, self._comes, caller)

    def _comes(self, caller: Caller) -> Caller:
        self._next_caller()
        self.known[caller.id] = caller
        if caller.patience_s < inf:
            self._at(self.now_s + caller.patience_s, self._gives_up, caller.id)
        self._do(distributor.enter, Contact(caller.id, caller.queue, caller.needs, caller.head_start_s))
        return caller

    def _gives_up(self, contact_id: str) -> None:
        contact = self.floor.contact(contact_id)
        if contact.state in (ContactState.WAITING, ContactState.OFFERED):
            self._do(distributor.caller_gone, contact_id)

    def _begins(self, shift: Shift) -> None:
        self._do(distributor.log_in, shift.agent)
        self._do(distributor.ready, shift.agent)

    def _ends(self, shift: Shift) -> None:
        self._do(distributor.log_out, shift.agent)

    def _wake(self) -> None:
        """Be there at the next deadline."""
        due = distributor.next_deadline(self.floor)
        if due is None:
            return
        due_s = (due - self.start).total_seconds()
        if due_s < self._wake_s or self._wake_s <= self.now_s:
            self._wake_s = due_s
            self._at(due_s, self._tick, due_s)

    def _tick(self, due_s: float) -> None:
        if due_s == self._wake_s:
            self._wake_s = inf
            self._do(distributor.tick)
