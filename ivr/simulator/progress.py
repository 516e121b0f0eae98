"""Progress: the events of a call, who wishes to be told of them, and what they are told.

https://www.twilio.com/docs/voice/api/call-resource#statuscallbackevent
"""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import format_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ivr.simulator.line import Line

EVENTS = ("initiated", "ringing", "answered", "completed")
STATUS = {"initiated": "initiated", "ringing": "ringing", "answered": "in-progress"}
SIP_CODES = {"busy": "486", "no-answer": "487", "canceled": "487", "failed": "404", "completed": "200"}


@dataclass(frozen=True, slots=True)
class Subscription:
    """Somebody's wish to be told of a call's events."""

    url: str
    method: str
    events: frozenset[str]


def report(line: Line, event: str, number: int) -> dict[str, str]:
    """What is told of an event, besides a call's standard parameters. `number` counts all events, from 0."""
    told = {
        "CallStatus": STATUS.get(event, line.status),
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(number),
        "Timestamp": format_datetime(line.network.now()),
    }
    if event == "completed":
        told |= {"CallDuration": str(line.duration_s), "Duration": str(-(-line.duration_s // 60))}
        told["SipResponseCode"] = SIP_CODES[line.status]
        if line.recording is not None and line.recording.length_s:
            told |= line.recording.params()
    return told
