"""The program killed in mid-call, with pages open: each says so, comes back and is right, and the call goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ivr.accounts import Accounts
from ivr.role import Role
from ivr.simulator.transport import HttpApp
from tests import real_process
from tests.chromium import MARKS, new_page
from tests.ivr.web.browser import come_in
from tests.joint import does, says

pytestmark = MARKS
LIVE = ("/desk", "/floor", "/waiting", "/cases")


def test_each_live_page_says_that_the_program_is_gone_and_is_right_when_it_is_back(
    one_chromium: Any, tmp_path: Path
) -> None:
    context = one_chromium.new_context(locale="en-GB")
    with real_process.world(tmp_path) as world:
        world.network.app = HttpApp()  # webhooks go there without killing it first
        with world.store() as store:
            Accounts(store).set_password("claims-1", real_process.PASSWORD, Role.SUPERVISOR)
        come_in(context.new_page(), world.program.url, "claims-1")
        pages = {path: new_page(context) for path in LIVE}
        for path, page in pages.items():
            page.goto(world.program.url + path)
            page.locator("#live[data-state=on]").wait_for()
        desk = pages["/desk"]
        does(desk, "/ready", lambda: desk.keyboard.press("F9"))
        line = _talks(world, desk)
        desk.locator("#claim-note").fill("half a sen")
        says(desk, "Draft saved")
        world.program.kill()
        for page in pages.values():
            page.locator("#live[data-state=off]").wait_for()
        says(pages["/floor"], "Connection lost")
        desk.get_by_role("button", name="Hold").click()
        says(desk, "That did not work. Please try again.")
        world.program.start()
        for page in pages.values():
            page.locator("#live[data-state=on]").wait_for()
        assert desk.locator("#claim-note").input_value() == "half a sen"
        does(desk, "/hold", lambda: desk.keyboard.press("F6"))
        world.order("/Participants/")
        says(desk, "On hold for")
        says(pages["/waiting"], "claims-1")
        assert pages["/floor"].locator(".state.talking .big").inner_text() == "1"
        assert not line.over
        assert [page.complaints for page in pages.values()] == [[]] * len(pages)
    context.close()


def _talks(world: real_process.World, desk: Any) -> Any:
    """A caller complains and is taken at the desk."""
    world.network.line("client:claims-1", 1)
    line = world.network.call("+4915112345678", next(iter(world.network.numbers)))
    for keys in ("2", "471108#", "1"):
        world.press(line, keys)
    world.until(lambda: line.queue is not None)
    world.network.advance(1)
    says(desk, "A caller for you")
    does(desk, "/accept", lambda: desk.keyboard.press("F2"))
    world.order("/Calls.json")
    world.network.advance(5)
    desk.get_by_role("button", name="Hold").wait_for()
    return line
