"""Redirect: another document takes control.

https://www.twilio.com/docs/voice/twiml/redirect
"""

from __future__ import annotations

from ivr.simulator.document import Task
from ivr.simulator.line import Line
from ivr.simulator.program import Program
from ivr.simulator.verb import Verb, method


def run(line: Line, task: Task) -> Program:
    """Go to the URL in the text; empty is the document's own."""
    return task.request(task.element.text, task.values["method"])
    yield  # a program, though it waits for nothing


REDIRECT = Verb("Redirect", run, {"method": method(13710)})
