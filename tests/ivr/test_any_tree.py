"""Whatever hotline somebody writes, and whatever is pressed: every answer parses, and nobody is left or let down."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivr import heard as h
from ivr import instruction as i
from ivr import session, wire
from ivr.call import LIFECYCLE, Call, CallState
from ivr.menu import tree as t
from routing.announcing import Outlook
from tests.ivr.any_tree import trees

OPEN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
CALLERS = ("+4915112345678", "anonymous", "+12125551234", "client:anna")
REACHED = i.Enqueue | i.Record | i.Dial | i.Hangup
RECORDED = h.Recorded("RE" + "0" * 32, 8)
STEPS_MAX = 30

keys = st.one_of(
    st.sampled_from("0123456789*#").map(h.Pressed),
    st.text("0123456789*#", min_size=2, max_size=9).map(h.Pressed),
    st.sampled_from(["4127", "471", "0305550123"]).map(h.Pressed),
    st.sampled_from(["an order", "нешто", "representative", "", "x" * 600]).map(h.Spoke),
    st.just(h.Silence()),
    st.just(h.Silence()),
)


def a_call(tree: t.Tree, caller: str = CALLERS[0], now: datetime = OPEN) -> Call:
    called, language = next(iter(tree.numbers.items()))
    return Call("CA" + "0" * 32, tree.hotline, tree.version, caller, called, language, now)


def text_of(document: bytes) -> str:
    """All that is spoken in a document that the carrier would take."""
    assert len(document) <= 32_000
    root = ElementTree.fromstring(document)  # noqa: S314 - our own document
    assert root.tag == "Response"
    return " ".join(root.itertext())


def hear(call: Call, heard: h.Heard, tree: t.Tree, now: datetime) -> list[i.Instruction]:
    """One step, checked for what must be true of every one; what the carrier does, errands left out."""
    said = session.step(call, heard, tree, now)
    spoken = text_of(wire.render(said, wire.Addresses("https://hotline.example", call.step)))
    assert "{" not in spoken, spoken
    said = [it for it in said if not isinstance(it, i.Errand)]
    assert said, "silence"
    assert isinstance(said[-1], i.Gather | i.GoOn | REACHED), said[-1]
    assert len(json.dumps([call.path, call.way_back, call.met, call.noted, call.typed])) < 20_000
    call.step += 1
    return said


def come_back(call: Call, last: i.Instruction, tree: t.Tree, heard: Callable[[i.Instruction], h.Heard]) -> h.Heard:
    """What the carrier tells next, when the caller does not hang up."""
    if isinstance(last, i.Enqueue):
        LIFECYCLE.fire(call, "wait")
        said = session.wait(call, tree, Outlook(3, 420.0, 2), OPEN + timedelta(seconds=call.step * 40))
        assert "{" not in text_of(wire.render_wait(said, wire.Addresses("https://hotline.example", call.step)))
    came = heard(last)
    if isinstance(came, h.TalkEnded):
        LIFECYCLE.fire(call, "connect")
    return came


def nothing(last: i.Instruction, why: str = "too long") -> h.Heard:
    """Nothing is pressed, nobody is there, nothing answers."""
    match last:
        case i.Enqueue():
            return h.Overflowed(why)
        case i.Dial():
            return h.Dialled(talked=False)
        case i.GoOn(door="looked-up"):
            return h.LookedUp(None)
        case i.GoOn():
            return h.WentOn()
    return h.Silence()


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data(), trees(), st.sampled_from(CALLERS), st.sampled_from([OPEN, NIGHT]))
def test_every_answer_parses_and_asks_or_leads_on(data, tree, caller, now):
    call = a_call(tree, caller, now)
    said = hear(call, h.Rang(data.draw(st.booleans())), tree, now)

    def heard(last: i.Instruction) -> h.Heard:
        match last:
            case i.Enqueue():
                return data.draw(st.sampled_from([h.Overflowed("full"), h.LeftByKey("1"), h.TalkEnded()]))
            case i.Dial():
                return data.draw(st.sampled_from([h.Dialled(True), h.Dialled(False)]))
            case i.Record():
                return data.draw(st.sampled_from([RECORDED, h.Silence()]))
            case i.GoOn(door="looked-up"):
                return data.draw(st.sampled_from([h.LookedUp({"seen": "x" * 5000}), h.LookedUp({}), h.LookedUp(None)]))
        return nothing(last) if isinstance(last, i.GoOn) else data.draw(keys)

    for _ in range(STEPS_MAX):
        if isinstance(said[-1], i.Hangup):
            break
        came = come_back(call, said[-1], tree, heard)
        said = hear(call, came, tree, now)
        if isinstance(said[-1], i.Hangup):
            by_themselves = isinstance(came, h.Pressed) and came.keys[:1] == tree.conventions.end
            talked = isinstance(came, h.TalkEnded | h.Dialled)
            assert by_themselves or talked or isinstance(tree.nodes[call.node], t.End | t.Record), call.node
    assert session.ask_again(call, tree, now)
    assert session.step(call, h.HungUp(), tree, now) == []
    assert call.state is CallState.ENDED


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(trees(), st.sampled_from(CALLERS), st.sampled_from(["too long", "full", "nobody there"]))
def test_who_does_nothing_reaches_a_person_or_a_message_and_is_not_kept_for_ever(tree, caller, why):
    call = a_call(tree, caller)
    said = hear(call, h.Rang(), tree, OPEN)
    steps, reached = 0, False
    while not isinstance(said[-1], i.Hangup):
        reached = reached or isinstance(said[-1], REACHED)
        steps += 1
        assert reached or steps < STEPS_MAX, "nobody, no message and no end"
        assert steps < 3 * STEPS_MAX, "round and round"
        heard = come_back(call, said[-1], tree, lambda last: nothing(last, why))
        said = hear(call, heard, tree, OPEN)
    assert isinstance(tree.nodes[call.node], t.End | t.Record), "hung up on for being slow"


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(trees(), st.sampled_from(["8", "77777777"]))
def test_who_presses_only_keys_that_mean_nothing_fares_as_well(tree, wrong):
    call = a_call(tree)
    said = hear(call, h.Rang(), tree, OPEN)
    for _ in range(3 * STEPS_MAX):  # where they do mean something, a caller may go round for ever
        if isinstance(said[-1], REACHED):
            return
        came = nothing(said[-1]) if isinstance(said[-1], i.GoOn) else h.Pressed(wrong)
        said = hear(call, came, tree, OPEN)
        assert call.failures < STEPS_MAX


@given(trees(), st.integers(0, 2**64))
def test_a_call_always_goes_the_same_way(tree, number):
    calls = [a_call(tree), a_call(tree)]
    for call in calls:
        call.sid = f"CA{number:032x}"
        hear(call, h.Rang(), tree, OPEN)
    assert calls[0] == calls[1]
