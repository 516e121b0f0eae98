"""`ivr hold`: legal holds - of whom nothing may be erased, since when, and why."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from ivr.commands.erase import REFUSED, the_person
from ivr.commands.operator import operator
from ivr.commands.storage import opened
from ivr.privacy.erasing import Privacy
from ivr.settings import data_folder
from routing.refusal import Refused


@click.group()
def hold() -> None:
    """Keep what is kept of somebody from being erased, as a court may order; neither `erase` nor time takes it away."""


@hold.command("on")
@click.argument("person")
@click.option("--why", required=True, help="Which order or dispute it is for: shown to whoever tries to erase.")
def put_on(person: str, why: str) -> None:
    """Hold what is kept of PERSON."""
    with _here() as privacy:
        _end(privacy.hold(the_person(person), why, operator()))
    click.echo("held")


@hold.command("off")
@click.argument("hold_id", metavar="ID")
def put_off(hold_id: str) -> None:
    """End the hold ID; keeping times and `ivr erase` are free again."""
    with _here() as privacy:
        _end(privacy.end_hold(hold_id, operator()))
    click.echo("no longer held")


@hold.command("list")
def list_holds() -> None:
    """List the holds in force."""
    with _here() as privacy:
        found = privacy.holds()
    for it in found:
        click.echo(f"{it.id}  {it.made_at:%Y-%m-%d}  {it.made_by:<12} {it.person.masked}  {it.why}")
    if not found:
        click.echo("nobody is held")


@contextmanager
def _here() -> Iterator[Privacy]:
    data = data_folder(os.environ)
    store = opened(data)
    try:
        yield Privacy(store, data)
    finally:
        store.close()


def _end(no: Refused | None) -> None:
    if no:
        click.echo(no.why + (f" ({no.hint})" if no.hint else ""), err=True)
        sys.exit(REFUSED)
