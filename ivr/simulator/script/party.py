"""Party: one person in a script - their line, what they have heard, and how they do their steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ivr.simulator.line import Line
from ivr.simulator.network import Network
from ivr.simulator.script import steps as s
from ivr.simulator.script.expectation import LATER_THAN_THE_CALL, Cases, Scene, holds, instead
from ivr.simulator.script.hearing import Ear, Prompts
from ivr.simulator.trace import Entry

HEAR_MAX_S = 900.0
EXPECT_MAX_S = 120.0
PRESS_MAX_S = 120.0
OF_THE_NETWORK = (s.WebhookSent, s.RecordingMade, s.Dialed, s.TextSent, s.ProblemNoted)
_DEAF = frozenset({"queued", "initiated", "ringing", "asking", "hearing", "pausing"})


class Failed(Exception):
    """A step did not happen as the script says; the message says what happened instead."""


class Time(Protocol):
    """How time passes while a script is played; both raise whatever went wrong meanwhile."""

    def until(self, happened: Callable[[], bool], stuck: Callable[[], bool], most_s: float) -> bool:
        """Let the network run until it has happened, is stuck, or has taken too long; whether it has happened."""

    def stand(self, happened: Callable[[], bool]) -> None:
        """Give an app in another process a moment of real time to make it happen, while the network's stands still."""

    def pass_(self, seconds: float) -> None:
        """Let so much time pass."""


