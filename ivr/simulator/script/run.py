"""Run: a call script played against an app on a network, step by step in the network's time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ivr.simulator.desk_client import Desk, DeskClient
from ivr.simulator.line import Line
from ivr.simulator.network import Network
from ivr.simulator.representative import Refused, Representative, brought
from ivr.simulator.script import steps as s
from ivr.simulator.script.expectation import LATER_THAN_THE_CALL, Scene, holds, in_words, instead
from ivr.simulator.script.hearing import Ear, Prompts
from ivr.simulator.script.result import Result
from ivr.simulator.script.transcript import Transcript
from ivr.simulator.trace import Entry

HEAR_MAX_S = 900.0
EXPECT_MAX_S = 120.0
PRESS_MAX_S = 120.0
AFTERMATH_MAX_S = 300.0
TWIML_SHOWN_MAX = 2_000
_DEAF = frozenset({"queued", "initiated", "ringing", "asking", "hearing", "pausing"})
_OBSERVER = "observer"


class Failed(Exception):
    """A step did not happen as the script says; the message says what happened instead."""


def run(
    script: s.Script,
    network: Network,
    prompts: Prompts | None = None,
    desk: Desk | None = None,
    transcript: Transcript | None = None,
) -> Result:
    """Play `script` on a network that nobody else uses, to its end, and say how it went. Never raises."""
    playing = Playing(
        script, network, prompts, desk, transcript or Transcript(script.caller, script.at and script.at.tzinfo)
    )
    failure = error = ""
    try:
        playing.play()
    except (Failed, Refused) as failed:
        failure = playing.explained(str(failed))
    except Exception as broken:
        error = playing.explained(f"{type(broken).__name__}: {broken}")
    finally:
        playing.over = True
    return Result(script.file, tuple(playing.transcript.lines), failure, error)


class Playing:
    """A script being played."""

    def __init__(
        self, script: s.Script, network: Network, prompts: Prompts | None, desk: Desk | None, transcript: Transcript
    ) -> None:
        self.script = script
        self.network = network
        self.transcript = transcript
        self.place = script.place
        self.over = False  # nothing is written down any more
        self._prompts = prompts
        self._desk = desk
        self._ear = Ear.fresh()
        self._taken = 0  # of what the line has heard
        self._touched = False  # something was pressed or said that may still have an effect
        self._noted = 0  # entries of the caller's line so far
        self._people: list[Representative] = []
        self._observer: DeskClient | None = None
        self._trouble: Exception | None = None
        self._line: Line | None = None
        self._scene: Scene | None = None

    def play(self) -> None:
        """From ring to end. Raises Failed, Refused, or whatever keeps the script from being run."""
        self.network.watch(self._watch)
        self.network.after_happening.append(self._look)
        for there in self.script.lines:
            self.place = there.place
            self._place(there)
        for agent in self.script.agents:
            self.place = agent.place
            self._bring(agent)
        self.place = self.script.place
        self._line = self.network.call(self.script.caller, self.script.called, params=dict(self.script.params))
        self._scene = Scene(self.network, self._line, self._cases)
        for step in self.script.steps:
            self.place = step.place
            _STEPS[type(step)](self, step)
        self._finish()

    def explained(self, why: str) -> str:
        """A failure for people: the step and its place, what was instead, and the wire around it."""
        told = [f"{self.place}: {self.place.text}", *(f"  {line}" for line in why.splitlines())]
        if self._line is not None:
            zone = self.script.at.tzinfo if self.script.at else None
            told.append(f"  the call is {self._line.state}, at {self.network.now().astimezone(zone):%H:%M:%S}")
        asked = [each for each in self.network.webhooks if each.purpose == "call"]
        if asked:
            last = asked[-1]
            told.append(f"  the last webhook: {in_words(last)} -> {last.status or last.error}")
            told += [f"    {line}" for line in last.answer[:TWIML_SHOWN_MAX].replace("><", ">\n<").splitlines()]
        return "\n".join(told)

    # The caller's steps.

    def _hear(self, step: s.Hear) -> None:
        if self._until(lambda: self._ear.hears(step.how, step.text, self._prompts), self._stuck, HEAR_MAX_S):
            return
        said = [f'  "{text}"' for text in self._ear.unmatched()] or ["  nothing"]
        raise Failed("\n".join(["this was not heard; since the last heard line came:", *said]))

    def _press(self, step: s.Press) -> None:
        self._until_it_listens()
        self._touched = True
        self._line.press(step.keys)
        self._pass(0)

    def _speak(self, step: s.Speak) -> None:
        self._until_it_listens()
        self._touched = True
        self._line.speak(step.text)
        self._pass(0)

    def _until_it_listens(self) -> None:
        """Let prompts pass that nothing can be pressed at; elsewhere (a queue, a conversation) go on at once."""
        self._until(lambda: self._line.listening or self._line.state not in _DEAF, lambda: False, PRESS_MAX_S)
        if self._line.over:
            raise Failed(f"nobody listens: the call is over ({self._line.status}, by {self._line.ended_by})")

    def _silence(self, _step: s.Silence) -> None:
        waiting = ("gathering", "recording")
        if not self._until(lambda: self._line.state in waiting, lambda: self._line.over, PRESS_MAX_S):
            raise Failed("nothing waits for the caller to press or speak here")
        before = self._noted
        self._until(lambda: self._noted > before or self._line.over, lambda: False, HEAR_MAX_S)

    def _leave_message(self, step: s.LeaveMessage) -> None:
        if not self._until(lambda: self._line.state == "recording", self._stuck, PRESS_MAX_S):
            raise Failed("nothing is recorded here")
        self._touched = True
        self._line.leave_message(step.length_s, step.text)
        self._pass(step.length_s)

    def _wait(self, step: s.Wait) -> None:
        self._pass(step.length_s)

    def _hang_up(self, _step: s.HangUp) -> None:
        self._line.hang_up()
        self._until(lambda: self._line.over, lambda: False, 1.0)

    def _expect(self, step: s.Expect) -> None:
        fact = step.fact
        if isinstance(fact, s.Queued) and fact.position is not None:
            in_queue = s.Queued(fact.queue, None)
            self._until(lambda: holds(in_queue, self._scene), self._stuck, EXPECT_MAX_S)
            happened = holds(fact, self._scene)
        else:
            stuck = (lambda: False) if isinstance(fact, LATER_THAN_THE_CALL) and self._line.over else self._stuck
            happened = self._until(lambda: holds(fact, self._scene), stuck, EXPECT_MAX_S)
        if not happened:
            raise Failed("\n".join(["this has not happened;", *instead(fact, self._scene)]))

    def _finish(self) -> None:
        """After the last step the caller hangs up, and the others end what they have begun."""
        if not self._line.over:
            self._line.hang_up()
        self._until(lambda: self._line.over, lambda: False, 1.0)
        self._until(lambda: all(person.done for person in self._people), lambda: False, AFTERMATH_MAX_S)
        self.network.advance(0)  # what the carrier has to tell of this last instant is told

    # Time.

    def _until(self, happened: Callable[[], bool], stuck: Callable[[], bool], most_s: float) -> bool:
        """Let the network run until it has happened, or cannot any more, or it has taken too long."""
        found = False

        def enough() -> bool:
            nonlocal found
            found = found or happened()
            return found or self._trouble is not None or stuck()

        self.network.run_until(enough, within_s=most_s)
        self._raise_trouble()
        return found

    def _pass(self, seconds: float) -> None:
        self.network.advance(seconds)
        self._raise_trouble()

    def _stuck(self) -> bool:
        """Nothing more will come by itself: the call is over, or waits for the caller who has done nothing yet."""
        return self._line.over or (self._line.awaits_input and not self._touched)

    def _raise_trouble(self) -> None:
        if self._trouble is not None:
            raise self._trouble

    # What happens meanwhile.

    def _watch(self, entry: Entry) -> None:
        if self.over:
            return
        self.transcript.take(entry)
        if self._line is not None and entry.call_sid == self._line.sid:
            self._noted += 1
            if entry.kind in ("says", "plays", "webhook", "records"):
                self._touched = False  # whatever was pressed before has had its effect

    def _look(self) -> None:
        """After each happening: listen, remember, and let the people at the desk look up."""
        if self._line is not None:
            for heard in self._line.heard[self._taken :]:
                if heard.kind in ("say", "play"):
                    self._ear.take(heard.text, heard.language or None)
            self._taken = len(self._line.heard)
            self._scene.look()
        try:
            for person in self._people:
                person.look()
        except Exception as trouble:
            self._trouble = self._trouble or trouble

    # Other people.

    def _place(self, there: s.LineThere) -> None:
        """Let somebody be there who can be called, and hang up again after a while."""
        person = self.network.line(there.address, there.answers_after_s, there.behaviour, there.keys)
        if there.hangs_up_after_s is None:
            return
        leaving: set[str] = set()

        def leave() -> None:
            line = person.line
            if line is not None and line.answered_at and line.sid not in leaving:
                leaving.add(line.sid)
                self.network.put(there.hangs_up_after_s, line.hang_up)

        self.network.after_happening.append(leave)

    def _bring(self, agent: s.AgentThere) -> None:
        if self._desk is None:
            raise LookupError(f"there is no desk here, so nobody can be {agent.name}: describe a line instead")
        self._people.append(brought(self.network, self._desk, agent))

    def _cases(self) -> list[Mapping[str, Any]]:
        """The cases of this call that anybody at the desk may see; where nobody is, one more person comes to look."""
        if self._desk is None:
            raise LookupError("there is no desk here, so no case can be expected")
        if not self._people and self._observer is None:
            self._observer = self._desk.session()
            self._observer.login(_OBSERVER, self._desk.hire(_OBSERVER, {}))
        found: dict[str, Mapping[str, Any]] = {}
        for session in [person.desk for person in self._people] or [self._observer]:
            answer = session.cases(call=self._line.sid)
            if not answer.fine:
                raise LookupError(f"the desk does not show the cases of this call: {answer.why}")
            found |= {case["number"]: case for case in answer.body.get("cases", [])}
        return list(found.values())


_STEPS: dict[type, Callable[[Playing, Any], None]] = {
    s.Hear: Playing._hear,
    s.Press: Playing._press,
    s.Speak: Playing._speak,
    s.Silence: Playing._silence,
    s.LeaveMessage: Playing._leave_message,
    s.Wait: Playing._wait,
    s.HangUp: Playing._hang_up,
    s.Expect: Playing._expect,
}
