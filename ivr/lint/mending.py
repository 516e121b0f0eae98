"""Mending: how the faults that `ivr check` tells while it reads can be put right by themselves."""

from __future__ import annotations

from functools import lru_cache

from ivr.lint.fix import Edit, Fix
from ivr.menu.fault import Fault, line_starts

_NEXT_KEY = ("?", "-", "&", "*", "!", "|", ">", "%", "@", "`")


def fix_of(fault: Fault, text: str) -> Fix | None:
    """The fix of a fault that was told while reading, if there is one."""
    lines = _beginnings(text)
    if fault.place.line > len(lines):
        return None
    start = lines[fault.place.line - 1]
    at = start + fault.place.column - 1
    match fault.code:
        case "Y001":
            return _spaces_for_tabs(fault, start)
        case "Y002" if not text[at + 1 : at + 2].isalnum():
            return Fix((Edit(fault.place.file, at, at + 1, '"*"'),), safe=True)
        case "Y003" if text[at : at + 1] == "#":
            return Fix((Edit(fault.place.file, at, at + 1, '"#"'),), safe=True)
        case "Y003" | "Y005":
            return _quoted_to_the_end(fault, at, start + len(fault.line))
        case "Y008" | "S101" | "P214":
            return _meant(fault, at)
    return None


@lru_cache(maxsize=1)
def _beginnings(text: str) -> list[int]:
    """Where each line of the file that is being mended begins; it is asked for once a fault."""
    return line_starts(text)


def _spaces_for_tabs(fault: Fault, start: int) -> Fix:
    lead = fault.line[: len(fault.line) - len(fault.line.lstrip(" \t"))]
    return Fix((Edit(fault.place.file, start, start + len(lead), lead.replace("\t", "  ")),), safe=True)


def _quoted_to_the_end(fault: Fault, at: int, end: int) -> Fix | None:
    words = fault.line[fault.place.column - 1 :].rstrip()
    if any(sign in words for sign in '"\\') or words[-1:] in ("}", "]"):
        return None
    return Fix((Edit(fault.place.file, at, end, f'"{words}"'),), safe=True)


def _meant(fault: Fault, at: int) -> Fix | None:
    """Write the name that was probably meant; only a person can know."""
    if not fault.hinted or not fault.hinted.key.startswith("hint.did_you_mean"):
        return None
    name = fault.hinted.values["name"]
    written = fault.line[fault.place.column - 1 : fault.end_column - 1]
    if fault.code == "P214":
        wrong = fault.said.values["name"] if fault.said else ""
        if written.count(wrong) != 1:
            return None
        at += written.index(wrong)
        return Fix((Edit(fault.place.file, at, at + len(wrong), name),), safe=False)
    quote = written[:1] if written[:1] in ("'", '"') else ""
    return Fix((Edit(fault.place.file, at, at + len(written), f"{quote}{name}{quote}"),), safe=False)
