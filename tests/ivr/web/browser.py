"""What tests do with pages in a real browser: log in, ask axe, and keep pictures to look at."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ivr.accounts import Accounts
from ivr.role import Role
from tests.chromium import MARKS, new_page
from tests.ivr.web.desk_world import PASSWORD, QUICK, World

AXE = Path(__file__).parents[2] / "vendor" / "axe.min.js"
SHOTS = os.environ.get("DIALTREE_SHOTS")
"""A folder for pictures of the pages: set it to look at them."""

WIDTHS = {"narrow": 320, "desk": 1280, "wall": 1920}


def log_in(page: Any, world: Any, role: Role, name: str, there: str = "/account") -> None:
    """Make an account of this role, log in by the page and go to an address. `world` has `url` and `store`."""
    accounts = Accounts(world.store, QUICK)
    if name not in accounts.roles():
        accounts.set_password(name, PASSWORD, role)
    page.goto(f"{world.url}/login?next={there}")
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.locator("button.primary").click()
    page.wait_for_url(f"**{there}")


def axe(page: Any, *but: str) -> list[str]:
    """What axe finds serious or critical on the page as it is now, one line each; `but`: rules that are let be.

    The page's own policy would not let a test's script in, so it is put in by the browser itself.
    """
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map((v) => ({ id: v.id, "
        "impact: v.impact, help: v.help, nodes: v.nodes.map((n) => n.html.slice(0, 160)) }))"
    )
    bad = [each for each in found if each["impact"] in ("serious", "critical") and each["id"] not in but]
    return [f"{each['id']}: {each['help']}: {node}" for each in bad for node in each["nodes"]]


def shot(page: Any, name: str) -> None:
    """Keep a picture of the whole page, if anybody wants to look."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def is_too_wide(page: Any) -> bool:
    """Whether one would have to scroll sideways to read the page."""
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


__all__ = ["MARKS", "WIDTHS", "World", "axe", "is_too_wide", "log_in", "new_page", "shot"]
