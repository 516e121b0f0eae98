"""Audit page: who did what, in the order in which it was written down, and whether a row was changed since."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from ivr.accounts import Session
from ivr.store import Store

ROWS_MAX = 100
SEQ_DIGITS_MAX = 18


class AuditPages:
    """One view."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def page(self, session: Session) -> Any:
        """GET /audit?who=..&what=..&below=..&checked=1"""
        who, what = (request.args.get(name, "")[:128].strip() for name in ("who", "what"))
        typed = request.args.get("below", "")[:SEQ_DIGITS_MAX]
        below = int(typed) if typed.isascii() and typed.isdecimal() else None
        with self._store.look() as tx:
            rows = tx.audit.latest(ROWS_MAX, below, who, what)
            number, digest = tx.audit.head()
            checked = "checked" in request.args
            fault = tx.audit.first_fault() if checked else None
        older = rows[-1].seq if len(rows) == ROWS_MAX else None
        return render_template(
            "supervisor/audit.html",
            rows=rows, who_asked=who, what_asked=what, older=older, number=number, digest=digest, checked=checked,
            row_fault=fault,
        )  # fmt: skip
