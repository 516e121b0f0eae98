"""Mischief: throws the dice of a Chaos at whatever happens on a network, and makes it go wrong."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from ivr.simulator.agenda import Errand
from ivr.simulator.chaos import Chaos, Span
from ivr.simulator.lossy import LossyWay
from ivr.simulator.trace import Entry
from ivr.simulator.webhook import Reply, Trip

if TYPE_CHECKING:
    from ivr.simulator.line import Line
    from ivr.simulator.network import Network

HELD_MAX_S = 60.0  # a callback that waits to be overtaken
DOWN_AFTER_S = Span(5.0, 60.0)
SPOKEN_PER_S = 13.4
PLAYED_S = 2.0


@dataclass(frozen=True, slots=True)
class Parcel:
    """A request on its way: whose it is and what for, who runs it, and what its answer is for."""

    line: Line | None
    purpose: str
    lane: str
    trip: Trip
    done: Callable[[Reply], None]
    seen: Callable[[Reply], None]  # only writes down what was sent

    @property
    def call_sid(self) -> str:
        """Whose it is; empty when it is nobody's."""
        return self.line.sid if self.line else ""

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{'the callback' if self.purpose == 'callback' else 'the request'} {self.trip.request.url}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What REST says instead of an answer; `done`: after it did what it was asked."""

    status: int
    code: int
    message: str
    done: bool = False


class Mischief:
    """Makes the network misbehave. All dice are thrown under the network's lock; same seed, same mishaps."""

    def __init__(self, network: Network, chaos: Chaos, seed: int) -> None:
        self.chaos = chaos
        self._network = network
        self._dice = random.Random(f"chaos {seed}")  # noqa: S311 - mishaps that repeat from their seed, no secrets
        self._held: dict[str, tuple[Parcel, float]] = {}
        self._down: tuple[datetime, datetime] | None = None
        network.watch(self._watch)

    # The wire.

    def send(self, parcel: Parcel, delay_s: float) -> None:
        """Let a request go out in `delay_s`, or whatever becomes of it."""
        if parcel.purpose != "callback":
            self._put(parcel, delay_s)
            return
        if self._hits(self.chaos.drop):
            self._tell(parcel, "is lost")
            return
        if self.chaos.delay is not None:
            late_s = self._length_s(self.chaos.delay)
            self._tell(parcel, f"comes {late_s:.1f} s late")
            delay_s += late_s
        held = self._held.pop(parcel.call_sid, None)
        if held is None and self._hits(self.chaos.reorder):
            self._hold(parcel, delay_s)
            return
        self._put(parcel, delay_s)
        if held is not None:
            self._tell(held[0], "is overtaken by the next")
            self._put(held[0], max(held[1], delay_s))

    def _hold(self, parcel: Parcel, delay_s: float) -> None:
        """Keep a callback back until the call's next one goes out."""
        held = self._held[parcel.call_sid] = (parcel, delay_s)

        def still() -> bool:
            return self._held.get(parcel.call_sid) is held

        def let_go() -> None:
            if still():
                del self._held[parcel.call_sid]
                self._put(parcel, 0)

        self._network.put(delay_s + HELD_MAX_S, let_go, alive=still)

    def _put(self, parcel: Parcel, delay_s: float) -> None:
        self._network.put(delay_s, lambda: self._go(parcel))

    def _go(self, parcel: Parcel) -> Errand | None:
        if left_s := self._down_for_s():
            if parcel.purpose == "callback":
                self._tell(parcel, "is lost: the carrier is down")
            else:
                self._tell(parcel, "has to wait: the carrier is down")
                self._put(parcel, left_s)
            return None
        if self._hits(self.chaos.duplicate):
            self._tell(parcel, "is sent twice")
            again = replace(parcel.trip, sent=[])
            self._network.put(0, lambda: Errand(again.fetch, parcel.seen, parcel.lane))
        if parcel.purpose == "callback":
            return Errand(parcel.trip.fetch, parcel.done, parcel.lane)
        return self._over_a_lossy_way(parcel)

    def _over_a_lossy_way(self, parcel: Parcel) -> Errand:
        way = LossyWay(parcel.trip.transport, self._mishap)

        def done(reply: Reply) -> None:
            if way.late_s:
                self._tell(parcel, f"takes {way.late_s:.1f} s")
                self._network.put(way.late_s, lambda: parcel.done(reply))
            else:
                parcel.done(reply)

        return Errand(replace(parcel.trip, transport=way).fetch, done, parcel.lane)

    def _mishap(self) -> tuple[str, float]:
        """What becomes of one try: `request` or `answer` is lost (or neither), and how long the answer takes."""
        with self._network.lock:
            lost = self._dice.choice(("request", "answer")) if self._hits(self.chaos.drop) else ""
            slow_s = self._length_s(self.chaos.slow_answer) if self.chaos.slow_answer else 0.0
            return lost, slow_s

    # REST.

    def refusal(self, asked: str) -> Refusal | None:
        """What REST says to a request instead of an answer; None: it answers."""
        with self._network.lock:
            refusal = self._refusal()
            if refusal is not None:
                after = ", after it was done" if refusal.done else ""
                self._network.note("chaos", f"REST {asked} is answered {refusal.status}{after}", who="chaos")
            return refusal

    def _refusal(self) -> Refusal | None:
        if self._down_for_s():
            return Refusal(503, 20503, "Service unavailable")
        if self._hits(self.chaos.rest_429):
            return Refusal(429, 20429, "Too Many Requests")
        if self._hits(self.chaos.rest_500):
            return Refusal(500, 20500, "Internal server error", self._dice.random() < 0.5)
        return None

    # People.

    def keys(self, line: Line, key: str) -> str:
        """What is heard of a key that is pressed."""
        if self._hits(self.chaos.lost_digit):
            line.note("chaos", "a key is not heard", who="chaos")
            return ""
        if self._hits(self.chaos.double_digit):
            line.note("chaos", "a key is heard twice", who="chaos")
            return key + key
        return key

    def _watch(self, entry: Entry) -> None:
        if entry.kind == "ring" and self._down is None and (outage := self.chaos.carrier_down) is not None:
            after_s = outage.after_s if outage.after_s is not None else self._length_s(DOWN_AFTER_S)
            begins = self._network.in_(after_s)
            self._down = begins, self._network.in_(after_s + outage.length_s)
        if entry.kind in ("says", "plays") and self._hits(self.chaos.hangup_mid_prompt):
            self._hang_up_within(entry)

    def _hang_up_within(self, entry: Entry) -> None:
        """Put the receiver down before what is heard now is over."""
        line = self._network.calls.get(entry.call_sid)
        if line is None or line.over:
            return
        turn = line.turn
        length_s = len(entry.text) / SPOKEN_PER_S if entry.kind == "says" else PLAYED_S

        def leave() -> None:
            if not line.over and line.turn == turn:
                line.note("chaos", "has had enough of it", who="chaos")
                line.hang_up()

        self._network.put(self._dice.uniform(0.1, 0.9) * length_s, leave)

    # Dice.

    def _down_for_s(self) -> float:
        """How long the carrier is still down; 0: it is not."""
        if self._down is None or not self._down[0] <= self._network.now() < self._down[1]:
            return 0.0
        return (self._down[1] - self._network.now()).total_seconds()

    def _hits(self, share: float) -> bool:
        return share > 0 and self._dice.random() < share

    def _length_s(self, span: Span) -> float:
        return round(self._dice.uniform(span.least_s, span.most_s), 3)

    def _tell(self, parcel: Parcel, what: str) -> None:
        self._network.note("chaos", f"{parcel.name} {what}", parcel.line, who="chaos")
