"""The telephone page in a real browser: a reload keeps the call."""

from __future__ import annotations

import os
import shutil
import threading
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import pytest
from werkzeug.serving import make_server

from ivr.simulator.network import Network
from ivr.simulator.phone import Phone
from ivr.simulator.transport import WsgiApp

CHROMIUM = shutil.which("chromium")
REQUIRED = bool(os.environ.get("DIALTREE_REQUIRE_BROWSER"))
NUMBER = "+18005550142"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM and not REQUIRED, reason="there is no chromium here (apt install chromium)"),
    # Playwright's own pipes to the browser are closed by its garbage collector when it is stopped.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


def app(environ, start_response):
    form = dict(parse_qsl(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0)).decode()))
    asked = '<Gather numDigits="1" timeout="60"><Say>Press a key.</Say></Gather>'
    start_response("200 OK", [("Content-Type", "text/xml")])
    return [f"<Response>{'<Say>Good bye.</Say><Hangup/>' if 'Digits' in form else asked}</Response>".encode()]


@pytest.fixture
def page():
    from playwright.sync_api import sync_playwright

    network = Network(datetime(2026, 11, 23, 9, tzinfo=UTC), app=WsgiApp(app), speed=5)
    network.number(NUMBER, "https://app.example/")
    network.start()
    server = make_server("127.0.0.1", 0, Phone(network, [NUMBER]), threaded=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        yield page
        browser.close()
    network.stop()
    server.shutdown()
    server.server_close()


def test_a_reload_keeps_the_call_and_tells_it_from_the_beginning_once(page):
    page.get_by_role("button", name="Call", exact=True).click()
    page.get_by_text("“Press a key.”").wait_for()
    page.reload()
    page.get_by_text("“Press a key.”").wait_for()
    assert page.get_by_text(f"You call {NUMBER}").count() == 1
    page.get_by_role("button", name="7").click()
    page.get_by_text("“Good bye.”").wait_for()
    page.get_by_role("button", name="Call", exact=True).and_(page.locator(":enabled")).wait_for()
    page.reload()
    assert page.locator("#state").inner_text() == "Not in a call."
