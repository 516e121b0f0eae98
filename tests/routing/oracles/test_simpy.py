"""SimPy, told the same callers, lets each wait exactly as long as the distributor does: two queues, one floor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest

from routing.queue import Queue
from routing.staffing.day import Day
from routing.staffing.people import Caller, Demand, Exponential, LogNormal, Shift

START = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOURS_S = 6 * 3600
TO_THE_MS = 0.002


@pytest.fixture(scope="module")
def simpy() -> ModuleType:
    return pytest.importorskip("simpy", reason="simpy is not installed (pip install simpy)")


def callers(seed: int, *demands: Demand) -> list[Caller]:
    everybody = [caller for demand in demands for caller in demand.callers(seed, HOURS_S)]
    return sorted(everybody, key=lambda caller: caller.at_s)


def ours_s(queues: dict[str, Queue], shifts: list[Shift], people: list[Caller]) -> dict[str, float]:
    contacts = Day(queues, shifts, iter(people), START).run().contacts.values()
    return {c.id: ((c.talking_at or c.ended_at) - c.entered_at).total_seconds() for c in contacts}


def equal(ours: dict[str, float], theirs: dict[str, float]) -> None:
    assert ours.keys() == theirs.keys()
    different = {key: (ours[key], theirs[key]) for key in ours if abs(ours[key] - theirs[key]) > TO_THE_MS}
    assert not different, f"{len(different)} of {len(ours)} differ, the first: {next(iter(different.items()))}"
    assert sum(1 for wait_s in ours.values() if wait_s > 1) > len(ours) / 4, "too few had to wait for this to mean much"


def source(env: Any, people: list[Caller], serve: Any) -> Iterator[Any]:
    for caller in people:
        yield env.timeout(caller.at_s - env.now)
        env.process(serve(caller))


@pytest.mark.parametrize("seed", range(2))
def test_two_queues_with_a_head_start_and_impatient_callers(simpy, seed):
    queues = {"claims": Queue("claims", wrap_up_s=0, max_wait_s=10**6, head_start_s=60)}
    queues["orders"] = Queue("orders", wrap_up_s=0, max_wait_s=10**6)
    demands = [Demand(name, ((0, 110),), LogNormal(130), Exponential(240)) for name in queues]
    people = callers(seed, *demands)
    env, theirs = simpy.Environment(), {}
    agents = simpy.PriorityResource(env, 8)

    def serve(caller: Caller) -> Iterator[Any]:
        place = caller.at_s - queues[caller.queue].head_start_s
        with agents.request(priority=place) as turn:
            yield turn | env.timeout(caller.patience_s)
            theirs[caller.id] = env.now - caller.at_s
            if turn.triggered:
                yield env.timeout(caller.handling_s)

    env.process(source(env, people, serve))
    env.run()
    equal(ours_s(queues, [Shift(f"a{n}") for n in range(8)], people), theirs)


@pytest.mark.parametrize("seed", range(2))
def test_two_queues_and_three_kinds_of_agents(simpy, seed):
    queues = {name: Queue(name, wrap_up_s=0, max_wait_s=10**6) for name in ("claims", "orders")}
    demands = [Demand(name, ((0, 100),), LogNormal(120), needs={name: 1}) for name in queues]
    skills = [{"claims": 1}, {"orders": 1}, {"claims": 1, "orders": 1}]
    shifts = [Shift(f"a{n}", skills[n % 3]) for n in range(8)]
    people = callers(seed, *demands)
    env, theirs = simpy.Environment(), {}
    free = simpy.FilterStore(env)
    free.items = list(shifts)

    def serve(caller: Caller) -> Iterator[Any]:
        agent = yield free.get(lambda one: caller.queue in one.skills)
        theirs[caller.id] = env.now - caller.at_s
        yield env.timeout(caller.handling_s)
        yield free.put(agent)

    env.process(source(env, people, serve))
    env.run()
    equal(ours_s(queues, shifts, people), theirs)
