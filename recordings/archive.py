"""Archive: messages and conversations as files, under names that are ours and that say nothing about anybody."""

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

LENGTH_MIN_S = 0.1
_READ_SIZE = 65_536
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Limits:
    """How large, and how long, a recording may be that is kept."""

    size_max: int
    length_max_s: float


MESSAGE = Limits(20_000_000, 600.0)
CONVERSATION = Limits(500_000_000, 4 * 3600.0)
"""Four hours on two channels, as the carrier sends them."""


class NotKept(ValueError):
    """What came is no recording that we keep; the message says why, and nothing was stored."""


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

    def keep(self, recording: str, content: bytes | BinaryIO | Iterable[bytes], limits: Limits = MESSAGE) -> Kept:
        """Store `content` under the id `recording` (32 hexadecimal digits) and say what was stored.

        It is written as it comes, and takes its name when it is whole. The same content under the same id again changes
        nothing. NotKept if it is no WAV file, is larger or longer than `limits` or shorter than `LENGTH_MIN_S`, or
        differs from what the id stands for.
        """
        path = self._path(recording)
        incoming = _Incoming(content, limits.size_max)
        kept: list[Kept] = []

        def checked() -> None:
            length_s = _length_s(incoming, limits)
            kept.append(Kept(recording, length_s, incoming.size, incoming.seal.hexdigest()))
            if path.exists() and _seal_of(path) != kept[0].digest:
                raise NotKept("another recording is kept under this id already")

        write_whole(path, incoming.pieces(), checked)
        return kept[0]

    def open(self, recording: str) -> BinaryIO:
        """The file of `recording`, to read; FileNotFoundError if it is not here (any more)."""
        return self._path(recording).open("rb")

    def file(self, recording: str) -> Path:
        """Where the file of `recording` lies, or would lie."""
        return self._path(recording)

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


class _Incoming:
    """Content as it comes: how much it is, its SHA-256, and its beginning, which says what the rest is."""

    def __init__(self, content: bytes | BinaryIO | Iterable[bytes], size_max: int) -> None:
        self._content, self._size_max = content, size_max
        self.size, self.seal, self.head = 0, hashlib.sha256(), b""

    def pieces(self) -> Iterator[bytes]:
        """All of it, read no further than is needed to see that it is too much."""
        for piece in _pieces(self._content):
            self.size += len(piece)
            if self.size > self._size_max:
                raise NotKept(f"the recording is larger than {self._size_max // 1_000_000} MB")
            self.seal.update(piece)
            if len(self.head) < _READ_SIZE:
                self.head += piece[: _READ_SIZE - len(self.head)]
            yield piece


def _pieces(content: bytes | BinaryIO | Iterable[bytes]) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
    elif hasattr(content, "read"):
        while piece := content.read(_READ_SIZE):
            yield piece
    else:
        yield from content


def _seal_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _length_s(incoming: _Incoming, limits: Limits) -> float:
    try:
        length_s = read_header(incoming.head, incoming.size).length_s
    except NotWav as fault:
        raise NotKept(f"the recording {fault}") from fault
    if not LENGTH_MIN_S <= length_s <= limits.length_max_s:
        most_s = limits.length_max_s
        raise NotKept(f"the recording lasts {length_s:.1f} s (from {LENGTH_MIN_S:g} to {most_s:g} are kept)")
    return length_s
