"""Pay: taking cards is refused here, and said so; the document goes on.

https://www.twilio.com/docs/voice/twiml/pay
"""

from __future__ import annotations

from ivr.simulator.document import Task
from ivr.simulator.error import Problem
from ivr.simulator.line import Line
from ivr.simulator.program import Program
from ivr.simulator.verb import UNKNOWN, Verb, text

NAMES = (
    "input action method bankAccountType statusCallback statusCallbackMethod timeout maxAttempts securityCode",
    "postalCode minPostalCodeLength paymentConnector paymentMethod tokenType chargeAmount currency description",
    "validCardTypes language",
)


def run(line: Line, task: Task) -> Program:
    """Refuse, and go on with the next verb."""
    line.pick_up()
    line.error(Problem(UNKNOWN, "<Pay> takes no cards here: skipped, its action is not asked"))
    return
    yield  # a program, though it waits for nothing


PAY = Verb("Pay", run, {name: text() for name in " ".join(NAMES).split()}, frozenset({"Prompt", "Parameter"}))
