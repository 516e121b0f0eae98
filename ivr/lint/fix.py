"""Fix: a repair of a hotline's text, as stretches of it that are replaced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace a file's characters from `start` up to `end` (counted from 0) by `text`."""

    file: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """What puts a finding right. `safe`: callers hear and can do the same as before, only better written."""

    edits: tuple[Edit, ...]
    safe: bool


def repaired(files: Mapping[str, str], fixes: Iterable[Fix]) -> tuple[dict[str, str], int]:
    """The files with as many of the fixes as do not touch each other, and how many those are."""
    taken: dict[str, list[Edit]] = {}
    count = 0
    for fix in fixes:
        if all(_free(taken.get(edit.file, ()), edit) for edit in fix.edits):
            count += 1
            for edit in fix.edits:
                taken.setdefault(edit.file, []).append(edit)
    result = dict(files)
    for file, edits in taken.items():
        text = result[file]
        for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
            text = text[: edit.start] + edit.text + text[edit.end :]
        result[file] = text
    return result, count


def _free(taken: Iterable[Edit], edit: Edit) -> bool:
    return all(edit != other and (edit.end <= other.start or other.end <= edit.start) for other in taken)
