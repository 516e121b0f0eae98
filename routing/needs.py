"""Needs: what a contact asks of whoever takes it, as an expression over skills and their levels.

`{"claims": 3, "de": 2}` is both; `{"any": [{"de": 2}, {"en": 4}]}` is one of them; `{"not": {"trainee": 1}}` is none of
that; they may stand side by side and within one another. An unknown skill is a missing one: at no level.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

ANY, NOT = "any", "not"
RESERVED = frozenset({ANY, NOT})
"""Words of the expression; no skill is called so."""

Needs = Mapping[str, Any]
"""skill -> least level (1-5); `any` -> a list of needs; `not` -> needs."""

Skills = Mapping[str, int]

DEPTH_MAX = 5
"""How deep needs may stand in one another."""


def able(skills: Skills, needs: Needs) -> bool:
    """Whether these skills meet the needs."""
    for name, wanted in needs.items():
        if name == ANY:
            if not any(able(skills, one) for one in wanted):
                return False
        elif name == NOT:
            if able(skills, wanted):
                return False
        elif skills.get(name, 0) < wanted:
            return False
    return True


def words(needs: Needs) -> str:
    """The needs as one text, the same for the same needs: `claims:3/de:2`, `(de:2|en:4)/!(trainee:1)`."""
    parts = [f"{skill}:{level}" for skill, level in sorted(needs.items()) if skill not in RESERVED]
    if ANY in needs:
        parts.append("(" + "|".join(sorted(words(one) for one in needs[ANY])) + ")")
    if NOT in needs:
        parts.append(f"!({words(needs[NOT])})")
    return "/".join(parts)


def skills_in(needs: Needs) -> Iterator[str]:
    """The skills that count for the needs, each once: those it asks for, not those it excludes."""
    seen: set[str] = set()
    for name, wanted in needs.items():
        inner = [skill for one in wanted for skill in skills_in(one)] if name == ANY else [name] if name != NOT else []
        for skill in inner:
            if skill not in seen:
                seen.add(skill)
                yield skill


def level_in(skills: Skills, needs: Needs) -> int:
    """How skilled somebody is in what is needed: the sum of their levels in it; of all levels if nothing is needed."""
    wanted = list(skills_in(needs))
    return sum(skills.get(skill, 0) for skill in wanted) if wanted else sum(skills.values())


def lack(skills: Skills, needs: Needs) -> str:
    """The first thing, by name, that is not met, for people: `de 2, has 1`; empty if all is."""
    for name in sorted(needs, key=lambda it: (it in RESERVED, it)):
        wanted = needs[name]
        if name == ANY:
            if not any(able(skills, one) for one in wanted):
                return " or ".join(_said(one) for one in wanted)
        elif name == NOT:
            if able(skills, wanted):
                return f"that nobody with {_said(wanted)} takes it"
        elif skills.get(name, 0) < wanted:
            return f"{name} {wanted}" + (f", has {skills[name]}" if skills.get(name) else "")
    return ""


def _said(needs: Needs) -> str:
    return " and ".join(f"{skill} {level}" for skill, level in sorted(needs.items()) if skill not in RESERVED) or (
        words(needs) or "anything"
    )


def in_language(needs: Needs, placeholder: str, language: str) -> dict[str, Any]:
    """The needs with `placeholder` replaced by a caller's language, wherever it stands."""
    found: dict[str, Any] = {}
    for name, wanted in needs.items():
        if name == ANY:
            found[name] = [in_language(one, placeholder, language) for one in wanted]
        elif name == NOT:
            found[name] = in_language(wanted, placeholder, language)
        else:
            found[language if name == placeholder else name] = wanted
    return found


def plain(needs: Needs) -> dict[str, Any]:
    """The needs as JSON has them."""
    return in_language(needs, "", "")
