"""Hotlines: the published trees - which one answers a number, and every version that a call still stands on.

Until somebody publishes, a hotline's folder is watched: the next call hears what was saved. Whoever publishes pins it:
from then on the folder is a draft, and new calls get what was published last.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from ivr.menu.fault import Fault, MenuError
from ivr.menu.hotline import RECORDINGS, examine, files_in, hotline_folders, paths_in, recordings_in
from ivr.menu.tree import Tree
from ivr.menu.words import Words
from ivr.prompts import SOUND_BYTES_MAX, files_used
from ivr.publication import Kind, Publication
from ivr.store import Store, Tx
from routing.due import Due
from routing.kind import KINDS
from routing.kind import Kind as ContactKind
from routing.queue import Queue
from routing.refusal import Refused

log = logging.getLogger(__name__)

Files = Mapping[str, bytes | str]
"""A hotline's files as they are: name below its folder -> text."""

TREES_MAX = 200
"""Versions kept in memory; others are read again when a call that stands on one comes back."""

MEANWHILE = Refused("somebody else has published meanwhile", hint="compare with what is live now")
NEVER = Refused("nothing was ever published of this hotline", field="hotline")
NOTHING_OLDER = Refused("there is nothing older to go back to", field="hotline")
NO_FOLDER = Refused("no folder holds this hotline, so there is nothing to watch", field="hotline")

_NAME = re.compile(r"^hotline:\s*[\"']?([^\"'#\n]*[^\"'#\s])", re.MULTILINE)


class SameNumber(ValueError):
    """Two hotlines name the same number, or two folders are the same hotline; the message says which."""


