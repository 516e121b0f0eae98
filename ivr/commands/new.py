"""ivr new: make a hotline to begin with - four languages, a menu, a queue, hours, a survey - that can be used."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from ivr.commands.spoken_to import language_option
from ivr.menu.hotline import examine_folder, hotline_folders
from ivr.menu.language.leaf import NAME_PATTERN
from ivr.menu.language.schema import schema_text
from ivr.menu.told import told

DONE, COULD_NOT_RUN = 0, 2
NAME, NUMBER = "new_hotline", "+1 800 555 0100"
"""What stands in the files we begin with, to be replaced."""

SCHEMA = "hotline.schema.json"


@click.command()
@click.argument("name")
@click.option("--in", "menus", default="menus", envvar="DIALTREE_MENUS", show_default=True,
              type=click.Path(path_type=Path), help="The folder that holds one folder for each hotline.")  # fmt: skip
@language_option
def new(name: str, menus: Path, language: str) -> None:
    """Make the hotline NAME: a folder of files that can be used as they are, and changed as you like.

    NAME is written in small letters a-z, digits and _. Nothing that exists is touched.
    """
    folder = menus / name
    if not re.fullmatch(NAME_PATTERN, name):
        click.echo(told("new.name", language, {"name": name}), err=True)
        sys.exit(COULD_NOT_RUN)
    if folder.exists():
        click.echo(told("new.exists", language, {"folder": str(folder)}), err=True)
        sys.exit(COULD_NOT_RUN)
    number = _free_number(menus)
    for path, content in _template():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        text = content.replace(NAME, name).replace(NUMBER, number).replace(_dialled(NUMBER), _dialled(number))
        target.write_text(text, encoding="utf-8")
    if not (menus / SCHEMA).exists():
        (menus / SCHEMA).write_text(schema_text(), encoding="utf-8")
    click.echo(told("new.made", language, {"folder": str(folder), "number": number}))


def _template() -> Iterator[tuple[str, str]]:
    """The files to begin with, by their names within the hotline."""
    todo: list[tuple[str, Traversable]] = [("", files("ivr.menu") / "template")]
    while todo:
        prefix, folder = todo.pop()
        for item in sorted(folder.iterdir(), key=lambda item: item.name):
            if item.is_dir():
                todo.append((f"{prefix}{item.name}/", item))
            else:
                yield prefix + item.name, item.read_text(encoding="utf-8")


def _free_number(menus: Path) -> str:
    """A number out of those set aside for examples that no other hotline of the folder has."""
    examined = [examine_folder(folder).tree for folder in hotline_folders(menus)] if menus.is_dir() else []
    taken = {number for tree in examined if tree for number in tree.numbers}
    numbers = (f"+1 800 555 01{number:02}" for number in range(100))
    return next((number for number in numbers if _dialled(number) not in taken), NUMBER)


def _dialled(number: str) -> str:
    return number.replace(" ", "")
