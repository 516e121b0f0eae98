"""Keeping: how many days what is kept of people stays - sounds, what happened, and the log - as the settings say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

DAYS_MAX = 36_500
NAME = "DIALTREE_KEEP"
_ONE = re.compile(r"(?:([a-z0-9][a-z0-9_-]{0,63})\.)?([a-z]+):([0-9]{1,6})")


class Class(StrEnum):
    """What is kept for a time of its own."""

    RECORDINGS = "recordings"  # conversations and messages, their sounds
    EVENTS = "events"  # what happened, and who it was and what they said in it; cases stay
    LOG = "log"  # the log, answers to webhooks, and exports


DEFAULT_DAYS = {Class.RECORDINGS: 90, Class.EVENTS: 365, Class.LOG: 30}


@dataclass(frozen=True, slots=True)
class Keeping:
    """Days by class, and those of a hotline that keeps recordings or events for another time."""

    days: Mapping[Class, int] = field(default_factory=lambda: dict(DEFAULT_DAYS))
    of_hotlines: Mapping[tuple[str, Class], int] = field(default_factory=dict)

    def exceptions(self, what: Class) -> dict[str, int]:
        """The hotlines that keep this for another time, with their days."""
        return {hotline: days for (hotline, its), days in self.of_hotlines.items() if its is what}


def read_keeping(environment: Mapping[str, str], faults: list[str]) -> Keeping:
    """What DIALTREE_KEEP says: `recordings:90 events:365 log:30 acme.recordings:30`, in days."""
    days, of_hotlines = dict(DEFAULT_DAYS), {}
    for word in environment.get(NAME, "").split():
        found = _ONE.fullmatch(word)
        fault = _fault(found)
        if fault or not found:
            faults.append(f"{NAME}: {word!r} {fault}")
        elif found[1]:
            of_hotlines[found[1], Class(found[2])] = int(found[3])
        else:
            days[Class(found[2])] = int(found[3])
    return Keeping(days, of_hotlines)


def _fault(found: re.Match[str] | None) -> str | None:
    if found is None or found[2] not in list(Class):
        return f"is no keeping time (a class and days: recordings:90; there are: {', '.join(Class)})"
    if not 1 <= int(found[3]) <= DAYS_MAX:
        return f"has too many or too few days (1 to {DAYS_MAX})"
    return "is one for the whole installation (log:30)" if found[1] and found[2] == Class.LOG else None
