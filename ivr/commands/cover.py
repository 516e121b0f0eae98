"""ivr cover: what of all that can happen to a caller the call scripts try, and calls that would try the rest."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from ivr.commands.hotline_folder import FINE, folder_argument, the_folder, the_tree, write
from ivr.commands.playing import START
from ivr.commands.rehearsed import Rehearsed, rehearsed
from ivr.commands.spoken_to import language_option
from ivr.commands.test import scripts
from ivr.commands.tried import keep
from ivr.lint.subject import Coverage
from ivr.menu.place import Place
from ivr.menu.tree import Tree
from ivr.simulator.script.hearing import folded
from ivr.view.cover.measure import Measure, Proposal, measure, proposals
from ivr.view.cover.table import coloured_page, lines, rows
from ivr.view.cover.told import row, what
from ivr.view.crawl.as_script import can_be_scripted, script
from ivr.view.crawl.walk import STATES_MAX
from ivr.view.crawl.ways import Ways, find_ways
from ivr.view.telling import count, spoken, tell, title

LESS = 1
SHOWN_MAX = 20
"""Calls that are proposed at one time, each of them played before it is shown."""
COLOURS = {"all": "green", "some": "yellow", "none": "red"}


@dataclass(frozen=True, slots=True)
class Proposed:
    """A call that is proposed: what it tries, its script, and what does not go as written when it is played."""

    proposal: Proposal
    script: str
    why: str


@click.command()
@folder_argument
@click.option("--fail-under", type=click.IntRange(0, 100), default=0, metavar="PERCENT", help="Leave with 1 if less.")
@click.option("--json", "as_json", is_flag=True, help="Tell it to another program.")
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Draw the tree too, coloured.")
@click.option("--max", "states_max", type=click.IntRange(1), default=STATES_MAX, show_default=True, metavar="N",
              help="Look at so many situations of a call for ways to what is not tried.")  # fmt: skip
@language_option
def cover(folder: Path, fail_under: int, as_json: bool, html: Path | None, states_max: int, language: str) -> None:
    """Say what of all that can happen to a caller is tried by the call scripts (*.call) in FOLDER, and what is not.

    The scripts are played as `ivr test` plays them. What counts: every choice; silence and wrong keys up to where they
    lead; digits entered and corrected; each rule of a `when`; open, closed and holiday; each language once; the keys
    for a person, back and again once; a conversation in each queue, its overflows and keys; what comes of look-ups,
    transfers, callbacks, messages and surveys. For what no script tries, scripts are shown that do.

    \b
    Exit codes:
      0  fine
      1  less than --fail-under is tried, or a script does not go as it says
      2  there is nothing to read
    """
    home = the_folder(folder)
    tree = the_tree(folder)
    played = {file: rehearsed(_text(file), str(file), home) for file in scripts((home,))}
    fine = [it for it in played.values() if not it.why]
    ways = find_ways(tree, START, states_max)
    measured = measure(
        tree, ways, frozenset().union(*(it.points for it in fine)), frozenset().union(*(it.words for it in fine))
    )
    keep(home, _for_lint(measured, played))
    wanted = proposals(tree, ways, measured.gaps)
    proposed = [_proposed(tree, it, home, language) for it in wanted[:SHOWN_MAX]]
    if html:
        write(
            coloured_page(tree, measured, language if language in tree.languages else tree.languages[0], language), html
        )
    if as_json:
        click.echo(json.dumps(_json(tree, measured, played, proposed, language), ensure_ascii=False, indent=2))
    else:
        _tell(tree, measured, played, ways, proposed, len(wanted), language)
    if measured.percent < fail_under:
        click.echo(tell("cover.under", language, percent=measured.percent, least=fail_under), err=True)
    sys.exit(LESS if measured.percent < fail_under or len(fine) < len(played) else FINE)


def _for_lint(measured: Measure, played: Mapping[Path, Rehearsed]) -> Coverage:
    """What lint tells of it: choices that nobody tries, and words waited for that no call has heard."""
    said = folded("\n".join(it.said for it in played.values()))
    missed = [(file, it.unheard) for file, it in played.items() if it.unheard and folded(it.unheard[2]) not in said]
    return Coverage(
        tuple((it.where, it.detail) for it in measured.gaps if it.what == "option"),
        tuple((Place(file.as_posix(), line, column), words) for file, (line, column, words) in missed),
    )


def _text(file: Path) -> str:
    return file.read_bytes().decode("utf-8-sig", errors="replace")


def _proposed(tree: Tree, proposal: Proposal, home: Path, language: str) -> Proposed:
    about = [f"{row(tree, it, language)}: {what(tree, it, language)}" for it in proposal.tries]
    text = script(tree, proposal.path, about)
    played = rehearsed(text, "proposed.call", home)
    missed = [it for it in proposal.tries if it not in played.points]
    return Proposed(proposal, text, played.why or "; ".join(what(tree, it, language) for it in missed))


def _tell(
    tree: Tree, measured: Measure, played: Mapping[Path, Rehearsed], ways: Ways, proposed: list[Proposed], wanted: int,
    language: str,
) -> None:  # fmt: skip
    for line, colour in _lines(tree, measured, played, ways, proposed, wanted, language):
        click.echo(click.style(line, fg=colour) if colour and "NO_COLOR" not in os.environ else line)


def _lines(
    tree: Tree, measured: Measure, played: Mapping[Path, Rehearsed], ways: Ways, proposed: list[Proposed], wanted: int,
    language: str,
) -> Iterator[tuple[str, str | None]]:  # fmt: skip
    for file, it in played.items():
        if it.why:
            yield tell("cover.red", language, file=file, why=it.why), "red"
    fine = sum(not it.why for it in played.values())
    yield count("cover.head", fine, language, hotline=spoken(tree.name, language) or title(tree.hotline)), None
    yield "", None
    yield from ((line, COLOURS[share]) for line, share in lines(rows(tree, measured, language), measured, language))
    yield "", None
    yield tell("cover.words", language, heard=measured.words_heard, all=measured.words), None
    if measured.unreached:
        yield "\n" + tell("cover.unreached", language), None
        yield from ((f"  {row(tree, it, language)}: {what(tree, it, language)}", None) for it in measured.unreached)
    if not measured.gaps:
        yield tell("cover.all", language), "green"
        return
    yield "\n" + tell("cover.gaps", language), None
    for gap in measured.gaps:
        path = ways.paths.get(gap)
        by_others = f"  {tell('cover.by_others', language)}" if path and not can_be_scripted(path) else ""
        yield f"  {row(tree, gap, language)}: {what(tree, gap, language)}{by_others}", "red"
    if not ways.walk.whole:
        yield tell("cover.part", language, n=len(ways.walk.states)), None
    for it in proposed:
        yield "\n" + tell("cover.call", language), None
        if it.why:
            yield tell("cover.not_as_written", language, why=it.why), "yellow"
        yield "\n" + it.script.rstrip(), None
    if wanted > len(proposed):
        yield "\n" + count("cover.more", wanted - len(proposed), language), None


def _json(
    tree: Tree, measured: Measure, played: Mapping[Path, Rehearsed], proposed: list[Proposed], language: str
) -> dict[str, object]:
    of_gap = {point: it for it in proposed for point in it.proposal.tries}
    return {
        "hotline": tree.hotline,
        "percent": measured.percent,
        "tried": len(measured.tried),
        "all": len(measured.points),
        "words": {"heard": measured.words_heard, "all": measured.words},
        "scripts": [{"file": str(file), "fine": not it.why, "why": it.why} for file, it in played.items()],
        "points": [
            {
                "section": it.section,
                "where": it.where,
                "what": it.what,
                "detail": it.detail,
                "text": f"{row(tree, it, language)}: {what(tree, it, language)}",
                "tried": it in measured.tried,
                **({"script": of_gap[it].script, "played": not of_gap[it].why} if it in of_gap else {}),
            }
            for it in measured.points
        ],
        "unreached": [f"{row(tree, it, language)}: {what(tree, it, language)}" for it in measured.unreached],
    }
