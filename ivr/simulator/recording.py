"""Recording: what the carrier has recorded or is recording, and how it tells the app of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from ivr.simulator.line import Line
from ivr.simulator.sound import tone
from ivr.simulator.webhook import Request


@dataclass(frozen=True, slots=True)
class Report:
    """Where and of what the app wants to be told about a recording."""

    url: str
    method: str
    events: tuple[str, ...]

    def tell(self, line: Line, recording: Recording, status: str = "completed") -> None:
        """Send the recording status callback, if it was asked for; the end once the recording has been processed."""
        if not self.url or status not in self.events:
            return
        params = {
            "AccountSid": line.network.account_sid,
            "CallSid": line.sid,
            **recording.params(),
            "RecordingStatus": status,
            "RecordingChannels": str(recording.channels),
            "RecordingStartTime": format_datetime(recording.started),
            "RecordingSource": recording.source,
            "RecordingTrack": recording.track,
            "ErrorCode": "0",
        }
        if recording.conference_sid:
            params["ConferenceSid"] = recording.conference_sid
        request = Request(self.url, self.method, standard=tuple(params.items()))
        line.notify(request, delay_s=line.network.processing_s if status == "completed" else 0)


@dataclass(slots=True)
class Recording:
    """One recording. `text` is what was said in it, for people reading the trace; `source` as Twilio names it.

    `status` is in-progress or paused while it is made (see tape.py), absent when nothing was said; otherwise it is
    processed until `ready_at`, and complete then.
    """

    sid: str
    call_sid: str
    conference_sid: str
    started: datetime
    length_s: float
    source: str
    url: str
    text: str = ""
    ready_at: datetime | None = None
    channels: int = 1
    deleted: bool = False
    sound: bytes = b""  # the WAV file, where somebody really spoke
    render: Callable[[], bytes] | None = None  # makes it when it is asked for, where a tape knows what was heard
    track: str = "both"
    status: str = ""

    @property
    def duration_s(self) -> int:
        """Whole seconds."""
        return int(self.length_s)

    def media(self) -> bytes:
        """The sound, as a WAV file."""
        return self.sound or (self.render() if self.render else tone(self.length_s))

    def params(self) -> dict[str, str]:
        """What an action request says of it."""
        return {"RecordingUrl": self.url, "RecordingSid": self.sid, "RecordingDuration": str(self.duration_s)}
