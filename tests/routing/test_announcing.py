"""What those who wait are told, and what they are spared."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.announcing import Announcement, Announcing, Outlook, Place, Rose, Told, announce
from tests.routing.centre import MORNING

LATER = MORNING + timedelta(seconds=60)
BEFORE = Outlook(4, 200.0, 3)


def heard(rule: Announcing, told: Told, now: Outlook, texts: int = 0) -> Announcement:
    found = announce(rule, told, BEFORE, now, LATER, texts)
    assert found is not None
    return found[0]


def test_the_first_thing_told_is_place_and_wait_rounded_up():
    assert heard(Announcing(), Told(), Outlook(3, 61.0, 2)) == Announcement(position=3, wait_s=120)


def test_nothing_is_told_again_before_its_time():
    told = Told(MORNING, 3, 120)
    assert announce(Announcing(every_s=61), told, BEFORE, Outlook(2, 60.0, 2), LATER) is None


@pytest.mark.parametrize(
    ("place", "position", "expected"),
    [
        (Place.YES, 50, (50, None)),
        (Place.NO, 5, (None, None)),
        (Place.LIMIT, 10, (10, None)),
        (Place.LIMIT, 11, (None, None)),
        (Place.MORE, 10, (10, None)),
        (Place.MORE, 11, (None, 10)),
    ],
)
def test_a_place_is_told_as_its_owner_wants(place, position, expected):
    said = heard(Announcing(place=place), Told(), Outlook(position, None, 2))
    assert (said.position, said.more_than) == expected


def test_without_a_basis_no_wait_is_told():
    assert heard(Announcing(), Told(), Outlook(3, None, 2)).wait_s is None


def test_what_is_no_better_is_not_told_again():
    rule = Announcing(only_better=True)
    assert heard(rule, Told(MORNING, 3, 120), Outlook(3, 120.0, 3)) == Announcement()
    assert heard(rule, Told(MORNING, 3, 120), Outlook(2, 119.0, 3)) == Announcement(position=2)
    assert heard(rule, Told(MORNING, 3, 120), Outlook(2, 60.0, 3)) == Announcement(position=2, wait_s=60)


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (Outlook(4, 300.0, 3), Rose.PLACE),
        (Outlook(3, 300.0, 2), Rose.AGENTS),
        (Outlook(3, 300.0, 3), Rose.TALKS),
        (Outlook(2, 120.0, 1), None),
    ],
)
def test_what_got_worse_is_told_with_the_reason_even_where_only_better_news_are(now, why):
    for only_better in (True, False):
        said = heard(Announcing(only_better=only_better), Told(MORNING, 3, 180), now)
        assert said.rose is why
        assert why is None or said.wait_s == 300


def test_who_is_next_may_be_spared():
    assert heard(Announcing(first_is_told=False), Told(), Outlook(1, 30.0, 2)) == Announcement()


def test_texts_for_comfort_come_in_turn():
    told, order = Told(), []
    for number in range(5):
        at = MORNING + timedelta(seconds=60 * number)
        said, told = announce(Announcing(), told, BEFORE, Outlook(3, None, 2), at, texts=3)
        order.append(said.comfort)
    assert order == [0, 1, 2, 0, 1]


@given(st.floats(0, 10_000), st.integers(1, 600))
def test_a_wait_is_never_told_shorter_than_it_is_expected_nor_a_step_too_long(wait_s, round_s):
    told = heard(Announcing(round_s=round_s), Told(), Outlook(2, wait_s, 1)).wait_s
    assert wait_s <= told < max(wait_s, 0.001) + round_s + 1e-6 or told == round_s
    assert told % round_s == 0


@pytest.mark.parametrize("setting", [{"round_s": 0}, {"round_s": 601}, {"every_s": 0}, {"place_limit": 0}])
def test_a_setting_that_cannot_be_meant_is_refused(setting):
    with pytest.raises(ValueError, match=r"is right|count from 1"):
        Announcing(**setting)
