"""Replay one simulated day: `python -m tests.routing.simulation --seed 17 --step 4031` tells its steps."""

from __future__ import annotations

import click

from tests.routing.simulation.world import World


@click.command()
@click.option("--seed", type=int, required=True, help="Which day.")
@click.option("--contacts", default=100, show_default=True, help="How many come; a failure says how many came to it.")
@click.option("--on", type=click.Choice(["memory", "sql"]), default="memory", show_default=True, help="Which floor.")
@click.option("--step", type=int, help="Show the steps before this one, and it.")
def main(seed: int, contacts: int, on: str, step: int | None) -> None:
    """Play the day again; tell its last steps and what was wrong with them."""
    world = World(seed, contacts, on)
    try:
        world.run()
        click.echo(f"seed {seed}: {world.came} contacts, {world.step} steps, nothing wrong")
    except Exception as wrong:
        click.echo("\n".join(str(each) for each in world.history if step is None or each.number <= step))
        raise click.ClickException(f"{type(wrong).__name__}: {wrong}") from None


if __name__ == "__main__":
    main()
