"""The distributor through its doors, on both floors: who is offered what, and what becomes of it."""

from __future__ import annotations

import pytest

from routing import distributor as d
from routing.agent import AgentState
from routing.contact import Contact, ContactState, Outcome
from routing.effect import Accepted, Closed, Connected, Ended, Offered, Overflowed, Paused, Returned
from routing.offer import OfferState
from routing.queue import WAITING_MAX, Queue
from routing.refusal import Refused

A = AgentState


# -- who is asked


def test_a_caller_is_offered_to_the_agent_who_has_been_free_longest(centre):
    centre.come("anna")
    centre.come("bert")
    centre.call("c1")
    centre.call("c2")
    assert centre.asked() == [("c1", "anna"), ("c2", "bert")]
    assert centre.state("anna") is A.OFFERED
    assert centre.contact("c1").state is ContactState.OFFERED


def test_an_agent_who_becomes_ready_is_offered_the_caller_who_waits_longest(centre):
    centre.hire("anna")
    centre.do(d.log_in, "anna")
    for caller in ("c1", "c2"):
        centre.call(caller)
        centre.wait(5)
    assert centre.asked() == []
    centre.do(d.ready, "anna")
    assert centre.asked() == [("c1", "anna")]


def test_only_an_agent_with_every_skill_at_its_level_is_asked(centre):
    centre.come("anna", {"claims": 2, "de": 5})
    centre.come("bert", {"claims": 5})
    centre.come("carl", {"claims": 3, "de": 1})
    centre.come("dora", {"claims": 3, "de": 2})
    centre.call("c1", needs={"claims": 3, "de": 2})
    assert centre.asked() == [("c1", "dora")]


def test_a_caller_with_a_head_start_is_served_before_one_who_came_a_little_earlier(centre):
    centre.hire("anna")
    centre.do(d.log_in, "anna")
    centre.call("early")
    centre.wait(30)
    centre.call("favoured", head_start_s=60)
    centre.wait(45)
    centre.call("late", head_start_s=60)
    centre.do(d.ready, "anna")
    assert centre.asked() == [("favoured", "anna")]
    assert [centre.position(c) for c in ("favoured", "early", "late")] == [1, 2, 3]


def test_callers_with_the_same_needs_stand_in_one_lane(centre):
    one = Contact("c1", "claims", {"claims": 1, "de": 2})
    other = Contact("c2", "claims", {"de": 2, "claims": 1})
    assert one.lane == other.lane == "claims|call|0||claims:1/de:2"


def test_between_equal_ranks_the_order_of_entry_decides(centre):
    centre.hire("anna")
    centre.do(d.log_in, "anna")
    for caller in ("zoe", "adam", "mia"):
        centre.call(caller)
    centre.do(d.ready, "anna")
    assert centre.asked() == [("zoe", "anna")]


def test_a_specialist_is_not_kept_waiting_by_a_caller_in_front_whom_nobody_free_can_take(centre):
    centre.hire("anna", {"claims": 5, "sr": 5})
    centre.do(d.log_in, "anna")
    centre.call("serb", needs={"claims": 1, "sr": 2})
    centre.come("bert", {"claims": 5})
    centre.call("other")
    assert centre.asked() == [("other", "bert")]
    assert centre.offer_for("other").reason.passed == ("serb",)


def test_queues_that_share_agents_are_served_in_the_order_of_rank(open_centre):
    centre = open_centre(Queue("claims"), Queue("orders"))
    centre.hire("anna", {"claims": 3, "orders": 3})
    centre.do(d.log_in, "anna")
    centre.call("c1", "orders", {"orders": 1})
    centre.wait(1)
    centre.call("c2", "claims", {"claims": 1})
    centre.do(d.ready, "anna")
    assert centre.asked() == [("c1", "anna")]


def test_a_queue_that_was_removed_while_people_wait_still_serves_them(centre):
    centre.come("anna")
    centre.call("c1", "no longer there")
    assert centre.asked() == [("c1", "anna")]


