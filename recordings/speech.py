"""Speech: texts as sound - the shipped ones from their shelf, others by a process that speaks, where there is one."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import struct
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path

from recordings import mulaw
from recordings.folder import write_whole
from recordings.wav import HEADER_BYTES, read_header, wav

SPOKEN = Path(__file__).parent / "spoken"
"""What the example says, spoken beforehand: nobody needs an engine to hear it."""

EDITION = 1
"""Raise it when the same text sounds different: what was spoken before is then not taken for it."""

ENGINE = "espeakng_loader"
WORDS_A_MINUTE, SLOWER_WORDS_A_MINUTE = 150, 110
TEXT_MAX = 4096
KEPT_MAX = 300
ANSWER_MAX_S = 5.0
FAILURES_MAX = 3
_VOICES = {"en": "en-us", "es-mx": "es-419", "es-us": "es-419"}


class Speaker:
    """A voice. One text at a time, from any thread; what was spoken is remembered for a while, and never on disk."""

    def __init__(self, shelf: Path = SPOKEN, engine: str = ENGINE) -> None:
        self._shelf = shelf
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._failures = 0 if importlib.util.find_spec(engine) else FAILURES_MAX
        self._kept: OrderedDict[tuple[str, str, int], bytes | None] = OrderedDict()

    @property
    def speaks_anything(self) -> bool:
        """Whether there is an engine; without one only what is shipped is spoken."""
        return self._failures < FAILURES_MAX

    def wav(self, words: str, language: str, slower: bool = False) -> bytes | None:
        """`words` in a language such as `de` or `de-DE` as a WAV file; None when they cannot be spoken."""
        rate = SLOWER_WORDS_A_MINUTE if slower else WORDS_A_MINUTE
        wish = (words, voice_of(language), rate)
        with self._lock:
            if wish not in self._kept:
                self._kept[wish] = self._shipped(*wish) or self._spoken(*wish)
            self._kept.move_to_end(wish)
            if len(self._kept) > KEPT_MAX:
                self._kept.popitem(last=False)
            return self._kept[wish]

    def close(self) -> None:
        """Let the process go."""
        with self._lock:
            self._stop()

    def _shipped(self, words: str, voice: str, rate: int) -> bytes | None:
        path = self._shelf / name_of(words, voice)
        return path.read_bytes() if rate == WORDS_A_MINUTE and path.is_file() else None

    def _spoken(self, words: str, voice: str, rate: int) -> bytes | None:
        if not words.strip() or len(words) > TEXT_MAX or not self.speaks_anything:
            return None
        try:
            answer = self._ask(json.dumps({"text": words, "voice": voice, "rate": rate}).encode() + b"\n")
        except OSError:
            self._failures += 1  # an engine that dies again and again is not asked any more: the text stays
            self._stop()
            return None
        if not answer:
            return None
        return wav(answer[4:], struct.unpack_from("<I", answer)[0])

    def _ask(self, line: bytes) -> bytes:
        if self._process is None:
            command = [sys.executable, "-P", str(Path(__file__).with_name("espeak.py"))]
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        process = self._process
        patience = threading.Timer(ANSWER_MAX_S, process.kill)
        patience.daemon = True
        patience.start()
        try:
            process.stdin.write(line)
            process.stdin.flush()
            length = struct.unpack("<I", _exactly(process, 4))[0]
            return _exactly(process, length)
        finally:
            patience.cancel()

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _exactly(process: subprocess.Popen[bytes], count: int) -> bytes:
    got = process.stdout.read(count)
    if len(got) < count:
        raise OSError("the process that speaks has died")
    return got


def speak_beforehand(speaker: Speaker, said: Iterable[tuple[str, str]], shelf: Path = SPOKEN) -> tuple[int, int]:
    """Put (words, language) on the shelf as small files; how many lie there now, and their bytes together.

    What lies there and is said no more goes. Raises ValueError when something cannot be spoken.
    """
    shelf.mkdir(parents=True, exist_ok=True)
    names = set()
    for words, language in said:
        name = name_of(words, voice_of(language))
        names.add(name)
        if (shelf / name).exists():
            continue
        sound = speaker.wav(words, language)
        if sound is None:
            raise ValueError(f'"{words[:60]}" cannot be spoken in {language} (the extra "speech" is needed)')
        telephone = mulaw.at_telephone_rate(sound[HEADER_BYTES:], read_header(sound).rate_hz)
        write_whole(shelf / name, [mulaw.wav(mulaw.encode(telephone))])
    for old in shelf.glob("*.wav"):
        if old.name not in names:
            old.unlink()
    return len(names), sum((shelf / name).stat().st_size for name in names)


def voice_of(language: str) -> str:
    """The engine's name for who speaks a language such as `de-DE`."""
    code = language.strip().lower() or "en"
    return _VOICES.get(code) or _VOICES.get(code.partition("-")[0]) or code.partition("-")[0]


def name_of(words: str, voice: str) -> str:
    """The file on the shelf in which a voice says these words."""
    return hashlib.sha256(f"{EDITION}\0{voice}\0{words}".encode()).hexdigest()[:24] + ".wav"
