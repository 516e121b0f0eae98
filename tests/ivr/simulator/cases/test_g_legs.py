"""Cases G: the documents of dialled legs, and their callbacks - see docs/twiml.md."""

from __future__ import annotations

import pytest
from twilio.rest import Client
from werkzeug.wrappers import Response

from ivr.simulator.line import Line
from ivr.simulator.network import Network
from tests.ivr.simulator.tiny_app import CALLER, HOST, NUMBER, TinyApp, carrier, codes, said

ANNA = "+18005550177"
FOUR = "statusCallbackEvent='initiated ringing answered completed'"


def dialled(number: str, documents: dict | None = None, **anna: object) -> tuple[Network, TinyApp, Line]:
    """A call that dials Anna with these attributes on Number; she answers after 4 s, unless told otherwise."""
    dial = f"<Dial action='/d'><Number {number}>{ANNA}</Number></Dial><Say>next</Say>"
    network, app = carrier({"/v": dial, "/d": "<Say>after</Say>", "/c": "", **(documents or {})})
    network.line(ANNA, **(anna or {"answers_after_s": 4}))
    return network, app, network.call(CALLER, NUMBER)


def leg(network: Network) -> Line:
    return network.people[ANNA].line


def posted(app: TinyApp, path: str = "/d") -> dict[str, str]:
    assert len(app.to(path)) == 1
    return app.to(path)[0]


def end(network: Network) -> None:
    leg(network).hang_up()
    network.run()


def test_g1_the_legs_document() -> None:
    """POST /w for the leg, run on the callee; then they are bridged."""
    network, app, line = dialled("url='/w'", {"/w": "<Say>From the shop</Say>"})
    network.advance(4.1)
    assert (said(leg(network)), said(line), line.partner) == (["From the shop"], [], None)
    network.advance(2)
    assert line.partner is leg(network)
    asked = posted(app, "/w")
    assert (asked["CallSid"], asked["ParentCallSid"]) == (leg(network).sid, line.sid)
    assert (asked["Direction"], asked["CallStatus"], asked["To"]) == ("outbound-dial", "in-progress", ANNA)


def test_g2_an_empty_document_bridges() -> None:
    """`<Response/>`."""
    network, _, line = dialled("url='/w'", {"/w": ""})
    network.advance(5)
    assert line.partner is leg(network)


PRESS_1 = {
    "/w": "<Gather numDigits='1' action='/a'><Say>Press 1</Say></Gather><Hangup/>",
    "/a": lambda form: "" if form["Digits"] == "1" else "<Hangup/>",
}


@pytest.mark.parametrize(("keys", "bridged"), [("1", True), ("2", False), ("", False)])
def test_g3_g4_press_1_to_accept(keys: str, bridged: bool) -> None:
    """G3 accepted: bridged; G4 another key or none: not bridged."""
    network, app, line = dialled("url='/w'", PRESS_1, answers_after_s=2, keys=keys)
    network.advance(9)
    assert (line.partner is not None) is bridged
    end(network)
    assert posted(app)["DialBridged"] == str(bridged).lower()


def test_g5_a_hangup_in_it_declines() -> None:
    """Not bridged: DialCallStatus=completed, DialBridged=false."""
    network, app, _ = dialled("url='/w'", {"/w": "<Hangup/>"})
    network.run()
    assert (posted(app)["DialCallStatus"], posted(app)["DialBridged"]) == ("completed", "false")


def test_g6_a_redirect_in_it_is_followed() -> None:
    """To a second document of the leg."""
    network, _, line = dialled("url='/w'", {"/w": "<Redirect>/x</Redirect>", "/x": "<Say>x</Say>"})
    network.advance(8)
    assert said(leg(network)) == ["x"]
    assert line.partner is leg(network)


def test_g7_a_dial_in_it_is_refused() -> None:
    """13201."""
    network, _, _line = dialled("url='/w'", {"/w": "<Dial>+18005550179</Dial>"})
    network.advance(8)
    assert codes(network) == [13201]
    assert "+18005550179" not in network.people


def test_g8_a_broken_document_drops_the_callee() -> None:
    """500: not bridged."""
    network, app, _ = dialled("url='/w'", {"/w": Response("", 500)})
    network.run()
    assert (codes(network), posted(app)["DialBridged"]) == ([11217], "false")


