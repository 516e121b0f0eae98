"""Figures: what is counted about contacts, each figure defined once - its formula, what it leaves out, and its counts.

A figure is computed from `Passage`s, and these come out of the rows or, just as well, out of the events: both give the
same, and a figure that somebody doubts can be recomputed by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean

from routing.agent import AgentState
from routing.contact import Contact, Outcome
from routing.event import Event
from routing.kind import CONSULT, EMAIL
from routing.offer import Offer, OfferState

SHORT_S = 5
"""Who gives up within so many seconds has dialled wrongly or thought better of it: a short abandonment."""


@dataclass(slots=True)
class Passage:
    """One contact's way over the floor, as figures see it: what cannot be known yet is None."""

    contact: str
    queue: str  # where it stands, or stood last
    kind: str
    entered_at: datetime
    # When the conversation began that was not lost again at once; of an e-mail, when it was answered or closed.
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    offers: int = 0
    missed: int = 0  # of the offers: nobody answered

    @property
    def waited_s(self) -> float | None:
        """From the entry to the answer, or to the end without one; None while it waits."""
        until = self.answered_at or self.ended_at
        return (until - self.entered_at).total_seconds() if until else None

    @property
    def talked_s(self) -> float | None:
        """How long the conversation lasted; None if there was none or it still goes on: e-mails have none."""
        if self.kind == EMAIL or self.answered_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.answered_at).total_seconds()

    @property
    def short(self) -> bool:
        """Whether this is a short abandonment."""
        return self.outcome is Outcome.ABANDONED and self.waited_s <= SHORT_S


def passages_of_rows(contacts: Iterable[Contact], offers: Iterable[Offer]) -> list[Passage]:
    """The passages as the floor's rows have them, in the order of the contacts."""
    found = {
        contact.id: Passage(
            contact.id, contact.queue, contact.kind, contact.entered_at, _answered_at(contact), contact.ended_at,
            contact.outcome,
        )
        for contact in contacts
        if contact.kind != CONSULT
    }  # fmt: skip
    for offer in offers:
        if offer.contact in found:
            found[offer.contact].offers += 1
            found[offer.contact].missed += offer.state is OfferState.MISSED
    return list(found.values())


def _answered_at(contact: Contact) -> datetime | None:
    if contact.kind == EMAIL:
        return contact.ended_at if contact.outcome is Outcome.SERVED else None
    return contact.talking_at


ENDINGS = {"talk ended": Outcome.SERVED, **{outcome.value.replace("_", " "): outcome for outcome in Outcome}}


def passages_of_events(events: Iterable[Event]) -> list[Passage]:
    """The passages as the events tell them, in the order of entry; events of other things are passed over."""
    found: dict[str, Passage] = {}
    for event in events:
        if event.what == "entered":
            queue, kind = str(event.fields["queue"]), str(event.fields["kind"])
            since = event.fields.get("since")  # it had waited before it came
            entered_at = datetime.fromisoformat(str(since)) if since else event.at
            found[event.about] = Passage(event.about, queue, kind, entered_at)
        elif event.about in found:
            _follow(found[event.about], event)
    return [passage for passage in found.values() if passage.kind != CONSULT]


