"""`ivr emergency`: the switch for what nobody foresaw - new calls hear something else first, until a set time."""

from __future__ import annotations

import os
import sys
import uuid
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click

from ivr.commands.moment import MOMENT, local_moment
from ivr.commands.operator import operator
from ivr.emergency import Emergency
from ivr.hotlines import Hotlines, SameNumber
from ivr.menu.fault import MenuError
from ivr.menu.tree import Tree
from ivr.settings import data_folder, menus_folder
from ivr.store import Store

CANNOT_RUN = 2


@click.group()
def emergency() -> None:
    """Let every new call hear the words under `emergency` first, with no change in the hotline's files.

    The switch ends by itself: nobody has to think of it when there is enough else to do. Calls in progress are left
    alone.
    """


@emergency.command()
@click.argument("hotline")
@click.option("--until", required=True, type=MOMENT, help='Its end, on the office\'s clock: "2026-12-24 18:00".')
@click.option("--by", default="", metavar="NAME", help="Who puts it on.  [default: the name you are logged in by]")
def on(hotline: str, until: datetime, by: str) -> None:
    """Put the switch of HOTLINE on, or set another end."""
    with _Installed() as installed:
        tree = installed.tree(hotline)
        end, now = local_moment(tree, until), datetime.now(UTC)
        if end <= now:
            raise click.BadParameter(f"{until:%Y-%m-%d %H:%M} is over already", param_hint="--until")
        by = by or operator()
        with installed.store.transaction() as tx:
            tx.emergencies.put_on(Emergency(hotline, end, by, now))
            tx.happened(hotline, "emergency on", until=end.isoformat(), by=by)
            tx.audited(operator(), "emergency on", hotline, until=end.isoformat(), by=by)
        said = next(iter(tree.emergency.words.values())) if tree.emergency else "an apology, and a message can be left"
        click.echo(f"{hotline}: until {_shown(tree, end)} every new call hears first: {said}")


@emergency.command()
@click.argument("hotline")
@click.option("--by", default="", metavar="NAME", help="Who puts it off.  [default: the name you are logged in by]")
def off(hotline: str, by: str) -> None:
    """Put the switch of HOTLINE off before its time."""
    with _Installed() as installed:
        installed.tree(hotline)
        with installed.store.transaction() as tx:
            was_on = tx.emergencies.on(hotline, datetime.now(UTC)) is not None
            tx.emergencies.put_off(hotline)
            if was_on:
                tx.happened(hotline, "emergency off", by=by or operator())
                tx.audited(operator(), "emergency off", hotline, by=by or operator())
        click.echo(f"{hotline}: new calls hear the usual menu" + ("" if was_on else "; the switch was off"))


@emergency.command()
def show() -> None:
    """Say which switches are on, since when and until when."""
    with _Installed() as installed:
        with installed.store.look() as tx:
            found = tx.emergencies.all_on(datetime.now(UTC))
        for it in found:
            tree = installed.tree(it.hotline)
            click.echo(f"{it.hotline}: on until {_shown(tree, it.until)}, by {it.set_by}, {_shown(tree, it.set_at)}")
        if not found:
            click.echo("no switch is on")


class _Installed:
    """The database and the hotlines of this installation, for one command."""

    def __enter__(self) -> _Installed:
        data = data_folder(os.environ)
        data.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{data / 'dialtree.db'}"
        self.store = Store(url, lambda: datetime.now(UTC), lambda: uuid.uuid4().hex)
        try:
            self._hotlines = Hotlines(menus_folder(os.environ), self.store)
        except (MenuError, FileNotFoundError, SameNumber) as error:
            self.store.close()
            click.echo(f"{error}\nNothing can be switched before this is put right.", err=True)
            sys.exit(CANNOT_RUN)
        return self

    def __exit__(self, *_: object) -> None:
        self.store.close()

    def tree(self, hotline: str) -> Tree:
        """The hotline of this name."""
        trees = {tree.hotline: tree for tree in self._hotlines.current()}
        if hotline not in trees:
            raise click.BadParameter(f"there is no hotline {hotline!r} (there is {', '.join(trees)})")
        return trees[hotline]


def _shown(tree: Tree, moment: datetime) -> str:
    zone = ZoneInfo(next((calendar.timezone for calendar in tree.hours.values()), "UTC"))
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
