"""Tried: what `ivr cover` has found, kept for `ivr lint` for as long as neither menus nor call scripts change."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

from ivr.commands.test import SUFFIX
from ivr.lint.subject import Coverage
from ivr.menu.hotline import digest, files_in
from ivr.menu.place import Place
from ivr.settings import data_folder

FILE = "coverage.json"
BYTES_MAX = 1_000_000


def keep(folder: Path, coverage: Coverage) -> None:
    """Keep what was found of the hotline in `folder`; where that cannot be, lint is silent about it."""
    found = {
        "of": _state(folder),
        "unpressed": coverage.unpressed,
        "unheard": [[place.file, place.line, place.column, words] for place, words in coverage.unheard],
    }
    with suppress(OSError):
        home = data_folder(os.environ)
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        (home / FILE).write_text(json.dumps(found, ensure_ascii=False), "utf-8")


def kept(folder: Path) -> Coverage | None:
    """What was found last, if it was found of what is in `folder` now."""
    try:
        with (data_folder(os.environ) / FILE).open("rb") as file:
            found = json.loads(file.read(BYTES_MAX))
        if found["of"] != _state(folder):
            return None
        unheard = tuple((Place(file, line, column), words) for file, line, column, words in found["unheard"])
        return Coverage(tuple((menu, key) for menu, key in found["unpressed"]), unheard)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _state(folder: Path) -> str:
    """A digest of a hotline's files and its scripts."""
    scripts = {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob(f"*{SUFFIX}"))}
    return digest({**files_in(folder), **scripts})
