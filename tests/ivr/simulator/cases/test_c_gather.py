"""Cases C: Gather - see docs/twiml.md."""

from __future__ import annotations

import pytest
from werkzeug.wrappers import Response

from ivr.simulator.line import Line
from ivr.simulator.network import Network
from ivr.simulator.sound import tone
from tests.ivr.simulator.tiny_app import CALLER, HOST, NUMBER, TinyApp, at, codes, ring, said, speak_s

WAV = Response(tone(2), content_type="audio/wav")
FOO = "<Play>foo.wav</Play>"
ACTIONS = {"/g": "<Say>got it</Say>", "/foo.wav": WAV, "/u": WAV}


def gathered(gather: str, keys: str = "", after_s: float = 0, **more: object) -> tuple[Network, TinyApp, Line]:
    """A call that meets this document, presses `keys` and then is silent."""
    network, app, line = ring({"/v": gather, **ACTIONS, **more})
    network.advance(after_s)
    if keys:
        line.press(keys)
    return network, app, line


def posted(app: TinyApp, path: str = "/g") -> dict[str, str]:
    assert len(app.to(path)) == 1
    return app.to(path)[0]


def test_c1_the_default_action_is_the_document_itself() -> None:
    """POST to the current URL with its query, Digits, From and To; what follows is never played."""
    network, app, _ = gathered("<Gather/>" + FOO, "1")
    network.advance(6)
    again = app.asked[1]
    assert (again.method, again.url) == ("POST", f"{HOST}/v?x=1")
    assert (again.params["Digits"], again.params["From"], again.params["To"]) == ("1", CALLER, NUMBER)
    assert "/foo.wav" not in app.paths()


def test_c2_an_absolute_action() -> None:
    """`action="https://..."`."""
    network, app, _ = gathered(f"<Gather numDigits='1' action='{HOST}/g'/>", "1")
    network.run()
    assert posted(app)["Digits"] == "1"


@pytest.mark.parametrize("action", ["/g", "g", "./g", "../g"])
def test_c3_a_relative_action(action: str) -> None:
    """Resolved against the document."""
    network, _, line = gathered(f"<Gather numDigits='1' action='{action}'/>", "1")
    network.run()
    assert said(line) == ["got it"]


def test_c4_get() -> None:
    """GET /g?y=2 with the parameters appended."""
    network, app, _ = gathered("<Gather numDigits='1' method='GET' action='/g?y=2'/>", "1")
    network.run()
    asked = app.asked[1]
    assert (asked.method, asked.params["y"], asked.params["Digits"]) == ("GET", "2", "1")
    assert asked.signed


@pytest.mark.parametrize("written", ["", "action='/g'"])
def test_c5_no_input_falls_through(written: str) -> None:
    """At t=5 the next verb; no request."""
    network, app, line = gathered(f"<Gather {written}/>" + FOO)
    network.run_until(lambda: bool(line.heard))
    assert at(network) == 5
    assert app.paths() == ["/v", "/foo.wav"]


def test_c6_no_input_and_nothing_after_it_hangs_up() -> None:
    """`<Gather/>` alone."""
    network, app, line = gathered("<Gather/>")
    network.run()
    assert (at(network), line.status, app.paths()) == (5, "completed", ["/v"])


@pytest.mark.parametrize(("written", "waits"), [("", 5), ("timeout='10'", 10), ("timeout='auto'", 5)])
def test_c7_the_timeout(written: str, waits: float) -> None:
    """5 s by default, 10 if told so."""
    network, _, _ = gathered(f"<Gather {written}/>")
    network.run()
    assert at(network) == waits


def test_c8_the_timeout_begins_after_the_prompts() -> None:
    """A Say of 8 s: through at t=13."""
    words = "x" * round(8 * 13.4)
    network, _, _ = gathered(f"<Gather timeout='5'><Say>{words}</Say></Gather>")
    network.run()
    assert at(network) == pytest.approx(speak_s(words) + 5)


def test_c9_each_key_begins_the_timeout_anew() -> None:
    """Keys at t=4 and t=8: the action at t=13 with both."""
    network, app, line = gathered("<Gather timeout='5' action='/g'/>")
    network.advance(4)
    line.press("1")
    network.advance(4)
    line.press("2")
    network.run_until(lambda: bool(app.to("/g")))
    assert (at(network), posted(app)["Digits"]) == (13, "12")


