"""Cases K: Connect, Start, Stop, Refer, Sms and Pay - see docs/twiml.md."""

from __future__ import annotations

import json

import pytest
from twilio.rest import Client

from ivr.simulator.line import Line
from ivr.simulator.network import Network
from tests.ivr.simulator.tiny_app import CALLER, HOST, NUMBER, TinyApp, at, carrier, codes, ring, said

WSS = "wss://s.test/stream"


def played(document: str, **more: object) -> tuple[Network, TinyApp, Line]:
    documents = {"/v": document, "/c": "", "/a": "<Say>after</Say>"} | {f"/{path}": each for path, each in more.items()}
    network, app, line = ring(documents)
    network.advance(0)
    return network, app, line


def test_k1_a_stream_holds_the_call_until_the_server_closes() -> None:
    """`<Connect><Stream>`; then the next verb."""
    network, _, line = played(f"<Connect><Stream url='{WSS}'/></Connect><Say>next</Say><Pause length='9'/>")
    network.advance(60)
    assert (line.state, said(line), len(line.streams)) == ("connected", [], 1)
    line.close_stream()
    network.advance(5)
    assert (said(line), line.over, line.streams) == (["next"], False, [])


def test_k2_the_action_of_connect() -> None:
    """Asked when the server has closed; what follows is not run."""
    network, app, line = played(f"<Connect action='/a'><Stream url='{WSS}'/></Connect><Say>no</Say>")
    line.close_stream()
    network.run()
    assert (len(app.to("/a")), said(line)) == (1, ["after"])


@pytest.mark.parametrize("noun", ["Room", "Conversation", "Autopilot"])
def test_k3_a_noun_that_cannot_be_connected(noun: str) -> None:
    """Refused by name; the next verb."""
    network, _, line = played(f"<Connect><{noun}>x</{noun}></Connect><Say>next</Say>")
    network.run()
    assert codes(network) == [12200]
    assert noun in next(each.text for each in network.trace if each.kind == "error")
    assert said(line) == ["next"]


@pytest.mark.parametrize(
    ("url", "code"), [("ws://s.test", 31922), ("https://s.test", 31922), ("", 31923), ("s.test/x", 31923)]
)
@pytest.mark.parametrize("verb", ["Start", "Connect"])
def test_k4_a_streams_url(verb: str, url: str, code: int) -> None:
    """Only wss://: ws:// and https:// 31922, none 31923."""
    network, _, line = played(f"<{verb}><Stream url='{url}'/></{verb}><Say>next</Say>")
    network.run()
    assert (codes(network), said(line), line.streams) == ([code], ["next"], [])


@pytest.mark.parametrize("parameter", ["name='a'", "value='b'", "name='' value='b'", f"name='a' value='{'x' * 500}'"])
def test_k5_a_parameter_without_name_or_value(parameter: str) -> None:
    """12200; skipped."""
    good = "<Parameter name='order' value='4711'/>"
    network, _, line = played(f"<Connect><Stream url='{WSS}'><Parameter {parameter}/>{good}</Stream></Connect>")
    assert codes(network) == [12200]
    assert line.streams[0].parameters == {"order": "4711"}


def test_k6_another_child_of_a_stream() -> None:
    """12200; skipped."""
    network, _, line = played(f"<Start><Stream url='{WSS}'><Say>x</Say></Stream></Start><Say>next</Say>")
    network.run()
    assert (codes(network), said(line)) == ([12200], ["next"])


def test_k7_start_as_the_last_verb_ends_the_call() -> None:
    """`<Start>` does not wait."""
    network, _, line = played(f"<Start><Stream url='{WSS}'/></Start>")
    network.run()
    assert (at(network), line.status) == (0, "completed")


def test_k8_start_recording() -> None:
    """Source StartCallRecordingTwiML, two channels, until the call ends."""
    recording = f"<Start><Recording recordingStatusCallback='{HOST}/c'/></Start>"
    network, app, line = played(recording + "<Dial>+18005550177</Dial>")
    network.advance(20)
    line.hang_up()
    network.run()
    (told,) = app.to("/c")
    assert (told["RecordingSource"], told["RecordingChannels"]) == ("StartCallRecordingTwiML", "2")
    assert told["RecordingDuration"] == "20"


