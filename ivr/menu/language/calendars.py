"""Calendars: when somebody is there - the week, seasons, public holidays, single days and closings."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from ivr.menu.fault import did_you_mean, meant, say
from ivr.menu.language.leaf import ANY_PLAIN, YES, Leaf
from ivr.menu.language.shape import EitherOr, Given, Group, Key, ListOf, Named
from ivr.menu.notes import Notes, example, name_of
from ivr.menu.reader import Text
from routing.hours import Calendar, Closing, Hours, Period, PublicHolidays

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_OPENS = r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9]"
_CLOSES = rf"(?:{_OPENS}|24:00)"
_SPAN = rf"(?:{_OPENS})\s*[-–]\s*{_CLOSES}"
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DAY_NAME = "(?:" + "|".join("".join(f"[{it}{it.upper()}]" for it in day) for day in DAYS) + ")"

Span = tuple[int, int, Text]
"""Minutes from midnight to opening and to closing, and where it is written."""


def _spans(notes: Notes, written: Text, value: str) -> tuple[Span, ...]:
    if value.lower() == "closed":
        return ()
    found = re.findall(rf"({_OPENS})\s*[-–]\s*({_CLOSES})", value)
    return tuple((_minute(opens), _minute(closes), written) for opens, closes in found)


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


_HINT = example("08:00-18:00, or closed")
OPEN_TIMES = Leaf(
    rf"\s*{_SPAN}(?:\s*,\s*{_SPAN})*\s*|[Cc]losed", "opening times, 08:00-12:00, 13:00-18:00, or closed", "H509",
    hint=_HINT, blank=(), after=_spans,
)  # fmt: skip
ONE_SPAN = Leaf(rf"\s*{_SPAN}\s*", "opening times", "H509", hint=_HINT, blank=(), after=_spans)
HOURS = EitherOr(
    OPEN_TIMES.short, text=OPEN_TIMES, items=ListOf(ONE_SPAN, "opening times", least=1), key="H509", blank=()
)


def _days(word: str) -> tuple[int, ...]:
    first, _, last = word.lower().partition("-")
    start, end = DAYS.index(first), DAYS.index(last or first)
    return tuple((start + n) % 7 for n in range((end - start) % 7 + 1))


WEEK = Named(
    Leaf(rf"{_DAY_NAME}(?:-{_DAY_NAME})?", "mon, sat, mon-fri", "H508.day", hint=example("mon, sat or mon-fri"),
         after=lambda notes, written, word: (_days(word), written)),
    HOURS,
    "days, each with its opening times",
)  # fmt: skip


def _date(notes: Notes, written: Text, word: str) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        notes.wrong(written, "H508.no_such", example("2026-12-24"), word=name_of(written))
        return None


DATE = Leaf(_DATE, "a day, 2026-12-24", "H508.date", hint=example("2026-12-24"), blank=None, after=_date)


def _yearly(notes: Notes, written: Text, word: str) -> tuple[int | None, int, int] | None:
    try:
        if len(word) == 5:
            checked = date.fromisoformat(f"2024-{word}")  # a leap year, so that 02-29 is a day
            return None, checked.month, checked.day
        checked = date.fromisoformat(word)
        return checked.year, checked.month, checked.day
    except ValueError:
        notes.wrong(written, "H508.no_such", example("05-01"), word=name_of(written))
        return None


SEASON_DAY = Leaf(
    rf"{_DATE}|[0-9]{{2}}-[0-9]{{2}}", "a day of every year, 05-01, or of one, 2026-05-01", "H508.date",
    hint=example("05-01"), blank=None, after=_yearly,
)  # fmt: skip


def _moment(notes: Notes, written: Text, word: str) -> datetime | None:
    try:
        return datetime.fromisoformat(word)
    except ValueError:
        notes.wrong(written, "H508.no_such", example('"2026-12-24 14:00"'), word=name_of(written))
        return None


MOMENT = Leaf(
    rf"{_DATE} [0-9]{{2}}:[0-9]{{2}}", "a day and a time, 2026-12-24 14:00", "H512",
    hint=example('"2026-12-24 14:00"'), blank=None, after=_moment,
)  # fmt: skip


def _timezone(notes: Notes, written: Text, word: str) -> str:
    try:
        return ZoneInfo(word).key
    except (ValueError, OSError, KeyError):  # not found is a KeyError, a folder's name an OSError
        pass
    shifted = re.match(r"\s*(?:utc|gmt)?\s*[+-]", word, re.IGNORECASE)  # an offset knows no summer time
    close = None if shifted else did_you_mean(word, available_timezones())
    notes.wrong(
        written, "H502.unknown", say("hint.did_you_mean", name=close) if close else example("Europe/Berlin"),
        word=name_of(written),
    )  # fmt: skip
    return "UTC"


TIMEZONE = Leaf(
    r"[\s\S]*\S[\s\S]*",
    "a time zone, Europe/Berlin",
    "H502.unknown",
    hint=example("Europe/Berlin"),
    blank="UTC",
    plain=ANY_PLAIN,
    after=_timezone,
)


def _holidays(notes: Notes, written: Text, word: str) -> PublicHolidays | None:
    if word == "none":
        return None
    import holidays  # slow to import; only hotlines with holidays pay for it

    country, _, part = word.partition("-")
    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known:
        notes.wrong(written, "H503", meant(country, known) or say("hint.country"), word=country)
        return None
    if part and part not in known[country]:
        notes.wrong(written, "H503", meant(part, known[country], tell=True), word=name_of(written))
        return None
    return PublicHolidays(country, part or None)


HOLIDAYS = Leaf(
    r"[A-Za-z][^\s]{0,19}", "a country's two letters, DE, or with a part of it, DE-BE; or none", "H513",
    hint=example("DE-BE"), blank=None, after=_holidays,
)  # fmt: skip


def _period(given: Given) -> tuple[Any, ...]:
    first, last = given["from"], given["until"]
    if first and last and (first[0] is None) != (last[0] is None):
        given.notes.wrong(given.at("until"), "H514", example("from: 05-01, until: 09-30"))
    elif first and last and first[0] is not None and last < first:
        given.notes.wrong(given.at("until"), "H501.over")
    return first, last, given["week"], given


def _closing(given: Given) -> Closing | None:
    first, last = given["from"], given["until"]
    if first is None or last is None:
        return None
    if last <= first:
        given.notes.wrong(given.at("until"), "H501.over")
        return None
    return Closing(first, last)


PERIOD = Group(
    "season",
    "A part of the year with a week of its own.",
    (
        Key("from", SEASON_DAY, "Its first day.", required=True),
        Key("until", SEASON_DAY, "Its last day.", required=True),
        Key("week", WEEK, "The opening times of each day then.", {}, required=True),
    ),
    _period,
)
CLOSING = Group(
    "closing",
    "A time when the office is closed once, whatever else stands here.",
    (
        Key("from", MOMENT, "When it begins.", required=True),
        Key("until", MOMENT, "When it is over.", required=True),
    ),
    _closing,
)


def _calendar(given: Given) -> Calendar:
    if "timezone" not in given:
        given.notes.error(
            given.place, given.end_column, say("H502.missing", name=given.name), example("timezone: Europe/Berlin")
        )
    periods = []
    for first, last, written, period in (it for it in given["periods"] if it is not None):
        week = _week(period, written, overnight=given["overnight"])
        if first and last:
            periods.append(Period(first, last, week))
    exceptions = {
        day: _hours(given.notes, spans, given.at("exceptions"), overnight=given["overnight"])
        for day, spans in given["exceptions"].items()
        if day is not None
    }
    return Calendar(
        given.name, given["timezone"], _week(given, given["week"], overnight=given["overnight"]), given["holidays"],
        exceptions, tuple(periods), tuple(it for it in given["closings"] if it is not None),
    )  # fmt: skip


def _week(given: Given, written: Any, *, overnight: bool) -> dict[int, Hours]:
    week: dict[int, Hours] = {}
    for (days, at), spans in written.items():
        hours = _hours(given.notes, spans, at, overnight=overnight)
        for day in days:
            if day in week:
                given.notes.wrong(at, "H507.twice", day=DAYS[day].capitalize())
            week[day] = hours
    return week


def _hours(notes: Notes, spans: Any, at: Any, *, overnight: bool) -> Hours:
    flat: list[Span] = [it for span in spans for it in (span if not span or isinstance(span[0], tuple) else (span,))]
    sound = []
    for start, end, written in sorted(flat, key=lambda span: span[:2]):
        if start >= end and not (overnight and start != end):
            notes.wrong(written, "H501.before", say("hint.overnight"))
        else:
            sound.append((start, end if start < end else end + 1440, written))
    for before, after in pairwise(sound):
        if after[0] < before[1]:
            notes.wrong(after[2], "H507.overlap")
    return tuple((time(*divmod(start, 60)), time(*divmod(end % 1440, 60))) for start, end, _ in sound)


CALENDAR = Group(
    "calendar",
    "When somebody is there. Times are those on the office's clock, summer and winter alike.",
    (
        Key("timezone", TIMEZONE, "The office's time zone. It must be given.", "UTC", left_out="a fault"),
        Key("week", WEEK, "The opening times of each day; a day that is not named is closed.", {}),
        Key("holidays", HOLIDAYS, "The country whose public holidays are closed.", None, left_out="no holidays"),
        Key("exceptions", Named(DATE, HOURS, "days, each with its opening times"),
            "Single days; they win over the week and the holidays.", {}),
        Key("overnight", YES, "Whether a day may close after midnight: 22:00-06:00.", False),
        Key("periods", ListOf(PERIOD, "a list of parts of the year"), "Parts of the year with a week of their own.",
            ()),
        Key("closings", ListOf(CLOSING, "a list of times"), "Times when the office is closed once.", ()),
    ),
    _calendar,
    examples=("""\
hours:
  shop:
    timezone: Europe/Berlin
    week:
      mon-fri: [08:00-12:30, 13:30-18:00]
      sat: 09:00-13:00
    holidays: DE-BE
    exceptions:
      "2026-12-24": 08:00-12:00
      "2027-01-02": closed
    periods:
      - from: 07-01
        until: 08-31
        week: {mon-fri: 08:00-14:00}
    closings:
      - {from: "2026-09-03 13:00", until: "2026-09-03 16:00"}
""", """\
hours:
  night_watch:
    timezone: Europe/Berlin
    week: {mon-sun: 22:00-06:00}
    overnight: yes
"""),
)  # fmt: skip
