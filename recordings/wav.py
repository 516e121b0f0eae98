"""WAV: sound as a file; ours is written as telephones like it, others' headers are read with suspicion."""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterable
from dataclasses import dataclass

RATE_HZ = 8000
"""Samples a second of everything that we make: what a telephone carries."""

FULL_SCALE = 32767
HEADER_BYTES = 44
"""Of the files that we make: sound begins after them."""

CHUNKS_MAX = 64
_RATES_HZ = range(8000, 48001)
_OPEN_ENDED = 0xFFFFFFFF  # written by programs that stream and do not know the length when they begin


class NotWav(ValueError):
    """These bytes are no WAV file that a browser or a telephone would play; the message says why."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a WAV file says of itself, checked against what is there."""

    channels: int
    rate_hz: int
    bits: int
    length_s: float


def pcm(samples: Iterable[float]) -> bytes:
    """Samples between -1 and 1 as 16-bit little-endian PCM; what lies outside is clipped."""
    whole = array("h", (max(-FULL_SCALE, min(FULL_SCALE, round(sample * FULL_SCALE))) for sample in samples))
    if sys.byteorder == "big":
        whole.byteswap()
    return whole.tobytes()


def wav(sound: bytes, rate_hz: int = RATE_HZ) -> bytes:
    """Mono 16-bit PCM as a WAV file."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate_hz, rate_hz * 2, 2, 16)
    body = b"WAVE" + form + struct.pack("<4sI", b"data", len(sound)) + sound
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def read_header(content: bytes, size: int | None = None) -> Header:
    """The checked header of a PCM WAV file; NotWav if it is none, or is cut off.

    `size`: how many bytes the file has, where `content` is only its beginning.
    """
    whole = len(content) if size is None else size
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise NotWav("does not begin like a WAV file")
    form: tuple[int, ...] | None = None
    at = 12
    for _ in range(CHUNKS_MAX):
        if len(content) < at + 8:
            break
        name, length = struct.unpack_from("<4sI", content, at)
        at += 8
        if name == b"fmt " and 16 <= length <= len(content) - at:
            form = struct.unpack_from("<HHIIHH", content, at)
        if name == b"data":
            return _header(form, length, whole - at)
        at += length + length % 2
    raise NotWav("has no sound in it")


def _header(form: tuple[int, ...] | None, size: int, present: int) -> Header:
    if form is None:
        raise NotWav("does not say how its sound is written")
    kind, channels, rate_hz, _, frame, bits = form
    if kind != 1 or channels not in (1, 2) or rate_hz not in _RATES_HZ or bits not in (8, 16):
        raise NotWav("is not plain sound (PCM of 8 or 16 bits, one or two channels, 8 to 48 kHz)")
    if frame != channels * bits // 8:
        raise NotWav("contradicts itself about the size of a sample")
    if size != _OPEN_ENDED and size > present:
        raise NotWav("is cut off: it is shorter than it says")
    return Header(channels, rate_hz, bits, min(size, present) / frame / rate_hz)
