"""Published: the versions that are kept in the database, as commands look at them."""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select

from ivr.commands.hotline_folder import refuse
from ivr.menu.hotline import Examined, examine
from ivr.publication import Kind, Publication, publications
from ivr.settings import data_folder
from ivr.store import Store, trees

VERSION = re.compile(r"[0-9a-f]{6,64}")
"""How a version is named on the command line: by its first letters, six at least."""


@contextmanager
def shelf(make: bool = False) -> Iterator[Store | None]:
    """The database; None when there is none yet, unless it is to be made."""
    folder = data_folder(os.environ)
    file = folder / "dialtree.db"
    if not make and not file.is_file():
        yield None
        return
    folder.mkdir(parents=True, exist_ok=True)
    store = Store(f"sqlite:///{file}", lambda: datetime.now(UTC), lambda: uuid.uuid4().hex)
    try:
        yield store
    finally:
        store.close()


def live(store: Store | None, hotline: str) -> Publication | None:
    """What was published of a hotline and is live; None while its folder is watched instead."""
    if store is None:
        return None
    with store.look() as tx:
        found = tx.publications.live().get(hotline)
    return found if found and found.kind is not Kind.RELEASED else None


def hotline_named(store: Store | None, name: str | None) -> str:
    """The hotline of this name of which something was published; without a name the only one."""
    if store is None:
        refuse("view.command.never", example="ivr publish")
    with store.look() as tx:
        known = sorted(tx.connection.execute(select(publications.c.hotline).distinct()).scalars())
    if not known:
        refuse("view.command.never", example="ivr publish")
    if name is None and len(known) > 1:
        refuse("view.command.name_one", names=", ".join(known))
    if name is not None and name not in known:
        refuse("view.command.never_of", name=name, names=", ".join(known))
    return name or known[0]


def version_named(store: Store | None, begin: str) -> list[str]:
    """The versions that begin with these letters."""
    if store is None:
        return []
    with store.look() as tx:
        query = select(trees.c.version).where(trees.c.version.startswith(begin, autoescape=True))
        return list(tx.connection.execute(query).scalars())


def kept(store: Store, version: str) -> Examined:
    """A version as it was published, read again."""
    examined = examine(store.files(version) or {})
    draft = replace(examined.draft, version=version) if examined.draft else None
    return replace(examined, draft=draft, tree=replace(examined.tree, version=version) if examined.tree else None)
