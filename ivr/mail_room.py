"""Mail room: what an e-mail that came in means - whose it is, about which case, and whether it waits for somebody.

The same e-mail brought twice is one. Programs that answer programs are kept from doing so for ever: what a program
wrote is never answered by us, whoever writes too much waits in no queue, and nobody hears our program twice a day.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import timedelta

from ivr import in_line
from ivr.mail import Mail, MailState
from ivr.mail_language import guess
from ivr.mail_letter import LETTER_BYTES_MAX, Letter, read_letter
from ivr.mail_sent import MailSent
from ivr.menu.tree import Mailbox, Tree
from ivr.store import Tx
from ivr.survey_later import not_sent
from ivr.switchboard import Switchboard
from routing.case import CALLER, NOTE_LENGTH_MAX, Case, CaseState, Channel, Link
from routing.effect import Effect

log = logging.getLogger(__name__)

FROM_ONE_MAX = 20
FROM_ONE_WITHIN = timedelta(hours=1)
"""Whoever writes more often within this time waits in no queue: a program, most likely."""

REPLY_EVERY = timedelta(days=1)
"""The same person gets no more than one answer by a program in this time."""

BOUNCED, PROGRAM, OURSELVES, TOO_MANY, NOBODY = "bounced", "a program", "ourselves", "too many", "nobody"
"""Why an e-mail waits in no queue."""

_CASE = re.compile(
    r"(?:[\[#]|\b(?:case|ticket|fall|vorgang|caso|случај|slučaj|slucaj)\b[ :.]*"
    r"(?:n[or]\.?|number|nummer|número|број|broj)?[ :#]*)#?(\d{3} ?\d{3,6})(?!\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an e-mail; `is_new` is False when it had come before. `mail` None: there is no mailbox at all."""

    mail: Mail | None
    is_new: bool = False


class MailRoom:
    """Takes e-mails in."""

    def __init__(self, switchboard: Switchboard) -> None:
        self._switchboard = switchboard

    def take(self, raw: bytes) -> Taken:
        """Take in an e-mail as its bytes came; nothing that stands in them makes this fail."""
        letter = read_letter(raw[: LETTER_BYTES_MAX + 1])
        found = self._mailbox(letter)
        if found is None:
            log.warning("an e-mail came, and no hotline has a mailbox (`mail:` in its files)")
            return Taken(None)
        tree, box = found
        return self._switchboard.happen(lambda tx: self._take(tx, letter, tree, box))

    def let_in(self, mail_id: str) -> bool:
        """Put an e-mail that was kept out of the queues into its queue; False: there is none such."""

        def happen(tx: Tx) -> tuple[bool, list[Effect]]:
            mail = tx.mails.get(mail_id)
            if mail is None or mail.state is not MailState.KEPT:
                return False, []
            mail.state, mail.why = MailState.OPEN, None
            return True, in_line.put(tx, mail)

        return self._switchboard.happen(happen)

    # -- steps of the above -------------------------------------------------------------------------------------------

    def _mailbox(self, letter: Letter) -> tuple[Tree, Mailbox] | None:
        """Whose it is; what came to an address that nobody lists (a blind copy) is the first mailbox's."""
        boxes = [(tree, box) for tree in self._switchboard.hotlines.current() for box in tree.mail.values()]
        by_address = {box.address: (tree, box) for tree, box in reversed(boxes)}
        return next((by_address[it] for it in letter.to if it in by_address), boxes[0] if boxes else None)

    def _take(self, tx: Tx, letter: Letter, tree: Tree, box: Mailbox) -> tuple[Taken, list[Effect]]:
        if before := tx.mails.by_message_id(tree.hotline, letter.id):
            return Taken(before), []
        language = box.language or guess(f"{letter.subject}\n{letter.text}", tree.languages)
        needs, relax = in_line.place(tree, box.queue, box.needs, language)
        mail = Mail(
            tx.new_id(), tree.hotline, letter.id, box.address, letter.sender, letter.sender_name, letter.subject,
            letter.text, "", tx.now, language, box.queue, box.kind, needs, relax, letter.left_out,
        )  # fmt: skip
        ours = tx.sent.by_message_ids(letter.answers)
        about = tx.mails.get(ours.mail) if ours and ours.mail else None
        earlier = about or tx.mails.by_message_ids(tree.hotline, letter.answers)
        mail.thread = earlier.thread if earlier else mail.id
        if why := self._kept_out(tx, letter):
            mail.state, mail.why = MailState.KEPT, why
        case = _case(tx, mail, earlier)
        mail.case_number = int(case.number) if case else None
        tx.mails.add(mail, letter.files)
        tx.happened(mail.id, "e-mail came", queue=mail.queue, kept=mail.why, attachments=len(letter.files))
        if letter.bounce and ours:
            _came_back(tx, ours)
        if mail.why:
            return Taken(mail, True), []
        if case:
            _join(tx, mail, case)
        elif not letter.automatic:
            _reply(tx, mail, tree, box)
        return Taken(mail, True), in_line.put(tx, mail)

    def _kept_out(self, tx: Tx, letter: Letter) -> str | None:
        """Why nobody need look at it, if so."""
        own = {address for tree in self._switchboard.hotlines.current() for address in tree.mail}
        if letter.bounce:
            return BOUNCED
        if letter.sender is None:
            return NOBODY
        if letter.sender in own:
            return OURSELVES
        if letter.reply_of_a_program:
            return PROGRAM
        many = tx.mails.came_from(letter.sender, tx.now - FROM_ONE_WITHIN) >= FROM_ONE_MAX
        return TOO_MANY if many else None


