"""Publishing: one switch, for new calls alone; what was published can be gone back to, or be made to come later."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from ivr.hotlines import Hotlines, sounds_in
from ivr.menu.hotline import files_in
from ivr.publication import Publication
from routing.refusal import Refused
from tests.ivr.whole.world import CALLED, CALLER, NOW, World, heard


@pytest.fixture(name="world")
def a_world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    assert world.troubles() == []
    world.close()


def another_process(world: World) -> Hotlines:
    """The hotlines as a command sees them, while the server goes on."""
    return Hotlines(world.folder.parent, world.application.switchboard.store)


def publish(world: World, at=None, expects=None, by: str = "anna"):
    hotlines = another_process(world)
    sounds = sounds_in(world.folder, hotlines.current()[0])
    return hotlines.publish(files_in(world.folder), by, world.network.now(), at, sounds, expects)


def greeting(world: World) -> str:
    return heard(world.ring("#"))


def test_what_is_published_is_heard_by_the_next_call_and_the_folder_becomes_a_draft(world):
    world.rewrite("label: {en: the office", "label: {en: our first office")
    assert isinstance(publish(world), Publication)
    assert "our first office" in greeting(world)
    world.rewrite("our first office", "our second office")
    assert "our first office" in greeting(world), "saved, and not published"
    publish(world)
    assert "our second office" in greeting(world)


def test_a_fault_changes_nothing(world):
    publish(world)
    world.rewrite("start: welcome", "start: welcom")
    faults = publish(world)
    assert [fault.code for fault in faults] == ["S101"]
    assert "the office" in greeting(world)
    assert len(another_process(world).versions("whole")) == 1 + 1  # what was heard before the first publication, too


def test_one_can_go_back_step_by_step_and_not_beyond_the_first(world):
    hotlines = another_process(world)
    publish(world)
    for old, new in (("the office", "our first office"), ("our first office", "our second office")):
        world.rewrite(f"label: {{en: {old}", f"label: {{en: {new}")
        publish(world)
    for name in ("our first office", "the office"):
        assert isinstance(hotlines.rollback("whole", "bert", world.network.now()), Publication)
        assert name in greeting(world)
    assert isinstance(hotlines.rollback("whole", "bert", world.network.now()), Refused)
    assert [it.kind for it in hotlines.versions("whole")][:2] == ["rolled back", "rolled back"]
    assert hotlines.versions("whole")[0].by == "bert"


def test_a_publication_for_later_is_made_by_the_clock(world):
    publish(world)
    world.rewrite("label: {en: the office", "label: {en: the open office")
    made = publish(world, at=world.network.now() + timedelta(hours=2))
    assert made.live_at is None
    assert "the office" in greeting(world)
    world.network.advance(7200)
    assert "the open office" in greeting(world)
    assert world.application.switchboard.hotlines.versions("whole")[0].live_at is not None


def test_of_two_who_publish_at_once_the_second_is_told(world):
    live = publish(world).version
    answers = []

    def go(by: str) -> None:
        answers.append(publish(world, expects=live, by=by))

    world.rewrite("label: {en: the office", "label: {en: some office")
    threads = [threading.Thread(target=go, args=(by,)) for by in ("anna", "bert")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(it).__name__ for it in answers) == ["Publication", "Refused"]


@pytest.mark.parametrize("calls", [40, pytest.param(1000, marks=pytest.mark.deep)])
def test_publishing_during_many_calls_changes_only_new_ones(world, calls):
    lines = [world.network.call(CALLER, CALLED) for _ in range(calls)]
    world.network.advance(5)
    versions = {world.call_of(line).version for line in lines}
    for number in range(5):
        old, new = ("the office" if number == 0 else f"office {number - 1}"), f"office {number}"
        world.rewrite(f"label: {{en: {old},", f"label: {{en: {new},")
        assert isinstance(publish(world), Publication)
        world.rewrite("start: welcome", "start: welcom")
        assert not isinstance(publish(world), Publication)
        world.rewrite("start: welcom", "start: welcome")
    said = len(lines[0].heard)
    for line in lines:
        line.press("#")
    world.network.advance(6)
    for line in lines:
        assert "For the office, press 2." in [each.text for each in line.heard[said:]]
    assert {world.call_of(line).version for line in lines} == versions
    assert "For office 4, press 2." in greeting(world)


def test_a_recording_belongs_to_its_version(world):
    old = world.ring()
    (world.folder / "recordings" / "welcome.wav").write_bytes(b"RIFF another sound")
    new = world.ring()
    assert world.call_of(old).version != world.call_of(new).version
    hotlines = world.application.switchboard.hotlines
    sounds = {hotlines.prompt(world.call_of(line).version, "welcome.wav") for line in (old, new)}
    assert len(sounds) == 2
    assert hotlines.prompt(world.call_of(new).version, "other.wav") is None
    assert hotlines.prompt(world.call_of(new).version, "../hotline.yaml") is None


def test_a_recording_that_vanishes_from_the_folder_is_played_on(world):
    publish(world)
    (world.folder / "recordings" / "welcome.wav").unlink()
    world.restart()
    line = world.ring()
    assert (line.heard[0].kind, line.heard[0].text.rsplit("/", 1)[1]) == ("play", "welcome.wav")


def test_what_was_published_survives_a_restart_and_a_folder_full_of_faults(world):
    world.rewrite("label: {en: the office", "label: {en: our own office")
    publish(world)
    world.rewrite("start: welcome", "start: welcom")
    world.restart()
    assert "our own office" in greeting(world)


def test_who_published_is_in_the_events(world):
    publish(world, by="anna")
    with world.application.switchboard.store.look() as tx:
        (made,) = [it for it in tx.publications.of("whole") if it.kind == "published"]
    assert (made.by, made.asked_at) == ("anna", NOW)
