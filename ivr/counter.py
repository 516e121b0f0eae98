"""Counter: visitors taken in with a number that can be called out, who wait in the same queues as the callers."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from ivr import in_line
from ivr.cases import address
from ivr.mail_letter import address_of, line, plain
from ivr.menu.tree import QueueNode, Tree
from ivr.store import Tx
from ivr.switchboard import Switchboard
from ivr.visit import Visit, VisitState
from routing import distributor
from routing.contact import ContactState
from routing.effect import Effect
from routing.refusal import Refused

NAME_LENGTH_MAX, CALLER_LENGTH_MAX, NOTE_LENGTH_MAX = 200, 200, 1000
TICKET_MAX = 999
"""Three digits can be called out; after them a day's numbers are used up."""

UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that visitors can come about: a step of the tree where callers about it wait."""

    hotline: str
    node: str
    queue: str
    kind: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever is to be taken in, as it was written down. `form` makes it one visit, however often it is sent."""

    hotline: str
    node: str
    language: str
    name: str = ""
    caller: str = ""
    note: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands for a visitor: the place in line, and the expected wait; None: there is none, or it is unknown."""

    visit: Visit
    place: int | None = None
    wait_s: float | None = None
    desk: str | None = None


def matters(tree: Tree) -> list[Matter]:
    """What visitors of a hotline can come about: each queue and form once, in the order of the tree."""
    found: dict[tuple[str, str], Matter] = {}
    for name, node in tree.nodes.items():
        if isinstance(node, QueueNode) and node.kind in tree.cases:
            found.setdefault((node.queue, node.kind), Matter(tree.hotline, name, node.queue, node.kind))
    return list(found.values())


def zone(tree: Tree) -> ZoneInfo:
    """Where the hotline's days begin."""
    return ZoneInfo(next((calendar.timezone for calendar in tree.hours.values()), "UTC"))


class Counter:
    """What whoever sits at the counter does."""

    def __init__(self, switchboard: Switchboard) -> None:
        self._switchboard = switchboard

    def take_in(self, by: str, visitor: Visitor) -> Visit | Refused:
        """Give somebody a number, and let them wait; the same `form` again gives the same number."""

        def happen(tx: Tx) -> tuple[Visit | Refused, list[Effect]]:
            id = f"{by} {visitor.form}"[:64] if visitor.form else tx.new_id()
            if before := tx.visits.get(id):
                return before, []
            made = self._made(tx, id, by, visitor)
            if isinstance(made, Refused):
                return made, []
            tx.visits.add(made)
            tx.happened(made.id, "visitor came", queue=made.queue, by=by)
            return made, in_line.put(tx, made)

        return self._switchboard.happen(happen)

    def left(self, by: str, id: str) -> Refused | None:
        """Somebody has gone without being called."""

        def happen(tx: Tx) -> tuple[Refused | None, list[Effect]]:
            visit = tx.visits.get(id)
            if visit is None or visit.state is not VisitState.WAITING:
                return Refused("this visitor does not wait"), []
            contact = visit.contact
            visit.state, visit.done_at, visit.try_at = VisitState.LEFT, tx.now, None
            tx.visits.save(visit)
            tx.happened(visit.id, "visitor left", by=by)
            return None, distributor.caller_gone(tx.floor, contact, tx.now) if contact else []

        return self._switchboard.happen(happen)

    def _made(self, tx: Tx, id: str, by: str, it: Visitor) -> Visit | Refused:
        tree = next((tree for tree in self._switchboard.hotlines.current() if tree.hotline == it.hotline), None)
        node = tree.nodes.get(it.node) if tree else None
        if tree is None or not isinstance(node, QueueNode):
            return Refused("this must be filled in", field="about")
        if it.language not in tree.languages:
            return Refused("this must be filled in", field="language")
        if max(len(it.name) - NAME_LENGTH_MAX, len(it.caller) - CALLER_LENGTH_MAX, len(it.note) - NOTE_LENGTH_MAX) > 0:
            return Refused("this is too long", field="note")
        day = tx.now.astimezone(zone(tree)).date().isoformat()
        ticket = tx.visits.last_ticket(tree.hotline, day) + 1
        if ticket > TICKET_MAX:
            return Refused("all numbers of this day are given out")
        needs, relax = in_line.place(tree, node.queue, node.needs, it.language)
        return Visit(
            id, tx.new_id(), tree.hotline, day, ticket, line(it.name, NAME_LENGTH_MAX),
            address_of(it.caller) or address(line(it.caller, CALLER_LENGTH_MAX)), plain(it.note, NOTE_LENGTH_MAX),
            it.language, node.queue, node.kind, tx.now, by, needs, relax,
        )  # fmt: skip


def standing(tx: Tx, visit: Visit) -> Standing:
    """Where a visitor stands at this moment."""
    if visit.state is VisitState.CALLED:
        agent = tx.floor.agent(visit.called_by or "")
        return Standing(visit, desk=(agent and agent.display_name) or visit.called_by)
    contact = tx.floor.contact(visit.contact) if visit.state is VisitState.WAITING and visit.contact else None
    if contact is None or contact.state not in (ContactState.WAITING, ContactState.OFFERED):
        return Standing(visit)
    seen = distributor.outlook(tx.floor, contact, tx.now)
    return Standing(visit, seen.position, seen.wait_s)
