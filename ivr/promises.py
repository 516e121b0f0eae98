"""Promises: callbacks put in line at their place, given up when they cannot be kept - and never simply forgotten."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from ivr import instruction as i
from ivr.call import Call
from ivr.callback import KIND, Callback, CallbackState
from ivr.dialable import WITHHELD
from ivr.menu.tree import Callback as CallbackNode
from ivr.menu.tree import QueueSettings, Tree
from ivr.store import Tx
from routing import distributor
from routing.contact import Contact, ContactState, Relaxing
from routing.demand import Demand
from routing.effect import Effect
from routing.needs import Needs, in_language, words
from routing.refusal import Refused

NOT_RUNG = "the carrier could not be asked to ring"
"""Why a callback came to nothing without a try: it is made again soon, and does not count."""

LANGUAGE = "{language}"
"""The skill in a node's needs that stands for the caller's language."""


def needed(needs: Needs, language: str) -> dict[str, Any]:
    """A node's needs for a caller of this language."""
    return in_language(needs, LANGUAGE, language)


def relaxing(queue: QueueSettings, language: str) -> Relaxing:
    """How what is needed shrinks while such a caller waits."""
    return tuple((step.after_s, needed(step.needs, language)) for step in queue.relax)


def closes_at(tree: Tree, queue: QueueSettings, now: datetime) -> datetime | None:
    """When the hours of a queue end, `now` if they are over; None for a queue without hours."""
    return (tree.hours[queue.hours].closes_at(now) or now) if queue.hours else None


def who_is(call: Call) -> str | None:
    """The same for the same caller of a hotline, and no telephone number; None for who does not show one."""
    if not call.caller.startswith("+") or call.caller in WITHHELD:
        return None
    return hashlib.sha256(f"{call.hotline} {call.caller}".encode()).hexdigest()


def known(call: Call, tree: Tree) -> dict[str, str]:
    """What is known from the call already, for the form: what was typed, and what was looked up of its fields."""
    fields = {field.name for kind in tree.cases.values() for field in kind.fields}
    return {name: value for name, value in call.noted.items() if name in fields} | call.typed


def promise(tx: Tx, call: Call, tree: Tree, wanted: i.CallBack) -> list[Effect]:
    """Promise to call back. Whoever waited in that queue keeps the place; a number is promised once at a time."""
    node = tree.nodes[wanted.node]
    if not isinstance(node, CallbackNode) or tx.callbacks.open_for(wanted.number):
        return []
    before = tx.floor.contact(call.contact) if call.contact else None
    place = tx.now - timedelta(seconds=node.head_start_s)
    if before and before.queue == node.queue and before.state is ContactState.DONE:
        place = min(place, before.entered_at - timedelta(seconds=before.head_start_s))
    callback = Callback(
        tx.new_id(), call.sid, wanted.number, node.queue, needed(node.needs, call.language), node.kind, call.language,
        place, tx.now, tx.now, known(call, tree),
        relax=relaxing(tree.queues[node.queue], call.language),
    )  # fmt: skip
    tx.callbacks.add(callback)
    tx.happened(call.sid, "promised a callback", callback=callback.id, number=callback.number, queue=callback.queue)
    return put_in_line(tx, callback)


def promise_again(
    tx: Tx, call: Call, contact: Contact, number: str, at: datetime, agent: str
) -> list[Effect] | Refused:
    """A representative promises to call back at a moment; what was known of the matter goes with it."""
    if tx.callbacks.open_for(number):
        return Refused("a call to this number is promised already")
    draft = tx.cases.draft(contact.id)
    callback = Callback(
        tx.new_id(), call.sid, number, contact.queue, contact.needs, contact.case_kind or "", contact.language,
        at, tx.now, at, dict(draft.fields) if draft else dict(call.typed),
    )  # fmt: skip
    tx.callbacks.add(callback)
    tx.happened(call.sid, "promised a callback", callback=callback.id, queue=callback.queue, agent=agent)
    return []


def put_due_in_line(tx: Tx) -> list[Effect]:
    """Those whose time has come (again)."""
    return [effect for callback in tx.callbacks.due(tx.now) for effect in put_in_line(tx, callback)]