def test_c10_num_digits_ends_it_at_once() -> None:
    """Four keys of four: no waiting."""
    network, app, _ = gathered("<Gather numDigits='4' action='/g'/>", "1234")
    network.run_until(lambda: bool(app.to("/g")))
    assert at(network) == 0
    assert (posted(app)["Digits"], posted(app)["FinishedOnKey"], posted(app)["msg"]) == ("1234", "", "Gather End")


def test_c11_fewer_digits_than_asked_for_go_to_the_action_too() -> None:
    """Two of four, then silence."""
    network, app, _ = gathered("<Gather numDigits='4' action='/g'/>", "12")
    network.run_until(lambda: bool(app.to("/g")))
    assert (at(network), posted(app)["Digits"], posted(app)["FinishedOnKey"]) == (5, "12", "")


def test_c12_keys_beyond_num_digits_are_lost() -> None:
    """`12` together with numDigits=1: Digits=1, and the 2 is not carried over."""
    network, app, _ = gathered("<Gather numDigits='1' action='/h'/>", "12", **{"/h": "<Gather action='/g'/>"})
    network.run()
    assert app.to("/h")[0]["Digits"] == "1"
    assert app.to("/g") == []


FINISHED = [
    ("c13", "", "12#", "12", "#"),
    ("c14", "numDigits='5'", "123#", "123", "#"),
    ("c16", "finishOnKey='*'", "99*", "99", "*"),
    ("c17", "finishOnKey='0'", "50", "5", "0"),
    ("c18", "finishOnKey='' numDigits='3'", "12#", "12#", ""),
    ("c19", "finishOnKey=''", "1#*", "1#*", ""),
    ("c16b", "finishOnKey='*'", "9#*", "9#", "*"),
]


@pytest.mark.parametrize(("_number", "written", "keys", "digits", "finished"), FINISHED)
def test_c13_c14_c16_c17_c18_c19_finish_keys(_number: str, written: str, keys: str, digits: str, finished: str) -> None:
    """C13 `#` by default; C14 in a burst; C16 another; C17 a digit; C18, C19 none: every key is data."""
    network, app, _ = gathered(f"<Gather action='/g' {written}/>", keys)
    network.run_until(lambda: bool(app.to("/g")))
    asked = posted(app)
    assert (asked["Digits"], asked["FinishedOnKey"], asked["msg"]) == (digits, finished, "Gather End")
    assert at(network) == (5 if _number == "c19" else 0)


def test_c15_keys_after_the_finish_key_are_lost() -> None:
    """`12#34`: Digits=12."""
    network, app, _ = gathered("<Gather action='/g'/>", "12#34")
    network.run()
    assert posted(app)["Digits"] == "12"


@pytest.mark.parametrize("empty", [False, True])
def test_c20_the_finish_key_first_is_no_input(empty: bool) -> None:
    """No request, the next verb; with actionOnEmptyResult the action."""
    network, app, line = gathered(f"<Gather action='/g' actionOnEmptyResult='{str(empty).lower()}'/><Say>no</Say>", "#")
    network.run()
    assert said(line) == (["got it"] if empty else ["no"])
    assert len(app.to("/g")) == empty


def test_c21_a_star_and_a_hash_are_digits_where_they_do_not_finish() -> None:
    """finishOnKey=9: `*#9` gives `*#`."""
    network, app, _ = gathered("<Gather finishOnKey='9' action='/g'/>", "*#9")
    network.run()
    assert posted(app)["Digits"] == "*#"


@pytest.mark.parametrize("written", ["a", "12", "##", " "])
def test_c22_a_bad_finish_key_is_warned_of(written: str) -> None:
    """13310, and # is used."""
    network, app, _ = gathered(f"<Gather finishOnKey='{written}' action='/g'/>", "12#")
    network.run()
    assert codes(network) == [13310]
    assert posted(app)["Digits"] == "12"


def test_c23_an_empty_result_goes_to_the_action_when_told_so() -> None:
    """actionOnEmptyResult: POST /g after 5 s, no key in it; the next verb is not run."""
    network, app, _ = gathered("<Gather actionOnEmptyResult='true' action='/g'/>" + FOO)
    network.run()
    assert posted(app).get("Digits", "") == ""
    assert "/foo.wav" not in app.paths()


