"""Dial: numbers, clients and SIP addresses called from a document.

https://www.twilio.com/docs/voice/twiml/dial
"""

from __future__ import annotations

import pytest
from twilio.rest import Client
from werkzeug.wrappers import Response

from ivr.simulator.line import Line
from ivr.simulator.network import Network
from tests.ivr.simulator.tiny_app import CALLER, HOST, NUMBER, TinyApp, at, carrier, codes, ring, said

ANNA, BEN = "+18005550177", "+18005550178"


def dialled(dial: str, documents: dict | None = None, **people: object) -> tuple[Network, TinyApp, Line]:
    """A call that meets this Dial; Anna answers after 4 s, Ben after 6."""
    network, app = carrier({"/v": dial + "<Say>next</Say>", "/d": "<Say>after</Say>", **(documents or {})})
    network.line(ANNA, answers_after_s=4)
    network.line(BEN, answers_after_s=6)
    return network, app, network.call(CALLER, NUMBER)


def leg(network: Network, to: str) -> Line:
    return network.people[to].line


def test_somebody_answers_and_hangs_up() -> None:
    network, app, line = dialled(f"<Dial action='/d'>{ANNA}</Dial>")
    network.advance(5)
    anna = leg(network, ANNA)
    assert (line.state, anna.state) == ("bridged", "bridged")
    assert (line.partner, anna.partner) == (anna, line)
    network.advance(22.7)
    anna.hang_up()
    network.run()
    asked = app.to("/d")[0]
    assert asked["DialCallStatus"] == "completed"
    assert asked["DialCallSid"] == anna.sid
    assert asked["DialCallDuration"] == "23"
    assert asked["DialBridged"] == "true"
    assert said(line) == ["after"]
    assert (anna.direction, anna.from_, anna.parent) == ("outbound-dial", CALLER, line)
    assert anna.ended_by == "callee"
    assert set(network.people) == {ANNA, BEN}


def test_without_an_action_the_next_verb_comes() -> None:
    network, _, line = dialled(f"<Dial><Number>{ANNA}</Number></Dial>")
    network.advance(5)
    leg(network, ANNA).hang_up()
    network.run()
    assert said(line) == ["next"]


NOT_REACHED = [
    ({"behaviour": "busy"}, "busy", 0),
    ({"behaviour": "rejects", "answers_after_s": 3}, "busy", 3),
    ({"behaviour": "never"}, "no-answer", 10),
    ({"behaviour": "answers", "answers_after_s": 11}, "no-answer", 10),
    ({"behaviour": "unreachable"}, "failed", 0),
]


@pytest.mark.parametrize(("person", "status", "when"), NOT_REACHED)
def test_somebody_is_not_reached(person: dict, status: str, when: float) -> None:
    network, app = carrier({"/v": f"<Dial action='/d' timeout='10'>{ANNA}</Dial>", "/d": ""})
    network.line(ANNA, **person)
    network.call(CALLER, NUMBER)
    network.run_until(lambda: bool(app.to("/d")))
    assert app.to("/d")[0]["DialCallStatus"] == status
    assert app.to("/d")[0]["DialBridged"] == "false"
    assert app.to("/d")[0]["DialCallDuration"] == "0"
    assert app.to("/d")[0]["CallStatus"] == "in-progress"
    assert at(network) == when


def test_the_first_to_answer_wins_and_the_others_stop_ringing() -> None:
    network, app, line = dialled(f"<Dial action='/d'><Number>{BEN}</Number><Number>{ANNA}</Number></Dial>")
    network.advance(10)
    assert line.partner is leg(network, ANNA)
    assert leg(network, BEN).status == "canceled"
    leg(network, ANNA).hang_up()
    network.run()
    assert app.to("/d")[0]["DialCallSid"] == leg(network, ANNA).sid
    assert app.to("/d")[0]["DialCallDuration"] == "6"


def test_one_after_the_other_when_told_so() -> None:
    network, _, line = dialled(
        f"<Dial sequential='true' timeout='5'><Number>{BEN}</Number><Number>{ANNA}</Number></Dial>"
    )
    network.advance(8.9)
    assert leg(network, BEN).status == "no-answer"
    assert line.partner is None
    network.advance(0.2)
    assert line.partner is leg(network, ANNA)


