"""Refer: a SIP caller is asked to call somebody else instead.

https://www.twilio.com/docs/voice/twiml/refer
"""

from __future__ import annotations

from ivr.simulator.document import Task
from ivr.simulator.error import Problem
from ivr.simulator.line import Line
from ivr.simulator.program import Program, Wait
from ivr.simulator.verb import Verb, method, text

NOTIFIED = {"busy": ("busy", "202", "486"), "rejects": ("busy", "202", "486"), "never": ("no-answer", "202", "487")}
RINGS_S = 30.0


def run(line: Line, task: Task) -> Program:
    """Ask them, and tell the action what came of it. The call is theirs then; its document goes on."""
    line.pick_up()
    caller = line.from_ if line.direction == "inbound" else line.to
    if not caller.startswith(("sip:", "sips:")):
        line.error(Problem(13801, "<Refer> on a line that is no SIP call: skipped"))
        return None
    address = next((each.text for each in task.element.elements if each.name in ("Sip", "ReferSip")), "")
    if not address.startswith(("sip:", "sips:")):
        line.error(Problem(13243, f"<Refer> to {address[:80]!r} (a <Sip> with sip:... is needed)"))
        return None
    person = line.network.people.get(address.partition("?")[0])
    behaviour = person.behaviour if person else "answers"
    line.note("redirect", f"is referred to {address}", to=address)
    with line.doing("dialling"):
        yield Wait(RINGS_S if behaviour == "never" else person.answers_after_s if person else 0)
    if not task.values["action"]:
        return None
    if behaviour == "unreachable":
        return task.action({"ReferCallStatus": "failed", "ReferSipResponseCode": "405"})
    status, answer, notified = NOTIFIED.get(behaviour, ("completed", "202", "200"))
    told = {"ReferCallStatus": status, "ReferSipResponseCode": answer, "NotifySipResponseCode": notified}
    return task.action(told)


REFER = Verb("Refer", run, {"action": text(), "method": method(13710)}, frozenset({"Sip", "ReferSip"}))
