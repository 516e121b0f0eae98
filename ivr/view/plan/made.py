"""Made: the plan itself - every change between two versions, and how long callers need to reach a person."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from ivr.lint.lengths import Lengths
from ivr.menu import tree as t
from ivr.menu.ways import ways
from ivr.view.plan.calendar import hours_changes
from ivr.view.plan.change import Change
from ivr.view.plan.desks import contact_changes, form_changes, mail_changes
from ivr.view.plan.house import house_changes, list_changes, missing_words, queue_changes, survey_changes
from ivr.view.plan.pairs import Pairs
from ivr.view.plan.steps import step_changes

COUNTED = ("+", "~", "-")
"""Signs of changes that callers, representatives or supervisors will notice."""


@dataclass(frozen=True, slots=True)
class WayLength:
    """The longest of the shortest ways to each step where a person answers: how long, in which language, to where."""

    seconds: int
    language: str
    step: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be different. `before`, `after`: the longest way to a person; None where none is reached."""

    old: t.Tree
    new: t.Tree
    changes: tuple[Change, ...]
    before: WayLength | None
    after: WayLength | None

    @property
    def empty(self) -> bool:
        """Whether nobody will notice anything."""
        return not any(change.sign in COUNTED for change in self.changes)

    def counts(self) -> Counter[str]:
        """How many changes there are, by sign."""
        return Counter(change.sign for change in self.changes)


def plan(old: t.Tree, new: t.Tree, today: date, reader: str = "en") -> Plan:
    """What changes when `new` takes the place of `old`. Single days are compared from `today` on, a year ahead.

    `reader` is the language of who reads it: changed words are quoted in it where the hotline speaks it.
    Either tree may be a draft with faults: what leads nowhere or is not said yet is left out.
    """
    pairs, first = Pairs(old, new), reader if reader in new.languages else new.languages[0]
    changes = (
        *house_changes(old, new, pairs, first),
        *step_changes(old, new, pairs, first),
        *queue_changes(old, new, pairs, first),
        *hours_changes(old, new, today),
        *survey_changes(old, new, pairs, first),
        *form_changes(old, new, pairs, first),
        *contact_changes(old, new, pairs, first),
        *mail_changes(old, new, pairs, first),
        *list_changes(old, new),
        *missing_words(old, new),
    )
    return Plan(old, new, changes, longest_way(old), longest_way(new))


def longest_way(tree: t.Tree) -> WayLength | None:
    """How long callers listen, at most, until they are put through to a person, pressing keys as soon as they can."""
    lengths = Lengths(tree, {name: ways(tree, node) for name, node in tree.nodes.items()})
    people = [name for name, node in tree.nodes.items() if isinstance(node, t.QueueNode | t.Transfer)]
    found = []
    for language in tree.languages:
        reached = lengths.reached_s(language)
        found += [WayLength(round(reached[name]), language, name) for name in people if name in reached]
    return max(found, key=lambda it: it.seconds, default=None)