@pytest.mark.parametrize(("ben", "status"), [("busy", "busy"), ("never", "no-answer")])
def test_of_several_failures_the_most_telling_is_told(ben: str, status: str) -> None:
    network, app = carrier({"/v": f"<Dial action='/d'><Number>{BEN}</Number><Sip>sip:x@y</Sip></Dial>", "/d": ""})
    network.line(BEN, behaviour=ben)
    network.line("sip:x@y", behaviour="unreachable")
    network.call(CALLER, NUMBER)
    network.run()
    assert app.to("/d")[0]["DialCallStatus"] == status


def test_the_caller_hangs_up_while_it_rings() -> None:
    network, app, line = dialled(f"<Dial action='/d'>{ANNA}</Dial>")
    network.advance(2)
    line.hang_up()
    network.run()
    assert leg(network, ANNA).status == "canceled"
    assert app.to("/d")[0]["CallStatus"] == "completed"
    assert app.to("/d")[0]["DialCallStatus"] in ("no-answer", "canceled")
    assert said(line) == []


def test_the_caller_hangs_up_while_they_talk() -> None:
    network, app, line = dialled(f"<Dial action='/d'>{ANNA}</Dial>")
    network.advance(9)
    line.hang_up()
    network.run()
    assert leg(network, ANNA).status == "completed"
    assert app.to("/d")[0]["DialCallStatus"] == "completed"
    assert app.to("/d")[0]["DialCallDuration"] == "5"


def test_a_star_ends_it_when_told_so() -> None:
    network, _, line = dialled(f"<Dial hangupOnStar='true'>{ANNA}</Dial>")
    network.advance(9)
    line.press("23")
    network.advance(1)
    assert line.partner is not None
    line.press("45*67")
    network.run()
    assert leg(network, ANNA).status == "completed"
    assert said(line) == ["next"]


def test_a_star_is_a_tone_otherwise() -> None:
    network, _, line = dialled(f"<Dial>{ANNA}</Dial>")
    network.advance(9)
    line.press("*")
    network.advance(1)
    assert line.partner is not None


def test_the_time_limit_runs_from_the_bridge() -> None:
    network, app, line = dialled(f"<Dial timeLimit='50' action='/d'>{ANNA}</Dial>")
    network.run_until(lambda: bool(app.to("/d")))
    assert at(network) == 54
    assert leg(network, ANNA).over
    assert not line.over


def test_the_call_is_answered_with_the_bridge_if_told_so() -> None:
    network, _, line = dialled(f"<Dial answerOnBridge='true'>{ANNA}</Dial>")
    network.advance(3.9)
    assert line.status == "ringing"
    network.advance(0.2)
    assert line.status == "in-progress"


@pytest.mark.parametrize(
    ("noun", "address"),
    [
        ("+1 (415) 886-7900", "+14158867900"),
        ("<Number>+1 415 8867900</Number>", "+14158867900"),
        ("<Client>anna</Client>", "client:anna"),
        ("<Client><Identity>anna</Identity><Parameter name='a' value='b'/></Client>", "client:anna"),
        ("<Sip>sip:a@h?x=foo</Sip>", "sip:a@h"),
        ("<!-- c -->+14158867900", "+14158867900"),
    ],
)
def test_who_is_called(noun: str, address: str) -> None:
    network, _, _ = dialled(f"<Dial callerId='+18005550100'>{noun}</Dial>")
    network.advance(1)
    assert leg(network, address).from_ == "+18005550100"


WRONG = [
    ("<Dial/>", 13215),
    ("<Dial>" + f"<Number>{ANNA}</Number>" * 11 + "</Dial>", 13215),
    ("<Dial>no number</Dial>", 13223),
    ("<Dial><Client></Client></Dial>", 13223),
    ("<Dial timeout='x'><Client>a</Client></Dial>", 13212),
    ("<Dial hangupOnStar='x'><Client>a</Client></Dial>", 13213),
    ("<Dial timeLimit='x'><Client>a</Client></Dial>", 13216),
    ("<Dial record='bogus'><Client>a</Client></Dial>", 13217),
    ("<Dial><Say>a</Say><Client>a</Client></Dial>", 13215),
    ("<Dial><Conference>r</Conference><Number>+1800555</Number></Dial>", 13000),
]


