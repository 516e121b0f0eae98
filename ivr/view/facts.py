"""Facts: the settings of a step, each by name and comparable, for pages that show and plans that compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.menu import tree as t
from ivr.menu.words import Words
from ivr.view.telling import count, language_name, listed, shortened, spoken, tell, title
from routing import needs as needed

QUOTE_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True)
class Duration:
    """So many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Number:
    """How many of something, the unit being clear from the name."""

    n: int


@dataclass(frozen=True, slots=True)
class YesNo:
    """Whether."""

    yes: bool


@dataclass(frozen=True, slots=True)
class Target:
    """The step that comes next."""

    name: str


@dataclass(frozen=True, slots=True)
class Named:
    """A thing of the hotline by its name: a queue, a survey, a kind of case."""

    name: str


@dataclass(frozen=True, slots=True)
class Plain:
    """Something typed in the files that is shown as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several words that the files know, told by the text `view.choice.KEY`."""

    key: str


@dataclass(frozen=True, slots=True)
class Counted:
    """So many of something that a text counts: `view.due.days.one` and its other forms."""

    key: str
    n: int


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its code."""

    code: str


@dataclass(frozen=True, slots=True)
class Range:
    """So many digits."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Needs:
    """Skills that are needed, with their least levels."""

    levels: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """What callers hear."""

    words: Words


Value = Duration | Number | YesNo | Target | Named | Plain | Choice | Counted | Language | Range | Needs | Spoken
Facts = Mapping[str, Value]
"""By name; the name is that of a text `view.fact.NAME`. A number behind a dot counts (`silence.say.2`)."""


def value_text(value: Value, language: str) -> str:
    """A value in a few words."""
    match value:
        case Duration(seconds):
            return duration_text(seconds, language)
        case Number(n):
            return str(n)
        case YesNo(yes):
            return tell("view.yes" if yes else "view.no", language)
        case Target(name) | Named(name):
            return title(name)
        case Plain(text):
            return text
        case Choice(key):
            return tell(f"view.choice.{key}", language)
        case Counted(key, n):
            return count(key, n, language)
        case Language(code):
            return language_name(code, language)
        case Range(least, most) if least == most:
            return str(least)
        case Range(least, most):
            return tell("view.range", language, least=least, most=most)
        case Needs(levels):
            return listed([_need(skill, level, language) for skill, level in levels], language) or "–"
        case Spoken(words):
            return f"“{shortened(spoken(words, language), QUOTE_LENGTH_MAX)}”"


def duration_text(seconds: float, language: str) -> str:
    """`45 s`, `10 min`, `1.5 s` with the language's decimal sign."""
    if abs(seconds) >= 120 and seconds % 60 == 0:
        return tell("view.minutes", language, n=int(seconds // 60))
    number = f"{seconds:g}"
    return tell("view.seconds", language, n=number if language == "en" else number.replace(".", ","))


def name_text(name: str, language: str) -> str:
    """What a fact is about: the text of its name, with the number of the time where it counts."""
    head, _, last = name.rpartition(".")
    if head and last.isdecimal():
        return tell(f"view.fact.{head}.nth", language, n=last)
    return tell(f"view.fact.{name}", language)


def _need(skill: str, level: int, language: str) -> str:
    name = tell("view.skill.language", language) if skill == "{language}" else title(skill)
    return f"{name} {level}"


def facts(node: t.Node) -> Facts:
    """The settings of one node, without what its options and rules say."""
    return {name: value for name, value in _of_node(node).items() if value is not None}


def _of_node(node: t.Node) -> dict[str, Value | None]:
    match node:
        case t.Menu():
            return {
                **_asked(node),
                "speech": YesNo(node.speech),
                "pause_between_ms": Duration(node.pause_between_ms / 1000) if node.pause_between_ms else None,
            }
        case t.Ask():
            return {**_asked(node), **_entry(node)}
        case t.Say():
            return {"words": Spoken(node.words), "goto": Target(node.goto), "barge_in": YesNo(node.barge_in)}
        case t.When():
            return {"otherwise": Target(node.otherwise)}
        case t.SetVariables():
            return {"values": Plain(_pairs(node.values)), "goto": Target(node.goto)}
        case t.Lookup() | t.Transfer():
            return _elsewhere(node)
        case t.QueueNode() | t.Callback():
            return _waiting(node)
        case t.Record():
            return {
                "words": Spoken(node.words),
                "max_length_s": Duration(node.max_length_s),
                "kind": Named(node.kind),
                "then": Target(node.then),
            }
        case t.Sms():
            return {"words": Spoken(node.words), "goto": Target(node.goto)}
        case t.SurveyNode():
            return {"survey": Named(node.survey), "then": Target(node.then)}
        case t.Goto():
            return {"goto": Target(node.goto)}
        case t.End():
            return {"words": _spoken(node.words)}
        case _:
            return {}


def _elsewhere(node: t.Lookup | t.Transfer) -> dict[str, Value | None]:
    found: dict[str, Value | None] = {"words": _spoken(node.words)}
    if isinstance(node, t.Lookup):
        found |= {"url": Plain(node.url), "into": Plain(_pairs(node.into)), "budget_s": Duration(node.budget_s)}
        found["then"] = Target(node.then)
    else:
        found |= {"number": Plain(node.number), "timeout_s": Duration(node.timeout_s)}
    return found | {"otherwise": Target(node.otherwise)}


def _spoken(words: Words | None) -> Spoken | None:
    return Spoken(words) if words is not None else None


def _pairs(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items())


def _asked(node: t.Menu | t.Ask) -> dict[str, Value | None]:
    found: dict[str, Value | None] = {"words": Spoken(node.words), "short": _spoken(node.short)}
    found |= {"timeout_s": Duration(node.timeout_s), "barge_in": YesNo(node.barge_in)}
    for name, retry in (("silence", node.silence), ("wrong_key", node.wrong_key)):
        found[f"{name}.tries"], found[f"{name}.then"] = Number(retry.tries), Target(retry.then)
        found |= {f"{name}.say.{n}": Spoken(words) for n, words in enumerate(retry.say, 1)}
    return found


def _entry(ask: t.Ask) -> dict[str, Value | None]:
    return {
        "digits": Plain(ask.pattern) if ask.pattern else Range(ask.digits_min, ask.digits_max),
        "confirm": YesNo(ask.confirm),
        "end_key": Plain(ask.end_key or "–"),
        "inter_digit_s": Duration(ask.inter_digit_s),
        "secret": YesNo(ask.secret),
        "into": Plain(ask.into),
        "then": Target(ask.then),
    }


def _waiting(node: t.QueueNode | t.Callback) -> dict[str, Value | None]:
    return {
        "words": _spoken(node.words),
        "queue": Named(node.queue),
        "kind": Named(node.kind),
        "needs": needs_value(node.needs) if node.needs else None,
        "head_start_s": Duration(node.head_start_s) if node.head_start_s else None,
        "then": Target(node.then) if node.then else None,
        "otherwise": Target(node.otherwise) if isinstance(node, t.Callback) else None,
    }


def needs_value(needs: needed.Needs) -> Value:
    """Skills with levels as they are told; alternatives and exclusions in short."""
    return Plain(needed.words(needs)) if needed.RESERVED & needs.keys() else Needs(tuple(needs.items()))
