"""Cases F: Dial, with one and with many legs - see docs/twiml.md."""

from __future__ import annotations

import pytest
from twilio.rest import Client

from ivr.simulator.line import Line
from ivr.simulator.network import Network
from tests.ivr.simulator.tiny_app import CALLER, NUMBER, TinyApp, at, carrier, codes, ring, said

ANNA, BEN = "+18005550177", "+18005550178"
BOTH = f"<Number>{ANNA}</Number><Number>{BEN}</Number>"


def dialled(dial: str, anna: dict | None = None, ben: dict | None = None, **more: object):
    """A call that meets this Dial; Anna answers after 4 s and Ben after 6, unless told otherwise."""
    documents = {"/v": dial + "<Say>next</Say>", "/d": "<Say>after</Say>", "/cb": "", **more}
    network, app = carrier(documents)
    network.line(ANNA, **(anna or {"answers_after_s": 4}))
    network.line(BEN, **(ben or {"answers_after_s": 6}))
    return network, app, network.call(CALLER, NUMBER)


def leg(network: Network, to: str = ANNA) -> Line:
    return network.people[to].line


def posted(app: TinyApp, path: str = "/d") -> dict[str, str]:
    assert len(app.to(path)) == 1
    return app.to(path)[0]


def talk(network: Network, seconds: float, to: str = ANNA) -> None:
    """Let them talk for so long, then the other side hangs up."""
    network.run_until(lambda: bool(leg(network, to) and leg(network, to).partner))
    network.advance(seconds)
    leg(network, to).hang_up()
    network.run()


def test_f1_a_plain_number() -> None:
    """The text of Dial is called; without action the next verb runs after it."""
    network, _, line = dialled(f"<Dial>{ANNA}</Dial>")
    talk(network, 10)
    assert (said(line), leg(network).duration_s, leg(network).direction) == (["next"], 10, "outbound-dial")


@pytest.mark.parametrize(
    ("written", "called"),
    [
        ("+1 (415) 886-7900", "+14158867900"),
        ("415-886-7900", "+14158867900"),
        ("1 415 886 7900", "+14158867900"),
        ("<Number>\n +49 30 901820 </Number>", "+4930901820"),
        ("<Client>anna</Client>", "client:anna"),
        ("<Client><Identity>anna</Identity></Client>", "client:anna"),
        ("<Sip>\n sip:a@h.example\n</Sip>", "sip:a@h.example"),
        ("<WhatsApp>+14158867900</WhatsApp>", "whatsapp:+14158867900"),
    ],
)
def test_f2_what_can_be_called(written: str, called: str) -> None:
    """Numbers without their decoration, clients, SIP addresses."""
    network, _, _ = dialled(f"<Dial>{written}</Dial>")
    network.advance(1)
    assert leg(network, called).from_ == CALLER
    assert codes(network) == []


def test_f3_of_two_numbers_the_first_to_answer_wins() -> None:
    """The other is canceled; one bridge."""
    network, app, line = dialled(f"<Dial action='/d'>{BOTH}</Dial>", anna={"answers_after_s": 9})
    network.advance(7)
    assert line.partner is leg(network, BEN)
    network.advance(5)
    assert leg(network, ANNA).status == "canceled"
    talk(network, 1, BEN)
    assert posted(app)["DialCallSid"] == leg(network, BEN).sid


def test_f4_the_leg_has_a_call_of_its_own() -> None:
    """Its own SID and its caller as parent; the two talk to each other."""
    network, _, line = dialled(f"<Dial>{ANNA}</Dial>")
    network.advance(5)
    assert leg(network).sid != line.sid
    assert (leg(network).parent, leg(network).partner, line.partner) == (line, line, leg(network))


