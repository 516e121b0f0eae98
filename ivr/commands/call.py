"""ivr call: be the caller at the keyboard, against our own hotline or any TwiML app."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from ivr.commands.against import Against, Stage, options
from ivr.simulator.keyboard import HELP, Keyboard
from ivr.simulator.representative import brought
from ivr.simulator.script.fault import ScriptError
from ivr.simulator.script.reader import read_script
from ivr.simulator.script.steps import AgentThere
from ivr.simulator.script.transcript import Transcript

APP_FAILED, COULD_NOT_RUN = 1, 2
CALLER = "+4915112345678"
CALLED = "+18005550142"


@click.command()
@click.argument("url", default="")
@options
@click.option("--from", "caller", default=CALLER, show_default=True, metavar="NUMBER", help="Who calls.")
@click.option("--to", "called", default="", metavar="NUMBER", help="Whom (default: our hotline's first number).")
@click.option("--at", default="", metavar="TIME", help="When, such as 2026-11-23T10:00:00+01:00 (default: now).")
@click.option(
    "--agent",
    "agents",
    multiple=True,
    metavar="TEXT",
    help='Somebody at our desk, in the words of a script: --agent "ann answers after 12s". Several may be given.',
)
@click.option(
    "--keep", type=click.Path(path_type=Path), metavar="FILE", help="Write the call as a script for ivr test."
)
@click.option("--wire", is_flag=True, help="Show webhooks too.")
def call(
    against: Against,
    caller: str,
    called: str,
    at: str,
    agents: tuple[str, ...],
    keep: Path | None,
    wire: bool,
) -> None:
    """Be the caller: our own hotline, or the TwiML app at URL, answers here at the keyboard.

    What is heard is shown line by line. Keys then Enter press them, an empty Enter lets silence pass, +30s lets half a
    minute pass, h hangs up, ? shows the rest. Time stands still while you think. In a pipe, each line of input is one
    such answer: printf '2\\n4711#\\n' | ivr call

    \b
    Exit codes:
      0  the call is over, however it went
      1  the app failed: an application error, as a caller would meet it
      2  there was no call
    """
    moment = at or datetime.now(UTC).astimezone().replace(microsecond=0).isoformat()
    try:
        script = read_script(header(caller, called or CALLED, moment, agents), "ivr call")
        start = script.at or datetime.now(UTC)
        with against.stage(start, called or CALLED) as stage:
            to = called or stage.numbers[0]
            transcript = Transcript(caller, start.tzinfo, wire, click.echo)
            stage.network.watch(transcript.take)
            bring(stage, script.agents)
            keyboard = Keyboard(stage.network, stage.network.call(caller, to), click.echo)
            if sys.stdin.isatty():
                click.echo(HELP)
            keyboard.play(typed())
    except (ScriptError, LookupError, ValueError, OSError) as error:
        click.echo(str(error), err=True)
        sys.exit(COULD_NOT_RUN)
    if keep:
        keep.write_text(keyboard.script(header(caller, to, moment, agents)), encoding="utf-8")
        click.echo(f"kept as {keep}: play it again with: ivr test {keep}")
    if keyboard.errors:
        click.echo("\n".join(["The app failed:", *(f"  {error}" for error in keyboard.errors)]), err=True)
        sys.exit(APP_FAILED)


def header(caller: str, called: str, at: str, agents: tuple[str, ...]) -> str:
    """The first lines of this call as a script."""
    return "\n".join([f"call from {caller} to {called} at {at}", *(f"agent {agent}" for agent in agents)])


def bring(stage: Stage, agents: tuple[AgentThere, ...]) -> None:
    """Let representatives come to our desk."""
    for agent in agents:
        if stage.desk is None:
            raise ValueError("--agent: only our own hotline has a desk")
        person = brought(stage.network, stage.desk, agent)
        stage.network.after_happening.append(person.look)


def typed() -> Iterator[str]:
    """Lines from the keyboard, or from a pipe."""
    terminal = sys.stdin.isatty()
    while True:
        if terminal:
            click.echo("> ", nl=False)
        text = sys.stdin.readline()
        if not text:
            return
        yield text
