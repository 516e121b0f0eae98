"""Tape: a recording that runs beside whatever else happens on a line - begun, paused, resumed and stopped from outside.

https://www.twilio.com/docs/voice/api/recording
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ivr.simulator.line import Line, since
from ivr.simulator.recording import Recording, Report
from ivr.simulator.sounding import Sounding, Stretch, sound_of


@dataclass(eq=False, slots=True)
class Tape:
    """A running recording. Until it is stopped its Recording says `in-progress` or `paused`; then it is processed."""

    line: Line
    recording: Recording
    report: Report
    since: datetime | None  # None: what happens now is not kept
    kept_s: float = 0.0
    skips: bool = False  # a pause is left out, not kept as silence
    stretches: list[Stretch] = field(default_factory=list)
    soundings: list[Sounding] = field(default_factory=list)
    turned: datetime | None = None  # since when it is paused, or goes on

    @property
    def runs(self) -> bool:
        """Whether it has not been stopped yet."""
        return self.recording.status in ("in-progress", "paused")

    @property
    def length_s(self) -> float:
        """Seconds on it so far."""
        return self.kept_s + (since(self.since, self.line.network.now()) if self.since else 0.0)

    def pause(self, skips: bool) -> None:
        """Hear nothing for a while: kept as silence, or left out if it `skips`. Harmless twice."""
        if self.recording.status == "in-progress":
            self._turn()
            self.recording.status, self.skips = "paused", skips
            if skips:
                self.kept_s, self.since = self.length_s, None
            self.line.note("records", "the recording is paused", recording=self.recording.sid)

    def resume(self) -> None:
        """Hear again. Harmless twice."""
        if self.recording.status == "paused":
            self._turn()
            self.recording.status = "in-progress"
            self.since = self.since or self.line.network.now()
            self.line.note("records", "the recording goes on", recording=self.recording.sid)

    def stop(self) -> None:
        """End it, and have it processed. Harmless twice."""
        if not self.runs:
            return
        network, recording = self.line.network, self.recording
        self._turn()
        recording.length_s, self.since = self.length_s, None
        recording.render = lambda: sound_of(self.stretches, self.soundings, recording.channels)
        recording.status = "" if recording.length_s > 0 else "absent"
        recording.ready_at = network.now() + timedelta(seconds=network.processing_s)
        network.put(network.processing_s, lambda: None)  # so that time passes until it can be fetched
        self.line.note("recorded", f"is recorded no longer, after {recording.length_s:g} s", recording=recording.sid)
        self.report.tell(self.line, recording, recording.status or "completed")

    def _turn(self) -> None:
        """One stretch ends here, and another one begins."""
        now, heard = self.line.network.now(), self.recording.status == "in-progress"
        if heard or not self.skips:
            self.stretches.append(Stretch(self.turned or self.recording.started, now, heard))
        self.turned = now


def begin(line: Line, source: str, report: Report, channels: int = 1, track: str = "both") -> Tape:
    """Record a line that has been answered, from now until it is stopped or the line ends."""
    network = line.network
    recording = network.new_recording(line, network.now(), 0.0, source)
    recording.status, recording.channels, recording.track = "in-progress", channels, track
    tape = Tape(line, recording, report, network.now())
    network.tapes[recording.sid] = tape
    line.at_end.append(tape.stop)
    line.note("records", f"records the call ({track})", recording=recording.sid)
    report.tell(line, recording, "in-progress")
    return tape


def running(line: Line, source: str = "") -> Tape | None:
    """The newest recording that runs on a line, of one `source` if it is named."""
    found = (each for each in reversed(line.network.tapes.values()) if each.line is line and each.runs)
    return next((each for each in found if source in ("", each.recording.source)), None)
