"""Our WAV files are what others read, and what others send is believed only as far as it is true."""

from __future__ import annotations

import contextlib
import io
import struct
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings.wav import NotWav, pcm, read_header, wav


def written(channels: int = 1, width: int = 2, rate_hz: int = 8000, frames: int = 800) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(channels)
        writer.setsampwidth(width)
        writer.setframerate(rate_hz)
        writer.writeframes(bytes(channels * width * frames))
    return file.getvalue()


def test_what_we_write_is_read_by_pythons_own_reader() -> None:
    with wave.open(io.BytesIO(wav(pcm([0.0, 0.5, -0.5, 2.0])))) as reader:
        assert (reader.getnchannels(), reader.getsampwidth(), reader.getframerate()) == (1, 2, 8000)
        assert struct.unpack("<4h", reader.readframes(9)) == (0, 16384, -16384, 32767)


@given(
    st.sampled_from([1, 2]), st.sampled_from([1, 2]), st.sampled_from([8000, 16000, 44100, 48000]), st.integers(1, 9000)
)
def test_what_pythons_own_writer_writes_is_read(channels: int, width: int, rate_hz: int, frames: int) -> None:
    header = read_header(written(channels, width, rate_hz, frames))
    assert (header.channels, header.bits, header.rate_hz) == (channels, width * 8, rate_hz)
    assert header.length_s == pytest.approx(frames / rate_hz)


def test_chunks_that_we_do_not_know_are_stepped_over() -> None:
    content = written()
    extra = struct.pack("<4sI", b"LIST", 5) + b"hello\0"
    assert read_header(content[:12] + extra + content[12:]).length_s == pytest.approx(0.1)


def test_a_stream_without_a_stated_length_is_measured() -> None:
    content = written()
    assert read_header(content[:40] + b"\xff\xff\xff\xff" + content[44:]).length_s == pytest.approx(0.1)


BROKEN = {
    "empty": b"",
    "a page": b"<!doctype html><title>404</title>",
    "mp3": b"ID3\x04" + bytes(400),
    "cut off": written()[:-10],
    "header only": written()[:36],
    "no form": written()[:12] + written()[36:],
    "24 bits": written()[:34] + struct.pack("<H", 24) + written()[36:],
    "compressed": written()[:20] + struct.pack("<H", 85) + written()[22:],
    "no channels": written()[:22] + struct.pack("<H", 0) + written()[24:],
    "no rate": written()[:24] + struct.pack("<I", 0) + written()[28:],
    "odd frame": written()[:32] + struct.pack("<H", 7) + written()[34:],
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_played_is_refused(content: bytes) -> None:
    with pytest.raises(NotWav):
        read_header(content)


@given(st.binary(max_size=200), st.integers(0, 60))
def test_no_bytes_bring_the_reader_down(noise: bytes, at: int) -> None:
    content = written(frames=8)
    for bytes_ in (noise, content[:at] + noise, content[:at] + noise + content[at + len(noise) :]):
        with contextlib.suppress(NotWav):
            assert read_header(bytes_).length_s >= 0
