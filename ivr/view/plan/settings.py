"""Settings: what has changed between the facts of two versions of a step, a queue or the hotline itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from ivr.view.facts import Facts, Spoken, Target, Value
from ivr.view.plan.change import Change, FactName, Phrase, Subject
from ivr.view.plan.pairs import Pairs
from ivr.view.plan.wording import wording_changes

Thing = TypeVar("Thing")


def both(old: Mapping[str, Thing], new: Mapping[str, Thing]) -> Iterator[tuple[str, Thing | None, Thing | None]]:
    """Every name with what stands under it before and now; None where nothing does."""
    for name in dict.fromkeys((*new, *old)):
        yield name, old.get(name), new.get(name)


def setting_changes(subject: Subject, old: Facts, new: Facts, pairs: Pairs, kind: str, first: str) -> Iterator[Change]:
    """The changes between facts. Where callers go next is said of the callers: `plan.who.NAME`, or `.NAME.KIND`."""
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        if before == after or (
            isinstance(before, Target) and isinstance(after, Target) and _same(pairs, before, after)
        ):
            continue
        if isinstance(before or after, Target):
            yield reach_change(subject, _who(name, kind), before, after)
        elif isinstance(before or after, Spoken):
            yield from _spoken(subject, name, before, after, first)
        else:
            yield _plain(subject, name, before, after)


def reach_change(subject: Subject, who: Phrase, before: Value | None, after: Value | None) -> Change:
    """Callers now reach another step, one at all, or none any more."""
    if before is None:
        return Change("+", subject, Phrase("plan.reach.added", {"who": who, "new": after}))
    if after is None:
        return Change("-", subject, Phrase("plan.reach.removed", {"who": who, "old": before}))
    return Change("~", subject, Phrase("plan.reach.changed", {"who": who, "new": after, "old": before}))


def _who(name: str, kind: str) -> Phrase:
    return Phrase(f"plan.who.{name}.{kind}" if name in ("then", "otherwise") else f"plan.who.{name}")


def _same(pairs: Pairs, before: Target, after: Target) -> bool:
    return pairs.same(before.name, after.name)


def _spoken(subject: Subject, name: str, before: Value | None, after: Value | None, first: str) -> Iterator[Change]:
    old = before.words if isinstance(before, Spoken) else None
    new = after.words if isinstance(after, Spoken) else None
    if name == "words":
        yield from wording_changes(subject, old, new, "plan.words", first)
    else:
        yield from wording_changes(subject, old, new, "plan.text", first, name=FactName(name))


def _plain(subject: Subject, name: str, before: Value | None, after: Value | None) -> Change:
    if before is None:
        return Change("+", subject, Phrase("plan.fact.added", {"name": FactName(name), "new": after}))
    if after is None:
        return Change("-", subject, Phrase("plan.fact.removed", {"name": FactName(name), "old": before}))
    values = {"name": FactName(name), "new": after, "old": before}
    return Change("~", subject, Phrase("plan.fact.changed", values))
