"""Accounts: who may come in, in which role, by which password and, where it asks for one, which code."""

from __future__ import annotations

import secrets
import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Protocol

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Connection,
    Integer,
    Row,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)

from ivr import passwords, throttle, totp
from ivr.logins import (
    SESSION_AGE_MAX_S,
    SESSION_SEEN_EVERY_S,
    LoggedIn,
    Origin,
    Session,
    end_sessions,
    open_session,
    session_of,
    sessions,
    throttled_by,
)
from ivr.passwords import PASSWORD_LENGTH_MAX
from ivr.role import PERSONS, Role
from ivr.throttle import digest
from routing.store import Moment, metadata

NAME_LENGTH_MAX = 64
CHECKS_AT_ONCE_MAX = 2
"""Password checks cost a tenth of a second of one core by design; a storm of them must not starve the calls."""

CHECK_WAIT_MAX_S = 5

_roles = ", ".join(f"'{role.value}'" for role in PERSONS)
accounts = Table(
    "accounts",
    metadata,
    Column("name", String(NAME_LENGTH_MAX), primary_key=True),
    Column("password_hash", String(256), nullable=False),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("created_at", Moment, nullable=False),
    Column("role", String(16), nullable=False, default=Role.REPRESENTATIVE),
    Column("totp_secret", String(64)),
    Column("totp_step", Integer, nullable=False, default=0),  # the step whose code was used last: each opens once
    CheckConstraint(f"role IN ({_roles})", name="role_is_known"),
)


@dataclass(frozen=True, slots=True)
class NotLoggedIn:
    """A log-in that was refused: `wrong` (name or password, never which), `wait` (for `wait_s`), `busy`, or `code`.

    `code`: the password is right, and the code from the account's telephone must come with it.
    """

    why: str
    wait_s: int = 0


class _Tx(Protocol):
    connection: Connection
    now: datetime

    def audited(self, who: str, what: str, about: str = "", origin: str = "console", **fields: Any) -> None: ...


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
        return passwords.fault_of(name, password)

    def hashed(self, password: str) -> str:
        """What is kept of a password; takes a tenth of a second, so outside of any transaction."""
        return self._hasher.hash(password)

    def set_password(
        self, name: str, password: str, role: Role | None = None, by: str = "console", origin: str = "console"
    ) -> None:
        """Make the account, or give it a new password; whoever is logged in with the old one is logged out.

        `role`: what the account may do from now on; without it what it could, and a new one is a representative's.
        """
        password_hash = self.hashed(password)
        with self._store.transaction() as tx:
            keep_password(tx, name, password_hash, role, by, origin)

    def set_role(self, name: str, role: Role, by: str, origin: str = "console") -> bool:
        """Let an account do more or less, from its next request on; False when there is none of that name."""
        with self._store.transaction() as tx:
            return _keep_role(tx, name, role, by, origin)

    def disable(self, name: str, by: str = "console", origin: str = "console") -> None:
        """Keep the account but let nobody in by it, from the next request on."""
        with self._store.transaction() as tx:
            tx.connection.execute(update(accounts).where(accounts.c.name == name).values(disabled=True))
            end_sessions(tx.connection, name)
            tx.audited(by, "account disabled", name, origin)

    def disabled(self) -> frozenset[str]:
        """The accounts by which nobody gets in."""
        with self._store.look() as tx:
            return frozenset(tx.connection.execute(select(accounts.c.name).where(accounts.c.disabled)).scalars())

    def roles(self) -> dict[str, Role]:
        """Every account and what it may do, disabled ones too."""
        with self._store.look() as tx:
            return {it.name: Role(it.role) for it in tx.connection.execute(select(accounts).order_by(accounts.c.name))}

    def log_in(self, name: str, password: str, origin: str | Origin, code: str = "") -> LoggedIn | NotLoggedIn:
        """Check name, password and (where the account asks for one) code, and open a session.

        `origin` is where the request came from, for the throttle and the audit.
        """
        origin = Origin(origin) if isinstance(origin, str) else origin
        by_address = digest(f"address {origin.address}")
        with self._store.look() as tx:
            found = tx.connection.execute(select(accounts).where(accounts.c.name == name[:NAME_LENGTH_MAX])).first()
            by_account = throttled_by(tx.connection, name[:NAME_LENGTH_MAX], origin.device, tx.now)
            wait_s = throttle.wait_s(tx.connection, by_account, by_address, tx.now)
        if wait_s > 0:
            return NotLoggedIn("wait", wait_s)
        good = found is not None and not found.disabled
        right = self._is_right(found.password_hash if good else self._nobody, password)
        if right is None:
            return NotLoggedIn("busy", CHECK_WAIT_MAX_S)
        with self._store.transaction() as tx:
            if good and right and found.totp_secret and not code:
                return NotLoggedIn("code")
            if not (good and right and _code_is_right(tx, found, code)):
                throttle.count(tx.connection, by_account, by_address, tx.now)
                tx.audited(name if found else "somebody unknown", "log-in refused", origin=origin.address)
                return NotLoggedIn("wrong")
            throttle.forget(tx.connection, by_account)
            tx.audited(name, "logged in", origin=origin.address)
            return open_session(tx.connection, found, origin, tx.now)

    def session(self, token: str) -> Session | None:
        """Return the session that this cookie opens, while its account is good and it is not twelve hours old.

        Whether it has been idle too long is for the asker to judge (`idle_s`), since nobody is idle during a call.
        """
        return next(iter(self._sessions(sessions.c.token_hash == digest(token))), None)

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

    def end_session(self, name: str, id: str, by: str, origin: str) -> bool:
        """End a session of an account by its `id`; False when it has none of that id."""
        with self._store.transaction() as tx:
            its = (sessions.c.account == name, sessions.c.token_hash.startswith(id, autoescape=True))
            ended = len(id) == 16 and tx.connection.execute(delete(sessions).where(*its)).rowcount > 0
            if ended:
                tx.audited(by, "session ended", name, origin, session=id)
            return ended

    def start_totp(self) -> str:
        """A new secret for somebody's app, as it is typed; nothing is kept until a code of it has come back."""
        return totp.written(secrets.token_bytes(totp.SECRET_BYTES))

    def set_totp(self, name: str, written: str, code: str, origin: str) -> bool:
        """From now on ask for codes of this secret, if `code` is one: so nobody locks themselves out by a mistake."""
        with self._store.transaction() as tx:
            secret = totp.read(written)
            step = totp.matching_step(secret, code, tx.now, 0) if secret else None
            if step is None:
                return False
            its = update(accounts).where(accounts.c.name == name)
            tx.connection.execute(its.values(totp_secret=written, totp_step=step))
            tx.audited(name, "second factor set", name, origin)
            return True

    def drop_totp(self, name: str, by: str, origin: str) -> None:
        """Ask for no codes any more."""
        with self._store.transaction() as tx:
            tx.connection.execute(update(accounts).where(accounts.c.name == name).values(totp_secret=None))
            tx.audited(by, "second factor taken off", name, origin)

    def is_password(self, name: str, password: str) -> bool:
        """Whether it is the account's password: asked before what a stranger at an open page must not do."""
        with self._store.look() as tx:
            found = tx.connection.execute(select(accounts).where(accounts.c.name == name)).first()
        return bool(found and self._is_right(found.password_hash, password))

    def _sessions(self, which: ColumnElement[bool]) -> list[Session]:
        open_ones = select(sessions, accounts.c.role, accounts.c.totp_secret).join(accounts)
        with self._store.look() as tx:
            young = sessions.c.opened_at >= tx.now - timedelta(seconds=SESSION_AGE_MAX_S)
            wanted = open_ones.where(which, young, accounts.c.disabled.is_(False)).order_by(sessions.c.opened_at)
            rows = tx.connection.execute(wanted).all()
        return [session_of(it, tx.now) for it in rows]

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