def test_k9_start_recording_needs_an_absolute_callback() -> None:
    """Relative: 11200, and it is not asked."""
    network, app, _ = played("<Start><Recording recordingStatusCallback='/c'/></Start><Pause length='3'/><Say>x</Say>")
    network.run()
    assert codes(network) == [11200]
    assert app.to("/c") == []
    assert len(network.recordings) == 1


def test_k10_refer_on_an_ordinary_call() -> None:
    """13801; the next verb."""
    network, _, line = played("<Refer><Sip>sip:a@h.example</Sip></Refer><Say>next</Say>")
    network.run()
    assert (codes(network), said(line)) == ([13801], ["next"])


@pytest.mark.parametrize(
    ("behaviour", "told"),
    [
        ("answers", ("completed", "202", "200")),
        ("busy", ("busy", "202", "486")),
        ("never", ("no-answer", "202", "487")),
        ("unreachable", ("failed", "405", None)),
    ],
)
def test_k11_refer_on_a_sip_call(behaviour: str, told: tuple[str, str, str | None]) -> None:
    """The action: ReferCallStatus, ReferSipResponseCode, NotifySipResponseCode."""
    network, app = carrier({"/v": "<Refer action='/a'><Sip>sip:b@h.example</Sip></Refer>", "/a": ""})
    network.line("sip:b@h.example", behaviour=behaviour)
    network.call("sip:a@h.example", NUMBER)
    network.run()
    (asked,) = app.to("/a")
    names = ("ReferCallStatus", "ReferSipResponseCode", "NotifySipResponseCode")
    assert tuple(asked.get(name) for name in names) == told


def test_k12_the_events_of_a_stream() -> None:
    """stream-started, stream-stopped with SID and name."""
    stream = f"<Stream name='s' url='{WSS}' statusCallback='/c'/>"
    network, app, line = played(
        f"<Start>{stream}</Start><Pause length='5'/><Stop><Stream name='s'/></Stop><Say>x</Say>"
    )
    network.run()
    told = app.to("/c")
    assert [each["StreamEvent"] for each in told] == ["stream-started", "stream-stopped"]
    assert {each["StreamName"] for each in told} == {"s"}
    assert told[0]["StreamSid"].startswith("MZ")
    assert told[0]["Timestamp"] == "2026-11-23T09:00:00.000Z"
    assert {each["CallSid"] for each in told} == {line.sid}


def test_k13_a_stream_goes_on_when_another_document_comes() -> None:
    """And ends with the call."""
    network, app, line = played(
        f"<Start><Stream url='{WSS}' statusCallback='/c'/></Start><Redirect>/n</Redirect>", n="<Pause length='9'/>"
    )
    network.advance(2)
    assert len(line.streams) == 1
    network.run()
    assert [each["StreamEvent"] for each in app.to("/c")] == ["stream-started", "stream-stopped"]


def test_k14_rest_ends_a_connected_stream() -> None:
    """A call update: the stream stops, the new document runs, the old one's next verb never."""
    network, app, line = played(f"<Connect><Stream url='{WSS}' statusCallback='/c'/></Connect><Say>no</Say>", u="")
    client = Client(network.account_sid, network.auth_token, http_client=network.rest_transport)
    client.calls(line.sid).update(twiml="<Response><Say>new</Say></Response>")
    network.run()
    assert said(line) == ["new"]
    assert app.to("/c")[-1]["StreamEvent"] == "stream-stopped"


@pytest.mark.parametrize(
    ("verb", "code"),
    [
        ("<Start><Room/></Start>", 14300),
        (f"<Start><Stream url='{WSS}' track='loud'/></Start>", 31941),
        (f"<Connect><Stream url='{WSS}' track='both_tracks'/></Connect>", 31941),
        ("<Stop><Stream name='x'/></Stop>", 12200),
        ("<Connect/>", 12200),
    ],
)
def test_k15_what_is_wrong_has_its_number(verb: str, code: int) -> None:
    """A noun of Start 14300, a track 31941."""
    network, _, _ = played(verb + "<Say>next</Say>")
    network.advance(1)
    assert codes(network) == [code]


