"""Sweeping: finds a number or an address wherever else somebody wrote it down, and takes it out of there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import JSON, Column, Connection, String, Table, Text, cast, select, update

from ivr.outbox import outbox
from ivr.privacy.person import By, Person
from routing.store import metadata

LEFT_OUT = frozenset(
    "accounts agent_groups agent_skills agents alarm_limits audit codes emergencies erasures holds hooks known_devices "
    "login_failures manuscripts outbox_read prompts publications retention_runs sessions standings tokens tree_prompts "
    "trees".split()
)
"""What is ours and not our callers': who works here, what is published, and what was done with the installation."""

ERASED = "…"
"""What stands where a number or an address stood in somebody's words."""

assert outbox.name in metadata.tables  # it is swept, too


def swept() -> Iterator[tuple[Table, list[Column[Any]]]]:
    """Every table that may hold people's words, with its columns of texts; ids name nobody."""
    for table in metadata.sorted_tables:
        if table.name not in LEFT_OUT:
            texts = [it for it in table.columns if isinstance(it.type, String | JSON)]
            named = [it for it in texts if not it.primary_key and not it.foreign_keys and not it.unique]
            if named:
                yield table, named


def sweep(connection: Connection, person: Person) -> int:
    """Take them out of every text; how many rows were changed."""
    pattern, changed = person.written(), 0
    near = person.value[-2:] if person.by is By.NUMBER else person.value
    for table, columns in swept():
        for column in columns:
            for key, value in _rows(connection, table, column, near):
                left = replaced(value, lambda text: pattern.sub(ERASED, text))
                if left != value:
                    its = [it == part for it, part in zip(table.primary_key.columns, key, strict=True)]
                    connection.execute(update(table).where(*its).values({column.name: left}))
                    changed += 1
    return changed


def replaced(value: Any, change: Callable[[str], str]) -> Any:
    """The value with every text in it changed, however deep."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: replaced(it, change) for name, it in value.items()}
    return [replaced(it, change) for it in value] if isinstance(value, list) else value


def texts_in(connection: Connection) -> Iterator[str]:
    """Every text that people's words may be in, one after the other."""
    for table, columns in swept():
        for column in columns:
            for _, value in _rows(connection, table, column, ""):
                yield from _texts(value)


def _rows(connection: Connection, table: Table, column: Column[Any], near: str) -> list[tuple[tuple[Any, ...], Any]]:
    wanted = select(*table.primary_key.columns, column).where(column.is_not(None))
    if near:
        wanted = wanted.where(cast(column, Text).icontains(near, autoescape=True))
    return [(tuple(row[:-1]), row[-1]) for row in connection.execute(wanted)]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for it in value.values() if isinstance(value, dict) else value:
            yield from _texts(it)