def test_f5_sip_headers_and_credentials_are_passed_on() -> None:
    """`sip:a@h?x=foo&y=bar`, username: the leg has both, the address is bare."""
    sip = "<Sip username='anna' password='geheim'>sip:a@h.example?x=foo&amp;y=bar</Sip>"
    network, app, _ = dialled(f"<Dial action='/d'>{sip}</Dial>")
    network.line("sip:a@h.example")
    network.advance(1)
    assert leg(network, "sip:a@h.example").told == {"x": "foo", "y": "bar", "username": "anna"}
    network.run()
    assert posted(app)["DialSipResponseCode"] in ("200", "487")


def test_f6_the_action_after_a_talk() -> None:
    """23.7 s: completed, the leg's SID, 23; the next verb is not run."""
    network, app, line = dialled(f"<Dial action='/d'>{ANNA}</Dial>")
    talk(network, 23.7)
    asked = posted(app)
    assert (asked["DialCallStatus"], asked["DialCallDuration"], asked["DialBridged"]) == ("completed", "23", "true")
    assert (asked["DialCallSid"], asked["CallSid"]) == (leg(network).sid, line.sid)
    assert said(line) == ["after"]


def test_f7_the_action_after_two_legs() -> None:
    """One talked for 25 s, one did not answer: the SID of the one, 25."""
    network, app, _ = dialled(f"<Dial action='/d'>{BOTH}</Dial>", anna={"behaviour": "never"})
    talk(network, 25, BEN)
    assert (posted(app)["DialCallSid"], posted(app)["DialCallDuration"]) == (leg(network, BEN).sid, "25")


@pytest.mark.parametrize(
    ("person", "status", "when"),
    [
        ({"behaviour": "busy"}, "busy", 0),
        ({"behaviour": "rejects", "answers_after_s": 3}, "busy", 3),
        ({"behaviour": "never"}, "no-answer", 30),
        ({"behaviour": "unreachable"}, "failed", 0),
    ],
)
def test_f8_what_may_come_of_it(person: dict, status: str, when: float) -> None:
    """busy, no-answer after 30 s by default, failed; not bridged, duration 0."""
    network, app, _line = dialled(f"<Dial action='/d'>{ANNA}</Dial>", anna=person)
    network.run_until(lambda: bool(app.to("/d")))
    asked = posted(app)
    assert (asked["DialCallStatus"], asked["DialBridged"], asked["DialCallDuration"]) == (status, "false", "0")
    assert (asked["CallStatus"], at(network)) == ("in-progress", when)


@pytest.mark.parametrize(("timeout", "number"), [(10, 9), (2, 10)])
def test_f9_f10_nobody_answers_in_time(timeout: int, number: int) -> None:
    """F9 timeout=10: no-answer at 10; F10 timeout=2: the action's document runs."""
    network, app, line = dialled(f"<Dial action='/d' timeout='{timeout}'>{ANNA}</Dial>", anna={"behaviour": "never"})
    network.run_until(lambda: bool(app.to("/d")))
    assert (at(network), posted(app)["DialCallStatus"]) == (timeout, "no-answer")
    network.run()
    assert (said(line), leg(network).status) == (["after"], "no-answer")


def test_f11_the_time_limit_runs_from_the_bridge() -> None:
    """timeLimit=50: ended at 54, the caller stays."""
    network, app, line = dialled(f"<Dial action='/d' timeLimit='50'>{ANNA}</Dial>")
    network.run_until(lambda: bool(app.to("/d")))
    assert (at(network), posted(app)["DialCallDuration"], line.over) == (54, "50", False)


def test_f12_hangup_on_star() -> None:
    """`*` ends the leg and the document goes on; without it a star is a tone."""
    for written, ends in (("hangupOnStar='true'", True), ("", False)):
        network, _, line = dialled(f"<Dial {written}>{ANNA}</Dial>")
        network.advance(10)
        line.press("*")
        network.advance(1)
        assert leg(network).over is ends


