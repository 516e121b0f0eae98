"""ivr test: play call scripts and say which went as they say."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from ivr.commands.against import Against, options
from ivr.simulator.script.fault import ScriptError
from ivr.simulator.script.reader import read_file
from ivr.simulator.script.result import Result, junit
from ivr.simulator.script.run import run
from ivr.simulator.script.transcript import Transcript

FINE, FAILED, COULD_NOT_RUN = 0, 1, 2
SUFFIX = ".call"
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""When calls are made whose script does not say: a Monday, 10 in the morning in Berlin."""


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--app", "url", default="", metavar="URL", help="The app answers at this URL (default: our own hotline).")
@options
@click.option("--junit", "report", type=click.Path(path_type=Path), metavar="FILE", help="Write a JUnit report.")
@click.option("-k", "part", default="", metavar="TEXT", help="Play only scripts with TEXT in their path.")
@click.option("-v", "--verbose", is_flag=True, help="Show each call as it happens.")
@click.option("--wire", is_flag=True, help="Show webhooks too (with -v, and in reports).")
def test(against: Against, paths: tuple[Path, ...], report: Path | None, part: str, verbose: bool, wire: bool) -> None:
    """Play the call scripts in PATHS (files, or folders with *.call files; default: the menus).

    Each script is one call on a telephone network of its own, on a clock that takes no time. It is played against
    our own hotline, or any TwiML app: --app URL for one that runs, --wsgi MODULE:APP for one in this process.

    \b
      call from +4915112345678 to +18005550142 at 2026-11-23T10:00:00+01:00
      hear ~ Welcome
      press 2
      expect queued claims position 1
      hang up

    \b
    Exit codes:
      0  every call went as its script says
      1  some did not
      2  some could not be played (a fault in a script, say), or there was none
    """
    given = paths or (against.menus,)
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
    results = []
    for file in files:
        results.append(play(file, against, verbose, wire))
        click.echo(told(results[-1], verbose))
    click.echo(summary(results))
    if report:
        report.write_bytes(junit(results))
    if any(result.error for result in results):
        sys.exit(COULD_NOT_RUN)
    sys.exit(FINE if all(result.passed for result in results) else FAILED)


def scripts(paths: tuple[Path, ...]) -> Iterator[Path]:
    """The scripts in files and folders, in order."""
    for path in paths:
        if path.is_dir():
            yield from sorted(path.rglob(f"*{SUFFIX}"))
        else:
            yield path


def play(file: Path, against: Against, verbose: bool, wire: bool) -> Result:
    """Play one script; faults in it, and an app that cannot be had, are its error."""
    began_s = time.perf_counter()
    try:
        script = read_file(file)
        show = click.echo if verbose else None
        with against.stage(script.at or START, script.called) as stage:
            transcript = Transcript(script.caller, (script.at or START).tzinfo, wire, show)
            result = run(script, stage.network, stage.prompts, stage.desk, transcript)
    except (ScriptError, OSError, LookupError, ValueError) as error:
        result = Result(str(file), error=str(error))
    return replace(result, took_s=time.perf_counter() - began_s)


def told(result: Result, verbose: bool) -> str:
    """One line for a call that went well; what happened, and what did not, for one that did not."""
    if result.passed:
        return f"fine    {result.file}  ({result.took_s:.1f} s)"
    word = "error " if result.error else "failed"
    before = [] if verbose else [f"    {line}" for line in result.transcript]
    after = [f"  {line}" for line in (result.error or result.failure).splitlines()]
    return "\n".join([f"{word}  {result.file}", *before, *after])


def summary(results: list[Result]) -> str:
    """The closing line."""
    errors = sum(bool(result.error) for result in results)
    fine = sum(result.passed for result in results)
    return f"{fine} fine, {len(results) - fine - errors} failed, {errors} could not be played"
