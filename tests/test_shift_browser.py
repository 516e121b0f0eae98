"""A whole shift by keyboard alone, in the language and on the keyboard of whoever works it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ivr.accounts import Accounts
from ivr.web.texts import texts
from tests.chromium import MARKS, new_page
from tests.ivr.web.browser import shot, tab_to
from tests.ivr.web.desk_world import PASSWORD, QUICK
from tests.joint import Joint, does, eventually, joint, says

pytestmark = MARKS
SHIFT, ALT_GR = 8, 0  # AltGr chooses the character and is told as nothing else
KEYBOARDS = {
    "de": {"z": ("KeyY", 0), "ß": ("Minus", 0), "ü": ("BracketLeft", 0), "?": ("Minus", SHIFT), "@": ("KeyQ", ALT_GR)},
    "sr": {
        "ч": ("Semicolon", 0),
        "љ": ("KeyQ", 0),
        "ж": ("Backslash", 0),
        "?": ("Minus", SHIFT),
        "@": ("KeyV", ALT_GR),
    },
}
"""Where a character is that is elsewhere on an American keyboard: the key's place, and what is held with it."""

WORDS = {"de": "zuß?ü@", "sr": "љч?@"}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Joint]:
    with joint(tmp_path, monkeypatch) as world:
        yield world


def types(page: Any, keyboard: str, words: str) -> None:
    """Type on this keyboard: the browser is told the key's place and the character, which differ."""
    wire = page.context.new_cdp_session(page)
    for character in words:
        if character not in KEYBOARDS[keyboard]:
            page.keyboard.press(character)
            continue
        code, held = KEYBOARDS[keyboard][character]
        stroke = {"code": code, "key": character, "modifiers": held}
        wire.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": character, **stroke})
        wire.send("Input.dispatchKeyEvent", {"type": "keyUp", **stroke})
    wire.detach()


@pytest.mark.parametrize("language", KEYBOARDS)
def test_a_whole_shift_by_keyboard_alone(world: Joint, one_chromium: Any, language: str) -> None:
    t = texts(language)
    colleague = world.at_desk("marko")
    page = comes_to_work(world, one_chromium, language)
    does(page, "/ready", lambda: page.keyboard.press("F9"))
    says(page, t("idle.available"))
    types(page, language, "?")
    page.locator("#keys[open]").wait_for()
    shot(page, f"keys-{language}")
    page.keyboard.press("Escape")
    line = world.caller_complains()
    says(page, t("offer.title"))
    shot(page, f"offer-{language}")
    does(page, "/accept", lambda: page.keyboard.press("F2"))
    world.pass_s(5)
    eventually(page, "document.activeElement.name === 'cause'")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#claim-note")
    types(page, language, WORDS[language])
    assert page.locator("#claim-note").input_value() == WORDS[language]
    assert not page.locator("#keys").is_visible()
    page.locator("[data-act=hold]").wait_for()
    for held in ("hold", "resume"):
        does(page, f"/{held}", lambda: page.keyboard.press("F6"))
        world.pass_s(1)
        assert line.place.hold is (held == "hold")
        page.locator(f"[data-act={'resume' if held == 'hold' else 'hold'}]").wait_for()
    does(page, "/case", lambda: page.keyboard.press("F8"))
    says(page, t("form.logged"))
    shot(page, f"logged-{language}")
    hands_on(page)
    world.pass_s(2)
    says(page, t("contact.wrap_up"))
    shot(page, f"wrap-up-{language}")
    assert colleague.state().body["offer"]["caller"] == line.from_
    does(page, "/wrap-up/end", lambda: page.keyboard.press("F9"))
    says(page, t("idle.available"))
    tab_to(page, "#reason")
    page.keyboard.press("ArrowDown")
    tab_to(page, ".pause button")
    does(page, "/pause", lambda: page.keyboard.press("Enter"))
    says(page, t("reason.lunch"))
    tab_to(page, "[data-act=log-out]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/login**")
    assert page.complaints == []
    page.context.close()


def comes_to_work(world: Joint, chromium: Any, language: str) -> Any:
    """Log in by the page, with the keyboard."""
    world.hire("ana", {})
    Accounts(world.application.switchboard.store, QUICK).set_password("ana", PASSWORD)
    world.network.line("client:ana", 1)
    page = new_page(chromium.new_context(locale=language))
    page.goto(f"{world.url}/login?next=/desk")
    tab_to(page, "#name")
    page.keyboard.type("ana")
    tab_to(page, "#password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("#live[data-state=on]").wait_for()
    assert page.evaluate("document.documentElement.lang") == language
    return page


def hands_on(page: Any) -> None:
    """Give the caller to the colleague at once."""
    page.keyboard.press("F10")
    eventually(page, "document.activeElement.id === 'hand-to'")
    page.keyboard.press("End")
    if not page.locator("#hand-to").input_value().startswith("agent:"):
        page.locator("#hand-to").select_option("agent:marko")
    tab_to(page, "#hand button:not([type=button])")
    does(page, "/transfer", lambda: page.keyboard.press("Enter"))