def test_entering_twice_is_entering_once(centre):
    centre.come("anna")
    assert len(centre.call("c1")) == 1
    assert centre.call("c1") == []


# -- what agents answer


def test_the_agent_who_accepts_talks_once_their_leg_has_answered(centre):
    centre.come("anna")
    [offered] = centre.call("c1")
    [accepted] = centre.do(d.accept, offered.offer.id, "anna")
    assert isinstance(accepted, Accepted)
    assert (centre.state("anna"), centre.contact("c1").state) == (A.OFFERED, ContactState.OFFERED)
    assert centre.agent("anna").contact == "c1"
    centre.wait(3)
    [connected] = centre.do(d.leg_answered, offered.offer.id)
    assert isinstance(connected, Connected)
    assert (centre.state("anna"), centre.contact("c1").state) == (A.TALKING, ContactState.TALKING)
    assert centre.next_deadline() is None


def test_a_leg_that_is_itself_the_offer_accepts_by_answering(centre):
    centre.come("anna", ring_at="phone")
    [offered] = centre.call("c1")
    assert centre.do(d.leg_placed, offered.offer.id, "CA9") == []
    assert isinstance(centre.do(d.leg_answered, offered.offer.id)[0], Connected)
    offer = centre.offer(offered.offer.id)
    assert (offer.state, offer.leg_sid, offer.connected) == (OfferState.ACCEPTED, "CA9", True)
    assert centre.agent("anna").contact == "c1"


def test_a_second_acceptance_is_refused(centre):
    centre.come("anna")
    [offered] = centre.call("c1")
    centre.do(d.accept, offered.offer.id, "anna")
    again = centre.do(d.accept, offered.offer.id, "anna")
    assert isinstance(again, Refused)
    assert again.why == "already taken"


def test_nobody_else_can_answer_an_agents_offer(centre):
    centre.come("anna")
    centre.come("bert")
    [offered] = centre.call("c1")
    for door in (d.accept, d.decline):
        assert centre.do(door, offered.offer.id, "bert") == Refused("this offer is for somebody else")
    assert centre.do(d.accept, "o99", "bert") == Refused("there is no such offer")
    assert centre.state("anna") is A.OFFERED


def test_an_acceptance_that_comes_too_late_is_refused(centre):
    centre.come("anna")
    [offered] = centre.call("c1")
    centre.wait(25)
    assert centre.do(d.accept, offered.offer.id, "anna") == Refused("this offer is over")


def test_a_declined_offer_goes_to_the_next_agent_and_keeps_the_callers_place(centre):
    centre.come("anna")
    centre.come("bert")
    [offered] = centre.call("c1")
    place = centre.contact("c1").place
    closed, returned, again = centre.do(d.decline, offered.offer.id, "anna")
    assert isinstance(closed, Closed)
    assert isinstance(returned, Returned)
    assert again.offer.agent == "bert"
    assert centre.contact("c1").place == place
    assert centre.state("anna") is A.AVAILABLE


def test_an_agent_who_declines_goes_to_the_end_of_the_free_ones(centre):
    centre.come("anna")
    centre.come("bert")
    centre.come("carl")
    [offered] = centre.call("c1")
    centre.wait(2)
    centre.do(d.decline, offered.offer.id, "anna")
    centre.call("c2")
    assert centre.asked() == [("c1", "anna"), ("c1", "bert"), ("c2", "carl")]


def test_a_missed_offer_goes_to_the_next_agent(centre):
    centre.come("anna")
    centre.come("bert")
    centre.call("c1")
    centre.wait(19)
    assert centre.asked() == [("c1", "anna")]
    centre.wait(1)
    assert centre.asked() == [("c1", "anna"), ("c1", "bert")]
    assert centre.offer("o1").state is OfferState.MISSED
    assert centre.agent("anna").misses == 1


def test_the_same_agent_is_asked_again_only_if_nobody_else_able_is_free(centre):
    centre.come("anna")
    centre.call("c1")
    centre.wait(20)
    assert centre.asked() == [("c1", "anna"), ("c1", "anna")]