def _follow(passage: Passage, event: Event) -> None:
    match event.what:
        case "offered":
            passage.offers += 1
        case "missed":
            passage.missed += 1
        case "talking" | "reached" if passage.kind != EMAIL:
            passage.answered_at = event.at
        case "moved":
            passage.queue = str(event.fields["to"])
        case "taken over":
            passage.queue, passage.kind = str(event.fields["queue"]), str(event.fields["kind"])
        case "failed":  # the leg was over before anybody could talk
            passage.answered_at = None
        case ending if ending in ENDINGS:
            passage.ended_at, passage.outcome = event.at, ENDINGS[ending]
            if passage.kind == EMAIL:  # handed on: the talk has ended, and yet nobody has answered
                passage.answered_at = event.at if passage.outcome is Outcome.SERVED else None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: `formula` and `leaves_out` are for people; `of` computes it; None where nothing counts."""

    name: str
    unit: str
    formula: str
    leaves_out: str
    of: Callable[[Sequence[Passage]], float | None]


def _number(of: Callable[[Passage], bool]) -> Callable[[Sequence[Passage]], float]:
    return lambda passages: sum(1 for each in passages if of(each))


def _share(part: Callable[[Passage], bool], whole: Callable[[Passage], bool]) -> Callable:
    def of(passages: Sequence[Passage]) -> float | None:
        counted = [each for each in passages if whole(each)]
        return sum(1 for each in counted if part(each)) / len(counted) if counted else None

    return of


def _over(fold: Callable, of: Callable[[Passage], float | None], where: Callable[[Passage], bool]) -> Callable:
    def figure(passages: Sequence[Passage]) -> float | None:
        values = [of(each) for each in passages if where(each)]
        return fold(values) if values else None

    return figure


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _ended(*outcomes: Outcome) -> Callable[[Passage], bool]:
    return lambda passage: passage.outcome in outcomes


def _answered(passage: Passage) -> bool:
    return passage.answered_at is not None


def _failed_by_us(passage: Passage) -> bool:
    return passage.outcome is Outcome.ABANDONED and not passage.short


def _waited(passage: Passage) -> float:
    return passage.waited_s


NOTHING = "nothing"
SHORT = f"short abandonments (within {SHORT_S} s)"
FIGURES: tuple[Figure, ...] = (
    Figure("entered", "contacts", "contacts that began to wait", NOTHING, len),
    Figure("answered", "contacts", "contacts with whom an agent talked or talks", NOTHING, _number(_answered)),
    Figure("abandoned", "contacts", "contacts that gave up while waiting", NOTHING, _number(_ended(Outcome.ABANDONED))),
    Figure("abandoned_short", "contacts", f"abandoned within {SHORT_S} s of entering", NOTHING,
           _number(lambda passage: passage.short)),
    Figure("overflowed", "contacts", "contacts that the floor sent where the queue's owner says", NOTHING,
           _number(_ended(Outcome.OVERFLOWED))),
    Figure("left", "contacts", "contacts that left the queue by a way of their own", NOTHING,
           _number(_ended(Outcome.LEFT))),
    Figure("still_here", "contacts", "contacts that are neither answered nor over", NOTHING,
           _number(lambda passage: not _answered(passage) and passage.outcome is None)),
    Figure("answered_share", "0 to 1", "answered / (answered + abandoned)", f"{SHORT}; overflowed; left; still here",
           _share(_answered, lambda passage: _answered(passage) or _failed_by_us(passage))),
    Figure("abandonment", "0 to 1", "abandoned / (answered + abandoned)", f"{SHORT}; overflowed; left; still here",
           _share(_failed_by_us, lambda passage: _answered(passage) or _failed_by_us(passage))),
    Figure("mean_wait_answered", "s", "waiting time of the answered / answered", "all who were not answered",
           _over(fmean, _waited, _answered)),
    Figure("mean_wait_abandoned", "s", "waiting time of the abandoned / abandoned", SHORT,
           _over(fmean, _waited, _failed_by_us)),
    Figure("mean_wait", "s", "waiting time of all / their number", "who is still here",
           _over(fmean, _waited, lambda passage: passage.waited_s is not None)),
    Figure("longest_wait", "s", "the longest waiting time", "who is still here",
           _over(max, _waited, lambda passage: passage.waited_s is not None)),
    Figure("mean_talk", "s", "talking time / conversations that are over", "conversations that still go on",
           _over(fmean, lambda passage: passage.talked_s, lambda passage: passage.talked_s is not None)),
    Figure("offers_each", "offers", "offers / answered", "offers of contacts that were not answered",
           _over(fmean, lambda passage: passage.offers, _answered)),
    Figure("missed_share", "0 to 1", "offers that nobody answered / offers", NOTHING,
           lambda passages: _ratio(sum(each.missed for each in passages), sum(each.offers for each in passages))),
)  # fmt: skip


def figures(passages: Sequence[Passage]) -> dict[str, float | None]:
    """All figures by name."""
    return {figure.name: figure.of(passages) for figure in FIGURES}


# -- agents' time ----------------------------------------------------------------------------------------------------

Spent = Mapping[AgentState, timedelta]
"""How long an agent, or several together, were in each state."""


@dataclass(frozen=True, slots=True)
class ShiftFigure:
    """One figure of agents' time, as `Figure` is one of contacts; computed from what `routing.shifts` tells."""

    name: str
    unit: str
    formula: str
    leaves_out: str
    of: Callable[[Spent], float | None]


def _seconds(*states: AgentState) -> Callable[[Spent], float]:
    return lambda spent: sum((spent.get(state, timedelta()) for state in states), timedelta()).total_seconds()


THERE = tuple(state for state in AgentState if state is not AgentState.LOGGED_OUT)
AT_WORK = tuple(state for state in THERE if state is not AgentState.PAUSED)
OCCUPIED = (AgentState.TALKING, AgentState.WRAP_UP)

SHIFT_FIGURES: tuple[ShiftFigure, ...] = (
    ShiftFigure("logged_in", "s", "time from logging in to logging out", "time before and after", _seconds(*THERE)),
    ShiftFigure("paused", "s", "time on breaks", NOTHING, _seconds(AgentState.PAUSED)),
    ShiftFigure("available", "s", "time ready with nothing live in hand", "e-mails in hand do not count",
                _seconds(AgentState.AVAILABLE)),
    ShiftFigure("offered", "s", "time being asked, or being connected", NOTHING, _seconds(AgentState.OFFERED)),
    ShiftFigure("talking", "s", "time in conversations, with holds", NOTHING, _seconds(AgentState.TALKING)),
    ShiftFigure("wrap_up", "s", "time for notes after conversations", NOTHING, _seconds(AgentState.WRAP_UP)),
    ShiftFigure("occupancy", "0 to 1", "(talking + wrap_up) / (logged_in - paused)", "breaks",
                lambda spent: _ratio(_seconds(*OCCUPIED)(spent), _seconds(*AT_WORK)(spent))),
)  # fmt: skip


def shift_figures(spent: Spent) -> dict[str, float | None]:
    """All figures of agents' time by name."""
    return {figure.name: figure.of(spent) for figure in SHIFT_FIGURES}
