"""Case rows: each case as one row, its form's fields in columns of their own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from ivr import case_form
from ivr.cases import CaseWork
from ivr.dialable import shown
from ivr.menu.tree import Tree
from ivr.store import Tx
from routing.case import Case, CaseState, Link, Wanted
from routing.store.case_search import PAGE_MAX

COLUMNS = {
    "number": "the case's number",
    "hotline": "the hotline that it belongs to",
    "kind": "the kind of case, by its name in the hotline's files",
    "state": "open, waiting_for_us, waiting_for_customer, settled, reopened or merged",
    "owner": "who sees to it",
    "caller": "who it is about: a telephone number, or what was written",
    "day": "the day on which it was logged, where the hotline is",
    "created_at": "when it was logged, UTC",
    "created_by": "who logged it; caller: somebody who left a message",
    "changed_at": "when it was changed last, UTC",
    "due_at": "when it is to be settled, UTC",
    "overdue": "yes when it lies with us and that is over",
    "settled_at": "when it was settled last, UTC; empty unless it is settled",
    "reopened": "how often it was opened again",
    "merged_into": "the case that it is a part of",
    "contacts": "how many contacts were about it",
    "calls": "the ids of the calls among them",
    "currency": "of its amounts",
    "total": "what the lines of an order come to; empty while one of them has no price",
    "difference": "price charged less price agreed, or whatever amounts the form sets against each other",
    "fields": "the form as JSON, exactly as it is kept",
}
"""Every column with its meaning, in the order in which they stand; after them one for each field, `field.NAME`."""


def columns(trees: Iterable[Tree]) -> list[str]:
    """The columns as the hotlines' forms are now."""
    names = {field.name: None for tree in trees for kind in tree.cases.values() for field in kind.fields}
    return [*COLUMNS, *(f"field.{name}" for name in names)]


def case_rows(
    tx: Tx, work: CaseWork, zone: ZoneInfo, since: datetime | None, until: datetime | None
) -> Iterator[dict[str, Any]]:
    """The cases that were logged from `since` on and before `until`, the latest first."""
    before: int | None = None
    while True:
        found = tx.cases.search(Wanted(since=since, until=until), tx.now, before=before, limit=PAGE_MAX)
        if not found:
            return
        links = tx.cases.links_of([case.number for case in found])
        yield from (_row(tx, work, case, links[case.number], zone) for case in found)
        before = int(found[-1].number)


def _row(tx: Tx, work: CaseWork, case: Case, links: list[Link], zone: ZoneInfo) -> dict[str, Any]:
    tree, kind = work.tree(case.hotline), work.kind(case)
    settled = [it.at for it in case.history if it.what == "settled" and it.case is None]
    its = [it for it in case.history if it.case is None]
    differences = case_form.differences(kind, case.fields) if kind else []
    return {
        "number": int(case.number),
        "hotline": case.hotline,
        "kind": case.kind,
        "state": str(case.state),
        "owner": case.owner,
        "caller": shown(case.caller or ""),
        "day": case.created_at.astimezone(zone).date().isoformat(),
        "created_at": utc(case.created_at),
        "created_by": case.created_by,
        "changed_at": utc(case.changed_at),
        "due_at": utc(case.due_at),
        "overdue": "yes" if case.is_overdue(tx.now) else "no",
        "settled_at": utc(settled[-1]) if settled and case.state is CaseState.SETTLED else None,
        "reopened": sum(it.what == "reopened" for it in its),
        "merged_into": int(case.merged_into) if case.merged_into else None,
        "contacts": len(links),
        "calls": " ".join(dict.fromkeys(it.call for it in links if it.call)),
        "currency": tree.currency,
        "total": _total(work, case),
        "difference": differences[0].amount if differences else None,
        "fields": json.dumps(dict(case.fields), ensure_ascii=False, separators=(",", ":")),
        **_fields(work, case),
    }


def _fields(work: CaseWork, case: Case) -> dict[str, Any]:
    """Each field in its column: amounts as numbers, an order's lines in one text."""
    kind, found = work.kind(case), {}
    for field in kind.fields if kind else ():
        value = case.fields.get(field.name)
        if field.kind == "items":
            lines = case_form.items(field.name, case.fields)
            value = "; ".join(f"{format(it.quantity, 'f')} x {it.article}" for it in lines) or None
        elif field.kind == "money" and value:
            value = case_form.number(value) or value
        found[f"field.{field.name}"] = value
    return found


def _total(work: CaseWork, case: Case) -> Decimal | None:
    kind, places = work.kind(case), case_form.decimals_of(work.tree(case.hotline).currency)
    fields = [field.name for field in kind.fields if field.kind == "items"] if kind else []
    totals = [case_form.total(case_form.items(name, case.fields, places)) for name in fields]
    return sum(totals, Decimal(0)) if totals and all(it is not None for it in totals) else None


def utc(at: datetime | None) -> str | None:
    """A moment as exports tell it: `2026-11-23T09:00:00Z`."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z") if at else None
