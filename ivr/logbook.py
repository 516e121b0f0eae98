"""Logbook: the program's log as JSON lines - one a happening whatever is in it, in UTC, without anybody's number.

Messages are written without personal data in the first place; what slips through, in an error of a library for
instance, is masked here: a telephone number keeps its last four digits and a keyed hash, so that the same one can be
followed through the log by whoever has the key; addresses, tokens and passwords go.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import re
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path

FOLDER = "log"
TEXT_LENGTH_MAX = 16_000
NUMBER_DIGITS_MIN = 7

_NUMBER = re.compile(r"(?<![\w.:-])\+?[0-9](?:[ ()/-]?[0-9]){6,18}(?![\w:]|\.[0-9])|(?<=%2B)[0-9]{7,15}|\+[0-9]{7,15}")
_EMAIL = re.compile(r"[^\s@<>\"'=,;:()\[\]{}]+@[^\s@<>\"'=,;:()\[\]{}]+")
_SECRET = re.compile(
    r"(?i)((?:authorization|proxy-authorization|cookie|set-cookie|x-csrf-token)['\"]?\s*[:=]\s*)[^\r\n]+"
    r"|((?:password|passwd|token|secret|csrf|digits|speechresult)['\"]?\s*[:=]\s*"
    r"['\"]?)[^\s'\"&,;)}]+"
    r"|((?:bearer|basic)\s+)[\w.+/=~-]{8,}"
)


class Masking:
    """Takes personal data and secrets out of a text."""

    def __init__(self, key: bytes, secrets: Iterable[str] = ()) -> None:
        """`secrets` are words that must never be seen, such as the carrier's token."""
        self._key, self._secrets = key, tuple(sorted((it for it in secrets if it), key=len, reverse=True))

    def __call__(self, text: str) -> str:
        """The text, as it may be written down."""
        for secret in self._secrets:
            text = text.replace(secret, "…")
        text = _SECRET.sub(lambda it: f"{it[1] or it[2] or it[3]}…", text)
        text = _EMAIL.sub("…@…", text)
        return _NUMBER.sub(lambda it: self.number(it[0]), text)

    def number(self, written: str) -> str:
        """A number as its last four digits and the first eight of its keyed hash."""
        digits = re.sub(r"[^0-9]", "", written)
        return f"…{digits[-4:]}#{hmac.new(self._key, digits.encode(), hashlib.sha256).hexdigest()[:8]}"


class JsonLines(logging.Formatter):
    """One record, one line of ASCII: `at`, `level`, `where`, `what`, and `fault` if there is one."""

    def __init__(self, masking: Callable[[str], str]) -> None:
        super().__init__()
        self._masking = masking

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end. Never fails: what cannot be written is said to be so."""
        try:
            what = record.getMessage()
        except Exception as error:
            what = f"a message that cannot be put together ({type(error).__name__})"
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        row = {"at": at, "level": record.levelname.lower(), "where": record.name, "what": self._cut(what)}
        if record.exc_info and record.exc_info[0]:
            row["fault"] = self._cut(self.formatException(record.exc_info))
        return json.dumps(row, ensure_ascii=True)

    def _cut(self, text: str) -> str:
        """Masked before it is cut: half a number is no number any more, and would not be seen as one."""
        return self._masking(text)[:TEXT_LENGTH_MAX]


class Days(logging.Handler):
    """A file a day in a folder, closed to other people. A disk that is full never fails what is logged."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder, self._day, self._file = folder, date.min, -1

    def emit(self, record: logging.LogRecord) -> None:
        """Append a line with one write, so that two programs do not mix theirs."""
        try:
            self._turn(datetime.fromtimestamp(record.created, UTC).date())
            os.write(self._file, (self.format(record) + "\n").encode())
        except OSError:
            pass  # S64: nothing that is logged may fail because it cannot be logged

    def close(self) -> None:
        """Let go of the file."""
        if self._file >= 0:
            os.close(self._file)
            self._file, self._day = -1, date.min
        super().close()

    def _turn(self, day: date) -> None:
        if day == self._day and self._file >= 0:
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        after = os.open(self._folder / f"{day:%Y-%m-%d}.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        if self._file >= 0:
            os.close(self._file)
        self._file, self._day = after, day


def keep_log(data: Path, key: bytes, secrets: Iterable[str]) -> None:
    """Write the log of this process to standard error, and to a file a day in the data folder's `log`."""
    root, lines = logging.getLogger(), JsonLines(Masking(key, secrets))
    for handler in (logging.StreamHandler(sys.stderr), Days(data / FOLDER)):
        handler.setFormatter(lines)
        root.addHandler(handler)
    server = logging.getLogger("gunicorn.error")
    server.handlers.clear()
    server.propagate = True
    root.setLevel(logging.WARNING)
    logging.raiseExceptions = False
    logging.getLogger("ivr").setLevel(logging.INFO)
