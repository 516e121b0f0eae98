"""Service level and figures: each formula on counts that can be checked by hand, and the same from rows and events."""

from __future__ import annotations

from datetime import timedelta

import pytest

from routing.contact import Contact, Outcome
from routing.figures import FIGURES, SHORT_S, Passage, figures, passages_of_events, passages_of_rows
from routing.queue import Queue
from routing.service_level import service_level
from routing.staffing.day import Day
from routing.staffing.people import Demand, Exponential, Shift
from tests.routing.centre import MORNING

QUEUES = {
    "claims": Queue("claims", ring_s=20, wrap_up_s=30, max_wait_s=180, misses_max=2, offers_max=4),
    "orders": Queue("orders", ring_s=10, wrap_up_s=0, max_wait_s=120, misses_max=3, offers_max=3),
}


def waited(wait_s: float, outcome: Outcome | None, talked_s: float = 60) -> Passage:
    after = MORNING + timedelta(seconds=wait_s)
    if outcome is Outcome.SERVED:
        return Passage("c", "claims", "call", MORNING, after, after + timedelta(seconds=talked_s), outcome, offers=1)
    return Passage("c", "claims", "call", MORNING, ended_at=after, outcome=outcome, offers=1, missed=1)


HERE = Passage("waits", "claims", "call", MORNING)
MIXED = [
    *[waited(s, Outcome.SERVED) for s in (0, 20, 21)],
    *[waited(s, Outcome.ABANDONED) for s in (5, 20, 60, 90)],
    *[waited(600, Outcome.OVERFLOWED), waited(30, Outcome.LEFT), HERE],
]


def test_the_service_level_counts_late_answers_and_late_abandonments_against_us():
    level = service_level(MIXED, within_s=20)
    assert (level.answered_within, level.answered_after) == (2, 1)
    assert (level.abandoned_within, level.abandoned_after, level.overflowed, level.left) == (2, 2, 1, 1)
    assert level.share == 2 / 5
    assert level.share_of_answered == 2 / 3
    assert level.share_of_all == 2 / 7


def test_a_conversation_that_still_goes_on_counts_as_answered():
    talking = Passage("c", "claims", "call", MORNING, MORNING + timedelta(seconds=3))
    assert service_level([talking], within_s=20).answered_within == 1


def test_no_contacts_give_no_service_level():
    assert service_level([], within_s=20).share is None
    assert service_level([waited(3, Outcome.ABANDONED)], within_s=20).share is None


def test_each_figure_is_what_its_formula_says():
    assert figures(MIXED) == {
        "entered": 10, "answered": 3, "abandoned": 4, "abandoned_short": 1, "overflowed": 1, "left": 1, "still_here": 1,
        "answered_share": 3 / 6, "abandonment": 3 / 6, "mean_wait_answered": 41 / 3, "mean_wait_abandoned": 170 / 3,
        "mean_wait": (41 + 175 + 600 + 30) / 9, "longest_wait": 600, "mean_talk": 60, "offers_each": 1,
        "missed_share": 6 / 9,
    }  # fmt: skip


def test_an_empty_day_has_counts_and_nothing_else():
    found = figures([])
    assert {name for name, value in found.items() if value == 0} == {
        *("entered", "answered", "abandoned", "abandoned_short", "overflowed", "left", "still_here")
    }
    assert {value for value in found.values() if value != 0} == {None}


def test_every_figure_says_what_it_is():
    assert len({figure.name for figure in FIGURES}) == len(FIGURES)
    assert all(figure.formula and figure.leaves_out and figure.unit for figure in FIGURES)
    assert SHORT_S == 5, "the definitions name it"


def test_a_contact_keeps_the_conversation_that_lasted_and_not_the_one_that_was_lost_at_once():
    contact = Contact("c1", "claims", entered_at=MORNING, talking_at=None)
    assert passages_of_rows([contact], [])[0].answered_at is None


@pytest.mark.parametrize("seed", range(3))
def test_figures_of_the_rows_are_those_of_the_events(seed):
    demand = Demand("claims", ((0, 300),), Exponential(120), Exponential(60), {"claims": 1})
    shifts = [Shift(f"a{n}", {"claims": 1 + n}, to_s=3000 + 30 * n, answers_after_s=4 + 6 * n) for n in range(4)]
    day = Day(QUEUES, shifts, demand.callers(seed, 3600), MORNING)
    floor = day.run()
    rows = passages_of_rows(floor.contacts.values(), floor.offers.values())
    assert rows == passages_of_events(floor.events)
    found = figures(rows)
    assert found["entered"] == sum(found[way] for way in ("answered", "abandoned", "overflowed", "left", "still_here"))
    assert min(found["answered"], found["abandoned"], found["overflowed"], found["missed_share"]) > 0
