"""Codes: once, and for a quarter of an hour, a word that lets somebody choose a password without having one.

The first administrator gets theirs on the console of the program, everybody else from a supervisor.
"""

from __future__ import annotations

import secrets
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import CheckConstraint, Column, Connection, String, Table, delete, insert, select

from ivr import throttle
from ivr.accounts import Accounts, has_administrator, keep_password
from ivr.role import PERSONS, Role
from ivr.throttle import digest
from routing.refusal import Refused
from routing.store import Moment, metadata

CODE_AGE_MAX_S = 15 * 60
LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Without those that are taken for one another: I, L, O, U, 0, 1."""

GROUPS, GROUP_LENGTH = 3, 4
WRONG = Refused("this code is not right, or no longer", field="code", hint="ask for a new one")

_roles = ", ".join(f"'{role.value}'" for role in PERSONS)
codes = Table(
    "codes",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("account", String(64)),  # None: the first administrator's, who chooses a name
    Column("role", String(16)),  # None: the role that the account has
    Column("made_by", String(128), nullable=False),
    Column("expires_at", Moment, nullable=False),
    CheckConstraint(f"role IN ({_roles})", name="role_is_known"),
    CheckConstraint("account IS NOT NULL OR role = 'administrator'", name="without_a_name_only_the_first"),
)


class _Tx(Protocol):
    connection: Connection
    now: datetime

    def audited(self, who: str, what: str, about: str = "", origin: str = "console", **fields: Any) -> None: ...


class _Store(Protocol):
    def transaction(self) -> AbstractContextManager[_Tx]: ...

    def look(self) -> AbstractContextManager[_Tx]: ...


class Codes:
    """The codes of one database."""

    def __init__(self, store: _Store, accounts: Accounts) -> None:
        self._store, self._accounts = store, accounts

    def for_first_administrator(self, speed: int = 1) -> str | None:
        """A new code for who has none to ask, while nobody is administrator; an earlier one is void. Else None.

        `speed` is how fast the clock runs by which it will be used: who types it lives in real time.
        """
        with self._store.transaction() as tx:
            if has_administrator(tx.connection):
                return None
            tx.connection.execute(delete(codes).where(codes.c.account.is_(None)))
            return _keep(tx, None, Role.ADMINISTRATOR, "console", speed)

    def for_account(self, name: str, by: str, origin: str = "console", role: Role | None = None) -> str:
        """A new code by which the account `name` gets a (new) password; an earlier one is void."""
        with self._store.transaction() as tx:
            tx.connection.execute(delete(codes).where(codes.c.account == name))
            tx.audited(by, "code made", name, origin)
            return _keep(tx, name, role, by)

    def redeem(self, code: str, name: str, password: str, address: str) -> Refused | None:
        """Give `name` this password if the code is right for it; a code is used up by that, and by nothing else."""
        if no := self._accounts.fault_of(name, password):
            return Refused(no, field="password")
        password_hash = self._accounts.hashed(password)
        by_account, by_address = digest(f"code for {name}"), digest(f"address {address}")
        with self._store.transaction() as tx:
            if wait_s := throttle.wait_s(tx.connection, by_account, by_address, tx.now):
                return Refused("too many tries", hint=f"try again in {wait_s} s")
            tx.connection.execute(delete(codes).where(codes.c.expires_at <= tx.now))
            found = tx.connection.execute(select(codes).where(codes.c.digest == digest(_plain(code)))).first()
            good = found is not None and found.account in (None, name)
            if not good or (found.account is None and has_administrator(tx.connection)):
                throttle.count(tx.connection, by_account, by_address, tx.now)
                tx.audited("somebody unknown", "code refused", origin=address)
                return WRONG
            tx.connection.execute(delete(codes).where(codes.c.digest == found.digest))
            keep_password(tx, name, password_hash, Role(found.role) if found.role else None, name, address)
        return None


def _keep(tx: _Tx, account: str | None, role: Role | None, by: str, speed: int = 1) -> str:
    letters = [secrets.choice(LETTERS) for _ in range(GROUPS * GROUP_LENGTH)]
    code = "-".join("".join(letters[start : start + GROUP_LENGTH]) for start in range(0, len(letters), GROUP_LENGTH))
    expires_at = tx.now + timedelta(seconds=CODE_AGE_MAX_S * speed)
    row = {"digest": digest(_plain(code)), "account": account, "role": role, "made_by": by, "expires_at": expires_at}
    tx.connection.execute(insert(codes).values(row))
    return code


def _plain(code: str) -> str:
    """The code as it is compared: however it was typed."""
    return "".join(code.split()).replace("-", "").upper()
