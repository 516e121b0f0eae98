"""Routing: what one decision costs as the floor grows, beside a linear scan and a plain SQL scan as others have them.

All do the same in turns in one process: an agent comes free and gets the first of all who wait. Time is the process's
own, so that a busy machine counts less; believe the ratios all the same. mod_callcenter sorts all who wait and asks for
agents for each; in app_queue each waiting caller counts the members who are free, once a second. Both are imitated in
their shape only, without telephones, and count no reasons, skills or times.
"""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

import click

from routing import distributor as d
from routing.agent import Agent
from routing.contact import Contact
from routing.memory import MemoryFloor
from routing.queue import Queue
from routing.store import SqlFloor, metadata, open_engine

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
AGENTS = (10, 100, 1_000, 10_000)
WAITING = (0, 100, 10_000, 50_000)
SKILLS = (1, 2, 4)
ROUNDS = 40
SLOW_ROUNDS = 3
POLLS = 100
QUEUES = 50
"""So many queues share the waiting, since one holds a thousand at most."""


def needs(skills: int) -> dict[str, int]:
    return {f"s{each}": 1 for each in range(skills)}


class Ours:
    """The distributor before a floor in memory: all talk, so many wait, and one agent after the other comes free."""

    name = "Dialtree, floor in memory"

    def __init__(self, agents: int, waiting: int, skills: int) -> None:
        ids = count(1)
        self.now = START
        self.queues = {f"q{n}": Queue(f"q{n}", wrap_up_s=0, max_wait_s=10**6) for n in range(QUEUES)}
        self.floor = MemoryFloor(self.queues, lambda: f"o{next(ids)}")
        able = {f"s{n}": 3 for n in range(8)}
        self.numbers = count(1)
        self.skills = skills
        self.talking: list[str] = []
        for number in range(agents):
            self.floor.add(Agent(f"a{number:05}", skills=able))
            d.log_in(self.floor, f"a{number:05}", self.now)
            d.ready(self.floor, f"a{number:05}", self.now)
        for _ in range(min(agents, 2 * ROUNDS) if waiting == 0 else agents):
            self.talking.append(self.enter())
            self.join()
        for _ in range(waiting):
            self.enter()

    def enter(self) -> str:
        number = next(self.numbers)
        self.now += timedelta(milliseconds=1)
        contact = Contact(f"c{number}", f"q{number % QUEUES}", needs(self.skills))
        self.effects = d.enter(self.floor, contact, self.now)
        return contact.id

    def join(self) -> None:
        offer = self.effects[-1].offer
        d.accept(self.floor, offer.id, offer.agent, self.now)
        d.leg_answered(self.floor, offer.id, self.now)

    def decide(self) -> None:
        """One comes free and is given the next; where nobody waits, one comes in and is given somebody."""
        self.now += timedelta(milliseconds=1)
        done = self.talking.pop(0)
        self.effects = d.talk_ended(self.floor, done, self.now)
        if not hasattr(self.effects[-1], "agent"):
            self.talking.append(self.enter())
        else:
            self.talking.append(self.effects[-1].contact.id)

    def again(self) -> None:
        """As it was before, and not measured: the offer is accepted, and another one waits."""
        if hasattr(self.effects[-1], "agent"):
            self.join()
            self.enter()


