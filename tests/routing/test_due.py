"""When a case is due: held against a count of quarters of an hour that knows nothing of spans."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.due import Due, Unit
from routing.hours import Calendar, Closing, PublicHolidays

BERLIN = ZoneInfo("Europe/Berlin")
EIGHT_TO_SIX = ((time(8), time(18)),)
OFFICE = Calendar(
    "office",
    "Europe/Berlin",
    {**dict.fromkeys(range(5), EIGHT_TO_SIX), 5: ((time(9), time(13)),)},
    PublicHolidays("DE", "BE"),
    {date(2026, 12, 24): ((time(8), time(12)),)},
    closings=(Closing(datetime.fromisoformat("2026-11-25T10:00"), datetime.fromisoformat("2026-11-25T12:00")),),
)
NIGHTS = Calendar("nights", "Europe/Berlin", dict.fromkeys(range(7), ((time(22), time(4)),)), None, {})
EARLY = {date(2026, 1, 1) + timedelta(days=n): ((time(2), time(6)),) for n in range(0, 430, 2)}
OVERLAPPING = Calendar("overlapping", "Europe/Berlin", dict.fromkeys(range(7), ((time(22), time(4)),)), None, EARLY)
NEVER = Calendar("never", "Europe/Berlin", {}, None, {})


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("now", "amount", "unit", "due"),
    [
        ("2026-11-23T10:00", 8, Unit.WORKING_HOURS, "2026-11-23T18:00"),
        ("2026-11-23T10:30", 8, Unit.WORKING_HOURS, "2026-11-24T08:30"),
        ("2026-11-23T20:00", 1, Unit.WORKING_HOURS, "2026-11-24T09:00"),
        ("2026-11-21T12:00", 3, Unit.WORKING_HOURS, "2026-11-23T10:00"),  # Saturday to Monday
        ("2026-11-25T09:00", 2, Unit.WORKING_HOURS, "2026-11-25T13:00"),  # closed from 10 to 12
        ("2026-12-24T11:00", 2, Unit.WORKING_HOURS, "2026-12-28T09:00"),  # Christmas, and Saturday the 26th
        ("2026-11-23T10:00", 2, Unit.WORKING_DAYS, "2026-11-25T18:00"),
        ("2026-11-23T23:00", 1, Unit.WORKING_DAYS, "2026-11-24T18:00"),
        ("2026-11-20T10:00", 2, Unit.WORKING_DAYS, "2026-11-23T18:00"),  # Saturday counts, Sunday does not
        ("2026-12-23T10:00", 2, Unit.WORKING_DAYS, "2026-12-28T18:00"),
        ("2026-11-23T10:00", 2, Unit.DAYS, "2026-11-25T10:00"),
        ("2026-10-24T10:00", 1, Unit.DAYS, "2026-10-25T10:00"),  # 25 hours
        ("2026-10-24T10:00", 24, Unit.HOURS, "2026-10-25T09:00"),
    ],
)
def test_a_case_is_due_when_a_person_would_say_so(now, amount, unit, due):
    found = Due(amount, unit, OFFICE).after(berlin(now))
    assert (found.astimezone(BERLIN), found.tzinfo) == (berlin(due), UTC)


def test_an_office_that_is_never_open_is_due_never():
    assert Due(1, Unit.WORKING_HOURS, NEVER).after(berlin("2026-11-23T10:00")) is None
    assert Due(1, Unit.WORKING_DAYS, NEVER).after(berlin("2026-11-23T10:00")) is None


QUARTER = timedelta(minutes=15)  # everything in these calendars begins and ends on one
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 420 * 96).map(lambda n: FIRST + n * QUARTER)


@settings(max_examples=60, deadline=None)
@given(moments, st.integers(1, 20), st.sampled_from([OFFICE, NIGHTS, OVERLAPPING]))
def test_working_hours_are_as_many_quarters_as_the_office_was_open(now, hours, calendar):
    due, moment, count = Due(hours, Unit.WORKING_HOURS, calendar).after(now), now, 0
    while count < hours * 4:
        count += calendar.is_open(moment)
        moment += QUARTER
    assert due == moment


@settings(max_examples=60, deadline=None)
@given(moments, st.integers(1, 12), st.integers(0, 96), st.integers(0, 96 * 10))
def test_what_was_left_when_the_clock_stopped_is_left_when_it_goes_on(now, hours, before, stood):
    rule = Due(hours, Unit.WORKING_HOURS, OFFICE)
    due = rule.after(now)
    stopped = now + before * QUARTER
    again = stopped + stood * QUARTER
    resumed = rule.resumed(due, stopped, again)
    if stopped >= due:
        assert resumed == due
    else:
        assert open_quarters(again, resumed) == open_quarters(stopped, due)
        assert resumed >= due


def open_quarters(since: datetime, until: datetime) -> int:
    return sum(OFFICE.is_open(since + n * QUARTER) for n in range((until - since) // QUARTER))
