"""Whole days out of seeds, with people who err and things that fail: the rules hold at every step, on both floors."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.store import metadata
from tests.routing import invariants
from tests.routing.invariants_page import PAGE, RULES, SCHEMA, page
from tests.routing.simulation.plan import FAULTS
from tests.routing.simulation.ways import plan_of
from tests.routing.simulation.world import World

QUICK_SEEDS, QUICK_CONTACTS = range(32), 100
DEEP_SEEDS, DEEP_CONTACTS = range(1000, 2000), 1000
DEEP_SQL_SEEDS, DEEP_SQL_CONTACTS = range(3000, 3200), 100
CHUNK = 25
MUST_HIT = (
    *FAULTS, "gave up while waiting", "gave up while offered", "accepts an offer that is open",
    "accepts an offer that is accepted", "accepts an offer that is missed", "accepts an offer that is withdrawn",
    "accepts an offer that is caller_gone", "log out while available", "log out while offered", "log out while talking",
    "log out while wrap_up", "pause while available", "pause while offered", "pause while talking",
    "pause while wrap_up", "restart while talking", "clock jumps while somebody waits",
    "clock set back while somebody waits", "woken too early, since the clock was set back", "has the place back",
    "assign: Offered", "assign: Returned", "assign to somebody wrap_up", "assign to somebody paused", "moved",
    "move: Offered", "move: Returned", "head start changed", "close_queue: Overflowed", "resume_queue: Offered",
    "sent home", "force_log_out: Returned", "force_log_out: Offered", "listened to", "held", "resume: Resumed",
    "transfer_to_queue: Transferred", "transfer_to_agent: Transferred", "transfer_out: Transferred", "consult: Held",
    "consult: Refused", "join: Resumed", "conversation taken over", "leave_consult: Ended", "talk_ended: Closed",
    "leave_consult: Refused", "reached", "not_reached: Ended", "not_reached: Offered", "wrap-up extended", "disposed",
    "leg_lost: Returned", "handed on no more",
)  # fmt: skip


def days(seeds: range, contacts: int, on: str = "memory") -> tuple[int, Counter[str]]:
    """How many contacts came in these days, and what was met."""
    came, hit = 0, Counter()
    for seed in seeds:
        world = World(seed, contacts, on)
        world.run()
        came, hit = came + world.came, hit + world.hit
    return came, hit


def test_the_rules_hold_on_quick_days_that_meet_everything():
    _, hit = days(QUICK_SEEDS, QUICK_CONTACTS)
    assert {what for what in MUST_HIT if not hit[what]} == set()


def test_the_rules_hold_in_the_database():
    days(range(2), 8, "sql")


@pytest.mark.deep
@pytest.mark.parametrize("first", DEEP_SEEDS[::CHUNK])
def test_the_rules_hold_for_a_million_contacts(first):
    came, hit = days(range(first, first + CHUNK), DEEP_CONTACTS)
    assert came == CHUNK * DEEP_CONTACTS
    assert {what for what in MUST_HIT if hit[what] < 30} == set()


@pytest.mark.deep
@pytest.mark.parametrize("first", DEEP_SQL_SEEDS[::CHUNK])
def test_the_rules_hold_for_twenty_thousand_contacts_in_the_database(first):
    came, _ = days(range(first, first + CHUNK), DEEP_SQL_CONTACTS, "sql")
    assert came == CHUNK * DEEP_SQL_CONTACTS


@settings(max_examples=settings().max_examples // 5)
@given(
    seed=st.integers(0, 2**32),
    contacts=st.integers(1, 25),
    faults=st.sets(st.sampled_from(FAULTS)),
)
def test_hypothesis_finds_no_day_that_breaks_a_rule(seed, contacts, faults):
    World(seed, contacts, plan=plan_of(seed, only=",".join(sorted(faults)))).run()


# -- what must change nothing ----------------------------------------------------------------------------------------


def dump(world: World) -> list[dict]:
    """Everything at the end of a day."""
    ledger = world.ledger
    return [ledger.contacts, ledger.agents, ledger.offers, {str(n): event for n, event in enumerate(ledger.events)}]


def day(seed: int, on: str = "memory", contacts: int = 40, **always: bool) -> World:
    world = World(seed, contacts, on, plan_of(seed, "harmless"), **always)
    world.run()
    return world


@pytest.mark.parametrize("seed", range(3))
def test_telling_everything_twice_gives_the_same_day(seed):  # 42
    assert dump(day(seed, told_twice=True)) == dump(day(seed))


def same_after_restarts(seed: int) -> None:
    assert dump(day(seed, restart=True)) == dump(day(seed))


@pytest.mark.parametrize("seed", range(3))
def test_a_restart_after_every_step_gives_the_same_day(seed):  # 44
    same_after_restarts(seed)


@pytest.mark.parametrize("seed", range(2))
def test_memory_and_database_give_the_same_day(seed):  # 43
    assert dump(day(seed, "sql", contacts=8)) == dump(day(seed, contacts=8))


def test_every_rule_has_its_place():
    """All 46: those that are functions here, those that other tests hold, and those that nobody holds yet."""
    places = [*invariants.NUMBERS, *invariants.ELSEWHERE]
    assert sorted(places) == list(range(1, 47))
    root = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
    for number, test in invariants.ELSEWHERE.items():
        path, _, name = test.partition("::")
        with open(os.path.join(root, path), encoding="utf-8") as file:
            assert f"def {name}(" in file.read(), f"{number}: {test} is not there"


def test_the_page_of_invariants_tells_where_each_is_held():
    assert PAGE.read_text("utf-8") == page(), "run: python -m tests.routing.invariants_page"
    assert sorted(RULES) == list(range(1, 47))


def test_the_constraints_that_the_page_names_are_in_the_schema():
    names = {it.name for table in metadata.tables.values() for it in (*table.constraints, *table.indexes)}
    assert {name for each in SCHEMA.values() for name in each} <= names