def test_g9_the_callee_hangs_up_in_it() -> None:
    """The Dial ends, not bridged."""
    network, app, line = dialled("url='/w'", {"/w": "<Pause length='20'/>"})
    network.advance(9)
    end(network)
    assert posted(app)["DialBridged"] == "false"
    assert said(line) == ["after"]


def test_g10_keys_are_sent_before_the_bridge() -> None:
    """`wwww1928`: two seconds, then the tones, then they talk."""
    network, _, line = dialled("sendDigits='wwww1928'")
    network.advance(6.5)
    assert line.partner is None
    network.advance(1)
    assert line.partner is leg(network)
    assert [(each.kind, each.text) for each in leg(network).heard] == [("tones", "wwww1928")]


def test_g11_one_callback_by_default() -> None:
    """completed only."""
    network, app, _ = dialled("statusCallback='/c'")
    network.advance(9)
    end(network)
    assert posted(app, "/c")["CallStatus"] == "completed"


def test_g12_all_four_events() -> None:
    """initiated, ringing, in-progress, completed, numbered from 0, with the times."""
    network, app, line = dialled(f"statusCallback='/c' {FOUR}")
    network.advance(10)
    end(network)
    told = app.to("/c")
    assert [each["CallStatus"] for each in told] == ["initiated", "ringing", "in-progress", "completed"]
    assert [each["SequenceNumber"] for each in told] == ["0", "1", "2", "3"]
    assert {each["CallbackSource"] for each in told} == {"call-progress-events"}
    assert {each["ParentCallSid"] for each in told} == {line.sid}
    assert (told[3]["CallDuration"], told[3]["Duration"]) == ("6", "1")
    assert told[3]["Timestamp"] == "Mon, 23 Nov 2026 09:00:10 +0000"


@pytest.mark.parametrize(
    ("events", "seen"), [("answered", ["in-progress"]), ("ringing completed", ["ringing", "completed"])]
)
def test_g13_chosen_events(events: str, seen: list[str]) -> None:
    """Only those."""
    network, app, _ = dialled(f"statusCallback='/c' statusCallbackEvent='{events}'")
    network.advance(9)
    end(network)
    assert [each["CallStatus"] for each in app.to("/c")] == seen


def test_g14_an_unknown_event_is_warned_of() -> None:
    """12200, and completed holds."""
    network, app, _ = dialled("statusCallback='/c' statusCallbackEvent='started'")
    network.advance(9)
    end(network)
    assert codes(network) == [12200]
    assert posted(app, "/c")["CallStatus"] == "completed"


@pytest.mark.parametrize(("behaviour", "code"), [("busy", "486"), ("never", "487"), ("unreachable", "404")])
def test_g15_sip_codes(behaviour: str, code: str) -> None:
    """486 busy, 487 no answer."""
    network, app, _ = dialled("statusCallback='/c'", behaviour=behaviour)
    network.run()
    assert posted(app, "/c")["SipResponseCode"] == code


@pytest.mark.parametrize(
    ("behaviour", "events"),
    [("busy", ["initiated", "ringing", "busy"]), ("unreachable", ["initiated", "failed"])],
)
def test_g23_what_never_rings_is_not_said_to(behaviour: str, events: list[str]) -> None:
    """busy: initiated, ringing, busy (0, 1, 2); failed: initiated, failed."""
    network, app, _ = dialled(f"statusCallback='/c' {FOUR}", behaviour=behaviour)
    network.run()
    assert [each["CallStatus"] for each in app.to("/c")] == events
    assert [each["SequenceNumber"] for each in app.to("/c")] == [str(n) for n in range(len(events))]
    assert (app.to("/c")[-1]["Duration"], app.to("/c")[-1]["CallDuration"]) == ("0", "0")


def test_g16_a_callback_by_get() -> None:
    """In the query."""
    network, app, _ = dialled("statusCallback='/c?y=2' statusCallbackMethod='GET'")
    network.advance(9)
    end(network)
    (asked,) = [each for each in app.asked if each.path == "/c"]
    assert (asked.method, asked.params["y"], asked.params["CallStatus"]) == ("GET", "2", "completed")
    assert asked.signed


