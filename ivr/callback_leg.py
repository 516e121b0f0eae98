"""The leg to somebody whom we call back: rung once the representative is there, joined to them, and over again."""

from __future__ import annotations

from ivr import phrase, promises, session, wire
from ivr.store import Tx
from ivr.switchboard import Order, Switchboard
from ivr.webhook import Webhook
from routing.effect import Effect


def answers(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/called-back`: they answer, and join the representative who waits for them."""

    def happen(tx: Tx) -> tuple[tuple[str, str, str] | None, list[Effect]]:
        offer = tx.floor.offer(webhook.step)
        callback = tx.callbacks.of_contact(offer.contact) if offer and offer.live and offer.connected else None
        if callback is None:
            return None, []
        effects = promises.reached(tx, callback, webhook.sid, offer.agent)
        call, queue = tx.call_of(offer.contact), tx.floor.contact(offer.contact).queue
        tree = switchboard.hotlines.tree(call.version)
        return (callback.language, offer.contact, session.told_when_called_back(call, tree, queue, tx.now)), effects

    found = switchboard.happen(happen)
    if found is None:
        return wire.render_hang_up()
    language, contact, notice = found
    hello, base = phrase.callback_hello(language), switchboard.line.base_url
    if notice:
        return wire.render_told((hello, notice), language, f"{base}/voice/called-back-in?s={webhook.step}")
    return wire.render_called_back(hello, language, contact, base, webhook.step)


def joins(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/called-back-in`: they have heard that they are recorded, and are so from now on."""

    def happen(tx: Tx) -> tuple[str | None, list[Order]]:
        offer = tx.floor.offer(webhook.step)
        callback = tx.callbacks.of_contact(offer.contact) if offer and offer.live and offer.connected else None
        if callback is None or callback.leg_sid != webhook.sid:
            return None, []
        return offer.contact, switchboard.recorder.begin(tx, offer.contact, webhook.sid, offer.agent)

    contact = switchboard.happen(happen)
    if contact is None:
        return wire.render_hang_up()
    return wire.render_called_back("", "en", contact, switchboard.line.base_url, webhook.step)


def leaves(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/callback-over`: the conversation is over."""
    _over(switchboard, webhook.step, "left")
    return wire.render_hang_up()


def ends(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/callback-status`: the leg is over - or was never answered."""
    if webhook.ended:
        _over(switchboard, webhook.step, webhook.status)
    return wire.NOTHING_TO_SAY


def _over(switchboard: Switchboard, offer_id: str, why: str) -> None:
    """However it went, the representative is done with it."""

    def happen(tx: Tx) -> list[Effect]:
        offer = tx.floor.offer(offer_id)
        return promises.over(tx, offer.contact, why) if offer and offer.live else []

    switchboard.act(happen)
