"""Mp3: silence of a given length, for who asks for a recording in that format: its sound is to be had as WAV."""

from __future__ import annotations

import math

FRAME_S = 0.072
FRAME = b"\xff\xe3\x18\xc4" + bytes(68)
"""MPEG 2.5 layer III, 8 kbit/s, 8 kHz, mono: 576 samples in 72 bytes, all of them zero."""


def silence(length_s: float) -> bytes:
    """An MP3 file of at least one frame, as long as `length_s` to the next frame."""
    return FRAME * max(1, math.ceil(length_s / FRAME_S))
