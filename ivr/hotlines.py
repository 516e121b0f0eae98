"""Hotlines: the published trees - which one answers a number, and every version that a call still stands on."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from ivr.menu.fault import MenuError
from ivr.menu.hotline import examine, files_in, hotline_folders, paths_in, read_files
from ivr.menu.tree import Tree
from routing.queue import Queue

log = logging.getLogger(__name__)

Files = Mapping[str, str]
"""A hotline's files as they are: name below its folder -> text."""


class Shelf(Protocol):
    """Where published files are kept, so that a call finds its version again after a restart."""

    def keep_files(self, version: str, hotline: str, files: Files) -> None: ...

    def files(self, version: str) -> Files | None: ...

    def latest(self) -> Mapping[str, str]: ...


class SameNumber(ValueError):
    """Two hotlines name the same number, or two folders are the same hotline; the message says which."""


class Hotlines:
    """The trees in the folder `menus`, one hotline a subfolder; a tree with a fault never replaces a good one."""

    def __init__(self, menus: Path, shelf: Shelf) -> None:
        """Publish every hotline. One with a fault stays as it was published last; if it never was, its fault is raised.

        Raises MenuError, SameNumber, or OSError when files cannot be read.
        """
        self._menus, self._shelf = menus, shelf
        self._stamps: dict[Path, object] = {}
        self._homes: dict[str, Path] = {}  # by hotline: its folder
        self._trees: dict[str, Tree] = {}  # by version
        self._current: dict[str, Tree] = {}  # by hotline
        faults = self._publish_all()
        if faults:
            self._current = {name: self.tree(it) for name, it in shelf.latest().items()} | self._current
        if len(self._current) < len(hotline_folders(menus)):
            raise faults[0]
        if not self._current:
            raise FileNotFoundError(f"there is no hotline below {menus}: a hotline is a folder with .yaml files")

    def refresh(self) -> None:
        """Publish what has changed in the folder since last time; faults are logged, and what was good stays."""
        self._publish_all()

    def _publish_all(self) -> list[Exception]:
        faults: list[Exception] = []
        for folder in hotline_folders(self._menus):
            try:
                self._publish(folder)
            except (MenuError, SameNumber, OSError) as error:
                log.error("the hotline in %s is not published, what was published before goes on:\n%s", folder, error)
                faults.append(error)
        return faults

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

    def _publish(self, folder: Path) -> None:
        stamp = [(str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in paths_in(folder)]
        if self._stamps.get(folder) == stamp:
            return
        files = files_in(folder)
        examined = examine(files, f"{folder.as_posix()}/")
        tree = examined.tree
        if tree is None:
            self._stamps[folder] = stamp  # the same faults need not be found again
            raise MenuError(examined.faults)
        if self._homes.setdefault(tree.hotline, folder) != folder:
            raise SameNumber(f"the hotline {tree.hotline} is in {self._homes[tree.hotline]} and in {folder}")
        for other in self._current.values():
            if other.hotline != tree.hotline and (twice := other.numbers.keys() & tree.numbers.keys()):
                raise SameNumber(f"{', '.join(sorted(twice))} stands in {other.hotline} and in {tree.hotline}")
        self._shelf.keep_files(tree.version, tree.hotline, {name: text.decode() for name, text in files.items()})
        log.info("published hotline %s, version %s", tree.hotline, tree.version[:12])
        self._trees[tree.version] = tree
        self._current[tree.hotline] = tree
        self._stamps[folder] = stamp
