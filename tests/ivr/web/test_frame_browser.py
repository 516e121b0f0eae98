"""The frame in a real browser: every page for everybody - by ear, by keyboard, narrow and enlarged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ivr.role import Role
from ivr.tokens import Tokens
from ivr.web.routes import NAVIGATION, ROUTES
from ivr.web.texts import texts
from tests.ivr.web.browser import MARKS, WIDTHS, axe, is_too_wide, log_in, new_page, shot
from tests.ivr.web.served import Served

pytestmark = MARKS
NAMES = ("Ђорђе Љубић", "محمد بن سلمان", "משה כהן")


@pytest.fixture
def page(one_chromium: Any, served: Served) -> Iterator[Any]:
    context = one_chromium.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
    page = new_page(context)
    yield page
    context.close()
    assert page.complaints == []


def pages(served: Served) -> list[str]:
    """The addresses of the navigation, and the account's."""
    there = {route.name: route.path for route in ROUTES}
    views = served.app.wsgi.view_functions
    return [*(there[name] for name in NAVIGATION if name in views and name in there), "/account"]


def test_no_page_has_a_serious_fault_for_those_who_hear_or_enlarge_it(page: Any, served: Served) -> None:
    faults = {}
    for path in ("/login", "/code"):
        page.goto(served.url + path)
        shot(page, f"{path[1:]}-light")
        faults[path] = axe(page)
    log_in(page, served, Role.ADMINISTRATOR, "olga")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for path in pages(served):
            assert page.goto(served.url + path).status == 200, path
            page.locator("h1").first.wait_for(state="attached")
            faults[f"{path} {scheme}"] = axe(page)
            shot(page, f"{path.strip('/').replace('/', '-')}-{scheme}")
    page.goto(served.url + "/no-such-page")
    shot(page, "refusal")
    faults["refusal"] = axe(page)
    assert {path: found for path, found in faults.items() if found} == {}


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_no_page_is_wider_than_the_window_also_enlarged(page: Any, served: Served, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/login", "/code", *pages(served), "/no-such-page"):
        if path == pages(served)[0]:
            log_in(page, served, Role.ADMINISTRATOR, "olga")
        assert page.goto(served.url + path).status == (404 if path == "/no-such-page" else 200)
        assert not is_too_wide(page), (path, width)
        if width == WIDTHS["narrow"]:
            shot(page, f"{path.strip('/').replace('/', '-')}-narrow")
        if width == WIDTHS["desk"]:  # 200 %: as if the window were half as wide and its letters as large
            page.set_viewport_size({"width": width // 2, "height": 400})
            assert not is_too_wide(page), (path, "200 %")
            page.set_viewport_size({"width": width, "height": 800})


def test_large_letters_alone_hide_nothing(page: Any, served: Served) -> None:
    log_in(page, served, Role.ADMINISTRATOR, "olga")
    for path in pages(served):
        page.goto(served.url + path)
        page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
        assert not is_too_wide(page), path


def test_the_whole_navigation_by_keyboard_alone(page: Any, served: Served) -> None:
    log_in(page, served, Role.ADMINISTRATOR, "olga")
    page.goto(served.url + "/account")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    walked = []
    for number in range(len(pages(served)) - 1):
        page.goto(served.url + "/account")
        page.locator(".skip").focus()
        for _ in range(number + 2):  # the brand stands before the first
            page.keyboard.press("Tab")
        focused = page.evaluate(
            "(() => { const it = document.activeElement, ring = getComputedStyle(it);"
            " return [it.getAttribute('href'), ring.outlineStyle !== 'none' && parseFloat(ring.outlineWidth) > 1]; })()"
        )
        assert focused[1], f"the focus cannot be seen on {focused[0]}"
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{focused[0]}**")  # one hotline alone is led to at once
        walked.append(focused[0])
        assert page.locator("nav [aria-current=page]").count() == 1
    assert walked == pages(served)[:-1]


def test_ones_own_menu_by_keyboard_and_logging_out(page: Any, served: Served) -> None:
    log_in(page, served, Role.ADMINISTRATOR, "olga")
    page.locator(".me-menu summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Srpski (latinica)").wait_for()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Srpski (latinica)").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Moj nalog").wait_for()
    assert page.evaluate("document.documentElement.lang") == "sr-Latn"
    page.locator(".me-menu summary").focus()
    page.keyboard.press("Enter")
    shot(page, "own-menu")
    page.get_by_role("button", name=texts("sr-Latn")("me.log_out")).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/login")
    page.goto(served.url + "/account")
    page.wait_for_url("**/login?next=/account")


def test_the_menu_opens_on_a_narrow_screen(page: Any, served: Served) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    log_in(page, served, Role.ADMINISTRATOR, "olga")
    assert not page.locator("#menu").is_visible()
    button = page.get_by_role("button", name="Menu")
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    assert page.locator("#menu a").first.is_visible()
    shot(page, "menu-narrow")
    assert axe(page) == []


def test_names_in_other_scripts_are_shown_as_they_are_and_change_nothing_around_them(page: Any, served: Served) -> None:
    for name in NAMES:
        Tokens(served.store).make(name, Role.VIEWER, "olga")
    log_in(page, served, Role.ADMINISTRATOR, "olga", "/settings")
    for name in NAMES:
        cell = page.get_by_role("rowheader", name=name)
        assert cell.inner_text() == name
        assert page.evaluate("(it) => getComputedStyle(it).direction", cell.element_handle()) == "ltr"
        role = cell.locator("xpath=following-sibling::td[1]")
        assert role.bounding_box()["x"] > cell.bounding_box()["x"], "the row goes on to the right all the same"
    shot(page, "settings-names")
    assert axe(page) == []


def test_a_token_is_shown_once(page: Any, served: Served) -> None:
    log_in(page, served, Role.ADMINISTRATOR, "olga", "/settings")
    page.get_by_label("What it is for").fill("the screen in the hall")
    page.get_by_role("button", name="Make a token").click()
    word = page.locator("code.secret").first.inner_text()
    assert page.locator("code.secret").nth(1).inner_text() == f"{served.url}/floor?kiosk={word}"
    shot(page, "settings-made")
    page.goto(served.url + "/settings")
    assert word not in page.content()
    assert Tokens(served.store).of(word).role is Role.VIEWER
