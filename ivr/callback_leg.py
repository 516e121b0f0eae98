"""The leg to somebody whom we call back: rung once the representative is there, or before one is asked, and over."""

from __future__ import annotations

from ivr import phrase, promises, session, wire
from ivr.callback import CallbackState
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


def asks(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/callback-asks`: they answer before a representative is asked. They hear who calls, and press 1 - which a
    mailbox does not."""
    with switchboard.store.look() as tx:
        callback = tx.callbacks.of_contact(webhook.step)
        call = tx.call(callback.call) if callback else None
    if callback is None or call is None:
        return wire.render_hang_up()
    name = switchboard.hotlines.tree(call.version).name
    words = phrase.callback_asks(name[callback.language], callback.language)
    return wire.render_callback_asked(words, callback.language, switchboard.line.base_url, webhook.step)


def agrees(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/callback-agrees`: 1 says that it is them; they hear music until the representative is there."""
    if webhook.values.get("Digits") != session.YES:
        return asks(switchboard, webhook)

    def happen(tx: Tx) -> tuple[str | None, list[Effect]]:
        callback = tx.callbacks.of_contact(webhook.step)
        if callback is None:
            return None, []
        return callback.language, promises.here(tx, callback, webhook.sid)

    language = switchboard.happen(happen)
    if language is None:  # it took them too long, and they are called again
        return wire.render_hang_up()
    words, contact = phrase.connecting(language), webhook.step
    return wire.render_called_back(words, language, contact, switchboard.line.base_url, contact, waits=True)


def sorry(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/callback-sorry`: the representative did not come after all."""
    with switchboard.store.look() as tx:
        callback = tx.callbacks.get(webhook.step)
    if callback is None:
        return wire.render_hang_up()
    again = callback.state is CallbackState.OPEN
    return wire.render_sorry(phrase.callback_sorry(callback.language, again), callback.language)


def leaves(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/callback-over`: the conversation is over."""
    _over(switchboard, webhook.step, "left")
    return wire.render_hang_up()


def ends(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/callback-status`: the leg is over - or was never answered."""
    if webhook.ended:
        _over(switchboard, webhook.step, webhook.status)
    return wire.NOTHING_TO_SAY


def _over(switchboard: Switchboard, step: str, why: str) -> None:
    """However it went, the representative is done with it. `step`: the offer, or the contact of who was rung first."""

    def happen(tx: Tx) -> list[Effect]:
        offer = tx.floor.offer(step)
        if offer is None:
            return promises.over(tx, step, why)
        return promises.over(tx, offer.contact, why) if offer.live else []

    switchboard.act(happen)
