"""Fault: something in a call script that cannot be understood, where it stands, and what would be right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; line and column count from 1, `width` is how much of the line is meant."""

    file: str
    line: int
    column: int
    width: int
    source: str
    message: str
    hint: str

    def __str__(self) -> str:
        """`file:line:col: error: ...`, the line, a caret below it, and the hint."""
        gutter = f"{self.line:>5} | "
        mark = " " * (len(gutter) - 2) + "| " + " " * (self.column - 1) + "^" * max(1, self.width)
        said = [f"{self.file}:{self.line}:{self.column}: error: {self.message}", gutter + self.source, mark]
        return "\n".join([*said, f"        {self.hint}"] if self.hint else said)


class ScriptError(ValueError):
    """A call script cannot be run; `faults` holds everything that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The hint for a word that is not known: the nearest ones, else all of them."""
    words = list(known)
    near = difflib.get_close_matches(word.lower(), words, n=1, cutoff=0.6)
    if near:
        return f'did you mean "{near[0]}"?'
    return "possible here: " + ", ".join(words)
