"""Mishaps on the wire: webhooks that come twice, and callbacks that never come; callers and representatives go on."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ivr.commands.joined import Joined
from ivr.simulator.script.reader import read_file
from tests import played

# Every door is passed by one of these; a webhook more or less must make no difference to any of them.
SCRIPTS = """complaint_en_open suggestion_de_open hangs_up_while_being_offered hangs_up_while_talking
    representative_hangs_up_the_phone representative_line_busy nobody_logged_in offers_missed_until_a_pause""".split()


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    played.log_in_cheaply(monkeypatch)


class Stutter:
    """A carrier that sends each webhook twice and listens to the second answer."""

    def __init__(self, joined: Joined) -> None:
        self.different: list[str] = []
        self._app = joined.network.app
        joined.network.app = self

    def request(self, method: str, url: str, headers: dict[str, str], body: bytes, *limits: object) -> object:
        first = self._app.request(method, url, headers, body, *limits)
        if "/voice" not in url:
            return first
        second = self._app.request(method, url, headers, body, *limits)
        if (first[0], first[2]) != (second[0], second[2]):
            self.different.append(url)
        return second


class Deaf:
    """A carrier whose callbacks to one door never reach the program."""

    def __init__(self, joined: Joined, door: str) -> None:
        self._app, self._door = joined.network.app, door
        joined.network.app = self

    def request(self, method: str, url: str, headers: dict[str, str], body: bytes, *limits: object) -> object:
        if urlsplit(url).path == self._door and not self._leads_on(url, body):
            return 204, {}, b""
        return self._app.request(method, url, headers, body, *limits)

    def _leads_on(self, url: str, body: bytes) -> bool:
        """Whether the answer is the caller's next document: that is no callback, and not lost but asked again."""
        return "/voice/left" in url and b"QueueResult=leave" in body


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_webhook_that_comes_twice_has_one_effect_and_one_answer(name: str, tmp_path: Path) -> None:
    script = read_file(played.CALLS / f"{name}.call")
    with played.hotline(tmp_path, script.at) as joined:
        stutter = Stutter(joined)
        result = played.play(script, joined)
        assert played.told(result, joined) == (played.CALLS / f"{name}.txt").read_text("utf-8")
        assert not (wrong := played.faults(joined)), "\n".join(["", *wrong])
        assert not stutter.different


@pytest.mark.parametrize("door", ["/voice/status", "/voice/left", "/voice/agent-status", "/voice/recording"])
@pytest.mark.parametrize("name", SCRIPTS)
def test_a_callback_that_never_comes_leaves_nobody_stuck(name: str, door: str, tmp_path: Path) -> None:
    script = read_file(played.CALLS / f"{name}.call")
    with played.hotline(tmp_path, script.at) as joined:
        Deaf(joined, door)
        result = played.play(script, joined)
        assert not result.error, result.error
        joined.application.switchboard.reconcile()  # as the live program does by its clock
        assert not (wrong := played.faults(joined)), "\n".join(["", *wrong])
