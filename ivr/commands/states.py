"""`ivr states`: the tables of legal moves, printed from the tables that are run."""

from __future__ import annotations

import click

from ivr.call import LIFECYCLE as CALL
from routing.agent import AGENT
from routing.case import CASE
from routing.contact import CONTACT
from routing.lifecycle import Lifecycle, words
from routing.offer import OFFER

TABLES: dict[str, Lifecycle] = {table.thing_name: table for table in (CALL, CONTACT, AGENT, OFFER, CASE)}


@click.command()
@click.argument("thing", type=click.Choice(list(TABLES)), required=False)
def states(thing: str | None) -> None:
    """Print which state leads to which, as a Mermaid diagram: of a THING (call, contact, ...) or of all."""
    for name, table in TABLES.items():
        if thing in (None, name):
            click.echo(diagram(table))


def diagram(table: Lifecycle) -> str:
    """One table as a Mermaid state diagram."""
    lines = [f"%% {table.thing_name}", "stateDiagram-v2"]
    names = {state: words(state).replace(" ", "_") for state in table.states}
    lines += [f"    {names[source]} --> {names[to]}: {verb}" for verb, source, to in table.table]
    return "\n".join(lines)