@pytest.mark.parametrize(("dial", "code"), WRONG)
def test_what_is_wrong_is_named(dial: str, code: int) -> None:
    network, _, _ = dialled(dial)
    network.advance(1)
    assert codes(network)[:1] == [code]


def test_a_client_who_calls_a_number_needs_a_caller_id() -> None:
    network, _ = carrier({"/v": f"<Dial>{ANNA}</Dial>"})
    network.call("client:ben", NUMBER)
    network.run()
    assert codes(network) == [13214]


# The document of a leg, before it is joined.


def test_the_leg_hears_its_document_before_it_is_joined() -> None:
    network, app, line = dialled(f"<Dial><Number url='/w'>{ANNA}</Number></Dial>", {"/w": "<Say>From the shop</Say>"})
    network.advance(4.1)
    anna = leg(network, ANNA)
    assert said(anna) == ["From the shop"]
    assert line.partner is None
    network.advance(2)
    assert line.partner is anna
    asked = app.to("/w")[0]
    assert asked["CallSid"] == anna.sid
    assert asked["ParentCallSid"] == line.sid
    assert (asked["Direction"], asked["CallStatus"]) == ("outbound-dial", "in-progress")


PRESS_1 = {"/w": "<Gather numDigits='1' action='/a'><Say>Press 1</Say></Gather><Hangup/>"}


@pytest.mark.parametrize(("keys", "bridged"), [("1", True), ("2", False), ("", False)])
def test_press_1_to_accept(keys: str, bridged: bool) -> None:
    answers = {"/a": lambda form: "" if form["Digits"] == "1" else "<Hangup/>"}
    network, app, line = dialled(f"<Dial action='/d'><Number url='/w'>{ANNA}</Number></Dial>", PRESS_1 | answers)
    network.line(ANNA, answers_after_s=2, keys=keys)
    network.advance(9)
    assert (line.partner is not None) is bridged
    leg(network, ANNA).hang_up()
    network.run()
    assert app.to("/d")[0]["DialBridged"] == str(bridged).lower()
    assert app.to("/d")[0]["DialCallStatus"] == "completed"


@pytest.mark.parametrize(("answer", "code"), [("<Dial>+1800555</Dial><Hangup/>", 13201), (Response("", 500), 11217)])
def test_a_leg_cannot_dial_and_a_broken_document_drops_it(answer: object, code: int) -> None:
    network, app, _ = dialled(f"<Dial action='/d'><Number url='/w'>{ANNA}</Number></Dial>", {"/w": answer})
    network.run()
    assert codes(network) == [code]
    assert app.to("/d")[0]["DialBridged"] == "false"


def test_the_others_stop_ringing_while_one_hears_its_document() -> None:
    dial = f"<Dial><Number url='/w'>{ANNA}</Number><Number>{BEN}</Number></Dial>"
    network, _, line = dialled(dial, {"/w": "<Pause length='5'/>"})
    network.advance(5)
    assert leg(network, BEN).status == "canceled"
    network.advance(5)
    assert line.partner is leg(network, ANNA)


def test_keys_are_sent_before_the_bridge() -> None:
    network, _, line = dialled(f"<Dial><Number sendDigits='wwww19'>{ANNA}</Number></Dial>")
    network.advance(6)
    assert line.partner is None
    network.advance(0.6)
    assert line.partner is leg(network, ANNA)


# Status callbacks.


