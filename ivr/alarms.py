"""Alarms: what somebody should look at now - a long wait, nobody there, cases overdue, a switch left on - and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Column, Integer, String, Table, delete, insert, select

from ivr.menu.tree import AlarmLimits, QueueNode, Tree
from ivr.promises import needed
from ivr.store import Tx
from routing.case import Wanted
from routing.demand import Demand
from routing.kind import CALL
from routing.needs import words
from routing.queue import Queue
from routing.refusal import Refused
from routing.store import metadata

WAIT_MIN_S, WAIT_MAX_S = 5, 7200
OF_THE_LONGEST = 0.5
"""Where nobody has said when a wait is an alarm, it is one after half of the longest wait that the queue allows."""

OVERDUE = 1
"""Where a hotline does not say how many cases that are overdue are an alarm, so many are."""

alarm_limits = Table(
    "alarm_limits",
    metadata,
    Column("queue", String(64), primary_key=True),
    Column("wait_s", Integer, nullable=False),
    CheckConstraint(f"wait_s BETWEEN {WAIT_MIN_S} AND {WAIT_MAX_S}", name="wait_s_can_be_meant"),
)


class What(StrEnum):
    """What an alarm is about."""

    EMERGENCY = "emergency"
    LONG_WAIT = "long_wait"
    MANY_WAIT = "many_wait"
    NOBODY = "nobody"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing to look at. `queue` is None for cases, and a hotline's name for its switch.

    `count` cases, or callers who wait; `since` when it began.
    """

    what: What
    queue: str | None
    count: int
    since: datetime | None = None
    limit_s: int | None = None


def said_of(queue: str, trees: Iterable[Tree]) -> AlarmLimits:
    """What a queue's hotline says of its alarms: of the queue itself first, then of all."""
    for tree in trees:
        if queue in tree.queues:
            its, general = tree.queues[queue].alarms, tree.alarms
            return AlarmLimits(
                *(getattr(general, name) if getattr(its, name) is None else getattr(its, name) for name in LIMITS)
            )
    return AlarmLimits()


LIMITS = ("wait_s", "waiting", "nobody", "overdue")


def limits(tx: Tx, queues: Iterable[Queue], trees: Iterable[Tree] = ()) -> dict[str, int]:
    """By queue: after how many seconds a wait is an alarm. First comes what a supervisor has set, then the hotline."""
    trees = tuple(trees)
    set_here = dict(tx.connection.execute(select(alarm_limits.c.queue, alarm_limits.c.wait_s)).all())
    return {queue.name: set_here.get(queue.name) or _usual(queue, said_of(queue.name, trees)) for queue in queues}


def _usual(queue: Queue, said: AlarmLimits) -> int:
    return said.wait_s or max(WAIT_MIN_S, int(queue.max_wait_s * OF_THE_LONGEST))


def set_limit(tx: Tx, queue: Queue | None, text: str) -> Refused | None:
    """From now on a wait is an alarm after so many seconds; an empty text: as where nobody has said so."""
    if queue is None:
        return Refused("there is no such queue", field="queue")
    if text and not (text.isascii() and text.isdigit() and len(text) <= 5 and WAIT_MIN_S <= int(text) <= WAIT_MAX_S):
        return Refused(f"seconds, {WAIT_MIN_S} to {WAIT_MAX_S}, are right", field="wait_s")
    tx.connection.execute(delete(alarm_limits).where(alarm_limits.c.queue == queue.name))
    if text:
        tx.connection.execute(insert(alarm_limits).values(queue=queue.name, wait_s=int(text)))
    return None


def alarms(
    tx: Tx,
    trees: Iterable[Tree],
    waiting: Mapping[str, tuple[int, datetime | None]],
    limit_s: Mapping[str, int],
) -> list[Alarm]:
    """Everything to look at now. `waiting`: by queue how many callers wait and since when the first one does."""
    trees = tuple(trees)
    switches = tx.emergencies.all_on(tx.now)
    found = [Alarm(What.EMERGENCY, it.hotline, 0, it.set_at) for it in switches]  # who put it on may forget it
    there = _attended(tx, trees)
    for queue, (count, since) in waiting.items():
        said = said_of(queue, trees)
        if since is not None and (tx.now - since).total_seconds() >= limit_s[queue]:
            found.append(Alarm(What.LONG_WAIT, queue, count, since, limit_s[queue]))
        if said.waiting is not None and count >= said.waiting:
            found.append(Alarm(What.MANY_WAIT, queue, count, since))
        if said.nobody is not False and not there.get(queue, True):
            found.append(Alarm(What.NOBODY, queue, count))
    overdue = tx.cases.count(Wanted(overdue=True), tx.now)
    if overdue >= min((tree.alarms.overdue or OVERDUE for tree in trees), default=OVERDUE):
        found.append(Alarm(What.OVERDUE, None, overdue))
    return found


def _attended(tx: Tx, trees: Iterable[Tree]) -> dict[str, bool]:
    """By queue, of those that are open: whether anybody is logged in who could take some call that it is for."""
    found: dict[str, bool] = {}
    for tree in trees:
        if tree.hours and not any(calendar.is_open(tx.now) for calendar in tree.hours.values()):
            continue
        for node in tree.nodes.values():
            if isinstance(node, QueueNode) and not found.get(node.queue):
                tiers: tuple[Any, ...] = tx.floor.queue(node.queue).tiers
                wanted = [needed(node.needs, language) for language in tree.languages]
                groups = [tier.group for tier in tiers] or [None]
                demands = (Demand(CALL, needs, words(needs), group) for needs in wanted for group in groups)
                found[node.queue] = any(tx.floor.anyone_there(demand) for demand in demands)
    return found
