"""Record: a message left by the caller.

https://www.twilio.com/docs/voice/twiml/record
"""

from __future__ import annotations

import io
import wave

import pytest

from tests.ivr.simulator.tiny_app import at, codes, ring, said


def recorded(attributes: str, *acts: tuple[float, str], **options: str):
    """A call that meets a Record; acts are keys, `say N` seconds of speech, or `hang up`, at the seconds given."""
    documents = {"/v": f"<Record {attributes}/><Say>none</Say>", "/r": "", "/cb": ""}
    network, app, line = ring(documents, **options)
    network.run_until(lambda: line.state == "recording")
    for when, act in acts:
        if act.startswith("say "):
            network.put(when, lambda act=act: line.leave_message(float(act[4:]), "it broke"))
        elif act == "hang up":
            network.put(when, line.hang_up)
        else:
            network.put(when, lambda act=act: line.press(act))
    network.run()
    return network, app, line


TAPES = [
    # attributes, acts, RecordingDuration, Digits, action asked at second
    ("", [(1, "say 5")], "5", "", 11),
    ("timeout='2'", [(0, "say 5")], "5", "", 7),
    ("timeout='2'", [(0, "say 5"), (6, "say 3")], "9", "", 11),
    ("timeout='2'", [(0, "say 5"), (3, "say 4")], "9", "", 11),
    ("maxLength='30'", [(0, "say 99")], "30", "", 30),
    ("maxLength='3'", [(0, "say 99")], "3", "", 3),
    ("finishOnKey='#'", [(0, "say 99"), (4, "1"), (5, "#")], "5", "#", 5),
    ("", [(0, "say 99"), (4, "1")], "4", "1", 4),
    ("finishOnKey='' maxLength='8'", [(0, "say 99"), (4, "1#*")], "8", "", 8),
    ("timeout='0' maxLength='60'", [(0, "say 2")], "2", "", 60),
    ("trim='do-not-trim'", [(1, "say 5")], "11", "", 11),
    ("", [(0, "say 99"), (12.7, "hang up")], "12", "hangup", 12.7),
]


@pytest.mark.parametrize(("attributes", "acts", "duration", "digits", "when"), TAPES)
def test_a_message_ends(
    attributes: str, acts: list[tuple[float, str]], duration: str, digits: str, when: float
) -> None:
    network, app, line = recorded(f"action='/r' {attributes}", *acts)
    asked = app.to("/r")[0]
    assert (asked["RecordingDuration"], asked["Digits"]) == (duration, digits)
    assert asked["RecordingSid"].startswith("RE")
    assert asked["RecordingUrl"].endswith(f"/Recordings/{asked['RecordingSid']}")
    assert said(line) == []
    assert next((e.time - network.trace[0].time).total_seconds() for e in network.trace if "/r ->" in e.text) == when


def test_it_beeps_unless_told_not_to() -> None:
    _, _, line = recorded("")
    assert [heard.kind for heard in line.heard] == ["beep", "say"]
    _, _, line = recorded("playBeep='false'")
    assert [heard.kind for heard in line.heard] == ["say"]


def test_a_caller_who_hangs_up_leaves_a_message_all_the_same() -> None:
    _, app, line = recorded("action='/r'", (0, "say 99"), (12, "hang up"))
    assert app.to("/r")[0]["CallStatus"] == "completed"
    assert line.ended_by == "caller"


def test_after_silence_the_next_verb_comes() -> None:
    network, app, line = recorded("action='/r'")
    assert app.to("/r") == []
    assert said(line) == ["none"]
    assert network.recordings == {}


def test_or_the_action_if_the_carrier_is_set_so() -> None:
    _, app, line = recorded("action='/r'", record_empty="action")
    assert app.to("/r")[0]["RecordingDuration"] == "0"
    assert said(line) == []


def test_without_an_action_the_same_document_is_asked() -> None:
    network, app, line = ring("<Record/>")
    network.advance(1)
    line.leave_message(2)
    network.advance(8)
    assert app.asked[1].url == "https://a.test/v?x=1"
    assert app.asked[1].params["RecordingDuration"] == "2"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("maxLength='0'", 13612),
        ("timeout='x'", 13611),
        ("finishOnKey='abc'", 13613),
        ("trim='x'", 13699),
        ("playBeep='1'", 13616),
    ],
)
def test_a_bad_attribute_warns(written: str, code: int) -> None:
    network, _, _ = recorded(written)
    assert codes(network) == [code]


def test_the_recording_is_told_of_when_it_can_be_fetched() -> None:
    attributes = "action='/r' recordingStatusCallback='/cb' recordingStatusCallbackMethod='GET'"
    _network, app, _ = recorded(attributes, (0, "say 8"))
    assert app.paths() == ["/v", "/r", "/cb"]
    asked = app.asked[2]
    assert asked.method == "GET"
    assert asked.signed
    expected = {
        "RecordingStatus": "completed",
        "RecordingChannels": "1",
        "RecordingSource": "RecordVerb",
        "ErrorCode": "0",
    }
    assert expected.items() <= asked.params.items()
    assert not {"From", "To", "CallStatus"} & set(asked.params)


def test_its_sound_is_a_real_one_once_it_is_processed() -> None:
    network, app, line = ring({"/v": "<Record action='/r'/>", "/r": "<Pause length='9'/>"})
    network.advance(1)
    line.leave_message(2.5, "it broke")
    network.run_until(lambda: bool(app.to("/r")))
    url, login = app.to("/r")[0]["RecordingUrl"], (network.account_sid, network.auth_token)
    assert network.rest_transport.request("GET", url, auth=login).status_code == 404
    network.advance(1)
    assert network.rest_transport.request("GET", url + ".json").status_code == 401
    assert network.rest_transport.request("GET", url).status_code == 200  # whoever knows the address, as on Twilio
    for ending in ("", ".wav"):
        answer = network.rest_transport.request("GET", url + ending, auth=login)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "audio/x-wav")
        with wave.open(io.BytesIO(answer.content)) as sound:
            assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (8000, 1, 2)
            assert sound.getnframes() == 20000
            assert any(sound.readframes(20000))
    assert '"duration": "2"' in network.rest_transport.request("GET", url + ".json", auth=login).text
    assert at(network) < 12


def test_an_inline_document_needs_an_action_of_its_own() -> None:
    network, _, line = ring("<Pause length='5'/><Say>Hi</Say>" + "<Pause length='60'/>")
    network.advance(10)
    network.rest_transport.request(
        "POST",
        f"/2010-04-01/Accounts/{network.account_sid}/Calls/{line.sid}.json",
        data={"Twiml": "<Response><Record/></Response>"},
        auth=(network.account_sid, network.auth_token),
    )
    network.advance(1)
    line.leave_message(2)
    network.run()
    assert codes(network) == [11100]
