"""Accounts: who may sit down at the desk, by which password, and which sessions are open."""

from __future__ import annotations

import hashlib
import secrets
import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Protocol

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)

from routing.store import Moment, metadata

NAME_LENGTH_MAX = 64
PASSWORD_LENGTH_MIN = 8
PASSWORD_LENGTH_MAX = 128
PASSWORD_DIFFERENT_MIN = 4
"""A password needs this many different characters: `aaaaaaaa` is none."""

SESSION_IDLE_MAX_S = 30 * 60
SESSION_AGE_MAX_S = 12 * 60 * 60
SESSION_SEEN_EVERY_S = 60
"""That somebody was there is written down at most this often: one write a minute, not one a request."""

FREE_TRIES_PER_ACCOUNT = 5
WAIT_AFTER_TRIES_MAX_S = 60
TRIES_PER_ADDRESS_MAX = 30
ADDRESS_WINDOW_S = 60
TRIES_FORGOTTEN_AFTER_S = 15 * 60
CHECKS_AT_ONCE_MAX = 2
"""Password checks cost a tenth of a second of one core by design; a storm of them must not starve the calls."""

CHECK_WAIT_MAX_S = 5

COMMON = frozenset(
    """password passwort passw0rd p@ssw0rd password1 password12 password123 passwort1 passwort123 12345678 123456789
    1234567890 87654321 11223344 12341234 1q2w3e4r 1q2w3e4r5t qwertyui qwertyuiop qwertzui qwertzuiop qwerty12
    qwerty123 qwertz123 asdfghjk asdfghjkl yxcvbnm1 zxcvbnm1 iloveyou sunshine princess football baseball superman
    batman123 dragon12 letmein1 letmein12 welcome1 welcome12 welcome123 willkommen willkommen1 hallo123 hallowelt
    changeme changeme1 secret12 geheim12 geheim123 admin123 administrator lozinka1 lozinka123 contrasena
    contraseña contrasena1 abcd1234 abc12345 abcdefgh aa123456 trustno1 starwars whatever computer internet
    dialtree""".split()
)
"""Passwords that every guesser tries first; compared without regard to case."""

