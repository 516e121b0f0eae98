"""Outcome: what came of a Dial, as its action request says it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from ivr.simulator.line import Line, since
from ivr.simulator.recording import Recording
from ivr.simulator.tape import Tape


@dataclass(slots=True)
class Outcome:
    """Filled in while the Dial runs. `talked_s` counts from the bridge; `leg` is the one that DialCallSid names."""

    status: str = "no-answer"
    leg: Line | None = None
    bridged_at: datetime | None = None
    talked_s: float = 0
    tells_leg: bool = True  # not after a conference
    lost: bool = False  # REST has taken the other side elsewhere
    recorder: Callable[[], Tape] | None = None  # begins to record, when it is wished for
    tape: Tape | None = None
    recording: Recording | None = None
    more: dict[str, str] = field(default_factory=dict)

    def bridge(self, line: Line) -> None:
        """The line and the other side talk from now on."""
        self.status, self.bridged_at = "completed", line.network.now()
        self.record()

    def record(self) -> None:
        """Begin to record now, if that is wished for. Harmless twice."""
        if self.recorder is not None and self.tape is None:
            self.tape = self.recorder()

    def settle(self, line: Line) -> None:
        """It is over now; harmless twice."""
        if self.bridged_at is not None and not self.talked_s:
            self.talked_s = since(self.bridged_at, line.network.now())
        if self.tape is not None and self.tape.runs:
            self.tape.stop()
            self.recording = self.tape.recording if self.tape.recording.length_s else None

    def params(self, line: Line) -> dict[str, str]:
        """DialCallStatus and what goes with it."""
        self.settle(line)
        params = {"DialCallStatus": self.status, **self.more}
        if self.tells_leg:
            params["DialBridged"] = str(self.bridged_at is not None).lower()
            if not self.lost:
                params["DialCallDuration"] = str(int(self.talked_s))
            if self.leg is not None:
                params["DialCallSid"] = self.leg.sid
        if self.recording is not None:
            params |= self.recording.params()
        return params
