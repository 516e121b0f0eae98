"""Orders: what the carrier is asked to do when something has happened - ring, redirect, hang up, let somebody in.

Each is made within the transaction that it follows from and carried out after it: idempotent, and safe to lose. What
comes of it is told to the switchboard, which is a happening of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Protocol

from ivr import handing_on, wire
from ivr.call import Call, CallState
from ivr.handing_on import Carried, Order
from ivr.hotlines import Hotlines
from ivr.store import Store, Tx
from routing import distributor
from routing.contact import Contact
from routing.effect import Listening, Transferred
from routing.offer import LEG_S, Offer

log = logging.getLogger(__name__)


class Happenings(Protocol):
    """Who is told what came of an order."""

    def act(self, happening: Callable[[Tx], Any]) -> Any:
        """One thing that happens, with everything that follows from it."""

    def leg_over(self, offer_id: str, why: str) -> None:
        """A representative's leg is over."""

    def end_call(self, sid: str) -> None:
        """The caller is gone."""


class Orders:
    """Makes them; `then` is told what came of each."""

    def __init__(self, carried: Carried, store: Store, hotlines: Hotlines, then: Happenings) -> None:
        self._carried, self._store, self._hotlines, self._then = carried, store, hotlines, then

    def ring(self, tx: Tx, offer_id: str, address: str, contact_id: str, ring_s: int) -> Order:
        """Ring a representative's leg for an offer."""
        call = tx.call_of(contact_id)
        base = self._carried.base_url
        url, status_url = f"{base}/voice/agent?s={offer_id}", f"{base}/voice/agent-status?s={offer_id}"

        def ring() -> None:
            try:
                leg_sid = self._carried.carrier.ring(address, call.called, url, status_url, ring_s)
            except wire.CarrierError as error:
                why = str(error)
                log.warning("the leg of offer %s cannot be rung: %s", offer_id, why)
                lost = distributor.leg_unreachable if error.theirs else distributor.leg_failed
                self._then.act(lambda tx: lost(tx.floor, offer_id, why, tx.now))
                return
            self._then.act(lambda tx: distributor.leg_placed(tx.floor, offer_id, leg_sid, tx.now))

        return ring

    def redirect(self, tx: Tx, call: Call | None, door: str) -> list[Order]:
        """Take a call out of what it hears and to another door, at a step of its own."""
        if call is None or call.state not in (CallState.WAITING, CallState.TALKING):
            return []
        call.step, call.redirected_at = call.step + 1, tx.now
        tx.save(call)
        url = wire.Addresses(self._carried.base_url, call.step)(door)
        sent_at, state = call.redirected_at, call.state

        def redirect() -> None:
            with self._store.look() as tx:
                now = tx.call(call.sid)
            if now is None or (now.state, now.redirected_at) != (state, sent_at):
                return  # it has moved on while the order waited to be sent
            try:
                self._carried.carrier.redirect(call.sid, url)
            except wire.CarrierError as error:
                if error.gone:
                    self._then.end_call(call.sid)
                else:
                    log.warning("a call is not redirected for now: %s", error)

        return [redirect]

    def hang_up_leg(self, offer: Offer) -> list[Order]:
        """End the representative's leg of an offer, if one was rung."""
        if offer.leg_sid is None:
            return []

        def hang_up() -> None:
            try:
                self._carried.carrier.hang_up(offer.leg_sid)
            except wire.CarrierError as error:
                if error.gone:
                    self._then.leg_over(offer.id, "it was gone")
                else:
                    log.warning("a leg is not hung up for now: %s", error)

        return [hang_up]

    def hand_on(self, tx: Tx, effect: Transferred) -> list[Order]:
        """To the one who was asked first and is there, or away from here: into a queue, or to a number."""
        call = call_as(tx, effect.contact)
        if call is None or call.state is not CallState.TALKING:
            return []
        leave = handing_on.leave_orders(self._carried, tx, call, effect)
        if leave is None and effect.into:
            handing_on.into_the_queue(tx, call, self._hotlines.tree(call.version), effect.contact, effect.into)
        return self.redirect(tx, call, handing_on.DOOR) if leave is None else leave

    def listen(self, tx: Tx, it: Listening) -> list[Order]:
        """A supervisor's telephone, or page, joins the conversation in their own way, or leaves it."""
        call, seat = tx.call_of(it.contact.id), tx.floor.agent(it.supervisor)
        if call is None or it.offer.leg_sid is None:
            return []
        address = seat.address if seat and seat.address else f"client:{it.supervisor}"
        where, label = handing_on.room(tx, it.contact), f"listens-{it.supervisor}"
        asked = (where, address, call.called, it.how, it.offer.leg_sid, label, LEG_S)

        def listen() -> None:
            try:
                self._carried.carrier.listen_in(*asked)
            except wire.CarrierError as error:
                log.warning("nobody can listen in: %s", error)

        return [listen]


def call_as(tx: Tx, contact: Contact) -> Call | None:
    """The call as this contact; None when it waits as another one by now."""
    call = tx.call_of(contact.id)
    return call if call and call.contact == contact.id else None
