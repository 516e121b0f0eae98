"""SSML: the markup inside a Say - what may stand in it, and how it is heard as words and pauses.

https://www.twilio.com/docs/voice/twiml/say/text-speech
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ivr.simulator.error import Problem
from ivr.simulator.twiml import Element

INLINE = frozenset({"break", "emphasis", "lang", "phoneme", "prosody", "say-as", "sub", "w"})
PARTS = INLINE | {"p", "s"}
MAY_HOLD: Mapping[str, frozenset[str]] = {
    "Say": PARTS,
    "break": frozenset(),
    "emphasis": INLINE,
    "lang": PARTS,
    "p": INLINE | {"s"},
    "s": INLINE,
    "phoneme": frozenset(),
    "prosody": PARTS,
    "say-as": frozenset(),
    "sub": frozenset(),
    "w": frozenset({"break", "emphasis", "phoneme", "prosody", "say-as", "sub"}),
}
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "break": frozenset({"strength", "time"}),
    "emphasis": frozenset({"level"}),
    "lang": frozenset({"xml:lang"}),
    "phoneme": frozenset({"alphabet", "ph"}),
    "prosody": frozenset({"volume", "rate", "pitch"}),
    "say-as": frozenset({"interpret-as", "format", "role"}),
    "sub": frozenset({"alias"}),
    "w": frozenset({"role"}),
}
OF_ONE_MAKER = frozenset({"amazon:auto-breaths", "amazon:domain", "amazon:effect", "amazon:emotion"})
SPELLED = frozenset({"characters", "spell-out", "digits", "telephone"})
BREAKS_S = {"none": 0.0, "x-weak": 0.25, "weak": 0.5, "medium": 0.75, "strong": 1.0, "x-strong": 1.5}
BREAK_MAX_S = 10.0


@dataclass(slots=True)
class Spoken:
    """What a voice makes of a Say: its words, the seconds of its breaks, and what it stumbles over."""

    words: str = ""
    pause_s: float = 0.0
    problems: list[Problem] = field(default_factory=list)


@lru_cache(maxsize=1024)
def spoken(say: Element) -> Spoken:
    """Read a Say."""
    heard = Spoken()
    heard.words = " ".join("".join(_pieces(say, heard)).split())
    return heard


def _pieces(element: Element, heard: Spoken) -> Iterator[str]:
    for piece in element.content:
        if isinstance(piece, str):
            yield piece
        elif piece.name in PARTS | OF_ONE_MAKER:
            yield from _piece(piece, element, heard)
        elif element.name != "Say":  # a Say's own children are told of where verbs are read
            heard.problems.append(Problem(12200, f"<{element.name}> cannot hold <{piece.name}>: skipped"))


def _piece(piece: Element, inside: Element, heard: Spoken) -> Iterator[str]:
    if piece.name in PARTS:
        _check(piece, inside, heard)
    if piece.name == "break":
        heard.pause_s += _break_s(piece, heard)
        yield " "
    elif piece.name == "sub":
        yield piece.attributes.get("alias", piece.text)
    elif piece.name == "say-as" and piece.attributes.get("interpret-as") in SPELLED:
        yield " ".join(piece.text.replace(" ", ""))
    elif piece.name in ("p", "s"):
        yield from (" ", *_pieces(piece, heard), " ")
    else:
        yield from _pieces(piece, heard)


def _check(piece: Element, inside: Element, heard: Spoken) -> None:
    if inside.name in MAY_HOLD and inside.name != "Say" and piece.name not in MAY_HOLD[inside.name]:
        heard.problems.append(Problem(12200, f"<{inside.name}> cannot hold <{piece.name}> in SSML"))
    for name in piece.attributes:
        if name not in ATTRIBUTES.get(piece.name, ()):
            heard.problems.append(Problem(12200, f"<{piece.name}> has no attribute {name}: skipped"))


def _break_s(element: Element, heard: Spoken) -> float:
    written = element.attributes.get("time", "")
    if match := re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s)", written):
        return min(float(match[1]) / (1000 if match[2] == "ms" else 1), BREAK_MAX_S)
    strength = element.attributes.get("strength", "medium")
    if written or strength not in BREAKS_S:
        text = f'<break time="{written}">' if written else f'<break strength="{strength}">'
        heard.problems.append(Problem(12200, f"{text} (such as 500ms or 2s; or one of {', '.join(BREAKS_S)})"))
    return BREAKS_S.get(strength, BREAKS_S["medium"])
