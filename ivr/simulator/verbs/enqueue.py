"""Enqueue: the caller waits in a queue, hearing what the waitUrl says over and over, until somebody ends it.

https://www.twilio.com/docs/voice/twiml/enqueue
"""

from __future__ import annotations

from ivr.simulator.document import Stage, Task, control
from ivr.simulator.error import Broken, Problem
from ivr.simulator.line import Line
from ivr.simulator.program import Ended, Interrupt, Nudge, Program, Redirected, Wait
from ivr.simulator.queue import NAME_MAX, Member
from ivr.simulator.verb import Verb, method, text, whole
from ivr.simulator.verbs.gather import GATHER
from ivr.simulator.verbs.hangup import HANGUP
from ivr.simulator.verbs.leave import LEAVE, LeftByItself
from ivr.simulator.verbs.pause import PAUSE
from ivr.simulator.verbs.play import PLAY
from ivr.simulator.verbs.redirect import REDIRECT
from ivr.simulator.verbs.say import SAY
from ivr.simulator.webhook import Request

WAITING = {verb.name: verb for verb in (SAY, PLAY, PAUSE, GATHER, REDIRECT, HANGUP, LEAVE)}
WHISPER = {verb.name: verb for verb in (SAY, PLAY, PAUSE, REDIRECT)}
SPIN_GUARD_S = 1.0


class Dequeued(Redirected):
    """REST took the caller out of the queue, to another document."""


class Taken(Interrupt):
    """A line that dialled the queue takes the caller; `url` is heard first."""

    def __init__(self, place: Member, agent: Line, whisper: Request | None) -> None:
        super().__init__(place)
        self.agent = agent
        self.whisper = whisper


def run(line: Line, task: Task) -> Program:
    """Wait; then the action with the reason in QueueResult, or the next verb."""
    line.pick_up()
    name = task.element.text
    if task.values["workflowSid"]:
        line.error(Problem(14226, "<Enqueue workflowSid> (give the queue a name instead)"))
        return _after(task, {"QueueResult": "error"})
    if not name or len(name) > NAME_MAX:
        line.warn(
            Problem(14204 if not name else 14205, f"a queue's name has 1 to {NAME_MAX} characters: {name[:80]!r}")
        )
        return _after(task, {"QueueResult": "error"})
    queue = line.network.queue_named(name, task.values["maxQueueSize"])
    if len(queue.members) >= queue.size_max:
        line.warn(Problem(14207, f"{name} holds {queue.size_max}"))
        return _after(task, {"QueueResult": "queue-full"})
    member = queue.join(line)
    line.note("queued", f"waits in queue {name}, position {member.position}", queue=name, position=member.position)
    result = "error"
    try:
        result = yield from _stay(line, task, member)
    except Ended:
        result = "bridged" if member.taken else "hangup"
        _tell(line, task, member, result)
        raise
    except Redirected as redirected:
        result = "redirected-from-bridged" if member.taken else "redirected"
        _tell(line, task, member, result)
        if isinstance(redirected, Dequeued):
            return redirected.request
        raise
    finally:
        queue.leave(member)
        if not member.taken:
            waited = f"leaves queue {name} ({result}) after {member.waited_s} s"
            line.note("left queue", waited, queue=name, result=result)
    return _after(task, _params(member, result))


def _stay(line: Line, task: Task, member: Member) -> Program:
    """Wait, and talk if somebody takes the caller; returns the QueueResult."""
    try:
        with line.doing("waiting in queue"):
            yield from _wait(line, task, member)
    except LeftByItself:
        return "leave"
    except Broken as broken:
        line.error(broken.problem)
        return "error"
    except Taken as taken:
        return (yield from _talk(line, task, member, taken))


def _wait(line: Line, task: Task, member: Member) -> Program:
    """The wait document over and over; never returns by itself."""
    url = task.values["waitUrl"]
    if url == "" or url is None:
        line.hear("music", "hold music" if url is None else "silence")
        yield Wait(None)
    stage = Stage(WAITING, lambda: tuple(member.params().items()))
    while True:
        asked = line.network.now()
        yield from control(line, task.request(url, task.values["waitUrlMethod"]), stage)
        if line.network.now() == asked:
            yield Wait(SPIN_GUARD_S)  # so that an empty wait document cannot spin


def _talk(line: Line, task: Task, member: Member, taken: Taken) -> Program:
    """Hear the queue's whisper, then talk until either side is gone."""
    agent, queue = taken.agent, member.queue
    line.queue, member.taken = None, True
    line.note("left queue", f"leaves queue {queue.name} for {agent.label}", queue=queue.name, result="bridged")
    try:
        if taken.whisper is not None:
            yield from _whisper(line, member, taken)
        if not agent.over and agent.place is member:
            line.partner, agent.partner = agent, line
            line.note("bridged", f"talks to {agent.label}", partner=agent.sid)
            agent.nudge()
        with line.doing("bridged"):
            while line.partner is agent and not agent.over:
                yield Wait(None, (Nudge,))
    finally:
        line.partner = None
        if agent.place is member:
            agent.partner, agent.place = None, None
            agent.nudge()
    return "bridged"


def _whisper(line: Line, member: Member, taken: Taken) -> Program:
    params = {"QueueSid": member.queue.sid, "QueueTime": str(member.waited_s), "DequeingCallSid": taken.agent.sid}
    try:
        yield from control(line, taken.whisper, Stage(WHISPER, lambda: tuple(params.items())))
    except Broken as broken:
        line.error(broken.problem)


def _params(member: Member, result: str) -> dict[str, str]:
    return {"QueueResult": result, "QueueSid": member.queue.sid, "QueueTime": str(member.waited_s)}


def _tell(line: Line, task: Task, member: Member, result: str) -> None:
    """The action of a caller who is gone elsewhere: requested, its answer ignored."""
    if task.values["action"]:
        action = task.action(_params(member, result))
        line.notify(Request(action.url, action.method, action.extra, line.params()))


def _after(task: Task, params: dict[str, str]) -> Request | None:
    return task.action(params) if task.values["action"] else None


ENQUEUE = Verb(
    "Enqueue",
    run,
    {
        "action": text(None, 14203),
        "method": method(14201),
        "waitUrl": text(None, 14202),
        "waitUrlMethod": method(14206),
        "workflowSid": text(),
        "maxQueueSize": whole(1, None, 14207, most=5000),
    },
    frozenset({"Task"}),
)