def test_f13_a_client_who_is_not_there() -> None:
    """failed, duration 0, CallStatus=in-progress."""
    network, app = carrier({"/v": "<Dial action='/d'><Client>nobody</Client></Dial>", "/d": ""}, clients="unreachable")
    network.call(CALLER, NUMBER)
    network.run()
    asked = posted(app)
    assert (asked["DialCallStatus"], asked["DialCallDuration"], asked["CallStatus"]) == ("failed", "0", "in-progress")


def test_f14_a_client_is_told_parameters() -> None:
    """`<Client><Identity/><Parameter/></Client>`."""
    client = "<Client><Identity>anna</Identity><Parameter name='order' value='4711'/></Client>"
    network, _, _ = dialled(f"<Dial>{client}</Dial>")
    network.advance(1)
    assert leg(network, "client:anna").told == {"order": "4711"}


def test_f15_the_caller_is_shown_to_the_callee() -> None:
    """By default the caller's number; callerId instead, if given."""
    for written, shown in (("", CALLER), (f"callerId='{NUMBER}'", NUMBER), ("callerId=''", CALLER)):
        network, _, _ = dialled(f"<Dial {written}>{ANNA}</Dial>")
        network.advance(1)
        assert leg(network).from_ == shown


def test_f16_a_client_who_calls_a_number_needs_a_caller_id() -> None:
    """13214, failed; with callerId it is called."""
    for written, code in (("", [13214]), (f"callerId='{NUMBER}'", [])):
        network, app = carrier({"/v": f"<Dial action='/d' {written}>{ANNA}</Dial>", "/d": ""})
        network.call("client:ben", NUMBER)
        network.run()
        assert codes(network) == code
        assert (posted(app)["DialCallStatus"] == "failed") is bool(code)


def test_f17_the_callee_hangs_up() -> None:
    """completed; the caller stays and hears the action's document."""
    network, app, line = dialled(f"<Dial action='/d'>{ANNA}</Dial>")
    talk(network, 5)
    assert (posted(app)["DialCallStatus"], posted(app)["CallStatus"]) == ("completed", "in-progress")
    assert (said(line), line.ended_by, leg(network).ended_by) == (["after"], "app", "callee")


def test_f18_the_caller_hangs_up_while_they_talk() -> None:
    """The leg ends; the action is told, its answer ignored."""
    network, app, line = dialled(f"<Dial action='/d'>{ANNA}</Dial>")
    network.advance(9)
    line.hang_up()
    network.run()
    asked = posted(app)
    assert (asked["CallStatus"], asked["DialCallStatus"], asked["DialCallDuration"]) == ("completed", "completed", "5")
    assert (leg(network).status, said(line)) == ("completed", [])


def test_f19_the_caller_hangs_up_while_it_rings() -> None:
    """The leg is canceled; the action says CallStatus=completed, no-answer or canceled; the next verb is not run."""
    network, app, line = dialled(f"<Dial action='/d'>{ANNA}</Dial>")
    network.advance(2)
    line.hang_up()
    network.run()
    assert leg(network).status == "canceled"
    assert posted(app)["CallStatus"] == "completed"
    assert posted(app)["DialCallStatus"] in ("no-answer", "canceled")
    assert said(line) == []


def test_f20_a_ring_timeout_is_no_answer() -> None:
    """F20b: Twilio says no-answer (Restcomm canceled), and nothing of a ring's duration."""
    network, app, _ = dialled(f"<Dial action='/d' timeout='9'>{ANNA}</Dial>", anna={"behaviour": "never"})
    network.run()
    assert posted(app)["DialCallStatus"] == "no-answer"
    assert "DialRingDuration" not in posted(app)


def test_f21_a_queue_or_conference_stands_alone() -> None:
    """13000."""
    network, _, _ = dialled(f"<Dial><Conference>r</Conference><Number>{ANNA}</Number></Dial>")
    network.advance(1)
    assert codes(network) == [13000]


