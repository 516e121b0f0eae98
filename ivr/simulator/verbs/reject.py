"""Reject: the call is never answered (after an answer: it ends).

https://www.twilio.com/docs/voice/twiml/reject
"""

from __future__ import annotations

from ivr.simulator.document import Task
from ivr.simulator.line import Line
from ivr.simulator.program import Program
from ivr.simulator.verb import Verb, choice

STATUS = {"rejected": "no-answer", "busy": "busy"}


def run(line: Line, task: Task) -> Program:
    """Refuse the call for the reason given."""
    reason = task.values["reason"]
    line.note("hangs up", f"the app rejects the call ({reason})", by="app")
    raise line.close("completed" if line.answered_at else STATUS[reason], "app")
    yield  # a program, though it waits for nothing


REASON = choice("rejected", "busy", default="rejected", code=13810)
REJECT = Verb("Reject", run, {"reason": REASON}, children=frozenset({"Parameter"}))
