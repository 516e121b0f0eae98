"""Contact: anything that waits for a person - a call, a callback - and its place among the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from routing import kind as kinds
from routing import needs as wanted
from routing.lifecycle import Lifecycle
from routing.needs import Needs

Relaxing = tuple[tuple[int, Needs], ...]
"""(seconds of waiting, what is needed from then on), ascending."""


class ContactState(StrEnum):
    """Where a contact is."""

    WAITING = "waiting"
    OFFERED = "offered"  # agents are asked (one, or several at once), or one has accepted and is being connected
    TALKING = "talking"  # with an agent; of what has no voice: in an agent's hands
    DONE = "done"


class Outcome(StrEnum):
    """How a contact ended on the floor."""

    SERVED = "served"
    ABANDONED = "abandoned"
    OVERFLOWED = "overflowed"
    LEFT = "left"  # by a way of their own: a key that leads out of the queue
    TRANSFERRED = "transferred"  # an agent handed them on to somebody who is not on this floor
    NOT_REACHED = "not_reached"  # a callback that nobody answered, or that a mailbox did


S = ContactState
CONTACT = Lifecycle(
    "contact",
    ContactState,
    [
        ("offer", S.WAITING, S.OFFERED),
        ("return", [S.OFFERED, S.TALKING], S.WAITING),
        ("talk", S.OFFERED, S.TALKING),
        ("finish", S.TALKING, S.DONE),
        ("hand_on", S.TALKING, S.DONE),
        ("not_reach", [S.WAITING, S.OFFERED, S.TALKING], S.DONE),
        ("abandon", [S.WAITING, S.OFFERED], S.DONE),
        ("leave", [S.WAITING, S.OFFERED], S.DONE),
        ("overflow", S.WAITING, S.DONE),
    ],
)


@dataclass(slots=True)
class Contact:
    """One contact. Whoever makes it gives the first block; `distributor.enter` and the floor fill in the rest.

    `needs` says which skills, at which least level (1-5), an agent must have (`routing.needs`). Skill names are of the
    hotline's choosing: languages are skills too. `relax` says what is needed instead after so many seconds of waiting,
    ascending; steps that have been taken are gone from it. `who` is the same for the same person, and no telephone
    number (a digest): by it somebody who was cut off is known again. `preferred` is the agent to be asked first.
    `away`: nobody is on the line yet. When its turn has come an agent is kept free for it, and asked once it has come.
    """

    id: str
    queue: str
    needs: Needs = field(default_factory=dict)
    head_start_s: int = 0
    kind: str = kinds.CALL
    language: str = "en"
    case_kind: str | None = None  # the form the agent should see first
    call: str | None = None  # the id of the call behind it, if there is one
    relax: Relaxing = ()
    who: str | None = None
    preferred: str | None = None  # emptied when its time is over, or at once if they are not there or not able
    away: bool = False
    transfers: int = 0  # how often the matter was handed on before
    closes_at: datetime | None = None  # when the queue's hours end: who still waits then overflows
    asks_about: str | None = None  # of a consultation, also after it has become the conversation: whom it was about

    state: ContactState = ContactState.WAITING
    entered_at: datetime | None = None  # whoever makes it may give it: it has waited since then, elsewhere
    rank: datetime | None = None  # entered_at - head starts of contact, queue and kind: who has the lowest is next
    seq: int = 0  # order of entry; decides between equal ranks, whatever the clocks do
    max_wait_at: datetime | None = None  # the longest wait, or the end of the hours if that is earlier
    relax_at: datetime | None = None  # when the next step is due: of `relax`, of the queue's tiers, of the preference
    preferred_until: datetime | None = None
    spares: Mapping[str, datetime] = field(default_factory=dict)  # agents not asked about it again before that moment
    reach: int = 0  # so many of the queue's tiers may take it; 0: the queue has none
    offers_made: int = 0
    rounds: int = 0  # how often it was offered; to how many at once does not matter
    rung: int = 0  # how many were asked in this round
    ring_more_at: datetime | None = None  # when one more is asked
    last_agent: str | None = None  # who had the last offer; while talking, and after, who took it
    talking_at: datetime | None = None
    held_since: datetime | None = None  # on hold, or parked while its agent has something more urgent
    held_s: float = 0.0  # of all holds that are over
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    why: str | None = None  # the reason of an overflow, a leaving, a transfer
    disposition: str | None = None  # what the agent says came of it
    place_to: str | None = None  # the contact that has its place back

    @property
    def place(self) -> tuple[datetime, int]:
        """What contacts are ordered by. It does not change while they wait, unless a supervisor changes it, so nobody
        starves: who comes later than the greatest head start allows is behind for good."""
        return (self.rank, self.seq)

    @property
    def lane(self) -> str:
        """Who can take one contact of a lane can take them all: the same queue, kind, needs, tiers and preference."""
        return lane_of(self)

    def stand(self, now: datetime, seq: int, max_wait_s: int, more_head_start_s: int = 0) -> None:
        """Take a place: the moment of entry, now unless an earlier one is given, less the head starts."""
        self.entered_at = min(self.entered_at or now, now)
        self.rank = self.entered_at - timedelta(seconds=self.head_start_s + more_head_start_s)
        self.seq = seq
        self.max_wait_at = now + timedelta(seconds=max_wait_s)
        if self.closes_at:
            self.max_wait_at = min(self.max_wait_at, self.closes_at)


def lane_of(contact: Contact) -> str:
    """The lane's name: `claims|call|0||claims:3/de:2`, and `|!anna` behind it while anna is not asked about it."""
    parts = (contact.queue, contact.kind, str(contact.reach), contact.preferred or "", wanted.words(contact.needs))
    spared = ("!" + ",".join(sorted(contact.spares)),) if contact.spares else ()
    return "|".join((*parts, *spared))
