"""Effect: what the floor's decisions ask the world outside to do or to know, once they are committed.

Each is safe to carry out twice and safe to lose: the next deadline repairs it.
"""

from __future__ import annotations

from dataclasses import dataclass

from routing.agent import Agent
from routing.contact import Contact
from routing.offer import Offer


@dataclass(frozen=True, slots=True)
class Offered:
    """Show the offer on the agent's desk; if `agent.ring_at` is "phone", ring their leg with it."""

    offer: Offer
    agent: Agent
    contact: Contact


@dataclass(frozen=True, slots=True)
class Reserved:
    """The agent is kept free for a contact that is away: call it, and tell of it by `caller_here` or `not_reached`."""

    offer: Offer
    agent: Agent
    contact: Contact


@dataclass(frozen=True, slots=True)
class Accepted:
    """The agent takes it: ring their leg, unless it is the leg that accepted (see Connected)."""

    offer: Offer
    agent: Agent
    contact: Contact


@dataclass(frozen=True, slots=True)
class Connected:
    """The agent's leg has answered: bring the caller into the conference."""

    offer: Offer
    agent: Agent
    contact: Contact


@dataclass(frozen=True, slots=True)
class Closed:
    """The offer is over without a conversation (`offer.state` says how): stop ringing, hang up its leg if any."""

    offer: Offer


@dataclass(frozen=True, slots=True)
class Returned:
    """The contact waits again, at its first place."""

    contact: Contact
    why: str


@dataclass(frozen=True, slots=True)
class Overflowed:
    """The contact waits no longer: lead the caller to where the queue's owner sends them."""

    contact: Contact
    why: str  # too long, nobody there, nobody answered, full


@dataclass(frozen=True, slots=True)
class NotReached:
    """The contact was called and did not come: hang up what still rings, and try again later."""

    contact: Contact
    why: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The conversation is over; hang up what is left of the agent's leg, and of the caller's if it never answered."""

    contact: Contact
    offer: Offer


@dataclass(frozen=True, slots=True)
class Paused:
    """The floor has paused the agent, who should be told why."""

    agent: Agent
    why: str


@dataclass(frozen=True, slots=True)
class Held:
    """The contact is on hold, or parked: let the caller hear music."""

    contact: Contact
    offer: Offer


@dataclass(frozen=True, slots=True)
class Resumed:
    """The hold is over."""

    contact: Contact
    offer: Offer


@dataclass(frozen=True, slots=True)
class Transferred:
    """The agent has handed the contact on, and is off it: lead the caller `to` that number, or into the queue again as
    the new contact `into`."""

    contact: Contact
    offer: Offer
    to: str | None = None
    into: Contact | None = None


@dataclass(frozen=True, slots=True)
class Listening:
    """A supervisor takes part in a conversation: `how` is "listen", "whisper", "barge" or, to end it, "off"."""

    contact: Contact
    offer: Offer
    supervisor: str
    how: str


Effect = (
    Offered
    | Reserved
    | Accepted
    | Connected
    | Closed
    | Returned
    | Overflowed
    | NotReached
    | Ended
    | Paused
    | Held
    | Resumed
    | Transferred
    | Listening
)
