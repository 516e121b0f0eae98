"""The keyboard: what is typed is done, second thoughts play the call anew, and the call can be kept."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from ivr.simulator.keyboard import Again, Beside, Keyboard
from ivr.simulator.network import Network
from ivr.simulator.script.reader import read_script
from ivr.simulator.script.run import run
from ivr.simulator.transport import WsgiApp
from tests.ivr.simulator.tiny_app import TinyApp

HEADER = "call from +4915112345678 to +18005550142"
SAID = {
    "/voice": '<Gather numDigits="1" action="/menu"><Say>Welcome.</Say></Gather><Redirect>/voice</Redirect>',
    "/menu": lambda form: {
        "1": '<Gather input="speech" action="/said"><Say language="en-US">What is it about?</Say></Gather>',
        "2": '<Record action="/left"/>',
    }.get(form["Digits"], f"<Say>You pressed {form['Digits']}.</Say><Redirect>/voice</Redirect>"),
    "/said": lambda form: f"<Say>You said {form['SpeechResult']}.</Say>",
    "/left": lambda form: f"<Say>{form['RecordingDuration']} seconds.</Say>",
}


def network():
    made = Network(datetime(2026, 11, 23, 9, tzinfo=UTC), app=WsgiApp(TinyApp(SAID)))
    made.number("+18005550142", "https://a.test/voice")
    return made


def typed(*inputs, beside=None, before=()):
    """What was shown, what was asked for anew, and the keyboard."""
    shown, net = [], network()
    keyboard = Keyboard(net, net.call("+4915112345678", "+18005550142"), shown.append, beside)
    return shown, keyboard.play(iter(inputs), before), keyboard


def kept(*inputs):
    return typed(*inputs)[2].script(HEADER).splitlines()


def test_words_and_messages():
    assert kept("1", "/say a broken cup")[-3:] == [
        'say "a broken cup"',
        'hear ~ "You said a broken cup."',
        "expect ended by app",
    ]
    assert 'leave a message of 8s "it broke"' in kept("2", "/record 8s it broke")
    assert kept("2", "/record 8s")[-2] == 'hear ~ "8 seconds."'


def test_hanging_up_in_words_or_with_a_letter():
    assert kept("hang up")[-1] == kept("h")[-1] == "hang up"


def test_undoing_plays_all_but_the_last_step():
    assert typed("3", "4", "u")[1] == Again(("3", "4")[:1], "undone: 4")
    assert typed("", "u")[1] == Again((), "undone: (silence)")


def test_there_may_be_nothing_to_undo():
    shown, again, _ = typed("u", "h")
    assert (again, shown) == (None, ["there is nothing to undo yet"])


def test_what_was_typed_in_vain_is_no_step():
    assert typed("x", "3", "/record soon", "u")[1] == Again((), "undone: 3")


def test_beginning_again_from_a_step():
    assert typed("3", "4", "5", "r 3")[1].inputs == ("3", "4")
    assert typed("3", "4", "r")[1].inputs == ()
    assert '"9" is no step of this call: it has 1 so far' in typed("3", "r 9", "h")[0]


def test_a_point_is_remembered_and_come_back_to():
    beside = Beside()
    assert "fork 1" in typed("3", "f", "4", "h", beside=beside)[0][0]
    assert typed("5", "6", "f 1", beside=beside)[1].inputs == ("3",)
    assert '"2" is no point that was remembered: there are 1' in typed("f 2", "h", beside=beside)[0]


def test_second_thoughts_are_possible_when_the_call_is_over():
    assert typed("1", "/say x", "u")[1].inputs == ("1",)


def test_the_steps_before_are_played_first():
    _, _, keyboard = typed("h", before=("3", "4"))
    assert [line for line in keyboard.kept if line.startswith("press")] == ["press 3", "press 4"]


def test_a_call_is_saved_where_it_is_asked_to_be():
    saved = []
    beside = Beside(save=lambda name: saved.append(name) or f"kept as {name}")
    assert "kept as a.call" in typed("3", "s a.call", "h", beside=beside)[0]
    assert saved == ["a.call"]


def test_only_our_own_hotline_has_a_tree():
    assert "only our own hotline" in typed("t", "h")[0][0]
    assert typed("t", "h", beside=Beside(tree=lambda: "the tree"))[0] == ["the tree"]


def test_languages_are_told():
    shown = typed("1", "l", "l de", "/say kaputt")[0]
    assert shown[0] == "  (the app speaks en-US)"
    assert "would hardly understand you" in shown[1]
    assert shown[2] == shown[1]


@given(st.lists(st.sampled_from(["3", "4", "", "+5s", "x", "?"]), max_size=6))
def test_whatever_was_typed_is_kept_as_a_script_that_passes(inputs):
    _, _, keyboard = typed(*inputs)
    script = read_script(keyboard.script(HEADER), "kept.call")
    result = run(script, network())
    assert result.passed, result.failure or result.error


@given(st.lists(st.sampled_from(["3", "4", "", "+5s"]), min_size=1, max_size=6), st.data())
def test_undoing_and_going_on_is_like_never_having_done_it(inputs, data):
    until = data.draw(st.integers(1, len(inputs)))
    _, again, _ = typed(*inputs, f"r {until}")
    once_more = typed("h", before=again.inputs)[2].script(HEADER)
    assert once_more == typed(*inputs[: until - 1], "h")[2].script(HEADER)
