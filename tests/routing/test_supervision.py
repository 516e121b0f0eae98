"""What supervisors do on the floor, how conversations are handed on, and what follows them; on both floors alike."""

from __future__ import annotations

import pytest

from routing import distributor as d
from routing.effect import Held, Listening, Resumed, Transferred
from routing.queue import Queue
from routing.refusal import Refused


@pytest.fixture(name="floor")
def a_floor_with_two_queues(open_centre):
    """anna takes claims, bert orders; c1 talks to anna, c2 and c3 wait for her."""
    centre = open_centre(
        Queue("claims", wrap_up_extra_s=60, max_wait_s=7200), Queue("orders", wrap_up_until_done=True, head_start_s=300)
    )
    centre.come("anna", {"claims": 3})
    centre.call("c1")
    centre.talk("c1")
    for name in ("c2", "c3"):
        centre.wait(10)
        centre.call(name)
    centre.come("bert", {"orders": 3})
    return centre


def test_a_contact_that_is_moved_keeps_the_time_it_has_waited(floor):
    entered = floor.contact("c3").entered_at
    floor.do(d.move, "c3", "orders", {"orders": 1}, "sam")
    assert floor.asked()[-1] == ("c3", "bert")
    moved = floor.contact("c3")
    assert (moved.queue, moved.entered_at) == ("orders", entered)
    assert (moved.entered_at - moved.rank).total_seconds() == 300
    assert isinstance(floor.do(d.move, "c1", "orders", None, "sam"), Refused), "who talks is not moved"


def test_a_head_start_changes_the_place_at_once(floor):
    assert floor.position("c3") == 2
    floor.do(d.change_head_start, "c3", 60, "sam")
    assert floor.position("c3") == 1
    floor.do(d.talk_ended, "c1")
    floor.do(d.end_wrap_up, "anna")
    assert floor.asked()[-1] == ("c3", "anna")
    assert isinstance(floor.do(d.change_head_start, "c2", 10**6, "sam"), Refused)


def test_who_is_assigned_by_hand_is_asked_out_of_turn_even_on_a_break_and_is_then_on_it_again(floor):
    floor.come("carl", {"claims": 1})
    [_, agent] = floor.asked()[-1]
    assert agent == "carl"
    floor.do(d.decline, floor.offer_for("c2").id, "carl")
    floor.do(d.pause, "carl", "lunch")
    [offered] = floor.do(d.assign, "c3", "carl", "sam")
    assert offered.offer.contact == "c3"
    assert "was chosen by sam" in offered.offer.reason.sentence
    floor.do(d.accept, offered.offer.id, "carl")
    floor.do(d.leg_answered, offered.offer.id)
    floor.do(d.talk_ended, "c3")
    floor.wait(30)
    assert floor.state("carl") == "paused"


def test_a_break_goes_on_after_an_email_that_was_assigned_by_hand(floor):
    floor.do(d.talk_ended, "c1")
    floor.come("carl", {"claims": 1})
    floor.do(d.pause, "carl", "lunch")
    floor.call("m1", kind="email")
    floor.do(d.assign, "m1", "carl", "sam")
    floor.do(d.accept, floor.offer_for("m1").id, "carl")
    assert (floor.state("carl"), floor.agent("carl").reason, floor.agent("carl").then) == ("paused", "lunch", None)
    floor.do(d.talk_ended, "m1")
    assert floor.agent("carl").holds == {}


@pytest.mark.parametrize(("agent", "why"), [("bert", "lacks claims 1"), ("anna", "busy"), ("zoe", "no agent")])
def test_nobody_is_assigned_what_they_cannot_take(floor, agent, why):
    assert why in floor.do(d.assign, "c2", agent, "sam").why


def test_a_paused_queue_offers_nothing_and_keeps_all_places(floor):
    floor.do(d.pause_queue, "claims", "fire drill", "sam")
    floor.do(d.talk_ended, "c1")
    floor.do(d.end_wrap_up, "anna")
    assert floor.contact("c2").state == "waiting"
    floor.do(d.resume_queue, "claims", "sam")
    assert floor.asked()[-1] == ("c2", "anna")


@pytest.mark.parametrize("send_away", [False, True])
def test_a_closed_queue_takes_nobody_in(floor, send_away):
    floor.do(d.close_queue, "claims", "it is late", send_away, "sam")
    floor.call("c4")
    gone = [("c2", "closed"), ("c3", "closed")] if send_away else []
    assert floor.overflowed() == [*gone, ("c4", "closed")]
    floor.do(d.open_queue, "claims", "sam")
    floor.call("c5")
    assert floor.contact("c5").state == "waiting"


def test_who_still_waits_when_the_hours_end_overflows_as_closed(floor):
    from datetime import timedelta

    floor.call("c4", closes_at=floor.now + timedelta(seconds=40))
    floor.wait(40)
    assert floor.overflowed() == [("c4", "closed")]
    floor.call("c5", closes_at=floor.now)
    assert floor.overflowed() == [("c4", "closed"), ("c5", "closed")]


