"""Hotline folder: the FOLDER of commands that look at one hotline, and its tree - or what is wrong with it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

import click

from ivr.menu.fault import meant
from ivr.menu.hotline import Examined, examine_folder, hotline_folders
from ivr.menu.told import language_of
from ivr.menu.tree import Tree
from ivr.view.telling import tell

FINE, FAULTY, COULD_NOT_RUN = 0, 1, 2

folder_argument = click.argument("folder", default="menus", envvar="DIALTREE_MENUS", type=click.Path(path_type=Path))
folder_option = click.option(
    "--folder",
    default="menus",
    envvar="DIALTREE_MENUS",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The folder that holds the hotline's *.yaml files, or one folder with them.",
)


def caller_language(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option for the language that callers hear; None: the hotline's first one."""
    option = click.option("--language", metavar="CODE", help="What callers hear: en, de, sr, es (else the first one).")
    return option(command)


def the_folder(folder: Path) -> Path:
    """The one hotline in `folder`: itself, or the only folder in it. Ends the program when that is not clear."""
    if not folder.is_dir():
        refuse("check.no_folder", folder=folder)
    folders = hotline_folders(folder)
    if not folders:
        refuse("check.no_files", folder=folder)
    if len(folders) > 1:
        refuse("view.command.several", folder=folder, names=", ".join(map(str, folders)))
    return folders[0]


def examined_folder(hotline: Path) -> Examined:
    """What comes of reading a hotline's folder. Ends the program when a file cannot be read at all."""
    try:
        return examine_folder(hotline)
    except OSError as error:
        refuse("check.unreadable", file=error.filename, why=error.strerror)


def the_tree(folder: Path) -> Tree:
    """The tree of the one hotline in `folder`. Tells the faults and ends the program when it cannot be used."""
    hotline = the_folder(folder)
    examined = examined_folder(hotline)
    if examined.tree is None:
        for fault in examined.faults:
            click.echo(fault.shown(messages_language()), err=True)
        click.echo(tell("view.command.faulty", messages_language(), folder=hotline), err=True)
        sys.exit(FAULTY)
    return examined.tree


def heard_language(tree: Tree, asked: str | None) -> str:
    """The language asked for, which the hotline must speak, or its first one."""
    if asked is not None and asked not in tree.languages:
        refuse("view.command.not_spoken", hotline=tree.hotline, language=asked, names=", ".join(tree.languages))
    return asked or tree.languages[0]


def messages_language() -> str:
    """The language in which this person reads messages, as the environment says."""
    names = ("DIALTREE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    return language_of(next((value for name in names if (value := os.environ.get(name))), None))


def write(text: str, output: Path | None) -> None:
    """Put a text into a file, or on the screen."""
    if output is None:
        click.echo(text, nl=not text.endswith("\n"))
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        refuse("view.command.unwritable", file=output, why=error.strerror)


def refuse(key: str, /, **values: object) -> NoReturn:
    """Say in the reader's language why this cannot run, and end the program."""
    click.echo(tell(key, messages_language(), **values), err=True)
    sys.exit(COULD_NOT_RUN)


def refuse_name(key: str, name: str, known: Iterable[str]) -> NoReturn:
    """The same for a name that is not known, with the one that was probably meant."""
    reader = messages_language()
    hint = meant(name, known, tell=True)
    click.echo(tell(key, reader, name=name) + (f" ({hint.in_language(reader)})" if hint else ""), err=True)
    sys.exit(COULD_NOT_RUN)
