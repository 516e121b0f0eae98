"""`ivr erase`: everything that is kept of somebody taken away for good."""

from __future__ import annotations

import os
import sys

import click

from ivr.commands.operator import operator
from ivr.commands.storage import Unusable, opened, published
from ivr.privacy.counting import counting
from ivr.privacy.disk import still_on
from ivr.privacy.erasing import Erased, Kept, Privacy
from ivr.privacy.person import Person, read_person
from ivr.privacy.tombstones import KeyLost
from ivr.settings import data_folder, menus_folder
from routing.refusal import Refused

REFUSED = 1


@click.command()
@click.argument("person")
@click.option("--also", multiple=True, metavar="PERSON", help="The same person by another number or address.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(person: str, also: tuple[str, ...], yes: bool) -> None:
    """Take away for good what is kept of PERSON: a number (+49 151 ...), an e-mail address, or a customer's number.

    Calls, cases and waits stay as numbers in reports; who it was, what was said, typed and written, and every sound
    goes. A legal hold keeps it from being done. A backup that is put back is erased again when the program starts.
    """
    people = [the_person(typed) for typed in (person, *also)]
    privacy = privacy_here()
    kept = [privacy.look_up(it) for it in people]
    for it in kept:
        tell(it)
    others = sorted({other.value for it in kept for other in it.others} - {it.value for it in people})
    if others:
        click.echo(f"in the same matters, and kept unless you name them with --also: {', '.join(others)}")
    if not yes:
        click.confirm("This cannot be undone. Erase?", abort=True)
    looked_for: set[str] = set()
    for it in people:
        try:
            done = privacy.erase(it, operator())
        except KeyLost as error:
            raise Unusable(str(error)) from error
        if isinstance(done, Refused):
            click.echo(f"{it.masked} is not erased: {done.why}" + (f" ({done.hint})" if done.hint else ""), err=True)
            sys.exit(REFUSED)
        _tell_done(it, done)
        looked_for |= done.left.keys()
    for text, files in still_on(data_folder(os.environ), looked_for).items():
        click.echo(f"warning: {text!r} still stands in {', '.join(files)} (another person of that name?)", err=True)


def the_person(typed: str) -> Person:
    """Whom the command is about; ends the program where that cannot be."""
    found = read_person(typed)
    if isinstance(found, Refused):
        raise click.UsageError(f"{typed!r}: {found.why} (right would be {found.hint})")
    return found


def privacy_here() -> Privacy:
    """This installation's. Fields of cases that are counted stay where the hotlines can be read."""
    store = opened(data_folder(os.environ))
    try:
        trees = published(menus_folder(os.environ), store)
    except Unusable as error:
        click.echo(f"without the hotlines' forms: {error.message.splitlines()[0]}", err=True)
        trees = ()
    return Privacy(store, data_folder(os.environ), counting(lambda: trees))


def tell(kept: Kept) -> None:
    """How much there is."""
    told = ", ".join(f"{count} {name}" for name, count in kept.counts.items() if count)
    click.echo(f"{kept.person.value}: {told or 'nothing is kept'}")
    if kept.hold:
        click.echo(f"  held: {kept.hold.why} (by {kept.hold.made_by}, {kept.hold.made_at:%Y-%m-%d})")


def _tell_done(person: Person, done: Erased) -> None:
    click.echo(f"{person.masked} is erased ({done.id}); {done.swept} other mentions were struck out")
    if not done.flushed:
        click.echo("warning: somebody reads just now; the log beside the database has it until the daily run", err=True)