def test_g17_each_leg_has_its_own_callback() -> None:
    """Two Numbers with two URLs; the one that lost is canceled."""
    dial = f"<Number statusCallback='/c'>{ANNA}</Number><Number statusCallback='/e'>+18005550178</Number>"
    network, app = carrier({"/v": f"<Dial>{dial}</Dial>", "/c": "", "/e": ""})
    network.line(ANNA, answers_after_s=2)
    network.line("+18005550178", answers_after_s=9)
    network.call(CALLER, NUMBER)
    network.advance(5)
    end(network)
    assert (posted(app, "/c")["CallStatus"], posted(app, "/e")["CallStatus"]) == ("completed", "canceled")


def test_g24_the_others_stop_ringing_while_one_hears_its_document() -> None:
    """The first to pick up wins, before it is bridged."""
    dial = f"<Number url='/w'>{ANNA}</Number><Number>+18005550178</Number>"
    network, _ = carrier({"/v": f"<Dial>{dial}</Dial>", "/w": "<Pause length='9'/>"})
    network.line(ANNA, answers_after_s=2)
    network.line("+18005550178", answers_after_s=5)
    line = network.call(CALLER, NUMBER)
    network.advance(6)
    assert network.people["+18005550178"].line.status == "canceled"
    network.advance(6)
    assert line.partner is leg(network)


def test_g18_the_callbacks_answer_is_not_run() -> None:
    """Whatever it says."""
    network, _, line = dialled("statusCallback='/c'", {"/c": "<Say>no</Say>"})
    network.advance(9)
    end(network)
    assert said(leg(network)) == []
    assert said(line) == ["after"]


def test_g19_callbacks_of_rest_and_of_a_noun_are_two_series() -> None:
    """Four events each, of two calls."""
    network, app = carrier(
        {"/u": f"<Dial><Number statusCallback='/c' {FOUR}>{ANNA}</Number></Dial>", "/c": "", "/e": ""}
    )
    network.line(ANNA, answers_after_s=2)
    network.line(CALLER, answers_after_s=2)
    Client(network.account_sid, network.auth_token, http_client=network.rest_transport).calls.create(
        to=CALLER,
        from_=NUMBER,
        url=f"{HOST}/u",
        status_callback=f"{HOST}/e",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    network.advance(9)
    end(network)
    for path, call in (("/c", leg(network)), ("/e", network.people[CALLER].line)):
        assert [each["SequenceNumber"] for each in app.to(path)] == ["0", "1", "2", "3"]
        assert {each["CallSid"] for each in app.to(path)} == {call.sid}


def test_g20_a_callback_answered_500_is_warned_of() -> None:
    """15003; the call is not affected."""
    network, _app, line = dialled("statusCallback='/c'", {"/c": Response("", 500)})
    network.advance(9)
    end(network)
    assert codes(network) == [15003]
    assert said(line) == ["after"]


@pytest.mark.parametrize(("behaviour", "status"), [("never", "no-answer"), ("busy", "busy"), ("unreachable", "failed")])
def test_g21_completed_is_told_of_failures_too(behaviour: str, status: str) -> None:
    """By default, with CallStatus as it ended."""
    network, app, _ = dialled("statusCallback='/c'", behaviour=behaviour)
    network.run()
    assert posted(app, "/c")["CallStatus"] == status


@pytest.mark.parametrize(
    ("behaviour", "detection", "answered_by"),
    [
        ("answers", "Enable", "human"),
        ("voicemail", "Enable", "machine_start"),
        ("voicemail", "DetectMessageEnd", "machine_end_beep"),
    ],
)
def test_g22_a_machine_is_detected(behaviour: str, detection: str, answered_by: str) -> None:
    """machineDetection: amdStatusCallback with AnsweredBy; the talk does not wait for it."""
    network, app, line = dialled(
        f"machineDetection='{detection}' amdStatusCallback='/amd'", {"/amd": ""}, behaviour=behaviour, answers_after_s=4
    )
    network.advance(4.1)
    assert line.partner is leg(network)
    network.advance(20)
    assert (posted(app, "/amd")["AnsweredBy"], posted(app, "/amd")["CallSid"]) == (answered_by, leg(network).sid)
