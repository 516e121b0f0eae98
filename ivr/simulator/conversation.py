"""Conversation: one call as a test plays it - hear, press, say, wait - each with what came instead when it fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from ivr.simulator.line import Line
from ivr.simulator.network import Network
from ivr.simulator.program import Spoke
from ivr.simulator.script.hearing import Ear
from ivr.simulator.transport import HttpApp, WsgiApp

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CALLER, CALLED = "+14155550123", "+18005550142"
HOST = "https://app.example"
HEAR_MAX_S, LISTEN_MAX_S = 900.0, 120.0
ANSWER_SHOWN_MAX = 2_000


class Conversation:
    """The caller's side of a call. `line` is the leg, `network` the carrier; time passes only in what is done here.

    Steps return the conversation, so that they can stand in a row; what does not happen is an AssertionError.
    """

    def __init__(self, network: Network, line: Line) -> None:
        self.network = network
        self.line = line
        self._ear = Ear.fresh()
        self._taken = 0
        self._touched: tuple[int, int] | None = None  # where the call was when something was last pressed or said

    # What the caller does.

    def hear(self, words: str) -> Conversation:
        """Wait until these words are said (case, punctuation and script do not matter); only what follows is new."""
        self._until(lambda: self._hears("~", words), f'"{words}" was not heard')
        return self

    def hear_exactly(self, text: str) -> Conversation:
        """Wait until exactly this is said or played (a sound is heard as its URL)."""
        self._until(lambda: self._hears("=", text), f'"{text}" was not heard')
        return self

    def press(self, keys: str) -> Conversation:
        """Press keys (`0-9 * #`) as soon as somebody listens; a prompt may be interrupted, as callers do."""
        self._until(lambda: self.line.listening, "nobody listens", LISTEN_MAX_S)
        self._touched = self._how_far()
        self.line.press(keys)
        self.network.advance(0)
        return self

    def say(self, words: str) -> Conversation:
        """Say something to a Gather that takes speech, as soon as it does."""
        self._until(lambda: Spoke in self.line.barge_in or self.line.awaits_input, "nobody listens", LISTEN_MAX_S)
        self._touched = self._how_far()
        self.line.speak(words)
        self.network.advance(0)
        return self

    def silence(self) -> Conversation:
        """Press and say nothing until whoever waits for it goes on."""
        self._until(lambda: self.line.awaits_input, "nobody waits for the caller to press or speak")
        self._touched = self._how_far()
        turn = self.line.turn
        self.network.run_until(lambda: self.line.over or self.line.turn != turn, HEAR_MAX_S)
        return self

    def leave_message(self, length_s: float, text: str = "") -> Conversation:
        """Speak for so long to a Record; `text` is what a transcription would give."""
        self._until(lambda: self.line.state == "recording", "nothing is recorded here")
        self._touched = self._how_far()
        self.line.leave_message(length_s, text)
        self.network.advance(length_s)
        return self

    def wait(self, length_s: float) -> Conversation:
        """Let time pass, and do nothing."""
        self.network.advance(length_s)
        return self

    def hang_up(self) -> Conversation:
        """Put the receiver down, and let everything happen that comes of it."""
        self.line.hang_up()
        self.network.run()
        return self

    def ends(self) -> Conversation:
        """Wait until the call is over, without the caller's doing."""
        self._until(lambda: self.line.over, "the call is not over", HEAR_MAX_S)
        self.network.run()
        return self

    # What there is to look at.

    @property
    def heard(self) -> list[str]:
        """What the caller has been told so far; sounds as their URLs."""
        return [each.text for each in self.line.heard if each.kind in ("say", "play")]

    @property
    def troubles(self) -> list[str]:
        """The carrier's errors and warnings so far, with its numbers."""
        return [entry.text for entry in self.network.trace if entry.kind in ("error", "warning")]

    def asked(self, path: str) -> list[Mapping[str, str]]:
        """The parameters of each webhook to this path, in order, callbacks too."""
        return [each.params for each in self.network.webhooks if urlsplit(each.url).path == path]

    def _hears(self, how: str, text: str) -> bool:
        self._listen()
        return self._ear.hears(how, text, None)

    def _listen(self) -> None:
        for heard in self.line.heard[self._taken :]:
            if heard.kind in ("say", "play"):
                self._ear.take(heard.text, heard.language or None)
        self._taken = len(self.line.heard)

    def _how_far(self) -> tuple[int, int]:
        """Grows with what is heard and asked: what was pressed before has had its effect then."""
        return len(self.line.heard), len(self.network.webhooks)

    def _is_stuck(self) -> bool:
        """Nothing more will come by itself: the call is over, or waits for a caller who has done nothing yet."""
        return self.line.over or (self.line.awaits_input and self._touched != self._how_far())

    def _until(self, happened: Callable[[], bool], why: str, most_s: float = HEAR_MAX_S) -> None:
        found = False

        def enough() -> bool:
            nonlocal found
            found = happened()
            return found or self._is_stuck()

        self.network.run_until(enough, most_s)
        if not found:
            self._listen()
            raise AssertionError("\n".join([why, *self._instead()]))

    def _instead(self) -> list[str]:
        """Where the call stands, for whoever reads that something did not happen."""
        new = [f'  "{text}"' for text in self._ear.unmatched()] or ["  nothing"]
        over = f"{self.line.status}, ended by {self.line.ended_by}" if self.line.over else self.line.state
        told = ["since then was heard:", *new, f"the call is: {over}", *self.troubles]
        documents = [each for each in self.network.webhooks if each.purpose == "call"]
        if documents:
            last = documents[-1]
            told.append(f"the last webhook: {last.method} {last.url} -> {last.status or last.error}")
            told += [f"  {line}" for line in last.answer[:ANSWER_SHOWN_MAX].replace("><", ">\n<").splitlines()]
        return told


def dialled(
    app: Any,
    path: str = "/voice",
    *,
    caller: str = CALLER,
    called: str = CALLED,
    params: Mapping[str, str] | None = None,
    start: datetime = START,
    fallback: str = "",
    status_callback: str = "",
    **options: Any,
) -> Conversation:
    """Somebody calls an app: a WSGI callable in this process, asked at `path`, or the URL of one that runs.

    `params` are added to the webhooks (FromCity="Berlin"); `fallback` and `status_callback` are the number's own URLs
    (paths will do); `options` go to Network: auth_token, account_sid, seed, chaos, strict ...
    """
    if isinstance(app, str):
        host, path, transport = "{0.scheme}://{0.netloc}".format(urlsplit(app)), app, HttpApp()
    else:
        host, transport = HOST, WsgiApp(app)
    network = Network(start, app=transport, **options)
    urls = [each if "://" in each or not each else host + each for each in (path, fallback, status_callback)]
    network.number(called, urls[0], urls[1] or None, urls[2] or None)
    return Conversation(network, network.call(caller, called, params))
