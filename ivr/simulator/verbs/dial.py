"""Dial: the line is joined to others - somebody called, a conference, or the next one of a queue.

https://www.twilio.com/docs/voice/twiml/dial
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ivr.simulator.document import Task
from ivr.simulator.error import Problem
from ivr.simulator.line import Line
from ivr.simulator.program import Ended, Program, Redirected
from ivr.simulator.recording import Report
from ivr.simulator.twiml import Element
from ivr.simulator.verb import Attribute, Verb, choice, method, several, text, truth, whole
from ivr.simulator.verbs import conference, dial_legs, dial_queue
from ivr.simulator.verbs.outcome import Outcome
from ivr.simulator.webhook import Request

ALONE: Mapping[str, Callable[[Line, Task, Element, Outcome], Program]] = {
    "Conference": conference.run,
    "Queue": dial_queue.run,
}
RECORDS = {"true": "record-from-answer", "false": "do-not-record"}
RECORD_WAYS = ("do-not-record", "record-from-answer", "record-from-ringing")


def run(line: Line, task: Task) -> Program:
    """Join; when it is over, the action with what came of it, or the next verb."""
    outcome = Outcome()
    nouns = [child for child in task.element.elements if child.name in DIAL.children]
    alone = [noun for noun in nouns if noun.name in ALONE]
    if alone and (len(nouns) > 1 or task.element.text):
        line.error(Problem(13000, f"<{alone[0].name}> must stand alone in <Dial>"))
        nouns = alone[:1]
    try:
        if alone:
            yield from ALONE[alone[0].name](line, task, alone[0], outcome)
        else:
            yield from dial_legs.run(line, task, nouns, outcome)
    except Ended:
        _keep_recording(line, task, outcome)
        if task.values["action"]:
            action = task.action(outcome.params(line))
            line.notify(Request(action.url, action.method, action.extra, line.params()))
        raise
    except Redirected:
        _keep_recording(line, task, outcome)  # but no action: the call has left
        raise
    _keep_recording(line, task, outcome)
    return task.action(outcome.params(line)) if task.values["action"] else None


def _keep_recording(line: Line, task: Task, outcome: Outcome) -> None:
    """Keep what was recorded, if the Dial asked for it and somebody was talked to."""
    outcome.settle(line)
    way = task.values["record"]
    if way == "do-not-record" or not outcome.talked_s:
        return
    recording = line.network.keep_recording(line, outcome.talked_s, "DialVerb", "")
    recording.channels = 2 if way.endswith("-dual") else 1
    outcome.recording = recording
    url = task.values["recordingStatusCallback"]
    events, how = task.values["recordingStatusCallbackEvent"], task.values["recordingStatusCallbackMethod"]
    Report(task.document.resolve(url) if url else "", how, events).tell(line, recording)


def _record(written: str) -> str:
    way = RECORDS.get(written, written)
    if way.removesuffix("-dual") not in RECORD_WAYS:
        raise ValueError("do-not-record, record-from-answer or record-from-ringing, the latter two also with -dual")
    return way


DIAL = Verb(
    "Dial",
    run,
    {
        "action": text(),
        "method": method(13210),
        "timeout": whole(1, 30, 13212, most=600),
        "timeLimit": whole(1, 14400, 13216, most=86400),
        "callerId": text(None, 13214),
        "hangupOnStar": truth(False, 13213),
        "record": Attribute(_record, "do-not-record", 13217),
        "trim": choice("trim-silence", "do-not-trim", default="do-not-trim"),
        "recordingStatusCallback": text(None, 13256),
        "recordingStatusCallbackMethod": method(13256),
        "recordingStatusCallbackEvent": several(
            "in-progress", "completed", "absent", default=("completed",), code=13256
        ),
        "recordingTrack": choice("inbound", "outbound", "both", default="both"),
        "answerOnBridge": truth(False, 13219),
        "ringTone": text("automatic", 13220),
        "sequential": truth(False, 13218),
        "referUrl": text(),
        "referMethod": method(13210),
        "callReason": text(),
        "recordingConfigurationId": text(),
        "events": text(),
    },
    frozenset({"Number", "Client", "Sip", *ALONE}),
    13215,
)