accounts = Table(
    "accounts",
    metadata,
    Column("name", String(NAME_LENGTH_MAX), primary_key=True),
    Column("password_hash", String(256), nullable=False),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("created_at", Moment, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account", ForeignKey("accounts.name", ondelete="CASCADE"), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False, index=True),
)

login_failures = Table(
    "login_failures",
    metadata,
    Column("about", String(64), primary_key=True),  # a digest: a password typed as a name must not be kept
    Column("tries", Integer, nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False, index=True),
)


@dataclass(frozen=True, slots=True)
class Session:
    """One log-in that is still good: whose it is, and the word that must come with each change (`csrf`)."""

    account: str
    csrf: str
    token_hash: str
    idle_s: float


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A log-in that succeeded. `token` is for the cookie alone; only its digest is stored."""

    session: Session
    token: str


@dataclass(frozen=True, slots=True)
class NotLoggedIn:
    """A log-in that was refused: `wrong` (name or password, never which), `wait` (for `wait_s`), or `busy`."""

    why: str
    wait_s: int = 0


class _Tx(Protocol):
    connection: Connection
    now: datetime


class _Store(Protocol):
    def transaction(self) -> AbstractContextManager[_Tx]: ...

    def look(self) -> AbstractContextManager[_Tx]: ...


class Accounts:
    """The accounts of one database. Each method is one transaction; passwords are checked outside of any."""

    def __init__(self, store: _Store, hasher: PasswordHasher | None = None) -> None:
        """`store` is the ivr's; `hasher` may be a cheaper one where thousands of log-ins are tried out."""
        self._store = store
        self._hasher = hasher or PasswordHasher()
        self._checks = threading.BoundedSemaphore(CHECKS_AT_ONCE_MAX)

    @cached_property
    def _nobody(self) -> str:
        """What a password for an unknown name is checked against, so that it takes as long as for a known one."""
        return self._hasher.hash(secrets.token_urlsafe(16))

    def fault_of(self, name: str, password: str) -> str | None:
        """Say what is wrong with a new password for `name`, or None when it will do."""
        if not PASSWORD_LENGTH_MIN <= len(password) <= PASSWORD_LENGTH_MAX:
            return f"the password must have {PASSWORD_LENGTH_MIN} to {PASSWORD_LENGTH_MAX} characters (15 are better)"
        if password.casefold() in COMMON or len(set(password)) < PASSWORD_DIFFERENT_MIN:
            return "that password is among the first that anybody would try (a few words in a row are good)"
        if name.casefold() in password.casefold():
            return "the password must not contain the name"
        return None

    def set_password(self, name: str, password: str) -> None:
        """Make the account, or give it a new password; whoever is logged in with the old one is logged out."""
        password_hash = self._hasher.hash(password)
        with self._store.transaction() as tx:
            changed = tx.connection.execute(
                update(accounts).where(accounts.c.name == name).values(password_hash=password_hash, disabled=False)
            )
            if changed.rowcount == 0:
                row = {"name": name, "password_hash": password_hash, "disabled": False, "created_at": tx.now}
                tx.connection.execute(insert(accounts).values(row))
            _end_sessions(tx.connection, name)

    def disable(self, name: str) -> None:
        """Keep the account but let nobody in by it, from the next request on."""
        with self._store.transaction() as tx:
            tx.connection.execute(update(accounts).where(accounts.c.name == name).values(disabled=True))
            _end_sessions(tx.connection, name)

    def disabled(self) -> frozenset[str]:
        """The accounts by which nobody gets in."""
        with self._store.look() as tx:
            return frozenset(tx.connection.execute(select(accounts.c.name).where(accounts.c.disabled)).scalars())

    def log_in(self, name: str, password: str, address: str) -> LoggedIn | NotLoggedIn:
        """Check name and password and open a session; `address` is where the request came from, for the throttle."""
        by_account, by_address = _digest(f"account {name}"), _digest(f"address {address}")
        with self._store.look() as tx:
            wait_s = max(
                _account_wait_s(_failures(tx.connection, by_account), tx.now),
                _address_wait_s(_failures(tx.connection, by_address), tx.now),
            )
            found = tx.connection.execute(select(accounts).where(accounts.c.name == name[:NAME_LENGTH_MAX])).first()
        if wait_s > 0:
            return NotLoggedIn("wait", wait_s)
        good = found is not None and not found.disabled
        right = self._is_right(found.password_hash if good else self._nobody, password)
        if right is None:
            return NotLoggedIn("busy", CHECK_WAIT_MAX_S)
        with self._store.transaction() as tx:
            if not (good and right):
                _count_failure(tx.connection, by_account, TRIES_FORGOTTEN_AFTER_S, tx.now)
                _count_failure(tx.connection, by_address, ADDRESS_WINDOW_S, tx.now)
                return NotLoggedIn("wrong")
            tx.connection.execute(delete(login_failures).where(login_failures.c.about == by_account))
            return _open_session(tx.connection, name, tx.now)

    def session(self, token: str) -> Session | None:
        """Return the session that this cookie opens, while its account is good and it is not twelve hours old.

        Whether it has been idle too long is for the asker to judge (`idle_s`), since nobody is idle during a call.
        """
        return next(iter(self._sessions(sessions.c.token_hash == _digest(token))), None)

    def sessions(self, name: str) -> list[Session]:
        """Return every session of an account that `session` would return to its cookie."""
        return self._sessions(sessions.c.account == name)

    def seen(self, session: Session) -> None:
        """Note that the person was there; written at most once a minute."""
        if session.idle_s < SESSION_SEEN_EVERY_S:
            return
        with self._store.transaction() as tx:
            its = update(sessions).where(sessions.c.token_hash == session.token_hash)
            tx.connection.execute(its.values(seen_at=tx.now))

    def log_out(self, session: Session) -> None:
        """End this session: a copy of its cookie opens nothing any more."""
        with self._store.transaction() as tx:
            tx.connection.execute(delete(sessions).where(sessions.c.token_hash == session.token_hash))

    def _sessions(self, which: ColumnElement[bool]) -> list[Session]:
        open_ones = select(sessions).join(accounts, accounts.c.name == sessions.c.account)
        with self._store.look() as tx:
            young = sessions.c.opened_at >= tx.now - timedelta(seconds=SESSION_AGE_MAX_S)
            rows = tx.connection.execute(open_ones.where(which, young, accounts.c.disabled.is_(False))).all()
        return [Session(it.account, it.csrf, it.token_hash, (tx.now - it.seen_at).total_seconds()) for it in rows]

    def _is_right(self, password_hash: str, password: str) -> bool | None:
        """Check a password; None when too many checks are under way already."""
        if not self._checks.acquire(timeout=CHECK_WAIT_MAX_S):
            return None
        try:
            # Longer ones cannot be right, but they are checked all the same: as slow as any other.
            return self._hasher.verify(password_hash, password[: PASSWORD_LENGTH_MAX + 1])
        except (VerificationError, InvalidHashError):
            return False
        finally:
            self._checks.release()


def _open_session(connection: Connection, name: str, now: datetime) -> LoggedIn:
    too_old = now - timedelta(seconds=SESSION_AGE_MAX_S)
    connection.execute(delete(sessions).where(sessions.c.opened_at < too_old))
    token = secrets.token_urlsafe(32)
    session = Session(name, secrets.token_urlsafe(32), _digest(token), 0.0)
    connection.execute(
        insert(sessions).values(
            token_hash=session.token_hash, account=name, csrf=session.csrf, opened_at=now, seen_at=now
        )
    )
    return LoggedIn(session, token)


def _end_sessions(connection: Connection, name: str) -> None:
    connection.execute(delete(sessions).where(sessions.c.account == name))


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


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
