"""Rule: one thing that callers may suffer from - its id, how bad it is, its limits, and the function that looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ivr.lint.fix import Fix
from ivr.menu.fault import Severity
from ivr.menu.place import NOWHERE, Place

if TYPE_CHECKING:
    from ivr.lint.subject import Subject

Profile = Literal["min", "basic", "caller", "accessible"]
PROFILES: tuple[Profile, ...] = ("min", "basic", "caller", "accessible")
"""Each holds the one before: errors, warnings too, advice too, stricter limits."""

GROUPS = "YSKPTLQHNVX"
"""First letters of the ids: file, tree, keys, wording, timing, languages, queues, hours, numbers, surveys, tests."""

RANK: Mapping[Severity, int] = {"error": 0, "warning": 1, "advice": 2}
Limits = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a finding is shown: from `place` up to `end_column`, which is the first one after it."""

    place: Place
    end_column: int


UNKNOWN = Spot(NOWHERE, 2)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a rule found. `variant` names one of several messages of the rule: `S106.crowded`."""

    spot: Spot
    values: Mapping[str, object] = field(default_factory=dict)
    variant: str = ""
    severity: Severity | None = None  # where it differs from the rule's
    fix: Fix | None = None


Look = Callable[["Subject", Limits], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `look` is None where `ivr check` already tells it while it reads.

    `limits`: name -> (usual, accessible). `drafts`: whether it may look at a tree whose names do not all exist.
    """

    id: str
    severity: Severity
    look: Look | None = None
    strict: Severity | None = None  # in the profile `accessible`
    limits: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    fixes: Literal["", "safe", "unsafe"] = ""
    drafts: bool = False

    def severity_in(self, profile: Profile) -> Severity:
        """How bad it is for a profile."""
        return self.strict if self.strict and profile == "accessible" else self.severity

    def limits_in(self, profile: Profile) -> Limits:
        """The limits of a profile by name."""
        return {name: both[profile == "accessible"] for name, both in self.limits.items()}


RULES: dict[str, Rule] = {}
"""Every rule by its id. Filled by importing ivr.lint.rules.*, which ivr.lint.run does."""


def rule(
    id: str,
    severity: Severity,
    *,
    strict: Severity | None = None,
    fixes: Literal["", "safe", "unsafe"] = "",
    drafts: bool = False,
    **limits: tuple[float, float],
) -> Callable[[Look], Look]:
    """Put a function on the list of rules."""

    def listed(look: Look) -> Look:
        assert id[0] in GROUPS
        assert id not in RULES
        RULES[id] = Rule(id, severity, look, strict, limits, fixes, drafts)
        return look

    return listed


def told_by_check(id: str, severity: Severity = "error", fixes: Literal["", "safe", "unsafe"] = "") -> None:
    """Put a rule on the list that `ivr check` tells while it reads."""
    assert id[0] in GROUPS
    assert id not in RULES
    RULES[id] = Rule(id, severity, None, fixes=fixes)


def in_profile(severity: Severity, profile: Profile) -> bool:
    """Whether something so bad is told in a profile."""
    return RANK[severity] <= min(PROFILES.index(profile), RANK["advice"])
