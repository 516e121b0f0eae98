"""Each bug that is planted is found: by the rules, by the reference model, or by a day that must come out the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.routing.compared import Compared
from tests.routing.planted import BUGS, Bug, plant
from tests.routing.simulation.ways import plan_of
from tests.routing.simulation.world import World
from tests.routing.test_simulation import same_after_restarts

QUICK = BUGS[::9]
SEEDS = range(40)
CONTACTS = 40


def finders() -> Iterator[Callable[[], None]]:
    """What looks for bugs, seed by seed; the reference model meets most of them soonest."""
    for seed in SEEDS:
        yield Compared(seed, CONTACTS).run
        yield World(seed, CONTACTS).run
        yield World(seed, 3 * CONTACTS, plan=plan_of(seed, "one-more")).run
        yield World(seed, CONTACTS, plan=plan_of(seed, "busy-hands")).run
        if seed < 2:
            yield lambda seed=seed: same_after_restarts(seed)


def found(bug: Bug) -> str | None:
    """What says that something is wrong, if anything does."""
    for find in finders():
        try:
            find()
        except Exception as wrong:
            return f"{type(wrong).__name__}: {wrong}"
    return None


@pytest.mark.parametrize("bug", QUICK, ids=str)
def test_a_planted_bug_is_found(bug, monkeypatch, tmp_path):
    plant(bug, monkeypatch, tmp_path)
    assert found(bug), bug.name


def test_every_bug_can_be_planted_still():
    assert [str(bug) for bug in BUGS if bug.source().count(bug.right) != 1] == []


@pytest.mark.deep
@pytest.mark.parametrize("bug", BUGS, ids=str)
def test_every_planted_bug_is_found(bug, monkeypatch, tmp_path):
    plant(bug, monkeypatch, tmp_path)
    assert found(bug), bug.name


def test_without_a_bug_nothing_is_found():
    for find, _ in zip(finders(), range(3), strict=False):
        find()