def test_an_agent_who_misses_too_often_is_paused_and_told_why(centre):
    centre.come("anna")
    centre.call("c1")
    centre.wait(40)
    assert centre.state("anna") is A.PAUSED
    assert centre.agent("anna").reason == "missed 2 offers in a row"
    assert [e.why for e in centre.effects if isinstance(e, Paused)] == ["missed 2 offers in a row"]
    centre.do(d.ready, "anna")
    assert centre.agent("anna").misses == 0
    assert centre.asked()[-1] == ("c1", "anna")


def test_a_conversation_forgives_the_misses_before_it(centre):
    centre.come("anna")
    centre.call("c1")
    centre.wait(20)
    centre.talk("c1")
    centre.do(d.talk_ended, "c1")
    assert centre.agent("anna").misses == 0


def test_a_leg_that_drops_at_once_gives_the_caller_back_at_the_first_place_and_is_a_miss(centre):
    centre.come("anna")
    centre.call("c1")
    centre.talk("c1")
    entered = centre.contact("c1").place
    centre.do(d.leg_lost, centre.offer_for("c1").id, "nobody talked")
    assert centre.contact("c1").place == entered
    assert centre.agent("anna").misses == 1
    centre.talk("c1")
    centre.do(d.leg_lost, centre.offer_for("c1").id, "nobody talked")
    assert (centre.agent("anna").state, centre.agent("anna").reason) == ("paused", "missed 2 offers in a row")
    assert centre.contact("c1").state == "waiting"


def test_a_carrier_that_cannot_be_asked_puts_nobody_on_pause(centre):
    centre.come("anna")
    centre.call("c1")
    for _ in range(3):
        offer = centre.offer_for("c1")
        centre.do(d.accept, offer.id, "anna")
        centre.do(d.leg_unreachable, offer.id, "503")
    assert (centre.agent("anna").state, centre.agent("anna").misses) == ("offered", 0)


def test_accepting_without_a_working_leg_counts_as_a_miss(centre):
    centre.come("anna")
    centre.call("c1")
    for _ in range(2):
        offer = centre.offer_for("c1")
        centre.do(d.accept, offer.id, "anna")
        centre.do(d.leg_failed, offer.id, "busy")
    assert centre.state("anna") is A.PAUSED
    assert centre.offer("o1").why == "busy"


def test_a_leg_that_is_busy_sends_the_caller_to_the_next_agent_at_the_first_place(centre):
    centre.come("anna")
    centre.come("bert")
    centre.call("c1")
    centre.call("c2")
    centre.call("c3")
    place = centre.contact("c1").place
    centre.do(d.accept, "o1", "anna")
    centre.do(d.leg_failed, "o1", "busy")
    assert centre.contact("c1").place == place
    assert centre.asked()[-1] == ("c1", "anna")  # bert is asked about c2; c1 is before c3
    assert centre.position("c3") == 3


def test_a_leg_that_never_answers_gives_the_caller_back_in_time(centre):
    centre.come("anna")
    centre.come("bert")
    centre.call("c1")
    centre.do(d.accept, "o1", "anna")
    centre.wait(d.LEG_S - 1)
    assert centre.offer("o1").state is OfferState.ACCEPTED
    centre.wait(1)
    assert centre.offer("o1").state is OfferState.FAILED
    assert centre.asked()[-1] == ("c1", "bert")
    assert centre.do(d.leg_answered, "o1") == Refused("this offer is over")


def test_a_leg_that_is_placed_after_its_offer_is_over_is_to_be_hung_up(centre):
    centre.come("anna")
    centre.call("c1")
    centre.do(d.accept, "o1", "anna")
    centre.do(d.caller_gone, "c1")
    [closed] = centre.do(d.leg_placed, "o1", "CA9")
    assert isinstance(closed, Closed)
    assert closed.offer.leg_sid == "CA9"