def test_c24_a_nested_play_loops() -> None:
    """Three plays, then the timeout."""
    network, _, line = gathered("<Gather><Play loop='3'>u</Play></Gather>")
    network.run()
    assert [each.kind for each in line.heard] == ["play"] * 3
    assert at(network) == 11


def test_c25_nested_says_each_have_their_voice() -> None:
    """Loops of 3 and 5: eight prompts in order."""
    network, _, line = gathered(
        "<Gather><Say voice='Polly.Amy' loop='3'>a</Say><Say voice='Polly.Hans' loop='5'>b</Say></Gather>"
    )
    network.run()
    assert [(each.text, each.voice) for each in line.heard] == [("a", "Polly.Amy")] * 3 + [("b", "Polly.Hans")] * 5


def test_c26_a_pause_may_be_nested() -> None:
    """Say, Pause of 2 s, Say."""
    network, _, _ = gathered("<Gather><Say>a</Say><Pause length='2'/><Say>b</Say></Gather>")
    network.run()
    assert codes(network) == []
    assert at(network) == pytest.approx(2 * speak_s("a") + 2 + 5)


@pytest.mark.parametrize("verb", ["Record", "Dial", "Redirect", "Gather", "Hangup"])
def test_c27_nothing_else_may_be_nested(verb: str) -> None:
    """13320; skipped."""
    network, _, line = gathered(f"<Gather><{verb}/><Say>a</Say></Gather>")
    network.run()
    assert (codes(network), said(line)) == ([13320], ["a"])


LONG = "x" * round(20 * 13.4)


def test_c28_a_key_breaks_in_on_the_prompts() -> None:
    """A Say of 20 s, a key at t=2: the action at t=2."""
    network, app, _ = gathered(f"<Gather numDigits='1' action='/g'><Say>{LONG}</Say></Gather>", "1", after_s=2)
    network.run_until(lambda: bool(app.to("/g")))
    assert at(network) == 2


def test_c29_later_prompts_do_not_begin_then() -> None:
    """Say, Play, Say: none but the first is heard."""
    network, app, line = gathered(
        f"<Gather action='/g'><Say>{LONG}</Say><Play>u</Play><Say>b</Say></Gather>", "1", after_s=2
    )
    network.run_until(lambda: bool(app.to("/g")))
    assert at(network) == 7
    network.run()
    assert said(line) == [LONG, "got it"]


def test_c30_a_key_before_the_gather_is_lost() -> None:
    """During a Say that is not nested."""
    network, app, line = gathered(f"<Say>{LONG}</Say><Gather action='/g'/><Say>no</Say>", "1", after_s=3)
    network.run()
    assert app.to("/g") == []
    assert said(line)[-1] == "no"


def test_c31_a_hang_up_in_gather_asks_nothing() -> None:
    """After 12: no action; only the number's callback says completed."""
    network, app, line = ring({"/v": "<Gather action='/g'/>", "/cb": ""}, status_callback=f"{HOST}/cb")
    network.advance(1)
    line.press("12")
    network.advance(1)
    line.hang_up()
    network.run()
    assert app.paths() == ["/v", "/cb"]
    assert posted(app, "/cb")["CallStatus"] == "completed"


def test_c32_barging_in_may_be_forbidden() -> None:
    """bargeIn=false: keys during the prompts are lost."""
    network, app, line = gathered(f"<Gather bargeIn='false' action='/g'><Say>{LONG}</Say></Gather>", "1", after_s=2)
    network.run()
    assert said(line) == [LONG]
    assert app.to("/g") == []


def spoken(gather: str, words: str, length_s: float = 2) -> tuple[Network, TinyApp, Line]:
    network, app, line = gathered(gather, **{"/p": "<Hangup/>"})
    network.advance(1)
    line.speak(words, length_s)
    return network, app, line


def test_c33_speech() -> None:
    """POST with SpeechResult, Confidence and Language, and no Digits."""
    network, app, _ = spoken("<Gather input='speech' action='/g' language='en-GB'/>", "sales")
    network.run()
    asked = posted(app)
    assert (asked["SpeechResult"], asked["Language"]) == ("sales", "en-GB")
    assert 0 <= float(asked["Confidence"]) <= 1
    assert "Digits" not in asked


