"""Errands: what a step of a call has us do besides talking - send a text, ask another system, promise a callback,
ask a survey later."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

from ivr import instruction as i
from ivr import promises, survey_later, wire
from ivr.call import Call
from ivr.fetch import NotFetched
from ivr.lookup import Asked, pick
from ivr.menu.tree import Tree
from ivr.store import Tx
from ivr.switchboard import Order, Switchboard
from routing.effect import Effect

log = logging.getLogger(__name__)


def run(
    switchboard: Switchboard, tx: Tx, call: Call, tree: Tree, said: Sequence[i.Instruction]
) -> list[Effect | Order]:
    """Everything among the instructions that is an errand: what follows from it, to be carried out after the commit."""
    following: list[Effect | Order] = []
    for errand in said:
        match errand:
            case i.Text():
                tx.happened(call.sid, "sent a text", node=call.node)
                following.append(_text(switchboard, call, errand))
            case i.LookUp():
                following.append(_look_up(switchboard, tx, call, errand))
            case i.CallBack():
                following += promises.promise(tx, call, tree, errand)
            case i.AskLater():
                survey_later.ask(tx, call, tree, errand)
    return following


def _text(switchboard: Switchboard, call: Call, text: i.Text) -> Order:
    """Sent once: a text that may have gone out is not sent again."""
    sid, called = call.sid, call.called

    def send() -> None:
        try:
            switchboard.line.carrier.send_message(text.to, called, text.body)
        except wire.CarrierError as error:
            log.warning("a text message is not sent: %s", error)
            with switchboard.store.transaction() as tx:
                tx.happened(sid, "text not sent", why=str(error))

    return send


def _look_up(switchboard: Switchboard, tx: Tx, call: Call, wanted: i.LookUp) -> Order:
    """The answer is kept for the call's next step; when it does not come, that step goes on without."""
    asked = Asked(tx.new_id(), call.sid, tx.now + timedelta(seconds=wanted.budget_s))
    tx.lookups.ask(asked)
    sid = call.sid

    def look_up() -> None:
        try:
            line = switchboard.line
            found = pick(line.look_up(wanted.url, wanted.budget_s, line.simulated), wanted.into)
        except NotFetched as error:
            log.warning("a lookup fails: %s", error)
            found = None
        with switchboard.store.transaction() as tx:
            tx.lookups.answer(asked.id, found, tx.now)
            tx.happened(sid, "looked up", found=sorted(found) if found is not None else None)

    return look_up
