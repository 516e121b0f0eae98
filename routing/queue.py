"""Queue: a line people stand in, and the times and limits that its owner has set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from routing.hours import Calendar
from routing.kind import EMAIL, VISIT

WAITING_MAX = 1000
"""How many may wait in one queue; the carriers' own queues hold as many."""

TOO_LONG = "too long"
NOBODY_THERE = "nobody there"
NOBODY_ANSWERED = "nobody answered"
FULL = "full"
CLOSED = "closed"
"""Why a contact overflows: the longest wait is over (or would be, by what is to be expected), nobody logged in could
ever take it, `offers_max` rounds of offers came to nothing, the queue holds as many as it may, or it is closed."""

SAME_S = ("same_declined_s", "same_busy_s", "same_no_answer_s")

FIRST = ("agent", "caller")
"""Whom a callback rings first."""

TIERS_MAX = 8
ORDER_MAX = 100
RING_MAX = 20
HEAD_START_MAX_S = 24 * 3600
WRAP_UP_MAX_S = 3600
"""After so long, a wrap-up that lasts until the agent is done ends in a pause."""


class Strategy(StrEnum):
    """Whom, of the able and free, a queue asks first. Equals are parted by who has been free longest, then by name."""

    LONGEST_IDLE = "longest_idle"  # free longest: since they became ready or their wrap-up ended
    LONGEST_SINCE_LAST_CALL = "longest_since_last_call"  # whose last conversation ended first; who had none comes first
    FEWEST_CALLS = "fewest_calls"  # of the day
    LEAST_TALK_TIME = "least_talk_time"  # of the day
    MOST_SKILLED = "most_skilled"  # highest sum of levels in what is needed
    LEAST_SKILLED = "least_skilled"  # lowest sum of all levels: who can do more is kept for those who need it
    ROUND_ROBIN = "round_robin"  # by name, after the one whom this queue asked last
    FIXED_ORDER = "fixed_order"  # in the order of `order`, then by name
    RING_ALL = "ring_all"  # all at once, `ring_max` at most; who accepts first has it
    RING_PROGRESSIVELY = "ring_progressively"  # one more every `ring_more_s`, longest idle first
    RANDOM = "random"  # by lot, among CHOICE_MAX who have been free longest
    WEIGHTED_RANDOM = "weighted_random"  # by lot, with the chances of `weights` (1 for who is not named)


CHOICE_MAX = 50
"""Among so many a lot is drawn."""


