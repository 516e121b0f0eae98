"""Tokens: how programs and screens on the wall come in without a person: a role, an end, and only a digest kept."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import CheckConstraint, Column, Connection, Row, String, Table, insert, select, update

from ivr.role import TOKEN_ROLES, Role
from ivr.throttle import digest
from routing.store import Moment, metadata

PREFIX = "dtk_"
"""What a token begins with, so that one that was left lying about is known for what it is."""

NAME_LENGTH_MAX = 64
TOKENS_MAX = 200
USED_EVERY_S = 60
"""That a token was used is written down at most this often."""

_roles = ", ".join(f"'{role.value}'" for role in TOKEN_ROLES)
tokens = Table(
    "tokens",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", String(NAME_LENGTH_MAX), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("made_by", String(128), nullable=False),
    Column("expires_at", Moment),
    Column("used_at", Moment),
    Column("ended_at", Moment),
    CheckConstraint(f"role IN ({_roles})", name="role_is_known"),
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token as it is listed; the word itself was shown once and is known to nobody here."""

    id: str
    name: str
    role: Role
    made_at: datetime
    made_by: str
    expires_at: datetime | None
    used_at: datetime | None
    ended_at: datetime | None

    def is_good(self, now: datetime) -> bool:
        """Whether it opens anything."""
        return self.ended_at is None and (self.expires_at is None or now < self.expires_at)


class _Tx(Protocol):
    connection: Connection
    now: datetime
    new_id: Callable[[], str]

    def audited(self, who: str, what: str, about: str = "", origin: str = "console", **fields: Any) -> None: ...


class _Store(Protocol):
    def transaction(self) -> AbstractContextManager[_Tx]: ...

    def look(self) -> AbstractContextManager[_Tx]: ...


class Tokens:
    """The tokens of one database. Each method is one transaction."""

    def __init__(self, store: _Store) -> None:
        self._store = store

    def make(
        self, name: str, role: Role, by: str, origin: str = "console", expires_at: datetime | None = None
    ) -> tuple[Token, str]:
        """Make a token; returns it and the word that opens by it, which cannot be shown again."""
        word = PREFIX + secrets.token_urlsafe(32)
        with self._store.transaction() as tx:
            row = {
                "id": secrets.token_hex(8),
                "name": name[:NAME_LENGTH_MAX],
                "role": role,
                "made_at": tx.now,
                "made_by": by,
                "expires_at": expires_at,
            }
            tx.connection.execute(insert(tokens).values(**row, token_hash=digest(word)))
            tx.audited(by, "token made", row["name"], origin, token=row["id"], role=str(role))
        return Token(**row, used_at=None, ended_at=None), word

    def end(self, id: str, by: str, origin: str = "console") -> bool:
        """Let nothing in by this token any more; False when there is none, or it is over already."""
        with self._store.transaction() as tx:
            its = (tokens.c.id == id, tokens.c.ended_at.is_(None))
            ended = tx.connection.execute(update(tokens).where(*its).values(ended_at=tx.now)).rowcount == 1
            if ended:
                tx.audited(by, "token ended", id, origin)
            return ended

    def all(self) -> list[Token]:
        """Every token that was made, the latest first."""
        with self._store.look() as tx:
            rows = tx.connection.execute(select(tokens).order_by(tokens.c.made_at.desc()).limit(TOKENS_MAX)).all()
        return [_token(row) for row in rows]

    def of(self, word: str) -> Token | None:
        """The good token that this word opens by, if it is one; its use is noted."""
        if not word.startswith(PREFIX):
            return None
        with self._store.look() as tx:
            row = tx.connection.execute(select(tokens).where(tokens.c.token_hash == digest(word))).first()
            now = tx.now
        token = _token(row) if row else None
        if token is None or not token.is_good(now):
            return None
        if token.used_at is None or now - token.used_at >= timedelta(seconds=USED_EVERY_S):
            with self._store.transaction() as tx:
                tx.connection.execute(update(tokens).where(tokens.c.id == token.id).values(used_at=now))
        return token


def _token(row: Row[Any]) -> Token:
    return Token(row.id, row.name, Role(row.role), row.made_at, row.made_by, row.expires_at, row.used_at, row.ended_at)
