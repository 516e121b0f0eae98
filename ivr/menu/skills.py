"""Skills: what some caller of these hotlines may need of whoever answers, languages among it."""

from __future__ import annotations

from collections.abc import Iterable

from ivr.menu.tree import Tree
from routing.needs import skills_in


def skills_wanted(trees: Iterable[Tree]) -> tuple[str, ...]:
    """The names of all skills that the trees ask for, in order."""
    trees = tuple(trees)
    languages = {language for tree in trees for language in tree.languages}
    needed = {
        skill for tree in trees for node in tree.nodes.values() for skill in skills_in(getattr(node, "needs", {}))
    }
    needed |= {
        skill for tree in trees for it in tree.queues.values() for step in it.relax for skill in skills_in(step.needs)
    }
    return tuple(sorted(languages | {skill for skill in needed if "{" not in skill}))
