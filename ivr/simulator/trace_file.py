"""Trace file: everything that happened on a network as JSON lines, to be kept, opened and looked through.

The first line says what was played; then one line for each thing that happened: `at` (seconds from the start), `time`,
`call`, `line`, `kind`, `text`, `told` (in words), `data`, for webhooks `exchange`, and the script's steps as they begin
(kind `step`). Log-ins are left out. Everything else is as it went over the wire: who shares a trace masks it first.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from ivr.simulator.script.steps import Step
from ivr.simulator.script.transcript import phrase
from ivr.simulator.trace import Entry, Exchange

FORMAT = 1
LINES_MAX = 50_000
BYTES_MAX = 64 * 1024 * 1024
SECRET_HEADERS = frozenset({"authorization", "proxy-authorization"})
WITHHELD = "(left out)"
SPOKEN = ("SpeechResult", "UnstableSpeechResult", "TranscriptionText", "Body")
KEYS_MASKED_FROM = 3  # single keys are choices in a menu; longer ones are numbers and PINs
_BETWEEN = r"[\s,.;-]{0,3}"
_NUMBER = re.compile(r"(?:\+|%2B)\d{6,15}")

Line = dict[str, Any]


class TraceFile:
    """The lines so far. `title` names what is played, `details` say more of it."""

    def __init__(self, start: datetime, title: str, **details: object) -> None:
        self._start = start
        self.lines: list[Line] = [{"trace": FORMAT, "title": title, "start": start.isoformat(), **details}]

    def take(self, entry: Entry) -> None:
        """Something has happened."""
        if len(self.lines) >= LINES_MAX:
            return
        data = {name: _plain(value) for name, value in entry.data.items() if name != "exchange"}
        line = {
            **self._when(entry.time),
            "call": entry.call_sid,
            "line": entry.line,
            "kind": entry.kind,
            "text": entry.text,
            "told": phrase(entry),
            "data": data,
        }
        exchange = entry.data.get("exchange")
        if isinstance(exchange, Exchange):
            line["exchange"] = _exchange(exchange)
        self.lines.append(line)

    def step(self, now: datetime, number: int, step: Step) -> None:
        """A step of the script begins."""
        place = {"file": step.place.file, "row": step.place.line}
        told = f"step {number}: {step.place.text}"
        self.lines.append({**self._when(now), "kind": "step", "text": step.place.text, "told": told, "data": place})

    def ended(self, outcome: str, why: str = "") -> None:
        """How it went: `fine`, `failed` or `error`, and why."""
        self.lines[0] |= {"outcome": outcome, "why": why}

    def write(self, path: Path) -> Path:
        """Write it, for its owner's eyes only; makes the folder. Raises OSError."""
        path.parent.mkdir(parents=True, exist_ok=True)
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in self.lines)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def _when(self, time: datetime) -> Line:
        return {"at": round((time - self._start).total_seconds(), 3), "time": time.isoformat()}


def read(path: Path) -> list[Line]:
    """The lines of a trace file. Raises OSError, or ValueError that says what is wrong where."""
    if path.stat().st_size > BYTES_MAX:
        raise ValueError(f"{path}: more than {BYTES_MAX // 1024 // 1024} MB are no trace of ours")
    lines: list[Line] = []
    for number, text in enumerate(path.read_text("utf-8", errors="replace").splitlines()[:LINES_MAX], start=1):
        try:
            line = json.loads(text)
        except ValueError as error:
            raise ValueError(f"{path}:{number}: this is no JSON: {error}") from error
        if not isinstance(line, dict):
            raise ValueError(f"{path}:{number}: each line of a trace is an object, this is a {type(line).__name__}")
        lines.append(line)
    if not lines or lines[0].get("trace") != FORMAT:
        raise ValueError(f"{path}: this is no trace: ivr call and ivr test write one with --trace FILE")
    return lines


def masked(lines: Sequence[Line]) -> list[Line]:
    """The same without what is personal: telephone numbers but for their last two digits, keys pressed in a row,
    spoken words and texts."""
    secrets = sorted({secret for secret in _secrets(lines) if secret}, key=len, reverse=True)
    patterns = [_however_it_is_said(secret) for secret in secrets]
    return [_without(line, patterns) for line in lines]


def _however_it_is_said(secret: str) -> re.Pattern[str]:
    """Keys are also read back with blanks and commas between them: 4 7 1, 1 0 8."""
    spread = _BETWEEN if set(secret) <= set("0123456789*#") else ""
    return re.compile(spread.join(re.escape(letter) for letter in secret))


def _secrets(lines: Iterable[Line]) -> Iterable[str]:
    for line in lines:
        if line.get("kind") == "presses" and len(line["text"]) >= KEYS_MASKED_FROM:
            yield from (line["text"], line["text"].rstrip("#*"))
        if line.get("kind") == "speaks" and line["text"]:
            yield line["text"]
        params = line.get("exchange", {}).get("params", {})
        yield from (params[name] for name in SPOKEN if params.get(name))
        digits = params.get("Digits", "")
        if len(digits) >= KEYS_MASKED_FROM:
            yield digits


def _without(value: Any, secrets: Sequence[re.Pattern[str]]) -> Any:
    if isinstance(value, str):
        for secret in secrets:
            value = secret.sub("•••", value)
        return _NUMBER.sub(lambda found: found[0][:1] + "•" * 6 + found[0][-2:], value)
    if isinstance(value, Mapping):
        return {name: _without(each, secrets) for name, each in value.items()}
    return [_without(each, secrets) for each in value] if isinstance(value, list) else value


def _exchange(exchange: Exchange) -> Line:
    told = exchange._asdict()
    headers = {name: WITHHELD if name.lower() in SECRET_HEADERS else value for name, value in exchange.headers.items()}
    return {**told, "time": exchange.time.isoformat(), "params": dict(exchange.params), "headers": headers}


def _plain(value: object) -> Any:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else str(value)
