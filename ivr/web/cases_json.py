"""Cases as JSON: one whole, or as a line of a list, in the words of docs/api.md."""

from __future__ import annotations

from typing import Any

from ivr import case_form
from ivr.cases import CaseWork
from ivr.dialable import shown
from ivr.store import Tx
from ivr.web.picture import at
from routing.case import CASE, Case
from routing.money import plain

Json = dict[str, Any]


def line(work: CaseWork, case: Case, now: Any) -> Json:
    """What a list says of a case."""
    tree = work.tree(case.hotline)
    return {
        "number": case.number,
        "hotline": case.hotline,
        "kind": case.kind,
        "state": str(case.state),
        "owner": case.owner,
        "caller": shown(case.caller or ""),
        "created_at": at(case.created_at),
        "created_by": case.created_by,
        "changed_at": at(case.changed_at),
        "due_at": at(case.due_at),
        "overdue": case.is_overdue(now),
        "merged_into": case.merged_into,
        "version": case.version,
        "currency": tree.currency,
        "fields": dict(case.fields),
        **amounts(work, case),
    }


def amounts(work: CaseWork, case: Case) -> Json:
    """What a case's orders come to and how much its amounts differ, reckoned exactly: decimals as texts."""
    kind, places = work.kind(case), case_form.decimals_of(work.tree(case.hotline).currency)
    items, differences = [], []
    for field in kind.fields if kind else ():
        if field.kind == "items":
            lines = case_form.items(field.name, case.fields, places)
            total = case_form.total(lines)
            told = [
                {
                    "article": it.article,
                    "quantity": format(it.quantity, "f"),
                    "price": None if it.price is None else plain(it.price, places),
                    "amount": None if it.amount is None else plain(it.amount, places),
                }
                for it in lines
            ]
            items.append({"field": field.name, "lines": told, "total": None if total is None else plain(total, places)})
    for it in case_form.differences(kind, case.fields) if kind else ():
        differences.append({"field": it.field, "against": it.against, "amount": plain(it.amount, places)})
    return {"items": items, "differences": differences}


def whole(work: CaseWork, tx: Tx, case: Case) -> Json:
    """Everything of a case: every contact, the whole history, recordings, parts, and what can be done with it."""
    family = [case, *tx.cases.parts(case.number)]
    recordings = [message for it in family for message in tx.messages.of_case(it.number)]
    return {
        **line(work, case, tx.now),
        "contact": case.contact,
        "call": case.call,
        "contacts": [
            {
                "at": at(it.at),
                "who": it.who,
                "channel": str(it.channel),
                "contact": it.contact,
                "call": it.call,
                "note": it.note,
            }
            for it in tx.cases.links(case.number)
        ],
        "history": [
            {"at": at(it.at), "who": it.who, "what": it.what, "detail": dict(it.detail), "case": it.case}
            for it in case.history
        ],
        "parts": [it.number for it in family[1:]],
        "recordings": [{"id": it.id, "length_s": it.length_s, "state": str(it.state)} for it in recordings],
        "can": list(CASE.legal(case.state)),
    }
