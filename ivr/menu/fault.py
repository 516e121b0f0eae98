"""Fault: one thing wrong in a hotline's files, said so that its author can put it right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from ivr.menu.tree import Place

LINE_BREAK = re.compile(r"\r\n|\r|\n")
SNIPPET_LENGTH_MAX = 160  # characters of a line that are shown
FAULTS_MAX = 100  # more at once help nobody
QUOTED_LENGTH_MAX = 60
KNOWN_NAMES_MAX = 1000  # among more than this, no likely word is looked for: it takes too long


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, from `place` up to `end_column`, and what would be right (`hint`).

    An error keeps the hotline from being used; a warning is something callers would suffer from.
    """

    place: Place
    end_column: int  # counted from 1, the first column after it
    message: str
    hint: str
    code: str
    severity: Literal["error", "warning"]
    line: str  # the line as written

    def __str__(self) -> str:
        head = f"{self.place}: {self.severity}: {self.message} [{self.code}]"
        line = self.line[:SNIPPET_LENGTH_MAX].expandtabs(1)
        if self.place.column > len(line) + 1 or not line.strip():
            return head + (f"\n   = {self.hint}" if self.hint else "")
        number = str(self.place.line)
        margin = " " * len(number)
        end = min(self.end_column, len(line) + 1)
        caret = " " * (self.place.column - 1) + "^" + "~" * (end - self.place.column - 1)
        hint = f" {self.hint}" if self.hint else ""
        return f"{head}\n{margin} |\n{number} | {line}\n{margin} | {caret}{hint}"


class MenuError(ValueError):
    """A hotline's files cannot be used; `faults` holds everything found, warnings too."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def line_of(text: str, number: int) -> str:
    """Line `number` (from 1) of `text`, without its end; empty when there is none."""
    lines = LINE_BREAK.split(text)
    return lines[number - 1] if 0 < number <= len(lines) else ""


def quoted(word: str) -> str:
    """A word of the author's in quotation marks, cut when it is very long."""
    return f'"{word}"' if len(word) <= QUOTED_LENGTH_MAX else f'"{word[:QUOTED_LENGTH_MAX]}..."'


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` was probably meant to be."""
    words = list(known)
    if len(word) > QUOTED_LENGTH_MAX or len(words) > KNOWN_NAMES_MAX:
        return None
    close = get_close_matches(word, words, n=1, cutoff=0.75)
    return close[0] if close else None


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The faults as a reader of the files meets them, each once."""
    return tuple(sorted(dict.fromkeys(faults), key=lambda f: (f.place.file, f.place.line, f.place.column, f.code)))
