"""Say: words spoken by the carrier's voice.

https://www.twilio.com/docs/voice/twiml/say
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ivr.simulator.document import Task
from ivr.simulator.error import Problem
from ivr.simulator.line import Line
from ivr.simulator.program import Program, Wait
from ivr.simulator.twiml import Element
from ivr.simulator.verb import Attribute, Verb, text, whole

LOOPS_MAX = 1000
TEXT_MAX = 4096
CHARACTERS_PER_S = {"en": 13.4, "de": 14.8, "sr": 12.4, "es": 12.9}
CHARACTERS_PER_S_ELSE = 13.4
SSML = frozenset({"break", "emphasis", "lang", "p", "s", "phoneme", "prosody", "say-as", "sub", "w"})
SPELLED = frozenset({"characters", "spell-out", "digits", "telephone"})
BREAKS_S = {"none": 0.0, "x-weak": 0.25, "weak": 0.5, "medium": 0.75, "strong": 1.0, "x-strong": 1.5}
POLLY = {
    "en-US": "Joanna Matthew Salli Kendra Joey Ivy Kimberly Ruth Stephen Danielle",
    "en-GB": "Amy Brian Emma Arthur",
    "de-DE": "Marlene Vicki Hans Daniel",
    "es-ES": "Conchita Enrique Lucia Sergio",
    "es-MX": "Mia Andres",
    "es-US": "Lupe Penelope Miguel Pedro",
    "fr-FR": "Celine Lea Mathieu Remi",
    "it-IT": "Carla Bianca Giorgio Adriano",
    "nl-NL": "Lotte Ruben Laura",
    "pt-BR": "Vitoria Camila Ricardo Thiago",
    "pl-PL": "Ewa Maja Jacek Ola",
}
POLLY_LANGUAGES = {name: language for language, names in POLLY.items() for name in names.split()}


def _language(written: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", written):
        raise ValueError("a language such as de-DE")
    return written


def run(line: Line, task: Task) -> Program:
    """Speak the text `loop` times, each as long as it takes."""
    line.pick_up()
    words, pause_s = spoken(task.element)
    if not words:
        line.warn(Problem(13520, "<Say> has nothing to say: skipped"))
        return
    if len(words) > TEXT_MAX:
        line.warn(Problem(13521, f"<Say> of {len(words)} characters (at most {TEXT_MAX}): skipped"))
        return
    language = task.values["language"] or voice_language(task.values["voice"])
    with line.doing("hearing"):
        for _ in range(task.values["loop"] or LOOPS_MAX):
            line.hear("say", words, language)
            yield Wait((line.network.spoken_s(line, words, language) or seconds(words, language)) + pause_s)


def seconds(words: str, language: str) -> float:
    """How long `words` take to say."""
    return len(words) / CHARACTERS_PER_S.get(language.partition("-")[0], CHARACTERS_PER_S_ELSE)


def voice_language(voice: str) -> str:
    """The language that a voice speaks by itself; en-US for the old voices."""
    family, _, name = voice.partition(".")
    if family == "Polly":
        return POLLY_LANGUAGES.get(name.partition("-")[0], "en-US")
    if family == "Google":
        return "-".join(name.split("-")[:2])
    return "en-US"


def spoken(element: Element) -> tuple[str, float]:
    """The words of a prompt with its SSML taken as read, and the seconds of its breaks."""
    breaks: list[float] = []
    words = " ".join("".join(_pieces(element, breaks)).split())
    return words, sum(breaks)


def _pieces(element: Element, breaks: list[float]) -> Iterator[str]:
    for piece in element.content:
        if isinstance(piece, str):
            yield piece
        elif piece.name == "break":
            breaks.append(_break_s(piece))
            yield " "
        elif piece.name == "sub":
            yield piece.attributes.get("alias", piece.text)
        elif piece.name == "say-as" and piece.attributes.get("interpret-as") in SPELLED:
            yield " ".join(piece.text)
        elif piece.name in ("p", "s"):
            yield from (" ", *_pieces(piece, breaks), " ")
        elif piece.name in SSML:
            yield from _pieces(piece, breaks)


def _break_s(element: Element) -> float:
    written = element.attributes.get("time", "")
    if match := re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s)", written):
        return float(match[1]) / (1000 if match[2] == "ms" else 1)
    return BREAKS_S.get(element.attributes.get("strength", "medium"), 0.75)


SAY = Verb(
    "Say",
    run,
    {"voice": text("man", 13511), "language": Attribute(_language, None, 13512), "loop": whole(0, 1, 13510)},
    SSML,
)
