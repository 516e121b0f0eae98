"""Caller's telephone and representative's desk, each in a browser: they hear each other, and only while they should."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.chromium import CHROMIUM, MARKS, new_page
from tests.ivr.web.browser import axe, shot
from tests.joint import NUMBER, Joint, does, joint, says
from tests.sound import METER, hears, hears_nothing

pytestmark = MARKS


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Joint]:
    with joint(tmp_path, monkeypatch, speaking=True) as world:
        yield world


@pytest.fixture(scope="module")
def loud_chromium(one_playwright: Any) -> Iterator[Any]:
    """A browser with a microphone that beeps."""
    flags = ["--no-sandbox", "--use-fake-device-for-media-stream", "--autoplay-policy=no-user-gesture-required"]
    browser = one_playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
    yield browser
    browser.close()


class Room:
    """The browser, as `Joint` wants it: each window of its own, with leave to use the microphone or without."""

    def __init__(self, browser: Any, permissions: list[str]) -> None:
        self._browser, self._permissions, self.contexts = browser, permissions, []

    def new_context(self, **more: Any) -> Any:
        context = self._browser.new_context(permissions=self._permissions, **more)
        context.add_init_script(METER)
        self.contexts.append(context)
        return context


@pytest.fixture
def room(loud_chromium: Any) -> Iterator[Room]:
    room = Room(loud_chromium, ["microphone"])
    yield room
    complaints = [each for it in room.contexts for page in it.pages for each in getattr(page, "complaints", ())]
    for context in room.contexts:
        context.close()
    assert complaints == []


def ready(world: Joint, room: Room, name: str = "anna") -> Any:
    desk = world.open_desk(room, name)
    desk.locator("#live[data-state=on]").wait_for()
    desk.locator("#speaking[data-state=there]").wait_for()
    does(desk, "/ready", lambda: desk.keyboard.press("F9"))
    return desk


def joined(world: Joint, room: Room) -> tuple[Any, Any]:
    desk, phone = ready(world, room), world.open_phone(room)
    world.complains(phone)
    says(desk, "A caller for you")
    does(desk, "/accept", lambda: desk.keyboard.press("F2"))
    with desk.expect_response("**/answer"):
        world.pass_s(1)
    world.pass_s(2)
    desk.locator("#speaking[data-state=talking]").wait_for()
    desk.get_by_role("button", name="Hold").wait_for()
    return desk, phone


def test_caller_and_representative_hear_each_other_on_their_pages_and_not_when_muted(world: Joint, room: Room) -> None:
    desk, phone = joined(world, room)
    assert hears(desk)
    assert hears(phone)
    asked: list[Any] = []
    desk.route("**/mute", lambda route: asked.append(route))  # the program is slow to hear of it
    desk.keyboard.press("F7")
    assert hears_nothing(phone)
    assert hears(desk)
    asked[0].continue_()
    says(desk, "Nobody hears you")
    does(desk, "/hang-up", lambda: desk.keyboard.press("Control+Shift+F9"))
    world.pass_s(2)
    desk.locator("#speaking[data-state=there]").wait_for()
    assert hears_nothing(desk)


@pytest.mark.deep
def test_music_is_heard_instead_of_the_representative_and_a_reload_brings_the_voice_back(
    world: Joint, room: Room
) -> None:
    desk, phone = joined(world, room)
    assert hears(phone)
    does(desk, "/hold", lambda: desk.keyboard.press("F6"))
    world.pass_s(2)
    says(desk, "On hold for")
    assert hears_nothing(desk)
    does(desk, "/resume", lambda: desk.keyboard.press("F6"))
    world.pass_s(2)
    assert hears(desk)
    desk.reload()
    desk.locator("#speaking[data-state=talking]").wait_for()
    assert hears(desk)
    assert hears(phone)
    does(desk, "/mute", lambda: desk.keyboard.press("F7"))
    world.pass_s(1)
    says(desk, "Nobody hears you")
    assert hears_nothing(phone)


@pytest.mark.deep
def test_what_is_said_goes_on_while_the_program_is_away_and_the_page_itself_can_hang_up(
    world: Joint, room: Room
) -> None:
    desk, phone = joined(world, room)
    with world.away():
        assert hears(desk)
        assert hears(phone)
        with desk.expect_response("**/handsets/*/hang-up"):
            desk.keyboard.press("Control+Shift+F9")
    world.pass_s(2)
    desk.locator("#speaking[data-state=there]").wait_for()


@pytest.mark.deep
def test_a_call_that_nobody_accepted_is_answered_by_hand_alone(world: Joint, room: Room) -> None:
    desk = ready(world, room)
    carrier, url = world.application.switchboard.line.carrier, f"{world.url}/voice/agent?s=1"
    carrier.ring("client:anna", NUMBER, url, f"{world.url}/voice/agent-status?s=1", 30)
    world.pass_s(2)
    desk.locator("#speaking[data-state=ringing]").wait_for()
    desk.wait_for_timeout(600)
    assert desk.locator("#speaking").get_attribute("data-state") == "ringing"
    with desk.expect_response("**/answer"):
        desk.get_by_role("button", name="Answer").click()


@pytest.mark.deep
def test_who_may_not_use_the_microphone_is_told_so_and_of_two_windows_one_speaks(
    world: Joint, loud_chromium: Any
) -> None:
    room = Room(loud_chromium, [])
    desk = ready(world, room)
    says(desk, "this page may not use the microphone")
    other = new_page(room.contexts[0])
    other.goto(f"{world.url}/desk")
    says(other, "You speak in another window.")
    assert axe(desk) == axe(other) == []
    shot(desk, "desk-without-microphone")
    for context in room.contexts:
        context.close()
