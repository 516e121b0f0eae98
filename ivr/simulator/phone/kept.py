"""Kept: a call made with the telephone, as a call script that can be played again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from ivr.simulator.line import Line, since
from ivr.simulator.network import Network
from ivr.simulator.phone.handset import Handset
from ivr.simulator.trace import Entry

PAUSE_WORTH_S = 3.0
"""A shorter pause before somebody hangs up means nothing."""


class NotKept(ValueError):
    """There is no call that could be kept; the message says why."""


def kept(network: Network, handset: Handset, by_hand: Collection[str], zone: tzinfo | None) -> str:
    """The script of the call that the window is, or was last, in; `by_hand` are the numbers of windows.

    Somebody who was called has no script of their own: it is the caller's. Raises NotKept.
    """
    line = handset.line
    while line is not None and line.direction != "inbound":
        line = line.parent
    if line is None:
        raise NotKept("a script begins with a call to the app: make one, and keep it afterwards")
    at = line.created.astimezone(zone).replace(microsecond=0).isoformat()
    header = f"call from {line.from_} to {line.to} at {at}"
    people = _people(network, line, by_hand)
    writer = _Writer()
    for entry in network.trace:
        if entry.call_sid == line.sid:
            writer.take(entry)
    return "\n".join(["# Kept by the telephone.", header, *people, *writer.steps]) + "\n"


def _people(network: Network, caller: Line, by_hand: Collection[str]) -> list[str]:
    """The other windows that were called meanwhile, each as they behaved the first time."""
    met: dict[str, str] = {}
    for line in network.calls.values():
        meanwhile = caller.created <= line.created and (caller.ended_at is None or line.created <= caller.ended_at)
        if line.direction != "inbound" and meanwhile and line.to in by_hand:
            met.setdefault(line.to, _behaviour(network.trace, line))
    return [f"line {address} {behaviour}" for address, behaviour in met.items()]


def _behaviour(trace: Sequence[Entry], line: Line) -> str:
    if line.answered_at is None:
        return "is busy" if line.status == "busy" else "never answers"
    keys = "".join(entry.text for entry in trace if entry.call_sid == line.sid and entry.kind == "presses")
    after_s = round(since(line.created, line.answered_at))
    return f"answers after {after_s}s" + (f" and presses {keys}" if keys else "")


@dataclass
class _Writer:
    """The steps so far, and what may still become one."""

    steps: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    pressed: str = ""
    asked: bool = False  # a Gather or Record waits for the caller
    spoke: str = ""
    recording: bool = False
    last_at: datetime | None = None

    def take(self, entry: Entry) -> None:
        write = {
            "says": self._says,
            "gathers": self._gathers,
            "presses": self._presses,
            "speaks": self._speaks,
            "records": self._records,
            "recorded": self._recorded,
            "queued": self._queued,
            "hangs up": self._hangs_up,
            "ended": self._ended,
            "webhook": lambda _: self._flush_keys(),
        }.get(entry.kind)
        if write is not None:
            write(entry)
        if entry.kind not in ("webhook", "callback", "hangs up", "ended"):
            self.last_at = entry.time

    def _says(self, entry: Entry) -> None:
        self._let_run_out()
        self._flush_keys()
        if any(letter.isalnum() for letter in entry.text):
            self.heard.append(" ".join(entry.text.split()))

    def _gathers(self, _entry: Entry) -> None:
        self.asked = not self.pressed

    def _presses(self, entry: Entry) -> None:
        self._hear()
        self.asked = False
        self.pressed += entry.text

    def _speaks(self, entry: Entry) -> None:
        self._hear()
        self.asked = False
        if self.recording:
            self.spoke = entry.text
        else:
            self.steps.append(f"say {_quoted(entry.text)}")

    def _records(self, entry: Entry) -> None:
        if "length_max_s" in entry.data:
            self._hear()
            self.recording, self.spoke = True, ""

    def _recorded(self, entry: Entry) -> None:
        if not self.recording:
            return
        self.recording, ending, self.pressed = False, self.pressed, ""
        if "length_s" in entry.data:
            length_s = max(1, round(float(entry.data["length_s"])))
            self.steps.append(f"leave a message of {length_s}s" + (f" {_quoted(self.spoke)}" if self.spoke else ""))
        else:
            self.steps.append("silence")
        if ending:
            self.steps.append(f"press {ending}")

    def _queued(self, entry: Entry) -> None:
        self._flush_keys()
        self._hear()
        self.steps.append(f"expect queued {entry.data['queue']} position {entry.data['position']}")

    def _hangs_up(self, entry: Entry) -> None:
        self._flush_keys()
        if entry.data.get("by") == "caller":
            self._hear()
            pause_s = since(self.last_at, entry.time) if self.last_at else 0.0
            if pause_s >= PAUSE_WORTH_S:
                self.steps.append(f"wait {round(pause_s)}s")
            self.steps.append("hang up")

    def _ended(self, entry: Entry) -> None:
        self._flush_keys()
        if entry.data.get("by") != "caller":
            self._let_run_out()
            self._hear()
            self.steps.append(f"expect ended by {entry.data.get('by')}")

    def _let_run_out(self) -> None:
        if self.asked:
            self._hear()
            self.steps.append("silence")
            self.asked = False

    def _flush_keys(self) -> None:
        if self.pressed and not self.recording:
            self.steps.append(f"press {self.pressed}")
            self.pressed = ""

    def _hear(self) -> None:
        heard, self.heard = self.heard, []
        if heard:
            self.steps += [*(f"# heard: {words}" for words in heard[:-1]), f"hear ~ {_quoted(heard[-1])}"]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
