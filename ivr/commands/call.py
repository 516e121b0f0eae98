"""ivr call: be the caller at the keyboard, against our own hotline or any TwiML app."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote

import click

from ivr.commands.against import Against, Stage, options
from ivr.commands.carrier_door import CarrierDoor, carrier_door
from ivr.commands.tree_told import tree_told
from ivr.simulator.keyboard import Again, Beside, Keyboard
from ivr.simulator.representative import brought
from ivr.simulator.script.blame import Wrong
from ivr.simulator.script.fault import ScriptError
from ivr.simulator.script.reader import read_script
from ivr.simulator.script.steps import AgentThere, Script
from ivr.simulator.script.transcript import Transcript
from ivr.simulator.trace_file import TraceFile

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
    "--line",
    "lines",
    multiple=True,
    metavar="TEXT",
    help='Somebody who can be called: --line "+18005550177 answers after 4s". Several may be given.',
)
@click.option(
    "--keep", type=click.Path(path_type=Path), metavar="FILE", help="Write the call as a script for ivr test."
)
@click.option(
    "--trace", "traced", type=click.Path(path_type=Path), metavar="FILE", help="Keep the trace, for ivr trace."
)
@click.option("-v", "--wire", is_flag=True, help="Show webhooks too.")
def call(
    against: Against,
    caller: str,
    called: str,
    at: str,
    agents: tuple[str, ...],
    lines: tuple[str, ...],
    keep: Path | None,
    traced: Path | None,
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
        people = (*(f"agent {agent}" for agent in agents), *(f"line {line}" for line in lines))
        script = read_script(header(caller, called or CALLED, moment, against, people), "ivr call")
        session = Session(against, script, called, people, keep, traced, wire)
        with contextlib.ExitStack() as open_:
            door = open_.enter_context(carrier_door(against.carrier_port)) if against.carrier_port else None
            wrongs = session.play(typed(), door)
    except (ScriptError, LookupError, ValueError, OSError) as error:
        hint = "\nto call another app, name it: ivr call http://localhost:3000/voice"
        click.echo(f"{error}{hint * (against.own and isinstance(error, FileNotFoundError))}", err=True)
        sys.exit(COULD_NOT_RUN)
    if wrongs:
        told = dict.fromkeys(f"  {wrong.sentence} (error {wrong.code})" for wrong in wrongs)
        said = [f"  it said: {wrong.answer}" for wrong in wrongs if wrong.answer]
        click.echo("\n".join(["The app failed:", *told, *said[:1]]), err=True)
        sys.exit(APP_FAILED)


@dataclass(slots=True)
class Session:
    """Somebody at the keyboard, for as many calls as their second thoughts make."""

    against: Against
    script: Script
    called: str
    people: tuple[str, ...]
    keep: Path | None
    traced: Path | None
    wire: bool
    forks: list[tuple[str, ...]] = field(default_factory=list)

    def play(self, inputs: Iterator[str], door: CarrierDoor | None) -> list[Wrong]:
        """Call, and call again, until it is over; returns what the app did wrong in the last call."""
        again: Again | None = Again((), "")
        while True:
            start = self.script.at or datetime.now(UTC)
            chaos, seed = self.script.chaos, self.script.seed
            with self.against.stage(start, self.called or CALLED, seed, chaos, door=door) as stage:
                keyboard, again = self._one_call(stage, start, inputs, again)
                if again is not None:
                    click.echo(f"  ({again.why}; the app is called again, and hears of a new call)")
                    continue
                self._keep(keyboard, stage)
                return keyboard.wrongs

    def _one_call(
        self, stage: Stage, start: datetime, inputs: Iterator[str], again: Again
    ) -> tuple[Keyboard, Again | None]:
        to = self.called or stage.numbers[0]
        transcript = Transcript(self.script.caller, start.tzinfo, self.wire, click.echo)
        stage.network.watch(transcript.take)
        trace = TraceFile(start, "ivr call", about=f"{self.script.caller} calls {to}")
        stage.network.watch(trace.take)
        bring(stage, self.script)
        line = stage.network.call(self.script.caller, to, params=dict(self.against.params))
        beside = Beside(lambda name: self._save(keyboard, stage, name), None, self.forks, sys.stdin.isatty())
        if stage.node_of is not None:
            beside.tree = lambda: tree_told(stage.node_of(line.sid))
        keyboard = Keyboard(stage.network, line, click.echo, beside)
        if sys.stdin.isatty() and not again.why:
            click.echo("  (keys and Enter; ? shows what else)")
        following = keyboard.play(inputs, again.inputs)
        if following is None and self.traced:
            trace.ended("failed" if keyboard.wrongs else "fine", "\n".join(each.sentence for each in keyboard.wrongs))
            trace.write(self.traced)
            click.echo(f"trace kept: ivr trace {self.traced}")
        return keyboard, following

    def _save(self, keyboard: Keyboard, stage: Stage, name: str) -> str:
        """Write the call so far as a script; returns what to tell."""
        file = Path(name) if name else self.keep or _unused()
        moment = (self.script.at or datetime.now(UTC)).isoformat()
        to = self.called or stage.numbers[0]
        try:
            file.write_text(
                keyboard.script(header(self.script.caller, to, moment, self.against, self.people)), encoding="utf-8"
            )
        except OSError as error:
            return f"not saved: {error}"
        return f"kept as {file}: play it again with: ivr test {file}{self._app()}"

    def _app(self) -> str:
        if self.against.own:
            return ""
        options = {"app": [self.against.url], "wsgi": [self.against.wsgi]}
        options["method"] = [self.against.method] * (self.against.method != "POST")
        options["number"] = [f"{number}={url}" for number, url in self.against.numbers.items()]
        return "".join(f" --{name} {quote(value)}" for name, values in options.items() for value in values if value)

    def _keep(self, keyboard: Keyboard, stage: Stage) -> None:
        if self.keep:
            click.echo(self._save(keyboard, stage, ""))


def header(caller: str, called: str, at: str, against: Against, people: tuple[str, ...]) -> str:
    """The first lines of this call as a script."""
    stated = "".join(f' {name}="{value}"' for name, value in against.params.items())
    first = f"call from {caller} to {called} at {at}" + (f" with{stated}" if stated else "")
    return "\n".join([first, *people])


def bring(stage: Stage, script: Script) -> None:
    """Let people be there: representatives at our desk, lines that can be called."""
    for there in script.lines:
        stage.network.line(there.address, there.answers_after_s, there.behaviour, there.keys)
    for agent in script.agents:
        _bring_agent(stage, agent)


def _bring_agent(stage: Stage, agent: AgentThere) -> None:
    if stage.desk is None:
        raise ValueError("--agent: only our own hotline has a desk")
    person = brought(stage.network, stage.desk, agent)
    stage.network.after_happening.append(person.look)


def _unused() -> Path:
    """The first of kept.call, kept-2.call ... that does not exist."""
    file, number = Path("kept.call"), 1
    while file.exists():
        number += 1
        file = Path(f"kept-{number}.call")
    return file


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