class Party:
    """A person: `line` is None as long as nobody has called them, and is the newest when several have."""

    def __init__(self, network: Network, address: str, time: Time, cases: Cases, prompts: Prompts | None) -> None:
        self.address = address
        self.line: Line | None = None
        self.scene: Scene | None = None
        self._network = network
        self._time = time
        self._cases = cases
        self._prompts = prompts
        self._ear = Ear.fresh()
        self._taken = 0  # of what the line has heard
        self._touched = False  # something was pressed or said that may still have an effect
        self._noted = 0  # entries of the line so far

    @property
    def called_in(self) -> bool:
        """Whether they called a number of the account themselves."""
        return self.line is not None and self.line.direction == "inbound" and self.line.from_ == self.address

    # What happens to them.

    def takes(self, line: Line) -> None:
        """This is their line from now on."""
        self.line, self.scene, self._taken = line, Scene(self._network, line, self._cases), 0

    def watch(self, entry: Entry) -> None:
        """Something was written into the trace."""
        if self.line is not None and entry.call_sid == self.line.sid:
            self._noted += 1
            if entry.kind in ("says", "plays", "webhook", "records"):
                self._touched = False  # whatever was pressed before has had its effect

    def look(self) -> None:
        """Listen and remember; called after each happening."""
        if self.line is None or self.line.over:
            called = self._network.people.get(self.address)
            if called and called.line is not None and called.line is not self.line:
                self.takes(called.line)
        if self.line is None or self.scene is None:
            return
        for heard in self.line.heard[self._taken :]:
            if heard.kind in ("say", "play"):
                self._ear.take(heard.text, heard.language or None)
        self._taken = len(self.line.heard)
        self.scene.look()

    # Their steps.

    def do(self, step: s.Step) -> None:
        """Do a step; raises Failed."""
        if isinstance(step, s.Expect) and self.line is None and isinstance(_denied(step.fact), OF_THE_NETWORK):
            self._expect_of_the_network(step.fact)
            return
        if self.line is None:
            self._time.stand(lambda: self.line is not None)
        if self.line is None and not self._time.until(lambda: self.line is not None, lambda: False, HEAR_MAX_S):
            raise Failed(f"nobody has called {self.address}")
        match step:
            case s.Hear():
                self._hear(step)
            case s.Press():
                self._act(lambda line: line.press(step.keys))
            case s.Speak():
                self._act(lambda line: line.speak(step.text))
            case s.Silence():
                self._silence()
            case s.LeaveMessage():
                self._leave_message(step)
            case s.HangUp():
                self.hang_up()
            case s.Expect():
                self._expect(step.fact)
            case _:
                raise TypeError(f"nobody knows how to do {step!r}")

    def hang_up(self) -> None:
        """Put the receiver down."""
        line = self._there()
        line.hang_up()
        self._time.until(lambda: line.over, lambda: False, 1.0)

    def unheard(self) -> list[str]:
        """What was said since the last line of the script that was heard."""
        return self._ear.unmatched()

    def _there(self) -> Line:
        if self.line is None:
            raise Failed(f"nobody has called {self.address}")
        return self.line

    def _hear(self, step: s.Hear) -> None:
        if self._time.until(lambda: self._ear.hears(step.how, step.text, self._prompts), self._stuck, HEAR_MAX_S):
            return
        said = [f'  "{text}"' for text in self._ear.unmatched()] or ["  nothing"]
        raise Failed("\n".join(["this was not heard; since the last heard line came:", *said]))

    def _act(self, act: Callable[[Line], None]) -> None:
        """Press or speak, once it can count: prompts pass that nothing can be pressed at; a queue does not."""
        self._time.until(lambda: self._there().listening or self._there().state not in _DEAF, _never, PRESS_MAX_S)
        line = self._there()
        if line.over:
            raise Failed(f"nobody listens: the call is over ({line.status}, by {line.ended_by})")
        self._touched = True
        act(line)
        self._time.pass_(0)

    def _silence(self) -> None:
        line, waiting = self._there(), ("gathering", "recording")
        if not self._time.until(lambda: line.state in waiting, lambda: line.over, PRESS_MAX_S):
            raise Failed("nothing waits for the caller to press or speak here")
        before = self._noted
        self._time.until(lambda: self._noted > before or line.over, _never, HEAR_MAX_S)

    def _leave_message(self, step: s.LeaveMessage) -> None:
        line = self._there()
        if not self._time.until(lambda: line.state == "recording", self._stuck, PRESS_MAX_S):
            raise Failed("nothing is recorded here")
        self._touched = True
        line.leave_message(step.length_s, step.text)
        self._time.pass_(step.length_s)

    def _expect(self, fact: s.Fact) -> None:
        line, scene = self._there(), self.scene
        if isinstance(fact, s.Never):
            self._time.pass_(0)
            happened = holds(fact, scene)
        elif isinstance(fact, s.Queued) and fact.position is not None:
            in_queue = s.Queued(fact.queue, None)
            self._time.until(lambda: holds(in_queue, scene), self._stuck, EXPECT_MAX_S)
            happened = holds(fact, scene)
        else:
            later = isinstance(fact, LATER_THAN_THE_CALL)
            stuck = (lambda: not line.over and self._stuck()) if later else self._stuck
            happened = self._time.until(lambda: holds(fact, scene), stuck, EXPECT_MAX_S)
        if not happened:
            raise Failed("\n".join([_not_so(fact), *instead(fact, scene)]))

    def _expect_of_the_network(self, fact: s.Fact) -> None:
        """What can happen although nobody has called this person yet, or ever."""
        scene = Scene(self._network, None, self._cases)
        self._time.pass_(0)
        if not self._time.until(lambda: holds(fact, scene), _never, EXPECT_MAX_S):
            raise Failed("\n".join([_not_so(fact), *instead(fact, scene)]))

    def _stuck(self) -> bool:
        """Nothing more will come by itself: the call is over, or waits for the person who has done nothing yet."""
        line = self._there()
        return line.over or (line.awaits_input and not self._touched)


def _never() -> bool:
    return False


def _denied(fact: s.Fact) -> s.Fact:
    return fact.fact if isinstance(fact, s.Never) else fact


def _not_so(fact: s.Fact) -> str:
    return "this has happened;" if isinstance(fact, s.Never) else "this has not happened;"
