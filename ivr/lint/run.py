"""Run: a hotline's files looked at by every rule of a profile, and put right where that can be done by itself."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from ivr.lint import mending
from ivr.lint.allowance import Seen, allowances, without_allowed
from ivr.lint.fix import Edit, Fix, repaired
from ivr.lint.rule import PROFILES, RANK, RULES, Finding, Profile, Rule, Spot, in_profile
from ivr.lint.subject import Known, Subject
from ivr.menu.fault import Fault, fault, in_order, say
from ivr.menu.hotline import Examined, examine
from ivr.menu.place import Place
from ivr.menu.told import texts as texts_told
from ivr.menu.tree import Tree
from ivr.menu.unswept import unswept

for _group in (
    "in_the_file", "on_the_way", "keys", "wording", "timing", "in_each_language", "waiting", "opening_hours",
    "numbers", "surveys", "call_scripts",
):  # fmt: skip
    importlib.import_module(f"ivr.lint.rules.{_group}")

FINDINGS_MAX = 500  # more at once help nobody
PASSES_MAX = 8  # one fix may uncover another
ALONE_MAX = 20  # so many fixes are tried one by one when all of them together make something worse
NO_REASON, IDLE = "Y090", "Y091"  # what allowances may have wrong
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

REPLACED = {"K216": "K209"}
"""What check warns of, lint calls an error in its own words."""

_KEY_TWICE = re.compile(r"[0-9*#]\Z")


@dataclass(frozen=True, slots=True)
class Linted:
    """What came of it: every finding in the files' order, what would put them right, and the tree if it can be used."""

    faults: tuple[Fault, ...]
    fixes: Mapping[Fault, Fix]
    tree: Tree | None
    texts: Mapping[str, str]

    @property
    def errors(self) -> int:
        """How many findings keep the hotline from being used, or break calls."""
        return sum(it.severity == "error" for it in self.faults)


def lint_hotline(
    files: Mapping[str, bytes | str],
    prefix: str = "",
    *,
    recordings: Collection[str] | None = None,
    known: Known | None = None,
    profile: Profile = "caller",
    only: Collection[str] = (),
) -> Linted:
    """Look at a hotline's files. `only`: ids or first letters of ids of the rules to be looked at; empty: all."""
    with unswept():
        return _lint(files, prefix, recordings, known or Known(), profile, only)


def _lint(
    files: Mapping[str, bytes | str],
    prefix: str,
    recordings: Collection[str] | None,
    known: Known,
    profile: Profile,
    only: Collection[str],
) -> Linted:
    examined = examine(files, prefix, recordings)
    fixes: dict[Fault, Fix] = {}
    told = [*_told_by_check(examined, fixes), *_byte_order_marks(files, prefix, examined.texts, fixes)]
    seen = [
        Seen(it.place, it.code, partial(_itself, it), it.severity == "error")
        for it in told
        if _wanted(it.code, only) and in_profile(it.severity, profile)
    ]
    if examined.draft is not None and examined.written is not None:
        subject = Subject(examined.draft, examined.written, examined.texts, known)
        seen += _looked_at(subject, examined.tree is not None, profile, only, fixes)
    looked = (
        {id for id in RULES if _wanted(id, only)} if examined.tree and RANK["advice"] <= PROFILES.index(profile) else ()
    )
    kept = without_allowed(seen, list(allowances(examined.texts)), examined.texts, looked)
    kept = [it for it in kept if it.code not in (NO_REASON, IDLE) or (_wanted(it.code, only) and profile != "min")]
    kept.sort(key=lambda it: (it.place.file, it.place.line, it.place.column, it.code))
    faults = in_order(it.tell() for it in kept[:FINDINGS_MAX])
    return Linted(faults, {it: fixes[it] for it in faults if it in fixes}, examined.tree, examined.texts)


def _itself(told: Fault) -> Fault:
    return told


def _wanted(code: str, only: Collection[str]) -> bool:
    return not only or any(code.startswith(it) for it in only)


def _told_by_check(examined: Examined, fixes: dict[Fault, Fix]) -> Iterator[Fault]:
    for told in examined.faults:
        each = told
        if told.code in REPLACED and examined.tree is not None:
            continue
        if told.said and told.said.key == "Y004.here" and _KEY_TWICE.match(told.said.values.get("name", "")):
            said = say("K201", **told.said.values)
            each = fault(told.place, told.end_column, said, say("K201.hint"), "error", told.line)
        if fix := mending.fix_of(each, examined.texts.get(each.place.file, "")):
            fixes[each] = fix
        yield each


