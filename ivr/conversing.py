"""Conversing: what a representative does with a caller on the line - hold, mute, ask somebody, hand on, promise.

A colleague who is asked is offered a consultation and is bound by it on the floor (`routing.consulting`); a number
outside is a third (`ivr.third`), of whom the floor knows nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from ivr import handing_on, promises
from ivr.call import CallState
from ivr.callback import KIND as CALLBACK
from ivr.dialable import own_number
from ivr.handing_on import Carried, Order
from ivr.menu.tree import Tree
from ivr.recording import Recording
from ivr.store import Tx
from ivr.switchboard import Switchboard
from ivr.third import How, Third, ThirdState
from routing import distributor
from routing.consulting import unavailable
from routing.contact import Contact, ContactState
from routing.effect import Effect, Held, Resumed
from routing.kind import CONSULT
from routing.offer import Offer
from routing.refusal import Refused
from routing.talking import ONLY_CONSULTED

CALL_AGAIN_MIN_MAX = 7 * 24 * 60
"""So far ahead, in minutes, a callback is promised."""

GONE = Refused("there is no such contact", field="contact")
NOT_SO_MADE = Refused("a call that we made ourselves cannot be handed on")
SOMEBODY_THERE = Refused("somebody is being asked already")
NOBODY_THERE = Refused("nobody is being asked")

Following = list[Effect | Order]


@dataclass(frozen=True, slots=True)
class To:
    """Whom a conversation goes to: exactly one of them is given."""

    queue: str | None = None
    agent: str | None = None
    number: str | None = None


class Conversing:
    """Everything a representative may do with a live conversation. `agent` is the name they logged in by."""

    def __init__(self, switchboard: Switchboard) -> None:
        self._switchboard = switchboard

    def hold(self, agent: str, contact: str) -> Refused | None:
        """The caller hears music; told again, the carrier is asked again, should it not have heard the first time."""
        return self._act(lambda tx: self._rest(tx, agent, contact, Held))

    def resume(self, agent: str, contact: str) -> Refused | None:
        """Go on with the caller; while somebody is being asked, all of them talk together."""
        return self._act(lambda tx: self._rest(tx, agent, contact, Resumed))

    def mute(self, agent: str, contact: str, on: bool) -> Refused | None:
        """Not to be heard for a while, or to be heard again."""

        def happen(tx: Tx) -> Following | Refused:
            found = _theirs(tx, agent, contact)
            if isinstance(found, Refused):
                return found
            tx.thirds.mute(contact, on)
            where = handing_on.room(tx, found[0])
            return [handing_on.mute_order(self._carried, where, found[1].leg_sid, on)]

        return self._act(happen)

    def pause_recording(self, agent: str, contact: str) -> Refused | None:
        """Keep nothing of what is said for a while: the number of a card. Asked again, for as long once more."""
        return self._act(lambda tx: self._recorded(tx, agent, contact, self._switchboard.recorder.pause))

    def resume_recording(self, agent: str, contact: str) -> Refused | None:
        """Keep again what is said."""
        return self._act(lambda tx: self._recorded(tx, agent, contact, self._switchboard.recorder.resume))

    def transfer(self, agent: str, contact: str, to: To) -> Refused | None:
        """Hand the caller on unannounced: to a queue, to a colleague, or to one of the hotline's numbers."""
        return self._act(lambda tx: self._transfer(tx, agent, contact, to))

    def consult(self, agent: str, contact: str, to: To) -> Refused | None:
        """Ask a colleague, or somebody at one of the hotline's numbers, while the caller hears music."""
        return self._act(lambda tx: self._consult(tx, agent, contact, to))

    def end_consult(self, agent: str, contact: str) -> Refused | None:
        """Let them go again, and go on with the caller."""

        def happen(tx: Tx) -> Following | Refused:
            found = _theirs(tx, agent, contact)
            if isinstance(found, Refused):
                return found
            if tx.thirds.of_contact(contact):
                away: Following = handing_on.send_away(self._carried, tx, contact)
            elif asked := tx.floor.consulting(found[0]):
                away = distributor.leave_consult(tx.floor, contact, asked.last_agent, tx.now)
            else:
                return NOBODY_THERE
            return [*away, *self._rest(tx, agent, contact, Resumed)]

        return self._act(happen)

    def complete(self, agent: str, contact: str) -> Refused | None:
        """Hand the caller to the one who was asked, and leave; a colleague who has not come yet is offered the caller
        before anybody else."""
        return self._act(lambda tx: self._complete(tx, agent, contact))

    def promise(self, agent: str, contact: str, in_min: int) -> Refused | None:
        """Promise to call the caller back in so many minutes; somebody of the same queue will."""

        def happen(tx: Tx) -> Following | Refused:
            its = tx.floor.contact(contact)
            if its is None or its.last_agent != agent or its.talking_at is None:
                return GONE
            if its.kind == CONSULT:
                return ONLY_CONSULTED
            call = tx.call_of(contact)
            number = own_number(call.caller) if call else None
            if number is None:
                return Refused("there is no number that we may call")
            if not 0 <= in_min <= CALL_AGAIN_MIN_MAX:
                return Refused("too far ahead", field="in_min", hint=f"0 to {CALL_AGAIN_MIN_MAX}")
            return promises.promise_again(tx, call, its, number, tx.now + timedelta(minutes=in_min), agent)

        return self._act(happen)

    # -- steps of the above --

    @property
    def _carried(self) -> Carried:
        return self._switchboard.carried

    def _recorded(
        self, tx: Tx, agent: str, contact: str, do: Callable[[Tx, Recording, str], list[Order]]
    ) -> Following | Refused:
        found = _theirs(tx, agent, contact)
        if isinstance(found, Refused):
            return found
        recording = tx.recordings.live_of(contact)
        return do(tx, recording, agent) if recording else Refused("this conversation is not recorded")

    def _rest(self, tx: Tx, agent: str, contact: str, which: type[Held | Resumed]) -> Following | Refused:
        its = tx.floor.contact(contact)
        asked = tx.floor.consulting(its) if its else None
        together = distributor.join if asked and asked.state is ContactState.TALKING else distributor.resume
        verb = distributor.hold if which is Held else together
        done = verb(tx.floor, contact, agent, tx.now)
        if isinstance(done, Refused) or done:
            return done
        return [which(its, tx.floor.live_offer(contact))]

    def _transfer(self, tx: Tx, agent: str, contact: str, to: To) -> Following | Refused:
        found = _theirs(tx, agent, contact)
        if isinstance(found, Refused):
            return found
        if no := _not_to_be_handed_on(found[0]):
            return no
        if _is_asking(tx, found[0]):
            return SOMEBODY_THERE
        tree = self._tree(tx, contact)
        if to.queue is not None:
            if no := _no_queue(tree, to.queue):
                return no
            return distributor.transfer_to_queue(
                tx.floor, contact, agent, to.queue, self._needs(tree, to, found[0]), tx.now
            )
        if to.agent is not None:
            return SELF if to.agent == agent else distributor.transfer_to_agent(
                tx.floor, contact, agent, to.agent, tx.now
            )  # fmt: skip
        if no := _no_number(tree, to.number):
            return no
        tx.thirds.add(Third(tx.new_id(), contact, agent, How.BLIND, to.number, tx.now))
        return distributor.transfer_out(tx.floor, contact, agent, to.number, tx.now)

    def _needs(self, tree: Tree, to: To, contact: Contact) -> dict[str, object] | None:
        """What another queue's own node asks for; the same queue asks for what it asked for."""
        if to.queue == contact.queue:
            return None
        return promises.needed(tree.nodes[handing_on.node_of(tree, to.queue)].needs, contact.language)

    def _consult(self, tx: Tx, agent: str, contact: str, to: To) -> Following | Refused:
        found = _theirs(tx, agent, contact)
        if isinstance(found, Refused):
            return found
        if found[0].kind == CONSULT:
            return ONLY_CONSULTED
        if _is_asking(tx, found[0]):
            return SOMEBODY_THERE
        if to.agent is not None:
            return _ask_colleague(tx, agent, contact, to.agent)
        if no := _no_number(self._tree(tx, contact), to.number):
            return no
        held = self._rest(tx, agent, contact, Held)
        if isinstance(held, Refused):
            return held
        third = Third(tx.new_id(), contact, agent, How.CONSULT, to.number, tx.now)
        tx.thirds.add(third)
        tx.happened(contact, "asks a third", agent=agent)
        return [*held, self._ring_order(third, handing_on.room(tx, found[0]), tx.call_of(contact).called)]

    def _ring_order(self, third: Third, where: str, caller_id: str) -> Order:
        act = self._switchboard.act

        def lost(why: str) -> None:
            act(lambda tx: handing_on.over(tx, third.id, why))

        def placed(leg_sid: str) -> None:
            act(lambda tx: handing_on.placed(self._carried, tx, third.id, leg_sid))

        return handing_on.ring_order(self._carried, third, where, caller_id, lost, placed)

    def _complete(self, tx: Tx, agent: str, contact: str) -> Following | Refused:
        found = _theirs(tx, agent, contact)
        if isinstance(found, Refused):
            return found
        if no := _not_to_be_handed_on(found[0]):
            return no
        if asked := tx.floor.consulting(found[0]):
            if asked.state is ContactState.TALKING:
                return distributor.leave_consult(tx.floor, contact, agent, tx.now)
            return distributor.transfer_to_agent(tx.floor, contact, agent, asked.last_agent, tx.now)
        third = tx.thirds.of_contact(contact)
        if third is None:
            return NOBODY_THERE
        if third.state is not ThirdState.THERE:
            return Refused("nobody has answered yet")
        third.state = ThirdState.STAYS
        tx.thirds.save(third)
        return distributor.transfer_out(tx.floor, contact, agent, third.address, tx.now)

    def _tree(self, tx: Tx, contact: str) -> Tree:
        call = tx.call_of(contact)
        return self._switchboard.hotlines.tree(call.version) if call else self._switchboard.hotlines.current()[0]

    def _act(self, happening: object) -> Refused | None:
        answer = self._switchboard.act(happening)
        return answer if isinstance(answer, Refused) else None


