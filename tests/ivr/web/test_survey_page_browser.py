"""The page behind a survey's link in a real browser: without scripts, narrow, by keyboard, in the caller's language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from ivr.call import LIFECYCLE, Call, Outcome
from ivr.inquiry import LINK, Inquiry, InquiryState
from ivr.role import Role
from ivr.throttle import digest
from tests.ivr.web.browser import MARKS, axe, is_too_wide, log_in, new_page, shot
from tests.ivr.web.served import Served

pytestmark = MARKS
SCHEMES = ("light", "dark")


@pytest.fixture
def no_scripts(one_chromium: Any) -> Iterator[Any]:
    context = one_chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    page = new_page(context)
    yield page
    context.close()
    assert page.complaints == []


@pytest.fixture
def page(one_chromium: Any) -> Iterator[Any]:
    context = one_chromium.new_context(locale="en-GB", viewport={"width": 320, "height": 700})
    page = new_page(context)
    yield page
    context.close()
    assert page.complaints == []


def link(served: Served, language: str, n: int = 1) -> str:
    """The address in a text message that somebody got."""
    tree = served.switchboard.hotlines.current()[0]
    word = f"{n:032x}"
    with served.store.transaction() as tx:
        call = Call(f"CA{n:032x}", tree.hotline, tree.version, "+4915112345678", "+18005550142", language, tx.now)
        LIFECYCLE.fire(call, "answer")
        LIFECYCLE.fire(call, "end")
        call.outcome, call.ended_at = Outcome.SERVED, tx.now
        call.survey, call.survey_at, call.survey_way = "offered", tx.now, LINK
        tx.add(call)
        out = {"state": InquiryState.SENT, "word_hash": digest(word), "expires_at": tx.now + timedelta(days=30)}
        tx.inquiries.add(Inquiry(f"i{n}", call.sid, LINK, "survey", call.caller, tx.now, None, **out))
    return f"{served.url}/s/{word}"


def test_whoever_has_no_scripts_answers_in_their_language_on_a_small_telephone(no_scripts: Any, served: Served) -> None:
    page = no_scripts
    page.goto(link(served, "de"))
    assert page.locator("html").get_attribute("lang") == "de"
    assert page.locator("h1").inner_text() == "Wie haben wir Sie bedient?"
    assert page.get_by_text("drücken").count() == 0, "nobody is told to press a key on a page"
    shot(page, "survey-narrow")
    page.get_by_role("radio", name="Nein").check()
    page.get_by_role("group", name="Wie wurden Sie behandelt").get_by_role("radio", name="4").check()
    page.get_by_label("In eigenen Worten").fill("Zu lange gewartet.")
    page.get_by_role("button", name="Absenden").click()
    assert "Vielen Dank" in page.get_by_role("status").inner_text()
    shot(page, "survey-done")
    with served.store.look() as tx:
        assert tx.call(f"CA{1:032x}").answers == {"settled": "2", "treated": "4"}


def test_the_page_has_no_serious_fault_is_never_too_wide_and_can_be_filled_in_by_keyboard(
    page: Any, served: Served
) -> None:
    faults = {}
    for n, language in enumerate(("en", "de", "sr", "es"), 1):
        page.goto(link(served, language, n))
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            faults[f"{language} {scheme}"] = axe(page)
            shot(page, f"survey-{language}-{scheme}")
        assert not is_too_wide(page), language
    for key in ("Tab", "Space", "Tab", "ArrowRight", "Tab", "ArrowRight", "Tab"):
        page.keyboard.press(key)
    page.keyboard.type("Todo bien.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("status").wait_for()
    page.goto(f"{served.url}/s/nothing")
    faults["unknown"] = axe(page)
    assert {where: found for where, found in faults.items() if found} == {}
    page.set_viewport_size({"width": 1280, "height": 800})
    log_in(page, served, Role.SUPERVISOR, "olga", "/results")
    assert page.get_by_text("Todo bien.").is_visible()
    shot(page, "results-remarks")
    assert axe(page) == []
