"""Mailbox: one of a hotline's e-mail addresses, and the queue that its mail waits in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.menu.place import NOWHERE, Place
from ivr.menu.words import Words


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address, in small letters."""

    address: str
    queue: str
    kind: str
    needs: Mapping[str, int] = field(default_factory=dict)  # as at a QueueNode
    language: str | None = None  # None: guessed
    reply: Words | None = None  # answered at once
    place: Place = field(default=NOWHERE, compare=False)