def test_who_has_waited_elsewhere_keeps_the_moment_of_the_first_entry(floor):
    from datetime import timedelta

    since = floor.now - timedelta(seconds=900)
    floor.call("b1", kind="callback", entered_at=since)
    assert (floor.contact("b1").entered_at, floor.position("b1")) == (since, 1)
    assert floor.contact("b1").max_wait_at == floor.now + timedelta(seconds=7200), "the longest wait counts from now"


def test_who_is_sent_home_ends_the_conversation_first(floor):
    floor.do(d.force_log_out, "anna", "sam")
    assert floor.state("anna") == "talking"
    floor.do(d.talk_ended, "c1")
    floor.wait(30)
    assert floor.state("anna") == "logged_out"


def test_listening_in_is_told_and_kept(floor):
    [effect] = floor.do(d.listen, "c1", "sam", "whisper")
    assert isinstance(effect, Listening)
    assert isinstance(floor.do(d.listen, "c2", "sam", "listen"), Refused)
    assert isinstance(floor.do(d.listen, "c1", "sam", "shout"), Refused)


def test_a_caller_is_held_and_taken_up_again(floor):
    assert isinstance(floor.do(d.hold, "c1", "anna")[0], Held)
    assert floor.do(d.hold, "c1", "anna") == []
    floor.wait(20)
    assert isinstance(floor.do(d.resume, "c1", "anna")[0], Resumed)
    assert floor.contact("c1").held_s == 20
    assert isinstance(floor.do(d.hold, "c1", "bert"), Refused)


def test_who_is_handed_to_another_queue_keeps_the_place(floor):
    entered = floor.contact("c1").entered_at
    effects = floor.do(d.transfer_to_queue, "c1", "anna", "orders", {"orders": 1})
    handed = next(it for it in effects if isinstance(it, Transferred))
    assert floor.asked()[-1] == (handed.into.id, "bert")
    assert handed.into.rank <= entered
    assert (floor.contact("c1").outcome, floor.state("anna")) == ("transferred", "wrap_up")


def test_who_is_handed_to_a_colleague_waits_for_them_first(floor):
    floor.come("carl", {"claims": 1})  # takes c2
    floor.talk("c2")
    effects = floor.do(d.transfer_to_agent, "c1", "anna", "carl")
    into = next(it for it in effects if isinstance(it, Transferred)).into
    assert floor.contact(into.id).preferred == "carl"
    floor.do(d.end_wrap_up, "anna")
    assert (floor.offer_for("c3").agent, floor.offer_for(into.id)) == ("anna", None)
    floor.do(d.talk_ended, "c2")
    floor.do(d.end_wrap_up, "carl")
    assert floor.offer_for(into.id).agent == "carl"


def test_who_is_led_to_a_number_is_off_this_floor(floor):
    [transferred, *_] = floor.do(d.transfer_out, "c1", "anna", "+4930123456")
    assert transferred.to == "+4930123456"
    assert floor.contact("c1").outcome == "transferred"


def test_a_matter_is_not_handed_round_for_ever(floor):
    contact, queue = "c1", "claims"
    for number in range(6):
        answer = floor.do(d.transfer_to_queue, contact, "anna", queue, None)
        if isinstance(answer, Refused):
            assert number == 5
            return
        contact = next(it for it in answer if isinstance(it, Transferred)).into.id
        floor.do(d.end_wrap_up, "anna")
        floor.talk(contact)
    pytest.fail("it was handed on six times")


def test_a_wrap_up_is_put_off_once(floor):
    floor.do(d.talk_ended, "c1")
    floor.do(d.extend_wrap_up, "anna")
    assert floor.do(d.extend_wrap_up, "anna") == Refused("extended already", hint="take a break instead")
    floor.wait(89)
    assert floor.state("anna") == "wrap_up"
    floor.wait(1)
    assert floor.state("anna") == "offered"


def test_a_wrap_up_until_done_ends_when_said_or_in_a_break(floor):
    floor.call("o1", "orders", {"orders": 1})
    floor.talk("o1")
    floor.do(d.talk_ended, "o1")
    floor.wait(3599)
    assert floor.state("bert") == "wrap_up"
    floor.wait(1)
    assert (floor.state("bert"), floor.agent("bert").reason) == ("paused", "did not end the wrap-up")


def test_what_came_of_it_is_said_by_who_had_it(floor):
    assert floor.do(d.dispose, "c1", "anna", "settled").disposition == "settled"
    assert isinstance(floor.do(d.dispose, "c1", "bert", "settled"), Refused)
    assert isinstance(floor.do(d.dispose, "c1", "anna", ""), Refused)


def test_a_callback_that_nobody_answers_serves_nobody(floor):
    floor.call("b1", "orders", {"orders": 1}, kind="callback")
    floor.talk("b1")
    floor.wait(30)
    floor.do(d.not_reached, "b1", "no-answer")
    assert (floor.contact("b1").outcome, floor.contact("b1").talking_at) == ("not_reached", None)
    assert (floor.state("bert"), floor.agent("bert").calls) == ("available", 0)
