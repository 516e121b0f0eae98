"""The small pure parts: estimate, survey, queue settings and what reasons say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.estimate import expected_wait_s
from routing.queue import Queue
from routing.reason import Candidate, Reason, Verdict
from routing.survey import scores

HANDLING = st.lists(st.floats(1, 3600), min_size=3, max_size=50)


def test_the_expected_wait_is_erlangs_mean():
    assert expected_wait_s(3, 2, [100, 120, 140]) == 180


@pytest.mark.parametrize(("agents", "handling_s"), [(0, [60, 60, 60]), (5, [60, 60]), (5, [])])
def test_without_a_basis_there_is_no_expected_wait(agents, handling_s):
    assert expected_wait_s(1, agents, handling_s) is None


def test_a_position_before_the_first_is_a_mistake():
    with pytest.raises(ValueError, match="positions count from 1"):
        expected_wait_s(0, 1, [60, 60, 60])


@given(position=st.integers(1, 500), agents=st.integers(1, 100), handling_s=HANDLING)
def test_the_expected_wait_grows_with_the_position_and_shrinks_with_agents(position, agents, handling_s):
    here = expected_wait_s(position, agents, handling_s)
    assert expected_wait_s(position + 1, agents, handling_s) > here > expected_wait_s(position, agents + 1, handling_s)


def test_a_survey_is_scored_question_by_question():
    scored = scores([{"settled": "1", "treated": "5"}, {"settled": "2"}, {"settled": "1", "treated": "4"}])
    assert (scored["settled"].answers, scored["settled"].counts) == (3, {"1": 2, "2": 1})
    assert scored["treated"].mean == 4.5
    assert scores([]) == {}


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        *[(setting, 0) for setting in ("ring_s", "max_wait_s", "misses_max", "offers_max", "service_level_s")],
        *[("wrap_up_s", -1), ("service_level_share", 0), ("service_level_share", 1.1)],
    ],
)
def test_a_queue_refuses_a_setting_that_cannot_be_meant(setting, value):
    with pytest.raises(ValueError, match=f"queue claims: {setting} is {value} "):
        Queue("claims", **{setting: value})


def test_a_reason_says_why_for_every_verdict():
    said = Reason("anna", candidates=(*[Candidate(f"a{n}", verdict) for n, verdict in enumerate(Verdict)],)).sentence
    assert said == (
        "to anna; a1 is free too, but not as long; a2 is free too, but ; a3 is rung at the same time; "
        "a4 is free too, but had the last offer of it; a5 lacks ; a6 does not serve this queue; a7 may take it; "
        "a8 may take it, since  is preferred; a9 has no room for it; a10 is asked nothing; "
        "a11 is not asked about it again; a12 has another offer; a13 is talking; a14 is in wrap-up; a15 is paused"
    )
