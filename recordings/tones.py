"""Tones: the keys of a telephone and the beep before a message, as sound."""

from __future__ import annotations

import math

from recordings.wav import RATE_HZ, pcm

# ITU-T Q.23: each key sounds its row's and its column's frequency at once.
ROWS_HZ = (697, 770, 852, 941)
COLUMNS_HZ = (1209, 1336, 1477)
KEYS = ("123", "456", "789", "*0#")

KEY_LENGTH_S = 0.12
BEEP_HZ = 1000
BEEP_LENGTH_S = 0.4
LEVEL = 0.25  # of full scale, each frequency: loud enough to be known, not to hurt an ear
RAMP_S = 0.005  # softens both ends, which would click otherwise
TONE_LENGTH_MAX_S = 10.0


def frequencies(key: str) -> tuple[int, int]:
    """The two frequencies of `key` (one of `0-9 * #`), in hertz, the lower first."""
    for row_hz, row in zip(ROWS_HZ, KEYS, strict=True):
        if len(key) == 1 and key in row:
            return row_hz, COLUMNS_HZ[row.index(key)]
    raise ValueError(f"no telephone has a key {key!r} (0-9 * #)")


def dtmf(key: str, length_s: float = KEY_LENGTH_S) -> bytes:
    """What pressing `key` for `length_s` sounds like: 16-bit mono PCM of `RATE_HZ`."""
    return tone(frequencies(key), length_s)


def beep() -> bytes:
    """What is heard before a message: 16-bit mono PCM of `RATE_HZ`."""
    return tone((BEEP_HZ,), BEEP_LENGTH_S)


def tone(together_hz: tuple[int, ...], length_s: float) -> bytes:
    """Sines of `together_hz` sounding together for `length_s` (up to 10 s), with soft ends."""
    if not 0 < length_s <= TONE_LENGTH_MAX_S:
        raise ValueError(f"a tone cannot last {length_s} s (above 0, up to {TONE_LENGTH_MAX_S:g})")
    count = round(length_s * RATE_HZ)
    ramp = max(1, min(round(RAMP_S * RATE_HZ), count // 2))
    turns = [2 * math.pi * hz / RATE_HZ for hz in together_hz]
    return pcm(
        LEVEL * min(1.0, (n + 1) / ramp, (count - n) / ramp) * sum(math.sin(turn * n) for turn in turns)
        for n in range(count)
    )
