"""ivr rollback: new calls hear again what was published before."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import click

from ivr.commands.operator import note
from ivr.commands.publish import by_option, end_refused, hotlines_of
from ivr.commands.published import hotline_named, kept, live, shelf
from ivr.commands.spoken_to import language_option
from ivr.settings import menus_folder
from ivr.view.plan.made import plan as compare
from ivr.view.plan.report import plan_text
from ivr.view.telling import tell
from routing.refusal import Refused


@click.command()
@click.argument("hotline", required=False)
@by_option
@language_option
def rollback(hotline: str | None, by: str, language: str) -> None:
    """Let new calls hear again what was published of HOTLINE before; calls in progress stay on their version.

    What was to be published later is called off. What this changes is told afterwards: it is the way back from
    something that went wrong, so nothing is asked.
    """
    now = datetime.now(UTC)
    with shelf() as store:
        name = hotline_named(store, hotline)
        assert store is not None  # or no hotline would have been found in it
        before = live(store, name)
        made = hotlines_of(store, menus_folder(os.environ)).rollback(name, by, now)
        if isinstance(made, Refused):
            end_refused(made, language)
        note(store, "rolled back", name, version=made.version, by=by)
        old, new = kept(store, before.version).draft if before else None, kept(store, made.version).draft
    click.echo(tell("plan.publish.now", language, hotline=name, version=made.version[:12], at=""))
    if old and new:
        click.echo(plan_text(compare(old, new, now.date(), language), language))
