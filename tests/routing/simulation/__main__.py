"""Play simulated days: one again, step by step, as a failure says - or as many as one likes, with progress.

`python -m tests.routing.simulation --seed 17 --step 4031` tells the steps before the fault and what was wrong;
`python -m tests.routing.simulation --days 1000 --contacts 1000` plays a thousand days.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass

import click

from tests.routing.compared import Compared
from tests.routing.simulation.ways import WAYS, plan_of
from tests.routing.simulation.world import World
from tests.routing.test_floors import walk
from tests.routing.test_simulation import MUST_HIT

FIRST = 1000


@click.command()
@click.option("--seed", type=int, help="Which day to play again.")
@click.option("--walk", "walk_seed", type=int, help="Which random history on both floors to play again.")
@click.option("--steps", default=100, show_default=True, help="How long that history is.")
@click.option("--days", type=int, help=f"Play so many days, of the seeds from {FIRST} on.")
@click.option("--first", default=FIRST, show_default=True, help="The first of those seeds.")
@click.option("--jobs", default=1, show_default=True, help="So many days at the same time.")
@click.option("--contacts", default=100, show_default=True, help="How many come in a day.")
@click.option("--on", type=click.Choice(["memory", "sql"]), default="memory", show_default=True, help="Which floor.")
@click.option("--way", type=click.Choice(sorted(WAYS)), default="drawn", show_default=True, help="How plans are made.")
@click.option("--only", help="These faults and no others, parted by commas.")
@click.option("--told-twice", is_flag=True, help="Tell everything twice.")
@click.option("--restart", is_flag=True, help="Start anew after every step.")
@click.option("--reference", is_flag=True, help="With the reference model beside it.")
@click.option("--step", type=int, help="Show the steps before this one, and it.")
def main(seed: int | None, walk_seed: int | None, steps: int, days: int | None, first: int, jobs: int, **how) -> None:
    """Play one day again and tell its last steps, or play many and name all that are wrong."""
    if walk_seed is not None:
        walk(walk_seed, Counter(), steps)
        click.echo(f"walk {walk_seed}: {steps} steps, nothing wrong")
    elif seed is not None:
        again(seed, **how)
    elif days:
        sys.exit(many(range(first, first + days), jobs, how["contacts"], how["on"], how["way"]))
    else:
        raise click.UsageError("say which day (--seed), which walk (--walk) or how many days (--days)")


def again(
    seed: int, contacts: int, on: str, way: str, only: str | None, told_twice: bool, restart: bool,
    reference: bool, step: int | None,
) -> None:  # fmt: skip
    """One day, and its last steps if something is wrong."""
    try:
        plan = plan_of(seed, way, only)
    except ValueError as wrong:
        raise click.BadParameter(str(wrong), param_hint="--only") from None
    always = {name: True for name, so in (("told_twice", told_twice), ("restart", restart)) if so}
    world = Compared(seed, contacts, on) if reference else World(seed, contacts, on, plan, **always)
    try:
        world.run()
        click.echo(f"seed {seed}: {world.came} contacts, {world.step} steps, nothing wrong")
    except Exception as wrong:
        click.echo("\n".join(str(each) for each in world.history if step is None or each.number <= step))
        raise click.ClickException(f"{type(wrong).__name__}: {wrong}") from None


@dataclass(frozen=True, slots=True)
class Day:
    """What came of a day: how many came, its steps, what was met, and what was wrong with it, if anything."""

    seed: int
    came: int
    steps: int
    hit: Counter[str]
    wrong: str = ""
    replay: str = ""


def played(seed: int, contacts: int, on: str, way: str) -> Day:
    """One day, to its end or to the first rule that does not hold."""
    world = World(seed, contacts, on, plan_of(seed, way))
    try:
        world.run()
    except Exception as wrong:
        said = f"{type(wrong).__name__}: {wrong}"
        return Day(seed, world.came, world.step, world.hit, said, "\n".join(wrong.__notes__))
    return Day(seed, world.came, world.step, world.hit)


def many(seeds: range, jobs: int, contacts: int, on: str, way: str) -> int:
    """Days one after the other, or some at the same time, a wrong one among them or not; the exit code."""
    began, done = time.monotonic(), []
    with ProcessPoolExecutor(jobs) as pool:
        for future in as_completed([pool.submit(played, seed, contacts, on, way) for seed in seeds]):
            day = future.result()
            done.append(day)
            if day.wrong:
                click.echo(f"\nday {day.seed}: {day.wrong}\n{day.replay}")
            left_s = (time.monotonic() - began) / len(done) * (len(seeds) - len(done))
            came = sum(each.came for each in done)
            click.echo(
                f"\r{len(done)} days of {len(seeds)}, {came:,} contacts, {left_s:.0f} s left ", nl=False, err=True
            )
    click.echo(f"\n{summary(done, on, time.monotonic() - began)}")
    return int(any(day.wrong for day in done))


def summary(done: list[Day], on: str, took_s: float) -> str:
    """What came of these days: what was met how often, the wrong ones with the lines that play them again, the sum."""
    hit = sum((day.hit for day in done), Counter())
    wrong = sorted((day for day in done if day.wrong), key=lambda day: day.seed)
    met = ", ".join(f"{what} {hit[what]:,}" for what in sorted(MUST_HIT, key=lambda what: (hit[what], what)))
    came, steps = (f"{sum(getattr(day, what) for day in done):,}" for what in ("came", "steps"))
    result = f"{len(wrong)} wrong" if wrong else "nothing wrong"
    return "\n".join(
        [
            f"met, the rarest first: {met}",
            *(f"day {day.seed}: {day.wrong}\n  {day.replay}" for day in wrong),
            f"{came} contacts on {on}, {len(done)} days, {steps} steps, {took_s:.0f} s: {result}",
        ]
    )


if __name__ == "__main__":
    main()
