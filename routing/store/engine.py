"""The engine: how a database is opened so that what was committed stays, and writers take turns."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

BUSY_TIMEOUT_MS = 4000
"""How long a transaction waits for its turn; the carrier gives a webhook 15 s, we give it 5."""


def open_engine(url: str) -> Engine:
    """Open the database at `url` (`sqlite:///path`, `postgresql+psycopg://...`).

    With SQLite every transaction is BEGIN IMMEDIATE: a deferred one that reads and then writes fails at once with
    "database is locked" when another was quicker, whatever its timeout. Reading does not block and is not blocked:
    use `engine.execution_options(read_only=True)` for pages that only look.
    """
    # Parameters are what callers typed: they stand in no error's text.
    usual = {"hide_parameters": True, "json_deserializer": _read_json}
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"), **usual)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


def _read_json(kept: str | bytes) -> Any:
    # Most of what is kept as JSON is empty, and an agent has four such columns.
    return {} if kept == "{}" else [] if kept == "[]" else json.loads(kept)


def _prepare(connection: Any, _record: Any) -> None:
    # SQLAlchemy's recipe: the driver must not begin transactions of its own.
    # https://docs.sqlalchemy.org/en/latest/dialects/sqlite.html#sqlite-transactions
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",  # NORMAL loses acknowledged commits when the power is cut
        "foreign_keys = ON",
        "secure_delete = ON",  # what is erased is not to be found in the file
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    read_only = bool(connection.get_execution_options().get("read_only"))
    connection.exec_driver_sql("PRAGMA query_only = ON" if read_only else "PRAGMA query_only = OFF")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
