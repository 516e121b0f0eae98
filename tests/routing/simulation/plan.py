"""Plan: what one seed decides before anything happens - queues, agents, how people are, and which faults there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from routing.agent import Agent
from routing.kind import KINDS as USUAL
from routing.kind import Kind
from routing.queue import Queue, Strategy, Tier

SKILLS = ("claims", "orders", "de", "sr")
NAMES = ("anna", "bert", "carl", "dora", "emil", "fred", "gina", "hugo")
GROUPS = ("first", "second", "third")
NEEDS: tuple[Mapping[str, Any], ...] = (
    {}, {"claims": 1}, {"claims": 1}, {"claims": 3}, {"orders": 1}, {"claims": 2, "de": 2}, {"sr": 3}, {"claims": 5},
    {"any": [{"de": 2}, {"sr": 2}]}, {"claims": 1, "not": {"sr": 4}}, {"any": [{"orders": 4}, {"claims": 4, "de": 1}]},
)  # fmt: skip
RELAX = (
    (), (), (), (), ((15, {"claims": 2}), (40, {})), ((30, {"de": 1}),),
    ((10, {"claims": 5, "sr": 5}), (20, {"de": 5})),
)  # fmt: skip
CHAT = Kind("chat", live=False, legs=False, capacity=2)
KINDS = {**USUAL, CHAT.name: CHAT}
"""The usual kinds, and one that nothing may interrupt."""

FAULTS = (
    "told twice", "told again later", "accepted twice", "accepted by another", "accepted too late", "declined",
    "ignored", "leg failed", "leg silent", "leg lost", "leg unreachable", "hung up while ringing",
    "hung up while connecting", "hung up while talking", "gave up", "left by a key", "woken late",
    "woken for nothing", "clock jumps", "clock stands", "restart", "agents pause", "agents leave",
    "agents leave all at once", "in the same moment",
    "supervisors step in", "agents hand on", "promised before", "clock set back", "hours end", "callbacks fail",
    "a supervisor in the same moment", "agents need longer", "handed round",
)  # fmt: skip
HEADS_S = (0, 0, 0, 0, 30, 60, 300, -20)


@dataclass(frozen=True, slots=True)
class Plan:
    """One day's people and settings; `faults` are those that may happen."""

    queues: Mapping[str, Queue]
    agents: tuple[Agent, ...]
    faults: frozenset[str]
    between_s: float  # mean time between arrivals
    talk_s: float
    patience_s: float
    kinds: tuple[str, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    late_share: float = 0.03  # of the deadlines, where people are "woken late"
    without: frozenset[str] = frozenset()  # doors that nobody uses
    way: str = "drawn"  # see `ways`
    only: str | None = None  # the faults, if they were chosen


def drawn(seed: int) -> Plan:
    """The plan of a seed: each switches on a part of the faults and of the settings, so that rare ones meet."""
    dice = Random(seed)  # noqa: S311 - no secrets here
    names = NAMES[: dice.randint(2, len(NAMES))]
    queues = {name: _queue(name, dice, names) for name in ("claims", "orders", "service")[: dice.randint(1, 3)]}
    talk_s = dice.choice((20, 60, 120))
    load = dice.choice((0.5, 0.9, 1.3))
    return Plan(
        queues=queues,
        agents=tuple(_agent(name, dice) for name in names),
        faults=frozenset(fault for fault in FAULTS if dice.random() < 0.6),
        between_s=(talk_s + 20) / len(names) / load,
        talk_s=talk_s,
        patience_s=dice.choice((40, 120, 600)),
        kinds=dice.choice(
            (("call",), ("call",), ("call", "call", "email", "visit", "callback"), ("call", "chat", "email"))
        ),
    )


def _agent(name: str, dice: Random) -> Agent:
    skills = {skill: dice.randint(1, 5) for skill in SKILLS if dice.random() < 0.6}
    return Agent(
        name,
        skills=skills,
        ring_at=dice.choice(("desk", "desk", "phone")),
        groups=tuple(group for group in GROUPS if dice.random() < 0.5),
        capacity=dice.choice(({}, {}, {"email": 1}, {"email": 2, "visit": 0})),
        wrap_up_s=dice.choice((None, None, 0, 5)),
    )


def _queue(name: str, dice: Random, names: tuple[str, ...]) -> Queue:
    strategy = dice.choice((*Strategy, Strategy.LONGEST_IDLE, Strategy.LONGEST_IDLE))
    tiers = tuple(
        Tier(group, after_s) for group, after_s in zip(GROUPS, (0, dice.choice((0, 10, 30)), 45), strict=True)
    )
    return Queue(
        name,
        ring_s=dice.choice((5, 20)),
        wrap_up_s=dice.choice((0, 10, 30)),
        max_wait_s=dice.choice((60, 180, 600)),
        misses_max=dice.choice((1, 2, 3)),
        offers_max=dice.choice((2, 4, 10)),
        head_start_s=dice.choice((0, 0, 45, -30)),
        strategy=strategy,
        order=tuple(dice.sample(names, k=2)),
        weights={names[0]: 5},
        ring_max=dice.choice((1, 2, 3)),
        ring_more_s=dice.choice((2, 5)),
        tiers=dice.choice(((), (), tiers, tiers[:2])),
        prefer_s=dice.choice((5, 30)),
        keep_place_s=dice.choice((0, 0, 60)),
        declined_rest_s=dice.choice((0, 0, 8)),
        busy_rest_s=dice.choice((0, 0, 12)),
        no_answer_rest_s=dice.choice((0, 0, 20)),
        wrap_up_extra_s=dice.choice((0, 15)),
        max_length=dice.choice((1000, 1000, 12)),
        max_ratio=dice.choice((None, None, 4.0)),
        max_expected_wait_s=dice.choice((None, None, None, 30)),
        wrap_up_until_done=dice.random() < 0.1,
        breaks_count=dice.choice((True, True, False)),
    )
