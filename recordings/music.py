"""Music: what callers hear while they wait, composed and played by this program, so that nobody else owns it.

Sixteen slow bars for electric piano: bass, broken chords, a melody. The last notes ring on into the first bar, so that
the piece can be repeated without a seam. It stays between 130 and 1100 hertz, which is what a telephone carries well.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Iterator
from operator import add

from recordings.wav import RATE_HZ, pcm

BEATS_A_MINUTE = 72
BEATS_A_BAR = 4
PEAK = 0.35  # of full scale: softer than a voice, as music under waiting should be

# Bass first; numbers are semitones as MIDI counts them (60 is middle C).
CHORDS = {
    "C": (48, 60, 64, 67, 71),
    "Am": (57, 60, 64, 67, 69),
    "Dm": (50, 60, 62, 65, 69),
    "Em": (52, 59, 62, 64, 67),
    "F": (53, 60, 64, 65, 69),
    "G": (55, 59, 62, 65, 67),
    "Gsus": (55, 60, 62, 65, 67),
}
HARMONY = ("C", "Am", "Dm", "Gsus", "C", "Am", "F", "G", "Em", "Am", "Dm", "G", "F", "Em", "Dm", "Gsus")
# One bar a line: semitone and length in beats.
MELODY = (
    ((76, 2), (79, 2)),
    ((81, 3), (79, 1)),
    ((77, 2), (74, 2)),
    ((74, 3), (72, 1)),
    ((72, 2), (76, 2)),
    ((79, 3), (76, 1)),
    ((81, 2), (79, 1), (77, 1)),
    ((74, 4),),
    ((79, 2), (83, 2)),
    ((84, 3), (81, 1)),
    ((77, 2), (81, 2)),
    ((79, 4),),
    ((81, 2), (77, 2)),
    ((79, 2), (76, 2)),
    ((77, 2), (74, 2)),
    ((72, 3), (74, 1)),
)
BROKEN = (1, 2, 3, 4, 3, 4, 3, 2)  # which tones of the chord, eighth by eighth

BASS_LEVEL, CHORD_LEVEL, MELODY_LEVEL = 0.5, 0.28, 0.8
RING_S = 2.6  # how long a note is followed while it dies away
ATTACK_S = 0.012
# Of a struck bar: strength of each overtone and the time in which it falls to a third.
OVERTONES = ((1, 1.0, 0.75), (2, 0.35, 0.4), (3, 0.12, 0.22), (5, 0.05, 0.08))
HIGHEST_HZ = 3400

_BEAT = round(RATE_HZ * 60 / BEATS_A_MINUTE)


def hold_music() -> bytes:
    """The whole piece, 53 s that can be repeated without a seam: 16-bit mono PCM of `RATE_HZ`."""
    piece = [0.0] * (len(HARMONY) * BEATS_A_BAR * _BEAT)
    notes: dict[tuple[int, float], list[float]] = {}  # each sounds alike wherever it is struck
    for start, semitone, level in _score():
        if (semitone, level) not in notes:
            notes[semitone, level] = _note(semitone, level)
        _strike(piece, start, notes[semitone, level])
    loudest = max(map(abs, piece))
    return pcm(sample / loudest * PEAK for sample in piece)


def _score() -> Iterator[tuple[int, int, float]]:
    """Every note of the piece: the sample at which it is struck, its semitone, its level."""
    for bar, (name, phrase) in enumerate(zip(HARMONY, MELODY, strict=True)):
        start = bar * BEATS_A_BAR * _BEAT
        chord = CHORDS[name]
        yield start, chord[0], BASS_LEVEL
        for eighth, tone in enumerate(BROKEN):
            yield start + eighth * _BEAT // 2, chord[tone], CHORD_LEVEL
        for semitone, beats in phrase:
            yield start, semitone, MELODY_LEVEL
            start += beats * _BEAT


def _strike(piece: list[float], start: int, note: list[float]) -> None:
    """Add one note to `piece`; what rings past its end rings on at its beginning."""
    fits = min(len(note), len(piece) - start)
    piece[start : start + fits] = map(add, piece[start : start + fits], note)
    rest = note[fits:]
    piece[: len(rest)] = map(add, piece[: len(rest)], rest)


def _note(semitone: int, level: float) -> list[float]:
    """One struck note from silence to silence. A sine that dies away is one complex number turning and shrinking."""
    hertz = 440 * 2 ** ((semitone - 69) / 12)
    count = round(RING_S * RATE_HZ)
    note = [0.0] * count
    for overtone, strength, fall_s in OVERTONES:
        if hertz * overtone < HIGHEST_HZ:
            turn = cmath.exp(complex(-1 / fall_s, 2 * math.pi * hertz * overtone) / RATE_HZ)
            z = complex(level * strength)
            note = list(map(add, note, [(z := z * turn).imag for _ in range(count)]))
    attack, release = round(ATTACK_S * RATE_HZ), count // 8
    for n in range(attack):
        note[n] *= n / attack
    for n in range(release):
        note[-1 - n] *= n / release
    return note
