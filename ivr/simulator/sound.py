"""Sound: WAV files - how long one lasts, and the soft tone that stands for a voice in the simulator's recordings."""

from __future__ import annotations

import io
import math
import struct
import wave

RATE_HZ = 8000
TONE_HZ = 330
AMPLITUDE = 3000
CHUNKS_MAX = 64


def seconds_of(body: bytes) -> float | None:
    """How long a WAV file lasts, whatever its samples look like (mu-law too); None when it is not one."""
    if body[:4] != b"RIFF" or body[8:12] != b"WAVE":
        return None
    at, bytes_a_second = 12, 0
    for _ in range(CHUNKS_MAX):
        if len(body) < at + 8:
            break
        name, size = struct.unpack_from("<4sI", body, at)
        at += 8
        if name == b"fmt " and len(body) >= at + 16:
            bytes_a_second = struct.unpack_from("<I", body, at + 8)[0]
        if name == b"data":
            return min(size, len(body) - at) / bytes_a_second if bytes_a_second else None
        at += size + size % 2
    return None


def tone(length_s: float) -> bytes:
    """A WAV file (8 kHz, mono, 16 bit) of a soft tone that swells and fades once a second."""
    second = bytearray()
    for n in range(RATE_HZ):
        loudness = AMPLITUDE * math.sin(math.pi * n / RATE_HZ)
        second += round(loudness * math.sin(2 * math.pi * TONE_HZ * n / RATE_HZ)).to_bytes(2, "little", signed=True)
    samples = round(length_s * RATE_HZ)
    return wav(bytes(second) * (samples // RATE_HZ) + bytes(second[: 2 * (samples % RATE_HZ)]))


def wav(body: bytes, channels: int = 1) -> bytes:
    """8 kHz 16-bit samples, of the channels in turn, as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(2)
        sound.setframerate(RATE_HZ)
        sound.writeframes(body)
    return file.getvalue()
