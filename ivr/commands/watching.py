"""Watching: which files have changed since the last look, and which call scripts that concerns."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

SUFFIXES = frozenset({".call", ".py", ".yaml", ".yml", ".js", ".ts", ".mjs", ".cjs", ".xml", ".html", ".json", ".wav"})
PASSED_BY = frozenset({"node_modules", "__pycache__", ".venv", "venv", ".git", ".ivr"})
FILES_MAX = 20_000
LOOK_EVERY_S = 0.5

Seen = dict[Path, tuple[int, int]]


def seen(folders: Iterable[Path]) -> Seen:
    """The files in question with their moments of change and sizes."""
    found: Seen = {}
    for path in _files(folders):
        try:
            stat = path.stat()
        except OSError:
            continue  # gone in between
        found[path] = (stat.st_mtime_ns, stat.st_size)
        if len(found) >= FILES_MAX:
            break
    return found


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        if folder.is_file():
            yield folder
        for here, below, names in os.walk(folder):
            below[:] = sorted(name for name in below if name not in PASSED_BY)
            yield from (Path(here) / name for name in sorted(names) if Path(name).suffix in SUFFIXES)


def changes(folders: Sequence[Path], before: Seen) -> Iterator[set[Path]]:
    """What has changed since it was seen as `before`, each time that something has; for ever."""
    while True:
        now = seen(folders)
        changed = {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}
        before = now
        if changed:
            yield changed
        threading.Event().wait(LOOK_EVERY_S)


def concerned(scripts: Sequence[Path], changed: set[Path], menus: Path) -> list[Path]:
    """The scripts to play again: those that have changed themselves, or - when something else has - those that it
    touches: a hotline's own when its folder has changed, and all for anything else."""
    others = {path for path in changed if path.suffix != ".call"}
    own = [path for path in scripts if path in changed]
    hotlines = {_hotline(path, menus) for path in others}
    if not others:
        return own
    if None in hotlines:
        return list(scripts)
    return [path for path in scripts if path in own or _hotline(path, menus) in {None, *hotlines}]


def _hotline(path: Path, menus: Path) -> str | None:
    """The name of the hotline's folder that a file lies in."""
    try:
        return path.resolve().relative_to(menus.resolve()).parts[0]
    except (ValueError, IndexError):
        return None
