"""Calling back: what the carrier has to do for somebody who was promised a call - ring them, and let them go again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from ivr import promises, wire
from ivr.callback import Callback
from ivr.handing_on import Carried
from ivr.store import Tx
from routing.contact import Contact
from routing.effect import Connected, Effect, NotReached, Overflowed, Reserved

log = logging.getLogger(__name__)

Order = Callable[[], None]
Act = Callable[[Callable[[Tx], Any]], Any]
"""`Switchboard.act`: one thing that happens, and what follows from it."""

RING_S = 30
"""So long somebody's telephone rings when we call back; less than most mailboxes wait."""

WHY_LENGTH_MAX = 64
"""What the carrier says is kept so far as a reason."""


def orders(it: Carried, act: Act, tx: Tx, effect: Effect) -> list[Order]:
    """What follows from an effect about a callback, before anybody talks or when nobody will."""
    callback = tx.callbacks.of_contact(effect.contact.id)
    match effect:
        case Connected(offer, _, contact) if callback and not callback.reached_at:
            return _ring(it, act, tx, callback, contact, offer.id, "called-back")
        case Reserved(_, _, contact) if callback and not callback.rung_at:
            callback.rung_at = tx.now
            tx.callbacks.save(callback)
            return _ring(it, act, tx, callback, contact, contact.id, "callback-asks")
        case Overflowed() if callback:
            away = _let_go(it, callback)
            promises.come_to_nothing(tx, callback, rung=callback.rung_at is not None)
            return away
        case NotReached(_, why) if callback:
            gone = [hang_up(it, callback.leg_sid)] if callback.leg_sid else []
            promises.come_to_nothing(tx, callback, rung=why != promises.NOT_RUNG)
            return gone
    return []


def hang_up(it: Carried, leg_sid: str) -> Order:
    """End a leg; that it is gone already is well."""

    def order() -> None:
        try:
            it.carrier.hang_up(leg_sid)
        except wire.CarrierError as error:
            if not error.gone:
                log.warning("a leg is not hung up for now: %s", error)

    return order


def _ring(it: Carried, act: Act, tx: Tx, callback: Callback, contact: Contact, step: str, door: str) -> list[Order]:
    """Ring the one who was promised a call; what they hear is at `door`."""
    call = tx.call_of(contact.id)
    if call is None:
        return []
    url, status_url = f"{it.base_url}/voice/{door}?s={step}", f"{it.base_url}/voice/callback-status?s={step}"
    number, called = callback.number, call.called

    def ring() -> None:
        try:
            leg_sid = it.carrier.ring(number, called, url, status_url, RING_S)
        except wire.CarrierError as error:
            log.warning("a callback cannot be made: %s", error)
            why = promises.NOT_RUNG if error.theirs else str(error)[:WHY_LENGTH_MAX]
            act(lambda tx: promises.over(tx, contact.id, why))
            return
        act(lambda tx: _placed(it, tx, contact.id, leg_sid))

    return [ring]


def _placed(it: Carried, tx: Tx, contact: str, leg_sid: str) -> list[Order]:
    """The leg is rung - and hung up again, should nobody be kept free for it any more."""
    callback = tx.callbacks.of_contact(contact)
    if callback is None:
        return [hang_up(it, leg_sid)]
    if callback.leg_sid is None and callback.reached_at is None:
        callback.leg_sid = leg_sid
        tx.callbacks.save(callback)
    return []


def _let_go(it: Carried, callback: Callback) -> list[Order]:
    """Nobody came for them in time: who is on the line already is told so, and who still hears it ring is spared."""
    leg_sid, url = callback.leg_sid, f"{it.base_url}/voice/callback-sorry?s={callback.id}"
    if leg_sid is None:
        return []
    if callback.reached_at is None:
        return [hang_up(it, leg_sid)]

    def say_so() -> None:
        try:
            it.carrier.redirect(leg_sid, url)
        except wire.CarrierError as error:
            log.warning("somebody who was called back still waits: %s", error)

    return [say_so]
