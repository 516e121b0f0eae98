"""Transcript: what happened on the network in lines that can be read aloud."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from urllib.parse import urlsplit

from ivr.simulator.trace import Entry

WIRE = frozenset({"webhook", "callback", "redirect", "gathers", "waits", "answer", "conference"})
WHO_WIDTH = 10
_HEARD = {"beep": "hears a beep", "music": "hears music", "tones": "hears tones"}


class Transcript:
    """Lines as they happen. `caller` is the label of the line that the script or the keyboard drives.

    `wire` shows webhooks and what the carrier does in between too; `told` is given each line at once.
    """

    def __init__(
        self,
        caller: str,
        zone: tzinfo | None = None,
        wire: bool = False,
        told: Callable[[str], None] | None = None,
    ) -> None:
        self.lines: list[str] = []
        self._caller = caller
        self._zone = zone or UTC
        self._wire = wire
        self._told = told

    def take(self, entry: Entry) -> None:
        """Write down an entry, if it is one for the reader."""
        if self._wire or entry.kind not in WIRE:
            text = phrase(entry)
            if entry.kind == "hangs up":
                text = text.replace(self._caller, "the caller")
            self.write(entry.time, self._who(entry), text)

    def write(self, at: datetime, who: str, text: str) -> None:
        """Write down that somebody does something."""
        line = f"{at.astimezone(self._zone):%H:%M:%S}  {who:<{WHO_WIDTH}}  {' '.join(text.split())}"
        self.lines.append(line)
        if self._told:
            self._told(line)

    def _who(self, entry: Entry) -> str:
        if who := entry.data.get("who"):
            return str(who)
        if entry.kind == "hangs up" and entry.data.get("by") in ("app", "carrier"):
            return str(entry.data["by"])
        if not entry.line:
            return "carrier"
        return "caller" if entry.line == self._caller else _short(entry.line)


def phrase(entry: Entry) -> str:
    """What an entry says, without who and when."""
    return _PHRASES.get(entry.kind, _as_noted)(entry)


def _short(address: str) -> str:
    return address.removeprefix("client:")


def _as_noted(entry: Entry) -> str:
    return entry.text or entry.kind


def _plays(entry: Entry) -> str:
    what = str(entry.data.get("what", ""))
    return _HEARD.get(what, f"hears {urlsplit(entry.text).path.rpartition('/')[2] or entry.text}")


def _ring(entry: Entry) -> str:
    calls = f"{entry.line} calls "
    return entry.text.removeprefix(f"{entry.line} ") if entry.text.startswith(calls) else "is rung"


def _hangs_up(entry: Entry) -> str:
    return f"hangs up on {_short(entry.line)}" if entry.data.get("by") in ("app", "carrier") else "hangs up"


_PHRASES: dict[str, Callable[[Entry], str]] = {
    "says": lambda entry: f"hears: {entry.text}",
    "plays": _plays,
    "presses": lambda entry: f"presses {' '.join(entry.text)}",
    "speaks": lambda entry: f"says: {entry.text}" if entry.text else "speaks",
    "records": lambda entry: "can leave a message now" if "length_max_s" in entry.data else f"({entry.text})",
    "recorded": lambda entry: f"has left {entry.text}" if "length_s" in entry.data else entry.text,
    "ring": _ring,
    "hangs up": _hangs_up,
    "ended": lambda entry: f"is out of the call: {entry.text}",
    "warning": lambda entry: f"warning {entry.text}",
    "error": lambda entry: f"error {entry.text}",
}
