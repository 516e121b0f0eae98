"""Recording: what the carrier has recorded or is recording, and how it tells the app of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime

from ivr.simulator.line import Line, since
from ivr.simulator.sound import tone
from ivr.simulator.webhook import Request

RUNNING = ("in-progress", "paused")


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


UNTOLD = Report("", "POST", ())


@dataclass(slots=True)
class Recording:
    """One recording. `text` is what was said in it, for people reading the trace; `source` as Twilio names it.

    `status`: in-progress, paused, stopped, completed or absent (nothing was said). Until `ready_at` it is processed.
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
    track: str = "both"
    status: str = "completed"
    report: Report = UNTOLD
    sound: bytes = b""  # a WAV file, where somebody really spoke
    _counted_s: float = 0.0
    _counts_since: datetime | None = field(default=None)

    @property
    def duration_s(self) -> int:
        """Whole seconds."""
        return int(self.length_s)

    @property
    def running(self) -> bool:
        """Whether it is still being made."""
        return self.status in RUNNING

    def media(self) -> bytes:
        """The sound, as a WAV file."""
        return self.sound or tone(self.length_s)

    def params(self) -> dict[str, str]:
        """What an action request says of it."""
        return {"RecordingUrl": self.url, "RecordingSid": self.sid, "RecordingDuration": str(self.duration_s)}

    def pause(self, now: datetime, skip: bool = False) -> None:
        """Stop listening until `resume`; what is missed is left out (`skip`) or kept as silence."""
        if self.status == "in-progress":
            self.status = "paused"
            if skip:
                self._count(now)

    def resume(self, now: datetime) -> None:
        """Listen again."""
        if self.status == "paused":
            self.status = "in-progress"
            self._counts_since = self._counts_since or now

    def stop(self, line: Line, length_s: float | None = None) -> None:
        """It is over, `length_s` long (by default as long as it listened). Harmless twice."""
        if not self.running:
            return
        network = line.network
        self._count(network.now())
        self.length_s = self._counted_s if length_s is None else length_s
        self.status = "completed" if self.length_s > 0 else "absent"
        for each in line.network.calls.values() if self.conference_sid else (line,):
            if self in each.recordings:
                each.recordings.remove(self)
        if self.status == "absent":
            self.deleted = True
            self.report.tell(line, self, "absent")
            return
        self.ready_at = network.in_(network.processing_s)
        network.put(network.processing_s, lambda: None)  # so that time passes until it can be fetched
        self.report.tell(line, self)

    def _count(self, now: datetime) -> None:
        if self._counts_since is not None:
            self._counted_s += since(self._counts_since, now)
            self._counts_since = None


def begin(
    line: Line, source: str, report: Report = UNTOLD, *, channels: int = 1, track: str = "both", conference: str = ""
) -> Recording:
    """Record a line from now on, until `stop` or the end of the line."""
    network, now = line.network, line.network.now()
    sid = network.new_sid("RE")
    url = f"{network.rest_url}/2010-04-01/Accounts/{network.account_sid}/Recordings/{sid}"
    recording = Recording(sid, line.sid, conference, now, 0.0, source, url, channels=channels, track=track)
    recording.status, recording.report, recording._counts_since = "in-progress", report, now
    network.recordings[sid] = recording
    if not conference:
        line.recordings.append(recording)
    report.tell(line, recording, "in-progress")
    return recording
