"""What must not matter, and what can only help: names, the day of the year, one agent more; and Little's law."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from routing.contact import Contact
from routing.queue import Queue
from routing.staffing.day import Day
from routing.staffing.people import Caller, Demand, Exponential, LogNormal, Shift

START = datetime(2026, 11, 23, 8, tzinfo=UTC)
QUEUES = {"claims": Queue("claims", wrap_up_s=10, max_wait_s=10**6), "orders": Queue("orders", head_start_s=45)}
SEEDS = range(6)


def callers(seed: int, *queues: str) -> list[Caller]:
    """Two hours of callers of these queues."""
    demands = [
        Demand(queue, ((0, 150), (1800, 260), (3600, 120)), LogNormal(100), Exponential(300), {"claims": 1})
        for queue in queues
    ]
    everybody = [caller for demand in demands for caller in demand.callers(seed, 7200)]
    return sorted(everybody, key=lambda caller: caller.at_s)


def shifts(many: int, rename: str = "") -> list[Shift]:
    return [Shift(f"{rename}a{n}", {"claims": 1 + n % 5}, answers_after_s=3) for n in range(many)]


def waits(contacts: Iterable[Contact]) -> list[timedelta]:
    return [(contact.talking_at or contact.ended_at) - contact.entered_at for contact in contacts]


@pytest.mark.parametrize("seed", SEEDS)
def test_one_agent_more_never_makes_anybody_wait_longer(seed):
    patient = [replace(caller, patience_s=float("inf")) for caller in callers(seed, "claims")]
    before, after = (Day(QUEUES, shifts(many), iter(patient), START).run() for many in (7, 8))
    longer = [
        (one, other)
        for one, other in zip(waits(before.contacts.values()), waits(after.contacts.values()), strict=True)
        if other > one
    ]
    assert longer == []


@pytest.mark.parametrize("seed", SEEDS)
def test_other_names_and_another_day_change_nothing(seed):
    def renamed(people: Iterable[Caller]) -> Iterator[Caller]:
        return (replace(caller, id=f"x{caller.id}") for caller in people)

    moved = timedelta(days=100, hours=3)
    here = Day(QUEUES, shifts(8), iter(callers(seed, *QUEUES)), START).run()
    there = Day(QUEUES, shifts(8, "z"), renamed(callers(seed, *QUEUES)), START + moved).run()
    ours = [(o.contact, o.agent, o.made_at, o.state, o.ended_at) for o in here.offers.values()]
    theirs = [
        (o.contact[1:], o.agent[1:], o.made_at - moved, o.state, o.ended_at - moved) for o in there.offers.values()
    ]
    assert ours == theirs
    assert waits(here.contacts.values()) == waits(there.contacts.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_the_waiting_of_all_is_the_length_of_the_line_over_time(seed):
    stood_us, length, at = 0, 0, START

    def watch(day: Day, _came: Caller | None) -> None:
        nonlocal stood_us, length, at
        stood_us += length * ((day.now - at) // timedelta(microseconds=1))
        length, at = sum(day.floor.waiting(queue)[0] for queue in QUEUES), day.now

    floor = Day(QUEUES, shifts(8), iter(callers(seed, *QUEUES)), START, watch).run()
    assert stood_us == sum(waits(floor.contacts.values()), timedelta()) // timedelta(microseconds=1) > 0
