"""Gather: keys and words, while prompts are heard and after them.

https://www.twilio.com/docs/voice/twiml/gather
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ivr.simulator.tiny_app import at, codes, ring, said, speak_s


def gathered(attributes: str, *keys: tuple[float, str], inside: str = "", after: str = "<Say>next</Say>"):
    """A call that meets a Gather with these attributes; keys are pressed at the seconds given."""
    network, app, line = ring({"/v": f"<Gather action='/g' {attributes}>{inside}</Gather>{after}", "/g": ""})
    for when, pressed in keys:
        network.put(when, lambda pressed=pressed: line.press(pressed))
    network.run_until(lambda: line.over or bool(app.to("/g")) or bool(said(line)[-1:] == ["next"]))
    return network, app, line


ENTRIES = [
    # attributes, keys by second, Digits (None: falls through), FinishedOnKey, at second
    ("", [(1, "12#")], "12", "#", 1),
    ("numDigits='5'", [(1, "123#")], "123", "#", 1),
    ("numDigits='1'", [(1, "12")], "1", "", 1),
    ("numDigits='4'", [(1, "12")], "12", "", 6),
    ("finishOnKey='*'", [(1, "99*")], "99", "*", 1),
    ("finishOnKey='0'", [(1, "50")], "5", "0", 1),
    ("finishOnKey='' numDigits='3'", [(1, "12#")], "12#", "", 1),
    ("finishOnKey=''", [(1, "1#*")], "1#*", "", 6),
    ("", [(1, "#")], None, "", 1),
    ("", [], None, "", 5),
    ("timeout='10'", [], None, "", 10),
    ("timeout='5'", [(4, "1"), (8, "2")], "12", "", 13),
    ("timeout='5'", [(5, "1")], "1", "", 10),  # people come before time limits of the same instant
]


@pytest.mark.parametrize(("attributes", "keys", "digits", "finished", "when"), ENTRIES)
def test_keys_are_collected(
    attributes: str, keys: list[tuple[float, str]], digits: str | None, finished: str, when: float
) -> None:
    network, app, line = gathered(attributes, *keys)
    assert at(network) == when
    if digits is None:
        assert app.to("/g") == []
        assert said(line) == ["next"]
    else:
        asked = app.to("/g")[0]
        assert (asked["Digits"], asked["FinishedOnKey"], asked["msg"]) == (digits, finished, "Gather End")
        assert said(line) == []


@given(st.text("0123456789*#", max_size=8), st.sampled_from("#*5"), st.integers(1, 6))
def test_any_burst_of_keys_is_collected_by_the_rules(keys: str, finish: str, most: int) -> None:
    _, app, _ = gathered(f"numDigits='{most}' finishOnKey='{finish}'", (1, keys))
    entered = keys[: keys.index(finish)] if finish in keys else keys
    entered = entered[:most]
    assert [asked["Digits"] for asked in app.to("/g")] == ([entered] if entered else [])


@pytest.mark.parametrize(
    ("written", "code"),
    [("finishOnKey='a'", 13310), ("finishOnKey='12'", 13310), ("numDigits='0'", 13314), ("timeout='x'", 13313)],
)
def test_a_bad_attribute_warns_and_its_default_holds(written: str, code: int) -> None:
    network, app, _ = gathered(written, (1, "7#"))
    assert codes(network) == [code]
    assert app.to("/g")[0]["Digits"] == "7"


def test_without_an_action_the_same_document_is_asked() -> None:
    network, app, line = ring("<Gather/><Say>never</Say>")
    network.run_until(lambda: line.awaits_input)
    line.press("1")
    network.advance(6)
    assert app.asked[1].url == "https://a.test/v?x=1"
    assert app.asked[1].params["Digits"] == "1"
    assert app.asked[1].params["CallStatus"] == "in-progress"
    assert said(line) == []


def test_get_appends_to_the_query() -> None:
    network, app, line = ring({"/v": "<Gather method='GET' action='/g?y=2'/>", "/g": ""})
    network.run_until(lambda: line.awaits_input)
    line.press("1#")
    network.run()
    assert app.asked[1].method == "GET"
    assert app.asked[1].url.startswith("https://a.test/g?y=2&")
    assert app.asked[1].params["Digits"] == "1"


def test_nothing_entered_and_nothing_after_ends_the_call() -> None:
    network, app, line = ring("<Gather/>")
    network.run()
    assert (at(network), line.status, len(app.asked)) == (5, "completed", 1)


def test_the_time_limit_begins_after_the_prompts() -> None:
    text = "a" * 134
    network, _, line = gathered("timeout='5'", inside=f"<Say>{text}</Say>")
    assert said(line) == [text, "next"]
    assert at(network) == pytest.approx(speak_s(text) + 5)


def test_a_key_stops_this_prompt_and_all_that_follow() -> None:
    network, app, line = gathered("numDigits='1'", (2, "1"), inside=f"<Say>{'a' * 134}</Say><Say>b</Say><Pause/>")
    assert said(line) == ["a" * 134]
    assert at(network) == 2
    assert app.to("/g")[0]["Digits"] == "1"


def test_prompts_loop_and_pauses_may_stand_among_them() -> None:
    inside = "<!-- c --><Say loop='3'>a</Say><Pause length='2'/><Say loop='5'>b</Say>"
    network, _, line = gathered("", inside=inside)
    assert said(line) == ["a"] * 3 + ["b"] * 5 + ["next"]
    assert codes(network) == []


@pytest.mark.parametrize("verb", ["Record", "Dial", "Gather", "Redirect"])
def test_only_prompts_may_stand_inside(verb: str) -> None:
    network, _, line = gathered("", inside=f"<{verb}/><Say>a</Say>")
    assert codes(network) == [13320]
    assert said(line) == ["a", "next"]


def test_a_key_pressed_before_is_lost() -> None:
    network, app, line = ring({"/v": f"<Say>{'a' * 134}</Say><Gather action='/g'/>", "/g": ""})
    network.advance(3)
    assert not line.listening
    line.press("1")
    network.run()
    assert app.to("/g") == []


def test_the_action_can_be_asked_for_an_empty_entry() -> None:
    _, app, line = gathered("actionOnEmptyResult='true'")
    assert app.to("/g")[0].get("Digits", "") == ""
    assert said(line) == []


def test_a_hang_up_asks_no_action() -> None:
    network, app, line = ring({"/v": "<Gather action='/g'/>", "/g": "", "/cb": ""}, status_callback="https://a.test/cb")
    network.run_until(lambda: line.awaits_input)
    line.press("12")
    network.advance(2)
    line.hang_up()
    network.run()
    assert app.paths() == ["/v", "/cb"]
    assert app.to("/cb")[0]["CallStatus"] == "completed"


def test_words_are_collected_instead_of_keys() -> None:
    network, app, line = ring(
        {"/v": "<Gather input='speech' action='/g' speechTimeout='auto' language='de-DE'/>", "/g": ""}
    )
    network.run_until(lambda: line.awaits_input)
    line.press("1")
    line.speak("Reklamation", 2)
    network.run()
    asked = app.to("/g")[0]
    assert (asked["SpeechResult"], asked["Language"]) == ("Reklamation", "de-DE")
    assert 0 <= float(asked["Confidence"]) <= 1
    assert "Digits" not in asked
    assert at(network) == 3


def test_what_comes_first_decides_between_keys_and_words() -> None:
    network, app, line = ring({"/v": "<Gather input='dtmf speech' numDigits='2' action='/g'/>", "/g": ""})
    network.run_until(lambda: line.awaits_input)
    line.press("1")
    line.speak("two")
    network.run()
    assert app.to("/g")[0]["Digits"] == "1"
    assert "SpeechResult" not in app.to("/g")[0]


def test_a_spoken_digit_is_words() -> None:
    network, app, line = ring({"/v": "<Gather input='dtmf speech' numDigits='1' action='/g'/>", "/g": ""})
    network.run_until(lambda: line.awaits_input)
    line.speak("2")
    network.run()
    assert app.to("/g")[0]["SpeechResult"] == "2"


def test_words_break_in_on_a_prompt_too() -> None:
    network, app, line = ring(
        {
            "/v": f"<Gather input='speech' action='/g' partialResultCallback='/p'><Say>{'a' * 134}</Say></Gather>",
            "/g": "",
            "/p": "",
        }
    )
    network.advance(2)
    line.speak("help", 1)
    network.run()
    assert app.paths() == ["/v", "/p", "/g"]
    assert app.to("/p")[0]["UnstableSpeechResult"] == "help"


def test_no_barge_in_when_the_app_forbids_it() -> None:
    network, app, line = ring({"/v": f"<Gather bargeIn='false' action='/g'><Say>{'a' * 134}</Say></Gather>", "/g": ""})
    network.advance(2)
    line.press("1")
    network.run()
    assert app.to("/g") == []
