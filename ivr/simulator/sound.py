"""Sound: WAV files - how long one lasts, and the soft tone that stands for a voice in the simulator's recordings."""

from __future__ import annotations

import io
import math
import wave

RATE_HZ = 8000
TONE_HZ = 330
AMPLITUDE = 3000


def seconds_of(body: bytes) -> float | None:
    """How long a WAV file lasts; None when it is not one."""
    try:
        with wave.open(io.BytesIO(body)) as sound:
            return sound.getnframes() / sound.getframerate()
    except (wave.Error, EOFError, ZeroDivisionError):
        return None


def tone(length_s: float) -> bytes:
    """A WAV file (8 kHz, mono, 16 bit) of a soft tone that swells and fades once a second."""
    second = bytearray()
    for n in range(RATE_HZ):
        loudness = AMPLITUDE * math.sin(math.pi * n / RATE_HZ)
        second += round(loudness * math.sin(2 * math.pi * TONE_HZ * n / RATE_HZ)).to_bytes(2, "little", signed=True)
    samples = round(length_s * RATE_HZ)
    body = bytes(second) * (samples // RATE_HZ) + bytes(second[: 2 * (samples % RATE_HZ)])
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE_HZ)
        sound.writeframes(body)
    return file.getvalue()