def test_a_failure_told_after_the_two_are_talking_changes_nothing(centre):
    centre.come("anna")
    centre.call("c1")
    centre.talk("c1")
    assert centre.do(d.leg_failed, "o1", "no answer") == []
    assert centre.do(d.leg_answered, "o1") == Refused("already connected")
    assert centre.state("anna") is A.TALKING


def test_a_caller_whom_nobody_will_answer_overflows(open_centre):
    centre = open_centre(Queue("claims", offers_max=3, misses_max=9))
    centre.come("anna")
    centre.call("c1")
    centre.wait(60)
    assert len(centre.asked()) == 3
    assert centre.overflowed() == [("c1", "nobody answered")]
    assert centre.contact("c1").outcome is Outcome.OVERFLOWED


# -- ends


def test_wrap_up_follows_the_conversation_and_ends_by_itself(centre):
    centre.come("anna")
    centre.call("c1")
    centre.talk("c1")
    centre.call("c2")
    centre.wait(60)
    effects = centre.do(d.talk_ended, "c1")
    assert [type(e) for e in effects] == [Ended]
    assert centre.state("anna") is A.WRAP_UP
    assert centre.agent("anna").contact == "c1"
    assert centre.contact("c1").outcome is Outcome.SERVED
    centre.wait(29)
    assert centre.state("anna") is A.WRAP_UP
    centre.wait(1)
    assert centre.asked()[-1] == ("c2", "anna")
    assert centre.agent("anna").contact is None


def test_an_agent_may_end_wrap_up_early(centre):
    centre.come("anna")
    centre.call("c1")
    centre.talk("c1")
    centre.do(d.talk_ended, "c1")
    centre.do(d.end_wrap_up, "anna")
    assert centre.state("anna") is A.AVAILABLE
    assert centre.do(d.end_wrap_up, "anna") == Refused("not in wrap-up")
    assert centre.next_deadline() is None


def test_without_wrap_up_the_agent_is_free_at_once(open_centre):
    centre = open_centre(Queue("claims", wrap_up_s=0))
    centre.come("anna")
    centre.call("c1")
    centre.talk("c1")
    centre.call("c2")
    centre.do(d.talk_ended, "c1")
    assert centre.asked()[-1] == ("c2", "anna")


def test_the_end_of_a_conversation_told_twice_ends_it_once(centre):
    centre.come("anna")
    centre.call("c1")
    centre.talk("c1")
    centre.do(d.caller_gone, "c1")
    until = centre.agent("anna").wrap_up_until
    centre.wait(5)
    assert centre.do(d.talk_ended, "c1") == []
    assert centre.do(d.caller_gone, "c1") == []
    assert centre.agent("anna").wrap_up_until == until


def test_a_caller_who_hangs_up_while_waiting_is_gone_from_the_line(centre):
    centre.hire("anna")
    centre.do(d.log_in, "anna")
    for caller in ("c1", "c2"):
        centre.call(caller)
    centre.do(d.caller_gone, "c1")
    assert centre.position("c2") == 1
    centre.do(d.ready, "anna")
    assert centre.asked() == [("c2", "anna")]
    assert centre.contact("c1").outcome is Outcome.ABANDONED


@pytest.mark.parametrize("accepted", [False, True])
def test_a_caller_who_hangs_up_while_the_agent_is_rung_sets_the_agent_free(centre, accepted):
    centre.come("anna")
    since = centre.agent("anna").free_since
    centre.call("c1")
    centre.wait(4)
    if accepted:
        centre.do(d.accept, "o1", "anna")
    effects = centre.do(d.caller_gone, "c1")
    assert [type(e) for e in effects] == [Closed]
    assert centre.offer("o1").state is OfferState.CALLER_GONE
    assert centre.state("anna") is A.AVAILABLE
    assert (centre.agent("anna").contact, centre.agent("anna").free_since) == (None, since)
    assert centre.do(d.accept, "o1", "anna") == Refused("this offer is over")


