"""Updating: what is said now is written into scripts that fail at it, once somebody has seen the difference."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from ivr.commands.playing import Player
from ivr.simulator.script.fault import ScriptError
from ivr.simulator.script.mend import difference, mended
from ivr.simulator.script.result import Result

FINE, FAILED, COULD_NOT_RUN = 0, 1, 2


def update(player: Player, files: Sequence[Path], yes: bool) -> int:
    """Play each script; show what would change in it and ask (or not, with `yes`). Returns the exit code."""
    worst = FINE
    for file in files:
        try:
            worst = max(worst, _update_one(player, file, yes))
        except (ScriptError, OSError) as error:
            click.echo(f"error   {file}\n{error}")
            worst = COULD_NOT_RUN
    return worst


def _update_one(player: Player, file: Path, yes: bool) -> int:
    before = file.read_bytes().decode("utf-8-sig", errors="replace")
    after, result = mended(before, str(file), player.play)
    if after == before:
        return _as_it_was(file, result)
    click.echo(difference(before, after, str(file)))
    if not result.passed:
        click.echo(f"        with that it would still fail: {(result.error or result.failure).splitlines()[0]}")
    if not yes and not click.confirm(f"Write this into {file}?", default=False):
        click.echo(f"failed  {file}  (left as it is)")
        return FAILED
    file.write_bytes(after.encode("utf-8"))
    click.echo(f"updated {file}")
    return FINE if result.passed else FAILED


def _as_it_was(file: Path, result: Result) -> int:
    if result.passed:
        click.echo(f"fine    {file}")
        return FINE
    click.echo(f"{result.outcome:<6}  {file}  {(result.error or result.failure).splitlines()[0]}")
    click.echo("        this cannot be put right by writing down what was said")
    return COULD_NOT_RUN if result.error else FAILED
