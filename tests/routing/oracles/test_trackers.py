"""What other systems' users have reported, each as one short history that must not end as theirs did."""

from __future__ import annotations

from routing import distributor as d
from routing.agent import AgentState
from routing.contact import Contact, ContactState
from routing.figures import figures, passages_of_events
from routing.queue import Queue, Strategy


def talked(centre, contact: str, seconds: float = 60) -> None:
    centre.talk(contact)
    centre.wait(seconds)
    centre.do(d.talk_ended, contact)


def test_asterisk_176_two_agents_answer_and_one_has_the_call(open_centre):
    centre = open_centre(Queue("claims", strategy=Strategy.RING_ALL))
    centre.come("anna")
    centre.come("bert")
    centre.call("c1")
    assert [agent for _, agent in centre.asked()] == ["anna", "bert"]
    centre.do(d.accept, "o2", "bert")
    refused = centre.do(d.accept, "o1", "anna")
    assert refused.why == "already taken"
    assert (centre.state("anna"), centre.state("bert")) == (AgentState.AVAILABLE, AgentState.OFFERED)


def test_asterisk_202_a_changed_priority_counts_at_once(centre):
    centre.come("anna")
    centre.do(d.pause, "anna", "lunch")
    for name in ("c1", "c2"):
        centre.call(name)
    centre.do(d.change_head_start, "c2", 600, "boss")
    assert [centre.position(name) for name in ("c1", "c2")] == [2, 1]


def test_asterisk_1691_somebody_is_next_after_one_with_priority_has_come_and_gone(centre):
    centre.come("anna")
    centre.call("c0")
    centre.talk("c0")
    centre.call("c1")
    centre.call("vip", head_start_s=600)
    centre.do(d.caller_gone, "vip")
    centre.do(d.talk_ended, "c0")
    centre.wait(30)
    assert centre.asked()[-1] == ("c1", "anna")


def test_asterisk_1006_nobody_is_asked_before_the_wrap_up_is_over(centre):
    centre.come("anna")
    centre.call("c1")
    talked(centre, "c1")
    centre.call("c2")
    centre.wait(29)
    assert centre.asked() == [("c1", "anna")]
    centre.wait(1)
    assert centre.asked()[-1] == ("c2", "anna")


def test_asterisk_1561_a_weight_does_not_starve_the_other_queue(open_centre):
    centre = open_centre(Queue("vip", head_start_s=120, wrap_up_s=0), Queue("claims", wrap_up_s=0))
    centre.come("anna")
    centre.call("first", "vip")
    centre.call("poor", "claims")
    last = "first"
    for number in range(6):  # somebody of the weightier queue is always there
        centre.call(f"rich{number}", "vip")
        talked(centre, last, 40)
        last = centre.asked()[-1][0]
        if last == "poor":
            break
    assert last == "poor"


def test_asterisk_1736_a_call_is_counted_once(centre):
    centre.come("anna")
    centre.call("c1")
    talked(centre, "c1")
    for door in (d.talk_ended, d.caller_gone):
        centre.do(door, "c1")
    if centre.engine is None:
        counted = figures(passages_of_events(centre._memory.events))
        assert (counted["entered"], counted["answered"], counted["offers_each"]) == (1, 1, 1)
    assert centre.agent("anna").calls == 1


def test_asterisk_66_the_reason_of_a_pause_is_kept(centre):
    centre.come("anna")
    centre.call("c1")
    centre.talk("c1")
    centre.do(d.pause, "anna", "doctor")
    centre.do(d.talk_ended, "c1")
    centre.wait(30)
    assert (centre.state("anna"), centre.agent("anna").reason) == (AgentState.PAUSED, "doctor")


def test_freeswitch_1216_an_agent_who_never_answers_does_not_stop_the_rest(open_centre):
    centre = open_centre(Queue("claims", strategy=Strategy.FIXED_ORDER, order=("anna", "bert"), misses_max=1))
    centre.come("anna")
    centre.come("bert")
    centre.call("c1")
    centre.wait(20)
    assert centre.asked() == [("c1", "anna"), ("c1", "bert")]
    assert centre.state("anna") is AgentState.PAUSED


def test_freeswitch_2540_nobody_stays_reserved_for_a_caller_who_is_gone(centre):
    centre.come("anna")
    centre.call("c1")
    offer = centre.offer_for("c1")
    centre.do(d.caller_gone, "c1")
    assert centre.state("anna") is AgentState.AVAILABLE
    assert centre.do(d.leg_answered, offer.id).why == "this offer is over"


def test_freeswitch_2529_a_leg_that_is_placed_too_late_is_hung_up_and_meets_nobody(centre):
    centre.come("anna")
    centre.call("c1")
    offer = centre.offer_for("c1")
    centre.do(d.accept, offer.id, "anna")
    centre.do(d.caller_gone, "c1")
    assert [type(effect).__name__ for effect in centre.do(d.leg_placed, offer.id, "CA1")] == ["Closed"]
    assert centre.state("anna") is AgentState.AVAILABLE


def test_opensips_2886_one_agents_no_leads_to_the_next_agent(centre):
    centre.come("anna")
    centre.come("bert")
    centre.call("c1")
    centre.do(d.decline, centre.offer_for("c1").id, "anna")
    assert centre.asked()[-1] == ("c1", "bert")


def test_opensips_3123_an_agent_whose_leg_says_nothing_more_is_free_again(centre):
    centre.come("anna")
    centre.call("c1")
    centre.do(d.accept, centre.offer_for("c1").id, "anna")
    centre.wait(15)
    assert centre.contact("c1").state is ContactState.OFFERED
    assert centre.asked() == [("c1", "anna"), ("c1", "anna")]


def test_chatwoot_10376_who_waited_while_all_were_away_is_served_when_one_returns(centre):
    centre.come("anna")
    centre.do(d.pause, "anna", "lunch")
    centre.call("c1")
    centre.wait(300)
    centre.do(d.ready, "anna")
    assert centre.asked() == [("c1", "anna")]


def test_openacd_5_a_burst_of_calls_does_not_all_go_to_the_first_agent(centre):
    for name in ("anna", "bert", "carl"):
        centre.come(name)
    for number in range(3):
        centre.call(f"c{number}")
    assert [agent for _, agent in centre.asked()] == ["anna", "bert", "carl"]


def test_amazon_connect_292_the_only_agent_is_not_rung_for_ever(open_centre):
    centre = open_centre(Queue("claims", misses_max=99, offers_max=4, max_wait_s=3600))
    centre.come("anna")
    centre.call("c1")
    centre.wait(600)
    assert centre.asked() == 4 * [("c1", "anna")]
    assert centre.overflowed() == [("c1", "nobody answered")]


def test_ivozprovider_275_the_time_to_answer_is_not_the_time_to_wait(open_centre):
    centre = open_centre(Queue("claims", ring_s=5, max_wait_s=60, misses_max=99, offers_max=99))
    centre.come("anna")
    centre.call("c1")
    centre.wait(59)
    assert centre.overflowed() == []
    centre.wait(1)
    assert centre.overflowed() == [("c1", "too long")]


def test_kazoo_a_caller_who_left_is_offered_to_nobody(centre):
    centre.hire("anna")
    centre.do(d.log_in, "anna")
    centre.do(d.enter, Contact("c1", "claims", {"claims": 1}))
    centre.do(d.leave, "c1", "pressed 2")
    centre.do(d.ready, "anna")
    assert centre.asked() == []
