"""Tombstones: hashes of who was erased, kept beside the database, so that a backup put back forgets them again."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

KEY_BYTES = 32
FILE, KEY_FILE = "erased.jsonl", "erased.key"


class KeyLost(Exception):
    """There are tombstones, and the key that they were made with is gone or broken."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Somebody was erased at a moment; `id` is that of the erasure."""

    id: str
    digest: str
    at: datetime


class Tombstones:
    """The file of them in the folder of data. It grows by whole lines; whoever keeps backups keeps the latest of it."""

    def __init__(self, folder: Path) -> None:
        self._file, self._key_file = folder / FILE, folder / KEY_FILE

    @property
    def key(self) -> bytes:
        """What the hashes are made with: 32 bytes of its own, made at first use. Raises KeyLost."""
        self._key_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            descriptor = os.open(self._key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            key = self._key_file.read_bytes()
            if len(key) != KEY_BYTES:
                raise KeyLost(f"{self._key_file} is no key (put it back from a backup)") from None
            return key
        with os.fdopen(descriptor, "wb") as file:
            if self._file.exists():
                file.close()
                self._key_file.unlink()
                raise KeyLost(f"{self._key_file} is gone and {self._file} is there (put it back from a backup)")
            key = secrets.token_bytes(KEY_BYTES)
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        return key

    def add(self, stone: Tombstone) -> None:
        """One more; it is on the disk when this returns."""
        line = json.dumps({"id": stone.id, "digest": stone.digest, "at": stone.at.isoformat()})
        descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(f"{line}\n".encode())
            file.flush()
            os.fsync(file.fileno())

    def all(self) -> list[Tombstone]:
        """Every one; a line that was cut off when the power went is none."""
        try:
            lines = self._file.read_text("utf-8", "replace").splitlines()
        except FileNotFoundError:
            return []
        return [stone for line in lines if (stone := _read(line))]


def _read(line: str) -> Tombstone | None:
    try:
        row = json.loads(line)
        return Tombstone(str(row["id"]), str(row["digest"]), datetime.fromisoformat(row["at"]))
    except (ValueError, KeyError, TypeError):
        return None
