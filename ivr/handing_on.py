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
from routing.contact import Contact, ContactState
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


def room(tx: Tx, contact: Contact) -> str:
    """The conference of a conversation: it keeps its name when it becomes a colleague's who was asked about it."""
    while contact.asks_about:
        contact = tx.floor.contact(contact.asks_about)
    return contact.id


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
    where = room(tx, contact)
    return [_tried("a hold is not begun or ended", lambda: it.carrier.hold(where, leg, music))]


def mute_order(it: Carried, where: str, leg: str, on: bool) -> Order:
    """The representative's microphone, in the conference `where`."""
    return _tried("a microphone is not switched", lambda: it.carrier.mute(where, leg, on))


def into_the_queue(tx: Tx, call: Call, tree: Tree, before: Contact, into: Contact) -> None:
    """The call is that contact from now on, and so is the form. Where it really is, in a conference still, is told by
    its `connected_at`."""
    LIFECYCLE.fire(call, "return")
    LIFECYCLE.fire(call, "wait")
    call.contact, call.waiting_since, call.outcome = into.id, tx.now, None
    call.node = node_of(tree, into.queue) or call.node
    call.announced_at, call.announced, call.announcements = None, "", 0
    tx.save(call)
    _take_the_form_along(tx, before, into)


def _take_the_form_along(tx: Tx, before: Contact, into: Contact) -> None:
    if draft := tx.cases.draft(before.id):
        tx.cases.keep_draft(into.id, draft.kind, draft.fields, tx.now)


def leave_orders(it: Carried, tx: Tx, call: Call, effect: Transferred) -> list[Order] | None:
    """The representative leaves the caller alone with whoever was asked first - a colleague, whose the call and its
    form are from now on, or a third; None: nobody was, and the caller is led away."""
    if effect.into is not None:
        if effect.into.state is not ContactState.TALKING:
            return None
        call.contact = effect.into.id
        tx.save(call)
        _take_the_form_along(tx, effect.contact, effect.into)
        staying = tx.floor.live_offer(effect.into.id).leg_sid
    else:
        third = tx.thirds.of_contact(effect.contact.id)
        if third is None or third.how is How.BLIND:
            return None
        staying = third.leg_sid
    where, agent, caller = room(tx, effect.contact), effect.offer.leg_sid, caller_leg(tx, effect.contact)
    return [_tried("nobody is left alone yet", lambda: it.carrier.stay_without(where, agent, staying, caller))]


def ring_order(
    it: Carried, third: Third, where: str, caller_id: str, lost: Callable[[str], None], placed: Callable[[str], None]
) -> Order:
    """Bring the third into the conference `where`; `placed` is told their leg's id, `lost` why it could not be rung."""
    status_url = f"{it.base_url}/voice/third-status?s={third.id}"

    def ring() -> None:
        try:
            leg_sid = it.carrier.invite(where, third.address, caller_id, status_url, RING_S)
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
    tx.happened(third.contact, "third is gone", agent=third.agent)


def _tried(what: str, order: Order) -> Order:
    """An order that may fail: it is written down, and whoever wanted it sees that it did not come about."""

    def do() -> None:
        try:
            order()
        except wire.CarrierError as error:
            if not error.gone:
                log.warning("%s: %s", what, error)

    return do
