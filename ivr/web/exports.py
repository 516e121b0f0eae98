"""Exports: cases, calls, e-mails and visits, and shifts, a row each, as files; who took which is written down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, request

from ivr import brought_rows, call_rows, case_rows, shift_rows
from ivr.accounts import Session
from ivr.cases import CaseWork
from ivr.export import ROWS_MAX, SEPARATORS, as_csv, as_json
from ivr.store import Tx
from ivr.switchboard import Switchboard
from ivr.web.cases_ask import moment
from ivr.web.exchange import error, refused
from ivr.web.frame import zone_of
from ivr.web.security import address
from routing.case import Wanted
from routing.refusal import Refused

WHAT = ("cases", "calls", "contacts", "shifts")
FORMATS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


class Exports:
    """One view."""

    def __init__(self, switchboard: Switchboard, work: CaseWork) -> None:
        self._switchboard, self._work = switchboard, work

    def file(self, session: Session, what: str, form: str) -> Any:
        """GET /api/v1/exports/WHAT.FORM?since=..&until=..&separator=;&bom=1"""
        if what not in WHAT or form not in FORMATS:
            return error(404, "there is no such export", hint=f"there are: {', '.join(WHAT)}, each .csv and .json")
        zone, separator = zone_of(self._switchboard.hotlines), request.args.get("separator", ",")
        if separator not in SEPARATORS:
            return refused(Refused("there is no such separator", "separator", "a comma or a semicolon"))
        times = [moment(request.args.get(name, ""), zone, end=name == "until") for name in ("since", "until")]
        for name, found in zip(("since", "until"), times, strict=True):
            if isinstance(found, Refused):
                return refused(Refused(found.why, name, found.hint))
        since, until = times
        with self._switchboard.store.transaction() as tx:
            wanted = Wanted(since=since, until=until)
            if what == "shifts":
                if shift_rows.too_long(since, until, tx.now):
                    return refused(Refused(f"more than {shift_rows.DAYS_MAX} days", "since", "ask for a shorter time"))
                rows = sum(1 for _ in shift_rows.shift_rows(tx, zone, since, until))
            elif what == "contacts":
                rows = brought_rows.count(tx, since, until)
            else:
                rows = tx.cases.count(wanted, tx.now) if what == "cases" else call_rows.count(tx, since, until)
            if rows > ROWS_MAX:
                return refused(Refused(f"more than {ROWS_MAX} rows", "since", "ask for a shorter time"))
            tx.audited(session.account, "exported", what, address(), rows=rows, form=form)

        bom = request.args.get("bom", "") in ("1", "yes", "true")

        def text() -> Iterator[str]:
            with self._switchboard.store.look() as tx:
                found = self._rows(tx, what, zone, since, until)
                if form == "json":
                    yield from as_json(found)
                else:
                    names = self._columns(what)
                    yield from as_csv(names, found, separator=separator, bom=bom)

        response = Response(text(), content_type=FORMATS[form])
        response.headers["Content-Disposition"] = f'attachment; filename="{what}.{form}"'
        return response

    def _columns(self, what: str) -> list[str]:
        if what == "calls":
            return list(call_rows.COLUMNS)
        if what == "shifts":
            return list(shift_rows.COLUMNS)
        if what == "contacts":
            return list(brought_rows.COLUMNS)
        return case_rows.columns(self._switchboard.hotlines.current())

    def _rows(self, tx: Tx, what: str, zone: Any, since: Any, until: Any) -> Iterator[dict[str, Any]]:
        if what == "calls":
            return call_rows.call_rows(tx, zone, since, until)
        if what == "shifts":
            return shift_rows.shift_rows(tx, zone, since, until)
        if what == "contacts":
            return brought_rows.brought_rows(tx, zone, since, until)
        return case_rows.case_rows(tx, self._work, zone, since, until)
