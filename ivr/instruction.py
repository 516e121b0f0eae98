"""Instruction: what we ask the carrier to do next."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Say:
    """Speak `text` in `language` (a code of the tree: en, de, sr, es)."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Play:
    """Play one of our sounds by its name (`music`)."""

    sound: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Be silent for a while."""

    length_s: int


@dataclass(frozen=True, slots=True)
class Gather:
    """Say `prompts` and collect up to `digits_max` keys; silence of `timeout_s` ends it.

    `finish_on_key` ends the entry early and is not part of it; empty: every key is data.
    """

    prompts: tuple[Say | Pause, ...]
    digits_max: int
    timeout_s: int
    finish_on_key: str


@dataclass(frozen=True, slots=True)
class Record:
    """Beep and record until silence, a key, a hang-up or `length_max_s`."""

    length_max_s: int


@dataclass(frozen=True, slots=True)
class Enqueue:
    """Let the call wait in the carrier's queue of this name."""

    queue: str


@dataclass(frozen=True, slots=True)
class Leave:
    """Let the call leave the carrier's queue; only while it waits there."""


@dataclass(frozen=True, slots=True)
class Connect:
    """Put the call into the conference of this name."""

    conference: str


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


Instruction = Say | Play | Pause | Gather | Record | Enqueue | Leave | Connect | Hangup
