"""What simulated days and random histories have found in the distributor, each once more as a short story."""

from __future__ import annotations

from routing import distributor as d
from routing.figures import passages_of_events, passages_of_rows
from routing.queue import Queue, Tier
from routing.refusal import Refused
from routing.service_level import ServiceLevel, service_level


def test_a_callback_that_is_told_to_be_answered_twice_began_once(open_centre):
    centre = open_centre(Queue("claims", wrap_up_s=30))
    centre.come("anna")
    centre.call("b1", kind="callback")
    centre.talk("b1")
    centre.wait(3)
    centre.do(d.caller_answered, "b1")
    began = centre.contact("b1").talking_at
    centre.wait(20)
    centre.do(d.caller_answered, "b1")
    assert centre.contact("b1").talking_at == began
    assert centre.do(d.not_reached, "b1", "no-answer") == [], "it is too late to say that nobody answered"
    centre.do(d.talk_ended, "b1")
    assert centre.contact("b1").outcome == "served"
    assert centre.agent("anna").talked_s == 20


def test_an_email_cannot_be_out_of_reach(open_centre):
    centre = open_centre()
    centre.come("anna")
    centre.call("m1", kind="email")
    centre.do(d.accept, centre.offer_for("m1").id, "anna")
    assert centre.do(d.not_reached, "m1", "no-answer") == []
    assert centre.contact("m1").state == "talking"


def test_who_is_sent_home_twice_while_talking_is_sent_home_once(open_centre):
    centre = open_centre()
    centre.come("anna")
    centre.call("c1")
    centre.talk("c1")
    for _ in range(2):
        centre.do(d.force_log_out, "anna", "sam")
    assert [event.what for event in centre.events()].count("sent home") == 1


def test_who_was_handed_over_after_asking_and_is_lost_at_once_waits_at_their_place_for_who_can(open_centre):
    centre = open_centre(Queue("claims", wrap_up_s=30, head_start_s=40, tiers=(Tier("first"), Tier("second", 900))))
    centre.come("anna", {"de": 3}, groups=("first",))
    centre.call("c1", needs={"de": 3}, head_start_s=60)
    place = centre.contact("c1").rank
    centre.talk("c1")
    centre.come("bert", {"orders": 2}, groups=("second",))
    centre.wait(30)
    [_, offered, *_] = centre.do(d.consult, "c1", "anna", "bert")
    centre.talk(offered.contact.id)
    centre.do(d.leave_consult, "c1", "anna")
    centre.do(d.leg_lost, offered.offer.id, "nobody spoke")
    lost = centre.contact(offered.contact.id)
    assert (lost.state, lost.rank, lost.needs, lost.reach) == ("waiting", place, {"de": 3}, 1)
    assert centre.offer_for(lost.id) is None, "bert speaks no German"
    centre.do(d.end_wrap_up, "anna")
    assert centre.offer_for(lost.id).agent == "anna"


def test_who_is_about_to_leave_is_assigned_nothing_so_that_no_email_leaves_with_them(open_centre):
    centre = open_centre(Queue("claims", wrap_up_s=30))
    centre.come("anna")
    centre.call("c1")
    centre.talk("c1")
    centre.do(d.log_out, "anna")
    centre.come("bert", {"orders": 1})
    centre.do(d.talk_ended, "c1")
    centre.hire("carl")
    centre.do(d.log_in, "carl")
    centre.call("m1", kind="email")
    assert centre.do(d.assign, "m1", "anna", "sam") == Refused("anna is about to leave", field="agent")
    centre.wait(30)
    assert (centre.state("anna"), centre.contact("m1").state) == ("logged_out", "waiting")


def test_who_is_assigned_an_email_while_wrapping_up_goes_on_with_the_one_that_was_parked(open_centre):
    centre = open_centre(Queue("claims", wrap_up_s=30))
    centre.come("anna")
    centre.call("m1", kind="email")
    centre.do(d.accept, centre.offer_for("m1").id, "anna")
    centre.call("c1")
    centre.talk("c1")
    assert centre.contact("m1").held_since is not None
    centre.do(d.talk_ended, "c1")
    centre.call("m2", kind="email")
    centre.wait(5)
    centre.do(d.assign, "m2", "anna", "sam")
    assert centre.contact("m1").held_since is not None, "nobody has said yes yet"
    centre.do(d.accept, centre.offer_for("m2").id, "anna")
    assert (centre.state("anna"), centre.contact("m1").held_since) == ("available", None)
    assert centre.contact("m1").held_s == 5
    assert centre.agent("anna").holds == {"email": 2}


def test_an_email_that_is_handed_on_is_answered_once_and_where_it_is_answered(open_centre):
    centre = open_centre(Queue("claims"), Queue("orders"))
    centre.come("anna")
    centre.call("m1", kind="email")
    centre.do(d.accept, centre.offer_for("m1").id, "anna")
    centre.wait(10)
    [transferred, *_] = centre.do(d.transfer_to_queue, "m1", "anna", "orders", None)
    into = transferred.into.id
    offers = [centre.offer_for(into)]
    centre.do(d.accept, offers[0].id, "anna")
    centre.wait(20)
    centre.do(d.talk_ended, into)
    told = passages_of_events(centre.events())
    rows = passages_of_rows([centre.contact("m1"), centre.contact(into)], [centre.offer("o1"), *offers])
    assert told == rows
    assert [each.answered_at for each in told] == [None, centre.now]
    assert service_level(told, 60) == ServiceLevel(60, answered_within=1)