def test_a_caller_who_was_never_here_cannot_leave(centre):
    assert centre.do(d.caller_gone, "c9") == []
    assert centre.do(d.talk_ended, "c9") == []
    assert centre.do(d.leg_failed, "o9", "busy") == []
    assert centre.do(d.leg_placed, "o9", "CA9") == []
    assert centre.do(d.leg_answered, "o9") == Refused("this offer is over")


def test_an_agent_whose_caller_hangs_up_while_ringing_is_offered_the_next(centre):
    centre.come("anna")
    centre.call("c1")
    centre.call("c2")
    centre.do(d.caller_gone, "c1")
    assert centre.asked()[-1] == ("c2", "anna")


def test_an_agent_whose_caller_hangs_up_while_ringing_stays_first_among_the_free(centre):
    centre.come("anna")
    centre.come("bert")
    centre.call("c1")
    centre.wait(4)
    centre.do(d.caller_gone, "c1")
    centre.call("c2")
    assert centre.asked() == [("c1", "anna"), ("c2", "anna")]


# -- overflow


def test_a_caller_overflows_at_the_longest_wait(centre):
    centre.hire("anna")
    centre.do(d.log_in, "anna")
    centre.call("c1")
    centre.wait(599)
    assert centre.overflowed() == []
    centre.wait(1)
    assert centre.overflowed() == [("c1", "too long")]


def test_an_offer_that_stands_at_the_longest_wait_is_let_ring_and_is_the_last(centre):
    centre.hire("anna")
    centre.do(d.log_in, "anna")
    centre.call("c1")
    centre.wait(595)
    centre.do(d.ready, "anna")
    centre.come("bert")
    centre.wait(18)
    assert centre.overflowed() == []
    centre.wait(1)
    assert centre.overflowed() == [("c1", "too long")]
    assert centre.asked() == [("c1", "anna")]


def test_the_longest_wait_holds_for_those_further_back_too(centre):
    centre.hire("anna")
    centre.do(d.log_in, "anna")
    centre.call("behind")
    centre.wait(30)
    centre.call("favoured", head_start_s=60)
    centre.wait(570)
    assert centre.overflowed() == [("behind", "too long")]


def test_a_caller_who_comes_back_after_the_longest_wait_is_offered_no_more(centre):
    centre.hire("anna")
    centre.do(d.log_in, "anna")
    centre.call("c1")
    centre.wait(595)
    centre.do(d.ready, "anna")
    centre.come("bert")
    centre.wait(10)
    centre.do(d.decline, "o1", "anna")
    assert centre.overflowed() == [("c1", "too long")]


def test_a_caller_overflows_at_once_if_nobody_who_could_take_the_call_is_there(centre):
    centre.come("anna", {"orders": 5})
    [effect] = centre.call("c1")
    assert isinstance(effect, Overflowed)
    assert effect.why == "nobody there"


def test_a_caller_waits_for_an_able_agent_who_is_on_a_break(centre):
    centre.come("anna")
    centre.do(d.pause, "anna", "lunch")
    assert centre.call("c1") == []
    centre.do(d.ready, "anna")
    assert centre.asked() == [("c1", "anna")]


def test_those_who_wait_overflow_when_the_last_able_agent_logs_out(centre):
    centre.come("anna")
    centre.come("bert", {"orders": 5})
    centre.do(d.pause, "anna", "lunch")
    for caller in ("c1", "c2", "c3"):
        centre.call(caller)
    centre.do(d.log_out, "anna")
    assert centre.overflowed() == [("c1", "nobody there"), ("c2", "nobody there"), ("c3", "nobody there")]
    assert centre.next_deadline() is None


def test_those_who_wait_overflow_when_the_last_able_agent_is_only_finishing_a_conversation(centre):
    centre.come("anna")
    centre.call("c1")
    centre.talk("c1")
    centre.call("c2")
    centre.do(d.log_out, "anna")
    assert centre.overflowed() == [("c2", "nobody there")]
    assert centre.state("anna") is A.TALKING


