"""Every page on a working day, walked once: by ear, in both lights, narrow, enlarged, on a wall, in all scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ivr.role import Role
from ivr.web.routes import NAVIGATION, ROUTES, Kind
from ivr.web.texts import LANGUAGE_COOKIE
from tests.ivr.web.browser import MARKS, WIDTHS, axe, come_in, is_too_wide, log_in, new_page, runs_together, shot
from tests.ivr.web.morning import ARABIC, HEAD, HEBREW, Morning, fill
from tests.ivr.web.served import Served

pytestmark = MARKS
DESK, TALL = 1280, 800

PATHS = {route.name: route.path for route in ROUTES}
FURTHER: dict[str, Callable[[Morning], str]] = {
    "account": lambda _: "/account",
    "case": lambda it: f"/cases/{it.case}",
    "case-new": lambda _: "/cases/new?what=acme claim",
    "figure": lambda _: "/floor/figures/service_level",
    "why": lambda it: f"/waiting/{it.waiting}",
    "why-talking": lambda it: f"/waiting/{it.talking}",
    "agent": lambda _: "/agents/muhammad",
    "menu": lambda _: "/menus/acme",
    "editor": lambda _: "/menus/acme/edit",
    "compare": lambda _: "/menus/acme/compare",
    "hear": lambda _: "/menus/acme/hear?step=welcome",
    "try": lambda _: "/menus/acme/try",
    "counter-board": lambda _: "/counter/board",
    "ticket": lambda it: it.ticket,
    "refusal": lambda _: "/no-such-page",
    "login": lambda _: "/login",
    "code": lambda _: "/code",
}
"""Pages that the navigation does not lead to at once."""

PAGES = {**{name.removesuffix(".page"): lambda _, name=name: PATHS[name] for name in NAVIGATION}, **FURTHER}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Morning]]:
    served = Served(tmp_path_factory.mktemp("morning"))
    yield served, fill(served)
    served.stop()


@pytest.fixture(scope="module")
def window(one_chromium: Any, world: tuple[Served, Morning]) -> Iterator[Any]:
    context = one_chromium.new_context(locale="en-GB", viewport={"width": DESK, "height": TALL})
    page = new_page(context)
    log_in(page, world[0], Role.ADMINISTRATOR, HEAD)
    page.request.post(
        f"{world[0].url}/menus/acme/begin",
        form={"csrf": page.locator("body").get_attribute("data-csrf")},
        headers={"Origin": world[0].url},
    )
    yield page
    context.close()


@pytest.fixture
def page(window: Any) -> Iterator[Any]:
    window.complaints.clear()
    yield window
    window.set_viewport_size({"width": DESK, "height": TALL})
    window.emulate_media(color_scheme="light")
    assert window.complaints == []


def open_page(page: Any, world: tuple[Served, Morning], name: str) -> None:
    path = PAGES[name](world[1])
    assert page.goto(world[0].url + path).status == (404 if name == "refusal" else 200), path
    page.locator("h1").first.wait_for(state="attached")


def widths_that_scroll_sideways(page: Any, name: str) -> list[str]:
    """At which sizes one would have to; the page stays the same, only the window and its letters change."""
    found = []
    for size, width in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": TALL})
        found += [size] if is_too_wide(page) else []
        if size == "narrow" or (size == "wall" and name == "floor"):
            shot(page, f"{name}-{size}")
    page.set_viewport_size({"width": DESK // 2, "height": TALL // 2})  # 200 %: half as wide, letters as large
    found += ["200 %"] if is_too_wide(page) else []
    page.set_viewport_size({"width": DESK, "height": TALL})
    page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
    return found + (["large letters"] if is_too_wide(page) else [])


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_fit_for_everybody(page: Any, world: tuple[Served, Morning], name: str) -> None:
    open_page(page, world, name)
    faults = [f"light: {each}" for each in axe(page)]
    if f"{name}.page" in NAVIGATION:
        assert page.locator("nav [aria-current=page]").count() == 1
    faults += [f"runs together: {each}" for each in runs_together(page)]
    shot(page, f"{name}-light")
    page.emulate_media(color_scheme="dark")
    faults += [f"dark: {each}" for each in axe(page, "color-contrast")]
    shot(page, f"{name}-dark")
    page.emulate_media(color_scheme="light")
    faults += [f"scrolls sideways: {each}" for each in widths_that_scroll_sideways(page, name)]
    assert faults == []


def test_no_page_is_left_out(world: tuple[Served, Morning]) -> None:
    served, morning = world
    known = served.app.wsgi.url_map.bind("localhost")
    walked = {known.match(path(morning).partition("?")[0])[0] for name, path in PAGES.items() if name != "refusal"}
    pages = {route.name for route in ROUTES if route.kind is Kind.PAGE and "GET" in route.methods}
    # The one leads to another page; the other has walks of its own, without scripts (test_survey_page_browser.py).
    assert pages - walked == {"home.page", "survey.page"}


@pytest.mark.deep
@pytest.mark.parametrize("language", ["de", "sr", "sr-Latn", "es"])
def test_no_language_is_too_long_for_a_page(page: Any, world: tuple[Served, Morning], language: str) -> None:
    page.context.add_cookies([{"name": LANGUAGE_COOKIE, "value": language, "url": world[0].url}])
    faults = {}
    for name in PAGES:
        open_page(page, world, name)
        assert page.evaluate("document.documentElement.lang") == language, name
        shot(page, f"{name}-{language}")
        faults[name] = [*widths_that_scroll_sideways(page, f"{name}-{language}"), *axe(page)]
    page.context.add_cookies([{"name": LANGUAGE_COOKIE, "value": "en", "url": world[0].url}])
    assert {name: found for name, found in faults.items() if found} == {}


def test_a_desk_in_mid_call_is_fit_for_everybody_too(one_chromium: Any, world: tuple[Served, Morning]) -> None:
    context = one_chromium.new_context(locale="sr", viewport={"width": DESK, "height": TALL})
    page = new_page(context)
    come_in(page, world[0].url, "muhammad")
    page.goto(world[0].url + "/desk")
    page.locator("#live[data-state=on]").wait_for()
    for details in page.locator("main details, .columns details").all():
        details.evaluate("it => it.open = true")
    assert page.locator("#hand-to option").filter(has_text=HEBREW).count() == 1
    assert page.get_by_text(ARABIC).first.is_visible()
    assert (axe(page), runs_together(page)) == ([], [])
    shot(page, "desk-conversation")
    assert widths_that_scroll_sideways(page, "desk-conversation") == []
    assert page.complaints == []
    context.close()


def test_a_wall_needs_no_log_in_and_shows_nobodys_name(one_chromium: Any, world: tuple[Served, Morning]) -> None:
    context = one_chromium.new_context(viewport={"width": 1920, "height": 1080}, color_scheme="dark")
    page = new_page(context)
    page.goto(f"{world[0].url}/floor?kiosk={world[1].kiosk}")
    page.locator("#live[data-state=on]").wait_for()
    shot(page, "floor-kiosk")
    assert not is_too_wide(page)
    assert page.evaluate("document.documentElement.scrollHeight") <= 1080, "a wall cannot be scrolled"
    assert axe(page) == []
    assert page.locator("nav").count() == 0
    assert "muhammad" not in page.content()
    assert page.complaints == []
    context.close()
