"""Hotlines: the published trees - which one answers a number, and every version that a call still stands on."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from ivr.menu.fault import MenuError
from ivr.menu.hotline import examine, files_in, read_files
from ivr.menu.tree import Tree
from routing.queue import Queue

log = logging.getLogger(__name__)

Files = Mapping[str, str]
"""A hotline's files as they are: name below its folder -> text."""


class Shelf(Protocol):
    """Where published files are kept, so that a call finds its version again after a restart."""

    def keep_files(self, version: str, hotline: str, files: Files) -> None: ...

    def files(self, version: str) -> Files | None: ...


class SameNumber(ValueError):
    """Two hotlines name the same number; the message says which."""


class Hotlines:
    """The trees in the folder `menus`, one hotline a subfolder; a tree with a fault never replaces a good one."""

    def __init__(self, menus: Path, shelf: Shelf) -> None:
        """Read and publish every hotline. MenuError when one cannot be published and there is nothing older."""
        self._menus, self._shelf = menus, shelf
        self._stamps: dict[Path, object] = {}
        self._trees: dict[str, Tree] = {}  # by version
        self._current: dict[str, Tree] = {}  # by hotline
        for folder in self._folders():
            self._publish(folder)
        if not self._current:
            raise FileNotFoundError(f"there is no hotline below {menus}: a hotline is a folder with .yaml files")

    def refresh(self) -> None:
        """Publish what has changed in the folder since last time. Faults are logged; the old tree stays."""
        for folder in self._folders():
            try:
                self._publish(folder)
            except (MenuError, SameNumber) as error:
                log.error("the changed hotline %s is not published, the old one goes on:\n%s", folder.name, error)

    def for_number(self, called: str) -> Tree:
        """The tree that answers a number; a number nobody lists is answered by the first hotline."""
        for tree in self._current.values():
            if called in tree.numbers:
                return tree
        return next(iter(self._current.values()))

    def current(self) -> tuple[Tree, ...]:
        """The trees that new calls get."""
        return tuple(self._current.values())

    def tree(self, version: str) -> Tree:
        """The tree of a version, from memory or as it was kept when it was published."""
        if version not in self._trees:
            files = self._shelf.files(version)
            if files is None:
                raise LookupError(f"no hotline was ever published as version {version!r}")
            self._trees[version] = read_files(files)
        return self._trees[version]

    def queues(self) -> Mapping[str, Queue]:
        """Every queue that a call can stand in, by name; today's settings win over an older version's."""
        trees = [*self._trees.values(), *self._current.values()]
        return {name: settings.queue for tree in trees for name, settings in tree.queues.items()}

    def _folders(self) -> list[Path]:
        return sorted({path.parent for path in self._menus.glob("*/*.yaml")})

    def _publish(self, folder: Path) -> None:
        stamp = [(str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in sorted(folder.rglob("*.yaml"))]
        if self._stamps.get(folder) == stamp:
            return
        self._stamps[folder] = stamp
        files = files_in(folder)
        examined = examine(files, f"{folder.as_posix()}/")
        tree = examined.tree
        if tree is None:
            raise MenuError(examined.faults)
        for other in self._current.values():
            if other.hotline != tree.hotline and (twice := other.numbers.keys() & tree.numbers.keys()):
                raise SameNumber(f"{', '.join(sorted(twice))} stands in {other.hotline} and in {tree.hotline}")
        if tree.version not in self._trees:
            self._shelf.keep_files(tree.version, tree.hotline, {name: text.decode() for name, text in files.items()})
            self._trees[tree.version] = tree
            log.info("published hotline %s, version %s", tree.hotline, tree.version[:12])
        self._current[tree.hotline] = tree
