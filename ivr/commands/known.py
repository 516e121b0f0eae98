"""Known: what lint can know of a hotline besides its files - recordings, calls so far, what is published."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from ivr.commands import tried
from ivr.commands.published import kept, live, shelf
from ivr.lint import tallies
from ivr.lint.subject import Known
from ivr.menu.hotline import RECORDINGS, examine_folder, recordings_in
from ivr.store import Store, calls
from recordings.wav import NotWav, read_header

CALLS_MAX = 20_000  # the latest ones; more would say the same


def what_is_known(folder: Path) -> Known:
    """Everything that is known of the hotline in `folder`; without a database the recordings' lengths and what
    `ivr cover` has found."""
    lengths = _lengths(folder)
    today = datetime.now().astimezone().date()
    with shelf() as store:
        tree = examine_folder(folder).draft if store else None
        if store is None or tree is None:
            return Known(today, lengths, coverage=tried.kept(folder))
        publication = live(store, tree.hotline)
        before = kept(store, publication.version).tree if publication and publication.version else None
        paths, asked = _calls(store, tree.hotline)
        return Known(
            today, lengths, tallies.pressed(paths), tallies.asked_again(tree, asked), tried.kept(folder), before
        )


def _lengths(folder: Path) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in recordings_in(folder):
        if name.endswith(".wav"):
            try:
                found[name] = read_header((folder / RECORDINGS / name).read_bytes()).length_s
            except NotWav:
                continue  # told by whoever plays it; here it counts as what its text would take
    return found


def _calls(
    store: Store, hotline: str
) -> tuple[list[list[tuple[str, str]]], list[tuple[str, datetime, tuple[str, ...]]]]:
    """The ways of the latest calls through the menus, and the surveys that were answered in them, oldest first."""
    query = (
        select(calls.c.path, calls.c.answers, calls.c.caller, calls.c.started_at)
        .where(calls.c.hotline == hotline)
        .order_by(calls.c.started_at.desc())
        .limit(CALLS_MAX)
    )
    with store.look() as tx:
        rows = list(reversed(tx.connection.execute(query).all()))
    paths = [[(menu, key) for menu, key in row.path] for row in rows]
    return paths, [(row.caller, row.started_at, tuple(row.answers)) for row in rows if row.answers]
