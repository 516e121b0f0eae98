"""Whole calls from scripts: each step means what it says, and a failure says what happened instead."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qsl

import pytest

from ivr.simulator.network import Network
from ivr.simulator.script.reader import read_script
from ivr.simulator.script.run import run
from ivr.simulator.script.transcript import Transcript
from ivr.simulator.sound import tone
from ivr.simulator.transport import WsgiApp

HEADER = "call from +4915112345678 to +18005550142 at 2026-11-23T10:00:00+01:00\n"
SHOP = {
    "/": '<Gather numDigits="1" action="/menu"><Say>Welcome to Acme.</Say><Say language="sr-RS">За жалбу: два.</Say>'
    "</Gather><Say>Take your time.</Say><Redirect>/</Redirect>",
    "/menu?1": '<Gather numDigits="10" timeout="4" action="/order"><Say>Your order number?</Say></Gather>',
    "/menu?2": '<Say>One moment.</Say><Enqueue waitUrl="/wait" action="/left">claims</Enqueue>',
    "/menu?3": '<Say>Speak after the beep.</Say><Record maxLength="30" action="/thanks"/><Say>Nothing came.</Say>',
    "/menu?4": '<Dial timeout="20" action="/dialled"><Number>+18005550177</Number></Dial>',
    "/menu?5": '<Gather input="speech" action="/said"><Say>What is it about?</Say></Gather>',
    "/menu?6": "<Dial><Conference>room-7</Conference></Dial>",
    "/menu?7": "<Play>/sounds/good-bye.wav</Play><Hangup/>",
    "/order": "<Say>Your order is {Digits}.</Say><Hangup/>",
    "/said": "<Say>You said {SpeechResult}.</Say><Hangup/>",
    "/wait": '<Say>You are number {QueuePosition}.</Say><Pause length="20"/>',
    "/thanks": "<Say>Thank you for {RecordingDuration} seconds.</Say><Hangup/>",
    "/dialled": "<Say>The other side was {DialCallStatus}.</Say><Hangup/>",
}


TONE = tone(2.0)


def shop(environ, start_response):
    length = int(environ["CONTENT_LENGTH"] or 0)
    form = dict(parse_qsl(environ["wsgi.input"].read(length).decode(), keep_blank_values=True))
    path = environ["PATH_INFO"]
    if path.endswith(".wav"):
        start_response("200 OK", [("Content-Type", "audio/wav")])
        return [TONE]
    verbs = SHOP.get(f"{path}?{form.get('Digits', '')}") or SHOP.get(path)
    start_response("200 OK" if verbs else "404 Not Found", [("Content-Type", "text/xml")])
    return [f"<Response>{verbs.format(**form)}</Response>".encode() if verbs else b"not here"]


def played(steps, header=HEADER, **more):
    script = read_script(header + steps, "a.call")
    network = Network(script.at or datetime(2026, 11, 23, 9, tzinfo=UTC), app=WsgiApp(shop))
    network.number("+18005550142", "https://shop.example/")
    return run(script, network, **more)


def goes_well(steps, **more):
    result = played(steps, **more)
    assert result.passed, result.failure or result.error
    return result


def goes_wrong(steps, **more):
    result = played(steps, **more)
    assert result.failure, result.error or "went well"
    return result.failure


def test_a_call_is_heard_and_answered_with_keys():
    goes_well("hear ~ welcome to acme\npress 1\nhear ~ order number\npress 4711#\nhear ~ your order is 4711\n")


def test_two_presses_answer_two_questions():
    goes_well("press 1\npress 4711#\nhear ~ your order is 4711\n")


def test_keys_without_a_last_one_are_taken_when_the_gather_has_waited():
    goes_well("hear ~ welcome\npress 1\nhear ~ order number\npress 4711\nhear ~ your order is 4711\n")


def test_a_key_may_be_pressed_before_anything_was_heard():
    goes_well("press 1\nhear ~ order number\n")


def test_keys_interrupt_what_is_said():
    goes_well("hear ~ welcome\npress 1\nhear ~ order number\npress 4711#\nexpect ended by app\n")
    assert "За жалбу" not in "".join(played("hear ~ welcome\npress 1\n").transcript)


def test_silence_lets_the_gather_run_out():
    goes_well("hear ~ welcome\nsilence\nhear ~ take your time\nhear ~ welcome\nsilence\nhear ~ take your time\n")


def test_silence_lets_a_recording_run_out():
    goes_well("press 3\nhear ~ speak after the beep\nsilence\nhear ~ nothing came\n")
    goes_well("press 3\nleave a message of 8s\nsilence\nhear ~ thank you for 8 seconds\n")


def test_silence_needs_something_that_waits_for_the_caller():
    assert "nothing waits" in goes_wrong("press 7\nexpect ended by app\nsilence\n")


def test_what_is_never_said_is_not_waited_for_beyond_the_callers_turn():
    failure = goes_wrong("hear ~ welcome\nhear ~ take your time\n")
    assert failure.startswith("a.call:3: hear ~ take your time\n")
    assert '"За жалбу: два."' in failure
    assert "the call is gathering, at 10:00:0" in failure


def test_a_failure_shows_the_last_webhook_and_its_twiml():
    failure = goes_wrong("press 1\nhear ~ welcome to nowhere\n")
    assert "the last webhook: POST /menu Digits=1 -> 200" in failure
    assert "<Say>Your order number?</Say>" in failure


def test_serbian_is_heard_in_either_script():
    goes_well("hear ~ za žalbu: dva\n")


def test_a_prompt_is_heard_by_its_name():
    def prompts(name, language):
        return {("hello", "en"): ["Welcome to Acme."], ("complaint", "sr"): ["За жалбу: {key}."]}.get((name, language))

    goes_well("hear @hello\nhear @complaint\n", prompts=prompts)
    assert "no prompt is called helo" in played("hear @helo\n", prompts=prompts).error
    assert "prompts have no names here" in played("hear @hello\n").error


def test_exactly_what_is_said():
    goes_well("hear = Welcome to Acme.\n")
    assert "not heard" in goes_wrong("hear = Welcome\n")


def test_a_sound_is_heard_by_its_address():
    goes_well("press 7\nhear ~ good-bye.wav\nexpect ended by app\nexpect status completed\n")


def test_speech_reaches_a_gather_that_listens():
    goes_well('press 5\nhear ~ what is it about\nsay "a broken cup"\nhear ~ you said a broken cup\n')


def test_a_message_is_left_after_the_beep():
    goes_well('press 3\nleave a message of 8s "it broke"\nhear ~ thank you for 8 seconds\nexpect recorded\n')


def test_a_key_ends_a_message():
    result = goes_well("press 3\nleave a message of 8s\npress #\nhear ~ thank you for 8\n")
    assert result.transcript[-1].startswith("10:00:0")


def test_a_message_needs_something_that_records():
    assert "nothing is recorded here" in goes_wrong("hear ~ welcome\nleave a message of 8s\n")


def test_who_waits_is_in_a_queue_and_has_waited():
    goes_well(
        "press 2\nexpect queued claims position 1\nexpect webhook POST /menu Digits=2\nhear ~ number 1\n"
        "wait 30s\nexpect in-queue 00:30\nhang up\nexpect ended by caller\n"
        "expect webhook POST /left QueueResult=hangup\n"
    )


@pytest.mark.parametrize(
    ("expectation", "instead"),
    [
        ("queued orders", "has been in: claims"),
        ("queued claims position 2", "at position 1 of claims"),
        ("talking to claims-1", "has talked to: none"),
        ("dialed +18005550177", "called were: none"),
        ("webhook POST /menu Digits=3", "asked were: POST /, POST /menu Digits=2"),
        ("webhook GET /menu", "POST /menu"),
        ("ended by app", "the call goes on"),
        ("status completed", "the call is: in-progress"),
        ("conference room-7", "has been in: none"),
        ("in-queue 10m", "the caller has waited"),
        ("recorded", "has not happened"),
    ],
)
def test_an_expectation_that_fails_says_what_is_so_instead(expectation, instead):
    assert instead in goes_wrong(f"press 2\nhear ~ one moment\nexpect {expectation}\n")


def test_who_ended_the_call_matters():
    assert "the call was ended by: app" in goes_wrong("press 7\nexpect ended by caller\n")


def test_the_number_that_was_called_has_not_been_dialed_by_the_app():
    assert "called were: none" in goes_wrong("press 2\nexpect dialed +18005550142\n")


def test_a_conference_is_joined():
    goes_well("press 6\nexpect conference room-7\n")


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("is busy", "busy"),
        ("rejects", "busy"),
        ("never answers", "no answer"),
        ("answers after 4s and hangs up after 30s", "completed"),
        ("answers after 4s\n    hang up after 30s", "completed"),
        ("answers after 25s", "no answer"),
    ],
)
def test_other_lines_do_as_described(line, outcome):
    goes_well(f"line +18005550177 {line}\npress 4\nexpect dialed +18005550177\nhear ~ the other side was {outcome}\n")


def test_talking_to_a_line_that_was_dialed():
    goes_well("line +18005550177 answers after 4s\npress 4\nexpect talking to +18005550177\nhang up\n")


def test_pressing_after_the_end_is_a_failure():
    assert "the call is over" in goes_wrong("press 7\nexpect ended by app\npress 1\n")


def test_parameters_of_the_first_webhook_are_sent():
    goes_well("param FromCountry=DE\nhear ~ welcome\nexpect webhook POST / FromCountry=DE\n")


def test_a_script_that_ends_hangs_up():
    assert played("hear ~ welcome\n").transcript[-1].endswith("completed (by caller)")


def test_a_number_that_nobody_has_is_an_error():
    assert "no number +18005550199" in played("hang up\n", header="call from anonymous to +18005550199\n").error


def test_agents_and_cases_need_a_desk():
    assert "no desk" in played("agent claims-1 answers\nhear ~ welcome\n").error
    assert "no desk" in played("hear ~ welcome\nexpect case claim\n").error


def test_the_transcript_can_be_read_aloud():
    result = goes_well(
        "hear ~ welcome\npress 3\nleave a message of 8s it broke\nhear ~ thank you\nexpect ended by app\n"
    )
    assert list(result.transcript) == [
        "10:00:00  caller      calls +18005550142",
        "10:00:00  caller      hears: Welcome to Acme.",
        "10:00:00  caller      presses 3",
        "10:00:00  caller      hears: Speak after the beep.",
        "10:00:01  caller      hears a beep",
        "10:00:01  caller      can leave a message now",
        "10:00:01  caller      says: it broke",
        "10:00:14  caller      has left a message of 8 s",
        "10:00:14  caller      hears: Thank you for 8 seconds.",
        "10:00:16  app         hangs up on the caller",
        "10:00:16  caller      is out of the call: completed (by app)",
    ]


def test_the_transcript_shows_webhooks_when_asked():
    result = played("press 7\nexpect ended by app\n", transcript=Transcript("+4915112345678", wire=True))
    assert any("POST https://shop.example/menu -> 200" in line for line in result.transcript)


def test_the_same_script_gives_the_same_transcript():
    steps = "press 2\nhear ~ number 1\nwait 1m\nhang up\n"
    assert played(steps) == played(steps)
