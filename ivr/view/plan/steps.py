"""Steps: what callers will notice at each step - other keys, other words, other ways on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ivr.menu import tree as t
from ivr.view.exits import kind
from ivr.view.facts import Named, Spoken, Target, facts
from ivr.view.outline import outline
from ivr.view.plan.change import Change, Languages, Phrase, Subject
from ivr.view.plan.pairs import Pairs, keys_to
from ivr.view.plan.settings import reach_change, setting_changes
from ivr.view.plan.wording import quote, quote_any, wording_changes


def step_changes(old: t.Tree, new: t.Tree, pairs: Pairs, first: str) -> Iterator[Change]:
    """The changes of every step, in the new version's order; what is gone comes last."""
    keys, old_names = keys_to(new), {after: before for before, after in pairs.both()}
    lost, found = (set(outline(tree, "en").unreached) for tree in (new, old))
    for name, node in new.nodes.items():
        subject = Subject("step", name, keys.get(name, ()))
        if name in pairs.added:
            yield _added(subject, node, first)
            continue
        before = old.nodes[old_names[name]]
        if before.name != name:
            yield Change("=", subject, Phrase("plan.step.renamed", {"old": before.name, "new": name}))
        if name in lost and before.name not in found:
            yield Change("-", subject, Phrase("plan.step.lost"))
        if name not in lost and before.name in found:
            yield Change("+", subject, Phrase("plan.step.found"))
        yield from _node_changes(subject, before, node, pairs, first)
    for name in pairs.removed:
        yield Change("-", Subject("step", name, keys_to(old).get(name, ())), Phrase("plan.step.removed"))


def _added(subject: Subject, node: t.Node, first: str) -> Change:
    said = facts(node).get("words")
    text = (quote(said.words, first) or quote_any(said.words)) if isinstance(said, Spoken) else ""
    if text:
        return Change("+", subject, Phrase("plan.step.added_saying", {"text": text}))
    return Change("+", subject, Phrase("plan.step.added", {"kind": Phrase(f"view.kind.{kind(node)}")}))


def _node_changes(subject: Subject, old: t.Node, new: t.Node, pairs: Pairs, first: str) -> Iterator[Change]:
    if type(old) is not type(new):
        kinds = {"old": Phrase(f"view.kind.{kind(old)}"), "new": Phrase(f"view.kind.{kind(new)}")}
        yield Change("~", subject, Phrase("plan.step.kind", kinds))
        return
    match old, new:
        case t.Menu(), t.Menu():
            yield from option_changes(subject, old.options, new.options, pairs, first, "key")
        case t.When(), t.When():
            yield from _rules(subject, old, new, pairs)
        case t.Split(), t.Split():
            yield from _shares(subject, old, new, pairs)
    yield from setting_changes(subject, facts(old), facts(new), pairs, kind(new), first)


def option_changes(
    subject: Subject, old: tuple[t.Option, ...], new: tuple[t.Option, ...], pairs: Pairs, first: str, who: str
) -> Iterator[Change]:
    """What has become of keys. An option that is found under another key has moved; it was not removed and added."""
    before, after = {it.key: it for it in old}, {it.key: it for it in new}
    moved = dict(_moved(before, after, pairs))
    arrived = {option.key for option in moved.values()}
    for key, option in moved.items():
        values = {"label": _label(option, first), "old": key, "new": option.key}
        yield Change("~", subject, Phrase("plan.key.moved", values))
    for key in dict.fromkeys((*after, *before)):
        was = before.get(key) if key not in moved else None
        now = after.get(key) if key not in arrived else None
        yield from _key_changes(subject, key, was, now, pairs, first, who)
    kept = [key for key in before if key in after]
    read = [key for key in after if key in before]
    if kept != read and not moved:
        order = {"old": ", ".join(before), "new": ", ".join(after)}
        yield Change("~", subject, Phrase("plan.key.order", order))


