"""Storage: this installation's database and hotlines, opened by a command - or one sentence why they cannot be."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import click
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ivr.hotlines import Hotlines, SameNumber
from ivr.menu.fault import MenuError
from ivr.menu.tree import Tree
from ivr.store import Store


class Unusable(click.ClickException):
    """What the command needs cannot be used; it says so, and the exit code is 2: it could not run."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Say it as it is: faults in menus begin with their place."""
        click.echo(self.message, file, err=True)


def opened(data: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Store:
    """The database in the folder `data`, made if there is none, on this machine's time. Raises Unusable."""
    path = data / "dialtree.db"
    try:
        data.mkdir(parents=True, exist_ok=True)
        return Store(f"sqlite:///{path}", clock, lambda: uuid.uuid4().hex)
    except (OSError, SQLAlchemyError, CommandError) as error:
        why = error.orig if isinstance(error, DBAPIError) else error
        raise Unusable(f"the database {path} cannot be used: {why} (ivr doctor says more)") from error


def published(menus: Path, store: Store) -> tuple[Tree, ...]:
    """The hotlines in the folder `menus`, as the program will serve them. Raises Unusable."""
    logging.getLogger("ivr").addHandler(logging.NullHandler())  # what is wrong is said once, here or by the program
    try:
        hotlines = Hotlines(menus, store)
    except (MenuError, SameNumber, OSError) as error:
        raise Unusable(f"{error}\nThe hotline cannot be served before this is put right.") from error
    store.queues, store.kinds = hotlines.queues, hotlines.kinds
    return hotlines.current()
