"""The representative's leg: rung for an offer, joined to the caller, and over again."""

from __future__ import annotations

from ivr import handing_on, phrase, session, wire
from ivr.store import Tx
from ivr.switchboard import Switchboard
from ivr.webhook import Webhook
from routing import distributor
from routing.effect import Effect
from routing.kind import CONSULT
from routing.offer import Offer, OfferState
from routing.refusal import Refused


def answers(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/agent`: the leg is answered. An accepted offer is joined; a plain telephone is asked first."""
    with switchboard.store.look() as tx:
        offer = tx.floor.offer(webhook.step)
        call = tx.call_of(offer.contact) if offer else None
    if offer is None or call is None or not offer.live:
        return wire.render_hang_up()
    if offer.state is OfferState.OPEN:
        said = phrase.press_to_advise if offer.kind == CONSULT else phrase.press_to_accept
        words = said(call.language)
        return wire.render_agent_asked(words, call.language, switchboard.line.base_url, offer.id)
    return _join(switchboard, offer, webhook)


def presses(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/agent-pressed`: 1 on a plain telephone takes the call; anything else leaves it to others."""
    with switchboard.store.look() as tx:
        offer = tx.floor.offer(webhook.step)
    if offer is None or not offer.live or webhook.values.get("Digits") != session.YES:
        return wire.render_hang_up()
    return _join(switchboard, offer, webhook)


def leaves(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/agent-left`: the representative's part in the conference is over."""
    switchboard.leg_over(webhook.step, "left")
    return wire.render_hang_up()


def ends(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/agent-status`: the leg is over - or was never answered."""
    if webhook.ended:
        switchboard.leg_over(webhook.step, webhook.status)
    return wire.NOTHING_TO_SAY


def _join(switchboard: Switchboard, offer: Offer, webhook: Webhook) -> bytes:
    """Into the conference of the contact; told twice it is the same document and nothing more.

    Who is consulted does not end the conference by leaving it."""

    def happen(tx: Tx) -> tuple[bytes, list[Effect]]:
        where = handing_on.room(tx, tx.floor.contact(offer.contact))
        joins = wire.render_agent_joins(where, switchboard.line.base_url, offer.id, ends=offer.kind != CONSULT)
        connected = distributor.leg_answered(tx.floor, offer.id, tx.now)
        if isinstance(connected, Refused):
            now = tx.floor.offer(offer.id)
            again = now is not None and now.live and now.leg_sid == webhook.sid
            return joins if again else wire.render_hang_up(), []
        tx.floor.change(connected[0].offer, leg_sid=webhook.sid)
        return joins, connected

    return switchboard.happen(happen)
