"""Why an offer went to its agent, put into words later, is what was so when it was made."""

from __future__ import annotations

import json

from routing import distributor as d
from routing.queue import Queue
from routing.reason import Candidate, Verdict
from tests.routing.centre import Centre


def test_a_reason_that_is_read_late_tells_what_was_so_at_the_decision():
    centre = Centre({"claims": Queue("claims")})
    for name in ("anna", "bert", "carl"):
        centre.come(name)
    centre.do(d.pause, "carl", "lunch")
    centre.call("c1")
    centre.talk("c1")
    centre.do(d.log_out, "bert")
    centre.do(d.ready, "carl")
    reason = centre.offer("o1").reason
    assert list(reason.candidates) == [
        Candidate("anna", Verdict.CHOSEN),
        Candidate("bert", Verdict.IDLE_LESS),
        Candidate("carl", Verdict.PAUSED, "lunch"),
    ]
    assert reason.candidates[1].agent == "bert"
    assert reason.sentence.endswith("bert is free too, but not as long; carl is paused (lunch)")


def test_the_event_of_an_offer_tells_the_same_sentence_as_its_reason():
    centre = Centre({"claims": Queue("claims")})
    centre.come("anna")
    centre.call("c1")
    with centre.floor() as floor:
        told = next(event for event in floor.events if event.what == "offered").fields
    plain = {"offer": "o1", "agent": "anna", "queue": "claims", "why": centre.offer("o1").reason.sentence}
    assert told == plain
    assert json.loads(json.dumps(dict(told))) == plain
    assert (len(told), "why" in told, str(told)) == (4, True, str(plain))