def test_a_full_queue_takes_nobody_in(centre):
    centre.hire("anna")
    centre.do(d.log_in, "anna")
    with centre.floor() as floor:
        for number in range(WAITING_MAX):
            d.enter(floor, Contact(f"w{number}", "claims", {"claims": 1}), centre.now)
    [effect] = centre.call("one too many")
    assert (type(effect), effect.why) == (Overflowed, "full")


# -- coming and going


def test_an_agent_is_paused_at_log_in_until_they_say_they_are_ready(centre):
    centre.hire("anna")
    centre.do(d.log_in, "anna")
    assert centre.state("anna") is A.PAUSED


@pytest.mark.parametrize(("door", "state"), [(d.pause, A.PAUSED), (d.log_out, A.LOGGED_OUT)])
def test_an_agent_who_steps_back_while_rung_hands_the_caller_on(centre, door, state):
    centre.come("anna")
    centre.come("bert")
    centre.call("c1")
    centre.do(door, "anna", *(["lunch"] if door is d.pause else []))
    assert centre.state("anna") is state
    assert centre.offer("o1").state is OfferState.WITHDRAWN
    assert centre.asked()[-1] == ("c1", "bert")


@pytest.mark.parametrize(("door", "state"), [(d.pause, A.PAUSED), (d.log_out, A.LOGGED_OUT)])
@pytest.mark.parametrize("talking", [False, True])
def test_an_agent_who_steps_back_with_a_caller_does_so_afterwards(centre, door, state, talking):
    centre.come("anna")
    centre.come("bert")
    centre.call("c1")
    centre.do(d.accept, "o1", "anna")
    if talking:
        centre.do(d.leg_answered, "o1")
    centre.do(door, "anna", *(["lunch"] if door is d.pause else []))
    assert centre.state("anna") is (A.TALKING if talking else A.OFFERED)
    if talking:
        centre.do(d.talk_ended, "c1")
        assert centre.state("anna") is A.WRAP_UP
        centre.wait(30)
    else:
        centre.do(d.caller_gone, "c1")
    assert centre.state("anna") is state
    assert (centre.agent("anna").then, centre.agent("anna").contact) == (None, None)


def test_an_agent_who_changes_their_mind_stays(centre):
    centre.come("anna")
    centre.call("c1")
    centre.talk("c1")
    centre.do(d.pause, "anna", "lunch")
    centre.do(d.ready, "anna")
    centre.do(d.talk_ended, "c1")
    centre.wait(30)
    assert centre.state("anna") is A.AVAILABLE


def test_an_agent_who_logs_in_again_while_leaving_stays(centre):
    centre.come("anna")
    centre.call("c1")
    centre.talk("c1")
    centre.do(d.log_out, "anna")
    centre.do(d.log_in, "anna")
    centre.do(d.talk_ended, "c1")
    centre.wait(30)
    assert centre.state("anna") is A.AVAILABLE


def test_a_pause_during_wrap_up_ends_it(centre):
    centre.come("anna")
    centre.call("c1")
    centre.talk("c1")
    centre.do(d.talk_ended, "c1")
    centre.do(d.pause, "anna", "lunch")
    assert (centre.state("anna"), centre.agent("anna").reason) == (A.PAUSED, "lunch")
    assert centre.agent("anna").wrap_up_until is None
    centre.wait(60)
    assert centre.state("anna") is A.PAUSED


def test_an_agent_who_is_not_logged_in_can_only_log_in(centre):
    centre.hire("anna")
    assert centre.do(d.ready, "anna") == Refused("not logged in", hint="log in first")
    assert centre.do(d.pause, "anna", "lunch") == Refused("not logged in", hint="log in first")
    assert centre.do(d.end_wrap_up, "anna") == Refused("not in wrap-up")
    assert centre.do(d.log_out, "anna") == []


@pytest.mark.parametrize("door", [d.log_in, d.ready, d.log_out, d.end_wrap_up])
def test_an_agent_whom_nobody_knows_is_refused(centre, door):
    assert centre.do(door, "nobody") == Refused("there is no agent 'nobody'", field="agent")
    assert centre.do(d.pause, "nobody", "lunch").field == "agent"


