"""Allowance: a comment in a hotline's file that lets one finding on one line be, and says why."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ivr.menu.fault import Fault, fault, line_of, lines_of, say
from ivr.menu.place import Place

_COMMENT = re.compile(
    r"(?:^|(?<=\s))#\s*lint:\s*allow\b[ \t]*(?P<ids>[A-Z]\d{3}(?:\s*,\s*[A-Z]\d{3})*)?[ \t:-]*(?P<reason>.*)$"
)


@dataclass(frozen=True, slots=True)
class Allowance:
    """`# lint: allow P205 reason`: lets findings of one rule be on `covers`, its own line or the one below it."""

    id: str  # empty when none is named
    reason: str
    place: Place  # of the comment
    end_column: int
    covers: int


def allowances(texts: Mapping[str, str]) -> Iterator[Allowance]:
    """Every allowance in some files."""
    for file, text in texts.items():
        if "lint:" not in text:
            continue
        lines = lines_of(text)
        for number, line in enumerate(lines, 1):
            found = _COMMENT.search(line)
            if not found or _in_quotes(line[: found.start()]):
                continue
            covers = number if line[: found.start()].strip() else _next_line(lines, number)
            place = Place(file, number, found.start() + 1)
            for id in re.split(r"\s*,\s*", found["ids"] or ""):
                yield Allowance(id, found["reason"].strip(), place, len(line.rstrip()) + 1, covers)


def _in_quotes(before: str) -> bool:
    return any(before.replace(f"\\{mark}", "").count(mark) % 2 for mark in "\"'")


def _next_line(lines: list[str], number: int) -> int:
    """The next line below `number` (from 1) that holds more than a comment."""
    return next((at for at in range(number + 1, len(lines) + 1) if lines[at - 1].split("#")[0].strip()), number)


@dataclass(frozen=True, slots=True)
class Seen:
    """Something found that is not told yet: to put it in words takes longer than to find it."""

    place: Place
    code: str
    tell: Callable[[], Fault]
    stays: bool = False  # an error that keeps the hotline from being used; nobody can allow it


def without_allowed(
    seen: Iterable[Seen], found: Sequence[Allowance], texts: Mapping[str, str], looked: Collection[str]
) -> list[Seen]:
    """What is not allowed, and what is wrong with the allowances.

    `looked`: ids of the rules that were looked at; an allowance for another one is not called idle.
    """
    by_line = {(it.place.file, it.covers, it.id): it for it in found if it.id}
    used: set[Allowance] = set()
    kept = []
    for each in seen:
        allowance = by_line.get((each.place.file, each.place.line, each.code)) if by_line else None
        if allowance and not each.stays:
            used.add(allowance)
        else:
            kept.append(each)
    return kept + [it for allowance in found for it in _wrong_with(allowance, used, texts, looked)]


def _wrong_with(
    allowance: Allowance, used: set[Allowance], texts: Mapping[str, str], looked: Collection[str]
) -> Iterator[Seen]:
    id = allowance.id or "S104"
    if not allowance.id or not allowance.reason:
        said, hint = say("Y090"), say("Y090.hint", id=id)
    elif allowance not in used and id in looked:
        said, hint = say("Y091", id=id), say("Y091.hint")
    else:
        return
    line = line_of(texts[allowance.place.file], allowance.place.line)
    told = fault(allowance.place, allowance.end_column, said, hint, "warning", line)
    yield Seen(allowance.place, told.code, lambda: told)
