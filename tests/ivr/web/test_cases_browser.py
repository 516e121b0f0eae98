"""Cases in a real browser: a new one by keyboard alone, its page, and the list that keeps itself up to date."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ivr.role import Role
from tests.ivr.web.browser import MARKS, WIDTHS, axe, is_too_wide, log_in, new_page, shot
from tests.ivr.web.served import Served

pytestmark = MARKS
WORDS = 'Ђорђе "Љубић" <b>محمد بن سلمان</b> – 100 %'


@pytest.fixture
def page(one_chromium: Any, served: Served) -> Iterator[Any]:
    context = one_chromium.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
    page = new_page(context)
    log_in(page, served, Role.SUPERVISOR, "olga", "/cases")
    yield page
    context.close()
    assert page.complaints == []


def test_an_order_by_keyboard_alone_from_the_counter_until_it_is_settled(page: Any, served: Served) -> None:
    page.goto(f"{served.url}/cases/new?what=acme order")
    page.locator("#caller").focus()
    typed = ["+49 30 123456", "Kettle, red", "2", "19,90", "Pot", "1", "5", "Lid", "3", "0.10"]
    for number, text in enumerate(typed):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
        if number < len(typed) - 1:
            while page.evaluate("document.activeElement.tagName") != "INPUT":
                page.keyboard.press("Tab")
    assert page.locator("tr[data-item]:visible").count() == 4  # one more, since the last one is begun
    assert axe(page) == []
    shot(page, "case-new")
    page.get_by_label("Name and address").fill("Ann Miller\n1 Main Street")
    page.get_by_role("button", name="Log the order").press("Enter")
    page.wait_for_url("**/cases/100001")
    assert page.locator("tfoot strong").inner_text() == "€45.10"
    assert page.get_by_text("+4930123456").count() == 1
    page.get_by_role("button", name="Settled").press("Enter")
    page.get_by_text("settled").first.wait_for()
    assert page.locator(".history li").count() == 3


def test_a_case_reads_well_everywhere_whatever_stands_in_it(page: Any, served: Served) -> None:
    prices = {"price_agreed": "20.00", "price_charged": "25.50"}
    fields = {"order_number": "47110815", "cause": "other_price", "note": WORDS * 5, **prices}
    with served.store.transaction() as tx:
        number = tx.cases.log("claim", fields, "f1", "olga", tx.now, caller="+381641234567", hotline="acme").number
        part = tx.cases.log("claim", fields, "f2", "olga", tx.now, caller="+381641234567", hotline="acme").number
        tx.cases.remark(number, WORDS, tx.now, "olga")
        tx.cases.amend(number, {"note": "W" * 300}, tx.now, "olga")
        tx.cases.merge(part, number, tx.now, "olga")
    served.later(5 * 24 * 3600)
    log_in(page, served, Role.SUPERVISOR, "olga", f"/cases/{number}")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert axe(page) == []
        shot(page, f"case-{scheme}")
    assert page.get_by_text("Price charged against Price agreed: +€5.50").is_visible()
    assert page.get_by_text("overdue").first.is_visible()
    assert page.locator("main b").count() == 0
    for details in page.locator("main details").all():
        details.evaluate("it => it.open = true")
    for name, width in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": 800})
        assert not is_too_wide(page), name
        shot(page, f"case-{name}")


def test_the_list_shows_a_new_case_by_itself_and_keeps_what_is_being_typed(page: Any, served: Served) -> None:
    page.locator("#live[data-state=on]").wait_for()
    page.locator("#text").fill("half a wo")
    served.switchboard.happen(
        lambda tx: (tx.cases.log("suggestion", {"suggestion": "x"}, "f1", "caller", tx.now, hotline="acme"), ())
    )
    page.get_by_role("link", name="100 001").wait_for()
    assert page.locator("#text").input_value() == "half a wo"
