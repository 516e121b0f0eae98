"""Desks: what has changed for representatives - their forms, the kinds of contacts they take, the mail they answer."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.menu import tree as t
from ivr.view.hotline_facts import contact_facts, contact_kinds, form_facts, mailbox_facts
from ivr.view.plan.change import Change, Phrase, Subject
from ivr.view.plan.pairs import Pairs
from ivr.view.plan.settings import both, setting_changes
from ivr.view.plan.wording import quote, quote_any, wording_changes


def form_changes(old: t.Tree, new: t.Tree, pairs: Pairs, first: str) -> Iterator[Change]:
    """The changes of every form that representatives fill in."""
    for name, was, now in both(old.cases, new.cases):
        subject = Subject("form", name)
        if was is None or now is None:
            yield Change("+" if now else "-", subject, Phrase(f"plan.form.{'added' if now else 'removed'}"))
            continue
        yield from wording_changes(subject, was.label, now.label, "plan.name", first)
        before, after = ({it.name: it for it in form.fields} for form in (was, now))
        for _, had, has in both(before, after):
            field: t.Field = has or had
            label = quote(field.label, first) or quote_any(field.label)
            if had != has:
                verb, sign = ("changed", "~") if had and has else ("added", "+") if has else ("removed", "-")
                yield Change(sign, subject, Phrase(f"plan.field.{verb}", {"label": label}))
        if [name for name in before if name in after] != [name for name in after if name in before]:
            yield Change("~", subject, Phrase("plan.field.order"))
        yield from setting_changes(subject, form_facts(was, old), form_facts(now, new), pairs, "form", first)


def contact_changes(old: t.Tree, new: t.Tree, pairs: Pairs, first: str) -> Iterator[Change]:
    """The changes of every kind of contact, usual ones among them."""
    for name, was, now in both(contact_kinds(old), contact_kinds(new)):
        subject = Subject("contact", name)
        if was is None or now is None:
            yield Change("+" if now else "-", subject, Phrase(f"plan.contact.{'added' if now else 'removed'}"))
        else:
            yield from setting_changes(subject, contact_facts(was), contact_facts(now), pairs, "contact", first)


def mail_changes(old: t.Tree, new: t.Tree, pairs: Pairs, first: str) -> Iterator[Change]:
    """The changes of every e-mail address."""
    for address, was, now in both(old.mail, new.mail):
        subject = Subject("mailbox", address)
        if was is None or now is None:
            yield Change("+" if now else "-", subject, Phrase(f"plan.mailbox.{'added' if now else 'removed'}"))
        else:
            yield from setting_changes(subject, mailbox_facts(was), mailbox_facts(now), pairs, "mailbox", first)
