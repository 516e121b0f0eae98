"""An e-mail and a visitor in a real browser: read, answered and called up, whatever a stranger wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from ivr.mail_room import MailRoom
from ivr.role import Role
from routing.agent import Agent
from tests.ivr.mail.letters import letter
from tests.ivr.web.browser import MARKS, axe, is_too_wide, log_in, new_page, shot
from tests.ivr.web.served import Served

pytestmark = MARKS
WORDS = 'Ђорђе <img src=x onerror="document.title=1"> محمد بن سلمان ' + "W" * 300


@pytest.fixture
def page(one_chromium: Any, served: Served) -> Iterator[Any]:
    context = one_chromium.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    page = new_page(context)
    with served.store.transaction() as tx:
        tx.floor.add(Agent("ann", "Ann", "client:ann", skills={"claims": 4, "en": 4}))
    log_in(page, served, Role.REPRESENTATIVE, "ann", "/desk")
    page.locator("[data-act=ready]").click()
    yield page
    context.close()
    assert page.complaints == []


def test_a_letter_is_read_and_answered_and_a_draft_of_it_survives_a_reload(page: Any, served: Served) -> None:
    MailRoom(served.switchboard).take(letter(f"{WORDS}\nis broken and the rest", Subject=WORDS))
    page.locator("[data-act=accept]").click()
    page.locator("#answer").fill("Dear Ms Muster,")
    page.get_by_text("Draft saved").wait_for()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert axe(page) == []
        shot(page, f"letter-{scheme}")
    page.set_viewport_size({"width": 320, "height": 800})
    assert not is_too_wide(page)
    page.reload()
    page.locator(".mails [data-act=continue]").click()
    page.locator("#answer").wait_for()
    assert page.locator("#answer").input_value() == "Dear Ms Muster,"
    assert page.locator("img").count() == 0
    page.locator("#answer").press("Control+Enter")
    page.locator("#answer").wait_for(state="detached")
    with served.store.look() as tx:
        (sent,) = tx.sent.unsent(5)
    assert sent.body == "Dear Ms Muster,"


def test_a_visitor_watches_their_number_being_called(page: Any, served: Served) -> None:
    desk = page.context.new_page()
    page.goto(served.url + "/counter")
    page.get_by_label("Name, if").fill(WORDS[:190])
    page.get_by_role("button", name="Give a number").click()
    page.locator(".slip").wait_for()
    assert axe(page) == []
    shot(page, "counter-slip")
    link = re.search(r"/ticket/\w+", page.locator(".slip a").get_attribute("href"))[0]
    desk.goto(served.url + "/desk")
    desk.locator("[data-act=accept]").click()
    desk.get_by_role("button", name="Nobody came").wait_for()
    assert axe(desk) == []
    shot(desk, "visitor-at-desk")
    page.set_viewport_size({"width": 320, "height": 700})
    for path, told in ((link, "Please go to Ann now."), ("/counter/board", "Ann")):
        page.goto(served.url + path)
        page.get_by_text(told).first.wait_for()
        assert axe(page) == []
        assert not is_too_wide(page)
        shot(page, path.strip("/").split("/")[0])
