"""`ivr retention`: what is older than its keeping time taken away now, or told beforehand."""

from __future__ import annotations

import os
from collections.abc import Mapping

import click

from ivr.commands.storage import Unusable, opened
from ivr.keeping import Class, Keeping, read_keeping
from ivr.privacy.retention import Retention
from ivr.settings import data_folder, recordings_folder
from recordings.archive import Archive


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
def retention(dry_run: bool) -> None:
    """Take away what is older than its keeping time; `ivr serve` does this every day.

    DIALTREE_KEEP sets the days: `recordings:90 events:365 log:30` are usual, `acme.recordings:30` is for one hotline.
    What belongs to somebody under legal hold stays, and so does a message whose case is not settled.
    """
    faults: list[str] = []
    keeping = read_keeping(os.environ, faults)
    if faults:
        raise Unusable("\n".join(faults))
    data = data_folder(os.environ)
    store = opened(data)
    try:
        made = Retention(store, data, Archive(recordings_folder(data)), keeping)
        click.echo(_days(keeping))
        counts = made.would_take() if dry_run else made.run().counts
    finally:
        store.close()
    click.echo(("would take away: " if dry_run else "taken away today: ") + _told(counts))


def _days(keeping: Keeping) -> str:
    usual = ", ".join(f"{it} {keeping.days[it]} days" for it in Class)
    others = (f"{it} of {name} {days} days" for it in Class for name, days in keeping.exceptions(it).items())
    return "kept: " + "; ".join([usual, *others])


def _told(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "nothing"
