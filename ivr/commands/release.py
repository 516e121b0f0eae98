"""ivr release: the folder is no draft any more - new calls hear again what is saved in it."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

import click

from ivr.commands.hotline_folder import FAULTY
from ivr.commands.operator import note
from ivr.commands.publish import by_option, end_refused, hotlines_of
from ivr.commands.published import hotline_named, shelf
from ivr.commands.spoken_to import language_option
from ivr.settings import menus_folder
from ivr.view.telling import tell
from routing.refusal import Refused


@click.command()
@click.argument("hotline", required=False)
@by_option
@language_option
def release(hotline: str | None, by: str, language: str) -> None:
    """Let new calls hear again what is saved in HOTLINE's folder, as before the first `ivr publish`.

    For trying things out: save, call, and hear it. What was to be published later is called off.
    A folder with faults is not released: what is published goes on.
    """
    with shelf() as store:
        name = hotline_named(store, hotline)
        assert store is not None  # or no hotline would have been found in it
        refused = hotlines_of(store, menus_folder(os.environ)).release(name, by, datetime.now(UTC))
        if refused is None:
            note(store, "released", name, by=by)
    if isinstance(refused, Refused):
        end_refused(refused, language)
    if refused:
        click.echo("\n".join(fault.shown(language) for fault in refused), err=True)
        click.echo(tell("plan.refused.release", language, hotline=name), err=True)
        sys.exit(FAULTY)
    click.echo(tell("plan.publish.released", language, hotline=name))
