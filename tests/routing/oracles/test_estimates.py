"""Expected waits: silent without a basis, right where theory knows, and as sure as they say on simulated days."""

from __future__ import annotations

from math import inf, log
from pathlib import Path
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import estimates
from routing.estimate import BASIS_MIN, EXACT_MAX, estimate, patience_s
from routing.staffing.people import drawn

HANDLING = st.lists(st.floats(1, 3600), min_size=BASIS_MIN, max_size=50)
PATIENCE = st.one_of(st.just(inf), st.floats(1, 1e5))


@pytest.mark.parametrize(("agents", "handling_s"), [(0, [60] * 3), (5, [60] * (BASIS_MIN - 1)), (5, [])])
def test_nothing_is_said_without_a_basis(agents, handling_s):
    assert estimate(1, agents, handling_s) is None


@given(position=st.integers(1, 2000), agents=st.integers(1, 100), handling_s=HANDLING, patience=PATIENCE)
def test_the_interval_is_around_what_is_expected_and_grows_with_the_position(position, agents, handling_s, patience):
    here = estimate(position, agents, handling_s, patience)
    assert 0 <= here.low_s < here.high_s
    assert here.low_s <= here.expected_s
    behind = estimate(position + 1, agents, handling_s, patience)
    assert behind.expected_s > here.expected_s
    assert estimate(position, agents + 1, handling_s, patience).expected_s < here.expected_s
    assert estimate(position, agents, handling_s).expected_s >= here.expected_s, "who gives up thins the line"


def test_who_waits_without_end_waits_as_erlang_says():
    # Behind k others, n busy agents, exponential times: Erlang(k, n mu), known quantiles (chi-square, 2 k degrees).
    handling_s = [-60 * log(drawn(1, n)) for n in range(4000)]
    mean_s = fmean(handling_s)
    found = estimate(10, 5, handling_s)
    assert found.expected_s == pytest.approx(10 * mean_s / 5)
    low_s, high_s = (mean_s / 5 * chi / 2 for chi in (12.443, 28.412))
    assert found.low_s == pytest.approx(low_s, rel=0.03)
    assert found.high_s == pytest.approx(high_s, rel=0.03)


def test_long_lines_are_integrated_to_the_same_result():
    exact = sum(1 / (5 / 60 + ahead / 300) for ahead in range(1000))
    assert estimate(1000, 5, [60] * 3, 300).expected_s == pytest.approx(exact, rel=1e-3)
    assert EXACT_MAX < 1000


def test_patience_is_the_waiting_of_all_for_each_who_gave_up():
    assert patience_s([(30, False), (50, True), (40, True)]) == 60
    assert patience_s([(30, False)]) == inf
    assert patience_s([]) == inf


def test_on_a_short_day_most_waits_end_in_their_intervals():
    found = estimates.guesses("steady", 400)
    assert 0.6 < estimates.holds(found) < 0.95


@pytest.mark.deep
@pytest.mark.parametrize("regime", estimates.REGIMES)
def test_the_intervals_hold_as_often_as_they_say_and_no_other_formula_is_nearer(regime):
    found = estimates.guesses(regime, estimates.CALLS // 3 + 1)
    assert 0.75 <= estimates.holds(found) <= 0.85
    errors_s = {name: estimates.mean_error_s(found, name) for name in ("Dialtree", *estimates.FORMULAS)}
    assert min(errors_s, key=errors_s.get) == "Dialtree", errors_s


@pytest.mark.deep
def test_the_page_is_what_the_command_makes():
    page = Path(estimates.__file__).parents[1] / "docs" / "estimates.md"
    assert page.read_text("utf-8") == estimates.page()
