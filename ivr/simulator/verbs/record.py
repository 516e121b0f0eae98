"""Record: a message left by the person on the line.

https://www.twilio.com/docs/voice/twiml/record
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ivr.simulator.document import Task
from ivr.simulator.line import Line, since
from ivr.simulator.program import Ended, Interrupt, Key, Program, Spoke, Wait
from ivr.simulator.recording import Recording, Report
from ivr.simulator.verb import Verb, choice, keys, method, several, text, truth, whole
from ivr.simulator.webhook import Request

LENGTH_MAX_S = 14400
TRANSCRIBED_MIN_S, TRANSCRIBED_MAX_S = 2, 120


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
    tape, limit_s = Tape(line.network.now()), _limit_s(task)
    line.note("records", f"records up to {limit_s} s", length_max_s=limit_s, trim=values["trim"])
    recording = line.network.new_recording(line, tape.started, 0.0, "RecordVerb")
    recording.status = "in-progress"
    report = _report(task)
    report.tell(line, recording, "in-progress")
    try:
        with line.doing("recording"):
            ending = yield from _listen(line, task, tape, limit_s)
    except Interrupt as interrupt:
        kept = _keep(line, task, tape, recording)
        if kept and isinstance(interrupt, Ended):  # but not when REST took the line elsewhere
            action = task.action(recording.params() | {"Digits": "hangup"})
            line.notify(Request(action.url, action.method, action.extra, line.params()))
        _tell(line, task, report, recording)
        raise
    kept = _keep(line, task, tape, recording)
    _tell(line, task, report, recording)
    return task.action(recording.params() | {"Digits": ending}) if kept else None


def _limit_s(task: Task) -> int:
    short = task.values["transcribe"] and "maxLength" not in task.element.attributes
    return TRANSCRIBED_MAX_S if short else task.values["maxLength"]


def _listen(line: Line, task: Task, tape: Tape, limit_s: int) -> Program:
    """Wait for the end; returns the key that made it, or nothing."""
    values = task.values
    limit = tape.started + timedelta(seconds=limit_s)
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


def _keep(line: Line, task: Task, tape: Tape, recording: Recording) -> bool:
    """Keep what was said; whether there is anything to go on with."""
    network, trims = line.network, task.values["trim"] == "trim-silence"
    recording.length_s = tape.length_s(network.now(), trims)
    recording.text = " ".join(filter(None, tape.texts))
    if recording.length_s <= 0:
        recording.status = "absent"
        line.note("recorded", "nothing was said")
        if network.record_empty == "fallthrough":
            del network.recordings[recording.sid]
        return recording.sid in network.recordings
    if trims and tape.first_sound is not None:
        recording.started = tape.first_sound
    recording.status, recording.ready_at = "", network.in_(network.processing_s)
    network.put(network.processing_s, lambda: None)  # so that time passes until it can be fetched
    line.note(
        "recorded", f"a message of {recording.length_s:g} s", recording=recording.sid, length_s=recording.length_s
    )
    return True


def _tell(line: Line, task: Task, report: Report, recording: Recording) -> None:
    """The callbacks of a recording that is over: what became of it, and its words where they are wished for."""
    report.tell(line, recording, recording.status or "completed")
    callback = task.values["transcribeCallback"]
    if not task.values["transcribe"] or not callback or recording.status == "absent":
        return
    sid = line.network.new_sid("TR")
    known = TRANSCRIBED_MIN_S <= recording.length_s <= TRANSCRIBED_MAX_S and recording.text
    told = {
        "TranscriptionSid": sid,
        "TranscriptionText": recording.text if known else "",
        "TranscriptionStatus": "completed" if known else "failed",
        "TranscriptionUrl": f"{recording.url}/Transcriptions/{sid}",
        "TranscriptionType": "fast",
        "RecordingSid": recording.sid,
        "RecordingUrl": recording.url,
    }
    request = task.request(callback, "POST", told)
    line.notify(Request(request.url, "POST", request.extra, line.params()), delay_s=2 * line.network.processing_s)


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
