"""Editing: what supervisors do with the menus on the page - write, publish, go back - and what callers press there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select

from ivr.hotlines import Hotlines
from ivr.manuscript import Manuscript, ManuscriptRows
from ivr.menu.fault import Fault
from ivr.menu.hotline import FILES_MAX, HOTLINE_BYTES_MAX, Examined, examine
from ivr.menu.tree import Tree
from ivr.publication import Publication
from ivr.store import Store, Tx, calls
from ivr.supervision import By
from routing.hours import first_instant
from routing.refusal import Refused

FILE = re.compile(r"[A-Za-z0-9_-]{1,60}(/[A-Za-z0-9_-]{1,60}){0,3}\.yaml")
CALLS_COUNTED_MAX = 20_000
"""Calls whose ways are counted, the latest; more than a day's of a busy hotline."""

NOBODY_WRITES = Refused("nobody edits this hotline now", hint="begin again")
CHANGED_MEANWHILE = Refused("somebody else has saved meanwhile", hint="compare with what is there now")
PUBLISHED_MEANWHILE = Refused("somebody else has published meanwhile", hint="compare with what is live now")


class Editing:
    """The manuscripts of all hotlines, and their way to the callers."""

    def __init__(self, store: Store, hotlines: Hotlines) -> None:
        self._store, self._hotlines = store, hotlines

    def tree(self, hotline: str) -> Tree | None:
        """What new calls hear, if there is such a hotline."""
        return next((it for it in self._hotlines.current() if it.hotline == hotline), None)

    def manuscript(self, hotline: str) -> Manuscript | None:
        """What is being written, if somebody has begun."""
        with self._store.look() as tx:
            return ManuscriptRows(tx.connection).get(hotline)

    def begin(self, by: By, hotline: str, version: str = "") -> Refused | None:
        """Begin to edit what is live, or an older version; who finds a manuscript goes on with that."""
        live = self.tree(hotline)
        if live is None:
            return Refused("there is no such hotline", field="hotline")
        base = version or live.version
        known = {it.version for it in self._hotlines.versions(hotline)} | {live.version}
        with self._store.transaction() as tx:
            files = tx.files(base) if base in known else None
            if files is None:
                return Refused("there is no such version", field="version")
            rows = ManuscriptRows(tx.connection)
            if rows.get(hotline) is not None:
                return (
                    Refused("somebody edits this hotline already", hint="go on with it, or drop it first")
                    if version
                    else None
                )
            rows.begin(hotline, files, base, by.name, tx.now)
        return None

    def save(self, by: By, hotline: str, edition: int, files: Mapping[str, str]) -> Refused | None:
        """Keep what was typed, whatever faults it has."""
        if no := fault_of(files):
            return no
        with self._store.transaction() as tx:
            rows = ManuscriptRows(tx.connection)
            if rows.get(hotline) is None:
                return NOBODY_WRITES
            return None if rows.save(hotline, edition, files, by.name, tx.now) else CHANGED_MEANWHILE

    def drop(self, by: By, hotline: str, edition: int) -> Refused | None:
        """Give a manuscript up."""
        with self._store.transaction() as tx:
            if not ManuscriptRows(tx.connection).drop(hotline, edition):
                return CHANGED_MEANWHILE
            tx.audited(by.name, "manuscript dropped", hotline, by.origin)
        return None

    def examined(self, files: Mapping[str, str], base: str) -> Examined:
        """What there is to say about files that are edited: recordings are those of the version they began as."""
        return examine(files, recordings=self._hotlines.prompts_of(base))

    def publish(
        self, by: By, hotline: str, edition: int, expects: str, now: datetime, at: datetime | None
    ) -> Publication | Refused | tuple[Fault, ...]:
        """Make the manuscript what new calls hear. `expects`: the version that its writer saw it replace."""
        its = self.manuscript(hotline)
        if its is None:
            return NOBODY_WRITES
        if its.edition != edition:
            return CHANGED_MEANWHILE
        made = self.publish_files(by, hotline, its.files, expects, now, at, its.base)
        if isinstance(made, Publication):
            with self._store.transaction() as tx:
                ManuscriptRows(tx.connection).drop(hotline, edition)
        return made

    def publish_files(
        self,
        by: By,
        hotline: str,
        files: Mapping[str, str],
        expects: str,
        now: datetime,
        at: datetime | None = None,
        base: str = "",
    ) -> Publication | Refused | tuple[Fault, ...]:
        """The same for files from elsewhere; their recordings are those of `base`, else of what they replace."""
        if no := fault_of(files):
            return no
        base = base or expects
        examined = self.examined(files, base)
        if examined.tree is not None and examined.tree.hotline != hotline:
            return Refused("the name of the hotline must stay", field="hotline", hint=f"hotline: {hotline}")
        sounds = {it: self._hotlines.prompt(base, it) or b"" for it in self._hotlines.prompts_of(base)}
        made = self._hotlines.publish(files, by.name, now, at, sounds, expects=expects)
        if isinstance(made, Publication):
            with self._store.transaction() as tx:
                what = "published" if made.live_at else "to be published"
                tx.audited(by.name, what, hotline, by.origin, version=made.version, due_at=made.due_at.isoformat())
        return made

    def roll_back(self, by: By, hotline: str, expects: str, now: datetime) -> Publication | Refused:
        """Make the version live that was there before the one that is (`expects`)."""
        live = self.tree(hotline)
        if live is None or live.version != expects:
            return PUBLISHED_MEANWHILE
        made = self._hotlines.rollback(hotline, by.name, now)
        if isinstance(made, Publication):
            with self._store.transaction() as tx:
                tx.audited(by.name, "rolled back", hotline, by.origin, version=made.version)
        return made


