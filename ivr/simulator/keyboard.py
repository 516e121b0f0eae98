"""Keyboard: a person at a terminal who is the caller - keys, silence, words, and the call kept as a script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import timedelta

from ivr.simulator.line import Line
from ivr.simulator.network import Network
from ivr.simulator.script.fault import ScriptError
from ivr.simulator.script.words import Line as Words
from ivr.simulator.trace import Entry

HELP = """\
  0-9 * #         press these keys
  (empty)         let silence pass, or hear what comes next
  +30s            let so much time pass
  say WORDS       speak, where the app listens to speech
  leave 8s WORDS  leave a message of 8 seconds, after the beep
  h               hang up
  ?               this help"""
RUN_MAX_S = 600.0
QUIET_S = 30.0
_KEYS = re.compile(r"[0-9*#]{1,100}")


class Keyboard:
    """One call driven by lines of input. `show` is given what the person should read."""

    def __init__(self, network: Network, line: Line, show: Callable[[str], None]) -> None:
        self.kept: list[str] = []  # the call so far as steps of a script
        self.errors: list[str] = []  # what the app did wrong
        self._network = network
        self._line = line
        self._show = show
        self._touched = False
        self._new = 0  # things heard while nobody waited for the caller
        self._unkept: list[str] = []
        network.watch(self._watch)

    def play(self, inputs: Iterable[str]) -> None:
        """Take input until the call is over; at its end the caller hangs up."""
        self._run()
        for text in inputs:
            if self._line.over:
                return
            self._take(text.strip())
            if self._line.over:
                break
        if not self._line.over:
            self._hang_up()

    def script(self, header: str) -> str:
        """The call as a script with this header."""
        ending = [] if "hang up" in self.kept else [*self._heard(), f"expect ended by {self._line.ended_by}"]
        return "\n".join([header, *self.kept, *ending]) + "\n"

    def _take(self, text: str) -> None:
        if _KEYS.fullmatch(text):
            self._act(f"press {text}", lambda: self._line.press(text))
        elif text == "":
            self._silence()
        elif text in ("h", "hang up"):
            self._hang_up()
        elif text.startswith("+") and (seconds := self._duration_s(text[1:])):
            self._keep(f"wait {text[1:]}")
            self._network.advance(seconds)
        elif text.startswith("say ") and (words := text[4:].strip()):
            self._act(f'say "{_quoted(words)}"', lambda: self._line.speak(words))
        elif match := re.fullmatch(r"leave (\S+)(?: (.*))?", text):
            self._leave(match[1], match[2] or "")
        else:
            self._show(HELP if text == "?" else f'"{text}" is nothing to do here; ? shows what is')

    def _act(self, step: str, act: Callable[[], None]) -> None:
        self._keep(step)
        if not self._line.listening:
            self._show("  (nobody listens for that now)")
        self._touched = True
        act()
        self._run()

    def _leave(self, length: str, words: str) -> None:
        seconds = self._duration_s(length)
        if seconds:
            step = f'leave a message of {length} "{_quoted(words)}"' if words else f"leave a message of {length}"
            self._act(step, lambda: self._line.leave_message(seconds, words))
        else:
            self._show(f'"{length}" is no length of time: write it as 8s or 1m30s')

    def _silence(self) -> None:
        if self._line.awaits_input:
            self._keep("silence")
            self._touched = True  # the Gather may run out now
        self._run()

    def _hang_up(self) -> None:
        self._keep("hang up")
        self._line.hang_up()
        self._network.run_until(lambda: self._line.over, within_s=1.0)

    def _run(self) -> None:
        """Let the network run until it is the caller's turn again."""
        self._new = 0
        quiet = self._network.now() + timedelta(seconds=QUIET_S)

        def enough() -> bool:
            line = self._line
            if line.over:
                return True
            if line.queue or line.conference or line.partner:
                return self._new > 0 or self._network.now() >= quiet
            return line.awaits_input and not self._touched

        self._network.run_until(enough, within_s=RUN_MAX_S)

    def _duration_s(self, text: str) -> float:
        try:
            return Words("", 1, text).duration_s("a length of time") if text.strip() else 0.0
        except ScriptError:
            return 0.0

    def _keep(self, step: str) -> None:
        self.kept += [*self._heard(), step]

    def _heard(self) -> list[str]:
        """What was heard since the last step: the last of it as a step, the rest as comments."""
        heard, self._unkept = self._unkept, []
        return [*(f"# heard: {text}" for text in heard[:-1]), *(f'hear ~ "{_quoted(text)}"' for text in heard[-1:])]

    def _watch(self, entry: Entry) -> None:
        if entry.call_sid != self._line.sid:
            return
        if entry.kind == "error":
            self.errors.append(entry.text)
        if entry.kind in ("says", "plays"):
            self._new += 1
        if entry.kind == "says" and any(letter.isalnum() for letter in entry.text):
            self._unkept.append(" ".join(entry.text.split()))
        if entry.kind in ("says", "plays", "webhook", "records"):
            self._touched = False


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
