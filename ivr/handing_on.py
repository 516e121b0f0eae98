"""Handing on: what the carrier has to do when a conversation rests, is handed on, or somebody else is brought in."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from ivr import wire
from ivr.call import LIFECYCLE, Call
from ivr.callback import KIND as CALLBACK
from ivr.menu.tree import QueueNode, Tree
from ivr.store import Tx
from ivr.third import RING_S, How, Third, ThirdState
from routing.contact import Contact
from routing.effect import Held, Resumed, Transferred

log = logging.getLogger(__name__)

Order = Callable[[], None]

DOOR = "onward"
"""Where a caller is led who has been handed on."""

WHY_LENGTH_MAX = 64


@dataclass(frozen=True, slots=True)
class Carried:
    """What the orders need to know: who takes them, and our address."""

    carrier: wire.Carrier
    base_url: str


def node_of(tree: Tree, queue: str) -> str | None:
    """The first node of the tree that leads to a queue: there a call stands that is handed on to it."""
    return next((name for name, it in tree.nodes.items() if isinstance(it, QueueNode) and it.queue == queue), None)


def caller_leg(tx: Tx, contact: Contact) -> str | None:
    """The carrier's id of the leg that the caller talks on - or, of a callback, the one who was called."""
    if contact.kind == CALLBACK:
        callback = tx.callbacks.of_contact(contact.id)
        return callback.leg_sid if callback else None
    return contact.call


def rest_orders(it: Carried, tx: Tx, effect: Held | Resumed) -> list[Order]:
    """Music for the caller, or the representative again."""
    contact, leg = effect.contact, caller_leg(tx, effect.contact)
    if leg is None:
        return []
    music = f"{it.base_url}/sounds/music.wav" if isinstance(effect, Held) else None
    return [_tried("a hold is not begun or ended", lambda: it.carrier.hold(contact.id, leg, music))]


def mute_order(it: Carried, contact: str, leg: str, on: bool) -> Order:
    """The representative's microphone."""
    return _tried("a microphone is not switched", lambda: it.carrier.mute(contact, leg, on))


def into_the_queue(tx: Tx, call: Call, tree: Tree, before: Contact, into: Contact) -> None:
    """The call is that contact from now on, and so is the form. Where it really is, in a conference still, is told by
    its `connected_at`."""
    LIFECYCLE.fire(call, "return")
    LIFECYCLE.fire(call, "wait")
    call.contact, call.waiting_since, call.outcome = into.id, tx.now, None
    call.node = node_of(tree, into.queue) or call.node
    call.announced_at, call.announced, call.announcements = None, "", 0
    tx.save(call)
    if draft := tx.cases.draft(before.id):
        tx.cases.keep_draft(into.id, draft.kind, draft.fields, tx.now)


def leave_orders(it: Carried, tx: Tx, effect: Transferred) -> list[Order] | None:
    """The representative leaves caller and third alone; None: nobody has been asked first, the caller is led away."""
    third = tx.thirds.of_contact(effect.contact.id)
    if third is None or third.how is How.BLIND or effect.to is None:
        return None
    agent, caller = effect.offer.leg_sid, caller_leg(tx, effect.contact)
    contact, staying = effect.contact.id, third.leg_sid
    return [_tried("nobody is left alone yet", lambda: it.carrier.stay_without(contact, agent, staying, caller))]


def ring_order(it: Carried, third: Third, caller_id: str, lost: Callable[[str], None], placed: Callable) -> Order:
    """Bring the third into the conference; `placed` is told the id of the leg, `lost` why it could not be rung."""
    status_url = f"{it.base_url}/voice/third-status?s={third.id}"

    def ring() -> None:
        try:
            leg_sid = it.carrier.invite(third.contact, third.address, caller_id, status_url, RING_S)
        except wire.CarrierError as error:
            log.warning("a third cannot be rung: %s", error)
            lost(str(error)[:WHY_LENGTH_MAX])
            return
        placed(leg_sid)

    return ring


def send_away(it: Carried, tx: Tx, contact: str) -> list[Order]:
    """The conversation is over, or goes on without them: hang up the third's leg, unless it has the caller by now."""
    third = tx.thirds.of_contact(contact)
    if third is None or third.how is How.BLIND or third.state is ThirdState.STAYS:
        return []
    third.state = ThirdState.OVER
    tx.thirds.save(third)
    leg = third.leg_sid
    return [_tried("a third is not sent away", lambda: it.carrier.hang_up(leg))] if leg else []


def placed(it: Carried, tx: Tx, third_id: str, leg_sid: str) -> list[Order]:
    """The third's leg is rung - and hung up again, should they not be wanted any more."""
    third = tx.thirds.get(third_id)
    third.leg_sid = third.leg_sid or leg_sid
    tx.thirds.save(third)
    gone = third.state is ThirdState.OVER
    return [_tried("a third is not sent away", lambda: it.carrier.hang_up(leg_sid))] if gone else []


def over(tx: Tx, third_id: str, why: str) -> None:
    """The third is gone, or never came; a caller who is on hold is for the representative to fetch back."""
    third = tx.thirds.get(third_id)
    if third is None or third.state is ThirdState.OVER:
        return
    if third.state is ThirdState.CALLING:
        third.why = why
    third.state = ThirdState.OVER
    tx.thirds.save(third)
    tx.happened(third.contact, "third is gone", agent=third.agent, colleague=third.colleague)


def _tried(what: str, order: Order) -> Order:
    """An order that may fail: it is written down, and whoever wanted it sees that it did not come about."""

    def do() -> None:
        try:
            order()
        except wire.CarrierError as error:
            if not error.gone:
                log.warning("%s: %s", what, error)

    return do
