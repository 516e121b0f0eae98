"""Chaos: what is to go wrong on purpose, as `--chaos` and the `chaos` line of a call script write it.

    duplicate=0.1,delay=2s..20s,drop=0.01,reorder,rest-429=0.2,rest-500,slow-answer,lost-digit,carrier-down=60s

A share is from 0 to 1, and 1 when it is not said. docs/simulator.md tells what each does.
"""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass, fields

LENGTH_MAX_S = 24 * 3600.0
TEXT_MAX = 500
UNITS_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}


@dataclass(frozen=True, slots=True)
class Span:
    """From `least_s` to `most_s` seconds: how long something takes, thrown anew each time."""

    least_s: float
    most_s: float

    def __str__(self) -> str:
        return f"{self.least_s:g}s" if self.least_s == self.most_s else f"{self.least_s:g}s..{self.most_s:g}s"


@dataclass(frozen=True, slots=True)
class Outage:
    """The carrier is down for `length_s`, `after_s` from the first call on (None: the dice say)."""

    length_s: float
    after_s: float | None = None

    def __str__(self) -> str:
        return f"{self.length_s:g}s" + (f"@{self.after_s:g}s" if self.after_s is not None else "")


SLOW_ANSWER = Span(3.0, 12.0)
DELAY = Span(2.0, 20.0)
OUTAGE = Outage(60.0)


@dataclass(frozen=True, slots=True)
class Chaos:
    """What goes wrong: shares of what happens (0 never, 1 always), and how long things take (None: no time).

    `Chaos.read` makes one from text, `str` writes it back.
    """

    duplicate: float = 0.0
    """A request comes to the app twice, the second time with the same idempotency token; its answer is ignored."""
    delay: Span | None = None
    """A callback comes so much later."""
    drop: float = 0.0
    """A callback never comes; of other requests, the request or its answer is lost on the way."""
    reorder: float = 0.0
    """A callback is overtaken by the call's next one."""
    rest_429: float = 0.0
    """REST says: too many requests."""
    rest_500: float = 0.0
    """REST says that it failed, though half the time it did what it was asked."""
    slow_answer: Span | None = None
    """The app's documents arrive so late, in the network's time; above 15 s they do not count."""
    lost_digit: float = 0.0
    """A key is pressed, and nothing is heard of it."""
    double_digit: float = 0.0
    """A key is heard twice."""
    hangup_mid_prompt: float = 0.0
    """Somebody puts the receiver down in the middle of what is said."""
    carrier_down: Outage | None = None
    """No request reaches the app, and REST is unavailable; callbacks of that time are lost."""

    @classmethod
    def read(cls, text: str) -> Chaos:
        """The chaos that `text` writes; empty: none. Raises ValueError with what is wrong, and what would be right."""
        if len(text) > TEXT_MAX:
            raise ValueError(f"more than {TEXT_MAX} characters")
        given: dict[str, object] = {}
        for part in filter(None, (piece.strip() for piece in text.split(","))):
            name, equals, value = (piece.strip() for piece in part.partition("="))
            key = name.replace("-", "_")
            if "_" in name or key not in _READERS:
                near = difflib.get_close_matches(name, [each.replace("_", "-") for each in _READERS], 1)
                meant = f"did you mean {near[0]}?" if near else f"there is {NAMES}"
                raise ValueError(f"nothing is called {name or part!r} ({meant})")
            if key in given:
                raise ValueError(f"{name} stands there twice")
            if equals and not value:
                raise ValueError(f"{name}= lacks its value")
            try:
                given[key] = _READERS[key](value)
            except ValueError as error:
                raise ValueError(f"{name}={value}: {error}") from None
        return cls(**given)

    def __bool__(self) -> bool:
        return self != Chaos()

    def __str__(self) -> str:
        return ",".join(
            each.name.replace("_", "-") + ("" if value == 1.0 else f"={_plain(value)}")
            for each in fields(self)
            if (value := getattr(self, each.name))
        )


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _share(written: str) -> float:
    try:
        share = float(written or 1)
    except ValueError:
        share = math.nan
    if not 0 <= share <= 1:
        raise ValueError("a share from 0 to 1, such as 0.1")
    return share


def _seconds(written: str) -> float:
    number = written.rstrip("abcdefghijklmnopqrstuvwxyz")
    unit_s = UNITS_S.get(written[len(number) :] or "s")
    try:
        seconds = float(number) * (unit_s or math.nan)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= LENGTH_MAX_S:
        raise ValueError("a length of time up to a day, such as 20s or 5m")
    return seconds


def _delay(written: str) -> Span:
    return _span(written, DELAY)


def _slow_answer(written: str) -> Span:
    return _span(written, SLOW_ANSWER)


def _span(written: str, default: Span) -> Span:
    if not written:
        return default
    least, dots, most = written.partition("..")
    span = Span(_seconds(least), _seconds(most if dots else least))
    if span.least_s > span.most_s:
        raise ValueError("the shorter time comes first, such as 2s..20s")
    return span


def _outage(written: str) -> Outage:
    if not written:
        return OUTAGE
    length, at, after = written.partition("@")
    return Outage(_seconds(length), _seconds(after) if at else None)


_READERS = {each.name: _share for each in fields(Chaos)} | {
    "delay": _delay,
    "slow_answer": _slow_answer,
    "carrier_down": _outage,
}
NAMES = ", ".join(name.replace("_", "-") for name in _READERS)
