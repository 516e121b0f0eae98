"""Hire: an account at the desk for somebody who plays a representative on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ivr.accounts import Accounts
from ivr.menu.tree import Tree
from ivr.store import Store
from routing.agent import Agent
from routing.needs import skills_in

SKILL_LEVEL_MAX = 5


def hire(store: Store, trees: Iterable[Tree], name: str, skills: Mapping[str, int], password: str) -> None:
    """Make an account and an agent, or find them, and set the password; no skills: every skill the trees ask for."""
    with store.transaction() as tx:
        if tx.floor.agent(name) is None:
            tx.floor.add(Agent(name, name, f"client:{name}", skills=dict(skills) or every_skill(trees)))
    Accounts(store).set_password(name, password)


def every_skill(trees: Iterable[Tree]) -> dict[str, int]:
    """What some caller of these hotlines may need, languages among it, each at the highest level."""
    trees = tuple(trees)
    languages = {language for tree in trees for language in tree.languages}
    needed = {
        skill for tree in trees for node in tree.nodes.values() for skill in skills_in(getattr(node, "needs", {}))
    }
    needed |= {
        skill for tree in trees for it in tree.queues.values() for step in it.relax for skill in skills_in(step.needs)
    }
    return dict.fromkeys(sorted(languages | {skill for skill in needed if "{" not in skill}), SKILL_LEVEL_MAX)
