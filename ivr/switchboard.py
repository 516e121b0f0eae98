"""The switchboard joins call, tree, floor and store: one transaction for each thing that happens, orders after it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from ivr import calling_back, handing_on, in_line, phrase, promises, session, survey_later, wire
from ivr import heard as h
from ivr import message as messages
from ivr.call import Call, CallState, Outcome
from ivr.callback import KIND as CALLBACK
from ivr.fetch import fetch_json
from ivr.handing_on import Carried
from ivr.hotlines import Hotlines
from ivr.menu.tree import Tree
from ivr.orders import Orders, call_as
from ivr.recorder import Recorder
from ivr.store import RECONCILED_MAX, Store, Tx
from ivr.third import How
from recordings.archive import Archive
from routing import distributor
from routing.contact import ContactState
from routing.effect import (
    Accepted,
    Closed,
    Connected,
    Effect,
    Ended,
    Held,
    Listening,
    NotReached,
    Offered,
    Overflowed,
    Reserved,
    Resumed,
    Returned,
    Transferred,
)
from routing.kind import CONSULT
from routing.offer import LEG_S
from routing.refusal import Refused

log = logging.getLogger(__name__)

Happened = TypeVar("Happened")
Acted = TypeVar("Acted", bound="list[Effect] | Effect | Refused | None")

Step = Callable[[Call, h.Heard, Tree, datetime], session.Instructions]
"""One step of a call: what was heard, and therefore what the carrier does next; see `session.step`."""

Order = Callable[[], None]
"""Something the carrier is asked to do after a commit: idempotent, and safe to lose."""

SENT_S = 12  # longer than an order may take (wire.ORDER_TIMEOUT_S), or a late one would undo what a repair did
"""A call that should be elsewhere and has not arrived by then is sent there, again if need be."""


@dataclass(frozen=True, slots=True)
class Line:
    """Our end of the wire: whose webhooks we take, where they come in, and who takes our orders."""

    account: str
    tokens: Sequence[str]
    base_url: str
    carrier: wire.Carrier
    simulated: bool = False  # the carrier is played on this machine: nobody is really called or asked
    look_up: Callable[[str, float, bool], Any] = fetch_json  # how another system is asked; see ivr.fetch


class Switchboard:
    """What happens goes through `happen`; what the carrier has to do about it follows the commit."""

    def __init__(
        self,
        line: Line,
        store: Store,
        clock: Callable[[], datetime],
        hotlines: Hotlines,
        archive: Archive,
        announce: Callable[[], object],
        after_commit: Callable[[Order], None],
    ) -> None:
        """`announce` wakes live pages; `after_commit` takes each order, to do it at once or in a thread of its own."""
        self.line, self.store, self.clock, self.hotlines, self.archive = line, store, clock, hotlines, archive
        self.carried = Carried(line.carrier, line.base_url)
        self.orders = Orders(self.carried, store, hotlines, self)
        self.recorder = Recorder(line.carrier, line.base_url, store, archive, announce)
        self.inquiring = survey_later.Inquiring(line.carrier, line.base_url, hotlines, self.act)
        self._announce, self._after_commit = announce, after_commit
        self.step: Step = session.step  # whoever wants to know what calls come by looks over its shoulder here
        self._fallbacks: dict[str, bytes] = {}  # by version
        self._comparing = threading.Lock()
        for tree in hotlines.current():
            self._fallback(tree)

    def happen(self, happening: Callable[[Tx], tuple[Happened, Iterable[Effect | Order]]]) -> Happened:
        """One thing that happens: run it in one transaction, then send the orders that follow from its effects."""
        with self.store.transaction() as tx:
            result, effects = happening(tx)
            orders = [
                order for effect in effects for order in (*self.recorder.follows(tx, effect), *self._orders(tx, effect))
            ]
        self._announce()
        for order in orders:
            self._after_commit(order)
        return result

    def act(self, happening: Callable[[Tx], Acted]) -> Acted:
        """The same for what gives effects, one effect or a refusal: effects are carried out, refusals handed back."""

        def happen(tx: Tx) -> tuple[Acted, Iterable[Effect]]:
            result = happening(tx)
            effects = result if isinstance(result, list) else () if isinstance(result, Refused | None) else (result,)
            return result, effects

        return self.happen(happen)

    def order(self, order: Order) -> None:
        """Do something with the carrier outside of any request."""
        self._after_commit(order)

    def tick(self) -> None:
        """Do what is due by the clock. Harmless early, late and twice."""
        self.act(self._tick)
        self.hotlines.refresh()
        self._send_again()
        self.fetch_messages()
        for order in self.recorder.due():
            self._after_commit(order)

    def next_deadline(self) -> datetime | None:
        """When `tick` has something to do next; None: not before something else happens."""
        with self.store.look() as tx:
            sent_at = tx.sent_at()
            again = sent_at + timedelta(seconds=SENT_S) if sent_at else None
            moments = [distributor.next_deadline(tx.floor), tx.messages.next_try_at(), again]
            moments += [tx.callbacks.next_try_at(), tx.publications.next_due_at(), in_line.next_due_at(tx)]
            moments += [self.recorder.next_look_at(tx), tx.inquiries.next_try_at()]
        return min((moment for moment in moments if moment is not None), default=None)

    def fetch_messages(self) -> None:
        """Fetch the messages whose sound is due, once each; what fails is tried again later."""
        with self.store.look() as tx:
            if not tx.messages.any_due(tx.now):
                return
        with self.store.transaction() as tx:
            due = [message.recording for message in tx.messages.take_due(tx.now)]
        for recording in due:
            self._after_commit(lambda recording=recording: self._fetch(recording))

    def sorry(self, called: str) -> bytes:
        """The answer when nothing here works: made from the tree when it is published, needs no database."""
        return self._fallback(self.hotlines.for_number(called))

    def one_moment(self, called: str, url: str) -> bytes:
        """The answer when the database is busy: the caller hears so, and the carrier asks the same once more."""
        tree = self.hotlines.for_number(called)
        language = tree.numbers.get(called, tree.languages[0])
        return wire.render_moment(phrase.moment(language), language, url)

    def hang_up_agent(self, contact: str) -> None:
        """End the representative's leg of a conversation; the rest follows when the carrier tells of it."""
        with self.store.look() as tx:
            offer = tx.floor.live_offer(contact)
        for order in self.orders.hang_up_leg(offer) if offer else ():
            self._after_commit(order)

    def leg_over(self, offer_id: str, why: str) -> None:
        """A representative's leg is over, or was never answered: the conversation, or the offer, ends with it."""

        def over(tx: Tx) -> list[Effect]:
            offer = tx.floor.offer(offer_id)
            if offer is None or not offer.live:
                return []
            if not offer.connected:
                return distributor.leg_failed(tx.floor, offer.id, why, tx.now)
            call, contact = tx.call_of(offer.contact), tx.floor.contact(offer.contact)
            if contact.kind == CALLBACK:
                return promises.over(tx, contact.id, "the representative left")
            if contact.kind != CONSULT and call and not have_talked(call, tx.now):
                return distributor.leg_lost(tx.floor, offer.id, why, tx.now)
            return distributor.talk_ended(tx.floor, offer.contact, tx.now)

        self.act(over)

    def reconcile(self) -> None:
        """Compare with the carrier what is under way here, and end what is over there: a callback may have been lost.

        Asks for each call and each leg apart, outside any transaction; what cannot be asked is left for the next time.
        """
        if not self._comparing.acquire(blocking=False):
            return  # the last one is not through yet: the carrier is slow
        try:
            with self.store.look() as tx:
                calls, legs = tx.live_calls(), tx.floor.live_legs(RECONCILED_MAX)
                callbacks, thirds = tx.callbacks.live_legs(RECONCILED_MAX), tx.thirds.live_legs(RECONCILED_MAX)
                talked = self.recorder.left_running(tx)
            for sid in calls:
                if self._is_over(sid):
                    self.end_call(sid)
            for offer_id, leg_sid in legs:
                if self._is_over(leg_sid):
                    self.leg_over(offer_id, "the carrier lost it")
            for contact in talked:
                self.happen(lambda tx, contact=contact: (None, self.recorder.end(tx, contact)))
            for contact, leg_sid in callbacks:
                if self._is_over(leg_sid):
                    self.act(lambda tx, contact=contact: promises.over(tx, contact, "the carrier lost it"))
            for third, leg_sid in thirds:
                if self._is_over(leg_sid):
                    self.act(lambda tx, third=third: handing_on.over(tx, third, "the carrier lost it"))
        finally:
            self._comparing.release()

    def _is_over(self, sid: str) -> bool:
        try:
            return self.line.carrier.status(sid) in wire.OVER
        except wire.CarrierError as error:
            return error.gone

    def _tick(self, tx: Tx) -> list[Effect | Order]:
        self.hotlines.tick(tx)
        put = (*promises.put_due_in_line(tx), *in_line.put_due(tx))
        return [*distributor.tick(tx.floor, tx.now), *put, *self.inquiring.orders(tx)]

    def _fallback(self, tree: Tree) -> bytes:
        if tree.version not in self._fallbacks:
            words = {language: phrase.apology(language) for language in tree.languages}
            self._fallbacks[tree.version] = wire.render_fallback(words, tree.fallback_number, self.line.base_url)
        return self._fallbacks[tree.version]

    # -- orders: what follows from an effect --

    def _orders(self, tx: Tx, effect: Effect | Order) -> list[Order]:
        if in_line.is_about(effect):  # no call, so nothing for the carrier to do
            in_line.follow(tx, effect)
            if isinstance(effect, Ended):
                survey_later.brought(tx, effect.contact, self.hotlines)
            return []
        match effect:
            case Reserved() | NotReached():
                return calling_back.orders(self.carried, self.act, tx, effect)
            case Connected(_, _, contact) | Overflowed(contact, _) if contact.kind == CALLBACK:
                return calling_back.orders(self.carried, self.act, tx, effect)
            case Ended(contact, offer) if contact.kind == CALLBACK:
                leg_sid = promises.ended(tx, contact)
                survey_later.called_back(tx, contact, self.hotlines)
                away = handing_on.send_away(self.carried, tx, contact.id)
                return [
                    *([calling_back.hang_up(self.carried, leg_sid)] if leg_sid else []),
                    *self.orders.hang_up_leg(offer),
                    *away,
                ]
            case Offered(offer, agent, contact) if agent.ring_at == "phone":
                ring_s = tx.floor.queue(contact.queue).ring_s
                return [self.orders.ring(tx, offer.id, agent.address, contact.id, ring_s)]
            case Accepted(offer, agent, contact) if agent.ring_at == "desk":
                return [self.orders.ring(tx, offer.id, agent.address, contact.id, LEG_S)]
            case Connected(_, _, contact):
                return self.orders.redirect(tx, call_as(tx, contact), "join")
            case Overflowed(contact, _):
                return self.orders.redirect(tx, call_as(tx, contact), "overflow")
            case Returned(contact, _):
                _should_leave(tx, call_as(tx, contact))
                return []
            case Ended(contact, offer):
                _should_leave(tx, call_as(tx, contact))
                return [*self.orders.hang_up_leg(offer), *handing_on.send_away(self.carried, tx, contact.id)]
            case Held() | Resumed():
                return handing_on.rest_orders(self.carried, tx, effect)
            case Transferred():
                return self.orders.hand_on(tx, effect)
            case Listening():
                return self.orders.listen(tx, effect)
            case Closed(offer):
                return self.orders.hang_up_leg(offer)
            case _:
                return [effect] if callable(effect) else []

    def end_call(self, sid: str) -> None:
        """The caller is gone, as the carrier tells: end the call and what waits for it."""

        def end(tx: Tx) -> tuple[None, list[Effect]]:
            call = tx.call(sid)
            if call is None or call.state is CallState.ENDED:
                return None, []
            effects = distributor.caller_gone(tx.floor, call.contact, tx.now) if call.contact else []
            tree = self.hotlines.tree(call.version)
            self.step(call, h.HungUp(), tree, tx.now)
            keep_what_was_typed(tx, call, tree)
            survey_later.missed(tx, call, tree)
            tx.happened(call.sid, "ended", outcome=str(call.outcome))
            tx.save(call)
            return None, effects

        self.happen(end)

    def _send_again(self) -> None:
        """Repair lost orders: who should be in a conference, past its end or past an overflow is sent there again."""
        with self.store.transaction() as tx:
            orders = []
            for call in tx.stranded(tx.now - timedelta(seconds=SENT_S)):
                contact, offer = tx.floor.contact(call.contact), tx.floor.live_offer(call.contact)
                if call.state is CallState.TALKING:
                    third = tx.thirds.of_contact(call.contact)
                    door = handing_on.DOOR if third and third.how is How.BLIND else "after"
                    orders += self.orders.redirect(tx, call, door)
                elif offer and offer.connected:
                    orders += self.orders.redirect(tx, call, "join")
                elif contact and contact.state is ContactState.DONE:
                    orders += self.orders.redirect(tx, call, "overflow")
                elif call.connected_at:  # handed on, and still where they were
                    orders += self.orders.redirect(tx, call, handing_on.DOOR)
                else:  # the representative was lost again before the caller got there
                    call.redirected_at = None
                    tx.save(call)
        for order in orders:
            self._after_commit(order)

    def _fetch(self, recording: str) -> None:
        try:
            sound = self.line.carrier.fetch_recording(recording)
        except wire.CarrierError as error:
            log.warning("a message is not here yet: %s", error)
            sound = None
        with self.store.transaction() as tx:
            messages.fetched(tx.messages, self.archive, recording, sound, tx.now)
        self._announce()


