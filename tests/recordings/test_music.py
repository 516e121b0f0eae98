"""The music for waiting is pleasant as far as a test can hear: soft, never silent, without a seam, in tune."""

from __future__ import annotations

import itertools
import math
import time
from array import array

import pytest

from recordings.music import HARMONY, MELODY, hold_music


@pytest.fixture(scope="module")
def music() -> array[int]:
    return array("h", hold_music())


def test_it_lasts_most_of_a_minute(music: array[int]) -> None:
    assert 40 <= len(music) / 8000 <= 60


def test_it_is_the_same_each_time_and_quick_to_make(music: array[int]) -> None:
    began_s = time.process_time()
    again = hold_music()
    assert again == music.tobytes()
    assert time.process_time() - began_s < 2


def test_it_is_softer_than_a_voice_and_never_silent(music: array[int]) -> None:
    assert max(map(abs, music)) <= 0.36 * 32767
    for second in range(len(music) // 8000):
        piece = music[second * 8000 : (second + 1) * 8000]
        assert math.sqrt(sum(sample * sample for sample in piece) / len(piece)) > 300


def test_its_end_runs_into_its_beginning_without_a_click(music: array[int]) -> None:
    steps = [abs(b - a) for a, b in itertools.pairwise(music)]
    assert abs(music[0] - music[-1]) <= max(steps) / 4
    tail = music[-800:]
    assert math.sqrt(sum(sample * sample for sample in tail) / len(tail)) > 300, "the last notes do not ring on"


def test_every_bar_is_full() -> None:
    assert len(HARMONY) == len(MELODY) == 16
    assert all(sum(beats for _, beats in phrase) == 4 for phrase in MELODY)


def test_the_melody_is_in_tune(music: array[int]) -> None:
    first_e = music[400:8400]
    strength = {hertz: _power(first_e, hertz) for hertz in (587.3, 622.3, 659.3, 698.5)}
    assert max(strength, key=strength.__getitem__) == 659.3  # E5, the melody's first note


def _power(samples: array[int], hertz: float) -> float:
    turn = 2 * math.pi * hertz / 8000
    real = sum(sample * math.cos(turn * n) for n, sample in enumerate(samples))
    imaginary = sum(sample * math.sin(turn * n) for n, sample in enumerate(samples))
    return real * real + imaginary * imaginary
