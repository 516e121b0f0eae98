"""Logins: which sessions are open, and by which browsers people are known. Of what opens one, only digests are kept."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, ForeignKey, Row, String, Table, delete, insert, select, update

from ivr.role import Role
from ivr.throttle import digest
from routing.store import Moment, metadata

SESSION_IDLE_MAX_S = 30 * 60
SESSION_AGE_MAX_S = 12 * 60 * 60
SESSION_SEEN_EVERY_S = 60
"""That somebody was there is written down at most this often: one write a minute, not one a request."""

DEVICE_AGE_MAX_S = 90 * 24 * 3600
"""A browser that somebody logged in with is known for so long: guessing from elsewhere does not keep it waiting."""

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account", ForeignKey("accounts.name", ondelete="CASCADE"), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False, index=True),
    Column("address", String(64), nullable=False, default=""),
    Column("browser", String(128), nullable=False, default=""),
)

known_devices = Table(
    "known_devices",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account", ForeignKey("accounts.name", ondelete="CASCADE"), nullable=False, index=True),
    Column("seen_at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Session:
    """One log-in that is still good: whose it is, and the word that must come with each change (`csrf`).

    A program's token makes one for the length of a request; then `account` is `token:NAME` and there is no such word.
    """

    account: str
    csrf: str
    token_hash: str
    idle_s: float
    role: Role = Role.REPRESENTATIVE
    opened_at: datetime | None = None
    address: str = ""
    browser: str = ""
    has_totp: bool = False

    @property
    def id(self) -> str:
        """What the session is called in lists; it opens nothing."""
        return self.token_hash[:16]


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A log-in that succeeded. `token` and `device` are for the cookies alone; only their digests are stored."""

    session: Session
    token: str
    device: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a log-in comes from: the address, what the browser calls itself, and the device it was known by before."""

    address: str
    browser: str = ""
    device: str = ""


def open_session(connection: Connection, account: Row[Any], origin: Origin, now: datetime) -> LoggedIn:
    """Open a session of an account, given as its row, and end all that are too old."""
    too_old = now - timedelta(seconds=SESSION_AGE_MAX_S)
    connection.execute(delete(sessions).where(sessions.c.opened_at < too_old))
    token = secrets.token_urlsafe(32)
    row = {
        "token_hash": digest(token),
        "account": account.name,
        "csrf": secrets.token_urlsafe(32),
        "opened_at": now,
        "seen_at": now,
        "address": origin.address[:64],
        "browser": origin.browser[:128],
    }
    connection.execute(insert(sessions).values(row))
    opened = Session(account.name, row["csrf"], row["token_hash"], 0.0, Role(account.role), now)
    opened = replace(opened, address=row["address"], browser=row["browser"], has_totp=bool(account.totp_secret))
    return LoggedIn(opened, token, _know_device(connection, account.name, origin.device, now))


def _know_device(connection: Connection, name: str, device: str, now: datetime) -> str:
    """Remember the browser that somebody came in by; the word it is known by."""
    forgotten = now - timedelta(seconds=DEVICE_AGE_MAX_S)
    connection.execute(delete(known_devices).where(known_devices.c.seen_at < forgotten))
    its = (known_devices.c.token_hash == digest(device), known_devices.c.account == name)
    if device and connection.execute(update(known_devices).where(*its).values(seen_at=now)).rowcount:
        return device
    new = secrets.token_urlsafe(32)
    connection.execute(insert(known_devices).values(token_hash=digest(new), account=name, seen_at=now))
    return new


def session_of(row: Row[Any], now: datetime) -> Session:
    """A session as its row has it, joined with its account's role and second factor."""
    return Session(
        row.account,
        row.csrf,
        row.token_hash,
        (now - row.seen_at).total_seconds(),
        Role(row.role),
        row.opened_at,
        row.address,
        row.browser,
        row.totp_secret is not None,
    )


def end_sessions(connection: Connection, name: str) -> None:
    """End every session of an account."""
    connection.execute(delete(sessions).where(sessions.c.account == name))


def throttled_by(connection: Connection, name: str, device: str, now: datetime) -> str:
    """Whose wrong tries count: those with this name, or, from a device it knows, those from that device alone."""
    hashed = digest(device)
    known = (
        known_devices.c.token_hash == hashed,
        known_devices.c.account == name,
        known_devices.c.seen_at >= now - timedelta(seconds=DEVICE_AGE_MAX_S),
    )
    found = device and connection.execute(select(known_devices.c.account).where(*known)).first()
    return digest(f"device {hashed} {name}") if found else digest(f"account {name}")