def _case(tx: Tx, mail: Mail, earlier: Mail | None) -> Case | None:
    """The case that an e-mail is about: its conversation's, or the one that its subject names."""
    numbers = [str(earlier.case_number)] if earlier and earlier.case_number else []
    numbers += [found.replace(" ", "") for found in _CASE.findall(mail.subject)]
    for number in numbers:
        case = tx.cases.by_number(number)
        if case and case.merged_into:
            case = tx.cases.by_number(case.merged_into)
        if case and case.hotline in (None, mail.hotline):
            return case
    return None


def _join(tx: Tx, mail: Mail, case: Case) -> None:
    """The case knows of the e-mail; if it waited for the customer, it waits for us now."""
    note = f"{mail.subject}\n\n{mail.text}"[:NOTE_LENGTH_MAX]
    tx.cases.link(case.number, Link(tx.now, CALLER, Channel.EMAIL, note=note))
    if case.state is CaseState.WAITING_FOR_CUSTOMER:
        tx.cases.move(case.number, "wait_for_us", tx.now, CALLER)


def _reply(tx: Tx, mail: Mail, tree: Tree, box: Mailbox) -> None:
    """What a program says at once."""
    if box.reply is None or mail.sender is None:
        return
    last = tx.sent.answered_by_program_at(mail.sender)
    if last is None or last <= tx.now - REPLY_EVERY:
        tx.sent.add(answer_to(tx, mail, box.reply.get(mail.language) or box.reply[tree.languages[0]], "", True))


def answer_to(tx: Tx, mail: Mail, text: str, by: str, automatic: bool = False) -> MailSent:
    """An answer, in the conversation of an e-mail; its subject names the case."""
    subject = mail.subject if re.match(r"(re|aw|sv|rv)\s*:", mail.subject, re.IGNORECASE) else f"Re: {mail.subject}"
    if mail.case_number and not automatic and str(mail.case_number) not in subject:
        subject += f" [{mail.case_number}]"
    thread = [it.message_id for it in tx.mails.of_thread(mail.thread) if it.id != mail.id]
    answers = " ".join([*thread[-20:], mail.message_id])
    id = tx.new_id()
    return MailSent(
        id, mail.id, mail.address, mail.sender or "", subject.strip(), text, f"<{id}@{mail.address.partition('@')[2]}>",
        answers, automatic, by, tx.now, tx.now,
    )  # fmt: skip


def _came_back(tx: Tx, ours: MailSent) -> None:
    """What we wrote did not arrive: it can be seen, and its case says so."""
    if ours.bounced_at is None:
        ours.bounced_at = tx.now
        tx.sent.save(ours)
        if ours.inquiry:
            not_sent(tx, ours.inquiry)
        about = tx.mails.get(ours.mail) if ours.mail else None
        if about and about.case_number and not ours.automatic:
            tx.cases.note(str(about.case_number), tx.now, CALLER, "e-mail came back")
