"""Mu-law: sound as telephones carry it, 8 bits a sample at 8 kHz (ITU-T G.711), for files that are to be small."""

from __future__ import annotations

import math
import struct
import sys
from array import array
from operator import mul

from recordings.wav import RATE_HZ

CLIP, BIAS = 32635, 132
CUT_OFF_HZ = 3600
LOBES = 8  # of the filter, on each side


def encode(sound: bytes) -> bytes:
    """16-bit little-endian samples as mu-law."""
    samples = array("h", sound)
    if sys.byteorder == "big":
        samples.byteswap()
    return bytes(map(_code, samples))


def _code(sample: int) -> int:
    sign = 0x80 if sample < 0 else 0
    size = min(abs(sample), CLIP) + BIAS
    exponent = size.bit_length() - 8
    return ~(sign | exponent << 4 | (size >> (exponent + 3)) & 0x0F) & 0xFF


def at_telephone_rate(sound: bytes, rate_hz: int) -> bytes:
    """16-bit samples of `rate_hz` (above 8000) brought down to `RATE_HZ`, without what would come back as a whistle."""
    step = math.gcd(rate_hz, RATE_HZ)
    up, down = RATE_HZ // step, rate_hz // step  # each sample lies down/up after the one before
    half = math.ceil(LOBES * rate_hz / RATE_HZ)
    filters = [_filter(phase / up, half, rate_hz) for phase in range(up)]
    silence = array("h", bytes(2 * half))
    samples = silence + array("h", sound) + silence + array("h", bytes(4))
    made = array("h")
    for n in range((len(sound) // 2) * up // down):
        whole, phase = divmod(n * down, up)
        value = sum(map(mul, samples[whole : whole + 2 * half + 1], filters[phase]))
        made.append(max(-32767, min(32767, round(value))))
    return made.tobytes()


def _filter(fraction: float, half: int, rate_hz: int) -> list[float]:
    """A low-pass around a place that lies `fraction` after a sample."""
    turn = 2 * CUT_OFF_HZ / rate_hz
    weights = []
    for n in range(-half, half + 1):
        x = n - fraction
        sinc = 1.0 if x == 0 else math.sin(math.pi * turn * x) / (math.pi * turn * x)
        weights.append(turn * sinc * (0.5 + 0.5 * math.cos(math.pi * x / half)) if abs(x) < half else 0.0)
    return weights


def wav(coded: bytes) -> bytes:
    """Mono mu-law of `RATE_HZ` as a WAV file."""
    form = struct.pack("<4sIHHIIHHH", b"fmt ", 18, 7, 1, RATE_HZ, RATE_HZ, 1, 8, 0)
    fact = struct.pack("<4sII", b"fact", 4, len(coded))
    body = b"WAVE" + form + fact + struct.pack("<4sI", b"data", len(coded)) + coded + b"\0" * (len(coded) % 2)
    return struct.pack("<4sI", b"RIFF", len(body)) + body
