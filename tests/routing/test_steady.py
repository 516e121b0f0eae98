"""A clock that is set back: time goes on, and whoever comes later stays behind those who wait; on both floors alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.queue import Queue
from routing.steady import BEHIND_MAX, PACE, Steady

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
JUMPS_S = st.sampled_from([0, 0, 0, 1, 90, 3600, -1, -90, -3600, -86400])


class Wall:
    """A clock that somebody sets."""

    def __init__(self) -> None:
        self.elapsed_s, self.set_by_s = 0.0, 0.0
        self.steady = Steady(lambda: MORNING + timedelta(seconds=self.elapsed_s + self.set_by_s), self.elapsed)

    def elapsed(self) -> float:
        return self.elapsed_s

    def after(self, seconds: float, jump_s: float) -> datetime:
        self.elapsed_s += seconds
        self.set_by_s += jump_s
        return self.steady()


@given(st.lists(st.tuples(st.integers(0, 600), JUMPS_S), max_size=30))
def test_time_never_goes_back_never_stands_and_is_never_behind_the_wall(steps):
    wall = Wall()
    told = wall.steady()
    for seconds, jump_s in steps:
        now = wall.after(seconds, jump_s)
        assert now - told >= timedelta(seconds=PACE * seconds) - timedelta(microseconds=2)
        assert now >= MORNING + timedelta(seconds=wall.elapsed_s + wall.set_by_s)
        told = now


def test_after_a_while_it_tells_the_time_of_the_wall_again():
    wall = Wall()
    wall.steady()
    wall.after(10, -60)
    assert wall.after(700, 0) == MORNING + timedelta(seconds=710 - 60)


@pytest.mark.parametrize("jump_s", [-1, -90, -3600])
def test_who_comes_after_the_clock_was_set_back_stands_behind(open_centre, jump_s):
    centre, wall = open_centre(Queue("claims", max_wait_s=7200)), Wall()
    centre.come("anna")
    centre.now = wall.after(5, 0)
    centre.call("c0")
    for number in range(1, 6):
        centre.now = wall.after(3, jump_s if number == 3 else 0)
        centre.call(f"c{number}")
    assert [centre.position(f"c{number}") for number in range(1, 6)] == [2, 3, 4, 5, 6]


@given(st.integers(0, 7200), st.lists(st.integers(0, 600), min_size=1, max_size=10))
def test_a_new_beginning_goes_on_from_what_was_told_before_it(behind_s, steps):
    wall, latest = Wall(), MORNING + timedelta(seconds=behind_s)
    assert wall.steady.go_on_from(latest) == timedelta(seconds=behind_s)
    told = latest
    for seconds in steps:
        now = wall.after(seconds, 0)
        assert now - told >= timedelta(seconds=PACE * seconds) - timedelta(microseconds=2)
        assert now == max(now, MORNING + timedelta(seconds=wall.elapsed_s))
        told = now


@pytest.mark.parametrize("ahead", [-timedelta(days=1), timedelta(0), BEHIND_MAX + timedelta(seconds=1)])
def test_what_is_over_or_too_far_ahead_is_not_gone_on_from(ahead):
    wall = Wall()
    assert wall.steady.go_on_from(MORNING + ahead) == ahead
    assert wall.after(10, 0) == MORNING + timedelta(seconds=10)
