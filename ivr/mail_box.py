"""Mail box: where e-mails come from - a folder in Maildir's form, or a server by IMAP. Each is brought, then marked.

Whoever dies in between brings it again, and it is known by its message id.
"""

from __future__ import annotations

import imaplib
import logging
import os
import re
import ssl
from collections.abc import Callable
from pathlib import Path

from ivr.mail_letter import LETTER_BYTES_MAX
from ivr.mail_settings import Place

log = logging.getLogger(__name__)

AT_ONCE_MAX = 50
"""So many are brought at one time; the others follow the next time."""

TIMEOUT_S = 20.0
SEEN, TOO_LARGE = "S", "FS"
"""Maildir's signs: seen; flagged for whoever looks after the mailbox."""

Take = Callable[[bytes], object]


class NotFetchedMail(Exception):
    """The mailbox cannot be reached; says why, without a password."""


def fetch(place: Place, password: str | None, take: Take) -> int:
    """Bring what is new to `take`, at most AT_ONCE_MAX; how many there were. NotFetchedMail."""
    try:
        return _maildir(place.folder, take) if place.scheme == "maildir" else _imap(place, password, take)
    except (OSError, imaplib.IMAP4.error, UnicodeError) as error:
        where = place.folder if place.scheme == "maildir" else place.host
        raise NotFetchedMail(f"{where}: {type(error).__name__}") from error


def _maildir(folder: Path, take: Take) -> int:
    """What lies in `new/` goes to `cur/` once it is taken (cr.yp.to/proto/maildir.html)."""
    for name in ("tmp", "new", "cur"):
        (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    there = sorted(path for path in (folder / "new").iterdir() if path.is_file() and not path.name.startswith("."))
    for path in there[:AT_ONCE_MAX]:
        flags = SEEN
        if path.stat().st_size > LETTER_BYTES_MAX:
            log.warning("an e-mail is larger than %s bytes and stays in the mailbox, flagged", LETTER_BYTES_MAX)
            flags = TOO_LARGE
        else:
            if not _taken(take, path.read_bytes()):
                continue
        os.replace(path, folder / "cur" / f"{path.name.partition(':')[0]}:2,{flags}")
    return min(len(there), AT_ONCE_MAX)


def _imap(place: Place, password: str | None, take: Take) -> int:
    """RFC 3501: what is not seen yet, by its UID; peeked at, and marked as seen once it is taken."""
    if place.scheme == "imaps":
        context = ssl.create_default_context()
        server: imaplib.IMAP4 = imaplib.IMAP4_SSL(place.host, place.port, ssl_context=context, timeout=TIMEOUT_S)
    else:
        server = imaplib.IMAP4(place.host, place.port, timeout=TIMEOUT_S)
    try:
        if place.user:
            server.login(place.user, password or "")
        _ok(server.select(f'"{place.box}"' if re.fullmatch(r'[^"\\\r\n]+', place.box) else "INBOX"))
        found = _ok(server.uid("SEARCH", "UNSEEN", "UNFLAGGED"))
        uids = (found[0] or b"").decode("ascii").split()[:AT_ONCE_MAX]
        for uid in uids:
            _one(server, uid, take)
        return len(uids)
    finally:
        try:
            server.logout()
        except (OSError, imaplib.IMAP4.error):
            server.shutdown()


def _one(server: imaplib.IMAP4, uid: str, take: Take) -> None:
    sized = b" ".join(
        it if isinstance(it, bytes) else it[0] for it in _ok(server.uid("FETCH", uid, "(RFC822.SIZE)")) if it
    )
    size = re.search(rb"RFC822\.SIZE (\d+)", sized)
    if size is None:
        return  # somebody else has taken it away
    if int(size[1]) > LETTER_BYTES_MAX:
        log.warning("an e-mail is larger than %s bytes and stays in the mailbox, flagged", LETTER_BYTES_MAX)
        _ok(server.uid("STORE", uid, "+FLAGS", r"(\Flagged)"))
        return
    whole = _ok(server.uid("FETCH", uid, "(BODY.PEEK[])"))
    raw = next((it[1] for it in whole if isinstance(it, tuple)), None)
    if raw is not None and _taken(take, raw):
        _ok(server.uid("STORE", uid, "+FLAGS", r"(\Seen)"))


def _taken(take: Take, raw: bytes) -> bool:
    """Whether it was taken; one that cannot be must not keep the others waiting, and is tried again the next time."""
    try:
        take(raw)
    except Exception:
        log.exception("an e-mail could not be taken in; it stays in the mailbox")
        return False
    return True


def _ok(answer: tuple[str, list]) -> list:
    if answer[0] != "OK":
        raise imaplib.IMAP4.error(f"the server says {answer[0]}")
    return answer[1]
