"""Throttle: how long somebody who was wrong must wait before the next try, so that guessing leads nowhere."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, Integer, String, Table, delete, insert, select, update

from routing.store import Moment, metadata

FREE_TRIES_PER_ACCOUNT = 5
WAIT_AFTER_TRIES_MAX_S = 60
TRIES_PER_ADDRESS_MAX = 30
ADDRESS_WINDOW_S = 60
TRIES_FORGOTTEN_AFTER_S = 15 * 60

login_failures = Table(
    "login_failures",
    metadata,
    Column("about", String(64), primary_key=True),  # a digest: a password typed as a name must not be kept
    Column("tries", Integer, nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False, index=True),
)


def digest(text: str) -> str:
    """What is kept instead of a text that nobody may read in the database."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def wait_s(connection: Connection, by_account: str, by_address: str, now: datetime) -> int:
    """For how many seconds nobody is let try, by this account and from this address (digests)."""
    account, address = _failures(connection, by_account), _failures(connection, by_address)
    return max(_account_wait_s(account, now), _address_wait_s(address, now))


def count(connection: Connection, by_account: str, by_address: str, now: datetime) -> None:
    """One try was wrong."""
    _count_failure(connection, by_account, TRIES_FORGOTTEN_AFTER_S, now)
    _count_failure(connection, by_address, ADDRESS_WINDOW_S, now)


def forget(connection: Connection, about: str) -> None:
    """A try was right: the count begins anew."""
    connection.execute(delete(login_failures).where(login_failures.c.about == about))


@dataclass(frozen=True, slots=True)
class _Failures:
    tries: int
    first_at: datetime
    last_at: datetime


def _failures(connection: Connection, key: str) -> _Failures | None:
    row = connection.execute(select(login_failures).where(login_failures.c.about == key)).first()
    return _Failures(row.tries, row.first_at, row.last_at) if row else None


def _count_failure(connection: Connection, key: str, window_s: int, now: datetime) -> None:
    """Count one wrong try; the count begins anew when the window that the first one opened is over."""
    forgotten = now - timedelta(seconds=TRIES_FORGOTTEN_AFTER_S)
    connection.execute(delete(login_failures).where(login_failures.c.last_at < forgotten))
    before = _failures(connection, key)
    if before is not None and now - before.first_at <= timedelta(seconds=window_s):
        tries = update(login_failures).where(login_failures.c.about == key)
        connection.execute(tries.values(tries=before.tries + 1, last_at=now))
        return
    connection.execute(delete(login_failures).where(login_failures.c.about == key))
    connection.execute(insert(login_failures).values(about=key, tries=1, first_at=now, last_at=now))


def _account_wait_s(failures: _Failures | None, now: datetime) -> int:
    """Five tries are free; then 1, 2, 4 ... 60 seconds after the latest: slow for a guesser, no lock for the owner."""
    if failures is None or failures.tries < FREE_TRIES_PER_ACCOUNT:
        return 0
    pause_s = min(2 ** min(failures.tries - FREE_TRIES_PER_ACCOUNT, 10), WAIT_AFTER_TRIES_MAX_S)
    return max(0, pause_s - int((now - failures.last_at).total_seconds()))


def _address_wait_s(failures: _Failures | None, now: datetime) -> int:
    """Thirty wrong tries a minute from one address, whosever accounts they are for."""
    if failures is None or failures.tries < TRIES_PER_ADDRESS_MAX:
        return 0
    return max(0, ADDRESS_WINDOW_S - int((now - failures.first_at).total_seconds()))
