"""Opening hours: weeks, holidays and exceptions, and the nights in which the clocks are changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.hours import Calendar, Closing, Hours, Period, PublicHolidays

BERLIN = "Europe/Berlin"
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # 02:00 -> 03:00, 03:00 -> 02:00

# Zones whose clocks are changed by an hour at night, at midnight, by half an hour, or that skip a whole day.
ODD_NIGHTS = {
    "Europe/Berlin": [SPRING, AUTUMN],
    "America/Havana": [date(2026, 3, 8), date(2026, 11, 1)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4)],
    "America/St_Johns": [date(2010, 3, 14), date(2010, 11, 7)],
    "Pacific/Apia": [date(2011, 12, 29), date(2011, 12, 30)],
    "Asia/Beirut": [date(2022, 3, 27), date(2022, 10, 30)],
    "UTC": [date(2026, 6, 1)],
}


def office(week: dict[int, Hours] | None = None, **changes: object) -> Calendar:
    weekdays: dict[int, Hours] = {day: ((time(8), time(18)),) for day in range(5)} | {5: ((time(9), time(13)),)}
    settings = {"timezone": BERLIN, "holidays": PublicHolidays("DE", "BE"), "exceptions": {}} | changes
    return Calendar(name="office", week=weekdays if week is None else week, **settings)  # type: ignore[arg-type]


def at(*when: int, zone: str = BERLIN) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[misc]


def test_the_office_is_open_from_the_first_minute_up_to_the_last() -> None:
    assert not office().is_open(at(2026, 11, 23, 7, 59))
    assert office().is_open(at(2026, 11, 23, 8, 0))
    assert office().is_open(at(2026, 11, 23, 17, 59))
    assert not office().is_open(at(2026, 11, 23, 18, 0))


def test_its_hours_are_those_of_its_own_clock_in_summer_and_winter() -> None:
    assert office().is_open(datetime(2026, 7, 1, 6, 0, tzinfo=UTC))
    assert not office().is_open(datetime(2026, 12, 1, 6, 0, tzinfo=UTC))
    assert office().is_open(datetime(2026, 12, 1, 7, 0, tzinfo=UTC))


def test_a_public_holiday_is_closed_and_says_its_name() -> None:
    holiday = at(2026, 12, 25, 10)
    assert not office().is_open(holiday)
    assert office().why_closed(holiday) == "Erster Weihnachtstag"
    assert office().next_open(holiday) == datetime(2026, 12, 28, 8, tzinfo=ZoneInfo(BERLIN))


def test_a_holiday_of_one_part_of_a_country_is_a_working_day_elsewhere() -> None:
    womens_day_2027 = at(2027, 3, 8, 10)  # a Monday; a holiday in Berlin, none in Bavaria
    assert not office().is_open(womens_day_2027)
    assert office(holidays=PublicHolidays("DE", "BY")).is_open(womens_day_2027)
    assert office(holidays=None).is_open(womens_day_2027)


def test_an_exception_wins_over_the_week_and_over_a_holiday() -> None:
    exceptions = {date(2026, 11, 23): (), date(2026, 12, 25): ((time(10), time(11)),)}
    calendar = office(exceptions=exceptions)
    assert calendar.why_closed(at(2026, 11, 23, 10)) == "exception"
    assert calendar.is_open(at(2026, 12, 25, 10, 30))
    assert calendar.why_closed(at(2026, 12, 25, 10, 30)) is None


def test_outside_hours_is_what_a_night_is() -> None:
    assert office().why_closed(at(2026, 11, 23, 3)) == "outside hours"


def test_the_next_opening_is_now_while_open() -> None:
    now = at(2026, 11, 23, 10)
    assert office().next_open(now) == now


def test_the_next_opening_after_saturday_noon_is_on_monday() -> None:
    found = office().next_open(at(2026, 11, 28, 13, 0))
    assert found == datetime(2026, 11, 30, 8, tzinfo=ZoneInfo(BERLIN))
    assert found
    assert (found.hour, found.tzinfo) == (8, ZoneInfo(BERLIN))


def test_a_midday_break_is_closed_and_the_afternoon_is_next() -> None:
    calendar = office({0: ((time(8), time(12)), (time(13), time(18)))})
    assert not calendar.is_open(at(2026, 11, 23, 12, 30))
    assert calendar.next_open(at(2026, 11, 23, 12, 30)) == at(2026, 11, 23, 13)


def test_an_office_that_never_opens_has_no_next_opening() -> None:
    assert office({}).next_open(at(2026, 11, 23, 10)) is None


def test_midnight_at_the_end_of_a_day_joins_the_next_day() -> None:
    always = office({day: ((time(0), time(0)),) for day in range(7)}, holidays=None)
    for minute in range(0, 3 * 24 * 60, 7):
        assert always.is_open(at(2026, 3, 28, 0) + timedelta(minutes=minute))


def test_hours_in_the_hour_that_spring_skips_never_come() -> None:
    calendar = office({6: ((time(2, 15), time(2, 45)),)})
    start = at(SPRING.year, SPRING.month, SPRING.day, 0)
    assert not any(calendar.is_open(start + timedelta(minutes=minute)) for minute in range(24 * 60))
    assert calendar.next_open(start) == at(2026, 4, 5, 2, 15)


def test_hours_that_begin_in_the_skipped_hour_begin_with_the_next() -> None:
    calendar = office({6: ((time(2, 30), time(5)),)})
    assert calendar.next_open(at(2026, 3, 29, 0)) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_hours_in_the_hour_that_autumn_repeats_come_once() -> None:
    calendar = office({6: ((time(2, 0), time(2, 30)),)})
    start = at(AUTUMN.year, AUTUMN.month, AUTUMN.day, 0)
    open_minutes = sum(calendar.is_open(start + timedelta(minutes=minute)) for minute in range(25 * 60))
    assert open_minutes == 30


@cache
def wall_clock(zone: str, first: datetime, minutes: int) -> list[datetime]:
    moments = (first + timedelta(minutes=minute) for minute in range(minutes))
    return [moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for moment in moments]


def scan(calendar: Calendar, first: datetime, minutes: int) -> list[bool]:
    """Another mind: walk minute by minute, and open and close when the wall clock first shows it or has passed it."""
    clock = wall_clock(calendar.timezone, first, minutes)
    is_open = [False] * minutes
    for day in sorted({shown.date() for shown in clock}):
        for opens, closes in calendar.hours_on(day):
            begin = datetime.combine(day, opens)
            end = datetime.combine(day, closes) + timedelta(closes <= opens)
            begins = next((n for n, shown in enumerate(clock) if shown >= begin), minutes)
            ends = next((n for n, shown in enumerate(clock) if shown >= end), minutes)
            is_open[begins:ends] = [True] * max(0, ends - begins)
    for closing in calendar.closings:
        begins = next((n for n, shown in enumerate(clock) if shown >= closing.first), minutes)
        ends = next((n for n, shown in enumerate(clock) if shown >= closing.last), minutes)
        is_open[begins:ends] = [False] * max(0, ends - begins)
    return is_open


def hours(minutes: list[int]) -> Hours:
    times = [time(*divmod(minute % 1440, 60)) for minute in sorted(minutes)]
    return tuple(pairwise(times))[::2]


some_hours = st.lists(
    st.integers(0, 1440).map(lambda minute: minute // 5 * 5) | st.sampled_from([0, 60, 90, 120, 150, 180, 1380, 1440]),
    max_size=6,
    unique=True,
).map(lambda minutes: hours(minutes[: len(minutes) // 2 * 2]))
nights = st.sampled_from([((time(22), time(2, 30)),), ((time(20), time(0, 30)),), ((time(23, 30), time(7)),)])
closing_times = st.lists(st.tuples(st.integers(-48, 48), st.integers(1, 80)), max_size=3)


@given(
    night=st.sampled_from([(zone, day) for zone, days in ODD_NIGHTS.items() for day in days]),
    week=st.fixed_dictionaries(dict.fromkeys(range(7), some_hours | nights)),
    exception=some_hours | nights | st.none(),
    closed_hours=closing_times,
)
def test_every_minute_around_a_change_of_clocks_is_as_a_minute_by_minute_walk_finds_it(
    night: tuple[str, date], week: dict[int, Hours], exception: Hours | None, closed_hours: list[tuple[int, int]]
) -> None:
    zone, day = night
    exceptions = {} if exception is None else {day: exception}
    midnight = datetime.combine(day, time(0))
    spans = [(midnight + timedelta(hours=start / 2), timedelta(hours=length / 2)) for start, length in closed_hours]
    closings = tuple(Closing(start, start + length) for start, length in spans)
    calendar = office(week, timezone=zone, holidays=None, exceptions=exceptions, closings=closings)
    first = datetime.combine(day, time(0), tzinfo=UTC) - timedelta(days=3)
    walked = scan(calendar, first, 6 * 1440)
    inner = range(1440 + 720, 4 * 1440)  # away from the edges, where the walk knows too little
    turns = {n for turn in inner if walked[turn] != walked[turn - 1] for n in (turn - 1, turn)}
    for minute in sorted(turns | set(inner[::37])):
        moment = first + timedelta(minutes=minute)
        assert calendar.is_open(moment) is walked[minute], moment
        if any(walked[minute:]):
            found = calendar.next_open(moment)
            assert found
            # In UTC: two times of which one is in a repeated hour are never equal in different zones.
            assert found.astimezone(UTC) == first + timedelta(minutes=walked.index(True, minute))


@pytest.mark.parametrize("zone", ODD_NIGHTS)
def test_the_next_opening_is_open_and_the_minute_before_is_not(zone: str) -> None:
    calendar = office(timezone=zone, holidays=None)
    for day in ODD_NIGHTS[zone]:
        for hour in range(0, 72, 5):
            now = datetime.combine(day, time(0), tzinfo=UTC) + timedelta(hours=hour)
            found = calendar.next_open(now)
            assert found
            assert found >= now
            assert calendar.is_open(found)
            assert found == now or not calendar.is_open(found - timedelta(minutes=1))


def test_hours_that_pass_midnight_belong_to_the_day_they_begin_on() -> None:
    watch = office({4: ((time(22), time(6)),)}, holidays=None, exceptions={date(2026, 11, 27): ()})
    assert watch.is_open(at(2026, 11, 20, 23))
    assert watch.is_open(at(2026, 11, 21, 5, 59))
    assert not watch.is_open(at(2026, 11, 21, 6))
    assert not watch.is_open(at(2026, 11, 20, 5))
    assert not watch.is_open(at(2026, 11, 28, 3))  # the Friday before was closed


def test_a_season_has_a_week_of_its_own_and_both_its_days_are_in_it() -> None:
    summer = Period((None, 7, 1), (None, 8, 31), {0: ((time(8), time(14)),)})
    calendar = office(periods=(summer,))
    assert calendar.hours_on(date(2026, 6, 29)) == ((time(8), time(18)),)
    assert calendar.hours_on(date(2026, 7, 6)) == ((time(8), time(14)),)
    assert calendar.hours_on(date(2026, 8, 31)) == ((time(8), time(14)),)
    assert calendar.hours_on(date(2027, 7, 6)) == ()  # a Tuesday, not named in summer
    assert calendar.hours_on(date(2026, 9, 7)) == ((time(8), time(18)),)


def test_a_season_may_pass_the_end_of_the_year_and_may_be_of_one_year_only() -> None:
    winter = Period((None, 12, 20), (None, 1, 6), {})
    once = Period((2026, 5, 4), (2026, 5, 5), {})
    assert [date(2026, 12, 20) in winter, date(2027, 1, 6) in winter, date(2027, 1, 7) in winter] == [True, True, False]
    assert [date(2026, 5, 4) in once, date(2027, 5, 4) in once] == [True, False]


def test_a_closing_wins_over_everything_and_says_so() -> None:
    noon, nine = datetime.combine(date(2026, 11, 23), time(12)), datetime.combine(date(2026, 11, 24), time(9))
    moving = Closing(noon, nine)
    calendar = office(closings=(moving,), exceptions={date(2026, 11, 23): ((time(0), time(0)),)})
    assert calendar.is_open(at(2026, 11, 23, 11, 59))
    assert not calendar.is_open(at(2026, 11, 23, 12))
    assert calendar.why_closed(at(2026, 11, 23, 12)) == "closing"
    found = calendar.next_open(at(2026, 11, 23, 12))
    assert found
    assert (found.day, found.hour) == (24, 9)


def test_a_public_holiday_is_one_only_while_nobody_is_there() -> None:
    new_year = at(2027, 1, 1, 10)
    assert office().is_holiday(new_year)
    assert not office(holidays=None).is_holiday(new_year)
    assert not office(exceptions={date(2027, 1, 1): ((time(9), time(12)),)}).is_holiday(new_year)
    assert not office().is_holiday(at(2026, 11, 22, 10))  # an ordinary Sunday
    assert not office().is_holiday(at(2026, 11, 23, 10))  # and an ordinary working day


def test_hours_that_follow_at_once_close_when_the_last_of_them_does():
    day = ((time(8), time(12)), (time(12), time(18)))
    calendar = Calendar("office", "Europe/Berlin", {0: day, 1: day}, None, {})
    monday = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert calendar.closes_at(monday) == datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert calendar.closes_at(monday.replace(hour=20)) is None
    night = Calendar("night", "Europe/Berlin", {n: ((time(22), time(6)),) for n in range(7)}, None, {})
    assert night.closes_at(monday.replace(hour=22)) == datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    always = Calendar("always", "Europe/Berlin", {n: ((time(0), time(0)),) for n in range(7)}, None, {})
    assert always.closes_at(monday) >= datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
