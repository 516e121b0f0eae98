"""Mail desk: what a representative does with an e-mail - write, send, close or hand on - each in one transaction."""

from __future__ import annotations

from collections.abc import Callable

from ivr import handing_on, promises
from ivr.desk import GONE, theirs, tree_of
from ivr.mail import Mail, MailState
from ivr.mail_letter import plain
from ivr.mail_room import answer_to
from ivr.store import Tx
from ivr.switchboard import Switchboard
from routing import distributor
from routing.case import NOTE_LENGTH_MAX, Channel, Link
from routing.contact import ContactState
from routing.effect import Effect
from routing.refusal import Refused

ANSWER_LENGTH_MAX = 20_000
DONE = Refused("this e-mail is done with already")


class MailDesk:
    """Everything the desk lets a representative do with the e-mails in their hands."""

    def __init__(self, switchboard: Switchboard) -> None:
        self._switchboard = switchboard

    def save_draft(self, agent: str, contact: str, text: str) -> Refused | None:
        """Keep the answer as far as it is written. It is nobody else's news, so no page is woken."""
        with self._switchboard.store.transaction() as tx:
            mail = _in_hand(tx, agent, contact)
            if isinstance(mail, Refused):
                return mail
            if no := _too_long(text):
                return no
            mail.draft = text
            tx.mails.save(mail)
        return None

    def answer(self, agent: str, contact: str, text: str) -> Refused | None:
        """Answer it, and be done with it; its case, if it has one, keeps what was written."""

        def happen(tx: Tx, mail: Mail) -> list[Effect] | Refused:
            written = plain(text, ANSWER_LENGTH_MAX + 1)
            if no := _too_long(written):
                return no
            if not written:
                return Refused("this is missing", field="text", hint="write an answer, or close it without one")
            if mail.sender is None:
                return Refused("there is nobody to answer", field="text", hint="close it without an answer")
            sent = answer_to(tx, mail, written, agent)
            tx.sent.add(sent)
            if mail.case_number:
                note = f"{sent.subject}\n\n{written}"[:NOTE_LENGTH_MAX]
                tx.cases.link(str(mail.case_number), Link(tx.now, agent, Channel.EMAIL, None, None, note))
            return _done(tx, mail, MailState.ANSWERED, agent)

        return self._do(agent, contact, happen)

    def close(self, agent: str, contact: str) -> Refused | None:
        """It needs no answer."""
        return self._do(agent, contact, lambda tx, mail: _done(tx, mail, MailState.CLOSED, agent))

    def hand_on(self, agent: str, contact: str, queue: str | None, colleague: str | None) -> Refused | None:
        """Give it, or a visitor, to a queue or to a colleague; what is written so far goes with it."""

        def happen(tx: Tx) -> list[Effect] | Refused:
            its = theirs(tx, agent, contact)
            if its is None or tx.sender_of(contact) is None:
                return GONE
            if queue is None:
                no = Refused("that is yourself", field="agent")
                return no if colleague == agent else distributor.transfer_to_agent(
                    tx.floor, contact, agent, colleague or "", tx.now
                )  # fmt: skip
            tree = tree_of(self._switchboard, tx, contact)
            if queue not in tree.queues:
                return Refused(
                    f"there is no queue {queue!r}", field="queue", hint=f"there are: {', '.join(tree.queues)}"
                )
            node = handing_on.node_of(tree, queue)
            needs = promises.needed(tree.nodes[node].needs, its.language) if node and queue != its.queue else None
            return distributor.transfer_to_queue(tx.floor, contact, agent, queue, needs, tx.now)

        answer = self._switchboard.act(happen)
        return answer if isinstance(answer, Refused) else None

    def not_there(self, agent: str, contact: str) -> Refused | None:
        """A visitor was called, and nobody came: the representative is free at once."""

        def happen(tx: Tx) -> list[Effect] | Refused:
            its = theirs(tx, agent, contact)
            if its is None or its.state is not ContactState.TALKING or tx.visits.of_contact(contact) is None:
                return GONE
            return distributor.not_reached(tx.floor, contact, "not there", tx.now)

        answer = self._switchboard.act(happen)
        return answer if isinstance(answer, Refused) else None

    def _do(self, agent: str, contact: str, what: Callable[[Tx, Mail], list[Effect] | Refused]) -> Refused | None:
        def happen(tx: Tx) -> list[Effect] | Refused:
            mail = _in_hand(tx, agent, contact)
            return mail if isinstance(mail, Refused) else what(tx, mail)

        answer = self._switchboard.act(happen)
        return answer if isinstance(answer, Refused) else None


def _in_hand(tx: Tx, agent: str, contact: str) -> Mail | Refused:
    """The e-mail, if this agent has it now."""
    its, mail = theirs(tx, agent, contact), tx.mails.of_contact(contact)
    if its is None or mail is None:
        return GONE
    return mail if mail.state is MailState.OPEN and its.state is ContactState.TALKING else DONE


def _done(tx: Tx, mail: Mail, state: MailState, agent: str) -> list[Effect]:
    mail.state, mail.done_at, mail.done_by, mail.draft = state, tx.now, agent, ""
    tx.mails.save(mail)
    tx.happened(mail.contact, "e-mail answered" if state is MailState.ANSWERED else "e-mail closed", agent=agent)
    return distributor.talk_ended(tx.floor, mail.contact, tx.now)


def _too_long(text: str) -> Refused | None:
    if len(text) <= ANSWER_LENGTH_MAX:
        return None
    return Refused("this is too long", field="text", hint=f"{ANSWER_LENGTH_MAX} characters at most")
