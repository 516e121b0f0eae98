"""Erlang: the formulas give the published values, and the distributor's days agree with the formulas."""

from __future__ import annotations

from datetime import UTC, datetime
from statistics import fmean, stdev

import pytest

from routing.contact import Contact, Outcome
from routing.queue import Queue
from routing.staffing.day import Day
from routing.staffing.erlang import ErlangA, ErlangC, erlang_b, erlang_c
from routing.staffing.people import FOREVER, Demand, Exponential, Shift

START = datetime(2026, 11, 23, tzinfo=UTC)
WITHIN_S = 20
BATCHES = 30
SETTINGS = {
    "one agent": ErlangC(12, 180, 1),
    "three agents": ErlangC(40, 180, 3),
    "ten agents": ErlangC(150, 180, 10),
    "ten busy agents": ErlangC(170, 180, 10),
    "fifty agents": ErlangC(850, 180, 50),
    "two impatient": ErlangA(36, 180, 2, 60),
    "five overrun": ErlangA(130, 180, 5, 120),
    "ten just enough": ErlangA(200, 180, 10, 180),
    "twenty": ErlangA(380, 180, 20, 240),
    "fifty, as published": ErlangA(48 * 60, 60, 50, 120),
}
QUICK = {"ten agents": 6000, "five overrun": 6000}
DEEP_CALLS = 60_000


@pytest.mark.parametrize(
    ("load", "agents", "share"),
    [(4.461, 10, 0.01), (84.06, 100, 0.01), (13.182, 20, 0.02), (1.361, 5, 0.01), (0.0101, 1, 0.01)],
)
def test_erlang_b_is_that_of_the_published_tables(load, agents, share):
    assert erlang_b(load, agents) == pytest.approx(share, rel=2e-3)


def test_erlang_c_is_that_of_the_published_example():
    # 100 calls in half an hour, 180 s each, 14 agents: 17.41 % wait, 88.8 % within 20 s, 7.8 s on average.
    example = ErlangC(200, 180, 14)
    assert example.load == pytest.approx(10)
    assert example.wait_probability == pytest.approx(0.1741, abs=5e-5)
    assert example.service_level(20) == pytest.approx(0.888, abs=5e-4)
    assert example.mean_wait_s == pytest.approx(7.8, abs=0.05)


def test_erlang_a_is_that_of_the_published_comparison():
    # Garnett, Mandelbaum, Reiman 2002: 50 agents, 48 calls a minute of 1 minute each, with and without 2 min patience.
    without, patient = ErlangC(48 * 60, 60, 50), ErlangA(48 * 60, 60, 50, 120)
    assert without.mean_wait_s == pytest.approx(20.8, abs=0.05)
    assert without.service_level(58.1) == pytest.approx(0.9, abs=5e-4)
    assert patient.abandonment == pytest.approx(0.031, abs=5e-4)
    assert patient.mean_wait_s == pytest.approx(3.7, abs=0.05)
    assert patient.mean_wait_s * 48 / 60 == pytest.approx(3, abs=0.05)


def test_patience_without_end_is_erlang_c():
    for_ever, ends = ErlangA(150, 180, 10, 1e9), ErlangC(150, 180, 10)
    for what in ("wait_probability", "mean_wait_s"):
        assert getattr(for_ever, what) == pytest.approx(getattr(ends, what), rel=1e-4)
    assert for_ever.service_level(20) == pytest.approx(ends.service_level(20), rel=1e-4)


def test_too_few_agents_let_everybody_wait_and_longer_and_longer():
    assert erlang_c(10, 9) == 1
    assert ErlangC(200, 180, 9).mean_wait_s == float("inf")
    assert ErlangC(200, 180, 9).service_level(20) == 0


def day_of(theory: ErlangC | ErlangA, calls: int, seed: int) -> list[Contact]:
    """What the distributor makes of such a day, all that can be waited for except patience left out."""
    queue = Queue("q", wrap_up_s=0, max_wait_s=10**7)
    patience = Exponential(theory.patience_s) if isinstance(theory, ErlangA) else FOREVER
    demand = Demand("q", ((0, theory.calls_per_h),), Exponential(theory.handling_s), patience)
    shifts = [Shift(f"a{number:03}") for number in range(theory.agents)]
    day = Day({"q": queue}, shifts, demand.callers(seed, calls / theory.calls_per_h * 3600), START)
    return list(day.run().contacts.values())


def waited_s(contact: Contact) -> float:
    return ((contact.talking_at or contact.ended_at) - contact.entered_at).total_seconds()


def measured(contacts: list[Contact]) -> dict[str, tuple[float, float]]:
    """Each figure and its standard error, by means of batches one after the other; the first warms up."""
    size = len(contacts) // (BATCHES + 1)
    batches = [contacts[n * size : (n + 1) * size] for n in range(1, BATCHES + 1)]
    figures = {
        "wait_probability": lambda c: waited_s(c) > 0,
        "mean_wait_s": waited_s,
        "service_level": lambda c: c.talking_at is not None and waited_s(c) <= WITHIN_S,
        "abandonment": lambda c: c.outcome is Outcome.ABANDONED,
    }
    found = {}
    for name, figure in figures.items():
        means = [fmean(map(figure, batch)) for batch in batches]
        found[name] = (fmean(means), stdev(means) / BATCHES**0.5)
    return found


def agrees(name: str, calls: int) -> None:
    theory = SETTINGS[name]
    for what, (mean, error) in measured(day_of(theory, calls, seed=1)).items():
        right = theory.service_level(WITHIN_S) if what == "service_level" else getattr(theory, what)
        off = abs(mean - right)
        assert off <= 3 * error, f"{name}: {what} is {mean:.4f}, {right:.4f} by formula, standard error {error:.4f}"


@pytest.mark.parametrize("name", QUICK)
def test_a_day_agrees_with_the_formula(name):
    agrees(name, QUICK[name])


@pytest.mark.deep
@pytest.mark.parametrize("name", SETTINGS)
def test_ten_long_days_agree_with_the_formulas(name):
    agrees(name, DEEP_CALLS)
