"""Tallies: what the calls so far say about menus and surveys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from ivr.menu.tree import Tree

PRESSES_MIN = 50  # of one menu; fewer say nothing about the many
AGAIN_DAYS = 30

Path = Iterable[tuple[str, str]]
"""A call's way through the menus, as (menu, key pressed)."""


def pressed(paths: Iterable[Path]) -> dict[tuple[str, str], float]:
    """Which share (0 to 1) of the presses in a menu each of its keys had, for menus with enough of them."""
    presses = Counter((menu, key) for path in paths for menu, key in path)
    in_menu: Counter[str] = Counter()
    for (menu, _), count in presses.items():
        in_menu[menu] += count
    return {
        (menu, key): count / in_menu[menu] for (menu, key), count in presses.items() if in_menu[menu] >= PRESSES_MIN
    }


def asked_again(tree: Tree, asked: Iterable[tuple[str, datetime, Iterable[str]]]) -> dict[str, float]:
    """The share (0 to 1) of answered surveys whose caller had answered the same one within the 30 days before.

    `asked`: caller, moment and the names of the questions answered, oldest first. Withheld numbers do not count.
    """
    last: dict[tuple[str, str], datetime] = {}
    total: Counter[str] = Counter()
    again: Counter[str] = Counter()
    surveys: Mapping[str, frozenset[str]] = {
        name: frozenset(question.name for question in survey.questions) for name, survey in tree.surveys.items()
    }
    for caller, at, questions in asked:
        name = next((it for it, known in surveys.items() if known >= set(questions)), None)
        if name is None or not caller.startswith("+"):
            continue
        total[name] += 1
        before = last.get((name, caller))
        again[name] += before is not None and at - before <= timedelta(days=AGAIN_DAYS)
        last[name, caller] = at
    return {name: again[name] / count for name, count in total.items() if count >= PRESSES_MIN}
