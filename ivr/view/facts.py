"""Facts: the settings of a step or a queue, each by name and comparable, for pages that show and plans that compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.menu import tree as t
from ivr.menu.words import Words
from ivr.view.telling import listed, shortened, spoken, tell, title
from routing import needs as needed
from routing.queue import Queue

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


Value = Duration | Number | YesNo | Target | Named | Plain | Range | Needs | Spoken
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
    if seconds >= 120 and seconds % 60 == 0:
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
        "needs": _needs(node.needs) if node.needs else None,
        "head_start_s": Duration(node.head_start_s) if node.head_start_s else None,
        "then": Target(node.then) if node.then else None,
        "otherwise": Target(node.otherwise) if isinstance(node, t.Callback) else None,
    }


def _announced(announce: t.Announce) -> dict[str, Value]:
    """How callers are told where they stand, as far as that is not as usual."""
    found: dict[str, Value] = {
        "place_limit": Number(announce.place_limit or 0),
        "more_than_limit": YesNo(announce.more_than_limit),
        "round_s": Duration(announce.round_s),
        "only_better": YesNo(announce.only_better),
        "explain": YesNo(announce.explain),
        "first_is_told": YesNo(announce.first_is_told),
    }
    usual = t.Announce()
    differ = {name: it for name, it in found.items() if getattr(announce, name) != getattr(usual, name)}
    return {f"announce.{name}": it for name, it in differ.items()}


def _needs(needs: needed.Needs) -> Value:
    """Skills with levels as they are told; alternatives and exclusions in short."""
    return Plain(needed.words(needs)) if needed.RESERVED & needs.keys() else Needs(tuple(needs.items()))


def _asking(queue: Queue) -> dict[str, Value | None]:
    """Whom a queue asks and when, as far as that is not as usual."""
    usual = Queue(queue.name)
    tiers = [tier.group + (f" ({tier.after_s} s)" if tier.after_s else "") for tier in queue.tiers]
    times = ("ring_more_s", "prefer_s", "keep_place_s", "declined_rest_s", "busy_rest_s", "no_answer_rest_s")
    found: dict[str, Value] = {
        "head_start_s": Duration(queue.head_start_s),
        "strategy": Plain(str(queue.strategy).replace("_", " ")),
        "order": Plain(", ".join(queue.order)),
        "weights": Plain(", ".join(f"{name} {weight}" for name, weight in queue.weights.items())),
        "ring_max": Number(queue.ring_max),
        "tiers": Plain(", ".join(tiers)),
        **{name: Duration(getattr(queue, name)) for name in (*times, "wrap_up_extra_s")},
        "wrap_up_until_done": YesNo(queue.wrap_up_until_done),
        "max_ratio": Plain(f"{queue.max_ratio:g}" if queue.max_ratio else ""),
        "breaks_count": YesNo(queue.breaks_count),
    }
    return {f"asking.{name}": it for name, it in found.items() if getattr(queue, name) != getattr(usual, name)}


def survey_facts(survey: t.Survey) -> Facts:
    """How and when a survey is asked, where it is not on the line at once, and the message at its end."""
    message, later = survey.message, survey.later
    found: dict[str, Value | None] = {
        "survey.by": Plain(survey.by.replace("_", " ")) if survey.by != "line" else None,
        "survey.missed": Plain(survey.missed.replace("_", " ")) if survey.missed != "nothing" else None,
        "survey.mail_and_visits": Plain(survey.mail_and_visits) if survey.mail_and_visits != "nothing" else None,
        "survey.message": Spoken(message.words) if message else None,
        "max_length_s": Duration(message.max_length_s) if message else None,
    }
    if found["survey.by"] or found["survey.missed"] or found["survey.mail_and_visits"]:
        found |= {
            "survey.after": Duration(60 * later.after_min),
            "survey.hours": Named(later.hours) if later.hours else None,
            "survey.tries": Number(later.tries),
        }
    return {name: value for name, value in found.items() if value is not None}


def queue_facts(settings: t.QueueSettings) -> Facts:
    """The settings of a queue."""
    queue, announce = settings.queue, settings.announce
    found: dict[str, Value | None] = {
        "max_wait_s": Duration(queue.max_wait_s),
        "overflow": Target(settings.overflow),
        **{f"overflow.{why}": Target(to) for why, to in settings.overflow_when.items()},
        "max_length": Number(settings.max_length),
        "max_expected_wait_s": Duration(settings.max_expected_wait_s) if settings.max_expected_wait_s else None,
        "announce.every_s": Duration(announce.every_s),
        "announce.position": YesNo(announce.position),
        "announce.expected_wait": YesNo(announce.expected_wait),
        **_announced(announce),
        **{f"announce.texts.{n}": Spoken(words) for n, words in enumerate(announce.texts, 1)},
        "music": Plain(settings.music),
        "recording": Plain(settings.recording) if settings.recording != "off" else None,
        "recording_notice": Spoken(settings.recording_notice) if settings.recording_notice else None,
        "ring_s": Duration(queue.ring_s),
        "wrap_up_s": Duration(queue.wrap_up_s),
        "misses_max": Number(queue.misses_max),
        "offers_max": Number(queue.offers_max),
        "service_level_s": Duration(queue.service_level_s),
        "service_level_share": Plain(f"{queue.service_level_share:.0%}".replace("%", " %")),
        "dispositions": Plain(", ".join(map(title, settings.dispositions))) if settings.dispositions else None,
    }
    found |= _asking(queue)
    found["asking.prefer"] = Plain(settings.prefer.replace("_", " ")) if settings.prefer != "nobody" else None
    for step in settings.relax:
        found[f"relax.{step.after_s}"] = _needs(step.needs)
    return {name: value for name, value in found.items() if value is not None}
