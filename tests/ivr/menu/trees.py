"""Generated hotlines, whole ones with here and there something wrong in them, as data to be written as YAML."""

from __future__ import annotations

import re
from copy import deepcopy
from random import Random
from re import _parser as patterns  # type: ignore[attr-defined]  # what a pattern consists of; nothing public tells
from typing import Any

from ivr.menu.language.conditions import CONDITION
from ivr.menu.language.head import HOTLINE
from ivr.menu.language.shape import EitherOr, Group, Leaf, ListOf, Named, OneKind, Shape
from ivr.menu.language.spoken import Spoken

DEPTH_MAX = 6
NAMES = ("operator", "welcome", "goodbye", "claims", "office", "order_number")
USUAL: dict[str, tuple[str, ...]] = {  # by the message that tells of anything else
    "N601": ("+1 800 555 0142", "+49 (30) 555-0199", "+381800555014"),
    "L309.unknown": ("en", "de"),
}
ODD: tuple[Any, ...] = (
    "", " ", "0", "1", "08:00-18:00", "18:00-08:00", "x" * 1600, "Ж", "#", "*", "yes", "none", "en", "-1", "1e3", "{",
    "{order_number}", "2026-02-30", "[]", "1.5", "07", "https://x.example", 0, 1, -3, 7.5, True, [], {}, [[]],
    {"a": "b"}, ["a", ["b"]], {"en": "x"}, {"en": {}}, {"say": "x"},
)  # fmt: skip


def hotline(dice: Random) -> dict[str, Any]:
    """A hotline; most are well formed, whether or not the names in them are given."""
    made = {**_group(dice, HOTLINE, 0), "languages": dice.choice((["en"], ["en", "de"]))}
    for _ in range(dice.randint(0, 2)):
        _spoil(dice, made)
    return made


def _spoil(dice: Random, content: Any) -> None:
    """Put something odd somewhere: another value, a name that nobody knows, or one too few."""
    for _ in range(dice.randint(0, 7)):
        inner = list(content.values()) if isinstance(content, dict) else content
        deeper = [it for it in inner if isinstance(it, dict | list) and len(str(it)) > 30]
        if not deeper:
            break
        content = dice.choice(deeper)
    if isinstance(content, list):
        content[dice.randrange(len(content))] = deepcopy(dice.choice(ODD))
    elif dice.random() < 0.3 or not content:
        content[dice.choice(("promt", "goto", "say", "en", "1"))] = deepcopy(dice.choice(ODD))
    elif dice.random() < 0.7:
        content[dice.choice(list(content))] = deepcopy(dice.choice(ODD))
    else:
        del content[dice.choice(list(content))]


def _any(dice: Random, shape: Shape, depth: int) -> Any:
    match shape:
        case Group():
            return _group(dice, shape, depth)
        case OneKind():
            kinds = [*shape.kinds.values(), *([shape.otherwise] if shape.otherwise else [])]
            return _group(dice, shape.kinds["hours"] if depth > DEPTH_MAX and "hours" in shape.kinds else
                          dice.choice(kinds), depth)  # fmt: skip
        case ListOf():
            return [_any(dice, shape.item, depth + 1) for _ in range(dice.randint(shape.least, max(2, shape.least)))]
        case Named():
            names = [_leaf(dice, shape.name) for _ in range(dice.randint(max(shape.least, 1), shape.least + 1))]
            return {str(name): _any(dice, shape.value, depth + 1) for name in names}
        case EitherOr():
            return _any(dice, dice.choice([it for it in (shape.text, shape.items, shape.entries) if it]), depth)
        case Leaf():
            return _leaf(dice, shape)
        case Spoken():
            return _words(dice)
        case _:
            return _any(dice, CONDITION, depth + 1) if shape.takes() == "a condition" else _words(dice)


def _group(dice: Random, group: Group, depth: int) -> dict[str, Any]:
    return {
        key.name: _any(dice, key.shape, depth + 1)
        for key in group.keys
        if key.required or (depth <= DEPTH_MAX and dice.random() < (0.25 if depth else 0.6))
    }


def _leaf(dice: Random, leaf: Leaf) -> Any:
    if leaf.choices:
        return dice.choice(leaf.choices)
    usual = USUAL.get(leaf.key)
    if usual and dice.random() < 0.98:
        return dice.choice(usual)
    if "\\S" in leaf.pattern:
        return dice.choice(NAMES)
    if leaf.plain and "low" in leaf.values and dice.random() < 0.7:
        return dice.randint(int(leaf.values["low"]) - (dice.random() < 0.02), int(leaf.values["high"]))
    made = "".join(_sample(dice, patterns.parse(leaf.pattern)))
    return made if re.fullmatch(leaf.pattern, made) else dice.choice(NAMES)


def _sample(dice: Random, parsed: Any) -> list[str]:
    """Something that a pattern matches; what it looks ahead to is left to luck."""
    found: list[str] = []
    for kind, rest in parsed:
        match str(kind):
            case "LITERAL":
                found.append(chr(rest))
            case "IN":
                found.append(_one_of(dice, rest))
            case "BRANCH":
                found += _sample(dice, dice.choice(rest[1]))
            case "SUBPATTERN":
                found += _sample(dice, rest[3])
            case "MAX_REPEAT":
                low, high, inner = rest
                for _ in range(dice.randint(int(low), min(int(high), int(low) + 4))):
                    found += _sample(dice, inner)
    return found


def _one_of(dice: Random, choices: Any) -> str:
    kind, rest = dice.choice([it for it in choices if str(it[0]) != "NEGATE"])
    if any(str(it[0]) == "NEGATE" for it in choices):
        return dice.choice("DEUS")
    return {"LITERAL": lambda: chr(rest), "RANGE": lambda: chr(dice.randint(*rest))}.get(str(kind), lambda: " ")()


def _words(dice: Random) -> Any:
    texts = ("Hello.", "Guten Tag.", "1", "yes", "{order_number}", "a: b")
    plural = {"order_number": {"one": dice.choice(texts), "other": dice.choice(texts)}}
    by_language = {
        language: plural if dice.random() < 0.1 else dice.choice(texts)
        for language in ("en", "de")[: dice.randint(1, 2)]
    }
    if dice.random() < 0.1:
        return {
            "say": by_language,
            "recording": {"en": dice.choice(("a.wav",) * 20 + ("b/c.mp3", "../a.wav", "a.ogg"))},
        }
    return by_language if dice.random() < 0.9 else dice.choice(texts)
