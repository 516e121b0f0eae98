"""Page: why a rule is one, not so, but so, and its source; one page a rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from ivr.menu.reader import Entries, Text, Written, read_text

_CURLY = re.compile(r"<U\+(201[CD])>")
"""What the reader would take for a slip in these files themselves."""


@dataclass(frozen=True, slots=True)
class Page:
    """What is known of one rule. `bad` and `good` are parts of a hotline's files (of call scripts, for X); in them
    `<U+200B>` stands for a character that cannot be seen."""

    id: str
    why: Mapping[str, str]  # by language
    source: str
    bad: str  # empty where it would be too long to show
    good: str


@lru_cache(maxsize=1)
def pages() -> Mapping[str, Page]:
    """Every page by the id of its rule."""
    found: dict[str, Page] = {}
    for file in sorted(files(__package__).joinpath("pages").iterdir(), key=lambda file: file.name):
        root, source = read_text(file.name, file.read_bytes())
        assert root is not None, source.faults
        for id, content in root.entries:
            parts = _names(content)
            why = {name: _text(text) for name, text in _names(parts["why"]).items()}
            bad, good = (_CURLY.sub(lambda it: chr(int(it[1], 16)), _text(parts.get(it))) for it in ("bad", "good"))
            found[id.value] = Page(id.value, why, _text(parts["source"]), bad, good)
    return found


def _names(written: Written) -> Mapping[str, Written]:
    assert isinstance(written, Entries)
    return {key.value: value for key, value in written.entries}


def _text(written: Written | None) -> str:
    assert written is None or isinstance(written, Text)
    return written.value if written else ""
