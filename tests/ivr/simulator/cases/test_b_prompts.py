"""Cases B: Say, Play and Pause - see docs/twiml.md."""

from __future__ import annotations

import pytest
from werkzeug.wrappers import Response

from ivr.simulator.line import Line
from ivr.simulator.sound import tone
from tests.ivr.simulator.tiny_app import CALLER, HOST, NUMBER, at, carrier, codes, ring, said, speak_s

MP3 = Response(b"ID3", content_type="audio/mpeg")
WAV = Response(tone(3), content_type="audio/x-wav")


def kinds(line: Line) -> list[tuple[str, str]]:
    return [(each.kind, each.text) for each in line.heard]


def test_b1_say_speaks_for_as_long_as_it_takes() -> None:
    """The next verb comes after the words."""
    words = "Your call is important to us"
    network, _, line = ring(f"<Say>{words}</Say><Reject/>")
    network.run()
    assert said(line) == [words]
    assert at(network) == pytest.approx(speak_s(words))


def test_b2_ssml_is_heard_as_words_and_pauses() -> None:
    """break pauses, sub says its alias, say-as spells, the rest is its words."""
    network, _, line = ring(
        "<Say>Hello <break time='2s'/><emphasis level='strong'>dear</emphasis> <sub alias='Mister'>Mr</sub> "
        "<p>X<s>Y</s></p> <say-as interpret-as='characters'>ab1</say-as></Say>"
    )
    network.run()
    assert said(line) == ["Hello dear Mister X Y a b 1"]
    assert at(network) == pytest.approx(speak_s(said(line)[0]) + 2)
    assert codes(network) == []


@pytest.mark.parametrize(
    ("attributes", "default", "voice", "language"),
    [
        ("voice='Polly.Lotte-Neural'", "man", "Polly.Lotte-Neural", "nl-NL"),
        ("language='nl-NL'", "man", "Polly.Lotte", "nl-NL"),
        ("language='pt-BR'", "Polly.Ricardo", "Polly.Ricardo", "pt-BR"),
        ("", "man", "man", "en-US"),
        ("voice='Google.de-DE-Neural2-B'", "man", "Google.de-DE-Neural2-B", "de-DE"),
        ("voice='alice' language='fr-FR'", "man", "alice", "fr-FR"),
    ],
    ids=["b3", "b4", "b5", "default", "google", "alice"],
)
def test_b3_b4_b5_voice_and_language(attributes: str, default: str, voice: str, language: str) -> None:
    """B3 a voice implies its language; B4 a language finds a voice; B5 the default voice is kept where it speaks it."""
    network, _ = carrier({"/v": f"<Say {attributes}>Hi</Say>"})
    network.voice = default
    line = network.call(CALLER, NUMBER)
    network.run()
    assert [(each.voice, each.language) for each in line.heard] == [(voice, language)]
    assert codes(network) == []


@pytest.mark.parametrize("loop", [5, 1, 2])
def test_b6_say_loops(loop: int) -> None:
    """loop=5: five times."""
    network, _, line = ring(f"<Say loop='{loop}'>Hi</Say>")
    network.run()
    assert said(line) == ["Hi"] * loop


def test_b7_loop_0_goes_on_until_the_caller_hangs_up() -> None:
    """At most 1000 times."""
    network, _, line = ring("<Say loop='0'>Hi</Say>")
    network.advance(60)
    assert line.status == "in-progress"
    network.run()
    assert len(said(line)) == 1000


@pytest.mark.parametrize("loop", ["-1", "x", "1.5", ""])
def test_b8_a_bad_loop_is_warned_of_and_spoken_once(loop: str) -> None:
    """13510."""
    network, _, line = ring(f"<Say loop='{loop}'>Hi</Say>")
    network.run()
    assert (codes(network), said(line)) == ([13510], ["Hi"])


@pytest.mark.parametrize(
    ("voice", "length", "code"),
    [("man", 4096, []), ("man", 4097, [13521]), ("Polly.Amy", 3000, []), ("Polly.Amy", 3001, [13521])],
)
def test_b9_a_text_may_be_too_long(voice: str, length: int, code: list[int]) -> None:
    """Over 4096 characters (3000 for Polly): 13521, not spoken."""
    network, _, line = ring(f"<Say voice='{voice}'>{'x' * length}</Say>")
    network.run()
    assert (codes(network), len(said(line))) == (code, 0 if code else 1)


