"""Reader: the text of a call script to its steps; strict, and all faults at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ivr.simulator.script import people_words
from ivr.simulator.script import steps as s
from ivr.simulator.script.fault import ScriptError, did_you_mean
from ivr.simulator.script.words import Line

LINES_MAX = 2_000
LINE_LENGTH_MAX = 2_000
KEYS_MAX = 100
_KEYS = re.compile(r"[0-9*#]+")
_STATUSES = ("queued", "ringing", "in-progress", "completed", "busy", "no-answer", "failed", "canceled")


def read_file(path: Path) -> s.Script:
    """The script in a file.

    Raises: ScriptError with every fault in it; OSError when it cannot be opened.
    """
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    return read_script(text, str(path))


def read_script(text: str, file: str = "<script>") -> s.Script:
    """The script in `text`; `file` is named in messages.

    Raises: ScriptError with every fault in it.
    """
    return _Draft(file).read(text)


@dataclass
class _Draft:
    """A script as far as it has been read."""

    file: str
    header: tuple[str, str, datetime | None, s.Place] | None = None
    params: dict[str, str] = field(default_factory=dict)
    lines: list[s.LineThere] = field(default_factory=list)
    agents: list[s.AgentThere] = field(default_factory=list)
    steps: list[s.Step] = field(default_factory=list)
    person: list[s.LineThere] | list[s.AgentThere] | None = None
    calls: int = 0

    def read(self, text: str) -> s.Script:
        faults = []
        sources = text.splitlines()
        for number, source in enumerate(sources[:LINES_MAX], start=1):
            try:
                self.take(Line(self.file, number, source[:LINE_LENGTH_MAX]))
            except ScriptError as error:
                faults += error.faults
        try:
            self.check_whole(len(sources))
        except ScriptError as error:
            faults += error.faults
        if faults or self.header is None:
            raise ScriptError(faults)
        caller, called, at, place = self.header
        people = tuple(self.lines), tuple(self.agents)
        return s.Script(self.file, caller, called, at, self.params, *people, tuple(self.steps), place)

    def check_whole(self, lines: int) -> None:
        """What can only be said at the end."""
        if lines > LINES_MAX:
            raise Line(self.file, LINES_MAX + 1, "").fault(f"A script has at most {LINES_MAX} lines.", "split it")
        if not self.calls:
            hint = "begin with: call from +4915112345678 to +18005550142 at 2026-11-23T10:00:00+01:00"
            raise Line(self.file, 1, "").fault("Nobody calls anybody here.", hint)

    def take(self, line: Line) -> None:
        if not line.words:
            return
        if line.indented:
            self.take_act(line)
            return
        self.person = None
        word = line.take("a step")
        header = _HEADERS.get(word.text)
        step = _STEPS.get(word.text)
        if header and not word.quoted:
            header(self, line)
        elif step and not word.quoted:
            self.steps.append(step(line, place_of(line)))
        else:
            known = [*_STEPS, *_HEADERS]
            raise line.fault(f'"{word.text}" is not a step.', did_you_mean(word.text, known), word)
        line.end()

    def take_act(self, line: Line) -> None:
        """An indented line: what the person above does."""
        if self.person is None:
            hint = "indented lines say what the line or agent above them does; the caller's steps begin at the margin"
            raise line.fault("This line is indented, but nobody stands above it.", hint, line.words[0])
        self.person[-1] = people_words.with_act(self.person[-1], line, place_of(line))
        line.end()

    def call(self, line: Line) -> None:
        first = line.words[0]
        self.calls += 1
        if self.calls > 1:
            raise line.fault("A script is one call; here a second begins.", "put it into a file of its own", first)
        line.must("from")
        caller = line.address("a caller", ("anonymous",))
        line.must("to")
        called = line.address("a number to call")
        at = _moment(line) if line.maybe("at") else None
        self.header = (caller, called, at, place_of(line))

    def param(self, line: Line) -> None:
        ahead = line.peek()
        pairs = line.pairs("parameters of the first webhook")
        if not pairs:
            raise line.fault("Here NAME=VALUE is missing.", "such as: param FromCountry=DE", ahead)
        self.params |= pairs

    def line(self, line: Line) -> None:
        there = people_words.line_there(line, place_of(line))
        if any(other.address == there.address for other in self.lines):
            raise line.fault(f'"{there.address}" stands here twice.', "a line is described once", line.words[1])
        self.lines.append(there)
        self.person = self.lines

    def agent(self, line: Line) -> None:
        there = people_words.agent_there(line, place_of(line))
        if any(other.name == there.name for other in self.agents):
            raise line.fault(f'"{there.name}" stands here twice.', "an agent is described once", line.words[1])
        self.agents.append(there)
        self.person = self.agents


def place_of(line: Line) -> s.Place:
    """Where a line stands."""
    return s.Place(line.file, line.number, line.text)


def _moment(line: Line) -> datetime:
    word = line.take("a time", "such as 2026-11-23T10:00:00+01:00")
    try:
        at = datetime.fromisoformat(word.text)
    except ValueError:
        hint = "write it as 2026-11-23T10:00:00+01:00"
        raise line.fault(f'"{word.text}" is not a time.', hint, word) from None
    if at.tzinfo is None:
        hint = f"say how far it is from UTC, such as {word.text}+01:00 or {word.text}Z"
        raise line.fault("This time could be anywhere on earth.", hint, word)
    return at


def _hear(line: Line, place: s.Place) -> s.Step:
    hint = "hear ~ words (contains them) · hear = words (exactly) · hear @name (a prompt)"
    word = line.take("what to hear", hint)
    if word.text.startswith("@") and len(word.text) > 1 and not word.quoted:
        return s.Hear("@", word.text[1:], place)
    if word.text not in ("~", "=") or word.quoted:
        raise line.fault(f'"{word.text}" does not say how to compare.', hint, word)
    text = line.rest()
    if not any(letter.isalnum() for letter in text):
        raise line.fault("Here the words to hear are missing.", hint)
    return s.Hear(word.text, text, place)


def _press(line: Line, place: s.Place) -> s.Step:
    word = line.take("a key", "such as 2 or 4711#")
    if not _KEYS.fullmatch(word.text) or len(word.text) > KEYS_MAX:
        raise line.fault(f'"{word.text}" cannot be pressed.', f"a telephone has 0-9 * #; up to {KEYS_MAX} keys", word)
    return s.Press(word.text, place)


def _say(line: Line, place: s.Place) -> s.Step:
    word = line.peek()
    text = line.rest()
    if not text.strip():
        raise line.fault("Here the words to say are missing.", 'such as: say "my parcel is broken"', word)
    return s.Speak(text, place)


def _leave(line: Line, place: s.Place) -> s.Step:
    for text in ("a", "message", "of"):
        line.must(text)
    length_s = line.duration_s("the length of a message")
    return s.LeaveMessage(length_s, line.rest(), place)


def _hang(line: Line, place: s.Place) -> s.Step:
    line.must("up")
    return s.HangUp(place)


def _expect(line: Line, place: s.Place) -> s.Step:
    word = line.one_of("something that can be expected", _FACTS)
    return s.Expect(_FACTS[word.text](line), place)


def _queued(line: Line) -> s.Fact:
    queue = line.take("the name of a queue").text
    return s.Queued(queue, line.whole_number("a position") if line.maybe("position") else None)


def _talking(line: Line) -> s.Fact:
    line.must("to")
    return s.TalkingTo(line.take("the name of an agent").text)


def _webhook(line: Line) -> s.Fact:
    method = line.one_of("a method", ["POST", "GET"]).text
    word = line.take("a path", "such as /menu")
    if not word.text.startswith("/"):
        raise line.fault(f'"{word.text}" is not a path.', "it begins with /, such as /menu", word)
    return s.WebhookSent(method, word.text, line.pairs("parameters"))


def _ended(line: Line) -> s.Fact:
    line.must("by")
    return s.EndedBy(line.one_of("who may end a call", ["app", "caller"]).text)


def _case(line: Line) -> s.Fact:
    return s.CaseLogged(line.take("a kind of case", "such as claim").text, line.pairs("fields"))


_FACTS: dict[str, Callable[[Line], s.Fact]] = {
    "queued": _queued,
    "in-queue": lambda line: s.InQueue(line.duration_s("a length of time")),
    "dialed": lambda line: s.Dialed(line.address("an address")),
    "recorded": lambda _line: s.RecordingMade(),
    "conference": lambda line: s.InConference(line.take("the name of a conference").text),
    "talking": _talking,
    "webhook": _webhook,
    "ended": _ended,
    "case": _case,
    "status": lambda line: s.StatusIs(line.one_of("a status of a call", _STATUSES).text),
}

_STEPS: dict[str, Callable[[Line, s.Place], s.Step]] = {
    "hear": _hear,
    "press": _press,
    "say": _say,
    "silence": lambda _line, place: s.Silence(place),
    "leave": _leave,
    "wait": lambda line, place: s.Wait(line.duration_s("a length of time"), place),
    "expect": _expect,
    "hang": _hang,
}

_HEADERS: dict[str, Callable[[_Draft, Line], None]] = {
    "call": _Draft.call,
    "line": _Draft.line,
    "agent": _Draft.agent,
    "param": _Draft.param,
}
