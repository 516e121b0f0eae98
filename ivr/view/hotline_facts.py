"""Hotline facts: what is set for a hotline as a whole, its surveys, its kinds of cases and contacts, its mail."""

from __future__ import annotations

from ivr.menu import tree as t
from ivr.view.facts import (
    Choice,
    Counted,
    Duration,
    Facts,
    Language,
    Named,
    Number,
    Plain,
    Spoken,
    Target,
    Value,
    YesNo,
    needs_value,
)
from ivr.view.queue_facts import NOTHING, alarm_facts
from ivr.view.telling import title
from routing.kind import KINDS


def hotline_facts(tree: t.Tree) -> Facts:
    """The settings of the hotline as a whole."""
    keys = tree.conventions
    found: dict[str, Value | None] = {
        f"convention.{it}": Plain(getattr(keys, it) or NOTHING) for it in ("operator", "back", "repeat", "end")
    }
    found["fallback_number"] = Plain(tree.fallback_number) if tree.fallback_number else None
    found["transfer_numbers"] = Plain(", ".join(sorted(tree.transfer_numbers))) if tree.transfer_numbers else None
    found["currency"] = Plain(tree.currency) if tree.currency else None
    if tree.emergency and tree.emergency.words is not None and tree.emergency.goto:  # a draft may lack either
        found |= {"emergency.words": Spoken(tree.emergency.words), "emergency": Target(tree.emergency.goto)}
    return _known(found | dict(alarm_facts(tree.alarms)))


def survey_facts(survey: t.Survey, *, whole: bool = False) -> Facts:
    """How and when a survey is asked, and the message at its end; `whole`: also what is as usual."""
    message, later, beside = survey.message, survey.later, survey.mail_and_visits
    by_line = survey.by == "line" and survey.missed == beside == "nothing"
    found: dict[str, Value | None] = {
        "survey.by": Choice(f"survey.{survey.by}") if whole or survey.by != "line" else None,
        "survey.missed": Choice(f"survey.{survey.missed}") if whole or survey.missed != "nothing" else None,
        "survey.mail_and_visits": Choice(f"survey.{beside}") if whole or beside != "nothing" else None,
        "survey.message": Spoken(message.words) if message else None,
        "max_length_s": Duration(message.max_length_s) if message else None,
    }
    if whole or not by_line:
        found |= {
            "survey.after": Duration(60 * later.after_min),
            "survey.hours": Named(later.hours) if later.hours else None,
            "survey.tries": Number(later.tries),
        }
    return _known(found)


def form_facts(case: t.CaseKind, tree: t.Tree) -> Facts:
    """By when a case is to be settled."""
    if case.due is None:
        return {}
    amount, unit = case.due
    name = case.due_hours or next(iter(tree.hours), None)
    hours = Named(name) if name and unit.name.startswith("WORKING") else None
    return _known({"due": Counted(f"view.due.{unit.name.lower()}", amount), "due_hours": hours})


def mailbox_facts(mailbox: t.Mailbox) -> Facts:
    """Where the mail of one address waits, and what is answered at once."""
    return _known(
        {
            "queue": Named(mailbox.queue),
            "kind": Named(mailbox.kind),
            "needs": needs_value(mailbox.needs) if mailbox.needs else None,
            "mail.language": Language(mailbox.language) if mailbox.language else None,
            "mail.reply": Spoken(mailbox.reply) if mailbox.reply else None,
        }
    )


def contact_facts(contact: t.ContactKind) -> Facts:
    """How much of one kind a representative has in hand, what it interrupts, and its place among the others."""
    kind = contact.kind
    return _known(
        {
            "contact.name": Spoken(contact.name) if contact.name else None,
            "contact.live": YesNo(kind.live),
            "contact.capacity": Number(kind.capacity),
            "contact.interrupts": Plain(", ".join(sorted(map(title, kind.interrupts))) or NOTHING),
            "contact.head_start_s": Duration(kind.head_start_s),
        }
    )


def contact_kinds(tree: t.Tree) -> dict[str, t.ContactKind]:
    """Every kind of contact of a hotline, those included of which it says nothing."""
    return {name: t.ContactKind(kind) for name, kind in KINDS.items()} | dict(tree.contacts)


def _known(found: dict[str, Value | None]) -> Facts:
    return {name: value for name, value in found.items() if value is not None}
