"""Needs that shrink while a contact waits, keys that lead out, and limits at the door; on both floors alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from routing import distributor
from routing.contact import ContactState
from routing.queue import Queue
from routing.store import metadata, open_engine
from tests.routing.centre import Centre

QUEUES = {"claims": Queue("claims", ring_s=20, wrap_up_s=30, max_wait_s=600)}
STEPS = ((30, {"claims": 3}), (60, {"claims": 1}))


@pytest.fixture(name="centre", params=["memory", "database"])
def a_centre(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Centre]:
    if request.param == "memory":
        yield Centre(dict(QUEUES))
        return
    engine = open_engine(f"sqlite:///{tmp_path}/floor.db")
    metadata.create_all(engine)
    yield Centre(dict(QUEUES), engine)
    engine.dispose()


def test_a_contact_is_offered_to_whom_it_would_not_have_been_before(centre):
    for skilled in ("best", "good"):  # they are there, but not to be had: else the step would be skipped at once
        centre.come(skilled, {"claims": 5 if skilled == "best" else 3})
        centre.do(distributor.pause, skilled, "lunch")
    centre.come("anna", {"claims": 1})
    centre.call("c1", needs={"claims": 5}, relax=STEPS)
    centre.wait(59)
    assert centre.asked() == []
    assert centre.contact("c1").needs == {"claims": 3}
    centre.wait(1)
    assert centre.asked() == [("c1", "anna")]
    assert centre.contact("c1").relax == ()
    assert centre.contact("c1").relax_at is None


def test_the_place_stays_and_those_who_came_first_are_served_first(centre):
    centre.come("best", {"claims": 5})
    centre.do(distributor.pause, "best", "lunch")
    centre.come("anna", {"claims": 1})
    centre.do(distributor.pause, "anna", "lunch")
    centre.call("early", needs={"claims": 5}, relax=((10, {"claims": 1}),))
    centre.wait(5)
    centre.call("late", needs={"claims": 1})
    centre.wait(6)
    centre.do(distributor.ready, "anna")
    assert centre.asked() == [("early", "anna")]


def test_nobody_waits_whom_nobody_could_ever_take(centre):
    centre.come("anna", {"claims": 1})
    centre.call("c1", needs={"claims": 5}, relax=((30, {"claims": 4}),))
    assert centre.overflowed() == [("c1", "nobody there")]


def test_a_step_that_came_due_while_somebody_was_asked_holds_afterwards(centre):
    centre.come("best", {"claims": 5})
    centre.call("c1", needs={"claims": 5}, relax=((10, {"claims": 1}),))
    centre.wait(15)
    assert centre.contact("c1").state is ContactState.OFFERED
    centre.come("anna", {"claims": 1})
    centre.do(distributor.decline, centre.offer_for("c1").id, "best")
    centre.wait(0)
    assert centre.asked()[-1] == ("c1", "anna")


def test_who_leaves_by_a_key_frees_whom_was_asked(centre):
    centre.come("anna")
    centre.call("c1")
    offer = centre.offer_for("c1")
    centre.do(distributor.leave, "c1", "pressed 2")
    assert centre.offer(offer.id).state == "caller_gone"
    assert centre.state("anna") == "available"
    contact = centre.contact("c1")
    assert (contact.outcome, contact.why) == ("left", "pressed 2")
    assert centre.do(distributor.leave, "c1", "pressed 2") == []


def test_who_talks_does_not_leave_by_a_key(centre):
    centre.come("anna")
    centre.call("c1")
    centre.talk("c1")
    assert centre.do(distributor.leave, "c1", "pressed 2") == []
    assert centre.contact("c1").state is ContactState.TALKING


def test_a_step_for_which_nobody_is_logged_in_is_skipped_at_once(centre):
    centre.come("anna", {"claims": 3})
    centre.call("c1", needs={"claims": 5}, relax=STEPS)
    assert centre.asked() == [("c1", "anna")]
    assert centre.contact("c1").relax == STEPS[1:]


def test_the_queues_own_limits_hold_at_the_door(centre):
    centre.queues["claims"] = replace(QUEUES["claims"], max_length=2)
    centre.come("anna")
    for name in ("c1", "c2", "c3"):
        centre.call(name)
    assert centre.overflowed() == [("c3", "full")]


def test_a_wait_that_would_be_too_long_is_not_begun(centre):
    centre.come("anna")
    for number in range(3):
        centre.call(f"c{number}")
        centre.talk(f"c{number}")
        centre.wait(300)
        centre.do(distributor.talk_ended, f"c{number}")
        centre.wait(30)
    centre.call("now")
    centre.talk("now")

    for name, most_s in (("patient", 600), ("hurried", 100)):
        centre.queues["claims"] = replace(QUEUES["claims"], max_expected_wait_s=most_s)
        centre.call(name)
    assert centre.overflowed() == [("hurried", "too long")]
