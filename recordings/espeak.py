"""Espeak: the process that speaks - texts in on standard input, sound out on standard output.

eSpeak NG is under the GPL (3 or later), this program is not. So it is loaded here and nowhere else: in a process of its
own, which is started as a program and never imported. It comes with the optional extra `speech` (espeakng-loader).

Each line of input is a JSON object with text, voice and rate (words a minute). The answer to each is four bytes of
length, little-endian, and so many bytes of 16-bit mono sound after four bytes of rate; a length of 0: cannot be spoken.
"""

from __future__ import annotations

import ctypes
import json
import struct
import sys
from array import array
from typing import BinaryIO

SYNCHRONOUS, DONT_EXIT = 2, 0x8000
RATE, VOLUME = 1, 2
UTF8, END_PAUSE = 1, 0x1000
LOUDNESS = 75  # of 100: Serbian would clip at 100
QUIET = 150  # of 32767: what is softer at the end is no speech
TAIL_S = 0.12


class Engine:
    """libespeak-ng, loaded once; one text at a time."""

    def __init__(self) -> None:
        import espeakng_loader

        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        self._spoken = bytearray()
        kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
        self._hear = kind(self._take)  # kept: the library holds no reference
        self._library.espeak_Synth.argtypes = [
            *(ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int),
            *(ctypes.c_uint, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p),
        ]
        data = espeakng_loader.get_data_path().encode()
        self._hertz = self._library.espeak_Initialize(SYNCHRONOUS, 0, data, DONT_EXIT)
        self._library.espeak_SetSynthCallback(self._hear)

    def speak(self, text: str, voice: str, rate: int) -> tuple[int, bytes]:
        """Samples a second, and the samples; none when there is no such voice."""
        library = self._library
        if self._hertz <= 0 or library.espeak_SetVoiceByName(voice.encode()) != 0:
            return 0, b""
        library.espeak_SetParameter(RATE, rate, 0)
        library.espeak_SetParameter(VOLUME, LOUDNESS, 0)
        self._spoken.clear()
        said = text.encode() + b"\0"
        library.espeak_Synth(said, len(said), 0, 0, 0, UTF8 | END_PAUSE, None, None)
        library.espeak_Synchronize()
        return self._hertz, _without_tail(bytes(self._spoken), self._hertz)

    def _take(self, samples: object, count: int, _events: object) -> int:
        if samples and count > 0:
            self._spoken += ctypes.string_at(samples, 2 * count)
        return 0


def _without_tail(sound: bytes, hertz: int) -> bytes:
    """Without the silence at the end, but for a breath."""
    samples = array("h", sound)
    end = len(samples)
    while end and abs(samples[end - 1]) < QUIET:
        end -= 1
    return samples[: end + round(TAIL_S * hertz)].tobytes()


def serve(asked: BinaryIO, answered: BinaryIO) -> None:
    """Speak what is asked for until nothing more is."""
    engine = Engine()
    for line in asked:
        wish = json.loads(line)
        hertz, sound = engine.speak(wish["text"], wish["voice"], wish["rate"])
        answer = struct.pack("<I", hertz) + sound if sound else b""
        answered.write(struct.pack("<I", len(answer)) + answer)
        answered.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
