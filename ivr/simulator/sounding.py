"""Sounding: what is heard on a recorded line when, and the WAV file that a tape of it becomes."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ivr.simulator.line import since
from ivr.simulator.sound import RATE_HZ, TONE_HZ, wav

CALLER, OTHERS = 0, 1
"""The channels: who is on the line, and whom they hear."""

QUIET, LOUD = 800, 9000
"""How loud the soft tone is that stands for talk, and a tone that somebody sounds on purpose."""


@dataclass(frozen=True, slots=True)
class Sounding:
    """A tone that was sounded on purpose: on which channel, how high, and from when to when."""

    channel: int
    tone_hz: float
    begun: datetime
    ended: datetime


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a tape: from when to when, and whether what happened then was heard (else it is silence)."""

    begun: datetime
    ended: datetime
    heard: bool


def sound_of(stretches: Sequence[Stretch], soundings: Sequence[Sounding], channels: int) -> bytes:
    """The file: a soft tone while there was somebody to hear, the tones that were sounded then, else silence."""
    sides = [array("h") for _ in range(channels)]
    for stretch in stretches:
        samples = round(since(stretch.begun, stretch.ended) * RATE_HZ)
        for number, side in enumerate(sides):
            begin = len(side)
            side.extend(_talk(samples) if stretch.heard else array("h", bytes(2 * samples)))
            for each in soundings if stretch.heard else ():
                if channels == 1 or each.channel == number:
                    _sound(side, begin, stretch, each)
    if channels == 1:
        return wav(sides[0].tobytes())
    both = array("h", bytes(4 * len(sides[0])))
    both[0::2], both[1::2] = sides
    return wav(both.tobytes(), channels)


def _talk(samples: int) -> array[int]:
    period = array("h", (round(QUIET * math.sin(2 * math.pi * TONE_HZ * n / RATE_HZ)) for n in range(RATE_HZ)))
    return (period * (samples // RATE_HZ + 1))[:samples]


def _sound(side: array[int], begin: int, stretch: Stretch, it: Sounding) -> None:
    """Put into a stretch that begins at sample `begin` what of a sounding falls into it."""
    first, last = max(it.begun, stretch.begun), min(it.ended, stretch.ended)
    if last <= first:
        return
    at = begin + round(since(stretch.begun, first) * RATE_HZ)
    for n in range(min(round(since(first, last) * RATE_HZ), len(side) - at)):
        side[at + n] = round(LOUD * math.sin(2 * math.pi * it.tone_hz * n / RATE_HZ))
