"""Dial: the line is joined to others - somebody called, a conference, or the next one of a queue.

https://www.twilio.com/docs/voice/twiml/dial
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from ivr.simulator import tape
from ivr.simulator.document import Task
from ivr.simulator.error import Problem
from ivr.simulator.line import Line
from ivr.simulator.program import Ended, Program
from ivr.simulator.recording import Report
from ivr.simulator.tape import Tape
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
    outcome, way = Outcome(), task.values["record"]
    nouns = [child for child in task.element.elements if child.name in DIAL.children]
    alone = [noun for noun in nouns if noun.name in ALONE]
    if alone and (len(nouns) > 1 or task.element.text):
        line.error(Problem(13000, f"<{alone[0].name}> must stand alone in <Dial>"))
        nouns = alone[:1]
    if way != "do-not-record":
        outcome.recorder = partial(_tape, line, task, 2 if way.endswith("-dual") else 1)
    try:
        if alone:
            yield from ALONE[alone[0].name](line, task, alone[0], outcome)
        else:
            yield from dial_legs.run(line, task, nouns, outcome)
    except Ended:
        if task.values["action"]:
            action = task.action(outcome.params(line))
            line.notify(Request(action.url, action.method, action.extra, line.params()))
        raise
    finally:
        outcome.settle(line)
    return task.action(outcome.params(line)) if task.values["action"] else None


def _tape(line: Line, task: Task, channels: int) -> Tape:
    url, how = task.values["recordingStatusCallback"], task.values["recordingStatusCallbackMethod"]
    report = Report(task.document.resolve(url) if url else "", how, task.values["recordingStatusCallbackEvent"])
    return tape.begin(line, "DialVerb", report, channels, task.values["recordingTrack"])


def _record(written: str) -> str:
    way = RECORDS.get(written, written)
    if way.removesuffix("-dual") not in RECORD_WAYS:
        raise ValueError("do-not-record, record-from-answer or record-from-ringing, the latter two also with -dual")
    return way


def _ring_tone(written: str) -> str:
    if not re.fullmatch("automatic|[a-z]{2}(-old)?", written):
        raise ValueError("automatic, or a country such as us or de")
    return written


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
        "ringTone": Attribute(_ring_tone, "automatic", 13220),
        "sequential": truth(False, 13218),
        "referUrl": text(),
        "referMethod": method(13210),
        "callReason": text(),
        "recordingConfigurationId": text(),
        "events": text(),
        "passports": text(),
    },
    frozenset({*dial_legs.NOUNS, *ALONE}),
    13215,
)
