"""Routing: what one decision costs as the floor grows, beside a linear scan and a plain SQL scan as others have them.

All do the same in turns in one process: an agent comes free and gets the first of all who wait. Time is the process's
own, so that a busy machine counts less; believe the ratios all the same. mod_callcenter sorts all who wait and asks for
agents for each; in app_queue each waiting caller counts the members who are free, once a second. Both are imitated in
their shape only, without telephones, and count no reasons, skills or times.

Of ours three things are told, since the others only choose: choosing (who is first of all who wait, and whom to ask
about them), the offer (choosing, the reason, the rows that move and their event), and the whole turn (the talk ends,
its agent is ready again, and the offer).
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
from routing.matching import choose
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


class Choosing:
    """On a floor of ours, an agent is free and somebody waits: only the question who is to be asked about whom."""

    times = 1 / 20
    """It changes nothing and is too short for the clock, so it is asked so many times over."""

    def __init__(self, ours: Ours) -> None:
        self.ours, self.floor = ours, ours.floor
        if ours.floor.waiting("q0")[0] == 0:
            ours.enter()
        self.free()

    def free(self) -> None:
        """A talk ends while all queues are paused; then they go on, and nobody has been offered anything yet."""
        self.pause("to see what choosing costs")
        d.talk_ended(self.floor, self.ours.talking.pop(0), self.ours.now)
        self.pause(None)

    def pause(self, why: str | None) -> None:
        for queue in self.ours.queues:
            self.floor.stand(queue, paused=why)

    def decide(self) -> None:
        for _ in range(20):
            contact = self.floor.next_servable()
            self.found = choose(self.floor, contact, self.floor.queue(contact.queue))

    def again(self) -> None:
        self.ours.effects = d.settle(self.floor, self.ours.now)
        self.ours.talking.append(self.ours.effects[-1].contact.id)
        self.ours.again()
        self.free()


class Offering(Choosing):
    """The same, and the offer is made: reason, rows and event."""

    times = 1

    def decide(self) -> None:
        self.ours.effects = d.settle(self.floor, self.ours.now)

    def again(self) -> None:
        self.ours.talking.append(self.ours.effects[-1].contact.id)
        self.ours.again()
        self.free()


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


def measured(agents: int, waiting: int, skills: int) -> dict[str, float]:
    """Each one's time at one size, in turns."""
    ours = Ours(agents, waiting, skills)
    found = {"turn": median_us(ours, ROUNDS)}
    found["choosing"] = median_us(Choosing(ours), ROUNDS)
    ours.effects = d.settle(ours.floor, ours.now)  # what choosing left undone
    ours.talking.append(ours.effects[-1].contact.id)
    ours.again()
    found["offer"] = median_us(Offering(ours), ROUNDS)
    for make in (LinearScan, SqlScan):
        found[make.name] = median_us(make(agents, waiting, skills), SLOW_ROUNDS)
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


OURS = ("choosing", "offer", "turn")


def line(size: tuple[int, int, int], found: dict[str, float]) -> str:
    """One size's times, and how many times as long the others take as choosing and, in brackets, as our whole turn."""
    said = "".join(f"{each:>8}" for each in size) + "".join(f"{found[each]:>9.1f}" for each in OURS)
    scans = (found[each.name] for each in (LinearScan, SqlScan))
    return said + "".join(f"{scan / found['choosing']:>10.1f} x ({scan / found['turn']:.1f} x)" for scan in scans)


def growth(costs: dict[tuple[int, int, int], dict[str, float]], least: tuple, most: tuple) -> str:
    """How many times as much each costs on a larger floor."""
    grown = ", ".join(f"{each} {costs[most][each] / costs[least][each]:.1f} x" for each in OURS)
    return f"from {least[0]} agents and {least[1]} waiting to {most[0]} and {most[1]}: {grown}"


@click.command()
@click.option("--most", default=50_000, show_default=True, help="How many wait at most.")
@click.option("--agents", "most_agents", default=10_000, show_default=True, help="How many agents there are at most.")
def main(most: int, most_agents: int) -> None:
    """Tell what a decision costs at each size, and how it grows."""
    sizes = [(agents, 100, 1) for agents in AGENTS if agents <= most_agents]
    sizes += [(100, waiting, 1) for waiting in WAITING if waiting <= most]
    sizes += [(100, 100, skills) for skills in SKILLS]
    sizes.append((most_agents, most, 2))
    click.echo("  agents waiting  skills" + "".join(f"{each:>9}" for each in OURS) + " us; linear scan, SQL scan")
    costs = {}
    for size in dict.fromkeys(sizes):
        costs[size] = measured(*size)
        click.echo(line(size, costs[size]))
    for larger in ((100, most, 1), (most_agents, 100, 1)):
        click.echo(growth(costs, (100, 100, 1), larger))
    click.echo(f"one contact in SQLite, five transactions: {in_a_database(60):.1f} ms of processor time")


if __name__ == "__main__":
    main()
