"""Deadlines in memory are, whatever is put in and taken out, what a plain list of them is."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from routing.deadlines import Deadlines
from tests.routing.centre import MORNING

MINUTES = st.none() | st.integers(0, 6)


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), MINUTES), max_size=300), st.integers(-1, 7), st.integers(1, 5))
def test_what_is_due_is_what_a_plain_list_says(puts, minutes, limit):
    deadlines, plain = Deadlines(), {}
    for key, at in puts:
        moment = None if at is None else MORNING + timedelta(minutes=at)
        deadlines.put(key, moment)
        plain[key] = moment
    now = MORNING + timedelta(minutes=minutes)
    wanted = sorted((at, key) for key, at in plain.items() if at is not None)
    assert deadlines.first == (wanted[0][0] if wanted else None)
    for _ in range(2):  # to ask changes nothing
        assert deadlines.due(now, limit) == [key for at, key in wanted if at <= now][:limit]
