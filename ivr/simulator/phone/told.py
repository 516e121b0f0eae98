"""Told: what happens on a line, in the words of the person who holds the telephone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from ivr.simulator.line import Line
from ivr.simulator.script.transcript import WIRE, phrase
from ivr.simulator.trace import Entry

SILENT = frozenset({"waits", "gathers", "conference"})
"""Not worth a line in what the person reads."""

_DOING = {
    "gathering": "Press a key, or speak where speech is asked for.",
    "recording": "Speak now: your message is being recorded.",
    "waiting in queue": "Waiting in a queue.",
    "dialling": "Somebody is being called for you …",
    "asking": "Connected.",
    "bridged": "Connected.",
    "in conference": "In a conference.",
}


def entry_told(entry: Entry, line: Line, zone: tzinfo | None) -> dict[str, Any] | None:
    """An entry as the page shows it; None when there is nothing to show."""
    if entry.kind in SILENT:
        return None
    manner = {"says": "said", "error": "wrong", "warning": "wrong"}.get(entry.kind, "aside")
    return {
        "at": f"{entry.time.astimezone(zone):%H:%M:%S}",
        "text": to_you(entry, line),
        "language": entry.data.get("language", ""),
        "manner": "wire" if entry.kind in WIRE - {"answer"} else manner,
    }


def to_you(entry: Entry, line: Line) -> str:
    """What an entry says to the person on `line`."""
    inbound = line.direction == "inbound"
    by_you = entry.data.get("by") == ("caller" if inbound else "callee")
    yours = {
        "says": f"“{entry.text}”",
        "ring": f"You call {line.to}" if inbound else f"It rings: {line.from_} calls you.",
        "answer": "Answered." if inbound else "You answer.",
        "presses": f"You press {' '.join(entry.text)}",
        "speaks": f"You say: {entry.text}" if entry.text else "You speak.",
        "records": "Leave your message now." if "length_max_s" in entry.data else entry.text.capitalize() + ".",
        "recorded": _recorded(entry),
        "plays": "You " + phrase(entry).replace("hears", "hear", 1),
        "dials": entry.text.replace("dials", "Somebody is called for you:", 1),
        "bridged": entry.text.replace("talks", "You talk", 1) + ".",
        "queued": entry.text.replace("waits", "You wait", 1) + ".",
        "left queue": "You leave the queue.",
        "joins": entry.text.replace("joins", "You are now in", 1) + ".",
        "leaves": entry.text.replace("leaves", "You are out of", 1) + ".",
        "hangs up": "You hang up." if by_you else "The other side hangs up.",
        "ended": f"The call is over ({entry.data.get('status', '')}).",
    }
    return yours.get(entry.kind, phrase(entry))


def _recorded(entry: Entry) -> str:
    if not entry.data.get("recording"):
        return "Nothing was said."
    return f"Your message is kept ({entry.data['length_s']:.1f} s)." if "length_s" in entry.data else "Recorded."


def state_of(line: Line | None) -> Mapping[str, Any]:
    """What the page shows of a line: in a call or not, who with, what is expected now."""
    if line is None:
        return {"phase": "idle", "text": "Not in a call."}
    inbound = line.direction == "inbound"
    told = {"call": line.sid, "with": line.to if inbound else line.from_, "recording": False, "asked": False}
    if line.over:
        how = {"busy": "Busy.", "no-answer": "Nobody answered.", "failed": "The call failed."}
        return told | {"phase": "idle", "text": how.get(line.status, "The call is over.")}
    if line.answered_at is None:
        if inbound:
            return told | {"phase": "calling", "text": "Calling …", "tone": "ringback"}
        return told | {"phase": "ringing", "text": f"{line.from_} calls you.", "tone": "ring"}
    activity = line.state
    told |= {"phase": "live", "recording": activity == "recording", "asked": line.awaits_input, "text": "Connected."}
    if activity == "gathering" and not line.awaits_input:
        return told
    if line.partner is not None:
        return told | {"text": f"Connected to {line.partner.label}."}
    if activity == "dialling":
        told["tone"] = "ringback"
    return told | {"text": _DOING.get(activity, "Connected.")}
