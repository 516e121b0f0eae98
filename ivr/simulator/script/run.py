"""Run: a call script played against an app on a network, step by step in the network's time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr.simulator.desk_client import Desk, DeskClient
from ivr.simulator.network import Network
from ivr.simulator.representative import Refused, Representative, brought
from ivr.simulator.script import steps as s
from ivr.simulator.script.blame import Wrong, blamed, refused
from ivr.simulator.script.expectation import asked, in_words
from ivr.simulator.script.hearing import Prompts
from ivr.simulator.script.party import Failed, Party
from ivr.simulator.script.result import Result
from ivr.simulator.script.transcript import Transcript
from ivr.simulator.script.wire_told import last_webhooks
from ivr.simulator.trace import Entry

STANDS_MAX = 15
"""So many moments of real time (of CarrierDoor.patience) pass before the network's goes on without the app."""

AFTERMATH_MAX_S = 300.0
_OBSERVER = "observer"
_MAIN = ""

AskApp = Callable[[s.Ask], None]
"""Knocks at a door of the app's own; raises OSError or ValueError with what went wrong."""


@dataclass(frozen=True, slots=True)
class Around:
    """What else a script may be played with.

    Prompts by name, our desk, doors of the app, somebody to tell of each step, and patience: pauses in real time for
    an app in another process, each a call that is False once there were enough of them.
    """

    prompts: Prompts | None = None
    desk: Desk | None = None
    ask: AskApp | None = None
    begins: Callable[[int, s.Step], object] | None = None
    patience: Callable[[], Callable[[], bool]] | None = None


def run(
    script: s.Script,
    network: Network,
    prompts: Prompts | None = None,
    desk: Desk | None = None,
    transcript: Transcript | None = None,
    around: Around | None = None,
) -> Result:
    """Play `script` on a network that nobody else uses, to its end, and say how it went. Never raises."""
    transcript = transcript or Transcript(script.person, script.at and script.at.tzinfo)
    playing = Playing(script, network, around or Around(prompts, desk), transcript)
    failure = error = ""
    failed_at: s.Place | None = None
    try:
        playing.play()
        failure = playing.unforeseen()
    except (Failed, Refused) as failed:
        failure, failed_at = playing.explained(str(failed)), playing.place
    except Exception as broken:
        error = playing.explained(f"{type(broken).__name__}: {broken}")
    finally:
        playing.over = True
    heard = tuple(playing.unheard()) if failed_at else ()
    notes = tuple(playing.notes)
    return Result(script.file, tuple(transcript.lines), failure, error, 0.0, notes, failed_at, heard)


@dataclass(slots=True)
class _Progress:
    """How far a script has been played: which step, the last one that did something, and requests until then."""

    step: int = 0
    acted: int = 0
    asked_before: int = 0  # requests to the app when the step before this one began
    asked_now: int = 0
    wrongs: list[tuple[Wrong, int]] = field(default_factory=list)


