"""Counting: which fields of a case stay when its person is erased - choices, amounts and days, never words."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ivr.menu.tree import Field, Tree
from ivr.privacy.blanking import Counting


def counting(trees: Callable[[], Iterable[Tree]]) -> Counting:
    """What the hotlines' forms count; nothing of a hotline or a kind of case that is no more."""

    def fields(hotline: str | None, kind: str) -> frozenset[str]:
        known = [tree for tree in trees() if hotline in (None, tree.hotline)]
        kinds = [found for tree in known if (found := tree.cases.get(kind))]
        return frozenset(name for each in kinds for field in each.fields for name in _counted(field))

    return fields


def _counted(field: Field) -> Iterable[str]:
    if field.kind == "items":
        return (f"{field.name}.quantity", f"{field.name}.price")
    return (field.name,) if field.choices or field.kind in ("money", "date") else ()
