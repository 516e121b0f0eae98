"""Joint: telephones and desks in browsers on one virtual clock, which stands still until the test lets time pass."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import WSGIRequestHandler, make_server

from ivr.accounts import Accounts
from ivr.commands import joined
from ivr.role import Role
from ivr.simulator.desk_client import DeskClient
from ivr.simulator.line import Line
from ivr.simulator.phone import Phone
from tests.chromium import new_page
from tests.ivr.web.browser import come_in
from tests.ivr.web.desk_world import PASSWORD, QUICK
from tests.played import MENUS, START, log_in_cheaply

HOST = "127.0.0.1"
NUMBER = "+18005550142"
LEG_ANSWERS_S = 1
TRIES = 200


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Say nothing."""


class _Door:
    """A server of an app that can be stopped and started anew on its port."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self._app, self._port = app, 0
        self.open()

    def open(self) -> None:
        """Answer from now on."""
        self._server = make_server(HOST, self._port, self._app, threaded=True, request_handler=_Quiet)
        self._server.daemon_threads = True  # a page that listens must not keep the test from ending
        self._port = self._server.server_port
        self.url = f"http://{HOST}:{self._port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def shut(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Joint(joined.Joined):
    """The example hotline with its carrier. `url` is the program's, `phone_url` the telephone's."""

    url = phone_url = ""
    door: _Door

    @contextmanager
    def away(self) -> Iterator[None]:
        """While the block runs the program is not there; then it is another one, with what the first has stored."""
        self.application.changes.close()
        self.door.shut()
        yield
        self.restart()
        self.door.open()

    def open_desk(self, chromium: Any, name: str, role: Role = Role.REPRESENTATIVE, path: str = "/desk") -> Any:
        """A browser of its own in which somebody has logged in; their leg answers when it is rung.

        Where pages can speak, it is the page that answers."""
        store = self.application.switchboard.store
        self.hire(name, {})
        Accounts(store, QUICK).set_password(name, PASSWORD, role)
        self.network.line(f"client:{name}", LEG_ANSWERS_S)
        page = new_page(chromium.new_context(locale="en-GB"))
        come_in(page, self.url, name)
        page.goto(self.url + path)
        return page

    def open_phone(self, chromium: Any) -> Any:
        """A caller's telephone in a browser of its own."""
        page = new_page(chromium.new_context(locale="en-GB"))
        page.goto(self.phone_url)
        eventually(page, "document.getElementById('from').value !== ''")
        return page

    def at_desk(self, name: str) -> DeskClient:
        """A representative who is ready, without a page."""
        desk = self.desk().session()
        assert desk.login(name, self.hire(name, {})).fine
        assert desk.post("/desk/api/ready").fine
        return desk

    def caller_complains(self) -> Line:
        """The same as `complains` by a caller without a page."""
        line = self.network.call("+4915112345678", NUMBER)
        for keys in ("2", "471108#", "1"):
            self.until(lambda: line.listening)
            line.press(keys)
            self.network.advance(0)
        self.until(lambda: line.queue is not None)
        self.network.advance(2)
        return line

    def dial(self, phone: Any) -> Line:
        """The caller calls, and hears the first menu."""
        with phone.expect_response("**/call"):
            phone.locator("#call").click()
        line = next(reversed(self.network.calls.values()))
        self.until(lambda: line.listening)
        eventually(phone, "document.getElementById('now').children.length > 0")  # before that it presses nothing
        return line

    def keys(self, phone: Any, line: Line, *groups: str) -> None:
        """The caller presses keys on the page, one group at each question, and time passes up to what follows."""
        for group in groups:
            for key in group:
                with phone.expect_response("**/press"):
                    phone.locator(f"#keypad [data-key='{key}']").click()
            asked = len(self.network.webhooks)
            self.until(lambda: len(self.network.webhooks) > asked and (line.listening or line.queue or line.over))  # noqa: B023
        self.network.advance(0)

    def hears(self, phone: Any, line: Line, words: str) -> None:
        """Let time pass until the caller hears this, and the page tells it."""
        self.until(lambda: any(words in each.text for each in line.heard))
        phone.locator("#heard").get_by_text(words).first.wait_for()

    def complains(self, phone: Any) -> Line:
        """The caller chooses a complaint, types the order number and waits for a representative."""
        line = self.dial(phone)
        self.keys(phone, line, "2", "471108#", "1")
        self.until(lambda: line.queue is not None)
        self.network.advance(2)
        return line

    def until(self, happened: Callable[[], Any]) -> None:
        """Let time pass until it has happened."""
        assert self.network.run_until(lambda: bool(happened()), 120)

    def pass_s(self, seconds: float) -> None:
        """Let so much time pass."""
        self.network.advance(seconds)


def does(page: Any, path: str, act: Callable[[], Any]) -> int:
    """Do something on a page and wait until the server has answered what it asks at `path`; the status."""
    with page.expect_response(lambda answer: path in answer.url and answer.request.method == "POST") as asked:
        act()
    return asked.value.status


def says(page: Any, text: str) -> None:
    """Wait until the page says it."""
    page.get_by_text(text, exact=False).locator("visible=true").first.wait_for()


def eventually(page: Any, expression: str) -> None:
    """Wait until it is true on the page; Playwright's own way is refused by the page's policy, as it should be."""
    for _ in range(TRIES):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(25)
    raise AssertionError(f"it never was: {expression}")


@contextmanager
def joint(folder: Path, monkeypatch: Any, menus: Path = MENUS, *, speaking: bool = False) -> Iterator[Joint]:
    """Both halves behind servers of their own, and nothing else of theirs running.

    `speaking`: desks may have telephones of the carrier's in their pages."""
    keys = (f"key-{n}" for n in itertools.count())
    apps: list[Callable[..., Any]] = []
    desks = _Door(lambda *asked: it.application.wsgi(*asked))
    phones = _Door(lambda *asked: apps[0](*asked))
    monkeypatch.setattr(joined, "PUBLIC_URL", desks.url)
    log_in_cheaply(monkeypatch)
    it = Joint(menus, START, 1, folder / "data")
    phone = Phone(it.network, [NUMBER], lambda: next(keys), origins=[desks.url])
    apps.append(DispatcherMiddleware(it.network.rest, {"/phone": phone}))
    it.door, it.url, it.phone_url = desks, desks.url, f"{phones.url}/phone/"
    if speaking:
        it.settings = replace(it.settings, phone_url=f"{phones.url}/phone")
        it.restart()
    try:
        yield it
    finally:
        it.close()
        for door in (desks, phones):
            door.shut()


__all__ = ["NUMBER", "Joint", "does", "eventually", "joint", "says"]
