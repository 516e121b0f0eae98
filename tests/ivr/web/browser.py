"""What tests do with pages in a real browser: log in, ask axe, and keep pictures to look at."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ivr.accounts import Accounts
from ivr.role import Role
from tests.chromium import MARKS, new_page
from tests.ivr.web.desk_world import PASSWORD, QUICK

AXE = Path(__file__).parents[2] / "vendor" / "axe.min.js"
SHOTS = os.environ.get("DIALTREE_SHOTS")
"""A folder for pictures of the pages: set it to look at them."""

TABS_MAX = 120
WIDTHS = {"narrow": 320, "desk": 1280, "wall": 1920}


def log_in(page: Any, world: Any, role: Role, name: str, there: str = "/account") -> None:
    """Make an account of this role if there is none, log in without the page and go to an address.

    `world` has `url` and `store`.
    """
    accounts = Accounts(world.store, QUICK)
    if name not in accounts.roles():
        accounts.set_password(name, PASSWORD, role)
    come_in(page, world.url, name)
    page.goto(world.url + there)


def come_in(page: Any, url: str, name: str, password: str = PASSWORD) -> None:
    """Give the page's browser a session: what the log-in page does is tested with that page."""
    form = {"name": name, "password": password}
    answer = page.request.post(f"{url}/login", form=form, headers={"Origin": url}, max_redirects=0)
    assert answer.status in (302, 303), answer.text()


def axe(page: Any, *only: str) -> list[str]:
    """What axe finds serious or critical on the page as it is now, one line each; by the rules `only`, or by all.

    The page's own policy would not let a test's script in, so it is put in by the browser itself.
    """
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        "async (only) => (await axe.run(document, { resultTypes: ['violations'], ...(only.length ? { runOnly: only } : "
        "{}) })).violations.map((v) => ({ id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.map((n) => "
        "n.html.slice(0, 160)) }))",
        only,
    )
    bad = [each for each in found if each["impact"] in ("serious", "critical")]
    return [f"{each['id']}: {each['help']}: {node}" for each in bad for node in each["nodes"]]


def tab_to(page: Any, selector: str) -> None:
    """Go there with the Tab key alone; where one is must be seen."""
    for _ in range(TABS_MAX):
        if page.evaluate("(it) => document.activeElement.matches(it)", selector):
            ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert ring != "none", f"the focus cannot be seen on {selector}"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {selector}")


def shot(page: Any, name: str) -> None:
    """Keep a picture of the whole page, if anybody wants to look."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def runs_together(page: Any) -> list[str]:
    """Right-to-left words that stand in one run with other words: those would change places (UAX #9)."""
    return page.evaluate(
        r"""() => {
        const faults = [], written = /[\p{Script=Arabic}\p{Script=Hebrew}]/u;
        const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let text = walk.nextNode(); text; text = walk.nextNode()) {
            const bare = text.data.replace(/\u2068[^\u2069]*\u2069/gu, ""); // isolated by signs, where no tags may be
            if (!written.test(bare) || text.parentElement.closest("script, textarea")) continue;
            let run = text.parentElement;
            while (getComputedStyle(run).unicodeBidi === "normal") run = run.parentElement;
            const around = run.textContent.replace(text.data, "").trim();
            if (around && run.dir !== "auto") faults.push(`${text.data.trim()} within: ${run.textContent.trim()}`);
        }
        for (const field of document.querySelectorAll("input:not([type=hidden]), textarea")) {
            if (written.test(field.value) && field.dir !== "auto") faults.push(`field ${field.name || field.id}`);
        }
        return faults; }"""
    )


def is_too_wide(page: Any) -> bool:
    """Whether one would have to scroll sideways to read the page."""
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


__all__ = ["MARKS", "WIDTHS", "axe", "come_in", "is_too_wide", "log_in", "new_page", "runs_together", "shot", "tab_to"]
