"""Cases E: Record - see docs/twiml.md."""

from __future__ import annotations

import pytest
from twilio.rest import Client

from ivr.simulator.line import Line
from ivr.simulator.network import Network
from tests.ivr.simulator.tiny_app import HOST, TinyApp, at, codes, ring, said


def recording(attributes: str = "", more: dict | None = None, **options: object) -> tuple[Network, TinyApp, Line]:
    """A call that has just heard the beep of a Record."""
    documents = {"/v": f"<Record {attributes}/><Say>none</Say>", "/r": "<Say>after</Say>", "/cb": "", "/t": ""}
    network, app, line = ring(documents | (more or {}), **options)
    network.run_until(lambda: line.state == "recording")
    return network, app, line


def posted(app: TinyApp, path: str = "/r") -> dict[str, str]:
    assert len(app.to(path)) == 1
    return app.to(path)[0]


def client(network: Network) -> Client:
    return Client(network.account_sid, network.auth_token, http_client=network.rest_transport)


def media(network: Network, url: str) -> tuple[int, str]:
    answer = network.rest_transport.request("GET", url, auth=(network.account_sid, network.auth_token))
    return answer.status_code, answer.headers.get("Content-Type", "")


def test_e1_the_defaults() -> None:
    """A beep; ended by 5 s of silence; the action is the document's own URL."""
    network, app, line = recording()
    line.leave_message(5)
    network.run_until(lambda: len(app.asked) == 2)
    again = app.asked[1]
    assert {each.kind for each in line.heard} == {"beep"}
    assert (again.method, again.url, again.params["RecordingDuration"]) == ("POST", f"{HOST}/v?x=1", "5")
    assert again.params["RecordingSid"].startswith("RE")
    assert again.params["RecordingUrl"].endswith(again.params["RecordingSid"])
    assert at(network) == 10


@pytest.mark.parametrize("action", ["/r", f"{HOST}/r"])
def test_e2_the_action(action: str) -> None:
    """POST /r."""
    network, app, line = recording(f"action='{action}'")
    line.leave_message(5)
    network.run()
    assert posted(app)["RecordingDuration"] == "5"
    assert said(line) == ["after"]


def test_e3_the_silence_that_ends_it() -> None:
    """timeout=2; 0 is never."""
    for written, when in (("timeout='2'", 5), ("timeout='0' maxLength='60'", 60)):
        network, app, line = recording(f"action='/r' {written}")
        line.leave_message(3)
        network.run_until(lambda app=app: bool(app.to("/r")))
        assert at(network) == when


@pytest.mark.parametrize(("length", "duration"), [(30, "30"), (3, "3")], ids=["e4", "e5"])
def test_e4_e5_the_longest_message(length: int, duration: str) -> None:
    """E4 maxLength=30, E5 maxLength=3: ended then, with that duration."""
    network, app, line = recording(f"action='/r' maxLength='{length}'")
    line.leave_message(99)
    network.run_until(lambda: bool(app.to("/r")))
    assert (at(network), posted(app)["RecordingDuration"]) == (length, duration)


@pytest.mark.parametrize("written", ["0", "-1", "x", "14401"])
def test_e6_a_bad_length_is_warned_of(written: str) -> None:
    """13612, and 3600 holds."""
    network, app, line = recording(f"action='/r' maxLength='{written}'")
    line.leave_message(9999)
    network.run_until(lambda: bool(app.to("/r")))
    assert codes(network) == [13612]
    assert posted(app)["RecordingDuration"] == "3600"


@pytest.mark.parametrize("key", ["1", "0", "*", "#"])
def test_e7_any_key_ends_it(key: str) -> None:
    """By default."""
    network, app, line = recording("action='/r'")
    line.leave_message(99)
    network.advance(4)
    line.press(key)
    network.run()
    assert (posted(app)["Digits"], posted(app)["RecordingDuration"]) == (key, "4")


def test_e8_ended_by_silence_there_are_no_digits() -> None:
    """Digits is empty."""
    network, app, line = recording("action='/r'")
    line.leave_message(5)
    network.run()
    assert posted(app)["Digits"] == ""


