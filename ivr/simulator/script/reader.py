"""Reader: the text of a call script to its steps; strict, and all faults at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ivr.simulator.chaos import Chaos
from ivr.simulator.script import fact_words, people_words
from ivr.simulator.script import steps as s
from ivr.simulator.script.fault import ScriptError, did_you_mean
from ivr.simulator.script.words import Line, Word

LINES_MAX = 2_000
LINE_LENGTH_MAX = 2_000
KEYS_MAX = 100
SEED_DIGITS_MAX = 18
_KEYS = re.compile(r"[0-9*#]+")
CALLED_FROM = "+18005550142"
"""The number that the app calls from, when the script does not say."""

_NAMED = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}:")
_ONCE = "a script says it once"


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
    by_app: bool = False
    seed: int | None = None
    chaos: str = ""
    stubs: list[s.Stub] = field(default_factory=list)
    names: set[str] = field(default_factory=set)  # of those who do steps of their own

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
        more = (self.by_app, self.seed, self.chaos, tuple(self.stubs))
        return s.Script(self.file, caller, called, at, self.params, *people, tuple(self.steps), place, *more)

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
        elif _NAMED.fullmatch(word.text) and not word.quoted:
            self.steps.append(self.step_of(word, line))
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

    def step_of(self, named: Word, line: Line) -> s.By:
        """A step of somebody else: `bob: press 1`."""
        who = named.text[:-1]
        word = line.one_of("a step of somebody else", _THEIRS)
        place = place_of(line)
        if word.text == "call":
            if who in self.names:
                raise line.fault(f'"{who}" is already in this script.', "give each caller a name of their own", named)
            self.names.add(who)
            return s.By(who, _call_in(line, place), place)
        if who not in self.names:
            hint = f"say first who it is: line +18005550177 as {who} answers  ·  {who}: call from +49... to +1..."
            raise line.fault(f'Nobody here is called "{who}".', hint, named)
        return s.By(who, _STEPS[word.text](line, place), place)

    def call(self, line: Line) -> None:
        self.begin(line)
        line.must("from")
        caller = line.address("a caller", ("anonymous",))
        line.must("to")
        called = line.address("a number to call")
        at = _moment(line) if line.maybe("at") else None
        self.params |= _stated(line)
        self.header = (caller, called, at, place_of(line))

    def app(self, line: Line) -> None:
        """`app calls +4930123456 from +18005550142 at ...`: the app calls; the steps are those of whom it calls."""
        self.begin(line)
        line.must("calls")
        called = line.address("whom the app calls")
        caller = line.address("the number that the app calls from") if line.maybe("from") else CALLED_FROM
        at = _moment(line) if line.maybe("at") else None
        self.by_app, self.header = True, (caller, called, at, place_of(line))

    def begin(self, line: Line) -> None:
        self.calls += 1
        if self.calls > 1:
            hint = "put it into a file of its own, or give the other caller a name - bob: call from +49... to +1..."
            raise line.fault("A script is one call; here a second begins.", hint, line.words[0])

    def throw(self, line: Line) -> None:
        """`seed 7`: the dice."""
        word = line.take("a whole number", "such as: seed 7")
        if not word.text.isdecimal() or len(word.text) > SEED_DIGITS_MAX:
            hint = f"write up to {SEED_DIGITS_MAX} digits, such as 7"
            raise line.fault(f'"{word.text}" is no seed.', hint, word)
        if self.seed is not None:
            raise line.fault("The seed stands here twice.", _ONCE, word)
        self.seed = int(word.text)

    def misbehave(self, line: Line) -> None:
        """`chaos duplicate=0.1 seed 7`: what the network does wrong on purpose."""
        first, words = line.peek(), list[Word]()
        while line.peek() and not line.maybe("seed"):
            words.append(line.take("what goes wrong"))
        if line.words[line.next - 1].text == "seed":
            self.throw(line)
        if not words:
            raise line.fault("Here what goes wrong is missing.", "such as: chaos duplicate=0.1,delay=2s..20s", first)
        if self.chaos:
            raise line.fault("There are two lines of chaos.", "write it in one: duplicate=0.1,drop=0.01", first)
        self.chaos = ",".join(word.text.strip(",") for word in words)
        try:
            Chaos.read(self.chaos)
        except ValueError as wrong:
            what, _, hint = str(wrong).removeprefix("chaos: ").partition(" (")
            span = Word("", words[0].start, words[-1].end, False)
            raise line.fault(what[:1].upper() + what[1:] + ".", hint.rstrip(")"), span) from wrong

    def answer(self, line: Line) -> None:
        """`answer http https://shop.example/orders/1 200 {...}`: what another system says, for our own hotline."""
        line.must("http")
        url = line.take("an address", "such as https://shop.example/orders/4711")
        if not url.text.startswith(("https://", "http://")):
            raise line.fault(f'"{url.text}" is not a web address.', "it begins with https://", url)
        status = line.take("a status", "such as: answer http https://shop.example/orders/1 200 {}")
        if not re.fullmatch(r"[1-5]\d\d", status.text):
            raise line.fault(f'"{status.text}" is not a status.', "HTTP has 100 to 599, such as 200 or 404", status)
        if any(stub.url == url.text for stub in self.stubs):
            raise line.fault("This address is answered twice.", _ONCE, url)
        self.stubs.append(s.Stub(url.text, int(status.text), line.rest(), place_of(line)))

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
        if there.name and there.name in self.names:
            raise line.fault(f'"{there.name}" is already in this script.', "names are given once", line.words[1])
        self.names |= {there.name} - {""}
        self.lines.append(there)
        self.person = self.lines

    def agent(self, line: Line) -> None:
        there = people_words.agent_there(line, place_of(line))
        if any(other.name == there.name for other in self.agents):
            raise line.fault(f'"{there.name}" stands here twice.', "an agent is described once", line.words[1])
        self.agents.append(there)
        self.person = self.agents


def place_of(line: Line) -> s.Place:
    """Where a line stands; what matters most in it is all that follows its first word (or its name and first word)."""
    first, last = line.words[0], line.words[-1]
    told = [word for word in line.words if not _NAMED.fullmatch(word.text)]
    start = told[1].start if len(told) > 1 else first.start
    return s.Place(line.file, line.number, line.text, line.source, start + 1, max(1, last.end - start))


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


def _call_in(line: Line, place: s.Place) -> s.CallIn:
    """`from +49... to +1... with FromCity=Berlin`: who calls whom, and what is stated about it."""
    line.must("from")
    caller = line.address("a caller", ("anonymous",))
    line.must("to")
    return s.CallIn(caller, line.address("a number to call"), _stated(line), place)


def _stated(line: Line) -> dict[str, str]:
    if not line.maybe("with"):
        return {}
    ahead = line.peek()
    pairs = line.pairs("parameters of the first webhook")
    if not pairs:
        raise line.fault("Here NAME=VALUE is missing.", "such as: with FromCity=Berlin FromCountry=DE", ahead)
    return pairs


def _hear(line: Line, place: s.Place) -> s.Step:
    ahead = line.peek()
    if ahead and ahead.text.startswith("@") and len(ahead.text) > 1 and not ahead.quoted:
        return s.Hear("@", line.take("a prompt").text[1:], place)
    if ahead is None or ahead.text not in ("~", "=") or ahead.quoted:
        hint = "hear ~ words (contains them) · hear = words (exactly) · hear @name (a prompt)"
        what = f'"{ahead.text}" does not say how to compare.' if ahead else "Here what to hear is missing."
        raise line.fault(what, hint, ahead)
    return s.Hear(*fact_words.words_to_compare(line), place)


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


def _ask(method: str) -> Callable[[Line, s.Place], s.Step]:
    return lambda line, place: s.Ask(method, fact_words.path(line), line.pairs("fields"), place)


_STEPS: dict[str, Callable[[Line, s.Place], s.Step]] = {
    "hear": _hear,
    "press": _press,
    "say": _say,
    "silence": lambda _line, place: s.Silence(place),
    "leave": _leave,
    "wait": lambda line, place: s.Wait(line.duration_s("a length of time"), place),
    "expect": lambda line, place: s.Expect(fact_words.fact(line), place),
    "hang": _hang,
    "post": _ask("POST"),
    "get": _ask("GET"),
}
_THEIRS = ("call", "hear", "press", "say", "silence", "leave", "expect", "hang")
"""The steps that somebody else than the caller can do; time passes and doors are knocked at for all."""

_HEADERS: dict[str, Callable[[_Draft, Line], None]] = {
    "call": _Draft.call,
    "line": _Draft.line,
    "agent": _Draft.agent,
    "param": _Draft.param,
    "app": _Draft.app,
    "seed": _Draft.throw,
    "chaos": _Draft.misbehave,
    "answer": _Draft.answer,
}
