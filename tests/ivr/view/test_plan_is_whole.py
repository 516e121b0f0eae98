"""A plan knows every setting there is: each field of a tree is changed in turn, and some sentence must tell of it.

The fields are found by looking at the classes themselves, so that whoever adds one is told here what is still to do.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest

from ivr.menu import tree as t
from ivr.menu.hotline import examine
from ivr.menu.told import LANGUAGES
from ivr.view.plan.made import plan
from ivr.view.plan.report import plan_text
from routing.due import Unit
from routing.hours import Closing, Period, PublicHolidays
from routing.kind import Kind
from routing.queue import FIRST, Strategy, Tier

TODAY = date(2026, 11, 23)
TEN = datetime.combine(date(2026, 12, 1), time(10))  # on the wall of the office
Changed = Iterator[tuple[str, Any]]
TEXT = (Path(__file__).parent / "every_kind.yaml").read_text("utf-8")

CHOICES: Mapping[str, tuple[str, ...]] = {
    "Callbacks.first": FIRST,
    "QueueSettings.prefer": ("nobody", "last_agent", "case_owner"),
    "QueueSettings.recording": ("never", "always", "ask"),
    "Survey.by": ("line", "call_back", "link"),
    "Survey.missed": ("nothing", "call_back", "link"),
    "Survey.mail_and_visits": ("nothing", "link"),
    "Calendar.timezone": ("Europe/Berlin", "Europe/London"),
    "PublicHolidays.country": ("DE", "AT"),
    "PublicHolidays.subdivision": ("BE", "BY"),
    "Field.kind": ("text", "date"),
    "Option.language": ("es", "de"),
    "Mailbox.language": ("es", "de"),
}
"""What the reader lets through where the class says only `str`."""

NOT_TOLD: Mapping[str, str] = {
    "Tree.hotline": "what a hotline is called in its files does not change: it would be another one",
    "Tree.version": "it is the digest of all the rest, and the plan's head names it",
    "Menu.name": "a key of `nodes`", "Ask.name": "a key of `nodes`", "Say.name": "a key of `nodes`",
    "When.name": "a key of `nodes`", "SetVariables.name": "a key of `nodes`", "Split.name": "a key of `nodes`",
    "Lookup.name": "a key of `nodes`", "Transfer.name": "a key of `nodes`", "QueueNode.name": "a key of `nodes`",
    "Callback.name": "a key of `nodes`", "Record.name": "a key of `nodes`", "Sms.name": "a key of `nodes`",
    "SurveyNode.name": "a key of `nodes`", "Goto.name": "a key of `nodes`", "End.name": "a key of `nodes`",
    "Queue.name": "a key of `queues`", "Calendar.name": "a key of `hours`", "Survey.name": "a key of `surveys`",
    "CaseKind.name": "a key of `cases`", "Mailbox.address": "a key of `mail`", "Kind.name": "a key of `contacts`",
    "Kind.legs": "no hotline can set it",
    "Queue.max_length": "it is QueueSettings.max_length",
    "Queue.max_expected_wait_s": "it is QueueSettings.max_expected_wait_s",
    "Queue.callback_tries": "it is Callbacks.tries", "Queue.callback_again_s": "it is Callbacks.again_s",
    "Queue.callback_first": "it is Callbacks.first", "Queue.callback_hours": "it is named by Callbacks.hours",
    "Ask.digits_min": "with a pattern it is as long as the pattern",
    "Ask.digits_max": "with a pattern it is as long as the pattern",
    "Words.plurals": "see the sentences of the words", "Plural.placeholder": "it stands in the words themselves",
}  # fmt: skip
"""The fields whose change alone is no change of the hotline, and why."""

SAMPLES: Mapping[type, Any] = {
    int: 7, float: 1.5, str: "sample", bool: True, datetime: TEN, time: time(9),
    t.Words: t.Words({"en": "Listen.", "de": "Hört her."}),
    t.SurveyMessage: t.SurveyMessage(t.Words({"en": "Anything else?", "de": "Noch etwas?"})),
    t.Emergency: t.Emergency(t.Words({"en": "Water.", "de": "Wasser."}), "message"),
    PublicHolidays: PublicHolidays("DE", "BE"), Unit: Unit.DAYS,
}  # fmt: skip


def words(text: str) -> t.Words:
    return t.Words({"en": text, "de": f"{text} Auf Deutsch."})


@cache
def base() -> t.Tree:
    """A tree in which everything there is occurs."""
    tree = examine({"a.yaml": TEXT}).draft
    assert tree is not None
    week = {day: ((time(8), time(12)), (time(13), time(18))) for day in range(7)}
    desk = replace(
        tree.hours["desk"],
        holidays=PublicHolidays("DE"),
        exceptions={date(2026, 12, 24): ()},
        periods=(Period((None, 6, 1), (None, 8, 20), week),),
        closings=(Closing(TEN, TEN.replace(hour=12)),),
    )
    claims = tree.queues["claims"]
    tiers = (Tier("first"), Tier("second", 30))
    queue = replace(claims.queue, tiers=tiers, weights={"anna": 2}, order=("anna", "bert"))
    short = tree.surveys["short"]
    asked = replace(short.questions[0], written=t.Words({"en": "Settled?", "de": "Erledigt?"}))
    letter = t.ContactKind(
        Kind("letter", live=False, legs=False, capacity=9, interrupts=frozenset({"email"})), words("a letter")
    )
    claim = replace(tree.cases["claim"], due=(2, Unit.WORKING_DAYS), due_hours="desk")
    claim = replace(claim, fields=(*claim.fields, t.Field("choice", words("Choice"), choices={"a": words("First")})))
    return replace(
        tree,
        nodes={**tree.nodes, "again": t.Goto("again", "welcome")},
        hours={"desk": desk},
        queues={
            "claims": replace(
                claims, queue=queue, recording="ask", recording_notice=words("We record."), alarms=t.AlarmLimits(5)
            )
        },
        surveys={"short": replace(short, message=SAMPLES[t.SurveyMessage], questions=(asked, *short.questions[1:]))},
        cases={"claim": claim},
        mail={
            "a@acme.example": t.Mailbox("a@acme.example", "claims", "claim", {"claims": 2}, "de", words("Thank you."))
        },
        contacts={"letter": letter},
        texts={"greeting": words("Hello.")},
        alarms=t.AlarmLimits(60, 5, nobody=False, overdue=3),
    )


def changes(thing: Any, hint: Any, label: str) -> Changed:
    """Every version of a thing with one part of it changed, with the field that was: `Queue.ring_s`."""
    hint = _hint(thing, hint)
    if thing is None:
        yield label, _sample(hint, label)
    elif isinstance(thing, t.Words):
        yield from ((label, it) for it in _other_words(thing))
    elif is_dataclass(thing):
        yield from _in_fields(thing)
    elif isinstance(thing, Mapping):
        yield from _in_mapping(thing, hint, label)
    elif isinstance(thing, tuple):
        yield from _in_tuple(thing, hint, label)
    else:
        yield label, _other(thing, hint, label)


def _in_fields(thing: Any) -> Changed:
    kind = type(thing)
    hints = _hints(kind)
    for it in fields(thing):
        label = f"{kind.__name__}.{it.name}"
        value = getattr(thing, it.name)
        if label in NOT_TOLD or isinstance(value, t.Place):
            continue
        for inner, changed in changes(value, hints[it.name], label):
            with suppress(ValueError):  # a check of the class's own: this cannot be meant
                yield inner, replace(thing, **{it.name: changed})


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _in_mapping(thing: Mapping[Any, Any], hint: Any, label: str) -> Changed:
    inside = get_args(hint)[1]
    for key, value in thing.items():
        yield label, {name: it for name, it in thing.items() if name != key}
        for inner, changed in changes(value, inside, label):
            yield inner, {**thing, key: changed}
    if not thing:
        key = date(2027, 1, 4) if "exceptions" in label else 0 if "week" in label else "sample"
        yield label, {key: () if get_origin(inside) is tuple else _sample(inside, label)}


def _in_tuple(thing: tuple[Any, ...], hint: Any, label: str) -> Changed:
    args = get_args(hint)
    for n, value in enumerate(thing):
        if value is None:  # the year of a day of every year
            continue
        inside = args[0] if args[1:] == (...,) else args[n]
        for inner, changed in changes(value, inside, label):
            yield inner, (*thing[:n], changed, *thing[n + 1 :])
    if args[1:] == (...,):
        yield from ((label, (*thing[:n], *thing[n + 1 :])) for n in range(len(thing)))
        if not thing and args[0] is str:
            yield label, ("sample",)


def _other_words(words: t.Words) -> Iterator[t.Words]:
    for code, text in words.texts.items():
        if code not in words.plurals:
            yield t.Words({**words.texts, code: f"{text} Well."}, words.plurals, words.recordings)
        yield t.Words({it: words.texts[it] for it in words.texts if it != code}, words.plurals, words.recordings)
        yield t.Words(words.texts, words.plurals, {**words.recordings, code: "other.wav"})
    for code, plural in words.plurals.items():
        other = replace(plural, forms={**plural.forms, "one": "Just one."})
        yield t.Words(words.texts, {**words.plurals, code: other}, words.recordings)
    if words.recordings:
        yield t.Words(words.texts, words.plurals, {})


def _other(value: Any, hint: Any, label: str) -> Any:
    match value:
        case _ if label in CHOICES:
            return next(it for it in CHOICES[label] if it != value)
        case _ if get_origin(hint) is Literal:
            return next(it for it in get_args(hint) if it != value)
        case bool():
            return not value
        case Enum():
            return next(it for it in type(value) if it != value)
        case str() if value in ("en", "de"):
            return "de" if value == "en" else "en"
        case str():
            return f"{value}x"
        case int() | float():
            return value + 1
        case datetime():
            return value + timedelta(hours=1)
        case time():
            return value.replace(hour=value.hour + 1)
        case frozenset():
            return value | {"visit"}
    raise AssertionError(f"{label}: say here what else {value!r} could be")


def _hint(value: Any, hint: Any) -> Any:
    """Of `X | None`, the one that a value is of."""
    if get_origin(hint) not in (Union, types.UnionType):
        return hint
    others = [it for it in get_args(hint) if it is not type(None)]
    return others[0] if len(others) == 1 else type(value)


def _sample(hint: Any, label: str) -> Any:
    if label in CHOICES:
        return CHOICES[label][0]
    if get_origin(hint) is tuple:
        return tuple(_sample(it, label) for it in get_args(hint))
    if get_origin(hint) is Literal:
        return get_args(hint)[0]
    assert hint in SAMPLES, f"{label}: say in SAMPLES what a {hint} could be"
    return SAMPLES[hint]


def every_change() -> Iterator[tuple[str, t.Tree]]:
    return changes(base(), t.Tree, "Tree")


def test_every_setting_that_changes_is_told() -> None:
    silent = {label for label, other in every_change() if not told(base(), other)}
    assert silent == set(), "plan and its facts know nothing of them"


def test_it_is_told_the_other_way_round_too_and_in_every_language() -> None:
    seen = set()
    for label, other in every_change():
        if label not in seen:
            seen.add(label)
            assert told(other, base()), label
            made = plan(base(), other, TODAY)
            assert len({plan_text(made, language) for language in LANGUAGES}) == len(LANGUAGES), label
    assert len(seen) > 150


def test_what_is_said_not_to_be_told_exists() -> None:
    there = {f"{type(it).__name__}.{name}" for it in _all_in(base()) for name in _hints(type(it))}
    assert NOT_TOLD.keys() - there == set()
    assert CHOICES.keys() - there == set()


def told(old: t.Tree, new: t.Tree) -> bool:
    return not plan(old, new, TODAY).empty


def _all_in(thing: Any) -> Iterator[Any]:
    if is_dataclass(thing):
        yield thing
        for it in fields(thing):
            yield from _all_in(getattr(thing, it.name))
    elif isinstance(thing, Mapping):
        for value in thing.values():
            yield from _all_in(value)
    elif isinstance(thing, tuple):
        for value in thing:
            yield from _all_in(value)


@pytest.mark.parametrize("strategy", Strategy)
def test_every_strategy_has_words(strategy: Strategy) -> None:
    claims = base().queues["claims"]
    other = replace(claims, queue=replace(claims.queue, strategy=strategy, name="claims"))
    if strategy is not claims.queue.strategy:
        text = plan_text(plan(base(), replace(base(), queues={"claims": other}), TODAY), "en")
        assert "Who is asked first: " in text
        assert strategy.value not in text or "_" not in strategy.value
