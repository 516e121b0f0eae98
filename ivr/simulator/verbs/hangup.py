"""Hangup: the app ends the call; as the very first verb the call is answered before.

https://www.twilio.com/docs/voice/twiml/hangup
"""

from __future__ import annotations

from ivr.simulator.document import Task
from ivr.simulator.line import Line
from ivr.simulator.program import Program
from ivr.simulator.verb import Verb


def run(line: Line, task: Task) -> Program:
    """Answer if need be, and end."""
    line.pick_up()
    line.note("hangs up", "the app hangs up", by="app")
    raise line.close("completed", "app")
    yield  # a program, though it waits for nothing


HANGUP = Verb("Hangup", run, children=frozenset({"Parameter"}))