class Hotlines:
    """The trees in the folder `menus`, one hotline a subfolder; a tree with a fault never replaces a good one."""

    def __init__(self, menus: Path, store: Store) -> None:
        """Read every hotline. One with a fault goes on as it was heard last; if it never was, its fault is raised.

        Raises MenuError, SameNumber, or OSError when files cannot be read.
        """
        self._menus, self._store = menus, store
        self._stamps: dict[Path, object] = {}
        self._homes: dict[str, Path] = {}  # by hotline: its folder
        self._trees: dict[str, Tree] = {}  # by version
        self._current: dict[str, Tree] = {}  # by hotline
        self._pinned: dict[str, Publication] = {}
        self._prompts: dict[str, frozenset[str]] = {}  # by version
        self._queues: dict[str, Queue] = {}
        self._kinds: dict[str, ContactKind] = dict(KINDS)
        self._seen: object = None
        faults = self._watch_all()
        self._take_up_published()
        if faults:
            self._go_on_as_before()
        if faults and len(self._current) < len(hotline_folders(menus)):
            raise faults[0]
        if not self._current:
            raise FileNotFoundError(f"there is no hotline below {menus}: a hotline is a folder with .yaml files")

    def refresh(self) -> None:
        """Take up what was published or saved since last time. Faults are logged, and what was good stays."""
        self._take_up_published()
        self._watch_all()

    def _watch_all(self) -> list[Exception]:
        faults: list[Exception] = []
        for folder in hotline_folders(self._menus):
            try:
                self._watch(folder)
            except (MenuError, SameNumber, OSError) as error:
                log.error("the hotline in %s is not published, what was published before goes on:\n%s", folder, error)
                faults.append(error)
        return faults

    def _go_on_as_before(self) -> None:
        for hotline, version in self._store.latest().items():
            if hotline not in self._current:
                self._make_current(hotline, self.tree(version))

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
            files = self._store.files(version)
            if files is None:
                raise LookupError(f"no hotline was ever published as version {version!r}")
            examined = examine(files)
            tree = examined.tree or examined.draft  # what was good once is not refused to calls that stand on it
            if tree is None:
                raise MenuError(examined.faults)
            self._know(replace(tree, version=version))
        return self._trees[version]

    def queues(self) -> Mapping[str, Queue]:
        """Every queue that a call can stand in, by name; today's settings win over an older version's."""
        return self._queues

    def kinds(self) -> Mapping[str, ContactKind]:
        """Every kind of contact, by name. Agents serve all hotlines, so there is one set: of two that set the same kind
        the first by name is right. What no hotline has any more is kept for those who still wait."""
        return self._kinds

    def kind_name(self, kind: str) -> Words | None:
        """What a hotline calls a kind of contact, if one does."""
        named = (it.contacts[kind].name for _, it in sorted(self._current.items()) if kind in it.contacts)
        return next((words for words in named if words), None)

    def due(self, hotline: str | None, kind: str) -> Due | None:
        """When a case is to be settled, by what its hotline (else the first one) says of its kind now."""
        return (self._current.get(hotline or "") or self.current()[0]).due(kind)

    def prompts_of(self, version: str) -> frozenset[str]:
        """The recordings that were published with a version, by file."""
        if version not in self._prompts:
            with self._store.look() as tx:
                self._prompts[version] = tx.publications.prompts_of(version)
        return self._prompts[version]

    def prompt(self, version: str, file: str) -> bytes | None:
        """One recording that was published with a version."""
        if file not in self.prompts_of(version):
            return None
        with self._store.look() as tx:
            return tx.publications.prompt(version, file)

    # -- publishing --

    def publish(
        self,
        files: Files,
        by: str,
        now: datetime,
        at: datetime | None = None,
        recordings: Mapping[str, bytes] | None = None,
        expects: str | None = None,
    ) -> Publication | Refused | tuple[Fault, ...]:
        """Make these files what new calls hear, now or `at` a later moment; calls in progress stay on their version.

        `recordings` are the sound files by their names below `recordings/`. `expects`: the version that is to be
        replaced; if another one is live by now, somebody was quicker, and nothing happens. The faults when the files
        cannot be used.
        """
        examined = examine(files, recordings=None if recordings is None else recordings.keys())
        if examined.tree is None:
            return tuple(fault for fault in examined.faults if fault.severity == "error")
        tree, digests = _with_prompts(examined.tree, recordings or {})
        try:
            self._check_numbers(tree)
        except SameNumber as error:
            return Refused(str(error), field="numbers")
        with self._store.transaction() as tx:
            live = self._live(tx, tree.hotline)
            if expects is not None and live != expects:
                return MEANWHILE
            later = at if at and at > now else None
            tx.keep_files(tree.version, tree.hotline, _texts(files), digests, recordings or {}, live=later is None)
            self._note_watched(tx, tree.hotline, live, now)
            made = tx.publications.add(tree.hotline, tree.version, Kind.PUBLISHED, by, now, later)
            what = "to be published" if later else "published"
            tx.happened(tree.hotline, what, version=tree.version, by=by, at=made.due_at.isoformat())
        self._know(tree)
        self.refresh()
        return made

    def rollback(self, hotline: str, by: str, now: datetime) -> Publication | Refused:
        """Make the version live that was published before the one that is; what was to be published later is not."""
        with self._store.transaction() as tx:
            lived = [it for it in reversed(tx.publications.of(hotline)) if it.live_at]
            history = [it for it in lived if it.kind is not Kind.RELEASED]
            if not history:
                return NEVER
            published = [it.version for it in history if it.kind is not Kind.ROLLED_BACK]
            last = len(published) - 1 - published[::-1].index(history[-1].version)
            before = next((it for it in reversed(published[:last]) if it != history[-1].version), None)
            if before is None:
                return NOTHING_OLDER
            tx.publications.withdraw(hotline, now)
            made = tx.publications.add(hotline, before, Kind.ROLLED_BACK, by, now)
            tx.went_live(before)
            tx.happened(hotline, "rolled back", version=before, by=by)
        self.refresh()
        return made

    def release(self, hotline: str, by: str, now: datetime) -> Refused | tuple[Fault, ...] | None:
        """Watch the folder again: from now on new calls hear what is saved there.

        The faults when that cannot be used: nothing is changed then, and what was published goes on.
        """
        if (hindrance := self._hindrance(hotline)) is not None:
            return hindrance
        with self._store.transaction() as tx:
            live = tx.publications.live().get(hotline)
            if live is None:
                return NEVER
            tx.publications.withdraw(hotline, now)
            tx.publications.add(hotline, live.version, Kind.RELEASED, by, now)
            tx.happened(hotline, "released", by=by)
        self.refresh()
        return None

    def versions(self, hotline: str) -> list[Publication]:
        """Everything published of a hotline: what is still to come first, then the latest."""
        with self._store.look() as tx:
            return tx.publications.of(hotline)

    def tick(self, tx: Tx) -> None:
        """Make live what is due."""
        for it in tx.publications.due(tx.now):
            tx.publications.make_live(it.seq, tx.now)
            tx.went_live(it.version)
            tx.happened(it.hotline, "published", version=it.version, by=it.by, at=it.due_at.isoformat())

    # -- steps of the above --

    def _live(self, tx: Tx, hotline: str) -> str | None:
        """The version that new calls get."""
        live = tx.publications.live().get(hotline)
        if live and live.kind is not Kind.RELEASED:
            return live.version
        return self._current[hotline].version if hotline in self._current else None

    def _hindrance(self, hotline: str) -> Refused | tuple[Fault, ...] | None:
        """Why the folder of a hotline cannot be watched as it is."""
        read = ((folder, files_in(folder)) for folder in hotline_folders(self._menus))
        folder, files = next(((it, files) for it, files in read if _named(files) == hotline), (None, {}))
        if folder is None:
            return NO_FOLDER
        examined = examine(files, f"{folder.as_posix()}/", recordings_in(folder))
        if examined.tree is None:
            return tuple(fault for fault in examined.faults if fault.severity == "error")
        try:
            self._check_numbers(examined.tree)
        except SameNumber as error:
            return Refused(str(error), field="numbers")
        return None

    def _note_watched(self, tx: Tx, hotline: str, live: str | None, now: datetime) -> None:
        """What was heard before the first publication, or since the folder was watched again: one can go back to it."""
        latest = tx.publications.live().get(hotline)
        if live and (latest is None or (latest.kind is Kind.RELEASED and latest.version != live)):
            tx.publications.add(hotline, live, Kind.WATCHED, "", now)

    def _take_up_published(self) -> None:
        with self._store.look() as tx:
            stamp = tx.publications.stamp()
            if stamp == self._seen:
                return
            live = tx.publications.live()
        self._seen = stamp
        pinned = {name: it for name, it in live.items() if it.kind in (Kind.PUBLISHED, Kind.ROLLED_BACK)}
        if self._pinned.keys() - pinned.keys():
            self._stamps.clear()  # a folder that is watched again is read again
        self._pinned = pinned
        for hotline, it in pinned.items():
            before = self._current.get(hotline)
            if before is None or before.version != it.version:
                self._make_current(hotline, self.tree(it.version))

    def _watch(self, folder: Path) -> None:
        """Take up what was saved in a folder, unless its hotline is pinned."""
        watched = [*paths_in(folder), *(folder / RECORDINGS / name for name in sorted(recordings_in(folder)))]
        stamp = [(str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in watched]
        if self._stamps.get(folder) == stamp:
            return
        files = files_in(folder)
        if _named(files) in self._pinned_names():
            self._stamps[folder] = stamp
            return
        examined = examine(files, f"{folder.as_posix()}/", recordings_in(folder))
        if examined.tree is None:
            self._stamps[folder] = stamp  # the same faults need not be found again
            raise MenuError(examined.faults)
        recordings = sounds_in(folder, examined.tree)
        tree, digests = _with_prompts(examined.tree, recordings)
        if self._homes.setdefault(tree.hotline, folder) != folder:
            raise SameNumber(f"the hotline {tree.hotline} is in {self._homes[tree.hotline]} and in {folder}")
        self._check_numbers(tree)
        with self._store.transaction() as tx:
            tx.keep_files(tree.version, tree.hotline, _texts(files), digests, recordings)
        log.info("published hotline %s, version %s", tree.hotline, tree.version[:12])
        self._know(tree)
        self._make_current(tree.hotline, tree)
        self._stamps[folder] = stamp

    def _pinned_names(self) -> set[str]:
        if self._seen is None:
            self._take_up_published()
        return set(self._pinned)

    def _check_numbers(self, tree: Tree) -> None:
        for other in self._current.values():
            if other.hotline != tree.hotline and (twice := other.numbers.keys() & tree.numbers.keys()):
                raise SameNumber(f"{', '.join(sorted(twice))} stands in {other.hotline} and in {tree.hotline}")

    def _know(self, tree: Tree) -> None:
        kept = {it.version for it in self._current.values()}
        for version in [it for it in self._trees if it not in kept][: max(0, len(self._trees) - TREES_MAX)]:
            self._trees.pop(version, None)
        self._trees[tree.version] = tree
        self._queues = {name: it.queue for name, it in tree.queues.items()} | self._queues

    def _make_current(self, hotline: str, tree: Tree) -> None:
        self._current = {**self._current, hotline: tree}
        self._queues = self._queues | {name: it.queue for name, it in tree.queues.items()}
        self._take_up_kinds()

    def _take_up_kinds(self) -> None:
        before, kinds = self._kinds, {}
        for _, tree in sorted(self._current.items(), reverse=True):
            kinds |= {name: it.kind for name, it in tree.contacts.items()}
        own = {name: kind for name, kind in before.items() if name not in KINDS}
        self._kinds = own | dict(KINDS) | kinds
        if self._kinds != before and self._store.kinds == self.kinds:
            self._store.reckon_room()


def sounds_in(folder: Path, tree: Tree) -> dict[str, bytes]:
    """The recordings of a folder that its tree names, as they are; those too large to be played are left out."""
    found = {}
    for file in sorted(recordings_in(folder) & files_used(tree)):
        path = folder / RECORDINGS / file
        if path.stat().st_size <= SOUND_BYTES_MAX:
            found[file] = path.read_bytes()
        else:
            log.warning("%s is larger than %s bytes and is spoken instead", file, SOUND_BYTES_MAX)
    return found


def _with_prompts(tree: Tree, recordings: Mapping[str, bytes]) -> tuple[Tree, dict[str, str]]:
    """The tree, its version covering the recordings too, and the digest of each that it names."""
    used = files_used(tree)
    digests = {file: hashlib.sha256(sound).hexdigest() for file, sound in recordings.items() if file in used}
    if not digests:
        return tree, {}
    parts = [tree.version, *(f"{file}={digest}" for file, digest in sorted(digests.items()))]
    return replace(tree, version=hashlib.sha256("\n".join(parts).encode()).hexdigest()), digests


def _texts(files: Files) -> dict[str, str]:
    return {name: text if isinstance(text, str) else text.decode() for name, text in files.items()}


def _named(files: Files) -> str | None:
    """The hotline's name as files say it, even if they cannot be used otherwise."""
    for text in _decoded(files):
        if found := _NAME.search(text):
            return found[1]
    return None


def _decoded(files: Files) -> list[str]:
    return [text if isinstance(text, str) else text.decode("utf-8", "replace") for text in files.values()]
