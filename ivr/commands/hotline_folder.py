"""Hotline folder: the FOLDER of commands that look at one hotline, and its tree - or what is wrong with it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click

from ivr.menu.hotline import Examined, examine_folder, hotline_folders
from ivr.menu.told import language_of
from ivr.menu.tree import Tree

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
        refuse(f"There is no folder {folder} here (name the one that holds your hotline's *.yaml files).")
    folders = hotline_folders(folder)
    if not folders:
        refuse(f"There are no *.yaml files in {folder}, nor in the folders in it.")
    if len(folders) > 1:
        refuse(f"There are several hotlines in {folder}: name one of {', '.join(str(it) for it in folders)}.")
    return folders[0]


def examined_folder(hotline: Path) -> Examined:
    """What comes of reading a hotline's folder. Ends the program when a file cannot be read at all."""
    try:
        return examine_folder(hotline)
    except OSError as error:
        refuse(f"{error.filename} cannot be read: {error.strerror}.")


def the_tree(folder: Path) -> Tree:
    """The tree of the one hotline in `folder`. Tells the faults and ends the program when it cannot be used."""
    hotline = the_folder(folder)
    examined = examined_folder(hotline)
    if examined.tree is None:
        for fault in examined.faults:
            click.echo(fault.shown(messages_language()), err=True)
        click.echo(f"{hotline} cannot be used before this is put right.", err=True)
        sys.exit(FAULTY)
    return examined.tree


def heard_language(tree: Tree, asked: str | None) -> str:
    """The language asked for, which the hotline must speak, or its first one."""
    if asked is not None and asked not in tree.languages:
        refuse(f"{tree.hotline} does not speak {asked!r}: there are {', '.join(tree.languages)}.")
    return asked or tree.languages[0]


def messages_language() -> str:
    """The language in which this person reads messages, from LC_ALL or LANG."""
    return language_of(os.environ.get("LC_ALL") or os.environ.get("LANG"))


def write(text: str, output: Path | None) -> None:
    """Put a text into a file, or on the screen."""
    if output is None:
        click.echo(text, nl=not text.endswith("\n"))
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        refuse(f"{output} cannot be written: {error.strerror}.")


def refuse(message: str) -> NoReturn:
    """Say why this cannot run, and end the program."""
    click.echo(message, err=True)
    sys.exit(COULD_NOT_RUN)
