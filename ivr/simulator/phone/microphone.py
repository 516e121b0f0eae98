"""Microphone: what somebody says into a running Record, piece by piece as it comes, and the WAV file it becomes."""

from __future__ import annotations

import sys
from array import array
from dataclasses import dataclass, field

from ivr.simulator.sound import wav

RATE_HZ = 8000
BYTES_A_SECOND = 2 * RATE_HZ
PIECE_BYTES_MAX = 4 * BYTES_A_SECOND
LENGTH_MAX_S = 600.0
"""More than this of one message is not kept."""

LOUD = 400.0
"""Root mean square, of 32767, above which a piece is speech: a quiet room with a browser's own cleaning stays below."""


@dataclass(slots=True)
class Microphone:
    """Pieces of 8 kHz 16-bit mono sound, little-endian; `trims` cuts the silence before and after them."""

    running: bool = False
    trims: bool = True
    typed: bytes = b""  # a WAV file spoken in place of a microphone
    pieces: list[tuple[bytes, bool]] = field(default_factory=list)
    length_s: float = 0.0

    def start(self, trims: bool) -> None:
        """A Record begins to listen."""
        self.running, self.trims, self.typed, self.length_s = True, trims, b"", 0.0
        self.pieces.clear()

    def stop(self) -> None:
        """It listens no more."""
        self.running = False
        self.pieces.clear()

    def hear(self, piece: bytes) -> float:
        """Take the next piece; for how many seconds somebody speaks in it. Raises ValueError."""
        if not piece or len(piece) % 2 or len(piece) > PIECE_BYTES_MAX:
            raise ValueError(f"a piece of sound has 2 to {PIECE_BYTES_MAX} bytes, two for each sample")
        length_s = len(piece) / BYTES_A_SECOND
        if not self.running or self.length_s + length_s > LENGTH_MAX_S:
            return 0.0
        loud = loudness(piece) >= LOUD
        self.length_s += length_s
        self.pieces.append((piece, loud))
        return length_s if loud else 0.0

    def wav(self) -> bytes:
        """What was said, as a WAV file; empty when nothing was."""
        loud = [n for n, (_, is_loud) in enumerate(self.pieces) if is_loud]
        if not loud:
            return self.typed
        kept = self.pieces[max(0, loud[0] - 1) : loud[-1] + 1] if self.trims else self.pieces
        return wav(b"".join(piece for piece, _ in kept))


def loudness(piece: bytes) -> float:
    """The root mean square of a piece."""
    samples = array("h", piece)
    if sys.byteorder == "big":
        samples.byteswap()
    return (sum(sample * sample for sample in samples) / len(samples)) ** 0.5
