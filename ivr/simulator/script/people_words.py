"""People's words: how a script describes who else is there - lines that can be called, agents at the desk."""

from __future__ import annotations

import re
from dataclasses import replace

from ivr.simulator.script.steps import Act, AgentThere, LineThere, Place
from ivr.simulator.script.words import Line

LEVEL_MAX = 5
MINUTE_S = 60
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_SKILL = re.compile(r"([A-Za-z0-9_-]+):(\d)")
_AGENT_SAYS = ("answers", "declines", "ignores")
_ACTS = (
    *("accept", "decline", "ignore", "log", "hang", "wrap", "pause", "ready"),
    *("hold", "resume", "mute", "unmute", "transfer", "consult", "let", "complete", "promise", "extend"),
)
_WHOM = ("queue", "agent", "number")


def line_there(line: Line, place: Place) -> LineThere:
    """`line +18005550177 answers after 4s and presses 1` and its like."""
    address = line.address("an address")
    name = _name(line) if line.maybe("as") else ""
    word = line.one_of("what a line does", ["answers", "is", "rejects", "never", "has"])
    there = LineThere(address, "answers", 0.0, "", None, place, name)
    if word.text == "is":
        line.must("busy")
        return replace(there, behaviour="busy")
    if word.text == "never":
        line.must("answers")
        return replace(there, behaviour="never")
    if word.text == "rejects":
        return replace(there, behaviour="rejects")
    if word.text == "has":
        line.must("voicemail")
        return replace(there, behaviour="voicemail", answers_after_s=_after(line))
    there = replace(there, answers_after_s=_after(line))
    while line.maybe("and"):
        verb = line.one_of("what a line does then", ["presses", "hangs"]).text
        there = replace(there, keys=_keys(line)) if verb == "presses" else _line_hangs_up(there, line)
    return there


def agent_there(line: Line, place: Place) -> AgentThere:
    """`agent claims-1 with skills claims:3 de:2 answers after 12s and hangs up after 40s` and its like."""
    word = line.take("the name of an agent", "such as claims-1")
    if not _NAME.fullmatch(word.text):
        raise line.fault(f'"{word.text}" is not a name for an agent.', "letters, digits, - _ . such as claims-1", word)
    skills = _skills(line) if line.maybe("with", "skills") else {}
    there = AgentThere(word.text, skills, (), place)
    if line.peek() is None:
        return there
    verb = line.one_of("what an agent does", _AGENT_SAYS).text
    act = {"answers": "accept", "declines": "decline", "ignores": "ignore"}[verb]
    acts = [Act(act, _after(line), place)]
    if line.maybe("and"):
        line.must("hangs")
        line.must("up")
        acts.append(Act("hang up", _after(line), place))
    return replace(there, acts=tuple(acts))


def with_act(person: LineThere | AgentThere, line: Line, place: Place) -> LineThere | AgentThere:
    """The person with what this indented line says added."""
    if isinstance(person, LineThere):
        verb = line.one_of("what a line does", ["press", "hang"]).text
        return replace(person, keys=_keys(line)) if verb == "press" else _line_hangs_up(person, line)
    return replace(person, acts=(*person.acts, _act(line, place)))


def _act(line: Line, place: Place) -> Act:
    verb = line.one_of("what an agent does", _ACTS).text
    if verb == "log":
        kind = line.take("a kind of case", "such as: log claim cause=slow").text
        fields = line.pairs("fields")
        return Act("log", _after(line), place, kind, fields)
    if verb in ("hang", "wrap"):
        line.must("up")
        verb += " up"
    if verb == "let":
        line.must("go")
        verb = "let go"
    if verb in ("pause", "resume") and line.maybe("the", "recording"):
        return Act(f"{verb} recording", _after(line), place)
    if verb in ("transfer", "consult"):
        line.maybe("to")
        kind = line.one_of("to whom", _WHOM if verb == "transfer" else _WHOM[1:]).text
        whom = line.take("a name or a number", f"such as: {verb} to {kind} ...").text
        return Act(verb, _after(line), place, fields={kind: whom})
    if verb == "promise":
        line.must("in")
        in_s = line.duration_s("a length of time")
        return Act(verb, _after(line), place, fields={"in_min": str(round(in_s / MINUTE_S))})
    ahead = line.peek()
    reason = line.take("a reason").text if verb == "pause" and ahead and ahead.text != "after" else ""
    return Act(verb, _after(line), place, reason=reason)


def _name(line: Line) -> str:
    word = line.take("a name", "such as: line +18005550177 as bob answers")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,31}", word.text):
        raise line.fault(f'"{word.text}" is not a name.', "a letter, then letters, digits, - _ such as bob", word)
    return word.text


def _after(line: Line) -> float:
    return line.duration_s("a length of time") if line.maybe("after") else 0.0


def _line_hangs_up(there: LineThere, line: Line) -> LineThere:
    line.must("up")
    return replace(there, hangs_up_after_s=_after(line))


def _keys(line: Line) -> str:
    word = line.take("a key", "such as 1")
    if not re.fullmatch(r"[0-9*#]{1,32}", word.text):
        raise line.fault(f'"{word.text}" cannot be pressed.', "a telephone has the keys 0-9 * #", word)
    return word.text


def _skills(line: Line) -> dict[str, int]:
    skills: dict[str, int] = {}
    while (word := line.peek()) and (match := _SKILL.fullmatch(word.text)):
        level = int(match[2])
        if not 1 <= level <= LEVEL_MAX:
            raise line.fault(f"There is no level {level}.", f"levels go from 1 to {LEVEL_MAX}", word)
        skills[match[1]] = level
        line.next += 1
    if not skills:
        raise line.fault("Here the skills are missing.", "such as: with skills claims:3 de:2", line.peek())
    return skills
