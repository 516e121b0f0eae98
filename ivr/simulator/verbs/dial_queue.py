"""Dial Queue: an agent's line takes the first caller who waits, or waits for one.

https://www.twilio.com/docs/voice/twiml/queue
"""

from __future__ import annotations

from ivr.simulator.document import Task
from ivr.simulator.error import Problem
from ivr.simulator.line import Line, since
from ivr.simulator.program import Key, Nudge, Program, Wait
from ivr.simulator.queue import Member, Queue
from ivr.simulator.twiml import Element
from ivr.simulator.verb import method, read_attributes, text
from ivr.simulator.verbs.enqueue import Taken
from ivr.simulator.verbs.outcome import Outcome

ATTRIBUTES = {
    "url": text(None, 14211),
    "method": method(14210),
    "reservationSid": text(),
    "postWorkActivitySid": text(),
}


def run(line: Line, task: Task, noun: Element, outcome: Outcome) -> Program:
    """Take the first caller, let them hear the whisper, and talk."""
    values, problems = read_attributes("Queue", ATTRIBUTES, noun.attributes)
    for problem in problems:
        line.warn(problem)
    if values["reservationSid"]:
        line.warn(Problem(14215, "<Queue reservationSid>: skipped"))
    line.pick_up()
    queue = line.network.find_queue(noun.text)
    if queue is None:
        line.error(Problem(14212, f"there is no queue {noun.text!r}"))
        outcome.status = "failed"
        return
    line.note("dials", f"dials queue {queue.name}", queue=queue.name)
    member = yield from _first(line, queue, task.values["timeout"])
    if member is None:
        return
    whisper = task.request(values["url"], values["method"]) if values["url"] else None
    outcome.leg, outcome.more = member.line, {"QueueSid": queue.sid, "QueueTime": str(member.waited_s)}
    line.place = member
    member.line.interrupt(Taken(member, line, whisper))
    try:
        yield from _talk(line, task, member, outcome)
    finally:
        line.partner = None
        if line.place is member:
            line.place = None
        if member.line.partner is line:
            member.line.partner = None
            member.line.nudge()


def _first(line: Line, queue: Queue, timeout_s: int) -> Program:
    """The caller at the front, out of the queue; None when nobody came in time."""
    give_up = line.network.in_(timeout_s)
    queue.seekers.append(line)
    try:
        with line.doing("dialling"):
            while not queue.members:
                left_s = since(line.network.now(), give_up)
                if left_s <= 0:
                    return None
                yield Wait(left_s, (Nudge,))
    finally:
        queue.seekers.remove(line)
    member = queue.members[0]
    queue.release(member)
    return member


def _talk(line: Line, task: Task, member: Member, outcome: Outcome) -> Program:
    limit = line.network.in_(task.values["timeLimit"])
    wants = (Nudge, Key) if task.values["hangupOnStar"] else (Nudge,)
    with line.doing("bridged"):
        while line.place is member:
            if line.partner is not None and outcome.bridged_at is None:
                outcome.bridge(line)
            left_s = since(line.network.now(), limit)
            if left_s <= 0:
                return
            event = yield Wait(left_s, wants)
            if isinstance(event, Key) and event.key == "*":
                return