BAD = [
    ("<Dial/>", 13215),
    ("<Dial>nobody</Dial>", 13223),
    ("<Dial><Say>x</Say><Client>a</Client></Dial>", 13215),
    ("<Dial method='PUT'><Client>a</Client></Dial>", 13210),
    ("<Dial timeout='x'><Client>a</Client></Dial>", 13212),
    ("<Dial hangupOnStar='x'><Client>a</Client></Dial>", 13213),
    (f"<Dial callerId='me'>{ANNA}</Dial>", 13214),
    ("<Dial timeLimit='0'><Client>a</Client></Dial>", 13216),
    ("<Dial sequential='x'><Client>a</Client></Dial>", 13218),
    ("<Dial answerOnBridge='x'><Client>a</Client></Dial>", 13219),
    ("<Dial ringTone='loud'><Client>a</Client></Dial>", 13220),
    ("<Dial><Client method='PUT'>a</Client></Dial>", 13221),
    (f"<Dial><Number sendDigits='x'>{ANNA}</Number></Dial>", 13222),
    ("<Dial recordingStatusCallbackMethod='PUT'><Client>a</Client></Dial>", 13256),
    ("<Dial colour='red'><Client>a</Client></Dial>", 12200),
    ("<Dial><Sip>a@h</Sip></Dial>", 13223),
]


@pytest.mark.parametrize(("dial", "code"), BAD)
def test_f22_what_is_wrong_has_its_number(dial: str, code: int) -> None:
    """Each attribute its own."""
    network, _, _ = dialled(dial)
    network.advance(1)
    assert codes(network) == [code]


def test_f23_no_action_of_its_own() -> None:
    """Unlike Gather's, Dial's default is none: the current URL is not asked again."""
    network, app, _ = dialled(f"<Dial>{ANNA}</Dial>", anna={"behaviour": "busy"})
    network.run()
    assert app.paths() == ["/v"]


def test_f24_a_number_of_the_account_is_two_legs() -> None:
    """The dialled leg and an inbound one that runs that number's document."""
    network, app = carrier({"/v": "<Dial action='/d'>+18005550143</Dial>", "/d": "", "/w": "<Say>shop</Say><Pause/>"})
    network.number("+18005550143", "https://a.test/w")
    line = network.call(CALLER, NUMBER)
    network.run()
    outbound, inbound = (each for each in network.calls.values() if each is not line)
    assert (outbound.direction, inbound.direction, inbound.from_) == ("outbound-dial", "inbound", CALLER)
    assert said(inbound) == ["shop"]
    assert posted(app)["DialCallStatus"] == "completed"


def test_f25_keys_sent_to_a_number_of_the_account_arrive_there() -> None:
    """sendDigits on the one leg answers a Gather on the other."""
    network, app = carrier(
        {
            "/v": "<Dial><Number sendDigits='ww7'>+18005550143</Number></Dial>",
            "/w": "<Gather numDigits='1' action='/g'/>",
            "/g": "<Pause length='9'/>",
        }
    )
    network.number("+18005550143", "https://a.test/w")
    network.call(CALLER, NUMBER)
    network.run()
    assert posted(app, "/g")["Digits"] == "7"


def test_f45_a_number_that_dials_itself() -> None:
    """Ten deep, then 13224 and failed: no endless call."""
    network, _ = carrier({"/v": f"<Dial>{NUMBER}</Dial>"})
    network.call(CALLER, NUMBER)
    network.run()
    assert codes(network) == [13224]
    assert len(network.calls) == 22
    assert all(each.over for each in network.calls.values())


def test_f26_a_callee_who_hangs_up_at_once() -> None:
    """completed, bridged, duration 0."""
    network, app, _ = dialled(f"<Dial action='/d'>{ANNA}</Dial>")
    talk(network, 0)
    assert (posted(app)["DialCallStatus"], posted(app)["DialCallDuration"]) == ("completed", "0")


