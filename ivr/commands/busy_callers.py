"""Busy callers: people who ring the hotline all day, press what its tree offers, wait while they can, and go."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ivr.call import Call, CallState
from ivr.hotlines import Hotlines
from ivr.menu.tree import Ask, Callback, Menu, SurveyNode, Tree
from ivr.simulator.line import Line
from ivr.simulator.network import Network
from ivr.store import Store

CALLERS_MAX = 25
"""So many are on the line at once, whatever the hour says: this is one small machine."""


BY_HOUR = {8: 0.6, 9: 1.2, 10: 1.5, 11: 1.3, 12: 0.8, 13: 0.9, 14: 1.2, 15: 1.1, 16: 0.8, 17: 0.6, 18: 0.4}
"""How busy an hour is beside the day's mean; at other hours hardly anybody rings."""


ASLEEP = 0.05
THINKS_S = (0.6, 4.0)
PATIENCE_MEAN_S = 240
ANSWERS_SURVEY = 0.6
MESSAGES = ("my parcel has not come", "meine Rechnung stimmt nicht", "please ring me back", "todo perfecto, gracias")
YES = "1"


@dataclass(slots=True)
class Caller:
    """One of them. `acts_at`: when they do what they are about to do; `turn`: the prompt that they have done with."""

    line: Line
    patience_s: float
    kind: bool  # whether they stay for the survey
    acts_at: datetime | None = None
    turn: int = -1
    waits_since: datetime | None = None
    pressed: int = 0


class Callers:
    """Everybody who rings. `look` is called again and again, from one thread."""

    def __init__(
        self,
        network: Network,
        store: Store,
        hotlines: Hotlines,
        dice: random.Random,
        every_s: float,
        numbers: Sequence[str],
    ) -> None:
        """`every_s`: seconds from one call to the next, in the mean of a day."""
        self._network, self._store, self._hotlines, self._dice = network, store, hotlines, dice
        self._every_s, self._numbers = every_s, tuple(numbers)
        self._callers: list[Caller] = []
        self._next_at = network.now()

    def look(self) -> None:
        """Let ring whose time has come, and let everybody do what is due."""
        now = self._network.now()
        if now >= self._next_at:
            self._next_at = now + timedelta(seconds=self._dice.expovariate(self._rate(now) / self._every_s))
            if len(self._callers) < CALLERS_MAX:
                self._ring()
        self._callers = [caller for caller in self._callers if not caller.line.over]
        for caller in self._callers:
            self._go_on(caller, now)

    def _rate(self, now: datetime) -> float:
        calendars = [calendar for tree in self._hotlines.current() for calendar in tree.hours.values()]
        if calendars and not any(calendar.is_open(now) for calendar in calendars):
            return ASLEEP
        there = now.astimezone(ZoneInfo(calendars[0].timezone)) if calendars else now
        return BY_HOUR.get(there.hour, 0.5)

    def _ring(self) -> None:
        caller = f"+49151{self._dice.randrange(10**7, 10**8)}"
        line = self._network.call(caller, self._dice.choice(self._numbers))
        patience_s = self._dice.expovariate(1 / PATIENCE_MEAN_S)
        self._callers.append(Caller(line, patience_s, self._dice.random() < ANSWERS_SURVEY))

    def _go_on(self, caller: Caller, now: datetime) -> None:
        line = caller.line
        if line.queue is None:
            caller.waits_since = None
        elif caller.waits_since is None:
            caller.waits_since = now
        elif (now - caller.waits_since).total_seconds() > caller.patience_s:
            line.hang_up()
            return
        if line.awaits_input and line.turn != caller.turn and line.queue is None:
            if caller.acts_at is None:
                caller.acts_at = now + timedelta(seconds=self._dice.uniform(*THINKS_S))
            elif now >= caller.acts_at:
                caller.acts_at, caller.turn = None, line.turn
                self._act(caller)

    def _act(self, caller: Caller) -> None:
        line = caller.line
        if line.state == "recording":
            line.leave_message(self._dice.uniform(4, 15), self._dice.choice(MESSAGES))
            return
        with self._store.look() as tx:
            call = tx.call(line.sid)
        if call is None or call.state is CallState.ENDED:
            return
        keys = self._keys(caller, call, self._hotlines.tree(call.version))
        caller.pressed += 1
        line.press(keys) if keys else line.hang_up()

    def _keys(self, caller: Caller, call: Call, tree: Tree) -> str:
        """What they press where they stand; nothing: they have had enough."""
        match tree.nodes.get(call.node):
            case Menu() as menu:
                wanted = [option.key for option in menu.options if option.goto] or [tree.conventions.operator or "0"]
                return self._dice.choice(wanted)
            case Ask() as ask if not call.entry:
                return self._digits(ask)
            case SurveyNode() as node:
                if not caller.kind:
                    return ""
                asked = tree.surveys[node.survey].questions
                return self._dice.choice(_liked(asked[min(call.question, len(asked) - 1)].keys))
            case Ask() | Callback():
                return YES
        return YES if caller.pressed < 20 else ""

    def _digits(self, ask: Ask) -> str:
        pattern = ask.pattern or "#" * self._dice.randint(ask.digits_min, ask.digits_max)
        digits = "".join(str(self._dice.randrange(10)) if it == "#" else it for it in pattern)
        return digits + (ask.end_key or "") if len(digits) < ask.digits_max else digits


def _liked(keys: Sequence[str]) -> list[str]:
    """Most people are content: of `keys`, the better ones more often. Of yes and no, yes (the first)."""
    if len(keys) == 2:
        return [keys[0]] * 4 + [keys[1]]
    return [key for place, key in enumerate(keys, 1) for _ in range(place)]
