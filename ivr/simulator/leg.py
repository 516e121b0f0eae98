"""Leg: how a line to somebody begins - it rings, and they answer or do not."""

from __future__ import annotations

from ivr.simulator.document import Stage, control, main
from ivr.simulator.error import Broken, Problem
from ivr.simulator.line import Line
from ivr.simulator.outset import Detection, Outset, begin, detect, tones_s
from ivr.simulator.person import TAKERS
from ivr.simulator.program import Nudge, PickedUp, Program, Wait
from ivr.simulator.webhook import Request

HOPS_MAX = 10  # calls from one number of our own to the next


def ring(line: Line, timeout_s: float) -> Program:
    """Ring until the person answers; otherwise the line ends busy, no-answer or failed."""
    line.progress("initiated")
    line.status = "ringing"
    if line.person.behaviour == "unreachable" and not line.network.is_own_number(line.to):
        raise line.close("failed", "carrier")
    line.note("ring", f"rings at {line.to}", timeout_s=timeout_s)
    line.progress("ringing")
    if line.network.is_own_number(line.to):
        yield from _ring_ourselves(line, timeout_s)
        return
    person = line.person
    if person.behaviour == "busy":
        raise line.close("busy", "callee")
    acts_after_s = person.answers_after_s if person.behaviour in (*TAKERS, "rejects") else None
    in_time = acts_after_s is not None and acts_after_s <= timeout_s
    event = yield Wait(acts_after_s if in_time else timeout_s, (PickedUp,))
    if event is None and not in_time:
        raise line.close("no-answer", "carrier")
    accepted = event.accepted if event is not None else person.behaviour in TAKERS
    if not accepted:
        raise line.close("busy", "callee")
    line.eager_keys = person.keys


def _ring_ourselves(line: Line, timeout_s: float) -> Program:
    """A call to a number of this account: a second, inbound leg runs that number's document."""
    hops = 1 + (line.parent.hops if line.parent is not None else 0)
    if hops > HOPS_MAX:
        line.error(Problem(13224, f"{line.to}: numbers of this account that call each other, {HOPS_MAX} deep"))
        raise line.close("failed", "carrier")
    twin = line.network.call(line.from_, line.to)
    line.twin, twin.twin, twin.hops = twin, line, hops
    give_up = line.network.in_(timeout_s)
    while twin.answered_at is None:
        left_s = (give_up - line.network.now()).total_seconds()
        if twin.over or left_s <= 0:
            raise line.close("no-answer" if not twin.over else twin.status, "carrier")
        yield Wait(left_s, (Nudge,))


def called(line: Line, request: Request, timeout_s: float, stage: Stage, outset: Outset) -> Program:
    """A call made by REST: ring, do what is wished for at its outset, then let a document control it."""
    yield from ring(line, timeout_s)
    line.pick_up()
    yield from begin(line, outset)
    yield from main(line, request, stage)


def dialled(
    line: Line,
    screening: Request | None,
    tones: str,
    timeout_s: float,
    stage: Stage,
    detection: Detection | None = None,
) -> Program:
    """A leg made by <Dial>: ring, run the noun's document on it, then be bridged until somebody hangs up."""
    yield from ring(line, timeout_s)
    line.pick_up()
    if tones:
        line.hear("tones", tones)
        yield Wait(tones_s(tones))
    if detection is not None:
        yield from detect(line, detection)
    if screening is not None:
        try:
            yield from control(line, screening, stage)
        except Broken as broken:
            line.error(broken.problem)
            raise line.close("completed", "carrier") from None
    line.ready = True
    if line.parent is not None:
        line.parent.nudge()
    with line.doing("bridged"):
        yield Wait(None)


def unanswerable(line: Line) -> Program:
    """A call to a number of our own that has no document: it fails at once."""
    raise line.close("failed", "carrier")
    yield  # a program, though it waits for nothing