def test_k16_a_text_message() -> None:
    """From the number called to the caller; sent, delivered; the next verb runs."""
    network, app, line = played("<Sms statusCallback='/c'>Order 4711</Sms><Say>next</Say>")
    network.run()
    (message,) = network.messages.values()
    assert (message.from_, message.to, message.body, message.status) == (NUMBER, CALLER, "Order 4711", "delivered")
    assert [each["MessageStatus"] for each in app.to("/c")] == ["sent", "delivered"]
    assert said(line) == ["next"]


def test_k23_a_text_from_a_call_that_rest_made() -> None:
    """From the number that called to the one that was called."""
    network, _ = carrier({})
    network.line("+18005550177")
    client = Client(network.account_sid, network.auth_token, http_client=network.rest_transport)
    client.calls.create(to="+18005550177", from_=NUMBER, twiml="<Response><Sms>Hi</Sms></Response>")
    network.run()
    assert [(each.from_, each.to) for each in network.messages.values()] == [(NUMBER, "+18005550177")]


def test_k17_the_action_of_sms() -> None:
    """SmsSid and SmsStatus=sent."""
    network, app, line = played(f"<Sms to='+18005550177' from='{NUMBER}' action='/a'>Hi</Sms><Say>no</Say>")
    network.run()
    (asked,) = app.to("/a")
    assert (asked["SmsSid"], asked["SmsStatus"]) == (next(iter(network.messages)), "sent")
    assert said(line) == ["after"]


@pytest.mark.parametrize(
    ("sms", "code"),
    [
        ("<Sms to='anna'>x</Sms>", 14101),
        ("<Sms from='anna'>x</Sms>", 14102),
        ("<Sms/>", 14103),
        ("<Sms method='x'>x</Sms>", 14104),
    ],
)
def test_k18_a_text_that_cannot_be_sent(sms: str, code: int) -> None:
    """To 14101, From 14102, no text 14103, method 14104."""
    network, _, line = played(sms + "<Say>next</Say>")
    network.run()
    assert (codes(network), said(line)) == ([code], ["next"])


def test_k19_pay_is_refused() -> None:
    """Named; the next verb runs, the action is not asked."""
    network, app, line = played(
        "<Pay action='/a'><Prompt for='security-code'><Say>x</Say></Prompt></Pay><Say>next</Say>"
    )
    network.run()
    assert codes(network) == [12200]
    assert "<Pay>" in next(each.text for each in network.trace if each.kind == "error")
    assert (said(line), app.to("/a")) == (["next"], [])


def test_k20_a_relay_and_an_agent() -> None:
    """ConversationRelay and VirtualAgent hold the call as events; the action says completed."""
    relay = f"<ConversationRelay url='{WSS}' welcomeGreeting='Hello'/>"
    network, app, line = played(f"<Connect action='/a'>{relay}</Connect>")
    network.advance(7)
    line.close_stream()
    network.run()
    assert said(line) == ["Hello", "after"]
    assert (app.to("/a")[0]["SessionStatus"], app.to("/a")[0]["SessionDuration"]) == ("completed", "7")
    network, _, line = played("<Connect><VirtualAgent connectorName='v' statusCallback='/c'/></Connect>")
    assert line.state == "connected"


def test_k21_a_transcription() -> None:
    """started, what the caller says, stopped."""
    network, app, line = played(
        "<Start><Transcription statusCallbackUrl='/c'/></Start><Pause length='2'/><Say>x</Say><Pause length='9'/>"
    )
    network.advance(3)
    line.speak("it broke", 1)
    network.run()
    told = app.to("/c")
    assert [each["TranscriptionEvent"] for each in told] == [
        "transcription-started",
        "transcription-content",
        "transcription-stopped",
    ]
    assert json.loads(told[1]["TranscriptionData"])["transcript"] == "it broke"


def test_k22_siprec() -> None:
    """As events, by name."""
    network, app, _ = played("<Start><Siprec name='s' connectorName='c' statusCallback='/c'/></Start><Say>x</Say>")
    network.run()
    assert [each["SiprecEvent"] for each in app.to("/c")] == ["siprec-started", "siprec-stopped"]
