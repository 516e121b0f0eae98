"""ivr crawl: every way through the tree looked at - nobody is left nowhere - and written down as call scripts."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from ivr.commands.hotline_folder import FAULTY, FINE, folder_argument, refuse, the_folder, the_tree, write
from ivr.commands.playing import START
from ivr.commands.spoken_to import language_option
from ivr.commands.test import SUFFIX
from ivr.menu.tree import Tree
from ivr.view.cover.told import row, what
from ivr.view.crawl.as_script import can_be_scripted, script
from ivr.view.crawl.proof import DeadEnd, Proof, prove
from ivr.view.crawl.told import file_name, way_lines
from ivr.view.crawl.walk import STATES_MAX, Walk
from ivr.view.crawl.ways import Path as CallPath
from ivr.view.crawl.ways import Ways, come_by, few, find_ways
from ivr.view.telling import count, spoken, tell, title

SCRIPTS_MAX = 500
ENDS_SHOWN_MAX = 10
NAMES_SHOWN_MAX = 5
OURS = "# ivr crawl"
"""How a script begins that was written here, and may be written anew."""


@click.command()
@folder_argument
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Write call scripts here.")
@click.option("--max", "states_max", type=click.IntRange(1), default=STATES_MAX, show_default=True, metavar="N",
              help="Look at so many situations of a call.")  # fmt: skip
@click.option("--scripts", "scripts_max", type=click.IntRange(1), default=SCRIPTS_MAX, show_default=True, metavar="N",
              help="Write so many scripts, those with the shortest ways.")  # fmt: skip
@language_option
def crawl(folder: Path, out: Path | None, states_max: int, scripts_max: int, language: str) -> None:
    """Look at every way that a call can take through the hotline in FOLDER, and say whether anybody is left nowhere.

    Every key, no key, wrong keys, nobody there, no answer: each is tried in every situation a call can be in, by the
    program that answers callers. From each, a person, a message or a notice of the next opening must be reached, in
    so many inputs; else the shortest way is told on which that never happens.

    --out writes call scripts: the shortest way to everything that can happen to a caller; what one call comes by on
    its way is not written twice. `ivr test DIR` plays them.

    \b
    Exit codes:
      0  fine
      1  there is a way that leads nowhere
      2  there is nothing to read
    """
    home = the_folder(folder)
    tree = the_tree(folder)
    ways = find_ways(tree, START, states_max)
    proof = prove(ways.walk)
    for line in _told(tree, ways.walk, proof, language):
        click.echo(line)
    if out:
        _write(tree, ways, out, scripts_max, home, language)
    sys.exit(FAULTY if proof.dead_ends else FINE)


def _told(tree: Tree, walk: Walk, proof: Proof, language: str) -> Iterator[str]:
    name = spoken(tree.name, language) or title(tree.hotline)
    looked = sum(state.looked for state in walk.states.values())
    yield tell("crawl.looked", language, hotline=name, states=looked, steps=walk.steps)
    for end in proof.dead_ends[:ENDS_SHOWN_MAX]:
        yield ""
        yield from _dead_end(tree, end, language)
    if len(proof.dead_ends) > ENDS_SHOWN_MAX:
        yield tell("crawl.more_ends", language, n=len(proof.dead_ends) - ENDS_SHOWN_MAX)
    if not proof.dead_ends:
        yield tell("crawl.proved", language)
        yield count("crawl.slowest", proof.slowest, language)
        yield count("crawl.longest", proof.longest, language, name=title(proof.farthest))
    if not walk.whole:
        yield _left_out(walk, looked, language)


def _dead_end(tree: Tree, end: DeadEnd, language: str) -> Iterator[str]:
    yield tell(f"crawl.end.{end.trouble}", language, name=title(end.node), why=end.why)
    yield from (f"  {line}" for line in way_lines(tree, end.start, end.heard, language))


def _left_out(walk: Walk, looked: int, language: str) -> str:
    names = [title(it) for it in walk.unseen]
    if not names:
        return tell("crawl.part.all", language, n=looked)
    shown = ", ".join(names[:NAMES_SHOWN_MAX])
    if len(names) > NAMES_SHOWN_MAX:
        shown = tell("crawl.and_more", language, names=shown, n=len(names) - NAMES_SHOWN_MAX)
    return tell("crawl.part", language, n=looked, names=shown)


def _write(tree: Tree, ways: Ways, out: Path, scripts_max: int, home: Path, language: str) -> None:
    """Write the scripts; those of an earlier crawl make room, and nothing else is touched."""
    found = list(out.iterdir()) if out.is_dir() else []
    if any(not _is_ours(it) for it in found):
        refuse("crawl.in_the_way", folder=out)
    out.mkdir(parents=True, exist_ok=True)
    for file in found:
        file.unlink()
    wanted = [it for it in ways.points if it in ways.paths and can_be_scripted(ways.paths[it])]
    paths = few(tree, [ways.paths[it] for it in wanted], wanted)
    for number, path in enumerate(paths[:scripts_max], 1):
        write(f"{OURS}\n{script(tree, path, _about(tree, path, ways, language))}", out / file_name(tree, path, number))
    click.echo(count("crawl.written", min(len(paths), scripts_max), language, folder=out))
    if len(paths) > scripts_max:
        click.echo(tell("crawl.not_written", language, n=len(paths) - scripts_max))
    click.echo(tell("crawl.try", language, folder=out, menus=home))


def _is_ours(file: Path) -> bool:
    return file.is_file() and file.suffix == SUFFIX and file.read_text("utf-8", "replace").startswith(OURS)


def _about(tree: Tree, path: CallPath, ways: Ways, language: str) -> list[str]:
    """What this path is the shortest way to."""
    own = [it for it in ways.points if ways.paths.get(it) == path and it in come_by(tree, path)]
    return [f"{row(tree, it, language)}: {what(tree, it, language)}" for it in own]