class Playing:
    """A script being played."""

    def __init__(self, script: s.Script, network: Network, around: Around, transcript: Transcript) -> None:
        self.script = script
        self.network = network
        self._transcript = transcript
        self.place = script.place
        self.over = False  # nothing is written down any more
        self.notes: list[str] = []  # what is odd about the app, and no failure
        self._around = around
        self._progress = _Progress()
        self._parties = {_MAIN: self._party(script.person)}
        self._now = self._parties[_MAIN]
        self._people: list[Representative] = []
        self._observer: DeskClient | None = None
        self._trouble: Exception | None = None

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
        if not self.script.by_app:
            self._calls(self._now, self.script)
        for step in self.script.steps:
            self._take(step)
        self._finish()

    def _take(self, step: s.Step) -> None:
        progress = self._progress
        self.place = step.place
        progress.step += 1
        progress.asked_before, progress.asked_now = progress.asked_now, len(asked(self.network))
        if self._around.begins:
            self._around.begins(progress.step, step)
        named = isinstance(step, s.By)
        self._now = self._named(step) if named else self._parties[_MAIN]
        inner = step.step if named else step
        if not isinstance(inner, s.Hear | s.Expect):
            progress.acted = progress.step
        match inner:
            case s.Wait():
                self.pass_(inner.length_s)
            case s.Ask():
                self._ask(inner)
            case s.CallIn():
                self._calls(self._now, inner)
            case s.Expect(fact=s.Quiet()):
                self._quiet()
            case _:
                self._now.do(inner)

    def unforeseen(self) -> str:
        """The app's first mistake that the script does not expect, told as a failure; empty when there is none."""
        return self.explained("everything else went as the script says") if self._mistake() else ""

    def _mistake(self) -> tuple[Wrong, int] | None:
        """Whoever makes the network misbehave, or expects an error, is told of it in the notes only."""
        if self.script.chaos:
            return None
        expected = {step.fact.code for step in _plain(self.script) if _expects_problem(step)}
        return next((each for each in self._progress.wrongs if each[0].code not in expected), None)

    def explained(self, why: str) -> str:
        """A failure for people: the app's mistake if it made one, the step and its place, and the wire around it."""
        told: list[str] = []
        if mistake := self._mistake():
            wrong, number = mistake
            told.append(f"{wrong.sentence} ({self._step_in_words(number)})")
            told += [f"  it said: {wrong.answer}"] if wrong.answer else []
        place = self.place
        told.append(f"{place}: {place.text}")
        if place.source:
            gutter = f"  {place.line:>5} | "
            mark = " " * (len(gutter) - 2) + "| " + " " * (place.column - 1) + "^" * place.width
            told += [gutter + place.source, mark]
        told += [f"  {line}" for line in why.splitlines()]
        if (line := self._now.line) is not None:
            zone = self.script.at.tzinfo if self.script.at else None
            told.append(f"  the call is {line.state}, at {self.network.now().astimezone(zone):%H:%M:%S}")
        return "\n".join([*told, *last_webhooks(self.network)])

    def unheard(self) -> list[str]:
        """What the person whose step it is has heard since the last line that was heard."""
        return self._now.unheard()

    def _step_in_words(self, number: int) -> str:
        if not number:
            return "as the call began"
        return f"step {number}: {self.script.steps[number - 1].place.text}"

    # What somebody does besides pressing and hearing.

    def _calls(self, party: Party, call: s.Script | s.CallIn) -> None:
        party.takes(self.network.call(call.caller, call.called, params=dict(call.params)))

    def _ask(self, step: s.Ask) -> None:
        if self._around.ask is None:
            raise LookupError("here no door of the app can be knocked at: name the app with --app URL or --wsgi")
        try:
            self._around.ask(step)
        except (OSError, ValueError) as wrong:
            raise Failed(str(wrong)) from wrong
        self.pass_(0)

    def _quiet(self) -> None:
        self.pass_(0)
        if more := asked(self.network)[self._progress.asked_before :]:
            raise Failed(f"this has happened; asked were: {', '.join(in_words(each) for each in more)}")

    def _finish(self) -> None:
        """After the last step those who called hang up, and the others end what they have begun."""
        self._now = self._parties[_MAIN]
        callers = (each for each in self._parties.values() if each is self._now or each.called_in)
        for party in callers:
            if party.line is not None and not party.line.over:
                party.hang_up()
        self.until(lambda: all(person.done for person in self._people), lambda: False, AFTERMATH_MAX_S)
        self.pass_(0)  # what the carrier has to tell of this last instant is told

    # Time.

    def until(self, happened: Callable[[], bool], stuck: Callable[[], bool], most_s: float) -> bool:
        """Let the network run until it has happened, or cannot any more, or it has taken too long."""
        found = False

        def enough() -> bool:
            nonlocal found
            found = found or happened()
            return found or self._trouble is not None or stuck()

        limit = self.network.in_(most_s)
        self.network.run_until(enough, within_s=most_s)
        pause = self._around.patience() if self._around.patience else lambda: False
        while not enough() and (left_s := (limit - self.network.now()).total_seconds()) > 0 and pause():
            self.network.run_until(enough, within_s=left_s)  # an app elsewhere may have asked the carrier for something
        self._raise_trouble()
        return found

    def stand(self, happened: Callable[[], bool]) -> None:
        """Give an app in another process a moment of real time to make it happen: else hours of hold music may have
        passed here before it has asked for anything."""
        pause = self._around.patience() if self._around.patience else lambda: False
        for _ in range(STANDS_MAX):
            self.pass_(0)
            if happened() or not pause():
                return

    def pass_(self, seconds: float) -> None:
        """Let so much time pass."""
        self.network.advance(seconds)
        self._raise_trouble()

    def _raise_trouble(self) -> None:
        if self._trouble is not None:
            raise self._trouble

    # What happens meanwhile.

    def _watch(self, entry: Entry) -> None:
        if self.over:
            return
        self._transcript.take(entry)
        for party in self._parties.values():
            party.watch(entry)
        if entry.kind == "error":
            self._progress.wrongs.append((blamed(entry, self.network.webhooks), self._progress.acted))
        if entry.kind == "warning" or (entry.kind == "error" and self.script.chaos):
            self.notes.append(entry.text)
        exchange = entry.data.get("exchange")
        if entry.kind == "callback" and exchange is not None and (exchange.status or 500) >= 400:
            self.notes.append(refused(exchange))

    def _look(self) -> None:
        """After each happening: listen, remember, and let the people at the desk look up."""
        try:
            for party in list(self._parties.values()):
                party.look()
            for person in self._people:
                person.look()
        except Exception as trouble:
            self._trouble = self._trouble or trouble

    # Other people.

    def _party(self, address: str) -> Party:
        return Party(self.network, address, self, self._cases, self._around.prompts)

    def _named(self, by: s.By) -> Party:
        if isinstance(by.step, s.CallIn):
            self._parties[by.who] = self._party(by.step.caller)
        return self._parties[by.who]

    def _place(self, there: s.LineThere) -> None:
        """Let somebody be there who can be called, and hang up again after a while."""
        person = self.network.line(there.address, there.answers_after_s, there.behaviour, there.keys)
        if there.name:
            self._parties[there.name] = self._party(there.address)
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
        if self._around.desk is None:
            raise LookupError(f"there is no desk here, so nobody can be {agent.name}: describe a line instead")
        self._people.append(brought(self.network, self._around.desk, agent))

    def _cases(self) -> list[Mapping[str, Any]]:
        """The cases of this call that anybody at the desk may see; where nobody is, one more person comes to look."""
        desk, line = self._around.desk, self._now.line
        if desk is None or line is None:
            raise LookupError("there is no desk here, so no case can be expected")
        if not self._people and self._observer is None:
            self._observer = desk.session()
            self._observer.login(_OBSERVER, desk.hire(_OBSERVER, {}))
        found: dict[str, Mapping[str, Any]] = {}
        for session in [person.desk for person in self._people] or [self._observer]:
            answer = session.cases(call=line.sid)
            if not answer.fine:
                raise LookupError(f"the desk does not show the cases of this call: {answer.why}")
            found |= {case["number"]: case for case in answer.body.get("cases", [])}
        return list(found.values())


def _plain(script: s.Script) -> list[s.Step]:
    return [step.step if isinstance(step, s.By) else step for step in script.steps]


def _expects_problem(step: s.Step) -> bool:
    return isinstance(step, s.Expect) and isinstance(step.fact, s.ProblemNoted)
