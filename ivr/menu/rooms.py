"""Rooms: what stands beside the nodes of a hotline - queues, opening hours, surveys and kinds of case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from ivr.menu.fault import did_you_mean, quoted
from ivr.menu.form import NAME, Form, Notes, group_of, meant
from ivr.menu.reader import Text, Written
from ivr.menu.tree import Announce, CaseKind, Field, Question, QueueSettings, Survey, Words
from ivr.menu.words import NO_WORDS
from routing.hours import Calendar, Hours, PublicHolidays
from routing.queue import Queue

Members = tuple[tuple[Text, Written], ...]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9]|24:00")
_SPAN = re.compile(rf"({_TIME.pattern})\s*[-–]\s*({_TIME.pattern})")
_SCALE = re.compile(r"([0-9])\.\.([0-9])")
YES_NO = ("1", "2")


def forms_of(notes: Notes, members: Members, sort: str = "") -> Iterator[tuple[Form, str]]:
    """A form and its name for each group among the members, which may be referred to as a `sort`."""
    for title, written in members:
        if sort:
            notes.know(sort, title)
        if not NAME.match(title.value):
            notes.wrong(title, "A name is written in small letters a-z, digits and _.", "Y020")
        elif form := group_of(notes, title, written):
            yield form, title.value
            form.done()


def read_queues(notes: Notes, members: Members) -> dict[str, QueueSettings]:
    """The queues and the node to which each overflows."""
    queues = {}
    for form, name in forms_of(notes, members, "queue"):
        if "overflow" not in form:
            message = f"Callers in {quoted(name)} have nowhere to go when nobody is there."
            notes.error(form.place, _end(form), message, "Q406", "add overflow: and the name of a menu")
        service_level = form.group("service_level")
        queue = Queue(
            name=name,
            ring_s=form.number("ring_s", 5, 120, 20),
            wrap_up_s=form.number("wrap_up_s", 0, 1800, 30),
            max_wait_s=form.number("max_wait_s", 10, 7200, 600),
            service_level_s=service_level.number("within_s", 1, 3600, 20) if service_level else 20,
            service_level_share=service_level.share("share", 0.8) if service_level else 0.8,
            misses_max=form.number("misses_max", 1, 10, 2),
            offers_max=form.number("offers_max", 1, 100, 10),
        )
        if service_level:
            service_level.done()
        overflow = form.refer("overflow", "menu", required=False) or ""
        queues[name] = QueueSettings(queue, overflow, Announce(form.number("announce_every_s", 15, 300, 45)))
    return queues


def read_hours(notes: Notes, members: Members) -> dict[str, Calendar]:
    """The calendars."""
    calendars = {}
    for form, name in forms_of(notes, members, "calendar"):
        timezone = _timezone(form)
        week: dict[int, Hours] = {}
        for key, written in form.members("week"):
            for day in _days(notes, key):
                if day in week:
                    notes.wrong(key, f"{DAYS[day].capitalize()} is given twice.", "H507")
                week[day] = _hours(notes, key, written)
        exceptions: dict[date, Hours] = {}
        for key, written in form.members("exceptions"):
            if (one_day := _date(notes, key)) is not None:
                exceptions[one_day] = _hours(notes, key, written)
        calendars[name] = Calendar(name, timezone, week, _holidays(form), exceptions)
    return calendars


def read_surveys(notes: Notes, members: Members) -> dict[str, Survey]:
    """The surveys and their questions."""
    surveys = {}
    for form, name in forms_of(notes, members, "survey"):
        group = form.group("questions", required=True)
        asked = tuple(form.members("questions")) if group else ()
        questions = []
        for question, question_name in forms_of(notes, asked):
            questions.append(Question(question_name, question.words("ask"), _keys(question)))
        if group and not asked:
            notes.error(form.place, _end(form), f"The survey {quoted(name)} asks nothing.", "V710", "add a question")
        surveys[name] = Survey(name, form.words("intro"), tuple(questions), form.words("thanks"))
    return surveys


def read_cases(notes: Notes, members: Members) -> dict[str, CaseKind]:
    """The kinds of case and their forms."""
    kinds = {}
    for form, name in forms_of(notes, members, "kind of case"):
        label, fields = form.words("label"), []
        for field, field_name in forms_of(notes, tuple(form.members("fields"))):
            choices: dict[str, Words] = {}
            group = field.group("choices")
            for value, _ in field.members("choices") if group else ():
                choices[value.value] = group.words(value.value) if group else NO_WORDS
            words, required = field.words("label"), field.yes("required", False)
            fields.append(Field(field_name, words, required, choices, field.number("lines", 1, 20, 1)))
        kinds[name] = CaseKind(name, label, tuple(fields))
    return kinds


def _end(form: Form) -> int:
    return form.title.end_column if form.title else form.place.column + 1


def _keys(form: Form) -> tuple[str, ...]:
    written = form.text("keys", required=True)
    if written is None or written.value == "yes-no":
        return YES_NO
    scale = _SCALE.fullmatch(written.value)
    if scale and int(scale[1]) < int(scale[2]):
        return tuple(str(key) for key in range(int(scale[1]), int(scale[2]) + 1))
    form.notes.wrong(written, "Callers answer with yes-no or with one key of a range.", "V706", "for example 1..5")
    return YES_NO


def _timezone(form: Form) -> str:
    written = form.text("timezone")
    if written is None:
        message = "Nobody can tell when this office is open without its time zone."
        form.notes.error(form.place, _end(form), message, "H502", "for example timezone: Europe/Berlin")
        return "UTC"
    try:
        return ZoneInfo(written.value).key
    except (ValueError, OSError, KeyError):  # not found is a KeyError, a folder's name an OSError
        pass
    close = did_you_mean(written.value, available_timezones())
    hint = f'did you mean "{close}"?' if close else "for example Europe/Berlin"
    form.notes.wrong(written, f"There is no time zone {quoted(written.value)}.", "H502", hint)
    return "UTC"


def _days(notes: Notes, key: Text) -> range:
    first, _, last = key.value.lower().partition("-")
    if first in DAYS and (not last or last in DAYS):
        start, end = DAYS.index(first), DAYS.index(last or first)
        if start <= end:
            return range(start, end + 1)
    notes.wrong(key, f"I do not know the day {quoted(key.value)}.", "H508", "for example mon, sat or mon-fri")
    return range(0)


def _date(notes: Notes, key: Text) -> date | None:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", key.value):
            return date.fromisoformat(key.value)
    except ValueError:
        pass
    notes.wrong(key, f"There is no day {quoted(key.value)}.", "H508", "for example 2026-12-24")
    return None


def _holidays(form: Form) -> PublicHolidays | None:
    written = form.text("holidays")
    if written is None or written.value == "none":
        return None
    import holidays  # slow to import; only hotlines with holidays pay for it

    country, _, part = written.value.partition("-")
    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known:
        hint = meant(country, known) or "a country's two letters, for example DE"
        form.notes.wrong(written, f"I know no public holidays of {quoted(country)}.", "H503", hint)
        return None
    if part and part not in known[country]:
        form.notes.wrong(
            written,
            f"I know no public holidays of {quoted(written.value)}.",
            "H503",
            meant(part, known[country], tell=True),
        )
        return None
    return PublicHolidays(country, part or None)


def _hours(notes: Notes, key: Text, written: Written) -> Hours:
    texts = (written,) if isinstance(written, Text) else getattr(written, "items", ())
    if len(texts) == 1 and isinstance(texts[0], Text) and texts[0].value == "closed":
        return ()
    spans = []
    for text in texts:
        found = _SPAN.fullmatch(text.value.strip()) if isinstance(text, Text) else None
        if not found:
            notes.wrong(text, "This is no opening time.", "H509", "for example 08:00-18:00, or closed")
        elif span := _span(notes, text, found[1], found[2]):
            spans.append(span)
    if not texts:
        notes.wrong(key, "Opening times are missing here.", "H509", "for example 08:00-18:00, or closed")
    spans.sort()
    for before, after in pairwise(spans):
        if before[1] == time(0) or after[0] < before[1]:
            notes.wrong(key, "These opening times overlap.", "H507")
    return tuple(spans)


def _span(notes: Notes, at: Written, opens: str, closes: str) -> tuple[time, time] | None:
    start, end = _minute(opens), _minute(closes)
    if start >= end:
        hint = "past midnight: write 22:00-24:00 here and 00:00-06:00 at the next day"
        notes.wrong(at, "The office would close before it opens.", "H501", hint)
        return None
    return time(*divmod(start, 60)), time(*divmod(end % 1440, 60))


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