def test_c34_of_both_the_first_wins() -> None:
    """Keys first: Digits only. Words first: SpeechResult only."""
    network, app, line = gathered("<Gather input='dtmf speech' action='/g'/>", "1")
    line.speak("two")
    network.run()
    assert posted(app)["Digits"] == "1"
    assert "SpeechResult" not in posted(app)
    network, app, line = spoken("<Gather input='speech dtmf' action='/g'/>", "two")
    line.press("1")
    network.run()
    assert posted(app)["SpeechResult"] == "two"
    assert "Digits" not in posted(app)


def test_c35_the_pause_that_ends_an_utterance() -> None:
    """speechTimeout=3: three seconds of silence after the words; without it, timeout's."""
    for written, pause in (("speechTimeout='3'", 3), ("speechTimeout='auto'", 1), ("timeout='4'", 4), ("", 5)):
        network, app, _ = spoken(f"<Gather input='speech' action='/g' {written}/>", "sales", 2)
        network.run_until(lambda app=app: bool(app.to("/g")))
        assert at(network) == 1 + 2 + pause


@pytest.mark.parametrize("written", ["speechTimeout='auto'", "timeout='7'"])
def test_c36_no_speech_falls_through(written: str) -> None:
    """Silence: the next verb."""
    network, app, line = gathered(f"<Gather input='speech' action='/g' {written}/><Say>no</Say>")
    network.run()
    assert (said(line), app.to("/g")) == (["no"], [])


def test_c37_partial_results_come_before_the_action() -> None:
    """POST /p, its answer ignored; then the action."""
    network, app, line = spoken(
        "<Gather input='speech' action='/g' partialResultCallback='/p' speechTimeout='2'/>", "I want", 1
    )
    network.advance(2)
    line.speak("sales", 1)
    network.run()
    assert app.paths() == ["/v", "/p", "/p", "/g"]
    assert [each["UnstableSpeechResult"] for each in app.to("/p")] == ["I want", "sales"]
    assert [each["SequenceNumber"] for each in app.to("/p")] == ["0", "1"]
    assert posted(app)["SpeechResult"] == "I want sales"
    assert said(line) == ["got it"]


def test_c38_a_spoken_digit_is_speech() -> None:
    """`dtmf speech`, numDigits=1, "2" spoken: SpeechResult, not Digits."""
    network, app, _ = spoken("<Gather input='dtmf speech' numDigits='1' action='/g'/>", "2")
    network.run()
    assert posted(app)["SpeechResult"] == "2"
    assert "Digits" not in posted(app)


BAD = [
    ("input='x'", 13326),
    ("timeout='-1'", 13313),
    ("timeout='x'", 13313),
    ("numDigits='0'", 13314),
    ("method='PUT'", 13312),
    ("actionOnEmptyResult='maybe'", 13338),
    ("speechTimeout='soon'", 13327),
    ("maxSpeechTime='x'", 13328),
    ("partialResultCallbackMethod='x'", 13329),
    ("hints='" + "x" * 101 + "'", 13330),
    ("language='German'", 13331),
    ("bargeIn='x'", 13332),
    ("profanityFilter='x'", 13333),
    ("speechModel='x'", 13334),
    ("speechModel='phone_call' speechTimeout='auto'", 13335),
    ("colour='red'", 12200),
]


@pytest.mark.parametrize(("written", "code"), BAD)
def test_c39_bad_values_are_warned_of_and_the_defaults_hold(written: str, code: int) -> None:
    """Each with its own number."""
    network, app, _ = gathered(f"<Gather {written} action='/g'/>", "12#")
    network.run()
    assert codes(network) == [code]
    assert posted(app)["Digits"] == "12"


def test_c41_speech_that_is_not_understood_is_no_input() -> None:
    """The next verb."""
    network, app, line = spoken("<Gather input='speech' action='/g'/><Say>no</Say>", "  ")
    network.run()
    assert (said(line), app.to("/g")) == (["no"], [])


def test_c42_a_speaker_is_cut_off_at_last() -> None:
    """maxSpeechTime: 60 s."""
    network, app, _ = spoken("<Gather input='speech' action='/g' speechTimeout='5'/>", "on and on", 300)
    network.run_until(lambda: bool(app.to("/g")))
    assert at(network) == 61