def test_saying_ready_twice_does_not_lose_the_place_among_the_free(centre):
    centre.come("anna")
    centre.come("bert")
    centre.wait(5)
    centre.do(d.ready, "anna")
    centre.call("c1")
    assert centre.asked() == [("c1", "anna")]


# -- time


def test_a_tick_with_nothing_due_does_nothing(centre):
    centre.come("anna")
    centre.call("c1")
    assert centre.do(d.tick) == []
    assert centre.next_deadline() == centre.offer("o1").expires_at


def test_a_tick_that_comes_late_does_everything_once(centre):
    centre.come("anna")
    centre.come("bert")
    centre.call("c1")
    centre.call("c2")
    centre.now = centre.contact("c1").max_wait_at
    first = centre.do(d.tick)
    assert [type(e) for e in first if isinstance(e, Overflowed | Offered)] == [Overflowed, Overflowed]
    assert centre.do(d.tick) == []
    assert centre.next_deadline() is None


def test_the_deadline_is_the_earliest_of_all(centre):
    assert centre.next_deadline() is None
    centre.come("anna")
    centre.call("c1")
    centre.talk("c1")
    assert centre.next_deadline() is None
    centre.call("c2")
    assert centre.next_deadline() == centre.contact("c2").max_wait_at
    centre.do(d.talk_ended, "c1")
    assert centre.next_deadline() == centre.agent("anna").wrap_up_until


# -- what is said


def test_an_offer_keeps_its_reason_as_one_sentence(centre):
    centre.come("anna", {"claims": 4, "sr": 4})
    centre.come("bert", {"claims": 4})
    centre.come("carl", {"claims": 4, "sr": 2})
    centre.come("dora", {"claims": 4, "sr": 1})
    centre.come("emil", {"claims": 4, "sr": 3})
    centre.do(d.pause, "carl", "lunch")
    centre.call("c1", needs={"claims": 3, "sr": 2})
    assert centre.offer("o1").reason.sentence == (
        "to anna, who has claims 4 and sr 4 and has been free since 09:00:01 UTC, longest of 2; bert lacks sr 2; "
        "carl is paused (lunch); dora lacks sr 2, has 1; emil is free too, but not as long"
    )
    centre.talk("c1")
    centre.do(d.talk_ended, "c1")
    centre.call("c2", needs={"claims": 3, "sr": 2})
    assert "anna is in wrap-up until 09:00:35 UTC" in centre.offer("o2").reason.sentence


def test_no_expected_wait_is_said_without_a_basis(centre):
    centre.come("anna")
    centre.call("c1")
    centre.talk("c1")
    centre.call("c2")
    with centre.floor() as floor:
        assert d.expected_wait(floor, floor.contact("c2"), centre.now) is None


def test_the_expected_wait_comes_from_position_agents_and_recent_conversations(centre):
    centre.come("anna")
    centre.come("bert")
    for number in range(3):
        centre.call(f"c{number}")
        centre.talk(f"c{number}")
        centre.wait(90)
        centre.do(d.talk_ended, f"c{number}")
        centre.wait(30)
    for caller in ("d1", "d2"):
        centre.call(caller)
        centre.talk(caller)
    for caller in ("e1", "e2", "e3"):
        centre.call(caller)
    with centre.floor() as floor:
        waits = [d.expected_wait(floor, floor.contact(c), centre.now).total_seconds() for c in ("e1", "e2", "e3")]
    assert waits == [60, 120, 180]


def test_a_queue_knows_how_many_wait_and_since_when(centre):
    centre.hire("anna")
    centre.do(d.log_in, "anna")
    with centre.floor() as floor:
        assert floor.waiting("claims") == (0, None)
    centre.call("c1")
    first = centre.now
    centre.wait(5)
    centre.call("c2", head_start_s=60)
    with centre.floor() as floor:
        assert floor.waiting("claims") == (2, first)
