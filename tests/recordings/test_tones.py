"""The tones are the ones that telephones know, by a detector that shares nothing with the code that makes them."""

from __future__ import annotations

import math
from array import array

import pytest

from recordings.tones import beep, dtmf, tone

DTMF_HZ = (697, 770, 852, 941, 1209, 1336, 1477, 1633)
# Q.23's table written out, not computed: an independent reading.
TABLE = {
    "1": (697, 1209),
    "2": (697, 1336),
    "3": (697, 1477),
    "4": (770, 1209),
    "5": (770, 1336),
    "6": (770, 1477),
    "7": (852, 1209),
    "8": (852, 1336),
    "9": (852, 1477),
    "*": (941, 1209),
    "0": (941, 1336),
    "#": (941, 1477),
}


def power(sound: bytes, hertz: float) -> float:
    """Goertzel: how much of `sound` is at `hertz`, as a share of all its power (1 is a pure sine)."""
    samples = array("h", sound)
    turn = 2 * math.cos(2 * math.pi * hertz / 8000)
    before = last = 0.0
    for sample in samples:
        before, last = last, sample + turn * last - before
    at = before * before + last * last - turn * before * last
    return 2 * at / (len(samples) * sum(sample * sample for sample in samples))


@pytest.mark.parametrize("key", TABLE)
def test_a_key_sounds_its_two_frequencies_and_no_other(key: str) -> None:
    sound = dtmf(key)
    loud = {hertz for hertz in DTMF_HZ if power(sound, hertz) > 0.3}
    assert loud == set(TABLE[key])
    assert sum(power(sound, hertz) for hertz in TABLE[key]) > 0.95
    assert all(power(sound, hertz) < 0.02 for hertz in DTMF_HZ if hertz not in TABLE[key])


@pytest.mark.parametrize("key", ["", "A", "12", "²", " "])
def test_what_is_no_key_has_no_tone(key: str) -> None:
    with pytest.raises(ValueError, match="no telephone has a key"):
        dtmf(key)


def test_the_beep_is_one_tone() -> None:
    assert power(beep(), 1000) > 0.95


def test_a_tone_lasts_as_long_as_asked() -> None:
    assert len(dtmf("5", 0.25)) == 2 * 2000


@pytest.mark.parametrize("length_s", [0, -1, 11])
def test_a_tone_without_sense_is_refused(length_s: float) -> None:
    with pytest.raises(ValueError, match="cannot last"):
        tone((440,), length_s)


def test_a_tone_begins_and_ends_softly_and_never_clips() -> None:
    samples = array("h", dtmf("9"))
    assert abs(samples[0]) < 400
    assert abs(samples[-1]) < 400
    assert max(map(abs, samples)) < 20_000