def test_e9_a_finish_key() -> None:
    """finishOnKey=#: other keys do not end it."""
    network, app, line = recording("action='/r' finishOnKey='#'")
    line.leave_message(99)
    network.advance(4)
    line.press("12")
    network.advance(2)
    line.press("#")
    network.run()
    assert (posted(app)["Digits"], posted(app)["RecordingDuration"]) == ("#", "6")


def test_e10_no_finish_keys() -> None:
    """finishOnKey="": keys do not end it."""
    network, app, line = recording("action='/r' finishOnKey='' maxLength='9'")
    line.leave_message(99)
    network.advance(4)
    line.press("12#*")
    network.run()
    assert (posted(app)["Digits"], posted(app)["RecordingDuration"]) == ("", "9")


def test_e11_a_hang_up_ends_it_and_the_action_is_asked() -> None:
    """After 12 s: CallStatus=completed, Digits=hangup; the answer is ignored."""
    network, app, line = recording("action='/r'")
    line.leave_message(99)
    network.advance(12.4)
    line.hang_up()
    network.run()
    asked = posted(app)
    assert (asked["CallStatus"], asked["Digits"], asked["RecordingDuration"]) == ("completed", "hangup", "12")
    assert said(line) == []
    assert line.status == "completed"


def test_e12_verbs_after_it_are_not_run() -> None:
    """Once something was recorded."""
    network, _, line = recording("action='/r'")
    line.leave_message(5)
    network.run()
    assert "none" not in said(line)


@pytest.mark.parametrize(("option", "heard"), [("fallthrough", "none"), ("action", "after")])
def test_e13_an_empty_recording(option: str, heard: str) -> None:
    """Nothing said: no action, the next verb; `Network(record_empty="action")` asks the action with duration 0."""
    network, app, line = recording("action='/r'", record_empty=option)
    network.run()
    assert said(line) == [heard]
    assert [each["RecordingDuration"] for each in app.to("/r")] == ([] if option == "fallthrough" else ["0"])


def test_e14_the_status_callback() -> None:
    """GET /cb: completed, one channel, RecordVerb, ErrorCode 0, no From or To."""
    network, app, line = recording("recordingStatusCallback='/cb' recordingStatusCallbackMethod='GET' action='/r'")
    line.leave_message(5)
    network.run()
    (asked,) = [each for each in app.asked if each.path == "/cb"]
    assert asked.method == "GET"
    assert asked.signed
    told = asked.params
    assert (told["RecordingStatus"], told["RecordingChannels"], told["ErrorCode"]) == ("completed", "1", "0")
    assert (told["RecordingSource"], told["RecordingTrack"], told["RecordingDuration"]) == ("RecordVerb", "both", "5")
    assert told["RecordingStartTime"] == "Mon, 23 Nov 2026 09:00:00 +0000"
    assert not {"From", "To", "CallStatus"} & set(told)
    assert app.paths().index("/r") < app.paths().index("/cb")


def test_e15_a_relative_callback() -> None:
    """Resolved against the document's URL."""
    network, app, line = recording("recordingStatusCallback='cb' action='/r'")
    line.leave_message(5)
    network.run()
    assert posted(app, "/cb")["RecordingSid"] == posted(app)["RecordingSid"]


def test_e16_the_events_of_a_recording() -> None:
    """in-progress at its beginning, completed; absent where nothing came; only completed by default."""
    events = "recordingStatusCallback='/cb' recordingStatusCallbackEvent='in-progress completed absent'"
    network, app, line = recording(events + " action='/r'")
    line.leave_message(5)
    network.run()
    assert [each["RecordingStatus"] for each in app.to("/cb")] == ["in-progress", "completed"]
    network, app, line = recording(events)
    network.run()
    assert [each["RecordingStatus"] for each in app.to("/cb")] == ["in-progress", "absent"]


@pytest.mark.parametrize(("trim", "duration"), [("", "5"), ("trim='do-not-trim'", "12")])
def test_e17_silence_at_the_ends_is_trimmed(trim: str, duration: str) -> None:
    """By default 5 of 12 s remain; do-not-trim keeps all."""
    network, app, line = recording(f"action='/r' {trim}")
    network.advance(2)
    line.leave_message(5)
    network.run()
    assert posted(app)["RecordingDuration"] == duration


