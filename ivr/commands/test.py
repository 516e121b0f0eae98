"""ivr test: play call scripts and say which went as they say."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from ivr.commands.against import Against, options
from ivr.commands.carrier_door import carrier_door
from ivr.commands.playing import KEPT, Player, kept_folder
from ivr.commands.updating import update
from ivr.commands.watching import changes, concerned, seen
from ivr.simulator.script.report import as_json, junit, markdown, summary
from ivr.simulator.script.result import Result

FINE, FAILED, COULD_NOT_RUN = 0, 1, 2
SUFFIX = ".call"
LAST_FAILED = "last-failed.json"
NOTES_MAX = 10


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--app", "url", default="", metavar="URL", help="The app answers at this URL (default: our own hotline).")
@options
@click.option("-k", "part", default="", metavar="TEXT", help="Play only scripts with TEXT in their path.")
@click.option("--last-failed", is_flag=True, help="Play only those that failed last time (all, if none did).")
@click.option(
    "--watch", is_flag=True, help="Go on: play again what a change of scripts, menus or the app's files touches."
)
@click.option("--only", multiple=True, type=click.Path(path_type=Path), hidden=True)  # what --watch plays again
@click.option("--update", "updates", is_flag=True, help="Offer to write what is said now into scripts that fail at it.")
@click.option("--yes", is_flag=True, help="With --update: do not ask.")
@click.option("--junit", "junit_file", type=click.Path(path_type=Path), metavar="FILE", help="Write a JUnit report.")
@click.option(
    "--markdown", "markdown_file", type=click.Path(path_type=Path), metavar="FILE", help="Add a summary to it."
)
@click.option("--json", "in_json", is_flag=True, help="Say it in JSON.")
@click.option("--trace", "traces", type=click.Path(path_type=Path), metavar="FILE|DIR", help="Keep every call's trace.")
@click.option("-v", "--verbose", is_flag=True, help="Show each call as it happens.")
@click.option("--wire", is_flag=True, help="Show webhooks too (with -v, and in reports).")
def test(
    against: Against,
    paths: tuple[Path, ...],
    part: str,
    last_failed: bool,
    watch: bool,
    only: tuple[Path, ...],
    updates: bool,
    yes: bool,
    junit_file: Path | None,
    markdown_file: Path | None,
    in_json: bool,
    traces: Path | None,
    verbose: bool,
    wire: bool,
) -> None:
    """Play the call scripts in PATHS (files, or folders with *.call files; default: the menus).

    Each script is one call on a telephone network of its own, on a clock that takes no time. It is played against
    our own hotline, or any TwiML app: --app URL for one that runs, --wsgi MODULE:APP for one in this process.

    \b
      call from +4915112345678 to +18005550142 at 2026-11-23T10:00:00+01:00
      hear ~ Welcome
      press 2
      expect queued claims position 1
      hang up

    The traces of calls that fail are kept below .ivr; ivr trace opens one.

    \b
    Exit codes:
      0  every call went as its script says
      1  some did not
      2  some could not be played (a fault in a script, say), or there was none
    """
    files = list(only) or chosen(paths or (against.menus,), part, last_failed)
    if watch:
        watch_them(files, [*(paths or ()), Path.cwd() if not against.own else against.menus], against.menus)
        return
    show = click.echo if verbose and not in_json else None
    with contextlib.ExitStack() as open_:
        door = open_.enter_context(carrier_door(against.carrier_port)) if against.carrier_port else None
        player = Player(against, door, show, wire, traces)
        if updates:
            sys.exit(update(player, files, yes))
        results = []
        for file in files:
            results.append(player.play_file(file))
            if not in_json:
                click.echo(told(results[-1], verbose))
    click.echo(as_json(results) if in_json else summary(results))
    remember(files, results)
    if junit_file:
        junit_file.write_bytes(junit(results))
    if markdown_file:
        with markdown_file.open("a", encoding="utf-8") as file:
            file.write(markdown(results))
    sys.exit(exit_code(results))


def exit_code(results: Sequence[Result]) -> int:
    """0: all fine; 1: some failed; 2: some could not be played."""
    if any(result.error for result in results):
        return COULD_NOT_RUN
    return FINE if all(result.passed for result in results) else FAILED


def chosen(given: tuple[Path, ...], part: str, last_failed: bool) -> list[Path]:
    """The scripts to play; the end, with words, when there are none."""
    missing = [str(path) for path in given if not path.exists()]
    if missing:
        click.echo(f"There is no {' and no '.join(missing)} here.", err=True)
        sys.exit(COULD_NOT_RUN)
    files = [file for file in scripts(given) if part in str(file)]
    if not files:
        click.echo(
            f"There are no *{SUFFIX} files in {' or '.join(map(str, given))}" + f" with {part!r}" * bool(part), err=True
        )
        sys.exit(COULD_NOT_RUN)
    failed = failed_before() if last_failed else set()
    return [file for file in files if str(file.resolve()) in failed] or files


def scripts(paths: Sequence[Path]) -> Iterator[Path]:
    """The scripts in files and folders, in order."""
    for path in paths:
        if path.is_dir():
            yield from sorted(path.rglob(f"*{SUFFIX}"))
        else:
            yield path


def failed_before() -> set[str]:
    """The paths of the scripts that failed when they were last played."""
    try:
        return set(json.loads((KEPT / LAST_FAILED).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return set()


def remember(files: Sequence[Path], results: Sequence[Result]) -> None:
    """Keep which have failed, and of others what was known before."""
    played = {str(file.resolve()): result.passed for file, result in zip(files, results, strict=True)}
    before = failed_before() - played.keys()
    failed = sorted(before | {file for file, passed in played.items() if not passed})
    if not failed and not KEPT.exists():
        return
    with contextlib.suppress(OSError):
        (kept_folder() / LAST_FAILED).write_text(json.dumps(failed, indent=0), "utf-8")


def told(result: Result, verbose: bool) -> str:
    """One line for a call that went well; why, and what happened, for one that did not."""
    notes = [f"        note: {note}" for note in dict.fromkeys(result.notes)]
    more = [f"        and {len(notes) - NOTES_MAX} notes more"] * (len(notes) > NOTES_MAX)
    notes = [*notes[:NOTES_MAX], *more]
    if result.passed:
        return "\n".join([f"fine    {result.file}  ({result.took_s:.1f} s)", *notes])
    word = "error " if result.error else "failed"
    first, *rest = (result.error or result.failure).splitlines() or [""]
    before = [] if verbose or not result.transcript else ["  the call:", *(f"    {line}" for line in result.transcript)]
    trace = [f"  the trace: ivr trace {result.trace}"] if result.trace else []
    return "\n".join([f"{word}  {result.file}  {first}", *(f"  {line}" for line in rest), *before, *notes, *trace])


def watch_them(files: list[Path], folders: list[Path], menus: Path) -> None:
    """Play the scripts, then those that a change touches, until Ctrl-C; each time in a process that is new."""
    arguments = [each for each in sys.argv[1:] if each not in ("--watch", "--last-failed")]
    before = seen(folders)  # what changes while they are played is a change too
    play_anew(arguments, files)
    click.echo("watching; Ctrl-C ends it")
    with contextlib.suppress(KeyboardInterrupt):
        for changed in changes(folders, before):
            touched = concerned(files, changed, menus)
            if touched:
                click.echo("\n" + ", ".join(sorted({path.name for path in changed})) + " changed")
                play_anew(arguments, touched)


def play_anew(arguments: list[str], files: list[Path]) -> None:
    """Play scripts in a process of their own, which loads the app as it is now: compiled files of the last second
    could be older than they look."""
    fresh = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    only = [argument for file in files for argument in ("--only", str(file))]
    subprocess.run([sys.executable, "-m", "ivr", *arguments, *only], env=fresh, check=False)  # noqa: S603 - our own