def keep_password(tx: _Tx, name: str, password_hash: str, role: Role | None, by: str, origin: str) -> None:
    """Make an account or change its password, within a transaction; its sessions end."""
    its = update(accounts).where(accounts.c.name == name)
    if tx.connection.execute(its.values(password_hash=password_hash, disabled=False)).rowcount:
        tx.audited(by, "password set", name, origin)
        if role is not None:
            _keep_role(tx, name, role, by, origin)
    else:
        its_role = role or Role.REPRESENTATIVE
        row = {"name": name, "password_hash": password_hash, "disabled": False, "created_at": tx.now, "role": its_role}
        tx.connection.execute(insert(accounts).values(row))
        tx.audited(by, "account made", name, origin, role=str(its_role))
    end_sessions(tx.connection, name)


def has_administrator(connection: Connection) -> bool:
    """Whether anybody can come in as administrator."""
    able = (accounts.c.role == Role.ADMINISTRATOR, accounts.c.disabled.is_(False))
    return connection.execute(select(accounts.c.name).where(*able).limit(1)).first() is not None


def _keep_role(tx: _Tx, name: str, role: Role, by: str, origin: str) -> bool:
    before = tx.connection.execute(select(accounts.c.role).where(accounts.c.name == name)).scalar()
    if before is None:
        return False
    if before != role:
        tx.connection.execute(update(accounts).where(accounts.c.name == name).values(role=role))
        tx.audited(by, "role changed", name, origin, before=before, after=str(role))
    return True


def _code_is_right(tx: _Tx, account: Row[Any], code: str) -> bool:
    """Whether the code opens this account now; it is used up by that."""
    if not account.totp_secret:
        return True
    step = totp.matching_step(totp.read(account.totp_secret), code.replace(" ", ""), tx.now, account.totp_step)
    if step is None:
        return False
    unused = (accounts.c.name == account.name, accounts.c.totp_step < step)
    return tx.connection.execute(update(accounts).where(*unused).values(totp_step=step)).rowcount == 1
