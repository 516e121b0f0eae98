"""Operator: who works at this machine's command line, as the system knows them, and what they did, in the audit."""

from __future__ import annotations

import os

from ivr.store import Store


def operator() -> str:
    """The name of the system's user: by its number, since names in the environment are anybody's choice."""
    try:
        import pwd  # there is none on Windows

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return os.environ.get("USERNAME") or "unknown"


def note(store: Store, what: str, about: str, **fields: object) -> None:
    """Write down for good what was done at the command line."""
    with store.transaction() as tx:
        tx.audited(operator(), what, about, **fields)
