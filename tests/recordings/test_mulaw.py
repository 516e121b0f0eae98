"""Mu-law: the codes of G.711, and what is left of a sound at a telephone's rate."""

from __future__ import annotations

import math
import struct

import pytest

from recordings.mulaw import at_telephone_rate, encode, wav

# Linear value -> code, as ITU-T G.711 (and Python's old audioop, an independent maker of them) has them.
CODES = {0: 255, 7: 254, 100: 242, -100: 114, 1000: 206, -1000: 78, 8158: 159, -8159: 31, 32000: 128, -32768: 0}


def test_codes_are_those_of_g711():
    sound = struct.pack(f"<{len(CODES)}h", *CODES)
    assert list(encode(sound)) == list(CODES.values())


def decoded(code):
    """G.711's own way back."""
    code = ~code & 0xFF
    size = (((code & 0x0F) << 3) + 132 << (code >> 4 & 7)) - 132
    return -size if code & 0x80 else size


def test_what_is_coded_comes_back_almost_as_it_was():
    for sample in range(-32000, 32001, 37):
        [code] = encode(struct.pack("<h", sample))
        assert abs(decoded(code) - sample) <= max(8, abs(sample) / 16)


def sine(hertz, rate_hz, seconds=0.5):
    return b"".join(
        struct.pack("<h", round(10_000 * math.sin(2 * math.pi * hertz * n / rate_hz)))
        for n in range(round(seconds * rate_hz))
    )


@pytest.mark.parametrize("rate_hz", [22_050, 16_000, 48_000])
@pytest.mark.parametrize(("hertz", "left"), [(300, 1.0), (1000, 1.0), (3000, 1.0), (5000, 0.0), (7000, 0.0)])
def test_a_telephone_carries_what_is_below_its_limit_and_nothing_comes_back_as_a_whistle(rate_hz, hertz, left):
    made = at_telephone_rate(sine(hertz, rate_hz), rate_hz)
    samples = struct.unpack(f"<{len(made) // 2}h", made)
    assert len(samples) == 4000
    middle = samples[400:3600]
    strength = math.sqrt(sum(sample * sample for sample in middle) / len(middle)) * math.sqrt(2) / 10_000
    assert strength == pytest.approx(left, abs=0.06)


def test_the_file_says_what_it_is():
    file = wav(bytes(801))
    assert struct.unpack_from("<4sI4s4sIHHIIHH", file) == (
        *(b"RIFF", len(file) - 8, b"WAVE", b"fmt ", 18),
        *(7, 1, 8000, 8000, 1, 8),
    )
    assert len(file) % 2 == 0
