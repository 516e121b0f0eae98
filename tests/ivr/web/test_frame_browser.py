"""The frame in a real browser: coming in, the navigation and one's own menu, by keyboard and on a narrow screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ivr.accounts import Accounts
from ivr.role import Role
from ivr.tokens import Tokens
from ivr.web.routes import NAVIGATION, ROUTES
from ivr.web.texts import texts
from tests.ivr.web.browser import MARKS, axe, log_in, new_page, shot
from tests.ivr.web.desk_world import PASSWORD, QUICK
from tests.ivr.web.served import Served

pytestmark = MARKS
FOCUSED = """() => { const it = document.activeElement, ring = getComputedStyle(it);
    return [it.getAttribute("href"), ring.outlineStyle !== "none" && parseFloat(ring.outlineWidth) > 1]; }"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("frame"))
    yield served
    served.stop()


@pytest.fixture(scope="module")
def window(one_chromium: Any, world: Served) -> Iterator[Any]:
    """One browser in which olga, who may see everything, has logged in."""
    context = one_chromium.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
    page = new_page(context)
    log_in(page, world, Role.ADMINISTRATOR, "olga")
    yield page
    context.close()


@pytest.fixture
def page(window: Any, world: Served) -> Iterator[Any]:
    window.complaints.clear()
    window.goto(world.url + "/account")
    yield window
    assert window.complaints == []


def test_the_whole_navigation_by_keyboard_alone(page: Any) -> None:
    paths = {route.name: route.path for route in ROUTES}
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.locator(".brand a").focus()
    walked = []
    for _ in NAVIGATION:
        page.keyboard.press("Tab")
        href, seen = page.evaluate(FOCUSED)
        assert seen, f"the focus cannot be seen on {href}"
        walked.append(href)
    assert walked == [paths[name] for name in NAVIGATION]
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{walked[-1]}")


def test_coming_in_ones_own_menu_and_logging_out_by_keyboard(one_chromium: Any, world: Served) -> None:
    Accounts(world.store, QUICK).set_password("ada", PASSWORD, Role.SUPERVISOR)
    context = one_chromium.new_context(locale="en-GB")
    page = new_page(context)
    page.goto(world.url + "/account")
    for typed in ("ada", PASSWORD):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/account")
    page.locator(".me-menu summary").press("Enter")
    page.get_by_role("button", name="Srpski (latinica)").wait_for()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Srpski (latinica)").press("Enter")
    page.get_by_role("heading", name="Moj nalog").wait_for()
    assert page.evaluate("document.documentElement.lang") == "sr-Latn"
    page.locator(".me-menu summary").press("Enter")
    shot(page, "own-menu")
    page.get_by_role("button", name=texts("sr-Latn")("me.log_out")).press("Enter")
    page.wait_for_url("**/login")
    page.goto(world.url + "/account")
    page.wait_for_url("**/login?next=/account")
    assert page.complaints == []
    context.close()


def test_the_menu_opens_on_a_narrow_screen(page: Any) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    assert not page.locator("#menu").is_visible()
    button = page.get_by_role("button", name="Menu")
    button.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    assert page.locator("#menu a").first.is_visible()
    shot(page, "menu-narrow")
    assert axe(page) == []
    page.set_viewport_size({"width": 1280, "height": 800})


def test_a_token_is_shown_once(page: Any, world: Served) -> None:
    page.goto(world.url + "/settings")
    page.get_by_label("What it is for").fill("the screen in the hall")
    page.get_by_role("button", name="Make a token").press("Enter")
    word = page.locator("code.secret").first.inner_text()
    assert page.locator("code.secret").nth(1).inner_text() == f"{world.url}/floor?kiosk={word}"
    shot(page, "settings-made")
    page.goto(world.url + "/settings")
    assert word not in page.content()
    assert Tokens(world.store).of(word).role is Role.VIEWER