def put_in_line(tx: Tx, callback: Callback) -> list[Effect]:
    """Let it wait on the floor, if it is the time for it and anybody is there who could make it; else look later."""
    hours = tx.floor.queue(callback.queue).callback_hours
    if hours is not None and not hours.is_open(tx.now):
        opens = hours.next_open(tx.now)
        callback.put_off(opens.astimezone(UTC) if opens else None, tx.now)
        tx.callbacks.save(callback)
        return []
    steps = (callback.needs, *(needs for _, needs in callback.relax))
    if not any(tx.floor.anyone_there(Demand(KIND, needs, words(needs))) for needs in steps):
        come_to_nothing(tx, callback, rung=False)
        return []
    caller_first = tx.floor.queue(callback.queue).callback_first == "caller"
    contact = callback.as_contact(tx.new_id(), _first_came(tx, callback), away=caller_first)
    contact.closes_at = hours.closes_at(tx.now) if hours else None
    tx.callbacks.save(callback)
    effects = distributor.enter(tx.floor, contact, tx.now)
    tx.cases.keep_draft(contact.id, callback.case_kind, dict(callback.known), tx.now)
    return effects


def _first_came(tx: Tx, callback: Callback) -> datetime:
    """When its caller began to wait: in the queue, before they asked for it, or when they asked; where a
    representative promised it for later, not before then."""
    call = tx.call(callback.call)
    before = tx.floor.contact(call.contact) if call and call.contact else None
    waited = before is not None and before.queue == callback.queue and before.entered_at < callback.asked_at
    return max(before.entered_at if waited else callback.asked_at, callback.place)


def reached(tx: Tx, callback: Callback, leg_sid: str, agent: str) -> list[Effect]:
    """They answered: the conversation begins."""
    if callback.reached_at is not None or callback.contact is None:
        return []
    callback.reached_at, callback.leg_sid = tx.now, leg_sid
    tx.callbacks.save(callback)
    tx.happened(callback.call, "reached", callback=callback.id, agent=agent)
    return distributor.caller_answered(tx.floor, callback.contact, tx.now)


def here(tx: Tx, callback: Callback, leg_sid: str) -> list[Effect]:
    """Who was rung first says that it is them and that they want to talk: a representative is asked."""
    if callback.reached_at is not None or callback.contact is None:
        return []
    callback.reached_at, callback.leg_sid = tx.now, leg_sid
    tx.callbacks.save(callback)
    tx.happened(callback.call, "reached", callback=callback.id)
    return distributor.caller_here(tx.floor, callback.contact, tx.now)


def over(tx: Tx, contact: str, why: str) -> list[Effect]:
    """One of the two is off the line: they have talked - or, if nobody had answered, nobody was served."""
    offer, callback = tx.floor.live_offer(contact), tx.callbacks.of_contact(contact)
    if callback and callback.rung_at and not (offer and offer.connected):
        return _off_the_line(tx, callback, why)
    if offer is None or not offer.connected:
        return []
    if callback is None or callback.reached_at:
        return distributor.talk_ended(tx.floor, contact, tx.now)
    return distributor.not_reached(tx.floor, contact, why, tx.now)


def _off_the_line(tx: Tx, callback: Callback, why: str) -> list[Effect]:
    """Who was rung first did not come, or came and would not wait."""
    contact = tx.floor.contact(callback.contact)
    if contact.state is ContactState.DONE:
        return []
    if contact.away:
        return distributor.not_reached(tx.floor, contact.id, why, tx.now)
    effects = distributor.caller_gone(tx.floor, contact.id, tx.now)
    come_to_nothing(tx, callback, rung=True)
    return effects


def ended(tx: Tx, contact: Contact) -> str | None:
    """The representative is off the line. The leg that still rings there, if one does: it is to be hung up."""
    callback = tx.callbacks.of_contact(contact.id)
    if callback is None or callback.state is not CallbackState.OPEN:
        return None
    leg_sid = None if callback.reached_at else callback.leg_sid
    if callback.reached_at:
        callback.be_kept()
        tx.happened(callback.call, "called back", callback=callback.id, agent=contact.last_agent)
        tx.callbacks.save(callback)
    else:
        come_to_nothing(tx, callback, rung=contact.why != NOT_RUNG)
    return leg_sid


def come_to_nothing(tx: Tx, callback: Callback, rung: bool) -> None:
    """Later again; when that was too often, it becomes a case for whoever comes first."""
    callback.come_to_nothing(rung, tx.floor.queue(callback.queue), tx.now)
    tx.callbacks.save(callback)
    if rung:
        tx.happened(callback.call, "not reached", callback=callback.id, tries=callback.tries)
    if callback.state is CallbackState.GIVEN_UP:
        about = {"call": callback.call, "caller": callback.number}
        tx.cases.log(callback.case_kind, dict(callback.known), callback.id, "caller", tx.now, **about)
        tx.happened(callback.call, "gave a callback up", callback=callback.id)
