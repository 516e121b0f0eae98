"""The recording's pause in a real browser: by one key, with a clock, and still there after a reload."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chromium import MARKS, new_page
from tests.ivr.web.browser import axe, shot
from tests.ivr.web.served import Served
from tests.ivr.web.test_desk_browser import chromium, log_in, says

__all__ = ["chromium"]
pytestmark = MARKS


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Served]:
    world = Served(tmp_path)
    world.representative()
    yield world
    world.stop()


def test_a_recording_is_paused_by_a_key_survives_a_reload_and_goes_on(chromium: object, world: Served) -> None:
    page = new_page(chromium.new_context(locale="en-GB"))
    log_in(page, world)
    page.keyboard.press("F9")
    says(page, "The next call will ring here.")
    contact = world.caller_waits()
    says(page, "A caller for you")
    page.keyboard.press("F2")
    says(page, "You are being put through")
    world.leg_answers(contact)
    world.caller_joins(contact)
    recorder = world.switchboard.recorder
    world.switchboard.happen(lambda tx: (None, recorder.begin(tx, contact, tx.call_of(contact).sid, "claims-1")))
    says(page, "This conversation is recorded")
    page.keyboard.press("F3")
    says(page, "Recording is paused")
    page.reload()
    says(page, "Recording is paused")
    page.locator(".recording .timer").filter(has_text="2:00").wait_for()
    shot(page, "desk-recording-paused")
    assert axe(page) == []
    page.keyboard.press("F3")
    says(page, "This conversation is recorded")