def _byte_order_marks(
    files: Mapping[str, bytes | str], prefix: str, texts: Mapping[str, str], fixes: dict[Fault, Fix]
) -> Iterator[Fault]:
    for name, content in files.items():
        if isinstance(content, bytes) and content.startswith(BYTE_ORDER_MARK):
            file = prefix + name
            line = texts.get(file, "").partition("\n")[0].rstrip("\r")
            each = fault(Place(file, 1, 1), 2, say("Y009.mark"), say("Y009.mark.hint"), "warning", line)
            fixes[each] = Fix((Edit(file, 0, 0, ""),), safe=True)  # writing the file anew leaves it out
            yield each


def _looked_at(
    subject: Subject, whole: bool, profile: Profile, only: Collection[str], fixes: dict[Fault, Fix]
) -> Iterator[Seen]:
    def tell(rule: Rule, finding: Finding) -> Fault:
        told = _as_fault(subject, rule, finding, profile)
        if finding.fix:
            fixes[told] = finding.fix
        return told

    for rule in RULES.values():
        if rule.look is None or not (whole or rule.drafts) or not _wanted(rule.id, only):
            continue
        for finding in rule.look(subject, rule.limits_in(profile)):
            if in_profile(finding.severity or rule.severity_in(profile), profile):
                yield Seen(finding.spot.place, rule.id, partial(tell, rule, finding))


def _as_fault(subject: Subject, rule: Rule, finding: Finding, profile: Profile) -> Fault:
    key = f"{rule.id}.{finding.variant}" if finding.variant else rule.id
    hint = next((it for it in (f"{key}.hint", f"{rule.id}.hint") if it in texts_told("en")), None)
    spot: Spot = finding.spot
    line = subject.line(spot.place) if spot.place.file in subject.texts_of_files else ""
    return fault(
        spot.place, spot.end_column, say(key, **finding.values), say(hint, **finding.values) if hint else None,
        finding.severity or rule.severity_in(profile), line, rule.id,
    )  # fmt: skip


def first_message(id: str, language: str) -> str:
    """What a rule says, its values shown as `...`."""
    every = texts_told(language)
    text = next((it for key, it in every.items() if key.partition(".")[0] == id and not key.endswith(".hint")), "")
    return re.sub(r"\{\w+\}", "...", text)


def mend(
    files: Mapping[str, bytes | str],
    prefix: str = "",
    *,
    recordings: Collection[str] | None = None,
    known: Known | None = None,
    profile: Profile = "caller",
    only: Collection[str] = (),
    unsafe: bool = False,
) -> tuple[dict[str, str], int]:
    """The files whose text a fix has changed, by name, and how many findings were put right.

    A fix that would make anything worse is not used: the number of errors never grows.
    """
    now = dict(files)
    changed: dict[str, str] = {}
    count = 0

    def looked_at(some: Mapping[str, bytes | str]) -> Linted:
        return lint_hotline(some, prefix, recordings=recordings, known=known, profile=profile, only=only)

    linted = looked_at(now)
    for _ in range(PASSES_MAX):
        fixes = [fix for fix in linted.fixes.values() if fix.safe or unsafe]
        better = _best_of(linted, now, prefix, fixes, looked_at)
        if better is None:
            break
        texts, used, linted = better
        count += used
        changed.update(texts)
        now.update(texts)
    return changed, count


def _best_of(
    linted: Linted,
    now: Mapping[str, bytes | str],
    prefix: str,
    fixes: Sequence[Fix],
    looked_at: Callable[[Mapping[str, bytes | str]], Linted],
) -> tuple[dict[str, str], int, Linted] | None:
    """The changed files, how many fixes are in them, and what they are worth: all fixes at once, else one of them."""
    one_by_one = [[fix] for fix in fixes[:ALONE_MAX]] if len(fixes) > 1 else []
    for tried in [fixes, *one_by_one] if fixes else []:
        texts, used = repaired(linted.texts, tried)
        touched = {edit.file for fix in tried for edit in fix.edits}
        changed = {name: texts[prefix + name] for name in now if prefix + name in touched}
        after = looked_at({**now, **changed})
        if after.errors <= linted.errors and len(after.faults) < len(linted.faults):
            return changed, used, after
    return None
