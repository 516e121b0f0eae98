"""Cases in people's words: what kinds, fields, choices, states and lines of a history are called on a page."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency, format_decimal

from ivr import case_form
from ivr.cases import CaseWork
from ivr.menu.tree import CaseKind
from ivr.web.texts import Texts
from routing.case import CALLER, Case, CaseState, Entry

SIGNS = {
    CaseState.OPEN: "warn",
    CaseState.REOPENED: "warn",
    CaseState.WAITING_FOR_US: "warn",
    CaseState.WAITING_FOR_CUSTOMER: "none",
    CaseState.SETTLED: "good",
    CaseState.MERGED: "none",
}


class CaseWords:
    """Says everything about cases in one language."""

    def __init__(self, work: CaseWork, t: Texts) -> None:
        self._work, self._t = work, t

    def kind(self, case: Case) -> str:
        """`claim` is "Claim"."""
        its = self._work.kind(case)
        return self._t.of(its.label) if its else case.kind

    def sign(self, case: Case, now: Any) -> str:
        """How the state looks: good, warn, bad (overdue) or none."""
        return "bad" if case.is_overdue(now) else SIGNS[case.state]

    def state(self, state: str) -> str:
        """A state."""
        t = self._t
        return t(f"cases.state.{state}")

    def who(self, name: str | None) -> str:
        """A person; callers and nobody in words."""
        return self._t("cases.nobody") if not name else self._t("cases.the_caller") if name == CALLER else name

    def money(self, value: Decimal | None, currency: str | None) -> str:
        """An amount as this language writes it."""
        if value is None:
            return "–"
        if currency:
            return format_currency(value, currency, locale=self._t.locale)
        return format_decimal(value, format="#,##0.00", locale=self._t.locale)

    def quantity(self, value: Decimal) -> str:
        """How many, as this language writes it."""
        return format_decimal(value, locale=self._t.locale)

    def facts(self, case: Case) -> list[tuple[str, str]]:
        """What the form says, in its order; then what an older form said. Orders' lines are told apart."""
        kind, currency = self._work.kind(case), self._work.tree(case.hotline).currency
        found = []
        for field in kind.fields if kind else ():
            value = case.fields.get(field.name, "")
            if value and field.kind == "money" and (number := case_form.number(value)) is not None:
                value = self.money(number, currency)
            if value:
                found.append((self._t.of(field.label), self.value(kind, field.name, value)))
        known = set(case_form.names_of(kind)) if kind else set()
        return found + [(self.field(kind, name), value) for name, value in case.fields.items() if name not in known]

    def orders(self, case: Case) -> list[tuple[str, list[case_form.Item], Decimal | None]]:
        """Each order in the form: what it is called, its lines, and what it comes to."""
        kind, places = self._work.kind(case), case_form.decimals_of(self._work.tree(case.hotline).currency)
        found = []
        for field in kind.fields if kind else ():
            if field.kind == "items" and (lines := case_form.items(field.name, case.fields, places)):
                found.append((self._t.of(field.label), lines, case_form.total(lines)))
        return found

    def differences(self, case: Case) -> list[tuple[str, str, Decimal]]:
        """Each amount that is set against another: both labels, and the difference."""
        kind = self._work.kind(case)
        its = case_form.differences(kind, case.fields) if kind else []
        return [(self.field(kind, it.field), self.field(kind, it.against), it.amount) for it in its]

    def field(self, kind: CaseKind | None, name: str) -> str:
        """What a field is called; a part of an order's line by the order, its number and the part."""
        t = self._t
        first, _, rest = name.partition(".")
        for field in kind.fields if kind else ():
            if field.name == first:
                number, _, part = rest.partition(".")
                label = self._t.of(field.label)
                return f"{label} {number}, {t(f'cases.item.{part}')}" if part else label
        return name.replace("_", " ")

    def told(self, case: Case, entry: Entry) -> str:
        """A line of the history in a sentence."""
        t, what = self._t, entry.what.replace(" ", "_")
        if f"cases.did.{what}" not in t.entries:
            return entry.what  # what an older program wrote
        return t(f"cases.did.{what}", **self._values(entry))

    def changes(self, case: Case, entry: Entry) -> list[tuple[str, str, str]]:
        """Of an amendment: each field with what it said before and says now."""
        fields = entry.detail.get("fields")
        kind = self._work.kind(case)
        if not isinstance(fields, Mapping):
            return []
        return [
            (self.field(kind, name), *(self.value(kind, name, said) for said in both)) for name, both in fields.items()
        ]

    def value(self, kind: CaseKind | None, name: str, said: str) -> str:
        """What was chosen, in words; what was written, as it is."""
        choices = next((it.choices for it in kind.fields if it.name == name), {}) if kind else {}
        return self._t.of(choices[said]) if said in choices else said

    def _values(self, entry: Entry) -> dict[str, str]:
        t, detail = self._t, entry.detail
        channel = detail.get("channel")
        return {
            "to": self.who(detail.get("to")) if entry.what == "given" else str(detail.get("to") or ""),
            "of": str(detail.get("case") or detail.get("into") or ""),
            "channel": t(f"cases.channel.{channel}") if channel else "",
        }