TALK_MIN = timedelta(seconds=2)
"""A shorter conversation was none: the caller goes back to the queue, to the first place."""


def have_talked(call: Call, now: datetime) -> bool:
    """Whether the caller was in the conference long enough to have talked to anybody."""
    return call.connected_at is not None and call.state is CallState.TALKING and now - call.connected_at >= TALK_MIN


_REACHED = (Outcome.SERVED, Outcome.LEFT_A_MESSAGE, Outcome.TRANSFERRED, Outcome.CALLED_BACK)


def keep_what_was_typed(tx: Tx, call: Call, tree: Tree) -> None:
    """Whoever typed something and reached nobody has left a case all the same: it is looked at, and not asked again."""
    contact = tx.floor.contact(call.contact) if call.contact else None
    reached = call.outcome in _REACHED or (contact and contact.talking_at)
    if call.typed and call.case_kind and not reached:
        about = {"contact": call.contact, "call": call.sid, "caller": call.caller}
        tx.cases.log(call.case_kind, promises.known(call, tree), f"typed in {call.sid}", "caller", tx.now, **about)


def _should_leave(tx: Tx, call: Call | None) -> None:
    """The conference is over: the carrier tells of it, unless the caller came into it after its end."""
    if call is not None and call.state is CallState.TALKING:
        call.redirected_at = tx.now
        tx.save(call)
