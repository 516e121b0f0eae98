"""E-mails, visitors and calls on one floor: how many at once, what comes first, and what is parked meanwhile."""

from __future__ import annotations

import pytest

from routing import distributor as d
from routing.contact import Outcome
from routing.effect import Accepted, Connected
from routing.kind import Kind


def take(centre, contact):
    """Its agent accepts it; what has no leg is in hand at once."""
    offer = centre.offer_for(contact)
    return centre.do(d.accept, offer.id, offer.agent)


def test_an_agent_has_several_emails_but_one_at_a_time_is_asked_about(centre):
    centre.come("anna")
    for number in range(4):
        centre.call(f"e{number}", kind="email")
    assert centre.asked() == [("e0", "anna")]
    for number in range(3):
        assert isinstance(take(centre, f"e{number}")[0], Connected)
    assert centre.agent("anna").holds == {"email": 3}
    assert centre.contact("e3").state == "waiting"
    centre.do(d.talk_ended, "e1")
    assert centre.asked()[-1] == ("e3", "anna")
    assert centre.contact("e1").outcome is Outcome.SERVED
    assert centre.state("anna") == "offered"


def test_a_call_comes_before_emails_in_hand_which_are_parked_meanwhile(centre):
    centre.come("anna")
    centre.call("e0", kind="email")
    take(centre, "e0")
    centre.wait(10)
    centre.call("c1")
    assert isinstance(take(centre, "c1")[0], Accepted)
    centre.do(d.leg_answered, centre.offer_for("c1").id)
    assert centre.contact("e0").held_since == centre.now
    centre.call("e1", kind="email")
    assert centre.contact("e1").state == "waiting", "nothing else is offered to who talks"
    centre.wait(100)
    centre.do(d.talk_ended, "c1")
    centre.do(d.end_wrap_up, "anna")
    assert centre.contact("e0").held_s == 100
    assert centre.contact("e0").held_since is None
    assert centre.asked()[-1] == ("e1", "anna")


def test_a_visitor_needs_no_leg_and_one_is_enough(centre):
    centre.come("anna")
    centre.call("v1", kind="visit")
    centre.call("v2", kind="visit")
    assert isinstance(take(centre, "v1")[0], Connected)
    assert centre.state("anna") == "talking"
    assert centre.contact("v2").state == "waiting"
    centre.do(d.talk_ended, "v1")
    assert centre.state("anna") == "wrap_up"


def test_emails_count_from_later_and_still_have_their_turn(centre):
    centre.come("anna")
    centre.do(d.pause, "anna", "lunch")
    centre.call("e0", kind="email")
    centre.wait(100)
    centre.call("c1")
    centre.do(d.ready, "anna")
    assert centre.asked()[-1] == ("c1", "anna")
    assert centre.position("e0") == 2


def test_an_email_half_an_hour_older_than_a_call_is_before_it(open_centre):
    from routing.queue import Queue

    centre = open_centre(Queue("claims", max_wait_s=7200))
    centre.come("anna")
    centre.do(d.pause, "anna", "lunch")
    centre.call("e0", kind="email")
    centre.wait(1801)
    centre.call("c1")
    centre.do(d.ready, "anna")
    assert centre.asked()[-1] == ("e0", "anna")


def test_who_takes_no_emails_is_offered_none(centre):
    centre.come("anna", capacity={"email": 0})
    centre.call("e0", kind="email")
    assert centre.overflowed() == [("e0", "nobody there")]
    centre.call("c1")
    assert centre.asked() == [("c1", "anna")]


def test_emails_of_who_leaves_go_back_to_their_place_and_a_break_keeps_them(centre):
    centre.come("anna")
    centre.come("bert")
    centre.call("e0", kind="email")
    take(centre, "e0")
    centre.do(d.pause, "anna", "lunch")
    assert centre.contact("e0").state == "talking"
    centre.do(d.log_out, "anna")
    assert centre.asked()[-1] == ("e0", "bert")
    assert centre.agent("anna").holds == {}


@pytest.mark.parametrize("capacity", [0, 2, 26])
def test_a_live_kind_is_had_one_at_a_time(capacity):
    with pytest.raises(ValueError, match="1 is right"):
        Kind("fax", capacity=capacity)
