"""Outset: what the carrier does by itself when a call made by REST is answered - keys, machine detection, recording.

https://www.twilio.com/docs/voice/answering-machine-detection
"""

from __future__ import annotations

from dataclasses import dataclass

from ivr.simulator import tape
from ivr.simulator.line import Line
from ivr.simulator.program import Program, Wait
from ivr.simulator.recording import Report
from ivr.simulator.webhook import Request

TIME_LIMIT_S = 14_400
HUMAN_S, MACHINE_S = 2.0, 4.0
"""How long it takes to know a person by a short greeting, and a machine by a long one."""


@dataclass(frozen=True, slots=True)
class Detection:
    """Find out whether a machine answered. With `to_the_end` a machine is heard out, until its beep.

    `report`: where to tell it while the call's document already runs; without one the document waits for it.
    """

    to_the_end: bool = False
    timeout_s: float = 30
    report: Request | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """How the whole call is recorded from its answer on."""

    report: Report
    channels: int = 1
    track: str = "both"


@dataclass(frozen=True, slots=True)
class Outset:
    """What is wished for one call. `keys` are sent at once, `w` waits half a second; they switch detection off."""

    keys: str = ""
    time_limit_s: float = TIME_LIMIT_S
    detection: Detection | None = None
    recorded: Recorded | None = None


PLAIN = Outset()


def begin(line: Line, outset: Outset) -> Program:
    """Do it, on a line that has just been answered."""
    limit(line, outset.time_limit_s)
    if outset.recorded is not None:
        how = outset.recorded
        line.recording = tape.begin(line, "OutboundAPI", how.report, how.channels, how.track).recording
    if outset.keys:
        line.hear("tones", outset.keys)
        yield Wait(tones_s(outset.keys))
    elif outset.detection is not None:
        yield from detect(line, outset.detection)


def limit(line: Line, time_limit_s: float) -> None:
    """End the line in so many seconds, if nobody does before."""
    line.network.put(time_limit_s, lambda: line.drop("carrier"), alive=lambda: not line.over)


def tones_s(tones: str) -> float:
    """How long keys take to be sent: `w` half a second, `W` a second, a tone a quarter of one."""
    return sum({"w": 0.5, "W": 1.0}.get(key, 0.25) for key in tones)


def detect(line: Line, detection: Detection) -> Program:
    """Find out who has answered; the document waits for it, unless it is told later."""
    answered_by, length_s = _found(line, detection)
    if detection.report is None:
        with line.doing("asking"):
            yield Wait(length_s)
        _know(line, answered_by)
        return

    def tell() -> None:
        _know(line, answered_by)
        known = {
            "AccountSid": line.network.account_sid,
            "CallSid": line.sid,
            "AnsweredBy": answered_by,
            "MachineDetectionDuration": str(round(length_s * 1000)),
        }
        report = detection.report
        if report.url:
            line.notify(Request(report.url, report.method, standard=tuple(known.items())))

    line.network.put(length_s, tell, alive=lambda: not line.over)


def _found(line: Line, detection: Detection) -> tuple[str, float]:
    """Who answered, and after how many seconds that is known."""
    person = line.person
    machine = person is not None and person.behaviour == "voicemail"
    answered_by, length_s = ("machine_start", MACHINE_S) if machine else ("human", HUMAN_S)
    if machine and detection.to_the_end:
        answered_by, length_s = "machine_end_beep", person.greeting_s
    return ("unknown", detection.timeout_s) if length_s > detection.timeout_s else (answered_by, length_s)


def _know(line: Line, answered_by: str) -> None:
    line.own_params["AnsweredBy"] = answered_by
    line.note("answer", f"answered by {answered_by}", answered_by=answered_by)
