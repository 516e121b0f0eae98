"""Kind: what sorts of contacts there are, how many of each one agent can have, and what may come before what.

The fair order between kinds is the order of all contacts: by place, and a kind's head start (which may be below zero)
counts into the place. So a visitor at the counter may count as if they had come two minutes earlier and an e-mail as if
it had come half an hour later, and yet an e-mail that is old enough comes before both: no kind starves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

CAPACITY_MAX = 25
"""No agent has more contacts of one kind at once."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of contact.

    `live`: somebody is there and wants the agent's whole attention, so an agent has one live contact at a time, of
    whatever kind, and a wrap-up after it. What is not live (an e-mail) is had `capacity` times at once.
    `interrupts`: kinds that are not live and of which an agent may have some in hand when this one is offered; they are
    parked while it lasts. `legs`: the agent talks by telephone, so accepting is not yet talking.
    """

    name: str
    live: bool = True
    legs: bool = True
    capacity: int = 1
    interrupts: frozenset[str] = frozenset()
    head_start_s: int = 0

    def __post_init__(self) -> None:
        """ValueError if this cannot be meant."""
        if not 1 <= self.capacity <= CAPACITY_MAX or (self.live and self.capacity != 1):
            right = "1 is right" if self.live else f"1 to {CAPACITY_MAX} is right"
            raise ValueError(f"kind {self.name}: capacity is {self.capacity} ({right})")


CALL, CALLBACK, VISIT, EMAIL = "call", "callback", "visit", "email"
CONSULT = "consult"
"""An agent who asks a colleague; not for a hotline to set."""

CONSULTS = "*consults"
"""The line in which consultations stand: no queue of a hotline can be called so."""

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(CALL, interrupts=frozenset({EMAIL})),
        Kind(CALLBACK, interrupts=frozenset({EMAIL})),
        Kind(VISIT, legs=False, interrupts=frozenset({EMAIL})),
        Kind(CONSULT, interrupts=frozenset({EMAIL})),
        Kind(EMAIL, live=False, legs=False, capacity=3, head_start_s=-1800),
    )
}
"""The kinds and their usual settings; a hotline may set others."""


def room(kind: Kind, capacity: Mapping[str, int], holds: Mapping[str, int]) -> bool:
    """Whether somebody with nothing live in hand can take one more of `kind`.

    `capacity`: what the agent can have, where that differs from the kind's own; 0 is "none of these". `holds`: how many
    contacts of each kind that is not live they have in hand.
    """
    most = capacity.get(kind.name, kind.capacity)
    if kind.live:
        most = min(most, 1)
    if holds.get(kind.name, 0) >= most:
        return False
    return not holds or all(not many or other == kind.name or other in kind.interrupts for other, many in holds.items())
