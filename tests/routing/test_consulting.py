"""What an agent does with a colleague about a caller: ask, come together, hand over; on both floors alike."""

from __future__ import annotations

import pytest

from routing import distributor as d
from routing.effect import Closed, Ended, Held, Offered, Resumed, Transferred
from routing.figures import passages_of_rows
from routing.queue import Queue
from routing.refusal import Refused


@pytest.fixture(name="floor")
def a_floor_where_anna_talks_and_bert_is_free(open_centre):
    centre = open_centre(Queue("claims", wrap_up_s=30))
    centre.come("anna")
    centre.call("c1", call="CA1")
    centre.talk("c1")
    centre.come("bert", {"orders": 2})
    centre.wait(10)
    return centre


def asked(floor) -> str:
    """The consultation that anna has begun with bert."""
    held, offered, *_ = floor.do(d.consult, "c1", "anna", "bert")
    assert isinstance(held, Held)
    assert isinstance(offered, Offered)
    return offered.contact.id


def together(floor) -> str:
    name = asked(floor)
    floor.talk(name)
    return name


def test_a_colleague_is_asked_while_the_caller_hears_music(floor):
    name = asked(floor)
    assert floor.asked()[-1] == (name, "bert")
    assert floor.contact("c1").held_since == floor.now
    assert floor.contact(name).call == "CA1"
    assert isinstance(floor.do(d.join, "c1", "anna"), Refused), "nobody is there yet"
    assert isinstance(floor.do(d.leave_consult, "c1", "anna"), Refused), "the caller would be alone"
    floor.talk(name)
    assert (floor.state("anna"), floor.state("bert")) == ("talking", "talking")
    floor.wait(5)
    [resumed, *_] = floor.do(d.join, "c1", "anna")
    assert isinstance(resumed, Resumed)
    assert floor.contact("c1").held_s == 5
    assert floor.do(d.join, "c1", "anna") == []


def test_who_leaves_hands_the_caller_over_and_wraps_up(floor):
    name = together(floor)
    effects = floor.do(d.leave_consult, "c1", "anna")
    assert [type(effect) for effect in effects] == [Transferred, Resumed]
    assert effects[0].into.id == name
    taken = floor.contact(name)
    assert (taken.kind, taken.queue, taken.call, taken.state) == ("call", "claims", "CA1", "talking")
    assert (floor.contact("c1").outcome, floor.state("anna")) == ("transferred", "wrap_up")
    floor.do(d.talk_ended, name)
    assert (floor.contact(name).outcome, floor.state("bert"), floor.agent("bert").calls) == ("served", "wrap_up", 1)


def test_a_colleague_who_leaves_is_free_at_once_and_the_conversation_goes_on(floor):
    name = together(floor)
    [ended, *_] = floor.do(d.leave_consult, "c1", "bert")
    assert (type(ended), ended.contact.id) == (Ended, name)
    assert (floor.state("bert"), floor.agent("bert").calls) == ("available", 0)
    assert (floor.state("anna"), floor.contact("c1").state) == ("talking", "talking")
    assert isinstance(floor.do(d.leave_consult, "c1", "bert"), Refused)


def test_a_colleague_who_hangs_up_ends_the_consultation_alone(floor):
    name = together(floor)
    floor.do(d.talk_ended, name)
    assert (floor.contact(name).outcome, floor.state("bert")) == ("served", "available")
    assert (floor.contact("c1").state, floor.state("anna")) == ("talking", "talking")


@pytest.mark.parametrize("no", ["decline", "miss", "leg"])
def test_a_colleague_who_does_not_come_leaves_everything_as_it_was(floor, no):
    name = asked(floor)
    offer = floor.offer_for(name)
    if no == "decline":
        floor.do(d.decline, offer.id, "bert")
    elif no == "leg":
        floor.do(d.accept, offer.id, "bert")
        floor.do(d.leg_failed, offer.id, "busy")
    else:
        floor.wait(20)
    assert floor.overflowed() == [(name, "nobody answered")]
    assert floor.contact("c1").state == "talking"
    assert isinstance(floor.do(d.consult, "c1", "anna", "bert")[1], Offered), "they can be asked again"


@pytest.mark.parametrize("there", [False, True])
@pytest.mark.parametrize("end", ["caller", "number", "queue"])
def test_when_the_conversation_is_over_the_colleague_is_free(floor, there, end):
    name = together(floor) if there else asked(floor)
    if end == "caller":
        effects = floor.do(d.caller_gone, "c1")
    elif end == "number":
        effects = floor.do(d.transfer_out, "c1", "anna", "+4930123456")
    else:
        effects = floor.do(d.transfer_to_queue, "c1", "anna", "claims", None)
    assert any(isinstance(it, Ended if there else Closed) for it in effects)
    assert floor.contact(name).outcome == ("served" if there else "left")
    assert floor.state("bert") == "available"
    assert floor.state("anna") == "wrap_up"


def test_a_colleague_is_taken_back_before_they_come(floor):
    name = asked(floor)
    [closed, *_] = floor.do(d.leave_consult, "c1", "bert")
    assert isinstance(closed, Closed)
    assert (floor.contact(name).outcome, floor.state("bert")) == ("left", "available")


def test_a_lost_leg_ends_the_consultation_and_the_caller_waits_again(floor):
    name = together(floor)
    floor.do(d.leg_lost, floor.offer_for("c1").id, "nobody spoke")
    assert floor.contact(name).outcome == "served"
    assert floor.contact("c1").state in ("waiting", "offered")


@pytest.mark.parametrize(
    ("colleague", "why"), [("anna", "oneself"), ("zoe", "no agent"), ("carl", "paused"), ("dora", "no room")]
)
def test_who_cannot_be_asked_is_not(floor, colleague, why):
    floor.come("carl")
    floor.do(d.pause, "carl", "lunch")
    floor.come("dora", capacity={"consult": 0})
    assert why in floor.do(d.consult, "c1", "anna", colleague).why
    assert floor.contact("c1").held_since is None


def test_one_colleague_at_a_time_and_only_who_has_the_caller_asks(floor):
    floor.come("carl")
    name = together(floor)
    assert isinstance(floor.do(d.consult, "c1", "anna", "carl"), Refused)
    assert isinstance(floor.do(d.consult, "c1", "carl", "carl"), Refused)
    for door, more in ((d.hold, ()), (d.consult, ("carl",)), (d.transfer_out, ("+4930123456",))):
        assert isinstance(floor.do(door, name, "bert", *more), Refused), "they are only consulted"
    assert isinstance(floor.do(d.assign, name, "carl", "sam"), Refused)


def test_consultations_count_among_no_queues_figures(floor):
    name = together(floor)
    with floor.floor() as rows:
        seen = passages_of_rows([rows.contact("c1"), rows.contact(name)], [])
        assert [passage.contact for passage in seen] == ["c1"]
        assert rows.waiting("claims") == (0, None)