SELF = Refused("that is yourself", field="agent")


def _theirs(tx: Tx, agent: str, contact: str) -> tuple[Contact, Offer] | Refused:
    """The conversation, if this agent has it now."""
    its, offer = tx.floor.contact(contact), tx.floor.live_offer(contact)
    if its is None or offer is None or offer.agent != agent:
        return GONE
    call = tx.call_of(contact)
    on_the_way = its.kind != CALLBACK and (call is None or call.state is not CallState.TALKING)
    if its.state is not ContactState.TALKING or offer.leg_sid is None or on_the_way:
        return Refused("not talking")
    return its, offer


def _not_to_be_handed_on(contact: Contact) -> Refused | None:
    return NOT_SO_MADE if contact.kind == CALLBACK else ONLY_CONSULTED if contact.kind == CONSULT else None


def _is_asking(tx: Tx, contact: Contact) -> bool:
    """Whether somebody is asked about a conversation at the moment: a colleague, or a number."""
    return tx.floor.consulting(contact) is not None or tx.thirds.of_contact(contact.id) is not None


def _ask_colleague(tx: Tx, agent: str, contact: str, colleague: str) -> Following | Refused:
    """Offer them a consultation."""
    if colleague == agent:
        return SELF
    if (their := tx.floor.agent(colleague)) and unavailable(tx.floor, their):
        return Refused("that colleague cannot be asked now", field="agent")
    return distributor.consult(tx.floor, contact, agent, colleague, tx.now)


def _no_queue(tree: Tree, queue: str) -> Refused | None:
    known = queues_of(tree)
    if queue in known:
        return None
    return Refused(f"there is no queue {queue!r}", field="queue", hint=f"there are: {', '.join(known)}")


def queues_of(tree: Tree) -> list[str]:
    """The queues that a call of this hotline can be handed on to."""
    return [queue for queue in tree.queues if handing_on.node_of(tree, queue)]


def _no_number(tree: Tree, number: str | None) -> Refused | None:
    """Only what the hotline lists is dialled: who may have us dial any number earns money with it."""
    if number in tree.transfer_numbers:
        return None
    listed = ", ".join(tree.transfer_numbers)
    hint = f"there are: {listed}" if listed else "the hotline lists none under transfer_numbers"
    return Refused("that number is not the hotline's", field="number", hint=hint)
