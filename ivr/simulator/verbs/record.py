"""Record: a message left by the person on the line.

https://www.twilio.com/docs/voice/twiml/record
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ivr.simulator.document import Task
from ivr.simulator.line import Line, since
from ivr.simulator.program import Ended, Key, Program, Spoke, Wait
from ivr.simulator.recording import Recording, Report
from ivr.simulator.verb import Verb, choice, keys, method, several, text, truth, whole
from ivr.simulator.webhook import Request

LENGTH_MAX_S = 14400


@dataclass(slots=True)
class Tape:
    """What has been said into a running Record."""

    started: datetime
    first_sound: datetime | None = None
    last_sound: datetime | None = None
    texts: list[str] = field(default_factory=list)

    def add(self, spoke: Spoke, now: datetime) -> None:
        """Somebody begins to speak now (or when they have finished what they are saying)."""
        begins = max(now, self.last_sound or now)
        self.first_sound = self.first_sound or begins
        self.last_sound = begins + timedelta(seconds=spoke.length_s)
        self.texts.append(spoke.text)

    def length_s(self, now: datetime, trims: bool) -> float:
        """How long the recording is when it ends now; 0 when nothing was said."""
        if self.first_sound is None or self.last_sound is None:
            return 0.0
        return since(self.first_sound, min(now, self.last_sound)) if trims else since(self.started, now)


def run(line: Line, task: Task) -> Program:
    """Beep and record until silence, a key, the limit or a hang-up."""
    values = task.values
    line.pick_up()
    if values["playBeep"]:
        line.hear("beep", "beep")
    tape = Tape(line.network.now())
    line.note("records", f"records up to {values['maxLength']} s", length_max_s=values["maxLength"])
    try:
        with line.doing("recording"):
            ending = yield from _listen(line, task, tape)
    except Ended:
        recording = _keep(line, task, tape)
        if recording is not None:
            action = task.action(recording.params() | {"Digits": "hangup"})
            line.notify(Request(action.url, action.method, action.extra, line.params()))
            _report(task).tell(line, recording)
        raise
    recording = _keep(line, task, tape)
    if recording is None:
        return None
    _report(task).tell(line, recording)
    return task.action(recording.params() | {"Digits": ending})


def _listen(line: Line, task: Task, tape: Tape) -> Program:
    """Wait for the end; returns the key that made it, or nothing."""
    values = task.values
    limit = tape.started + timedelta(seconds=values["maxLength"])
    while True:
        until = limit
        if values["timeout"]:
            until = min(limit, (tape.last_sound or tape.started) + timedelta(seconds=values["timeout"]))
        event = yield Wait(since(line.network.now(), until), (Key, Spoke))
        if event is None:
            return ""
        if isinstance(event, Spoke):
            tape.add(event, line.network.now())
        elif event.key in values["finishOnKey"]:
            return event.key


def _keep(line: Line, task: Task, tape: Tape) -> Recording | None:
    length_s = tape.length_s(line.network.now(), task.values["trim"] == "trim-silence")
    if length_s <= 0 and line.network.record_empty == "fallthrough":
        line.note("recorded", "nothing was said")
        return None
    recording = line.network.keep_recording(line, length_s, "RecordVerb", " ".join(filter(None, tape.texts)))
    line.note("recorded", f"a message of {length_s:g} s", recording=recording.sid, length_s=length_s)
    return recording


def _report(task: Task) -> Report:
    url = task.values["recordingStatusCallback"]
    events = task.values["recordingStatusCallbackEvent"]
    return Report(task.document.resolve(url) if url else "", task.values["recordingStatusCallbackMethod"], events)


RECORD = Verb(
    "Record",
    run,
    {
        "action": text(),
        "method": method(13610),
        "timeout": whole(0, 5, 13611),
        "finishOnKey": keys("1234567890*#", 13613),
        "maxLength": whole(1, 3600, 13612, most=LENGTH_MAX_S),
        "playBeep": truth(True, 13616),
        "trim": choice("trim-silence", "do-not-trim", default="trim-silence", code=13699),
        "recordingStatusCallback": text(),
        "recordingStatusCallbackMethod": method(13621),
        "recordingStatusCallbackEvent": several(
            "in-progress", "completed", "absent", default=("completed",), code=13621
        ),
        "transcribe": truth(False, 13614),
        "transcribeCallback": text(),
        "recordingConfigurationId": text(),
    },
)
