"""Mend: a script whose words are no longer what is said, changed to what was heard instead."""

from __future__ import annotations

import difflib
from collections.abc import Callable

from ivr.simulator.script import steps as s
from ivr.simulator.script.hearing import folded
from ivr.simulator.script.reader import read_script
from ivr.simulator.script.result import Result

CHANGES_MAX = 50


def mended(text: str, file: str, play: Callable[[s.Script], Result]) -> tuple[str, Result]:
    """Play a script and write what was heard into each `hear` that fails, until it passes or fails otherwise.

    Returns the text and how it went at last. Raises ScriptError for a script that cannot be read.
    """
    result = play(read_script(text, file))
    for _ in range(CHANGES_MAX):
        changed = changed_once(text, result)
        if changed is None or changed == text:
            break
        text = changed
        result = play(read_script(text, file))
    return text, result


def changed_once(text: str, result: Result) -> str | None:
    """The text with the `hear` that failed changed to what was said; None when there is nothing to put there."""
    place = result.failed_at
    if place is None or not result.heard:
        return None
    lines = text.splitlines(keepends=True)
    written = lines[place.line - 1]
    head, _, rest = place.text.partition("hear ")
    how = rest[:1]
    if (head and not head.endswith(": ")) or how not in ("~", "="):
        return None
    said = nearest(rest[1:].strip().strip('"'), result.heard)
    end = written[len(written.rstrip("\r\n")) :]
    comment = written.rstrip("\r\n")[written.index(place.text) + len(place.text) :]
    indent = written[: written.index(place.text)]
    return "".join(
        [*lines[: place.line - 1], f'{indent}{head}hear {how} "{_quoted(said)}"{comment}{end}', *lines[place.line :]]
    )


def nearest(wanted: str, said: tuple[str, ...]) -> str:
    """That of what was said which is most like what was wanted; the last one when nothing is like it."""
    likeness = [difflib.SequenceMatcher(None, folded(wanted), folded(each)).ratio() for each in said]
    best = max(range(len(said)), key=lambda index: (likeness[index] >= 0.3 and likeness[index], index))
    return " ".join(said[best].split())


def difference(before: str, after: str, file: str) -> str:
    """What has been changed, line by line."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), file, f"{file} (as heard)", lineterm="", n=1)
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
