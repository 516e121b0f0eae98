"""Program: the generator that controls a line - what it may ask for, what it is told, and what breaks in on it.

A program yields `Wait` or `Fetch` and is resumed with what came of it. What breaks in (a hang-up, a REST call, somebody
taking a queued caller) is an `Interrupt` thrown at its yield.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from ivr.simulator.webhook import Request


@dataclass(frozen=True, slots=True)
class Key:
    """A key was pressed."""

    key: str


@dataclass(frozen=True, slots=True)
class Spoke:
    """The person spoke for `length_s` seconds; `text` is what a listener would understand."""

    text: str
    length_s: float


@dataclass(frozen=True, slots=True)
class PickedUp:
    """The person called took the call, or refused it."""

    accepted: bool


@dataclass(frozen=True, slots=True)
class Closed:
    """The server that a call was connected to has closed."""


@dataclass(frozen=True, slots=True)
class Nudge:
    """Something that this line waits for may have changed: look again."""


Program = Generator[Any, Any, Any]


@dataclass(slots=True)  # not frozen: that would cost five times as much, at each moment of each call
class Wait:
    """Wait `seconds` (None: for ever) or for an event of `wants`; resumed with the event, or None when time is up."""

    seconds: float | None
    wants: tuple[type, ...] = ()


@dataclass(slots=True)  # not frozen: that would cost five times as much, at each moment of each call
class Fetch:
    """Ask the app; resumed with the Reply. `purpose`: call or media."""

    request: Request
    purpose: str = "call"


class Interrupt(Exception):
    """Breaks in on a program. With a `place` (a queue's member, a participant), only while the line is in it."""

    def __init__(self, place: object | None = None) -> None:
        super().__init__(type(self).__name__)
        self.place = place


class Ended(Interrupt):
    """The line is over; programs may still `notify`, but not yield."""


class BargeIn(Interrupt):
    """A key or words came while prompts of a Gather were heard."""

    def __init__(self, event: Key | Spoke) -> None:
        super().__init__()
        self.event = event


class Redirected(Interrupt):
    """REST put another document in control."""

    def __init__(self, request: Request, place: object | None = None) -> None:
        super().__init__(place)
        self.request = request


class Changed(Interrupt):
    """The state of the line's place has changed: look again."""
