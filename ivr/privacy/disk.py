"""Disk: what lies beside the database about somebody - letters as they came, exports - and what is left of it."""

from __future__ import annotations

import email
import email.policy
import os
from collections.abc import Iterable, Iterator
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path

from ivr.privacy.person import Person

EXPORTS, RECORDINGS, SOUNDS, MAIL = "exports", "recordings", "sounds", "mail"
_PIECE = 1 << 20
_ADDRESSED = ("from", "to", "cc", "bcc", "reply-to", "sender", "return-path", "delivered-to")
_IDS = ("message-id", "in-reply-to", "references")


def export_name(digest: str) -> str:
    """What the export of somebody is called: it says nothing about them."""
    return f"person-{digest[:16]}.zip"


def letters_of(data: Path, person: Person, message_ids: Iterable[str]) -> Iterator[Path]:
    """The letters in the Maildirs from, to or about somebody; those that wait to be fetched only by address."""
    ids = {it for it in message_ids if it}
    for path in sorted((data / MAIL).rglob("*")):
        if path.is_file() and _is_of(path, person, ids):
            yield path


def _is_of(path: Path, person: Person, ids: set[str]) -> bool:
    try:
        raw = path.read_bytes()
    except OSError:
        return False
    letter = email.message_from_bytes(raw, policy=email.policy.compat32)
    addresses = {it.lower() for _, it in getaddresses([str(letter.get(name, "")) for name in _ADDRESSED])}
    if person.value in addresses or any(it in str(letter.get(name, "")) for name in _IDS for it in ids):
        return True
    if path.parent.name == "new":
        return False
    return any(person.written().search(text) for text in (raw.decode("utf-8", "replace"), *_texts(raw)))


def _texts(raw: bytes) -> Iterator[str]:
    letter = email.message_from_bytes(raw, EmailMessage, policy=email.policy.default)
    for part in letter.walk():
        if part.get_content_maintype() == "text":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                yield payload.decode("utf-8", "replace")


def take_away(data: Path, names: Iterable[str]) -> None:
    """Delete files of the data folder by their names in it; one that is gone already is fine.

    A letter may have been moved from `new` to `cur` meanwhile, and carries flags then.
    """
    for name in names:
        path = data / name
        path.unlink(missing_ok=True)
        if MAIL in Path(name).parts[:1]:
            bare = path.name.partition(":")[0]
            for moved in (path.parent.parent / "cur").glob(f"{bare}*"):
                moved.unlink(missing_ok=True)


def still_on(data: Path, needles: Iterable[str]) -> dict[str, list[str]]:
    """Which of these texts stand in which files of the data folder, byte for byte; sounds are not looked into."""
    sought = {it: it.encode() for it in needles if len(it) >= 3}
    found: dict[str, list[str]] = {}
    for folder, folders, files in os.walk(data):
        folders[:] = sorted(it for it in folders if it not in (RECORDINGS, SOUNDS))
        for file in sorted(files):
            path = Path(folder) / file
            for needle in _in_file(path, sought):
                found.setdefault(needle, []).append(str(path.relative_to(data)))
    return found


def _in_file(path: Path, sought: dict[str, bytes]) -> set[str]:
    longest = max(map(len, sought.values()), default=1)
    seen: set[str] = set()
    try:
        with path.open("rb") as file:
            tail = b""
            while piece := file.read(_PIECE):
                window = tail + piece
                seen |= {text for text, needle in sought.items() if needle in window}
                tail = window[-longest:]
    except OSError:
        return seen
    return seen
