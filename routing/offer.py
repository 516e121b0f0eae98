"""Offer: one attempt to give one contact to one agent, and what came of it.

A contact may have several open offers at once (RING_ALL); accepted, and not over, is one at most.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from routing.kind import CALL
from routing.lifecycle import Lifecycle
from routing.reason import Reason

LEG_S = 15
"""How long an accepted offer waits for the agent's leg to answer."""

AWAY_S = 90
"""How long an agent is kept free for somebody who is being called: it rings, they listen, they press a key."""


class OfferState(StrEnum):
    """What came of it. An accepted offer is live until the conversation is over (`ended_at`)."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"
    CALLER_GONE = "caller_gone"
    FAILED = "failed"


S = OfferState
OFFER = Lifecycle(
    "offer",
    OfferState,
    [
        ("accept", S.OPEN, S.ACCEPTED),
        ("decline", S.OPEN, S.DECLINED),
        ("miss", S.OPEN, S.MISSED),
        ("withdraw", S.OPEN, S.WITHDRAWN),
        ("lose_caller", [S.OPEN, S.ACCEPTED], S.CALLER_GONE),
        ("fail", [S.OPEN, S.ACCEPTED], S.FAILED),
    ],
)


@dataclass(slots=True)
class Offer:
    """One offer. `expires_at`: when it is missed; once accepted, when its leg must have answered; then nothing.

    The agent is not asked yet while the contact is away: until it is here the offer only keeps them free.
    """

    id: str
    contact: str
    agent: str
    queue: str
    made_at: datetime
    expires_at: datetime | None
    reason: Reason = field(default_factory=Reason)
    kind: str = CALL
    live_kind: bool = True  # it wants the agent's whole attention
    state: OfferState = OfferState.OPEN
    leg_sid: str | None = None
    accepted_at: datetime | None = None
    connected_at: datetime | None = None
    ended_at: datetime | None = None
    why: str | None = None  # of a failure or a withdrawal

    @property
    def live(self) -> bool:
        """Whether it still binds the agent and the contact."""
        return self.ended_at is None

    @property
    def connected(self) -> bool:
        """Whether the two are talking, or have talked."""
        return self.connected_at is not None
