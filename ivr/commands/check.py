"""ivr check: say whether the menus can be used, and if not, where and what would be right."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Mapping
from itertools import repeat
from pathlib import Path

import click

from ivr.commands.spoken_to import language_option
from ivr.menu.hotline import Examined, examine_folder, hotline_folders
from ivr.menu.report import FORMATS, Report, count
from ivr.menu.told import counted, told
from ivr.menu.tree import Menu, Tree

FINE, FAULTY, COULD_NOT_RUN = 0, 1, 2
LOOK_AGAIN_S = 0.5


@click.command()
@click.argument("folder", default="menus", envvar="DIALTREE_MENUS", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(tuple(FORMATS)), default="text", show_default=True,
              help="How it is told: to you, or to another program.")  # fmt: skip
@click.option("--watch", is_flag=True, help="Stay, and check again whenever a file is saved; Ctrl-C ends it.")
@language_option
def check(folder: Path, form: str, watch: bool, language: str) -> None:
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
        click.echo(told("check.no_folder", language, {"folder": str(folder)}), err=True)
        sys.exit(COULD_NOT_RUN)
    if watch:
        sys.exit(_watch(folder, form, language))
    sys.exit(_check(folder, form, language))


def _check(folder: Path, form: str, language: str) -> int:
    """Read everything once, tell it, and say with which code to leave."""
    folders = hotline_folders(folder)
    if not folders:
        click.echo(told("check.no_files", language, {"folder": str(folder)}), err=True)
        return COULD_NOT_RUN
    try:
        examined = [(hotline, examine_folder(hotline)) for hotline in folders]
    except OSError as error:
        values = {"file": str(error.filename), "why": str(error.strerror)}
        click.echo(told("check.unreadable", language, values), err=True)
        return COULD_NOT_RUN
    reports = [Report(str(hotline), result.faults, closing(hotline, result, language)) for hotline, result in examined]
    if words := FORMATS[form](reports, language):
        click.echo(words)
    twice = numbers_twice({hotline: result.tree for hotline, result in examined if result.tree}, language)
    for fault in twice:
        click.echo(fault, err=True)
    return FINE if all(result.tree for _, result in examined) and not twice else FAULTY


def numbers_twice(trees: Mapping[Path, Tree], language: str) -> list[str]:
    """A sentence for each number that stands in several hotlines: only one of them could answer it."""
    folders: dict[str, list[str]] = {}
    for folder, tree in trees.items():
        for number in tree.numbers:
            folders.setdefault(number, []).append(str(folder))
    return [
        told("check.number_twice", language, {"number": number, "folder": places[0], "other": ", ".join(places[1:])})
        for number, places in folders.items()
        if len(places) > 1
    ]


def _watch(folder: Path, form: str, language: str) -> int:
    code = FINE

    def look() -> None:
        nonlocal code
        code = _check(folder, form, language)
        click.echo(told("check.watching", language, {"folder": str(folder)}), err=True)

    try:
        pauses = (time.sleep(seconds) for seconds in repeat(LOOK_AGAIN_S))  # a person is watched, in real time
        whenever_saved(lambda: _stamps(folder), look, pauses)
    except KeyboardInterrupt:
        click.echo(err=True)
    return code


def whenever_saved(stamps: Callable[[], object], look: Callable[[], None], waits: Iterable[object]) -> None:
    """Look at once, and after each wait again if the stamps have changed since."""
    before = stamps()
    look()
    for _ in waits:
        now = stamps()
        if now != before:
            before = now
            look()


def _stamps(folder: Path) -> list[tuple[str, int, int]]:
    """What changes when a file is saved, added or taken away."""
    found = []
    for path in sorted(folder.rglob("*")):
        try:
            facts = path.stat()
        except OSError:  # editors replace files: it was there a moment ago, or will be
            continue
        found.append((str(path), facts.st_mtime_ns, facts.st_size))
    return found


def closing(folder: Path, result: Examined, language: str) -> str:
    """The closing line of one hotline."""
    warnings = count(result.faults, "warning", language)
    if result.tree is None:
        errors = count(result.faults, "error", language)
        return told("check.broken", language, {"folder": str(folder), "errors": errors, "warnings": warnings})
    languages = counted("count.language", len(result.tree.languages), language)
    values = {"folder": str(folder), "things": str(things(result.tree)), "languages": languages}
    if any(fault.severity == "warning" for fault in result.faults):
        return told("check.fine_but", language, {**values, "warnings": warnings})
    return told("check.fine", language, values)


def things(tree: Tree) -> int:
    """How much a caller can meet: steps, choices of keys and survey questions."""
    options = sum(len(node.options) for node in tree.nodes.values() if isinstance(node, Menu))
    return len(tree.nodes) + options + sum(len(survey.questions) for survey in tree.surveys.values())
