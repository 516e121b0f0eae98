"""ivr hours: what is open when - holidays, exceptions, closings and the nights when the clocks change included."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from ivr.commands.hotline_folder import folder_option, refuse_name, the_tree
from ivr.commands.spoken_to import language_option
from ivr.view.days import hours_lines, now_line
from ivr.view.telling import title

DAYS_DEFAULT, DAYS_MAX = 14, 3700


class _Date(click.ParamType):
    name = "date"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> date:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            return self.fail(f"{value!r} is no date (write it like 2026-12-24)", param, context)


@click.command()
@click.argument("date", type=_Date(), required=False, metavar="[DATE]")
@folder_option
@click.option("--calendar", help="One calendar by its name (else all).")
@click.option("--days", type=click.IntRange(1, DAYS_MAX), help="How many days.  [default: 14, or 1 with DATE]")
@click.option("--every-day", is_flag=True, help="Every day, also where many are asked for.")
@language_option
def hours(
    date: date | None, folder: Path, calendar: str | None, days: int | None, every_day: bool, language: str
) -> None:
    """Say when somebody is there, from DATE on (else from today): two weeks, or --days 365.

    Of more than a month only those days are told that differ from the usual week, each with the reason.
    """
    tree = the_tree(folder)
    if calendar is not None and calendar not in tree.hours:
        refuse_name("view.command.no_hours", calendar, tree.hours)
    now = datetime.now(UTC)
    for number, name in enumerate([calendar] if calendar else tree.hours):
        one = tree.hours[name]
        today = now.astimezone(ZoneInfo(one.timezone)).date()
        if number:
            click.echo()
        click.echo(f"{title(name)} ({one.timezone}): {now_line(one, now, language)}")
        for line in hours_lines(one, date or today, days or (1 if date else DAYS_DEFAULT), language, every_day):
            click.echo(line)