def test_e18_an_inline_document_needs_an_action() -> None:
    """REST update with `<Record/>`: 11100."""
    network, _, line = ring({"/v": "<Pause length='1'/><Say>x</Say><Pause length='90'/>"})
    network.advance(10)
    client(network).calls(line.sid).update(twiml="<Response><Record/></Response>")
    network.advance(1)
    line.leave_message(3)
    network.run()
    assert codes(network) == [11100]


@pytest.mark.parametrize(("length", "status"), [(10, "completed"), (1, "failed")])
def test_e19_a_transcription(length: float, status: str) -> None:
    """POST /t with TranscriptionText and TranscriptionStatus; failed outside 2 to 120 s."""
    network, app, line = recording("transcribe='true' transcribeCallback='/t' action='/r'")
    line.leave_message(length, "it broke")
    network.run()
    told = posted(app, "/t")
    assert told["TranscriptionStatus"] == status
    assert told["TranscriptionText"] == ("it broke" if status == "completed" else "")
    assert told["TranscriptionSid"].startswith("TR")
    assert (told["RecordingSid"], told["CallSid"]) == (posted(app)["RecordingSid"], line.sid)


def test_e19b_a_transcribed_message_is_at_most_two_minutes_long() -> None:
    """120 s instead of 3600 where no maxLength is written."""
    network, app, line = recording("transcribe='true' action='/r'")
    line.leave_message(999)
    network.run()
    assert posted(app)["RecordingDuration"] == "120"


def test_e20_a_recording_is_not_there_at_once() -> None:
    """404 at first, then 200."""
    network, app, line = recording("action='/r'")
    line.leave_message(5)
    network.run_until(lambda: bool(app.to("/r")))
    url = posted(app)["RecordingUrl"]
    assert media(network, url)[0] == 404
    network.advance(2)
    assert media(network, url)[0] == 200


@pytest.mark.parametrize(
    ("ending", "kind"), [("", "audio/x-wav"), (".wav", "audio/x-wav"), (".mp3", "audio/mpeg"), (".json", "json")]
)
def test_e21_the_endings_of_a_recording(ending: str, kind: str) -> None:
    """.wav and .mp3 are sounds, .json its data."""
    network, app, line = recording("action='/r'")
    line.leave_message(5)
    network.run()
    status, found = media(network, posted(app)["RecordingUrl"] + ending)
    assert status == 200
    assert kind in found


def test_e22_one_action_request_and_one_message() -> None:
    """GET action whose document sends an Sms."""
    network, app, line = recording("action='/r' method='GET'", {"/r": "<Sms>thanks</Sms>"})
    line.leave_message(5)
    network.advance(1)
    line.press("#")
    network.run()
    assert [(each.method, each.path) for each in app.asked[1:]] == [("GET", "/r")]
    assert [each.body for each in network.messages.values()] == ["thanks"]


BAD = [
    ("method='PUT'", 13610),
    ("timeout='x'", 13611),
    ("finishOnKey='a'", 13613),
    ("transcribe='x'", 13614),
    ("playBeep='x'", 13616),
    ("recordingStatusCallbackEvent='done'", 13621),
    ("trim='yes'", 13699),
    ("colour='red'", 12200),
]


@pytest.mark.parametrize(("written", "code"), BAD)
def test_e23_bad_values_are_warned_of_and_the_defaults_hold(written: str, code: int) -> None:
    """Each with its own number."""
    network, app, line = recording(f"action='/r' {written}")
    line.leave_message(5)
    network.run()
    assert codes(network) == [code]
    assert posted(app)["RecordingDuration"] == "5"


def test_e24_without_a_beep() -> None:
    """playBeep=false."""
    _, _, line = recording("playBeep='false'")
    assert line.heard == []


def test_e25_rest_takes_the_caller_away() -> None:
    """A call update cuts the recording short: it is kept, its callback comes, its action is not asked."""
    network, app, line = recording("action='/r' recordingStatusCallback='/cb'", {"/u": "<Say>elsewhere</Say>"})
    line.leave_message(99)
    network.advance(4)
    client(network).calls(line.sid).update(url=f"{HOST}/u")
    network.run()
    assert (app.to("/r"), said(line)) == ([], ["elsewhere"])
    assert posted(app, "/cb")["RecordingDuration"] == "4"