def test_f27_a_star_in_a_burst() -> None:
    """`23*45` ends at the star."""
    network, _, line = dialled(f"<Dial hangupOnStar='true'>{ANNA}</Dial>")
    network.advance(9)
    line.press("23*45")
    network.run()
    assert (leg(network).status, said(line)) == ("completed", ["next"])


def test_f28_answered_at_once_without_answer_on_bridge() -> None:
    """The inbound call is answered when Dial begins."""
    network, _, line = dialled(f"<Dial>{ANNA}</Dial>")
    network.advance(1)
    assert line.status == "in-progress"


def test_f29_answer_on_bridge() -> None:
    """Answered when the callee answers at 8, not before; after no answer the caller was never answered."""
    network, _, line = dialled(f"<Dial answerOnBridge='true'>{ANNA}</Dial>", anna={"answers_after_s": 8})
    network.advance(7.9)
    assert line.status == "ringing"
    network.advance(0.2)
    assert line.status == "in-progress"
    network, _, line = ring(
        {"/v": "<Dial answerOnBridge='true' timeout='5'><Client>x</Client></Dial>"}, clients="never"
    )
    network.run()
    assert (line.status, line.answered_at) == ("no-answer", None)


def test_f30_all_legs_busy() -> None:
    """busy."""
    network, app, _ = dialled(f"<Dial action='/d'>{BOTH}</Dial>", anna={"behaviour": "busy"}, ben={"behaviour": "busy"})
    network.run()
    assert posted(app)["DialCallStatus"] == "busy"


def test_f31_one_leg_fails_and_the_other_answers() -> None:
    """Bridged to the other."""
    network, _app, line = dialled(f"<Dial action='/d'>{BOTH}</Dial>", anna={"behaviour": "unreachable"})
    network.advance(7)
    assert line.partner is leg(network, BEN)


@pytest.mark.parametrize(
    ("anna", "ben", "status"),
    [("busy", "never", "busy"), ("unreachable", "never", "no-answer"), ("unreachable", "busy", "busy")],
)
def test_f32_of_several_failures_the_most_telling(anna: str, ben: str, status: str) -> None:
    """Busy before no-answer before failed."""
    network, app, _ = dialled(f"<Dial action='/d'>{BOTH}</Dial>", anna={"behaviour": anna}, ben={"behaviour": ben})
    network.run()
    assert posted(app)["DialCallStatus"] == status


def test_f33_after_a_conference() -> None:
    """DialCallStatus=answered, no SID and no duration."""
    network, app, line = dialled("<Dial action='/d' hangupOnStar='true'><Conference>r</Conference></Dial>")
    network.advance(5)
    line.press("*")
    network.run()
    assert posted(app)["DialCallStatus"] == "answered"
    assert not {"DialCallSid", "DialCallDuration"} & set(posted(app))


def recorded(way: str, seconds: float = 20) -> tuple[Network, TinyApp, dict[str, str]]:
    network, app, _ = dialled(f"<Dial action='/d' record='{way}' recordingStatusCallback='/cb'>{ANNA}</Dial>")
    talk(network, seconds)
    return network, app, posted(app)


def test_f35_a_talk_is_recorded() -> None:
    """record-from-answer: the action has RecordingUrl; the callback DialVerb, one channel."""
    _, app, asked = recorded("record-from-answer")
    told = posted(app, "/cb")
    assert (told["RecordingSource"], told["RecordingChannels"], told["RecordingDuration"]) == ("DialVerb", "1", "20")
    assert (asked["RecordingUrl"], asked["RecordingSid"]) == (told["RecordingUrl"], told["RecordingSid"])


@pytest.mark.parametrize(("way", "duration"), [("true", "20"), ("record-from-ringing", "24")])
def test_f36_ways_to_record(way: str, duration: str) -> None:
    """true is from the answer, false is not at all; anything else 13217."""
    assert recorded(way)[2]["RecordingDuration"] == duration
    assert "RecordingUrl" not in recorded("false")[2]
    network, _, asked = recorded("bogus")
    assert codes(network) == [13217]
    assert "RecordingUrl" not in asked