def _moved(
    before: Mapping[str, t.Option], after: Mapping[str, t.Option], pairs: Pairs
) -> Iterator[tuple[str, t.Option]]:
    """Old key -> option: what the key meant stands under another one now, where something else stood."""
    taken: set[str] = set()
    for key, was in before.items():
        if key in after and _means_the_same(was, after[key], pairs):
            continue
        for other, now in after.items():
            stays = other in before and _means_the_same(before[other], now, pairs)
            if other != key and other not in taken and not stays and _means_the_same(was, now, pairs):
                taken.add(other)
                yield key, now
                break


def _means_the_same(was: t.Option, now: t.Option, pairs: Pairs) -> bool:
    if was.language or now.language:
        return was.language == now.language
    return pairs.same(was.goto, now.goto) and dict(was.label) == dict(now.label)


def _key_changes(
    subject: Subject, key: str, was: t.Option | None, now: t.Option | None, pairs: Pairs, first: str, who: str
) -> Iterator[Change]:
    if was is None and now is None:
        return
    if was is None or now is None:
        yield _one_key(subject, key, was, now, first)
    elif was.language != now.language:
        yield _one_key(subject, key, was, None, first)
        yield _one_key(subject, key, None, now, first)
    else:
        if not pairs.same(was.goto, now.goto):
            caller = Phrase(f"plan.who.{who}", {"key": key})
            yield reach_change(subject, caller, _target(was), _target(now))
        yield from wording_changes(subject, was.label, now.label, "plan.label", first, key=key)
        yield from _spoken(subject, key, was, now)


def _one_key(subject: Subject, key: str, was: t.Option | None, now: t.Option | None, first: str) -> Change:
    """A key that means something now, or means nothing any more."""
    option: t.Option = now or was
    sign, verb = ("+", "added") if now else ("-", "removed")
    if option.language:
        values: dict[str, Any] = {"key": key, "language": Languages((option.language,))}
        return Change(sign, subject, Phrase(f"plan.key.language.{verb}", values))
    values = {"key": key, "label": _label(option, first), "target": _target(option)}
    return Change(sign, subject, Phrase(f"plan.key.{verb}", values))


def _spoken(subject: Subject, key: str, was: t.Option, now: t.Option) -> Iterator[Change]:
    codes = tuple(
        code for code in dict.fromkeys((*was.spoken, *now.spoken)) if was.spoken.get(code) != now.spoken.get(code)
    )
    for code in codes:
        said = {"old": ", ".join(was.spoken.get(code, ())) or "–", "new": ", ".join(now.spoken.get(code, ())) or "–"}
        yield Change("~", subject, Phrase("plan.spoken", {"key": key, "language": Languages((code,)), **said}))


def _target(option: t.Option) -> Target | None:
    return Target(option.goto) if option.goto else None


def _label(option: t.Option, first: str) -> Any:
    return Languages((option.language,)) if option.language else quote(option.label, first) or quote_any(option.label)


def _rules(subject: Subject, old: t.When, new: t.When, pairs: Pairs) -> Iterator[Change]:
    before = {rule.condition: rule.goto for rule in reversed(old.rules)}
    after = {rule.condition: rule.goto for rule in reversed(new.rules)}
    for condition in dict.fromkeys((*(rule.condition for rule in new.rules), *(rule.condition for rule in old.rules))):
        was, now = before.get(condition), after.get(condition)
        if was and now and pairs.same(was, now):
            continue
        who = Phrase("plan.who.rule", {"condition": condition})
        yield reach_change(subject, who, Target(was) if was else None, Target(now) if now else None)
    kept = [rule.condition for rule in old.rules if rule.condition in after]
    asked = [rule.condition for rule in new.rules if rule.condition in before]
    if kept != asked:
        yield Change("~", subject, Phrase("plan.rules.order"))


def _shares(subject: Subject, old: t.Split, new: t.Split, pairs: Pairs) -> Iterator[Change]:
    before = {pairs.new_name(name) or name: percent for name, percent in old.ways.items()}
    for name in dict.fromkeys((*new.ways, *before)):
        was, now = before.get(name, 0), new.ways.get(name, 0)
        if was != now:
            sign = "+" if not was else "-" if not now else "~"
            values = {"node": Named(name), "old": was, "new": now}
            yield Change(sign, subject, Phrase("plan.share", values))
