"""Menus and entries: what is said, which keys and words count, and what follows when none does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ivr.whole.world import CALLED_DE, World, heard


@pytest.fixture(name="world")
def a_world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    assert world.troubles() == []
    world.close()


def test_a_recording_is_played_where_there_is_one_and_the_short_words_are_spoken_afterwards(world):
    line = world.ring("")
    assert line.heard[0].kind == "play"
    assert line.heard[0].text.endswith("/welcome.wav")
    assert "Once more." in heard(line)
    assert world.ring(called=CALLED_DE).heard[0].text == "Willkommen."


def test_silence_is_answered_in_the_words_that_are_written_for_it_and_leads_to_a_person(world):
    line = world.ring("", "", "")
    assert heard(line).index("First silence.") < heard(line).index("Second silence.")
    assert heard(line, 1).startswith("Please hold")
    assert world.call_of(line).node == "operator"


def test_silences_and_wrong_keys_are_counted_apart(world):
    world.rewrite('"8": {language: de}', "")
    line = world.ring("", "8", "")
    assert world.call_of(line).node == "welcome", "two silences and no more"


def test_a_wrong_key_has_words_and_an_end_of_its_own(world):
    world.rewrite('"8": {language: de}', "")
    line = world.ring("8")
    assert "No such key." in heard(line)
    world.press(line, "8")
    assert world.call_of(line).node == "message"


@pytest.mark.parametrize(
    ("words", "node"),
    [
        ("I'd like to BUY something, please", "order"),
        ("Office!", "office"),
        ("three", "call_me"),
        ("representative", "operator"),
    ],
)
def test_an_option_can_be_said_instead(world, words, node):
    line = world.ring()
    world.say(line, words)
    assert world.call_of(line).node == node


@pytest.mark.parametrize("words", ["mumble", "the office, or an order, I am not sure"])
def test_what_is_said_and_fits_nothing_or_two_options_is_a_wrong_key(world, words):
    line = world.ring()
    world.say(line, words)
    assert "No such key." in heard(line)
    assert world.call_of(line).wrong_keys == 1


def test_the_key_that_ends_the_call_ends_it(world):
    line = world.ring("9")
    assert line.over
    assert world.call_of(line).path == [("welcome", "9")]


def test_what_must_be_heard_cannot_be_cut_short(world):
    line = world.ring()
    line.press("6")
    world.network.run_until(lambda: heard(line, 1) == "This must be heard.")
    line.press("4")
    world.network.run_until(lambda: line.awaits_input)
    assert world.call_of(line).node == "welcome"
    assert heard(line).count("Once more.") == 1


def test_an_entry_must_look_as_it_should(world):
    line = world.ring("1", "481234")
    assert "does not look right" in heard(line)
    world.press(line, "471234")
    assert world.call_of(line).typed == {"order_number": "471234"}


def test_an_entry_without_an_end_key_ends_by_itself_and_waits_for_each_digit(world):
    line = world.ring("1")
    (asked,) = [each for each in world.network.trace if each.kind == "gathers"][-1:]
    assert (asked.data["digits_max"], asked.data["timeout_s"], asked.data["finish_on_key"]) == (6, 4, "")
    begun = world.network.now()
    world.press(line, "47")
    assert "does not look" not in heard(line)
    assert (world.network.now() - begun).total_seconds() < 15


def test_a_silent_caller_has_the_whole_time_for_the_first_digit(world):
    line = world.ring("1")
    asked_at = line.heard[-1].time
    world.network.run_until(lambda: "Take your time" in heard(line))
    waited_s = (line.heard[-1].time - asked_at).total_seconds()
    assert 7 <= waited_s < 10


def test_a_variable_that_was_set_and_a_caller_that_is_known_choose_the_way(world):
    assert "Hello again." in heard(world.ring("5", "271828"))
    assert "Hello again." not in heard(world.ring("5", "271828", caller="+4930555999"))
    assert "Hello again." not in heard(world.ring("5", "271828", caller="anonymous"))


def test_the_same_call_always_goes_the_same_way_and_calls_go_both_ways(world):
    lines = [world.ring("7") for _ in range(20)]
    world.network.advance(30)
    ways = {"Please speak." in heard(line) for line in lines}
    assert ways == {True, False}


def test_a_secret_is_in_no_file_and_in_no_log(world, tmp_path, caplog):
    caplog.set_level("DEBUG")
    for _ in range(5):
        world.ring("5", "271828")
    world.ring("5", "828172")  # a wrong one
    world.network.advance(60)
    kept = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert kept
    for path in kept:
        content = path.read_bytes()
        assert b"271828" not in content, path
        assert b"828172" not in content, path
    assert "271828" not in caplog.text
    assert "828172" not in caplog.text


def test_the_emergency_goes_before_everything_and_ends_by_itself(world):
    from datetime import timedelta

    from ivr.emergency import Emergency

    now = world.network.now()
    with world.application.switchboard.store.transaction() as tx:
        tx.emergencies.put_on(Emergency("whole", now + timedelta(minutes=10), "anna", now))
    line = world.ring()
    assert heard(line).startswith("Our house is under water. | Please speak.")
    line.hang_up()
    world.network.advance(601)
    assert "Our house" not in heard(world.ring())
