"""ivr plan: what callers will notice when one version of a hotline takes the place of another."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from ivr.commands.hotline_folder import FAULTY, FINE, examined_folder, refuse, the_folder
from ivr.commands.published import VERSION, kept, live, shelf, version_named
from ivr.commands.spoken_to import language_option
from ivr.menu.fault import Fault
from ivr.menu.hotline import Examined
from ivr.menu.tree import Tree
from ivr.settings import menus_folder
from ivr.store import Store
from ivr.view.plan.made import Plan
from ivr.view.plan.made import plan as compare
from ivr.view.plan.report import plan_json, plan_text
from ivr.view.telling import count, tell

CHANGES = 2
"""Exit code of --exit-code when somebody will notice something."""

PUBLISHED = "published"


@click.command()
@click.argument("versions", nargs=-1, metavar="[OLD] [NEW]")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--exit-code", is_flag=True, help="Leave with 2 if something changes, with 0 if not.")
@language_option
def plan(versions: tuple[str, ...], form: str, exit_code: bool, language: str) -> None:
    """Say what callers will notice when NEW takes the place of OLD.

    Each is a folder, the beginning of a version's name (see `ivr versions`), or the word "published". Without OLD it
    is what is published now; without NEW it is the folder $DIALTREE_MENUS or menus.

    \b
        ivr plan                          the folder against what callers hear now
        ivr plan menus/acme
        ivr plan 1a2b3c menus/acme

    \b
    Exit codes:
      0  fine (with --exit-code: nothing changes)
      1  NEW cannot be published as it is
      2  something is missing here (with --exit-code: there are changes)
    """
    old_name, new_name = _names(versions)
    with shelf() as store:
        new = _examined(new_name, None, store)
        if new is None or new.draft is None or not comparable(new):
            _tell_faults(new.faults if new else (), language)
            sys.exit(FAULTY)
        old = _examined(old_name, new.draft, store)
    if old is None or old.draft is None:
        click.echo(tell("plan.nothing_published", language, hotline=new.draft.hotline))
        sys.exit(FINE)
    made = compare(old.draft, new.draft, datetime.now(UTC).date(), language)
    click.echo((plan_json if form == "json" else plan_text)(made, language))
    sys.exit(_code(made, new, form, exit_code, language))


def comparable(examined: Examined) -> bool:
    """Whether a faulty draft was read as a whole, so that comparing it says something."""
    return not any(fault.severity == "error" and fault.code.startswith("Y") for fault in examined.faults)


def _code(made: Plan, new: Examined, form: str, exit_code: bool, language: str) -> int:
    errors = sum(fault.severity == "error" for fault in new.faults)
    if errors:
        if form == "text":
            click.echo(count("plan.faulty", errors, language))
        return FAULTY
    return CHANGES if exit_code and not made.empty else FINE


def _tell_faults(faults: Iterable[Fault], language: str) -> None:
    for fault in faults:
        click.echo(fault.shown(language), err=True)


def _names(versions: Sequence[str]) -> tuple[str, str | None]:
    match versions:
        case ():
            return PUBLISHED, None
        case (new,):
            return PUBLISHED, new
        case (old, new):
            return old, new
    refuse("view.command.two_versions", example="ivr plan OLD NEW")


def _examined(name: str | None, other: Tree | None, store: Store | None) -> Examined | None:
    """A version by its name; None when nothing is published. `other` is what it will be compared with."""
    if name is None:
        return examined_folder(the_folder(menus_folder(os.environ)))
    if name == PUBLISHED:
        draft = other or examined_folder(the_folder(menus_folder(os.environ))).draft
        found = live(store, draft.hotline) if draft else None
        return kept(store, found.version) if store and found else None
    if Path(name).is_dir():
        return examined_folder(the_folder(Path(name)))
    known = version_named(store, name) if VERSION.fullmatch(name) else []
    if len(known) > 1:
        refuse("view.command.several_versions", name=name, names=", ".join(it[:12] for it in known))
    if not known or store is None:
        refuse("view.command.no_version", name=name, example="ivr versions")
    return kept(store, known[0])
