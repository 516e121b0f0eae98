"""A caller on the line, in a real browser by keyboard alone: hold, microphone, asking, handing on, more time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chromium import MARKS, new_page
from tests.ivr.web.browser import shot
from tests.ivr.web.desk_world import Seat
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


def shown(page: object, text: str) -> object:
    return page.get_by_text(text).locator("visible=true").first


def test_a_conversation_by_keyboard_alone_survives_a_reload_and_a_second_tab(chromium: object, world: Served) -> None:
    colleague = Seat(world.representative("claims-2"), "claims-2")
    colleague.log_in()
    context = chromium.new_context(locale="en-GB")
    page = new_page(context)
    log_in(page, world)
    with world.store.transaction() as tx:
        tx.cases.log("question", {"question": "When?"}, "f-1", "claims-2", tx.now, caller="+4915112345678")
    page.keyboard.press("F9")
    says(page, "The next call will ring here.")
    contact = world.caller_waits()
    says(page, "A caller for you")
    alert = page.get_by_role("alert").filter(has_text="A caller for you").inner_text()
    for told in ("+4915112345678", "47110815", "a complaint", "English", "Doubt"):
        assert told in alert, told
    says(page, "Calls ring silently here")
    shot(page, "desk-call-rings")
    page.keyboard.press("F2")
    says(page, "You are being put through")
    world.leg_answers(contact)
    world.caller_joins(contact)
    page.get_by_role("button", name="Hold").wait_for()
    page.keyboard.press("F6")
    says(page, "On hold for")
    page.keyboard.press("F7")
    says(page, "Nobody hears you")
    page.reload()
    says(page, "On hold for")
    says(page, "Nobody hears you")
    tab = context.new_page()
    tab.goto(f"{world.url}/desk")
    says(tab, "On hold for")
    tab.keyboard.press("F6")
    shown(page, "On hold for").wait_for(state="hidden")
    colleague.post("ready")
    page.keyboard.press("F10")
    page.locator("#hand-to:focus").select_option("agent:claims-2")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    says(page, "claims-2 is being rung")
    says(tab, "claims-2 is being rung")
    shot(page, "desk-call-asks")
    assert colleague.state["offer"]["consult"]["by"] == "claims-1"
    page.get_by_role("button", name="Let them go").press("Enter")
    page.locator("#hand").wait_for()
    page.keyboard.press("F1")
    says(page, "Microphone off or on")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Shift+F9")
    world.talk_ends(contact)
    says(page, "Wrap-up ends in")
    page.keyboard.press("F10")
    page.get_by_role("button", name="2:00 more").wait_for(state="hidden")
    assert page.complaints == []
    context.close()


def test_a_colleague_sees_who_asks_them_reads_the_form_and_takes_the_caller_over(
    chromium: object, world: Served
) -> None:
    asker = Seat(world.representative("anna"), "anna")
    asker.log_in()
    asker.post("ready")
    contact = world.caller_waits()
    asker.accepts()
    world.leg_answers(contact)
    world.caller_joins(contact)
    asker.post(f"contacts/{contact}/draft", kind="claim", fields={"order_number": "47110815", "note": "The handle."})
    page = new_page(chromium.new_context(locale="en-GB", viewport={"width": 1280, "height": 900}))
    log_in(page, world)
    page.keyboard.press("F9")
    says(page, "The next call will ring here.")
    asker.post(f"contacts/{contact}/consult", agent="claims-1")
    says(page, "Anna asks you about a caller")
    says(page, "The handle.")
    shot(page, "desk-consult-rings")
    page.keyboard.press("F2")
    says(page, "You are being put through")
    with world.store.look() as tx:
        asked = tx.floor.consulting(tx.floor.contact(contact)).id
    world.leg_answers(asked)
    says(page, "only you two can hear each other")
    says(page, "The handle.")
    says(page, "The form is your colleague's")
    assert page.locator(".case-form").count() == 0
    asker.post(f"contacts/{contact}/resume")
    says(page, "all three hear one another")
    shot(page, "desk-consult")
    asker.post(f"contacts/{contact}/consult/complete")
    page.locator(".case-form").wait_for()
    assert page.locator("#claim-note").input_value().strip() == "The handle."
    page.get_by_role("button", name="Hang up").wait_for()
    shot(page, "desk-consult-taken-over")
    assert page.complaints == []
    page.context.close()