@pytest.mark.parametrize(
    ("say", "code", "heard"),
    [
        ("<Say/>", 13520, []),
        ("<Say voice='bob'>Hi</Say>", 13511, ["Hi"]),
        ("<Say voice='Polly.Nobody'>Hi</Say>", 13511, ["Hi"]),
        ("<Say language='German'>Hi</Say>", 13512, ["Hi"]),
        ("<Say>Hi <blink>you</blink></Say>", 12200, ["Hi"]),
        ("<Say>Hi <p><blink>you</blink></p></Say>", 12200, ["Hi"]),
        ("<Say>Hi <break when='1s'/></Say>", 12200, ["Hi"]),
    ],
)
def test_b10_what_a_say_cannot_say(say: str, code: int, heard: list[str]) -> None:
    """Empty 13520, bad voice 13511, bad language 13512, unknown markup 12200."""
    network, _, line = ring(say)
    network.run()
    assert (codes(network), said(line)) == ([code], heard)


def test_b11_play_loops() -> None:
    """loop=5: fetched once, played five times."""
    network, app, line = ring({"/v": "<Play loop='5'>a.wav</Play>", "/a.wav": WAV})
    network.run()
    assert kinds(line) == [("play", f"{HOST}/a.wav")] * 5
    assert app.paths() == ["/v", "/a.wav"]
    assert at(network) == 15


def test_b12_play_loop_0_plays_until_the_caller_hangs_up() -> None:
    """Hung up at t=60: played until then."""
    network, _, line = ring({"/v": "<Play loop='0'>a.wav</Play>", "/a.wav": WAV})
    network.advance(60)
    line.hang_up()
    network.run()
    assert len(line.heard) in (20, 21)
    assert (line.status, line.duration_s) == ("completed", 60)


def test_b13_a_sound_is_fetched_by_get_without_parameters() -> None:
    """GET, no call parameters, relative to the document."""
    network, app, _ = ring({"/v": "<Play>s/a.wav</Play>", "/s/a.wav": WAV})
    network.run()
    asked = app.asked[1]
    assert (asked.method, asked.path, asked.params) == ("GET", "/s/a.wav", {})


def test_b14_play_sends_digits() -> None:
    """`ww12`: a second's pause, then the tones; nothing is fetched."""
    network, app, line = ring("<Play digits='ww12'/><Say>x</Say>")
    network.run_until(lambda: bool(said(line)))
    assert kinds(line)[0] == ("tones", "ww12")
    assert at(network) == pytest.approx(1.5)
    assert app.paths() == ["/v"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Response("no", content_type="text/html"), 13420),
        (Response("", 404), 11217),
        (Response(b"", content_type="audio/wav", status=500), 11217),
    ],
    ids=["b15 type", "b16 404", "500"],
)
def test_b15_b16_a_sound_that_cannot_be_had_is_skipped(answer: Response, code: int) -> None:
    """B15 another type 13420, B16 404: told, the next verb runs."""
    network, _, line = ring({"/v": "<Play>a.wav</Play><Say>next</Say>", "/a.wav": answer})
    network.run()
    assert (codes(network), said(line)) == ([code], ["next"])


@pytest.mark.parametrize(("play", "code"), [("loop='-1'", 13410), ("digits='12x'", 13430)])
def test_b17_bad_attributes_of_play(play: str, code: int) -> None:
    """loop 13410, digits 13430."""
    network, _, line = ring({"/v": f"<Play {play}>a.mp3</Play>", "/a.mp3": MP3})
    network.run()
    assert codes(network) == [code]
    assert kinds(line) == [("play", f"{HOST}/a.mp3")]


def test_b18_a_pause_is_a_second_long() -> None:
    """By default."""
    network, _, line = ring("<Say>x</Say><Pause/><Say>y</Say>")
    network.run_until(lambda: len(said(line)) == 2)
    assert at(network) == pytest.approx(speak_s("x") + 1)


@pytest.mark.parametrize(("written", "length", "code"), [("3", 3, []), ("0", 1, [13910]), ("x", 1, [13910])])
def test_b19_a_pause_has_a_length(written: str, length: float, code: list[int]) -> None:
    """A whole number from 1; anything else is 13910 and one second."""
    network, _, line = ring(f"<Pause length='{written}'/><Say>y</Say>")
    network.run_until(lambda: bool(said(line)))
    assert (at(network), codes(network)) == (length, code)
