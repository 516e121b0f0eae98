"""Announcing: what somebody who waits is told about place and wait, and when - never more often than helps.

The rule is pure: what was told before and how it stands now lead to what is told next.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

ROUND_S_MAX = 600


class Place(StrEnum):
    """How a place in line is told."""

    YES = "yes"
    NO = "no"
    LIMIT = "limit"  # only up to `place_limit`
    MORE = "more"  # beyond `place_limit`: that more than so many are waiting


@dataclass(frozen=True, slots=True)
class Announcing:
    """What a queue tells those who wait.

    `every_s`: at most so often. `only_better`: a place or a wait that is not better than what was told last is not told
    again - but one that has become worse is, once, with the reason, since silence would be a lie. `round_s`: waits are
    told in whole steps of this, rounded up. `first_is_told`: whether who is next hears announcements at all.
    """

    every_s: int = 45
    place: Place = Place.YES
    place_limit: int = 10
    wait: bool = True
    round_s: int = 60
    only_better: bool = False
    first_is_told: bool = True

    def __post_init__(self) -> None:
        """ValueError if a setting cannot be meant."""
        if not 1 <= self.round_s <= ROUND_S_MAX:
            raise ValueError(f"round_s is {self.round_s} (1 to {ROUND_S_MAX} is right)")
        if self.every_s < 1 or self.place_limit < 1:
            raise ValueError("every_s and place_limit count from 1")


@dataclass(frozen=True, slots=True)
class Told:
    """What was told last: when, which place, which wait, and how many texts for comfort were heard so far."""

    at: datetime | None = None
    position: int | None = None
    wait_s: int | None = None
    comforts: int = 0


class Rose(StrEnum):
    """Why a wait or a place got worse."""

    PLACE = "place"  # others who are served first have come: head starts, and those who have their place back
    AGENTS = "agents"  # fewer are at work than before
    TALKS = "talks"  # conversations take longer than before


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is told now; None: not that. `more_than`: that more than so many wait; `comfort`: which of the texts."""

    position: int | None = None
    more_than: int | None = None
    wait_s: int | None = None
    rose: Rose | None = None
    comfort: int | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """How it stands for somebody: the place, the expected wait, and how many representatives are at work."""

    position: int
    wait_s: float | None
    agents: int


def announce(
    rule: Announcing, told: Told, before: Outlook | None, now: Outlook, at: datetime, texts: int = 0
) -> tuple[Announcement, Told] | None:
    """What is told at this moment and what has been told then; None: it is too early.

    `before` is how it stood when something was told last. `texts`: how many texts for comfort there are; they come in
    turn, one each time, so that the same one is heard as late as can be.
    """
    if told.at and (at - told.at).total_seconds() < rule.every_s:
        return None
    wait_s = _rounded(now.wait_s, rule.round_s) if rule.wait and now.wait_s is not None else None
    position, more_than = _place(rule, now.position)
    rose = _rose(told, before, now, wait_s)
    if now.position == 1 and not rule.first_is_told:
        position = more_than = wait_s = rose = None
    elif rule.only_better and rose is None:
        if told.position is not None and now.position >= told.position:
            position = more_than = None
        if told.wait_s is not None and wait_s is not None and wait_s >= told.wait_s:
            wait_s = None
    comfort = told.comforts % texts if texts else None
    said = Announcement(position, more_than, wait_s, rose, comfort)
    kept_wait_s = wait_s if wait_s is not None else told.wait_s
    kept_position = now.position if position or more_than else told.position
    return said, Told(at, kept_position, kept_wait_s, told.comforts + (1 if texts else 0))


def _rounded(wait_s: float, round_s: int) -> int:
    """Up to the next whole step: a wait that ends early is no disappointment."""
    return max(round_s, -int(-wait_s // round_s) * round_s)


def _place(rule: Announcing, position: int) -> tuple[int | None, int | None]:
    match rule.place:
        case Place.NO:
            return None, None
        case Place.LIMIT if position > rule.place_limit:
            return None, None
        case Place.MORE if position > rule.place_limit:
            return None, rule.place_limit
    return position, None


def _rose(told: Told, before: Outlook | None, now: Outlook, wait_s: int | None) -> Rose | None:
    """Why it got worse since something was told last, if it did."""
    worse_place = told.position is not None and now.position > told.position
    worse_wait = told.wait_s is not None and wait_s is not None and wait_s > told.wait_s
    if worse_place:
        return Rose.PLACE
    if not worse_wait:
        return None
    return Rose.AGENTS if before and now.agents < before.agents else Rose.TALKS
