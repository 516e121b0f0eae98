"""Pause: nothing is said for a while; as the very first verb it delays the answer.

https://www.twilio.com/docs/voice/twiml/pause
"""

from __future__ import annotations

from ivr.simulator.document import Task
from ivr.simulator.line import Line
from ivr.simulator.program import Program, Wait
from ivr.simulator.verb import Verb, whole


def run(line: Line, task: Task) -> Program:
    """Wait, ringing on if nobody has answered yet."""
    line.note("waits", f"{task.values['length']} s of silence", length_s=task.values["length"])
    line.lets_ring = True
    with line.doing("pausing"):
        yield Wait(task.values["length"])


PAUSE = Verb("Pause", run, {"length": whole(1, 1, 13910)})
