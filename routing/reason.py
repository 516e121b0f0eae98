"""Reason: why an offer went to this agent - who was looked at, what spoke against each, and the sentence for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What the decision found about one agent."""

    CHOSEN = "chosen"
    IDLE_LESS = "idle less long"
    AFTER = "comes after"
    RUNG_TOO = "rung too"
    JUST_HAD_IT = "just had it"
    LACKS = "lacks"
    OUTSIDE = "outside"
    LATER = "later"
    NOT_PREFERRED = "not preferred"
    NO_ROOM = "no room"
    RESTING = "resting"
    SPARED = "spared"
    OFFERED = "offered"
    TALKING = "talking"
    WRAP_UP = "wrap_up"
    PAUSED = "paused"


CLOCK = "%H:%M:%S UTC"
"""How a moment is told in a sentence here; pages tell it where the hotline is."""

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")
"""A moment within a winner or a detail."""

FREE = frozenset({Verdict.CHOSEN, Verdict.IDLE_LESS, Verdict.AFTER, Verdict.RUNG_TOO, Verdict.JUST_HAD_IT})
"""Found of agents who could have had the contact at that moment."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One agent who was looked at. `detail`: the skill that lacks ("de 2, has 1"), the pause's reason, the count that
    put them after the chosen one ..."""

    agent: str
    verdict: Verdict
    detail: str = ""
    until: datetime | None = None  # the end of a wrap-up or a rest; when a tier may take it


class Findings(Sequence[Candidate]):
    """Candidates that are worked out, of what was seen at the decision, when somebody first asks for them."""

    __slots__ = ("_found", "_look")

    def __init__(self, look: Callable[[], tuple[Candidate, ...]]) -> None:
        self._look: Callable[[], tuple[Candidate, ...]] | None = look
        self._found: tuple[Candidate, ...] = ()

    @property
    def found(self) -> tuple[Candidate, ...]:
        """What they are."""
        if look := self._look:
            self._found = look()
            self._look = None
        return self._found

    def __getitem__(self, index: Any) -> Any:
        return self.found[index]

    def __len__(self) -> int:
        return len(self.found)

    def __eq__(self, other: object) -> bool:
        return self.found == (other.found if isinstance(other, Findings) else other)

    def __hash__(self) -> int:
        return hash(self.found)

    def __repr__(self) -> str:
        return repr(self.found)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why `agent` was chosen. `passed`: contacts that stand before this one, for whom nobody able was free.

    `winner` is what put them first in the strategy's order: "has had the fewest calls today (3)"; a moment in it is as
    in ISO 8601. Empty `agent`: nobody was, and the candidates say why.
    """

    agent: str = ""
    skills: Mapping[str, int] = field(default_factory=dict)  # the agent's levels in what was needed
    free_since: datetime | None = None
    candidates: Sequence[Candidate] = ()
    passed: tuple[str, ...] = ()
    strategy: str = ""
    winner: str = ""

    @property
    def sentence(self) -> str:
        """`to claims-1, who has claims 4 and has been free since 10:03:00 UTC, longest of 2; claims-2 is ...`."""
        skills = " and ".join(f"{skill} {level}" for skill, level in sorted(self.skills.items()))
        who = [f"has {skills}"] if skills else []
        free = sum(1 for c in self.candidates if c.verdict in FREE)
        if self.winner:
            who.append(in_utc(self.winner))
        elif self.free_since:
            longest = f", longest of {free}" if free > 1 else ""
            who.append(f"has been free since {self.free_since:{CLOCK}}{longest}")
        first = f"to {self.agent}" + (f", who {' and '.join(who)}" if who else "") if self.agent else "to nobody yet"
        return "; ".join([first, *(clause(c) for c in self.candidates if c.verdict is not Verdict.CHOSEN)])


class Telling(Mapping[str, object]):
    """An event's fields and, as `why`, a reason that is put into words when somebody reads it."""

    __slots__ = ("_fields", "_reason")

    def __init__(self, reason: Reason, fields: Mapping[str, object]) -> None:
        self._reason = reason
        self._fields = fields

    def __getitem__(self, name: str) -> object:
        return self._reason.sentence if name == WHY else self._fields[name]

    def __iter__(self) -> Iterator[str]:
        yield from self._fields
        yield WHY

    def __len__(self) -> int:
        return len(self._fields) + 1

    def __repr__(self) -> str:
        return repr(dict(self))


WHY = "why"


def in_utc(said: str) -> str:
    """A winner or a detail with its moment as this module tells them."""
    return MOMENT.sub(lambda found: f"{datetime.fromisoformat(found[0]):{CLOCK}}", said)


_SAID = {
    Verdict.IDLE_LESS: "is free too, but not as long",
    Verdict.AFTER: "is free too, but {detail}",
    Verdict.RUNG_TOO: "is rung at the same time",
    Verdict.JUST_HAD_IT: "is free too, but had the last offer of it",
    Verdict.LACKS: "lacks {detail}",
    Verdict.OUTSIDE: "does not serve this queue",
    Verdict.LATER: "may take it{until}",
    Verdict.NOT_PREFERRED: "may take it{until}, since {detail} is preferred",
    Verdict.NO_ROOM: "has no room for it",
    Verdict.RESTING: "is asked nothing{until}",
    Verdict.SPARED: "is not asked about it again{until}",
    Verdict.OFFERED: "has another offer",
    Verdict.TALKING: "is talking",
    Verdict.WRAP_UP: "is in wrap-up{until}",
    Verdict.PAUSED: "is paused{why}",
}
_FROM = (Verdict.LATER, Verdict.NOT_PREFERRED)


def clause(candidate: Candidate) -> str:
    """What spoke against one agent, as half a sentence."""
    word = "from" if candidate.verdict in _FROM else "until"
    until = f" {word} {candidate.until:{CLOCK}}" if candidate.until else ""
    detail = in_utc(candidate.detail)
    why = f" ({detail})" if detail else ""
    said = _SAID.get(candidate.verdict, "is asked")
    return f"{candidate.agent} {said.format(detail=detail, until=until, why=why)}"