def test_the_legs_events_are_told_in_order() -> None:
    events = "statusCallback='/cb' statusCallbackEvent='initiated ringing answered completed'"
    network, app, _ = dialled(f"<Dial><Number {events}>{ANNA}</Number></Dial>", {"/cb": ""})
    network.advance(10)
    leg(network, ANNA).hang_up()
    network.run()
    told = app.to("/cb")
    assert [each["CallStatus"] for each in told] == ["initiated", "ringing", "in-progress", "completed"]
    assert [each["SequenceNumber"] for each in told] == ["0", "1", "2", "3"]
    assert told[3]["CallDuration"] == "6"
    assert {each["CallSid"] for each in told} == {leg(network, ANNA).sid}
    assert told[3]["Timestamp"] == "Mon, 23 Nov 2026 09:00:10 +0000"


@pytest.mark.parametrize("behaviour", ["busy", "never"])
def test_by_default_only_the_end_is_told_whatever_it_is(behaviour: str) -> None:
    dial = f"<Dial><Number statusCallback='/cb' statusCallbackMethod='GET'>{ANNA}</Number></Dial>"
    network, app, _ = dialled(dial, {"/cb": ""})
    network.line(ANNA, behaviour=behaviour)
    network.run()
    assert [each["CallStatus"] for each in app.to("/cb")] == [{"busy": "busy", "never": "no-answer"}[behaviour]]
    assert [each.method for each in app.asked if each.path == "/cb"] == ["GET"]


def test_a_callback_answered_with_an_error_is_a_warning_and_no_more() -> None:
    network, _, line = dialled(f"<Dial><Number statusCallback='/cb'>{ANNA}</Number></Dial>", {"/cb": Response("", 500)})
    network.advance(5)
    leg(network, ANNA).hang_up()
    network.run()
    assert codes(network) == [15003]
    assert said(line) == ["next"]


@pytest.mark.parametrize(
    ("written", "channels"),
    [("true", "1"), ("record-from-answer", "1"), ("record-from-answer-dual", "2"), ("false", "")],
)
def test_the_conversation_is_recorded_when_told_so(written: str, channels: str) -> None:
    dial = f"<Dial action='/d' record='{written}' recordingStatusCallback='{HOST}/cb'>{ANNA}</Dial>"
    network, app, _ = dialled(dial, {"/cb": ""})
    network.advance(14)
    leg(network, ANNA).hang_up()
    network.run()
    assert [each["RecordingChannels"] for each in app.to("/cb")] == ([channels] if channels else [])
    assert app.to("/d")[0].get("RecordingDuration") == ("10" if channels else None)


def test_a_call_to_a_number_of_our_own_runs_that_numbers_document() -> None:
    network, _ = carrier({"/v": "<Dial>+18005550143</Dial><Say>next</Say>", "/own": "<Say>This is the other one</Say>"})
    network.number("+18005550143", f"{HOST}/own")
    line = network.call(CALLER, NUMBER)
    network.advance(9)
    other = next(each for each in network.calls.values() if each.direction == "inbound" and each is not line)
    assert said(other) == ["This is the other one"]
    assert said(line) == ["next"]
    assert all(each.over for each in network.calls.values())


@pytest.mark.parametrize(("strangers", "status"), [("never", "no-answer"), ("busy", "busy"), ("unreachable", "failed")])
def test_what_strangers_do_can_be_set(strangers: str, status: str) -> None:
    network, app, _ = ring({"/v": "<Dial timeout='3' action='/d'>+15550000</Dial>", "/d": ""}, strangers=strangers)
    network.run()
    assert app.to("/d")[0]["DialCallStatus"] == status


def test_a_person_who_does_something_unheard_of_is_refused() -> None:
    network, _ = carrier({})
    with pytest.raises(ValueError, match="answers, busy, rejects"):
        network.line(ANNA, behaviour="sings")


def test_what_was_recorded_before_rest_took_the_call_elsewhere_is_kept() -> None:
    network, app, line = dialled(f"<Dial action='/d' record='true'>{ANNA}</Dial>", {"/u": "<Say>Elsewhere</Say>"})
    network.advance(14)
    client = Client(network.account_sid, network.auth_token, http_client=network.rest_transport)
    client.calls(line.sid).update(url=f"{HOST}/u")
    network.advance(9)
    assert said(line) == ["Elsewhere"]
    assert app.to("/d") == []
    assert [each.duration_s for each in network.recordings.values()] == [10]
    assert leg(network, ANNA).over
