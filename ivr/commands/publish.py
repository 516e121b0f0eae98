"""ivr publish: make a folder what new calls hear, now or later, after saying what that changes."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from ivr.commands.hotline_folder import COULD_NOT_RUN, FAULTY, folder_argument, refuse, the_folder, the_tree
from ivr.commands.moment import MOMENT, local_moment, office_zone
from ivr.commands.operator import note, operator
from ivr.commands.published import kept, live, shelf
from ivr.commands.spoken_to import language_option
from ivr.hotlines import MEANWHILE, NEVER, NO_FOLDER, NOTHING_OLDER, Hotlines, SameNumber, sounds_in
from ivr.menu.fault import MenuError
from ivr.menu.hotline import files_in
from ivr.menu.tree import Tree
from ivr.publication import Publication
from ivr.store import Store
from ivr.view.plan.made import plan as compare
from ivr.view.plan.report import plan_text
from ivr.view.telling import tell
from routing.refusal import Refused

by_option = click.option("--by", default=operator, metavar="NAME", help="Who publishes (else who is logged in).")


@click.command()
@folder_argument
@click.option("--at", type=MOMENT, help="When, on the office's clock: 2026-12-24 14:00 (else at once).")
@by_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@language_option
def publish(folder: Path, at: datetime | None, by: str, yes: bool, language: str) -> None:
    """Make the hotline in FOLDER what new calls hear; calls in progress stay on their version.

    The plan is told first. A hotline with faults is not published, and neither is one if somebody else has published
    in between. From the first publication on the folder is a draft: saving a file changes nothing for callers.
    """
    hotline = the_folder(folder)
    tree = the_tree(folder)
    now = datetime.now(UTC)
    moment = local_moment(tree, at) if at else None
    if moment and moment <= now:
        refuse("plan.publish.past")
    with shelf(make=True) as store:
        assert store is not None  # it was to be made
        before = _told(store, tree, now, language)
        if not yes and sys.stdin.isatty():
            click.confirm(tell("plan.publish.sure", language), abort=True)
        made = _published(store, hotline, tree, by, now, moment, before)
        if isinstance(made, Publication):
            what, due_at = "to be published" if moment else "published", made.due_at.isoformat()
            note(store, what, made.hotline, version=made.version, due_at=due_at, by=by)
    if isinstance(made, Refused):
        end_refused(made, language)
    key, at_text = ("later", f"{moment.astimezone(office_zone(tree)):%Y-%m-%d %H:%M %Z}") if moment else ("now", "")
    click.echo(tell(f"plan.publish.{key}", language, hotline=made.hotline, version=made.version[:12], at=at_text))


def _told(store: Store, tree: Tree, now: datetime, language: str) -> str | None:
    """Tell the plan; the version that would be replaced."""
    found = live(store, tree.hotline)
    old = kept(store, found.version).draft if found else None
    if old is None:
        click.echo(tell("plan.nothing_published", language, hotline=tree.hotline))
    else:
        click.echo(plan_text(compare(old, tree, now.date(), language), language))
    return found.version if found else None


def _published(
    store: Store, hotline: Path, tree: Tree, by: str, now: datetime, at: datetime | None, before: str | None
) -> Publication | Refused:
    hotlines = hotlines_of(store, hotline.absolute().parent)
    made = hotlines.publish(files_in(hotline), by, now, at, sounds_in(hotline, tree), expects=before)
    if isinstance(made, tuple):  # saved again, with a fault, since it was read
        click.echo("\n".join(fault.shown() for fault in made), err=True)
        sys.exit(FAULTY)
    return made


_TOLD = {
    MEANWHILE: "plan.refused.meanwhile", NEVER: "plan.refused.never", NOTHING_OLDER: "plan.refused.nothing_older",
    NO_FOLDER: "plan.refused.no_folder",
}  # fmt: skip
"""How each refusal of publishing is told in the reader's language; others name files and numbers, and stay."""


def end_refused(refused: Refused, language: str) -> NoReturn:
    """Say why nothing was changed, and end the program."""
    key = _TOLD.get(refused)
    click.echo(tell(key, language) if key else refused.why, err=True)
    sys.exit(FAULTY)


def hotlines_of(store: Store, menus: Path) -> Hotlines:
    """All hotlines below a folder. Ends the program when one that is watched cannot be used."""
    try:
        return Hotlines(menus, store)
    except (MenuError, SameNumber, FileNotFoundError) as error:
        click.echo(str(error), err=True)
        sys.exit(COULD_NOT_RUN)
