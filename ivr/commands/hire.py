"""Hire: an account at the desk for somebody who plays a representative on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ivr.accounts import Accounts
from ivr.menu.skills import skills_wanted
from ivr.menu.tree import Tree
from ivr.store import Store
from routing.agent import Agent

SKILL_LEVEL_MAX = 5


def hire(store: Store, trees: Iterable[Tree], name: str, skills: Mapping[str, int], password: str) -> None:
    """Make an account and an agent, or find them, and set the password; no skills: every skill the trees ask for."""
    with store.transaction() as tx:
        if tx.floor.agent(name) is None:
            tx.floor.add(Agent(name, name, f"client:{name}", skills=dict(skills) or every_skill(trees)))
    Accounts(store).set_password(name, password)


def every_skill(trees: Iterable[Tree]) -> dict[str, int]:
    """What some caller of these hotlines may need, languages among it, each at the highest level."""
    return dict.fromkeys(skills_wanted(trees), SKILL_LEVEL_MAX)
