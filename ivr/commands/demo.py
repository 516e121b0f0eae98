"""`ivr demo`: one whole call from ring to survey, told line by line, and the case that came of it."""

from __future__ import annotations

import sys
import tempfile
from datetime import tzinfo
from pathlib import Path

import click

from ivr.commands.joined import Joined
from ivr.simulator.script.reader import read_file
from ivr.simulator.script.run import run
from ivr.simulator.script.transcript import Transcript
from ivr.store import Tx

SCRIPT = Path("acme/calls/a_complaint.call")
FAILED, CANNOT_RUN = 1, 2


@click.command()
@click.option(
    "--menus",
    default="menus",
    show_default=True,
    envvar="DIALTREE_MENUS",
    type=click.Path(path_type=Path),
    help="The folder with the example hotline.",
)
@click.option("--wire", is_flag=True, help="Show the webhooks between the carrier and the hotline, too.")
@click.option("--seed", default=1, show_default=True, help="The dice: same seed, same call.")
def demo(menus: Path, wire: bool, seed: int) -> None:
    """Play one complaint: a caller, the carrier, the hotline and a representative, all on this machine.

    The time in it is not real: three minutes on the telephone take a second.
    """
    if not (menus / SCRIPT).exists():
        click.echo(f"there is no {menus / SCRIPT} (run this where the example's menus are, or name them: --menus DIR)")
        sys.exit(CANNOT_RUN)
    script = read_file(menus / SCRIPT)
    click.echo(f"A call to the hotline in {menus / SCRIPT.parts[0]}; seed {seed}.\n")
    with tempfile.TemporaryDirectory(prefix="dialtree-demo-") as data:
        joined = Joined(menus, script.at, seed, Path(data))
        try:
            transcript = Transcript(script.caller, script.at.tzinfo, wire, click.echo)
            result = run(script, joined.network, joined.prompts, joined.desk(), transcript)
            if not result.passed:
                click.echo(f"\nThe call did not go as its script says:\n{result.failure or result.error}", err=True)
                sys.exit(FAILED)
            with joined.application.switchboard.store.look() as tx:
                click.echo("\n" + "\n".join(_case_told(tx, script.at.tzinfo)))
        finally:
            joined.close()


def _case_told(tx: Tx, zone: tzinfo) -> list[str]:
    """The newest case as it is stored, who typed what in it, and how the caller judged the call."""
    case = tx.cases.latest()[0]
    call = tx.call(case.call)
    told = [f"Case {case.number}: {case.kind}, {case.state}, logged by {case.created_by}"]
    for name, value in case.fields.items():
        typed_by = "typed by the caller" if call.typed.get(name) == value else f"written by {case.created_by}"
        told.append(f"  {name.replace('_', ' '):<14} {value}  ({typed_by})")
    waited_s = (call.connected_at - call.waiting_since).total_seconds()
    told.append(f"  way            {' > '.join(f'{node} [{key}]' for node, key in call.path)}")
    told.append(f"  waited         {waited_s:.0f} s")
    told.append(f"  the caller     {', '.join(f'{question}: {key}' for question, key in call.answers.items())}")
    told += [f"  {entry.at.astimezone(zone):%H:%M:%S}       {entry.what} by {entry.who}" for entry in case.history]
    return told
