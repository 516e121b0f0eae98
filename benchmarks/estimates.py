"""Estimates: how far the expected waits are off on simulated days, beside the formulas that others publish.

`python -m benchmarks.estimates` prints the page docs/estimates.md. Nothing in it depends on the machine.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite
from statistics import fmean

import click

from routing import distributor
from routing.contact import Contact, ContactState
from routing.queue import Queue
from routing.staffing.day import Day
from routing.staffing.people import Caller, Demand, Exponential, LogNormal, Shift

START = datetime(2026, 11, 23, tzinfo=UTC)
QUEUE = Queue("service", wrap_up_s=30, max_wait_s=10**6)
HOUR_S = 3600
AGENTS = 12
WINDOW_S = 1800
"""Over how long Kazoo's mean goes here."""

CALLS = 20_000
"""So many callers who had to wait are counted in all, a third of them in each regime."""

PEOPLE = {"handling": LogNormal(210, 0.8), "patience": Exponential(420)}
REGIMES = ("steady", "rush", "agents leaving")


@dataclass(slots=True)
class Basis:
    """What there is to know when somebody begins to wait."""

    position: int
    queued: int
    agents: int
    talk_s: float  # mean of the latest conversations, from the offer on
    hold_s: float  # exponential average of the waits of the answered
    window_s: float  # their mean over the last half an hour


@dataclass(slots=True)
class Guess:
    """One caller: what was said to be expected, what others would have said, and how it came."""

    low_s: float
    high_s: float
    said_s: dict[str, float]
    wait_s: float | None = None


FORMULAS: dict[str, Callable[[Basis], float]] = {
    "Asterisk: average wait + 30 s, in minutes": lambda b: 60 * int((b.hold_s + 30) / 60),
    "OpenSIPS: talk x queued / agents": lambda b: b.talk_s * b.queued / b.agents,
    "Kazoo: mean wait of half an hour": lambda b: b.window_s,
    "Genesys classic: handling x queued / agents": lambda b: (b.talk_s + QUEUE.wrap_up_s) * b.queued / b.agents,
    "Google CCAI: duration / agents x queued + 10 s": lambda b: b.talk_s / b.agents * b.queued + 10,
    "Mitel: talk x position / agents": lambda b: b.talk_s * b.position / b.agents,
    "Mitel: average wait x position": lambda b: b.hold_s * b.position,
}


@dataclass(slots=True)
class Observer:
    """Watches a day: asks for the expected wait of each who begins to wait, and sees how long it was.

    Of somebody who gives up it is how long it would have been: until somebody behind them is asked, or nobody is left.
    """

    guesses: dict[str, Guess] = field(default_factory=dict)
    gone: dict[str, Contact] = field(default_factory=dict)
    read: int = 0
    hold_s: float = 0.0
    answered: deque[tuple[datetime, float]] = field(default_factory=deque)

    def watch(self, day: Day, came: Caller | None) -> None:
        for event in day.floor.events[self.read :]:
            contact = day.floor.contact(event.about)
            if event.what == "offered":
                self._asked(contact, event.at)
            elif event.what == "abandoned" and contact.id in self.guesses:
                self.gone[contact.id] = contact
            elif event.what == "talking":
                wait_s = (event.at - contact.entered_at).total_seconds()
                self.hold_s = (3 * self.hold_s + wait_s) / 4
                self.answered.append((event.at, wait_s))
        self.read = len(day.floor.events)
        if self.gone and not day.floor.waiting(QUEUE.name)[0]:
            self._would_have_been({**self.gone}, day.now)
        contact = day.floor.contact(came.id) if came else None
        if contact and contact.state is ContactState.WAITING:
            self._guess(day, contact)

    def _asked(self, contact: Contact, at: datetime) -> None:
        guess = self.guesses.get(contact.id)
        if guess and guess.wait_s is None:
            guess.wait_s = (at - contact.entered_at).total_seconds()
        self._would_have_been({key: gone for key, gone in self.gone.items() if gone.place < contact.place}, at)

    def _would_have_been(self, gone: dict[str, Contact], at: datetime) -> None:
        for key, contact in gone.items():
            self.guesses[key].wait_s = (at - contact.entered_at).total_seconds()
            del self.gone[key]

    def _guess(self, day: Day, contact: Contact) -> None:
        found = distributor.expect(day.floor, contact, day.now)
        if found is None:
            return
        while self.answered and (day.now - self.answered[0][0]).total_seconds() > WINDOW_S:
            self.answered.popleft()
        talks_s = day.floor.handling_s(QUEUE.name, START, distributor.HANDLING_MAX)
        basis = Basis(
            position=day.floor.position(contact),
            queued=day.floor.waiting(QUEUE.name)[0],
            agents=max(1, sum(1 for agent in day.floor.agents.values() if agent.at_work)),
            talk_s=fmean(talks_s),
            hold_s=self.hold_s,
            window_s=fmean(wait_s for _, wait_s in self.answered) if self.answered else 0.0,
        )
        said_s = {"Dialtree": found.expected_s, **{name: of(basis) for name, of in FORMULAS.items()}}
        self.guesses[contact.id] = Guess(found.low_s, found.high_s, said_s)


