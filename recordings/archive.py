"""Archive: callers' messages as files, under names that are ours and that say nothing about anybody."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from recordings.folder import private_folder, write_whole
from recordings.wav import NotWav, read_header

SIZE_MAX = 20_000_000
LENGTH_MIN_S = 0.1
LENGTH_MAX_S = 600.0
_READ_SIZE = 65_536
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


class NotKept(ValueError):
    """What came is no message that we keep; the message says why, and nothing was stored."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One recording in the archive; `digest` is its SHA-256 in hexadecimal."""

    id: str
    length_s: float
    size: int
    digest: str


class Archive:
    """WAV files in one folder, each there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = private_folder(folder)

    def keep(self, recording: str, content: bytes | BinaryIO | Iterable[bytes]) -> Kept:
        """Store `content` under the id `recording` (32 hexadecimal digits) and say what was stored.

        The same content under the same id again changes nothing. NotKept if it is no WAV file, is above `SIZE_MAX`
        bytes, lasts less than `LENGTH_MIN_S` or more than `LENGTH_MAX_S`, or differs from what the id stands for.
        """
        path = self._path(recording)
        whole = _whole(content)
        kept = Kept(recording, _length_s(whole), len(whole), hashlib.sha256(whole).hexdigest())
        if path.exists():
            if hashlib.sha256(path.read_bytes()).hexdigest() != kept.digest:
                raise NotKept("another recording is kept under this id already")
            return kept
        write_whole(path, [whole])
        return kept

    def open(self, recording: str) -> BinaryIO:
        """The file of `recording`, to read; FileNotFoundError if it is not here (any more)."""
        return self._path(recording).open("rb")

    def exists(self, recording: str) -> bool:
        return self._path(recording).is_file()

    def delete(self, recording: str) -> bool:
        """Take `recording` away for good; False if it was not here."""
        try:
            os.unlink(self._path(recording))
        except FileNotFoundError:
            return False
        return True

    def _path(self, recording: str) -> Path:
        if not _ID.fullmatch(recording):
            raise ValueError("a recording's id is 32 hexadecimal digits in small letters")
        return self._folder / f"{recording}.wav"


def _whole(content: bytes | BinaryIO | Iterable[bytes]) -> bytes:
    """All of `content`, read no further than is needed to see that it is too much."""
    whole = bytearray()
    for piece in _pieces(content):
        whole += piece
        if len(whole) > SIZE_MAX:
            raise NotKept(f"the recording is larger than {SIZE_MAX // 1_000_000} MB")
    return bytes(whole)


def _pieces(content: bytes | BinaryIO | Iterable[bytes]) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
    elif hasattr(content, "read"):
        while piece := content.read(_READ_SIZE):
            yield piece
    else:
        yield from content


def _length_s(whole: bytes) -> float:
    try:
        length_s = read_header(whole).length_s
    except NotWav as fault:
        raise NotKept(f"the recording {fault}") from fault
    if not LENGTH_MIN_S <= length_s <= LENGTH_MAX_S:
        raise NotKept(f"the recording lasts {length_s:.1f} s (from {LENGTH_MIN_S:g} to {LENGTH_MAX_S:g} are kept)")
    return length_s