@dataclass(frozen=True, slots=True)
class Tier:
    """Agents of one group, who may take a queue's contacts from `after_s` seconds of waiting on.

    `group` is the name of a group, or of one agent.
    """

    group: str
    after_s: int = 0


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue's settings: seconds, shares from 0 to 1, and counts.

    `head_start_s` is the queue's weight among those that share agents: so many seconds earlier everybody in it counts
    as having come. It ages by itself: nobody is passed over by anybody who came later than that.

    `tiers`: who serves the queue, the first ones first: somebody of a later tier is asked only if nobody able of an
    earlier one is free, and not before that tier's `after_s` - unless nobody able of all earlier ones is logged in.
    Without tiers every agent serves it.
    """

    name: str
    ring_s: int = 20  # how long one offer stands
    wrap_up_s: int = 30  # the agent's time after a conversation; 0: none
    max_wait_s: int = 600  # then the contact overflows
    service_level_s: int = 20
    service_level_share: float = 0.8
    misses_max: int = 2  # so many missed offers in a row, and the agent is paused
    offers_max: int = 10  # so many times offered to no avail, and the contact overflows

    head_start_s: int = 0
    strategy: Strategy = Strategy.LONGEST_IDLE
    order: tuple[str, ...] = ()  # agents, for FIXED_ORDER
    weights: Mapping[str, int] = field(default_factory=dict)  # agent -> chances, for WEIGHTED_RANDOM
    ring_max: int = 5  # so many are rung at once, for RING_ALL and RING_PROGRESSIVELY
    ring_more_s: int = 10  # for RING_PROGRESSIVELY
    tiers: tuple[Tier, ...] = ()
    prefer_s: int = 30  # how long a contact waits for the agent whom it prefers
    same_declined_s: int = 0
    same_busy_s: int = 0
    same_no_answer_s: int = 0  # so long an agent is not asked about the same contact again
    keep_place_s: int = 0  # a caller who was cut off and rings back within this has the place back; 0: nobody has

    declined_rest_s: int = 0  # the agent's rest after declining an offer,
    busy_rest_s: int = 0  # after a leg that was busy or could not be reached,
    no_answer_rest_s: int = 0  # and after one that nobody answered

    wrap_up_extra_s: int = 0  # by so much the agent may put off the end of a wrap-up, once
    wrap_up_until_done: bool = False  # it ends when the agent says so; `wrap_up_s` is then only what is expected

    max_length: int = WAITING_MAX  # with so many waiting the next one overflows as full
    max_expected_wait_s: int | None = None  # where a longer wait is to be expected, it overflows as too long
    max_ratio: float | None = None  # waiting / able agents at work; above it, it overflows as full
    callback_tries: int = 3  # so often somebody who was promised a call is rung; then the matter becomes a case
    callback_again_s: int = 900  # from a call back that nobody answered to the next one
    callback_first: str = "agent"  # whom a callback rings first; "caller": the agent is asked when they are there
    callback_hours: Calendar | None = None  # when people may be called back; None: always

    breaks_count: bool = True  # whether somebody who is only on a break counts as there
    mail_level_s: int = 86_400  # as service_level_s: e-mails answered within
    visit_level_s: int = 600  # visitors called within

    def __post_init__(self) -> None:
        """ValueError if a setting cannot be meant."""
        for setting in (
            "ring_s",
            "max_wait_s",
            "service_level_s",
            "mail_level_s",
            "visit_level_s",
            "misses_max",
            "offers_max",
            "ring_more_s",
            "prefer_s",
            "callback_tries",
            "callback_again_s",
        ):
            self._least(setting, 1)
        for setting in ("wrap_up_s", "keep_place_s", "declined_rest_s", "busy_rest_s", "no_answer_rest_s", *SAME_S):
            self._least(setting, 0)
        self._least("wrap_up_extra_s", 0)
        self._between("service_level_share", 0 < self.service_level_share <= 1, "above 0, at most 1")
        self._between("head_start_s", abs(self.head_start_s) <= HEAD_START_MAX_S, f"{HEAD_START_MAX_S} at most")
        self._between("ring_max", 1 <= self.ring_max <= RING_MAX, f"1 to {RING_MAX}")
        self._between("max_length", 1 <= self.max_length <= WAITING_MAX, f"1 to {WAITING_MAX}")
        self._between(
            "max_expected_wait_s", self.max_expected_wait_s is None or self.max_expected_wait_s >= 1, "1 or more"
        )
        self._between("max_ratio", self.max_ratio is None or self.max_ratio > 0, "above 0")
        self._between("callback_first", self.callback_first in FIRST, " or ".join(FIRST))
        self._between("tiers", len(self.tiers) <= TIERS_MAX, f"{TIERS_MAX} at most")
        self._between("order", len(self.order) <= ORDER_MAX, f"{ORDER_MAX} names at most")
        afters = [tier.after_s for tier in self.tiers]
        self._between(
            "tiers", afters == sorted(afters) and all(it >= 0 for it in afters), "after_s ascending, from 0 on"
        )
        self._between("weights", all(weight >= 1 for weight in self.weights.values()), "1 or more each")

    def level_s(self, kind: str) -> int:
        """The time within which contacts of a kind are to be answered."""
        return {EMAIL: self.mail_level_s, VISIT: self.visit_level_s}.get(kind, self.service_level_s)

    def _least(self, setting: str, least: int) -> None:
        self._between(setting, getattr(self, setting) >= least, f"{least} or more")

    def _between(self, setting: str, good: bool, right: str) -> None:
        if not good:
            raise ValueError(f"queue {self.name}: {setting} is {getattr(self, setting)} ({right} is right)")


@dataclass(slots=True)
class Standing:
    """How a queue stands at the moment, whatever its settings say.

    `paused`: why nothing of it is offered. `closed`: why nobody may enter. `last_agent`: whom it asked last.
    """

    queue: str
    paused: str | None = None
    closed: str | None = None
    last_agent: str | None = None