def days(regime: str) -> Iterator[Day]:
    """Days of one regime, one after the other, each with its observer as `watch`'s owner."""
    shifts = [Shift(f"a{number:02}", answers_after_s=4) for number in range(AGENTS)]
    rates, hours = ((0, 200),), 24
    if regime == "rush":  # three times a shift twice as many call for three quarters of an hour
        rates = tuple(
            rate for turn in range(6) for rate in ((4 * turn * HOUR_S, 150), ((4 * turn + 1.5) * HOUR_S, 330),
                                                   ((4 * turn + 2.25) * HOUR_S, 150))
        )  # fmt: skip
    elif regime == "agents leaving":  # fourteen begin, and from half an hour on another one leaves every 36 minutes
        hours = 6
        leaves_s = [1800 + number * 2160 for number in range(9)] + [hours * HOUR_S] * 5
        shifts = [Shift(f"a{n:02}", to_s=to_s, answers_after_s=4) for n, to_s in enumerate(reversed(leaves_s))]
    demand = Demand(QUEUE.name, rates, **PEOPLE)
    for seed in range(1, 1000):
        yield Day({QUEUE.name: QUEUE}, shifts, demand.callers(seed, hours * HOUR_S), START)


def guesses(regime: str, calls: int) -> list[Guess]:
    """At least so many callers who had to wait, and what was said to them."""
    found: list[Guess] = []
    for day in days(regime):
        observer = Observer()
        day.watch = observer.watch
        day.run()
        found += [guess for guess in observer.guesses.values() if guess.wait_s is not None]
        if len(found) >= calls:
            return found[:calls]
    return found


def holds(found: Iterable[Guess]) -> float:
    """How often the interval held."""
    return fmean(guess.low_s <= guess.wait_s <= guess.high_s for guess in found)


def mean_error_s(found: Iterable[Guess], name: str) -> float:
    """How far one formula was off on average."""
    return fmean(abs(guess.said_s[name] - guess.wait_s) for guess in found if isfinite(guess.said_s[name]))


PAGE = """# Expected waits, and how far they are off

Made by `python -m benchmarks.estimates`: {total} simulated callers who had to wait, before the real distributor.
Conversations last 210 s on average (log-normal, spread 0.8), wrap-up 30 s, patience 420 s. Twelve agents; in the rush
twice as many call for three quarters of an hour every four hours; in the last regime fourteen begin and one leaves
every 36 minutes. Of those who gave up it is counted how long they would have waited.

{waits}

## Mean error

{errors}

The formulas are those that their projects publish or that can be read in their source, for one queue; of Genesys' the
factor EP is taken as 1; Google's is without callbacks and free agents, for there are none. Amazon Connect publishes
none, Wazo's never worked by its own account, and Twilio has none.

What is not in it: queues that share agents. The position is that in one queue, so who waits for the same agents in
another one is not seen, and the wait there is longer than said.
"""


def page(calls: int = CALLS) -> str:
    """The page, as Markdown."""
    found = {regime: guesses(regime, calls // len(REGIMES) + 1) for regime in REGIMES}
    waits = {
        "mean wait": lambda each: f"{fmean(guess.wait_s for guess in each):.0f} s",
        "the 80 % interval holds": lambda each: f"{holds(each):.1%}",
        "the wait is shorter": lambda each: f"{fmean(guess.wait_s < guess.low_s for guess in each):.1%}",
        "the wait is longer": lambda each: f"{fmean(guess.wait_s > guess.high_s for guess in each):.1%}",
    }
    errors = {name: lambda each, name=name: f"{mean_error_s(each, name):.0f} s" for name in ("Dialtree", *FORMULAS)}
    total = sum(len(each) for each in found.values())
    return PAGE.format(total=total, waits=_table("", waits, found), errors=_table("expected by", errors, found))


def _table(first: str, rows: dict[str, Callable[[list[Guess]], str]], found: dict[str, list[Guess]]) -> str:
    lines = [[first, *found], ["---"] * (1 + len(found))]
    lines += [[name, *(of(each) for each in found.values())] for name, of in rows.items()]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


@click.command()
@click.option("--calls", default=CALLS, show_default=True, help="How many callers who have to wait are counted.")
def main(calls: int) -> None:
    """Print the page docs/estimates.md."""
    click.echo(page(calls), nl=False)


if __name__ == "__main__":
    main()