@pytest.mark.parametrize("way", ["record-from-answer-dual", "record-from-ringing-dual"])
def test_f37_two_channels(way: str) -> None:
    """...-dual: RecordingChannels=2."""
    assert posted(recorded(way)[1], "/cb")["RecordingChannels"] == "2"


def test_f38_at_most_ten_at_once() -> None:
    """Eleven Numbers: 13215, failed."""
    numbers = "".join(f"<Number>+1800555{n:04}</Number>" for n in range(11))
    network, app, _ = dialled(f"<Dial action='/d'>{numbers}</Dial>")
    network.run()
    assert (codes(network), posted(app)["DialCallStatus"]) == ([13215], "failed")


def test_f39_the_action_may_be_the_voice_url() -> None:
    """DialCallStatus in the second request tells the two apart."""
    again = {"/v": lambda form: "<Say>bye</Say>" if "DialCallStatus" in form else f"<Dial action='/v'>{ANNA}</Dial>"}
    network, app = carrier(again)
    network.line(ANNA)
    line = network.call(CALLER, NUMBER)
    talk(network, 3)
    assert (len(app.asked), said(line)) == (2, ["bye"])


def test_f40_nothing_after_the_dial() -> None:
    """The callee hangs up: the caller is hung up on."""
    network, _ = carrier({"/v": f"<Dial>{ANNA}</Dial>"})
    network.line(ANNA)
    line = network.call(CALLER, NUMBER)
    talk(network, 3)
    assert (line.status, line.ended_by) == ("completed", "app")


def test_f41_several_apps_on_several_numbers() -> None:
    """Each number asks its own URL; calls run side by side."""
    network, _app = carrier({"/v": "<Say>one</Say>", "/w": "<Say>two</Say>"})
    network.number("+18005550143", "https://b.test/w")
    first, second = network.call(CALLER, NUMBER), network.call(ANNA, "+18005550143")
    network.run()
    assert (said(first), said(second)) == (["one"], ["two"])


def test_f43_rest_takes_the_callee_elsewhere() -> None:
    """A warm transfer: the leg goes on in its new document, the caller's action in its own; both meet again."""
    room = "<Dial><Conference>r</Conference></Dial>"
    network, app, line = dialled(f"<Dial action='/d'>{ANNA}</Dial>", **{"/d": room, "/u": room})
    network.advance(9)
    client = Client(network.account_sid, network.auth_token, http_client=network.rest_transport)
    client.calls(leg(network).sid).update(url="https://a.test/u")
    network.advance(5)
    asked = posted(app)
    assert (asked["DialCallStatus"], "DialCallDuration" in asked) == ("completed", False)
    assert line.conference is leg(network).conference is not None
    line.hang_up()
    network.advance(1)
    assert not leg(network).over


def test_f44_rest_takes_the_caller_elsewhere() -> None:
    """The leg has no document of its own and ends; no action."""
    network, app, line = dialled(f"<Dial action='/d'>{ANNA}</Dial>", **{"/u": "<Say>elsewhere</Say>"})
    network.advance(9)
    client = Client(network.account_sid, network.auth_token, http_client=network.rest_transport)
    client.calls(line.sid).update(url="https://a.test/u")
    network.run()
    assert (said(line), app.to("/d"), leg(network).status) == (["elsewhere"], [], "completed")


def test_f42_sequential() -> None:
    """The second rings after the first one's timeout."""
    network, _, line = dialled(
        f"<Dial sequential='true' timeout='5'>{BOTH}</Dial>", {"behaviour": "never"}, {"answers_after_s": 2}
    )
    network.advance(4.9)
    assert leg(network, BEN) is None
    network.advance(0.2)
    assert (leg(network).status, leg(network, BEN).status) == ("no-answer", "ringing")
    network.advance(7)
    assert line.partner is leg(network, BEN)
