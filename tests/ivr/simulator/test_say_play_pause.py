"""Say, Play, Pause: what they take and how long they last.

https://www.twilio.com/docs/voice/twiml/say  .../play  .../pause
"""

from __future__ import annotations

import pytest
from werkzeug.wrappers import Response

from ivr.simulator.sound import tone
from tests.ivr.simulator.tiny_app import at, codes, ring, said, speak_s


def wav(length_s: float, **headers: str) -> Response:
    return Response(tone(length_s), content_type="audio/wav", headers=headers)


def plays(line: object) -> list[str]:
    return [heard.text for heard in line.heard if heard.kind == "play"]


@pytest.mark.parametrize(
    ("language", "per_s"), [("en-US", 13.4), ("de-DE", 14.8), ("sr-RS", 12.4), ("es-ES", 12.9), ("fr-FR", 13.4)]
)
def test_speech_takes_time_by_its_language(language: str, per_s: float) -> None:
    text = "a" * 134
    network, _, line = ring(f"<Say language='{language}'>{text}</Say>")
    network.run()
    assert at(network) == pytest.approx(134 / per_s)
    assert line.heard[0].language == language


VOICES = [
    ("voice='Polly.Lotte-Neural'", "nl-NL"),
    ("voice='Polly.Vitoria' language='pt-BR'", "pt-BR"),
    ("language='nl-NL'", "nl-NL"),
    ("voice='Google.sr-RS-Standard-A'", "sr-RS"),
    ("voice='alice'", "en-US"),
    ("", "en-US"),
]


@pytest.mark.parametrize(("attributes", "language"), VOICES)
def test_a_voice_brings_its_language(attributes: str, language: str) -> None:
    network, _, line = ring(f"<Say {attributes}>Hi</Say>")
    network.run()
    assert line.heard[0].language == language


LOOPS = [("5", 5, None), ("1", 1, None), ("0", 1000, None), ("-1", 1, 13510), ("x", 1, 13510)]


@pytest.mark.parametrize(("loop", "times", "code"), LOOPS)
def test_say_is_repeated(loop: str, times: int, code: int | None) -> None:
    network, _, line = ring(f"<Say loop='{loop}'>Hi</Say>")
    network.run()
    assert said(line) == ["Hi"] * times
    assert codes(network) == ([code] if code else [])


@pytest.mark.parametrize(("text", "code"), [("x" * 4097, 13521), ("", 13520), ("  ", 13520)])
def test_what_cannot_be_said_is_skipped(text: str, code: int) -> None:
    network, _, line = ring(f"<Say>{text}</Say><Say>next</Say>")
    network.run()
    assert codes(network) == [code]
    assert said(line) == ["next"]


SSML = [
    ("One <break time='500ms'/> two", "One two", 0.5),
    ("<p>One.</p><p>Two.</p>", "One. Two.", 0),
    ("<sub alias='kilograms'>kg</sub>", "kilograms", 0),
    ("<say-as interpret-as='characters'>4711</say-as>", "4 7 1 1", 0),
    ("<prosody rate='slow'>a <emphasis>b</emphasis> c</prosody>", "a b c", 0),
]


@pytest.mark.parametrize(("inside", "text", "pause_s"), SSML)
def test_ssml_is_heard_and_not_read_out(inside: str, text: str, pause_s: float) -> None:
    network, _, line = ring(f"<Say>{inside}</Say>")
    network.run()
    assert said(line) == [text]
    assert at(network) == pytest.approx(speak_s(text) + pause_s)
    assert codes(network) == []


def test_a_sound_is_fetched_once_and_played_as_long_as_it_is() -> None:
    network, app, line = ring({"/v": "<Play loop='5'>s.wav</Play><Say>x</Say>", "/s.wav": wav(2.5)})
    network.run_until(lambda: bool(said(line)))
    assert plays(line) == ["https://a.test/s.wav"] * 5
    assert at(network) == 12.5
    sound = app.asked[1]
    assert (sound.method, sound.url, sound.params) == ("GET", "https://a.test/s.wav", {})


def test_only_a_sound_that_can_be_checked_for_changes_is_kept() -> None:
    documents = {"/v": "<Play>a.wav</Play><Play>a.wav</Play><Play>b.wav</Play><Play>b.wav</Play>"}
    network, app, _ = ring(documents | {"/a.wav": wav(1), "/b.wav": wav(1, ETag='"1"')})
    network.run()
    assert app.paths() == ["/v", "/a.wav", "/a.wav", "/b.wav"]


def test_a_sound_of_unknown_length_takes_ten_seconds() -> None:
    network, _, _ = ring({"/v": "<Play>a.mp3</Play>", "/a.mp3": Response(b"ID3", content_type="audio/mpeg")})
    network.run()
    assert at(network) == 10


def test_play_for_ever_lasts_until_the_hang_up() -> None:
    network, _, line = ring({"/v": "<Play loop='0'>a.wav</Play>", "/a.wav": wav(10)})
    network.advance(60)
    line.hang_up()
    network.run()
    assert len(plays(line)) in (6, 7)
    assert (line.status, line.ended_by, line.duration_s) == ("completed", "caller", 60)


@pytest.mark.parametrize(
    ("answer", "code"), [(Response("x", content_type="text/html"), 13420), (Response("", 404), 11217)]
)
def test_a_sound_that_cannot_be_had_is_reported_and_skipped(answer: Response, code: int) -> None:
    network, _, line = ring(
        {"/v": "<Play>a.wav</Play><Say>next</Say>", "/a.wav": answer}, fallback_url="https://a.test/f"
    )
    network.run()
    assert codes(network) == [code]
    assert said(line) == ["next"]


def test_keys_are_played_as_tones_without_a_fetch() -> None:
    network, app, line = ring("<Play digits='ww12'/>")
    network.run()
    assert [(heard.kind, heard.text) for heard in line.heard] == [("tones", "ww12")]
    assert at(network) == 1.5
    assert app.paths() == ["/v"]


@pytest.mark.parametrize(
    ("written", "seconds", "code"), [("", 1, None), ("length='4'", 4, None), ("length='0'", 1, 13910)]
)
def test_a_pause_lasts_as_long_as_it_says(written: str, seconds: float, code: int | None) -> None:
    network, _, _line = ring(f"<Pause {written}/><Hangup/>")
    network.run()
    assert at(network) == seconds
    assert codes(network) == ([code] if code else [])


def test_a_pause_comes_before_the_answer() -> None:
    network, _, line = ring("<Pause length='3'/><Say>Hi</Say>")
    network.advance(2)
    assert line.status == "ringing"
    network.advance(1)
    assert line.status == "in-progress"
