"""`ivr audit`: who did what to this installation, and whether every row of it is as it was written."""

from __future__ import annotations

import os
import sys

import click

from ivr.commands.storage import opened
from ivr.settings import data_folder

CHANGED = 1


@click.command()
@click.option("--last", default=20, show_default=True, type=click.IntRange(0, 10_000), help="How many rows to show.")
def audit(last: int) -> None:
    """Show the latest rows of the audit, and check the chain of all of them.

    Note the last line somewhere else now and then: whoever takes rows off the end cannot make it come out the same.
    Exit code 1: a row was changed, or is missing.
    """
    store = opened(data_folder(os.environ))
    try:
        with store.look() as tx:
            rows, fault, (count, digest) = tx.audit.latest(last), tx.audit.first_fault(), tx.audit.head()
    finally:
        store.close()
    for row in reversed(rows):
        more = " ".join(f"{name}={value}" for name, value in row.fields.items())
        told = (
            f"{row.seq:>6}  {row.at:%Y-%m-%d %H:%M:%S}  {row.who:<16} {row.what:<20} {row.about} {more} ({row.origin})"
        )
        click.echo(told)
    if fault is not None:
        click.echo(f"row {fault} is not as it was written, or is missing: the audit was changed", err=True)
        sys.exit(CHANGED)
    click.echo(f"{count} rows, all as they were written; the latest digest is {digest}")
