"""Reason: why an offer went to this agent - who was looked at, what spoke against each, and the sentence for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What the decision found about one agent."""

    CHOSEN = "chosen"
    IDLE_LESS = "idle less long"
    JUST_HAD_IT = "just had it"
    LACKS = "lacks"
    OFFERED = "offered"
    TALKING = "talking"
    WRAP_UP = "wrap_up"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One agent who was looked at. `detail`: the skill that lacks ("de 2, has 1"), the pause's reason."""

    agent: str
    verdict: Verdict
    detail: str = ""
    until: datetime | None = None  # the end of a wrap-up


@dataclass(frozen=True, slots=True)
class Reason:
    """Why `agent` was chosen. `passed`: contacts that stand before this one, for whom nobody able was free."""

    agent: str = ""
    skills: Mapping[str, int] = field(default_factory=dict)  # the agent's levels in what was needed
    free_since: datetime | None = None
    candidates: tuple[Candidate, ...] = ()
    passed: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """`to claims-1, who has claims 4 and has been free since 10:03:00, longest of 2; claims-2 is ...`."""
        skills = " and ".join(f"{skill} {level}" for skill, level in sorted(self.skills.items()))
        who = [f"has {skills}"] if skills else []
        free = sum(1 for c in self.candidates if c.verdict in (Verdict.CHOSEN, Verdict.IDLE_LESS, Verdict.JUST_HAD_IT))
        longest = f", longest of {free}" if free > 1 else ""
        if self.free_since:
            who.append(f"has been free since {self.free_since:%H:%M:%S}{longest}")
        first = f"to {self.agent}" + (f", who {' and '.join(who)}" if who else "")
        return "; ".join([first, *(_clause(c) for c in self.candidates if c.verdict is not Verdict.CHOSEN)])


def _clause(candidate: Candidate) -> str:
    """What spoke against one agent, as half a sentence."""
    match candidate.verdict:
        case Verdict.IDLE_LESS:
            said = "is free too, but not as long"
        case Verdict.JUST_HAD_IT:
            said = "is free too, but had the last offer of it"
        case Verdict.LACKS:
            said = f"lacks {candidate.detail}"
        case Verdict.OFFERED:
            said = "has another offer"
        case Verdict.TALKING:
            said = "is talking"
        case Verdict.WRAP_UP:
            said = "is in wrap-up" + (f" until {candidate.until:%H:%M:%S}" if candidate.until else "")
        case _:
            said = "is paused" + (f" ({candidate.detail})" if candidate.detail else "")
    return f"{candidate.agent} {said}"
