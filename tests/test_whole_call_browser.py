"""A whole call in two browser windows: the caller's telephone and the desk, against `ivr run` as people start it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.chromium import MARKS, new_page
from tests.ivr.web.test_desk_browser import chromium, says
from tests.played import HOUSE

__all__ = ["chromium"]
pytestmark = [*MARKS, pytest.mark.deep]  # prompts are spoken in real time

READY_LINES_MAX = 40


@dataclass(frozen=True, slots=True)
class Running:
    """The program and the carrier, as `ivr run` says they are."""

    app_url: str
    carrier_url: str
    password: str


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    port, carrier_port = _free_port(), _free_port()
    environment = {**os.environ, "DIALTREE_DATA": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "ivr", "run", "--port", str(port), "--carrier-port", str(carrier_port)]
    process = subprocess.Popen(
        command, env=environment, cwd=HOUSE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        told = ""
        for _ in range(READY_LINES_MAX):
            told += process.stdout.readline()
            if found := re.search(r"\banna\b\W+(?:password\W+)?(\S+)", told):
                break
        assert found, told
        yield Running(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{carrier_port}", found[1])
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=20)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def test_a_complaint_from_the_callers_keypad_to_the_survey(chromium: object, running: Running) -> None:
    context = chromium.new_context(locale="en-GB")
    desk = new_page(context)
    desk.goto(f"{running.app_url}/desk")
    desk.get_by_label("Name").fill("anna")
    desk.get_by_label("Password").fill(running.password)
    desk.get_by_role("button", name="Log in").click()
    desk.locator("#live[data-state=on]").wait_for()
    desk.keyboard.press("F9")
    says(desk, "The next call will ring here.")
    phone = new_page(context)
    phone.goto(f"{running.carrier_url}/phone/")
    phone.locator("#to").fill("+18005550142")
    phone.locator("#call").click()
    hears(phone, "For a complaint, press 2")
    keys(phone, "2")
    hears(phone, "enter your order number")
    keys(phone, "471108#")
    hears(phone, "If that is right, press 1")
    keys(phone, "1")
    desk.get_by_text("A caller for you").wait_for(timeout=60_000)
    assert "471108" in desk.get_by_role("alert").filter(has_text="A caller for you").inner_text()
    desk.keyboard.press("F2")
    desk.get_by_role("button", name="Hold").wait_for(timeout=30_000)
    assert desk.locator("#claim-order_number").input_value() == "471108"
    desk.keyboard.press("F6")
    says(desk, "On hold for")
    desk.reload()
    says(desk, "On hold for")
    desk.keyboard.press("F6")
    desk.locator("#claim-cause").select_option("too_slow")
    desk.keyboard.press("F8")
    says(desk, "Read the number to the caller.")
    talked = desk.locator("[data-part=contact] [role=status] .timer")  # who talked for no time waits again
    talked.filter(has_text=re.compile("0:(0[3-9]|[1-5])")).wait_for()
    desk.keyboard.press("Control+Shift+F9")
    says(desk, "Wrap-up ends in")
    hears(phone, "Has your matter been settled")
    keys(phone, "1")
    hears(phone, "How were you treated")
    keys(phone, "5")
    hears(phone, "How easy was it")
    keys(phone, "4")
    hears(phone, "Goodbye")
    desk.keyboard.press("F9")
    says(desk, "The next call will ring here.")
    assert desk.complaints == []
    context.close()


def hears(phone: object, words: str) -> None:
    phone.locator("#told, #heard").get_by_text(words).first.wait_for(timeout=60_000)


def keys(phone: object, pressed: str) -> None:
    for key in pressed:
        phone.locator("#keypad").locator(f"button[value='{key}'], button[data-key='{key}']").first.click()
