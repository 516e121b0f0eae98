"""Leave: a caller who waits gives up their place in the queue; the document after the Enqueue goes on.

https://www.twilio.com/docs/voice/twiml/leave
"""

from __future__ import annotations

from ivr.simulator.document import Task
from ivr.simulator.line import Line
from ivr.simulator.program import Interrupt, Program
from ivr.simulator.queue import Member
from ivr.simulator.verb import Verb


class LeftByItself(Interrupt):
    """The wait document said <Leave>."""


def run(line: Line, task: Task) -> Program:
    """End the wait; outside a queue it ends the document, and with it the call."""
    if isinstance(line.place, Member):
        raise LeftByItself(line.place)
    line.pick_up()
    raise line.close("completed", "app")
    yield  # a program, though it waits for nothing


LEAVE = Verb("Leave", run)
