"""ivr check: say whether the menus can be used, and if not, where and what would be right."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from ivr.menu.fault import Fault
from ivr.menu.hotline import Examined, examine_folder, hotline_folders
from ivr.menu.tree import Menu, Tree

FINE, FAULTY, COULD_NOT_RUN = 0, 1, 2


@click.command()
@click.argument("folder", default="menus", envvar="DIALTREE_MENUS", type=click.Path(path_type=Path))
def check(folder: Path) -> None:
    """Say whether the menus in FOLDER can be used.

    FOLDER holds one hotline (its *.yaml files), or several folders with one hotline each; without it:
    $DIALTREE_MENUS or menus. Every fault is told with file, line and column and with what would be right. Nothing is
    changed, and nothing running notices.

    \b
    Exit codes:
      0  fine (there may be warnings)
      1  a hotline cannot be used
      2  there is nothing to read
    """
    if not folder.is_dir():
        click.echo(f"There is no folder {folder} here (name the one that holds your hotline's *.yaml files).", err=True)
        sys.exit(COULD_NOT_RUN)
    folders = hotline_folders(folder)
    if not folders:
        click.echo(f"There are no *.yaml files in {folder}, nor in the folders in it.", err=True)
        sys.exit(COULD_NOT_RUN)
    try:
        examined = [(hotline, examine_folder(hotline)) for hotline in folders]
    except OSError as error:
        click.echo(f"{error.filename} cannot be read: {error.strerror}.", err=True)
        sys.exit(COULD_NOT_RUN)
    for hotline, result in examined:
        click.echo(report(hotline, result))
    twice = numbers_twice({hotline: result.tree for hotline, result in examined if result.tree})
    for fault in twice:
        click.echo(fault)
    sys.exit(FINE if all(result.tree for _, result in examined) and not twice else FAULTY)


def numbers_twice(trees: Mapping[Path, Tree]) -> list[str]:
    """A sentence for each number that stands in several hotlines: only one of them could answer it."""
    folders: dict[str, list[Path]] = {}
    for folder, tree in trees.items():
        for number in tree.numbers:
            folders.setdefault(number, []).append(folder)
    return [
        f"error: {number} stands in {' and in '.join(map(str, places))}: a number belongs to one hotline."
        for number, places in folders.items()
        if len(places) > 1
    ]


def report(folder: Path, result: Examined) -> str:
    """All faults in one hotline's files and a closing line."""
    lines = [str(fault) for fault in result.faults]
    if result.tree:
        warnings = f", {_count(result.faults, 'warning')}" if result.faults else ""
        meets, speaks = things(result.tree), len(result.tree.languages)
        languages = f"{speaks} language{'s' * (speaks > 1)}"
        lines.append(f"{folder}: fine ({meets} things a caller can meet, {languages}{warnings})")
    else:
        counts = f"{_count(result.faults, 'error')}, {_count(result.faults, 'warning')}"
        lines.append(f"{folder}: cannot be used ({counts})")
    return "\n".join(lines)


def things(tree: Tree) -> int:
    """How much a caller can meet: steps, choices of keys and survey questions."""
    options = sum(len(node.options) for node in tree.nodes.values() if isinstance(node, Menu))
    return len(tree.nodes) + options + sum(len(survey.questions) for survey in tree.surveys.values())


def _count(faults: tuple[Fault, ...], severity: str) -> str:
    number = sum(fault.severity == severity for fault in faults)
    return f"{number} {severity}{'s' * (number != 1)}"
