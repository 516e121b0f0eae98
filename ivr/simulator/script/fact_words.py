"""Fact words: what a script can expect, read word by word."""

from __future__ import annotations

from collections.abc import Callable

from ivr.simulator.script import steps as s
from ivr.simulator.script.words import Line

CODE_MAX = 99_999
STATUSES = ("queued", "ringing", "in-progress", "completed", "busy", "no-answer", "failed", "canceled")
METHODS = ("POST", "GET")
HEAR_HINT = "~ words (contains them) · = words (exactly)"


def fact(line: Line) -> s.Fact:
    """What follows `expect`."""
    word = line.one_of("something that can be expected", [*_FACTS, "no"])
    if word.text != "no":
        return _FACTS[word.text](line)
    denied = line.one_of("something that can be expected not to happen", _DENIABLE)
    if denied.text == "webhook" and line.peek() is None:
        return s.Quiet()
    return s.Never(_FACTS[denied.text](line))


def method_and_path(line: Line) -> tuple[str, str]:
    """`POST /menu`."""
    return line.one_of("a method", METHODS).text, path(line)


def path(line: Line) -> str:
    """`/menu`, perhaps with a query."""
    word = line.take("a path", "such as /menu")
    if not word.text.startswith("/") or word.text.startswith("//"):
        raise line.fault(f'"{word.text}" is not a path.', "it begins with /, such as /menu", word)
    return word.text


def words_to_compare(line: Line) -> tuple[str, str]:
    """`~ words` or `= words`: how to compare, and the words."""
    word = line.take("~ or = and words", HEAR_HINT)
    if word.text not in ("~", "=") or word.quoted:
        raise line.fault(f'"{word.text}" does not say how to compare.', HEAR_HINT, word)
    text = line.rest()
    if not any(letter.isalnum() for letter in text):
        raise line.fault("Here the words are missing.", HEAR_HINT)
    return word.text, text


def _queued(line: Line) -> s.Fact:
    queue = line.take("the name of a queue").text
    return s.Queued(queue, line.whole_number("a position") if line.maybe("position") else None)


def _talking(line: Line) -> s.Fact:
    line.must("to")
    return s.TalkingTo(line.take("the name of an agent, or a number").text)


def _webhook(line: Line) -> s.Fact:
    return s.WebhookSent(*method_and_path(line), line.pairs("parameters"))


def _ended(line: Line) -> s.Fact:
    line.must("by")
    return s.EndedBy(line.one_of("who may end a call", ["app", "caller", "callee", "carrier"]).text)


def _case(line: Line) -> s.Fact:
    return s.CaseLogged(line.take("a kind of case", "such as claim").text, line.pairs("fields"))


def _text(line: Line) -> s.Fact:
    line.must("to")
    to = line.address("a number")
    return s.TextSent(to, *words_to_compare(line)) if line.peek() else s.TextSent(to)


def _twiml(line: Line) -> s.Fact:
    line.must("error")
    return _error(line)


def _error(line: Line) -> s.Fact:
    word = line.take("the carrier's number for it", "such as: expect twiml error 12200")
    if not word.text.isdecimal() or not 10_000 <= int(word.text) <= CODE_MAX:
        hint = "errors and warnings have five digits, such as 12200"
        raise line.fault(f'"{word.text}" is not the number of an error.', hint, word)
    return s.ProblemNoted(int(word.text))


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
    "status": lambda line: s.StatusIs(line.one_of("a status of a call", STATUSES).text),
    "text": _text,
    "twiml": _twiml,
    "error": _error,
}
_DENIABLE = ("webhook", "text", "dialed", "recorded", "case", "twiml", "error", "queued", "conference")
