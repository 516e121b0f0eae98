"""Sms: a text message sent from a call's document.

https://www.twilio.com/docs/voice/twiml/sms
"""

from __future__ import annotations

import re

from ivr.simulator.document import Task
from ivr.simulator.error import Problem
from ivr.simulator.line import Line
from ivr.simulator.program import Program
from ivr.simulator.verb import Verb, method, text
from ivr.simulator.webhook import Request

BODY_MAX = 1600
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def run(line: Line, task: Task) -> Program:
    """Send it - by default from the number called to the caller; then the action, or the next verb."""
    values, body = task.values, task.element.text
    ours, theirs = (line.to, line.from_) if line.direction == "inbound" else (line.from_, line.to)
    to, sender = values["to"] or theirs, values["from"] or ours
    problem = _wrong(to, sender, body)
    if problem is not None:
        line.error(problem)
        told = {"SmsStatus": "invalid"}
    else:
        callback = task.request(values["statusCallback"], "POST") if values["statusCallback"] else None
        message = line.network.keep_message(sender, to, body, callback, "outbound-call")
        told = {"SmsSid": message.sid, "SmsStatus": "sent"}
    action: Request | None = task.action(told) if values["action"] else None
    return action
    yield  # a program, though it waits for nothing


def _wrong(to: str, sender: str, body: str) -> Problem | None:
    if not _E164.fullmatch(to):
        return Problem(14101, f"{to[:40]!r} cannot be texted")
    if not _E164.fullmatch(sender):
        return Problem(14102, f"{sender[:40]!r} cannot send texts")
    if not 0 < len(body) <= BODY_MAX:
        return Problem(14103, f"a text of {len(body)} characters (1 to {BODY_MAX})")
    return None


SMS = Verb(
    "Sms",
    run,
    {
        "to": text(None, 14101),
        "from": text(None, 14102),
        "action": text(),
        "method": method(14104),
        "statusCallback": text(None, 14105),
    },
)
