"""Fault: one thing wrong in a hotline's files, said so that its author can put it right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import lru_cache
from itertools import accumulate
from typing import Literal

from ivr.menu.place import Place
from ivr.menu.told import told

LINE_BREAK = re.compile(r"\r\n|\r|\n")
SNIPPET_LENGTH_MAX = 160  # characters of a line that are shown
FAULTS_MAX = 100  # more at once help nobody
QUOTED_LENGTH_MAX = 60
KNOWN_NAMES_MAX = 1000  # among more than this, no likely word is looked for: it takes too long
TOLD_NAMES_MAX = 20  # a longer list of what there is would help nobody

Severity = Literal["error", "warning", "advice"]


@dataclass(frozen=True, slots=True)
class Said:
    """A text by its key in ivr.menu.told, and what fills its placeholders: it can be said in any language."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def code(self) -> str:
        """The rule that the text belongs to: `Y019.number` is of Y019."""
        return self.key.partition(".")[0]

    def in_language(self, language: str) -> str:
        """The text."""
        return told(self.key, language, self.values)


def say(key: str, /, **values: object) -> Said:
    """A text by key; the values are the author's own words and numbers and stay as they are."""
    return Said(key, {name: str(value) for name, value in values.items()})


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, from `place` up to `end_column`, and what would be right (`hint`).

    An error keeps the hotline from being used; a warning is something callers would suffer from; advice may be ignored.
    `message` and `hint` are English; `said` and `hinted` hold them for other languages, see `in_language`.
    """

    place: Place
    end_column: int  # counted from 1, the first column after it
    message: str
    hint: str
    code: str
    severity: Severity
    line: str  # the line as written
    said: Said | None = None
    hinted: Said | None = None

    def in_language(self, language: str) -> Fault:
        """The same fault told in another language."""
        message = self.said.in_language(language) if self.said else self.message
        hint = self.hinted.in_language(language) if self.hinted else self.hint
        return replace(self, message=message, hint=hint)

    def shown(self, language: str = "en") -> str:
        """The fault with its line and a caret under what is wrong."""
        told_fault = self.in_language(language)
        severity = told(f"severity.{self.severity}", language, {})
        head = f"{self.place}: {severity}: {told_fault.message} [{self.code}]"
        line, column = _window(self.line.expandtabs(1), self.place.column)
        if column > len(line) + 1 or not line.strip():
            return head + (f"\n   = {told_fault.hint}" if told_fault.hint else "")
        number = str(self.place.line)
        margin = " " * len(number)
        end = min(self.end_column - self.place.column + column, len(line) + 1)
        caret = " " * (column - 1) + "^" + "~" * (end - column - 1)
        hint = f" {told_fault.hint}" if told_fault.hint else ""
        return f"{head}\n{margin} |\n{number} | {line}\n{margin} | {caret}{hint}"

    def __str__(self) -> str:
        return self.shown()


def fault(
    place: Place, end_column: int, said: Said, hinted: Said | None, severity: Severity, line: str, code: str = ""
) -> Fault:
    """A fault from texts by key; its code is that of `said` unless another is given."""
    hint = hinted.in_language("en") if hinted else ""
    return Fault(
        place, end_column, said.in_language("en"), hint, code or said.code, severity, line, said, hinted
    )  # fmt: skip


def _window(line: str, column: int) -> tuple[str, int]:
    """As much of a long line as is shown around a column, and the column in it."""
    if len(line) <= SNIPPET_LENGTH_MAX:
        return line, column
    start = max(0, min(column - 1 - SNIPPET_LENGTH_MAX // 2, len(line) - SNIPPET_LENGTH_MAX))
    shown = line[start : start + SNIPPET_LENGTH_MAX] + "…" * (start + SNIPPET_LENGTH_MAX < len(line))
    return ("…" + shown, column - start + 1) if start else (shown, column)


class MenuError(ValueError):
    """A hotline's files cannot be used; `faults` holds everything found, warnings too."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def line_of(text: str, number: int) -> str:
    """Line `number` (from 1) of `text`, without its end; empty when there is none."""
    lines = _lines(text)
    return lines[number - 1] if 0 < number <= len(lines) else ""


@lru_cache(maxsize=1)
def _lines(text: str) -> list[str]:
    """The lines of the text that is being explained: it is asked for many of them."""
    return lines_of(text)


def lines_of(text: str) -> list[str]:
    """All lines without their ends; a million of them are no reason to wait."""
    return LINE_BREAK.split(text) if "\r" in text else text.split("\n")


def line_starts(text: str) -> list[int]:
    """How many characters stand before each line."""
    if "\r" in text:
        return [0, *(found.end() for found in LINE_BREAK.finditer(text))]
    return list(accumulate(map((1).__add__, map(len, text.split("\n")[:-1])), initial=0))


def cut(word: str) -> str:
    """A word of the author's, cut when it is very long."""
    return word if len(word) <= QUOTED_LENGTH_MAX else f"{word[:QUOTED_LENGTH_MAX]}..."


def quoted(word: str) -> str:
    """A word of the author's in quotation marks, cut when it is very long."""
    return f'"{cut(word)}"'


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` was probably meant to be."""
    words = list(known)
    if len(word) > QUOTED_LENGTH_MAX or len(words) > KNOWN_NAMES_MAX:
        return None
    if word.lower() in words:
        return word.lower()
    close = get_close_matches(word, words, n=1, cutoff=0.75)
    return close[0] if close else None


def meant(word: str, known: Iterable[str], *, tell: bool = False) -> Said | None:
    """The hint for a name that is not known: the likely one, or (`tell`) all there are."""
    known = sorted(set(known))
    if close := did_you_mean(word, known):
        return say("hint.did_you_mean", name=close)
    return say("hint.there_are", names=", ".join(known)) if tell and 0 < len(known) <= TOLD_NAMES_MAX else None


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The faults as a reader of the files meets them, each once."""
    return tuple(sorted(dict.fromkeys(faults), key=lambda f: (f.place.file, f.place.line, f.place.column, f.code)))
