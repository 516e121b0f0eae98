"""Floor: the waiting, the agents and the offers at one moment, behind one interface.

The distributor reads and changes the floor through this and nothing else, so that the same decisions come out of
memory (`routing.memory`: simulation, tests) and of a database (`routing.store`). What it reads is bounded: fronts of
lanes, the first few of a list, what is due.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Protocol

from routing.agent import AGENT, Agent, Snapshot
from routing.contact import CONTACT, Contact
from routing.demand import Demand
from routing.event import Event
from routing.kind import Kind
from routing.offer import OFFER, Offer
from routing.queue import Queue, Standing, Strategy

DUE_MAX = 200
"""How many due things of one kind a tick takes; the next deadline is then at once, so the rest follow."""

Thing = Contact | Agent | Offer
LIFECYCLES = {Contact: CONTACT, Agent: AGENT, Offer: OFFER}


def waited(
    entered_at: datetime, talking_at: datetime | None, ended_at: datetime | None, now: datetime
) -> tuple[float, bool]:
    """How long somebody has waited, in seconds, and whether they are gone without an answer."""
    in_vain = talking_at is None and ended_at is not None
    return ((talking_at or ended_at or now) - entered_at).total_seconds(), in_vain


class Floor(Protocol):
    """What the distributor knows of the world. One floor object lives for one transaction."""

    def new_id(self) -> str:
        """A fresh id for an offer or a contact."""

    def next_seq(self) -> int:
        """The number of the next entry; always higher than those before."""

    def queue(self, name: str) -> Queue:
        """The settings of a queue; of one that its owner has removed while people wait: the usual ones."""

    def kind(self, name: str) -> Kind:
        """The settings of a kind; of an unknown one: those of a call."""

    def standing(self, queue: str) -> Standing:
        """Whether a queue is paused or closed, and whom it asked last. Not to be changed but by `stand`."""

    def contact(self, contact_id: str) -> Contact | None:
        """The contact, or None if it never entered."""

    def agent(self, name: str) -> Agent | None:
        """The agent, or None if there is none of that name."""

    def offer(self, offer_id: str) -> Offer | None:
        """The offer, or None if it was never made."""

    def consulting(self, contact: Contact) -> Contact | None:
        """The consultation about a conversation that is not over (see `routing.consulting`)."""

    def live_offer(self, contact_id: str) -> Offer | None:
        """The offer of a contact that is accepted and not over, or else the first one that is open."""

    def live_offers(self, contact_id: str) -> Sequence[Offer]:
        """All offers of a contact that are open, or accepted and not over, in the order in which they were made."""

    def offer_of(self, agent: str) -> Offer | None:
        """The offer that an agent must answer, or else the one they took that wants their whole attention."""

    def held_by(self, agent: str) -> Sequence[Offer]:
        """The offers of contacts that an agent has in hand and that are not live (e-mails), oldest first."""

    def demands(self, contact: Contact) -> tuple[Demand, ...]:
        """Who may take the contact now (see `routing.demand`)."""

    def next_servable(self, but: Collection[str] = ()) -> Contact | None:
        """Who is first, by place, of all who wait and for whom somebody able is free; not of paused queues, and not of
        the lanes `but`."""

    def forlorn(self) -> Sequence[Contact]:
        """The first waiting contact of each lane for which nobody able is there, by place.

        Where a queue's `breaks_count` is False, somebody who is on a break, or about to go, is not there.
        """

    def free_agents(
        self, demand: Demand, limit: int, by: Strategy = Strategy.LONGEST_IDLE, after: str | None = None
    ) -> Sequence[Agent]:
        """Agents who fit the demand and have room for its kind, in the order of `by` (see ORDERED), then longest idle.

        With ROUND_ROBIN the order is by name, and those after the name `after` alone are given.
        """

    def anyone_there(self, demand: Demand, breaks: bool = True) -> bool:
        """Whether an agent who fits is logged in and not about to leave; without `breaks`: and not on a break."""

    def agents_there(self, demand: Demand) -> int:
        """How many who fit are at work: logged in, neither paused nor about to leave."""

    def logged_in(self, limit: int) -> Sequence[Agent]:
        """Agents who are logged in, by name."""

    def snapshots(self, limit: int) -> Sequence[Snapshot]:
        """The same agents as they are now, to be kept."""

    def waiting(self, queue: str) -> tuple[int, datetime | None]:
        """How many of a queue wait (those being offered too), and since when the first of them."""

    def in_line(self, queue: str, limit: int) -> Sequence[Contact]:
        """The first of a queue who wait or are being offered, by place."""

    def position(self, contact: Contact) -> int:
        """1 + how many of the same queue who wait or are being offered have a place before this one."""

    def cut_off(self, who: str, queue: str, since: datetime) -> Contact | None:
        """The latest contact of somebody who was cut off from a queue at `since` or later, if nobody has its place."""

    def handling_s(self, queue: str, since: datetime, limit: int) -> Sequence[float]:
        """How long the latest conversations that ended after `since` kept an agent, ringing included, in seconds."""

    def waits(self, queue: str, since: datetime, limit: int, now: datetime) -> Sequence[tuple[float, bool]]:
        """The latest to enter after `since`: how long each waited, until now or in all, and whether it was in vain."""

    def due_offers(self, now: datetime) -> Sequence[Offer]:
        """Live offers whose `expires_at` has come, the earliest first."""

    def due_wrap_ups(self, now: datetime) -> Sequence[Agent]:
        """Agents whose wrap-up is over, the earliest first."""

    def due_rests(self, now: datetime) -> Sequence[Agent]:
        """Agents whose rest is over, the earliest first."""

    def due_contacts(self, now: datetime) -> Sequence[Contact]:
        """Waiting contacts whose longest wait is over, the earliest first."""

    def due_steps(self, now: datetime) -> Sequence[Contact]:
        """Waiting contacts who may be taken by more agents from now on, the earliest first."""

    def due_rings(self, now: datetime) -> Sequence[Contact]:
        """Contacts being offered, about whom one agent more is to be asked, the earliest first."""

    def next_due(self) -> datetime | None:
        """The earliest moment at which one of these six will not be empty."""

    def add(self, thing: Thing) -> None:
        """Take up a new contact, agent or offer."""

    def move(self, thing: Thing, verb: str, **changes: Any) -> None:
        """Fire `verb` in the thing's lifecycle and set attributes with it."""

    def change(self, thing: Thing, **changes: Any) -> None:
        """Set attributes that are not the state."""

    def stand(self, queue: str, **changes: Any) -> None:
        """Set how a queue stands."""

    def record(self, event: Event) -> None:
        """Append to what happened."""


ORDERED = (
    Strategy.LONGEST_IDLE,
    Strategy.LONGEST_SINCE_LAST_CALL,
    Strategy.FEWEST_CALLS,
    Strategy.LEAST_TALK_TIME,
    Strategy.MOST_SKILLED,
    Strategy.LEAST_SKILLED,
    Strategy.ROUND_ROBIN,
)
"""The strategies that are an order of the free agents; the others are made of these."""
