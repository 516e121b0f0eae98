"""`ivr export-person`: everything that is kept of somebody, as a zip file to hand over."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ivr.commands.erase import the_person
from ivr.commands.operator import operator
from ivr.commands.storage import Unusable, opened
from ivr.privacy import disk
from ivr.privacy.bundle import write_bundle
from ivr.privacy.erasing import Privacy
from ivr.privacy.tombstones import KeyLost
from ivr.settings import data_folder
from recordings.folder import private_folder

NOTHING = 1


@click.command("export-person")
@click.argument("person")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The zip file; else in exports/.")
def export_person(person: str, output: Path | None) -> None:
    """Write what is kept of PERSON - a number (+49 151 ...), an e-mail address, a customer's number - into a zip file.

    In it: every row as JSON, sounds, what was enclosed in e-mails. Without -o it lies in the data folder's `exports`,
    from where it goes by itself: with the log's days, and when PERSON is erased.
    """
    who, data = the_person(person), data_folder(os.environ)
    store = opened(data)
    try:
        privacy = Privacy(store, data)
        kept = privacy.look_up(who)
        if kept.nothing:
            click.echo(f"nothing is kept of {who.value}", err=True)
            raise click.exceptions.Exit(NOTHING)
        path = output or private_folder(data / disk.EXPORTS) / disk.export_name(privacy.digest(who))
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            counts = write_bundle(file, store, data, who)
        with store.transaction() as tx:
            tx.audited(operator(), "person exported", privacy.digest(who)[:16], **counts)
    except (KeyLost, OSError) as error:
        raise Unusable(str(error)) from error
    finally:
        store.close()
    click.echo(f"{path}: " + (", ".join(f"{count} {name}" for name, count in counts.items() if count) or "a few rows"))
    for it in kept.others:
        click.echo(f"in the same matters, and not in it: {it.value}")