class LinearScan:
    """In the manner of app_queue: before one is served, each waiting caller walks along the members."""

    name = "a linear scan (app_queue's shape)"

    def __init__(self, agents: int, waiting: int, skills: int) -> None:
        able = {f"s{n}": 3 for n in range(8)}
        self.members = [{"name": f"a{n:05}", "skills": able, "busy": True, "calls": n} for n in range(agents)]
        self.wanted = needs(skills)
        self.waiting = max(waiting, 1)

    @property
    def times(self) -> float:
        """Every waiting caller does the same, so not all are measured."""
        return self.waiting / min(self.waiting, POLLS)

    def decide(self) -> None:
        self.members[len(self.members) // 2]["busy"] = False
        for _ in range(min(self.waiting, POLLS)):
            best = None
            for member in self.members:
                if member["busy"]:
                    continue
                able = all(member["skills"].get(skill, 0) >= level for skill, level in self.wanted.items())
                if able and (best is None or member["calls"] < best["calls"]):
                    best = member

    def again(self) -> None:
        self.members[len(self.members) // 2]["busy"] = True


class SqlScan:
    """In the manner of mod_callcenter: all members sorted, then an agents SELECT for each, until one is served."""

    name = "a plain SQL scan (mod_callcenter's shape)"

    def __init__(self, agents: int, waiting: int, skills: int) -> None:
        self.base = sqlite3.connect(":memory:")
        self.base.execute("CREATE TABLE members (uuid TEXT, queue TEXT, joined REAL, base_score INTEGER, state TEXT)")
        self.base.execute("CREATE TABLE agents (name TEXT, state TEXT, status TEXT, last_bridge_end REAL)")
        self.base.execute("CREATE TABLE tiers (queue TEXT, agent TEXT, level INTEGER, position INTEGER)")
        rows = [(f"c{n}", f"q{n % QUEUES}", float(n), 0, "Waiting") for n in range(max(waiting, 1))]
        self.base.executemany("INSERT INTO members VALUES (?, ?, ?, ?, ?)", rows)
        people = [(f"a{n:05}", "In a queue call", "Available", float(n)) for n in range(agents)]
        self.base.executemany("INSERT INTO agents VALUES (?, ?, ?, ?)", people)
        tiers = [(f"q{n % QUEUES}", f"a{n:05}", 1, n) for n in range(agents)]
        tiers += [(f"q{n}", "a00000", 1, 0) for n in range(QUEUES)]
        self.base.executemany("INSERT INTO tiers VALUES (?, ?, ?, ?)", tiers)

    def decide(self) -> None:
        self.base.execute("UPDATE agents SET state = 'Waiting' WHERE name = 'a00000'")
        members = self.base.execute(
            "SELECT uuid, queue, ? - joined + base_score AS score FROM members "
            "WHERE state = 'Waiting' ORDER BY score DESC",
            (1e6,),
        )
        for uuid, queue, _ in members.fetchall():
            found = self.base.execute(
                "SELECT agents.name FROM agents JOIN tiers ON agents.name = tiers.agent WHERE tiers.queue = ? "
                "AND agents.status = 'Available' AND agents.state = 'Waiting' "
                "ORDER BY tiers.level, tiers.position, agents.last_bridge_end LIMIT 1",
                (queue,),
            ).fetchone()
            if found:
                self.base.execute("UPDATE members SET state = 'Trying' WHERE uuid = ?", (uuid,))
                self.base.execute("UPDATE agents SET state = 'Receiving' WHERE name = ?", found)
                self.taken = uuid
                return

    def again(self) -> None:
        self.base.execute("UPDATE members SET state = 'Waiting' WHERE uuid = ?", (self.taken,))


def median_us(made: Callable, rounds: int) -> float:
    """The median time of one decision, in microseconds."""
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        made.decide()
        taken.append(time.process_time() - start)
        made.again()
    return 1e6 * statistics.median(taken) * getattr(made, "times", 1)


def measured(agents: int, waiting: int, skills: int, peers: bool = True) -> dict[str, float]:
    """Each one's time at one size, in turns."""
    found = {}
    for make, rounds in ((Ours, ROUNDS), (LinearScan, SLOW_ROUNDS), (SqlScan, SLOW_ROUNDS)):
        if make is Ours or peers:
            found[make.name] = median_us(make(agents, waiting, skills), rounds)
    return found


def in_a_database(contacts: int) -> float:
    """Milliseconds of processor time that one contact costs in SQLite, from its entry to the end of the wrap-up: five
    happenings, each a transaction of its own."""
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        engine = open_engine(f"sqlite:///{folder}/floor.db")
        metadata.create_all(engine)
        queues, ids, now = {"q0": Queue("q0", wrap_up_s=5)}, count(1), START

        def happen(door: Callable, *details: object) -> list:
            with engine.begin() as connection:
                floor = SqlFloor(connection, queues, lambda: f"o{next(ids)}")
                return floor.add(*details) if door is SqlFloor.add else door(floor, *details, now)

        for number in range(10):
            happen(SqlFloor.add, Agent(f"a{number}", skills={"s0": 3}))
            happen(d.log_in, f"a{number}")
            happen(d.ready, f"a{number}")
        start = time.process_time()
        for number in range(contacts):
            now += timedelta(seconds=1)
            offer = happen(d.enter, Contact(f"c{number}", "q0", needs(1)))[-1].offer
            happen(d.accept, offer.id, offer.agent)
            happen(d.leg_answered, offer.id)
            happen(d.talk_ended, f"c{number}")
            happen(d.end_wrap_up, offer.agent)
        taken = time.process_time() - start
        engine.dispose()
    return 1e3 * taken / contacts


@click.command()
@click.option("--most", default=50_000, show_default=True, help="How many wait at most.")
@click.option("--agents", "most_agents", default=10_000, show_default=True, help="How many agents there are at most.")
def main(most: int, most_agents: int) -> None:
    """Tell what a decision costs at each size, and how it grows."""
    sizes = [(agents, 100, 1) for agents in AGENTS if agents <= most_agents]
    sizes += [(100, waiting, 1) for waiting in WAITING if waiting <= most]
    sizes += [(100, 100, skills) for skills in SKILLS]
    sizes.append((most_agents, most, 2))
    click.echo(f"{'agents':>7} {'waiting':>8} {'skills':>6}   ours us   decisions/s   linear scan    SQL scan")
    for agents, waiting, skills in dict.fromkeys(sizes):
        found = measured(agents, waiting, skills)
        ours, linear, sql = (found[each.name] for each in (Ours, LinearScan, SqlScan))
        said = f"{agents:>7} {waiting:>8} {skills:>6} {ours:>9.0f} {1e6 / ours:>13.0f}"
        click.echo(f"{said} {linear / ours:>11.1f} x {sql / ours:>9.1f} x")
    click.echo(f"one contact in SQLite, five transactions: {in_a_database(60):.1f} ms of processor time")


if __name__ == "__main__":
    main()
