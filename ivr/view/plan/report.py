"""Report: a plan as text, grouped by what it is about, and as JSON for other programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby

from ivr.view.plan.change import Change, sentence, subject_text
from ivr.view.plan.made import Plan, WayLength
from ivr.view.telling import count, language_name, listed, spoken, tell, title


def plan_text(plan: Plan, language: str) -> str:
    """The plan as people read it, with a closing count."""
    name = spoken(plan.new.name, language) or plan.new.hotline
    lines = [tell("plan.head", language, hotline=name, old=plan.old.version[:12], new=plan.new.version[:12]), ""]
    told = [change for change in plan.changes if change.sign != "!"]
    for subject, group in groupby(told, key=lambda change: change.subject):
        lines.append(subject_text(subject, language))
        lines += [f"  {change.sign} {sentence(change.told, language)}" for change in group]
        lines.append("")
    missing = [_note(change, language) for change in plan.changes if change.sign == "!"]
    lines += [*missing, ""] if missing else []
    lines += [*_ways(plan, language), closing(plan, language)]
    return "\n".join(lines)


def closing(plan: Plan, language: str) -> str:
    """The last line: how many changes there are of which sort."""
    counts = plan.counts()
    if plan.empty:
        return tell("plan.no_changes", language)
    sorts = [("+", "added"), ("~", "changed"), ("-", "removed")]
    parts = [count(f"plan.count.{name}", counts[sign], language) for sign, name in sorts if counts[sign]]
    total = sum(counts[sign] for sign, _ in sorts)
    return count("plan.count", total, language, parts=listed(parts, language))


def plan_json(plan: Plan, language: str) -> str:
    """The plan as JSON: the two versions, each change with sign, subject and sentence, the ways and the counts."""

    def way(length: WayLength | None) -> dict[str, object] | None:
        return {"seconds": length.seconds, "language": length.language, "step": length.step} if length else None

    counts = plan.counts()
    content = {
        "hotline": plan.new.hotline,
        "old": plan.old.version,
        "new": plan.new.version,
        "changes": [_as_json(change, language) for change in plan.changes],
        "longest_way_to_a_person": {"old": way(plan.before), "new": way(plan.after)},
        "counts": {"added": counts["+"], "changed": counts["~"], "removed": counts["-"], "missing": counts["!"]},
        "empty": plan.empty,
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _as_json(change: Change, language: str) -> dict[str, object]:
    subject = change.subject
    return {
        "sign": change.sign,
        "about": {"sort": subject.sort, "name": subject.name, "keys": list(subject.keys)},
        "rule": change.told.key,
        "text": sentence(change.told, language),
    }


def _note(change: Change, language: str) -> str:
    about = "" if change.subject.sort == "hotline" else f"{subject_text(change.subject, language)}: "
    return f"! {about}{sentence(change.told, language)}"


def _ways(plan: Plan, language: str) -> Iterator[str]:
    old, new = plan.before, plan.after
    if old is None and new is None:
        return
    if new is None:
        yield tell("plan.way.none", language)
    else:
        values = {"new": new.seconds, "step": title(new.step), "language": language_name(new.language, language)}
        if old is None or old.seconds == new.seconds:
            yield tell("plan.way.same", language, **values)
        else:
            yield tell("plan.way.changed", language, old=old.seconds, **values)
    yield ""
