"""Telephone and desk side by side in the browser, from ring to result, on a clock that costs no waiting."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ivr.role import Role
from tests.chromium import MARKS, new_page
from tests.joint import Joint, does, joint, says
from tests.played import MENUS

pytestmark = MARKS


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Joint]:
    with joint(tmp_path, monkeypatch) as world:
        yield world


@pytest.fixture
def chromium(one_chromium: Any) -> Iterator[Any]:
    """The browser; what its pages complained of fails the test, and its windows are closed."""
    before = list(one_chromium.contexts)
    yield one_chromium
    mine = [context for context in one_chromium.contexts if context not in before]
    complaints = [each for context in mine for page in context.pages for each in getattr(page, "complaints", ())]
    for context in mine:
        context.close()
    assert complaints == []


def ready(world: Joint, chromium: Any, name: str) -> Any:
    page = world.open_desk(chromium, name)
    page.locator("#live[data-state=on]").wait_for()
    does(page, "/ready", lambda: page.keyboard.press("F9"))
    says(page, "The next call will ring here.")
    return page


def takes(world: Joint, desk: Any) -> None:
    says(desk, "A caller for you")
    does(desk, "/accept", lambda: desk.keyboard.press("F2"))
    world.pass_s(5)
    desk.get_by_role("button", name="Hold").wait_for()


def test_a_complaint_from_the_keypad_to_the_results(world: Joint, chromium: Any) -> None:
    desk, phone = ready(world, chromium, "anna"), world.open_phone(chromium)
    line = world.complains(phone)
    world.hears(phone, line, "If that is right, press 1")
    takes(world, desk)
    assert desk.locator("#claim-order_number").input_value() == "471108"
    desk.locator("#claim-cause").select_option("impolite")
    does(desk, "/case", lambda: desk.keyboard.press("F8"))
    says(desk, "Read the number to the caller.")
    olga = world.open_desk(chromium, "olga", Role.SUPERVISOR, "/cases/100001")
    olga.get_by_role("button", name="Settled").click()
    olga.get_by_text("settled").first.wait_for()
    world.pass_s(30)
    does(desk, "/hang-up", lambda: desk.keyboard.press("Control+Shift+F9"))
    world.hears(phone, line, "Has your matter been settled")
    says(desk, "Wrap-up ends in")
    world.keys(phone, line, "2", "5", "4")
    world.hears(phone, line, "Goodbye")
    world.until(lambda: line.over)
    olga.goto(f"{world.url}/results")
    row = olga.get_by_role("row", name="claims")
    assert row.inner_text().split() == ["claims", "1", "1", "100%", "0%", "n=1", "5", "n=1", "4", "n=1"]
    olga.goto(f"{world.url}/cases/100001")
    says(olga, "opened again")


def test_hold_is_music_for_the_caller_and_outlives_a_reload_and_a_closed_page(world: Joint, chromium: Any) -> None:
    desk, phone = ready(world, chromium, "anna"), world.open_phone(chromium)
    line = world.complains(phone)
    takes(world, desk)
    does(desk, "/hold", lambda: desk.keyboard.press("F6"))
    world.pass_s(2)
    assert line.place.hold
    desk.reload()
    says(desk, "On hold for")
    phone.reload()
    phone.locator("#heard").get_by_text("If that is right, press 1").first.wait_for()
    again = new_page(desk.context)
    desk.close()
    again.goto(f"{world.url}/desk")
    says(again, "On hold for")
    assert again.locator("#claim-order_number").input_value() == "471108"
    again.locator("#live[data-state=on]").wait_for()
    does(again, "/resume", lambda: again.keyboard.press("F6"))
    world.pass_s(2)
    assert not line.place.hold
    does(phone, "/hang-up", lambda: phone.locator("#hang-up").click())
    world.pass_s(2)
    assert line.over
    says(again, "The conversation is over")


def test_a_caller_is_handed_on_with_the_form_after_a_word_with_the_colleague(world: Joint, chromium: Any) -> None:
    anna, phone = ready(world, chromium, "anna"), world.open_phone(chromium)
    line = world.complains(phone)
    takes(world, anna)
    marko = ready(world, chromium, "marko")
    anna.locator("#claim-note").fill("Nobody came on Tuesday.")
    anna.keyboard.press("F10")
    anna.locator("#hand-to:focus").select_option("agent:marko")
    does(anna, "/consult", lambda: anna.get_by_role("button", name="Ask first").press("Enter"))
    says(marko, "asks you about a caller")
    does(marko, "/accept", lambda: marko.keyboard.press("F2"))
    world.pass_s(3)
    says(anna, "marko is on the line.")
    assert line.place.hold
    does(anna, "/complete", lambda: anna.get_by_role("button", name="Hand over and leave").press("Enter"))
    world.pass_s(2)
    says(anna, "Wrap-up ends in")
    says(marko, "Handed on by a colleague")
    marko.locator("#claim-note").wait_for()
    assert marko.locator("#claim-note").input_value() == "Nobody came on Tuesday."
    assert not line.place.hold
    assert not line.over


def test_who_declines_or_misses_leaves_the_caller_to_the_next(world: Joint, chromium: Any) -> None:
    anna, phone = ready(world, chromium, "anna"), world.open_phone(chromium)
    world.complains(phone)
    says(anna, "A caller for you")
    marko = ready(world, chromium, "marko")
    does(anna, "/decline", lambda: anna.keyboard.press("F4"))
    says(marko, "A caller for you")
    says(anna, "The next call will ring here.")
    world.pass_s(21)
    says(marko, "The next call will ring here.")
    takes(world, anna)


def test_of_two_who_are_rung_at_once_one_wins_and_the_other_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chromium: Any
) -> None:
    queues = shutil.copytree(MENUS, tmp_path / "menus", ignore=shutil.ignore_patterns("calls")) / "acme" / "queues.yaml"
    queues.write_text(queues.read_text("utf-8").replace("  claims:\n", "  claims:\n    strategy: ring_all\n"), "utf-8")
    with joint(tmp_path, monkeypatch, tmp_path / "menus") as world:
        desks = [ready(world, chromium, name) for name in ("anna", "marko")]
        world.complains(world.open_phone(chromium))
        for desk in desks:
            says(desk, "A caller for you")
        slower = desks[1]
        slower.route("**/desk/parts*", lambda route: route.abort())  # its page still shows the offer
        takes(world, desks[0])
        assert does(slower, "/accept", lambda: slower.keyboard.press("F2")) == 409
        says(slower, "Somebody else has already taken this call.")
        slower.unroute("**/desk/parts*")
        slower.reload()
        says(slower, "The next call will ring here.")


def test_a_program_that_was_away_goes_on_with_the_call(world: Joint, chromium: Any) -> None:
    desk, phone = ready(world, chromium, "anna"), world.open_phone(chromium)
    line = world.complains(phone)
    takes(world, desk)
    with world.away():
        says(desk, "Connection lost")
        desk.locator("#claim-note").fill("typed while it was away")
        says(desk, "Not saved yet")
    desk.locator("#live[data-state=on]").wait_for()
    says(desk, "Draft saved")
    does(desk, "/hold", lambda: desk.keyboard.press("F6"))
    world.pass_s(2)
    assert line.place.hold
    says(desk, "On hold for")
    does(phone, "/hang-up", lambda: phone.locator("#hang-up").click())
    world.pass_s(2)
    assert line.over
    says(desk, "The conversation is over")
