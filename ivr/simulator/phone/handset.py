"""Handset: one telephone window - its number, the line it is on, and what its page is to be told."""

from __future__ import annotations

import queue
from dataclasses import dataclass, field
from typing import Any

from ivr.simulator.line import Line
from ivr.simulator.person import Person
from ivr.simulator.phone.microphone import Microphone

ENTRIES_MAX = 2_000
UNREAD_MAX = 5_000
"""A page that has not taken so many events is not reading any more."""

Told = tuple[str, dict[str, Any]]
Inbox = queue.SimpleQueue[Told]


@dataclass(frozen=True, slots=True)
class Sounding:
    """Something that is being heard: over when the line's program goes on from `turn`, if not before."""

    id: int
    what: str  # say, play, music, beep or tones
    text: str
    language: str
    path: str  # where the page fetches it; empty: it makes the sound itself, or has none
    turn: int
    began_s: float
    place: object = None  # of music: the queue or conference it is heard in


@dataclass(eq=False, slots=True)
class Handset:
    """One window. `key` is known to its page alone, `name` to all. Touched under the network's lock only."""

    key: str
    name: str
    number: str
    stood_in: Person | None = None  # who had the number before, and gets it back
    line: Line | None = None
    entries: list[dict[str, Any]] = field(default_factory=list)
    inbox: Inbox | None = None
    listened: int = 0  # how often a page has begun to listen
    slower: bool = False
    sounding: Sounding | None = None
    state: dict[str, Any] = field(default_factory=dict)
    peers: list[dict[str, Any]] = field(default_factory=list)
    microphone: Microphone = field(default_factory=Microphone)

    @property
    def busy(self) -> bool:
        """Whether it is in a call, or rings."""
        return self.line is not None and not self.line.over

    def tell(self, event: str, told: dict[str, Any]) -> None:
        """Send the page an event, if one listens."""
        if self.inbox is None:
            return
        if self.inbox.qsize() > UNREAD_MAX:
            self.inbox.put(("end", {}))
            self.inbox = None
        else:
            self.inbox.put((event, told))

    def take(self, line: Line) -> None:
        """Begin a new call."""
        self.line, self.sounding = line, None
        self.entries.clear()
        self.microphone.stop()
        self.tell("begin", {"call": line.sid})

    def note(self, entry: dict[str, Any]) -> None:
        """Keep an entry for pages that come later, and tell it."""
        if len(self.entries) < ENTRIES_MAX:
            self.entries.append(entry)
        self.tell("entry", entry)
