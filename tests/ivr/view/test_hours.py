"""What is open when, told a year ahead, with the reason for every day that is not as usual."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from ivr.commands.hours import hours
from ivr.menu.hotline import read_files
from ivr.view.days import days, hours_lines, now_line
from routing.hours import Calendar
from tests.ivr.menu.small import SMALL

ACME = Path(__file__).parents[3] / "menus" / "acme"


def calendar(written: str) -> Calendar:
    text = SMALL.replace("start: welcome", "start: fork").replace(
        "nodes:\n", "nodes:\n  fork: {when: [{hours: office, is: open, goto: welcome}], otherwise: message}\n"
    )
    return read_files({"a.yaml": f"{text}hours:\n  office: {written}\n"}).hours["office"]


NIGHTS = "{timezone: Europe/Berlin, overnight: true, week: {mon-sun: 22:00-06:00}}"
DAYTIME = "{timezone: Europe/Berlin, week: {mon-fri: [08:00-12:00, 13:00-18:00]}, holidays: DE-BE}"


def lines(it: Calendar, first: date, number: int = 1, language: str = "en", **settings: bool) -> list[str]:
    return [line.strip() for line in hours_lines(it, first, number, language, **settings)]


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 11, 23), "Mon 2026-11-23  08:00–12:00, 13:00–18:00"),
        (date(2026, 11, 22), "Sun 2026-11-22  closed"),
        (date(2026, 12, 25), "Fri 2026-12-25  closed         Erster Weihnachtstag, usually 08:00–12:00, 13:00–18:00"),
        (date(2027, 3, 28), "Sun 2027-03-28  closed         the clock jumps from 02:00 to 03:00"),
        (date(2026, 10, 25), "Sun 2026-10-25  closed         the clock jumps from 03:00 to 02:00"),
    ],
)
def test_a_day_says_its_times_and_why(day: date, told: str) -> None:
    assert lines(calendar(DAYTIME), day) == [told]


@pytest.mark.parametrize(
    ("night", "told"),
    [
        (date(2027, 3, 27), "Sat 2027-03-27  22:00–06:00 +1  open 60 min less than the clock shows"),
        (date(2026, 10, 24), "Sat 2026-10-24  22:00–06:00 +1  open 60 min longer than the clock shows"),
        (date(2026, 11, 23), "Mon 2026-11-23  22:00–06:00 +1"),
    ],
)
def test_the_nights_when_the_clock_changes_are_told(night: date, told: str) -> None:
    assert lines(calendar(NIGHTS), night) == [told]


def test_a_clock_that_changes_by_half_an_hour_is_told_too() -> None:
    lord_howe = calendar("{timezone: Australia/Lord_Howe, week: {mon-sun: 00:00-24:00}}")
    assert lines(lord_howe, date(2026, 10, 4)) == [
        "Sun 2026-10-04  00:00–24:00    the clock jumps from 02:00 to 02:30, open 30 min less than the clock shows"
    ]


def test_a_year_ahead_tells_only_what_is_not_as_usual() -> None:
    found = lines(calendar(DAYTIME), date(2026, 11, 23), 365)
    assert found[0] == "Monday–Friday    08:00–12:00, 13:00–18:00"
    assert found[2] == "Only days that differ from this week:"
    assert [line[4:14] for line in found[3:6]] == ["2026-12-25", "2026-12-26", "2027-01-01"]
    assert len(lines(calendar(DAYTIME), date(2026, 11, 23), 365, every=True)) == 365


def test_why_it_is_closed_now_and_when_it_opens() -> None:
    office = calendar(DAYTIME)
    assert now_line(office, datetime(2026, 11, 23, 9, tzinfo=UTC), "en") == "open now"
    assert now_line(office, datetime(2026, 12, 25, 9, tzinfo=UTC), "en") == (
        "closed now (Erster Weihnachtstag); opens Mon 2026-12-28 08:00"
    )
    assert now_line(office, datetime(2026, 11, 23, 20, tzinfo=UTC), "sr") == (
        "сада затворено (ван радног времена); отвара се Уто 2026-11-24 08:00"
    )


OFFICES = [calendar(DAYTIME), calendar(NIGHTS)]


@given(day=st.dates(date(2024, 1, 1), date(2030, 12, 31)), hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_what_is_told_is_what_callers_meet(day: date, hour: int, minute: int) -> None:
    """The times told hold a moment exactly if the calendar that callers meet says open; changes of the clock aside."""
    moment = datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 - what the clock on the wall shows
    for office in OFFICES:
        around = days(office, day - timedelta(days=1), 3)
        if any(it.clock for it in around):
            continue
        told = any(begin <= moment < end for it in around for begin, end in it.spans)
        assert told == office.is_open(moment.replace(tzinfo=ZoneInfo(office.timezone)).astimezone(UTC))


def test_the_command_tells_two_weeks_or_a_day_or_a_year() -> None:
    run = CliRunner(env={"LANG": "C", "LC_ALL": ""})
    two_weeks = run.invoke(hours, ["--folder", str(ACME)])
    assert two_weeks.exit_code == 0, two_weeks.output
    assert len(two_weeks.output.splitlines()) == 15
    day = run.invoke(hours, ["2026-12-24", "--folder", str(ACME), "--language", "de"])
    assert day.output.splitlines()[1] == "  Do 2026-12-24  08:00–12:00    Ausnahme, sonst 08:00–18:00"
    year = run.invoke(hours, ["2026-11-23", "--folder", str(ACME), "--days", "365"])
    assert "Sun 2027-03-28  closed         the clock jumps from 02:00 to 03:00" in year.output
    assert run.invoke(hours, ["--folder", str(ACME), "--calendar", "ofice"]).exit_code == 2


def test_a_closing_takes_its_hours_away_and_is_named() -> None:
    office = calendar(
        "{timezone: Europe/Berlin, week: {mon-fri: 08:00-18:00}, "
        "closings: [{from: 2026-11-24 10:00, until: 2026-11-25 12:00}]}"
    )
    assert lines(office, date(2026, 11, 23), 4) == [
        "Mon 2026-11-23  08:00–18:00",
        "Tue 2026-11-24  08:00–10:00    closed once, usually 08:00–18:00",
        "Wed 2026-11-25  12:00–18:00    closed once, usually 08:00–18:00",
        "Thu 2026-11-26  08:00–18:00",
    ]


def test_a_season_is_named() -> None:
    office = calendar(
        "{timezone: Europe/Berlin, week: {mon-fri: 08:00-18:00}, "
        "periods: [{from: 07-01, until: 08-31, week: {mon-fri: 09:00-13:00}}]}"
    )
    assert lines(office, date(2027, 7, 1)) == ["Thu 2027-07-01  09:00–13:00    seasonal hours, usually 08:00–18:00"]