def fault_of(files: Mapping[str, str]) -> Refused | None:
    """What keeps files from being kept at all."""
    if not 0 < len(files) <= FILES_MAX:
        return Refused("a hotline has files", field="files", hint=f"1 to {FILES_MAX}")
    if any(not FILE.fullmatch(name) for name in files):
        return Refused("that is no name of a file", field="files", hint="letters, digits, - and _, then .yaml")
    if sum(len(text.encode()) for text in files.values()) > HOTLINE_BYTES_MAX:
        return Refused("this is too much", field="files", hint=f"{HOTLINE_BYTES_MAX} bytes at most")
    return None


def office_zone(tree: Tree) -> ZoneInfo:
    """Where a hotline's office is: the time zone of its first opening hours, or UTC."""
    return ZoneInfo(next((calendar.timezone for calendar in tree.hours.values()), "UTC"))


def moment_there(typed: str, tree: Tree) -> datetime | Refused | None:
    """The moment at which the office's clock shows what was typed (`2026-12-24T14:00`); None where nothing was."""
    if not typed:
        return None
    try:
        wall = datetime.fromisoformat(typed)
    except ValueError:
        return Refused("that is no date and time", field="at")
    if wall.tzinfo is not None:
        return wall.astimezone(UTC)
    return first_instant(wall.date(), time(wall.hour, wall.minute), office_zone(tree))


def pressed(tx: Tx, tree: Tree, since: datetime) -> tuple[int, Counter[tuple[str, str]]]:
    """How many calls of this very version there were `since`, and how often each key was pressed at each node."""
    its = (calls.c.hotline == tree.hotline, calls.c.version == tree.version, calls.c.started_at >= since)
    ways = select(calls.c.path).where(*its).order_by(calls.c.started_at.desc()).limit(CALLS_COUNTED_MAX)
    found: Counter[tuple[str, str]] = Counter()
    number = 0
    for path in tx.connection.execute(ways).scalars():
        number += 1
        found.update((node, key) for node, key in path)
    return number, found
