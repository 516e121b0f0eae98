"""Keyboard: a person at a terminal who is the caller - keys, silence, words, second thoughts, and the call kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from ivr.simulator.line import Line
from ivr.simulator.network import Network
from ivr.simulator.script.blame import Wrong, blamed
from ivr.simulator.script.fault import ScriptError
from ivr.simulator.script.words import Line as Words
from ivr.simulator.trace import Entry

HELP = """\
  0-9 * #            press these keys
  (Enter)            let silence pass, or hear what comes next
  +30s               let so much time pass
  /say WORDS         speak, where the app listens to speech
  /record 8s WORDS   leave a message of 8 seconds, after the beep
  hang up (or h)     put the receiver down
  u                  undo the last step        r, r 3   begin again, from the start or from step 3
  f                  fork: remember this point  f 1     go back to the first that was remembered
  s, s FILE          save the call as a script for ivr test
  t                  the tree, and where you are in it (our own hotline)
  l, l de            the language that the app speaks; the one that you speak
  ?                  this help
  To undo, go back or begin again, the steps until there are played anew: the app is called again, as a new call."""
RUN_MAX_S = 600.0
QUIET_S = 30.0
STEPS_MAX = 2_000
_KEYS = re.compile(r"[0-9*#]{1,100}")
_RECORD = re.compile(r"/?(?:record|leave) (\S+)(?: (.*))?")
_SAY = re.compile(r"/?say (.*)")


@dataclass(frozen=True, slots=True)
class Again:
    """The call is to be made anew, with these inputs played first; `why` says so to the person."""

    inputs: tuple[str, ...]
    why: str


@dataclass(slots=True)
class Beside:
    """What a keyboard can do besides calling: save a script, show the tree; and the points that were remembered.

    Somebody at a terminal is told, when the call is over, that second thoughts are still possible.
    """

    save: Callable[[str], str] | None = None  # is given a file's name (or nothing); returns what to tell
    tree: Callable[[], str] | None = None
    forks: list[tuple[str, ...]] = field(default_factory=list)
    at_a_terminal: bool = False


class Keyboard:
    """One call driven by lines of input. `show` is given what the person should read."""

    def __init__(self, network: Network, line: Line, show: Callable[[str], None], beside: Beside | None = None) -> None:
        self.kept: list[str] = []  # the call so far as steps of a script
        self.inputs: list[str] = []  # what was typed and had an effect
        self.wrongs: list[Wrong] = []  # what the app did wrong
        self._network = network
        self._line = line
        self._show = show
        self._beside = beside or Beside()
        self._touched = False
        self._new = 0  # things heard while nobody waited for the caller
        self._unkept: list[str] = []
        self._script_at = network.now()  # where the kept script would be in time
        self._language = ""  # of what was said last
        self._speaks = ""  # the caller's own
        network.watch(self._watch)

    def play(self, inputs: Iterator[str] | Iterable[str], before: Sequence[str] = ()) -> Again | None:
        """Play `before`, then take input until the call is over; at its end the caller hangs up.

        Returns what to play anew, when the person has second thoughts.
        """
        self._run()
        for text in before:
            if not self._line.over:
                self._act_on(text)
        for text in inputs:
            again = self._second_thought(text.strip())
            if again is not None:
                return again
            if self._done(text.strip()):
                return None
        if not self._line.over:
            self._hang_up()
        return None

    def script(self, header: str) -> str:
        """The call as a script with this header."""
        ending = [] if "hang up" in self.kept or not self._line.over else [f"expect ended by {self._line.ended_by}"]
        heard = [] if "hang up" in self.kept else self._as_steps(self._unkept)
        return "\n".join([header, *self.kept, *heard, *ending]) + "\n"

    def _done(self, text: str) -> bool:
        """Take one line of input; whether that was the last one, because the call is over."""
        if self._beside_the_call(text):
            return False
        if self._line.over:
            return True
        if len(self.inputs) >= STEPS_MAX:
            self._show(f"a call of more than {STEPS_MAX} steps ends here")
            self._hang_up()
            return True
        self._act_on(text)
        if self._line.over and self._beside.at_a_terminal:
            self._show("the call is over: Enter leaves; u, r, f, s and ? still work")
        return False

    # Second thoughts.

    def _second_thought(self, text: str) -> Again | None:
        verb, _, which = text.partition(" ")
        if verb == "u" and not which:
            return self._undo()
        if verb == "r":
            return self._restart(which.strip())
        if verb == "f" and which:
            return self._go_back(which.strip())
        return None

    def _undo(self) -> Again | None:
        if not self.inputs:
            self._show("there is nothing to undo yet")
            return None
        return Again(tuple(self.inputs[:-1]), f"undone: {_in_words(self.inputs[-1])}")

    def _restart(self, which: str) -> Again | None:
        if not which:
            return Again((), "from the start")
        if not which.isdecimal() or not 1 <= int(which) <= len(self.inputs) + 1:
            self._show(f'"{which}" is no step of this call: it has {len(self.inputs)} so far')
            return None
        return Again(tuple(self.inputs[: int(which) - 1]), f"from step {which}")

    def _go_back(self, which: str) -> Again | None:
        forks = self._beside.forks
        if not which.isdecimal() or not 1 <= int(which) <= len(forks):
            self._show(f'"{which}" is no point that was remembered: there are {len(forks)}')
            return None
        return Again(forks[int(which) - 1], f"at fork {which}")

    # Beside the call.

    def _beside_the_call(self, text: str) -> bool:
        """Do what changes nothing in the call; whether it was such a thing."""
        verb, _, which = text.partition(" ")
        if text == "?":
            self._show(HELP)
        elif text == "f":
            self._beside.forks.append(tuple(self.inputs))
            count = len(self._beside.forks)
            self._show(f"  (remembered as fork {count}, after step {len(self.inputs)}: f {count} comes back here)")
        elif verb == "s" and self._beside.save:
            self._show(self._beside.save(which.strip()))
        elif text == "t":
            self._show(self._beside.tree() if self._beside.tree else "  (only our own hotline has a tree to show)")
        elif verb == "l":
            self._show(self._told_language(which.strip()))
        else:
            return verb in ("u", "r") or (verb == "f" and bool(which))  # told already why it cannot be
        return True

    def _told_language(self, mine: str) -> str:
        self._speaks = mine or self._speaks
        theirs = f"the app speaks {self._language}" if self._language else "the app has said nothing yet"
        if not self._speaks:
            return f"  ({theirs})"
        differs = self._language and self._speaks.lower()[:2] != self._language.lower()[:2]
        warning = ": it would hardly understand you" if differs else ""
        return f"  (you speak {self._speaks}; {theirs}{warning})"

    # The call.

    def _act_on(self, text: str) -> None:
        steps = len(self.inputs)
        self.inputs.append(text)
        if not self._acted(text):
            del self.inputs[steps:]

    def _acted(self, text: str) -> bool:
        """Do it; whether there was anything to do."""
        if _KEYS.fullmatch(text):
            self._act(f"press {text}", lambda: self._line.press(text))
        elif text == "":
            self._silence()
        elif text in ("h", "hang up"):
            self._hang_up()
        elif text.startswith("+") and (seconds := self._duration_s(text[1:])):
            self._wait(seconds)
        elif (said := _SAY.fullmatch(text)) and (words := said[1].strip()):
            if self._speaks and self._speaks[:2].lower() != self._language[:2].lower():
                self._show(self._told_language(""))
            self._act(f'say "{_quoted(words)}"', lambda: self._line.speak(words))
        elif match := _RECORD.fullmatch(text):
            return self._leave(match[1], match[2] or "")
        else:
            self._show(f'"{text}" is nothing to do here; ? shows what is')
            return False
        return True

    def _wait(self, seconds: float) -> None:
        """Let time pass. A script goes on as soon as something is heard, not once it is over: it has longer to wait."""
        self._keep("")
        longer_s = (self._network.now() - self._script_at).total_seconds() + seconds
        self.kept[-1] = f"wait {longer_s:.6f}".rstrip("0").rstrip(".") + "s"
        self._network.advance(seconds)
        self._script_at = self._network.now()

    def _act(self, step: str, act: Callable[[], None]) -> None:
        self._keep(step)
        if not self._line.listening:
            self._show("  (nobody listens for that now)")
        self._touched = True
        act()
        self._run()

    def _leave(self, length: str, words: str) -> bool:
        seconds = self._duration_s(length)
        if seconds:
            step = f'leave a message of {length} "{_quoted(words)}"' if words else f"leave a message of {length}"
            self._act(step, lambda: self._line.leave_message(seconds, words))
        else:
            self._show(f'"{length}" is no length of time: write it as 8s or 1m30s')
        return bool(seconds)

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
        heard, self._unkept = self._unkept, []
        if step:
            self._script_at = self._network.now()
        self.kept += [*self._as_steps(heard), step]

    def _as_steps(self, heard: Sequence[str]) -> list[str]:
        """What was heard since the last step: the last of it as a step, the rest as comments."""
        return [*(f"# heard: {text}" for text in heard[:-1]), *(f'hear ~ "{_quoted(text)}"' for text in heard[-1:])]

    def _watch(self, entry: Entry) -> None:
        if entry.call_sid != self._line.sid:
            return
        if entry.kind == "error":
            self.wrongs.append(blamed(entry, self._network.webhooks))
        if entry.kind in ("says", "plays"):
            self._new += 1
            self._language = str(entry.data.get("language", "")) or self._language
        if entry.kind == "says" and any(letter.isalnum() for letter in entry.text):
            self._unkept.append(" ".join(entry.text.split()))
            self._script_at = entry.time  # when a script that hears this would go on
        if entry.kind in ("says", "plays", "webhook", "records"):
            self._touched = False


def _in_words(text: str) -> str:
    return f"{text}" if text else "(silence)"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
