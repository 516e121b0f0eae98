"""Survey later: who is asked after the call, by a call of our own or by a link - when, how often, to what end."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ivr import instruction as i
from ivr import message, phrase, wire
from ivr.call import Call, Outcome
from ivr.callback import CallbackState
from ivr.dialable import own_number, takes_texts
from ivr.hotlines import Hotlines
from ivr.inquiry import CALL_BACK, LINE, LINK, CameOf, Inquiry, InquiryState
from ivr.mail import Mail, MailState
from ivr.mail_sent import MailSent
from ivr.menu import tree as t
from ivr.menu.ways import ways_out
from ivr.session import survey
from ivr.store import NOT_SETTLED, SETTLED, Tx
from ivr.throttle import digest
from ivr.visit import Visit, VisitState
from routing.contact import Contact

Order = Callable[[], None]

TALK_MIN = timedelta(seconds=2)
"""A shorter conversation was none, and nothing to be asked about."""

RING_S = 25
"""So long we ring: less than most mailboxes wait."""

AGAIN = timedelta(hours=2)
"""From a call that nobody answered to the second one."""

AT_ONCE_MAX = 5
"""So many are rung at the same moment; the lines are there for those who call."""

BUSY = timedelta(minutes=1)
LEASE = timedelta(minutes=10)
"""Who is rung for longer than that is not rung any more: the carrier's word of it was lost."""

UNWELL = timedelta(minutes=5)
"""The carrier could not be asked to ring: so much later once more."""

KEPT_MAX = timedelta(days=3)
"""Nobody is asked later than that about a call."""

LINK_AGE_MAX = timedelta(days=30)
PASSING = t.Goto | t.Say | t.SetVariables | t.Sms | t.When | t.Split

PAGE = "/s/"
"""Where the page behind a link is; short, since it stands in a text message."""


def ask(tx: Tx, call: Call, tree: t.Tree, wanted: i.AskLater, at: str = "") -> None:
    """Ask the survey of this call later, at the caller's number or another one (`at`); that it is asked is noted with
    the call already (`survey.offer`)."""
    later, number = tree.surveys[tree.nodes[wanted.node].survey].later, own_number(at or call.caller)
    if number is None:
        return
    first = _allowed(tree, later, tx.now + timedelta(minutes=later.after_min)) or tx.now + KEPT_MAX
    tx.inquiries.add(Inquiry(tx.new_id(), call.sid, wanted.way, wanted.node, number, tx.now, first))
    tx.happened(call.sid, "to be asked later", way=wanted.way)


def missed(tx: Tx, call: Call, tree: t.Tree) -> None:
    """A call is over. Who talked and hung up before the survey could be asked is asked later, if the survey says so."""
    talked_s = tx.now - call.connected_at if call.connected_at else timedelta(0)
    if call.outcome is Outcome.SERVED and talked_s >= TALK_MIN:
        _ask_who_is_gone(tx, call, tree, _survey_after(tree, call.node))


def called_back(tx: Tx, contact: Contact, hotlines: Hotlines) -> None:
    """The conversation of a callback is over, and with it the call: who talked is asked later, as those who hang up."""
    callback = tx.callbacks.of_contact(contact.id)
    call = tx.call(callback.call) if callback and callback.state is CallbackState.KEPT else None
    if call is None or callback is None:
        return
    tree = hotlines.tree(call.version)
    _ask_who_is_gone(tx, call, tree, _survey_in(tree, contact.queue), callback.number)
    tx.save(call)


def brought(tx: Tx, contact: Contact, hotlines: Hotlines) -> None:
    """An e-mail or a visit is over. Who had an answer, or was served, is asked by a link, if the survey says so."""
    its = tx.sender_of(contact.id)
    done = isinstance(its, Mail) and its.state is MailState.ANSWERED
    tree = next((it for it in hotlines.current() if its and it.hotline == its.hotline), None)
    if its is None or tree is None or not (done or (isinstance(its, Visit) and its.state is VisitState.SERVED)):
        return
    node, way = _survey_in(tree, its.queue), _way_to(its, tree)
    if node is None or way is None or tree.surveys[node.survey].mail_and_visits != LINK:
        return
    number, sender = way
    if contact.id in tx.inquiries.of_contacts([contact.id]) or survey.rests(
        tx.surveyed_at(tree.hotline, number), tx.now
    ):
        return
    later = tree.surveys[node.survey].later
    first = _allowed(tree, later, tx.now + timedelta(minutes=later.after_min)) or tx.now + KEPT_MAX
    inquiry = Inquiry(tx.new_id(), None, LINK, node.name, number, tx.now, first)
    inquiry.contact, inquiry.hotline, inquiry.version = contact.id, tree.hotline, tree.version
    inquiry.language = its.language if its.language in tree.languages else tree.languages[0]
    inquiry.sender = sender
    tx.inquiries.add(inquiry)
    tx.happened(contact.id, "to be asked later", way=LINK)


def _way_to(its: Mail | Visit, tree: t.Tree) -> tuple[str, str] | None:
    """Where somebody can be sent a link, and from which address or number of ours; None: nowhere."""
    if isinstance(its, Mail):
        return (its.sender, its.address) if its.sender else None
    if its.caller and "@" in its.caller:
        return (its.caller, next(iter(tree.mail))) if tree.mail else None
    number = own_number(its.caller or "")
    return (number, next(iter(tree.numbers))) if number and takes_texts(number) and tree.numbers else None


def _survey_in(tree: t.Tree, queue: str) -> t.SurveyNode | None:
    """The survey that those are led to who waited in a queue."""
    steps = (name for name, node in tree.nodes.items() if getattr(node, "queue", "") == queue)
    return next((node for node in (_survey_after(tree, name) for name in steps) if node), None)


def _ask_who_is_gone(tx: Tx, call: Call, tree: t.Tree, node: t.SurveyNode | None, number: str = "") -> None:
    if call.survey or node is None:
        return
    its = tree.surveys[node.survey]
    way = its.missed if its.by == LINE else its.by
    if way == "nothing" or survey.reached(number or call.caller, way) != way:
        return
    if survey.rests(tx.surveyed_at(call.hotline, call.caller), tx.now):
        call.survey = survey.SPARED
        return
    survey.offer(call, way, tx.now)
    ask(tx, call, tree, i.AskLater(way, node.name), number)


def asked_about(tx: Tx, inquiry: Inquiry) -> Call | Inquiry:
    """What knows its hotline's version, the language and the answers: the call - of e-mails and visits, it itself."""
    call = tx.call(inquiry.call) if inquiry.call else None
    return call or inquiry


def tell_answers(tx: Tx, its: Call | Inquiry, before: Mapping[str, str]) -> None:
    """Write down what has been answered since; a matter that is not settled opens its case again."""
    about = its.sid if isinstance(its, Call) else its.about
    for question in its.answers.keys() - before.keys():
        tx.happened(about, "answered", question=question, key=its.answers[question])
        if (question, its.answers[question]) != (SETTLED, NOT_SETTLED):
            continue
        if isinstance(its, Call):
            tx.cases.not_settled(its.sid, tx.now)
        else:
            mail = tx.mails.of_contact(about)
            named = str(mail.case_number) if mail and mail.case_number else None
            tx.cases.contact_not_settled(about, named, tx.now)


def keep_message(tx: Tx, call: Call, recording: str, length_s: int, try_at: datetime) -> None:
    """Keep what somebody said after the questions: with the case of their call, if it has one."""
    if tx.messages.of_recording(recording) is not None:
        return
    case = next(iter(tx.cases.about_call(call.sid)), None)
    new = (tx.new_id(), recording, call.sid, case.number if case else None, length_s, tx.now, try_at)
    tx.messages.add(message.Message(*new, purpose=message.SURVEY))
    tx.happened(call.sid, "said more in the survey", length_s=length_s)


def over(tx: Tx, inquiry: Inquiry, came_of: CameOf) -> None:
    """It is over. Of whom nobody was asked anything, nobody has to wait thirty days."""
    inquiry.state, inquiry.try_at, inquiry.came_of = InquiryState.OVER, None, came_of
    tx.inquiries.save(inquiry)
    tx.happened(inquiry.about, "asked later", way=inquiry.way, came_of=str(came_of))
    call = tx.call(inquiry.call) if inquiry.call else None
    if came_of is CameOf.NOT_SENT and call is not None and not call.answers:
        call.survey, call.survey_at, call.survey_way = "", None, ""
        tx.save(call)


def not_answered(tx: Tx, inquiry: Inquiry, tree: t.Tree) -> None:
    """Nobody answered, or it was busy: a second time, if the survey says so, or never."""
    later = tree.surveys[tree.nodes[inquiry.node].survey].later
    inquiry.tries, inquiry.leg_sid = inquiry.tries + 1, None
    if inquiry.tries < later.tries and (at := _allowed(tree, later, tx.now + AGAIN)):
        inquiry.state, inquiry.try_at = InquiryState.OPEN, at
        tx.inquiries.save(inquiry)
        return
    over(tx, inquiry, CameOf.NOT_REACHED)


@dataclass(frozen=True, slots=True)
class Inquiring:
    """Who rings and sends what is due. `act` runs one happening in a transaction of its own."""

    carrier: wire.Carrier
    base_url: str
    hotlines: Hotlines
    act: Callable[[Callable[[Tx], Any]], Any]

    def orders(self, tx: Tx) -> list[Order]:
        """What the carrier is to do about all that is due now."""
        found, free = [], AT_ONCE_MAX - tx.inquiries.on_the_line()
        for inquiry in tx.inquiries.due(tx.now, 2 * AT_ONCE_MAX):
            its = asked_about(tx, inquiry)
            tree = self.hotlines.tree(its.version)
            if inquiry.state is not InquiryState.OPEN:
                over(tx, inquiry, CameOf.ANSWERED if its.answers else CameOf.NOT_REACHED)
            elif tx.now - inquiry.made_at >= KEPT_MAX:
                over(tx, inquiry, CameOf.NOT_REACHED if inquiry.tries else CameOf.NOT_SENT)
            elif (at := _allowed(tree, tree.surveys[tree.nodes[inquiry.node].survey].later, tx.now)) != tx.now:
                inquiry.try_at = at or inquiry.made_at + KEPT_MAX
                tx.inquiries.save(inquiry)
            elif inquiry.way != CALL_BACK:
                found += self._send(tx, inquiry, its, tree)
            elif free > 0:
                found.append(self._ring(tx, inquiry, its))
                free -= 1
            else:
                inquiry.try_at = tx.now + BUSY
                tx.inquiries.save(inquiry)
        return found

    def _ring(self, tx: Tx, inquiry: Inquiry, call: Call) -> Order:
        inquiry.state, inquiry.try_at, inquiry.leg_sid = InquiryState.CALLING, tx.now + LEASE, None
        tx.inquiries.save(inquiry)
        id, number, called = inquiry.id, inquiry.number, call.called
        url, status_url = (f"{self.base_url}/voice/survey-{door}?s={id}" for door in ("call", "status"))

        def ring() -> None:
            try:
                leg_sid = self.carrier.ring(number, called, url, status_url, RING_S)
            except wire.CarrierError as error:
                theirs = error.theirs
                self.act(lambda tx: _not_rung(tx, id, theirs))
                return
            self.act(lambda tx: _leg_placed(tx, id, leg_sid))

        return ring

    def _send(self, tx: Tx, inquiry: Inquiry, its: Call | Inquiry, tree: t.Tree) -> list[Order]:
        """Sent once: a text that may have gone out is not sent again. The word in the link is kept as a digest only."""
        word = tx.new_id()
        inquiry.state, inquiry.try_at, inquiry.tries = InquiryState.SENT, None, 1
        inquiry.word_hash, inquiry.expires_at = digest(word), tx.now + LINK_AGE_MAX
        tx.inquiries.save(inquiry)
        name, link, language = tree.name[its.language], f"{self.base_url}{PAGE}{word}", its.language
        if isinstance(its, Call):
            body, called = phrase.survey_text(name, link, language), its.called
        else:
            came = tx.visits.of_contact(its.about) is not None
            body, called = phrase.survey_asks(name, link, language, came), its.sender
        id, number = inquiry.id, inquiry.number
        if "@" in number:
            tx.sent.add(_letter(tx, inquiry, phrase.survey_subject(language), body))
            return []

        def send() -> None:
            try:
                self.carrier.send_message(number, called, body)
            except wire.CarrierError:
                self.act(lambda tx: not_sent(tx, id))

        return [send]


def _not_rung(tx: Tx, id: str, theirs: bool) -> None:
    inquiry = tx.inquiries.get(id)
    if inquiry is None or inquiry.state is not InquiryState.CALLING or inquiry.leg_sid:
        return
    if theirs:
        inquiry.state, inquiry.try_at = InquiryState.OPEN, tx.now + UNWELL
        tx.inquiries.save(inquiry)
    else:
        over(tx, inquiry, CameOf.NOT_REACHED if inquiry.tries else CameOf.NOT_SENT)


def _leg_placed(tx: Tx, id: str, leg_sid: str) -> None:
    inquiry = tx.inquiries.get(id)
    if inquiry and inquiry.state is InquiryState.CALLING and inquiry.leg_sid is None:
        inquiry.leg_sid = leg_sid
        tx.inquiries.save(inquiry)


def _letter(tx: Tx, inquiry: Inquiry, subject: str, body: str) -> MailSent:
    mail, id = tx.mails.of_contact(inquiry.about), tx.new_id()
    return MailSent(
        id, mail.id if mail else None, inquiry.sender, inquiry.number, subject, body,
        f"<{id}@{inquiry.sender.partition('@')[2]}>", "", True, "", tx.now, tx.now, inquiry=inquiry.id,
    )  # fmt: skip


def not_sent(tx: Tx, id: str) -> None:
    """What was to bring the link did not arrive."""
    inquiry = tx.inquiries.get(id)
    if inquiry and inquiry.state is InquiryState.SENT:
        over(tx, inquiry, CameOf.NOT_SENT)


def _allowed(tree: t.Tree, later: t.Later, at: datetime) -> datetime | None:
    """The first moment from `at` on at which callers may be rung or sent something; None if there is none."""
    hours = tree.hours[later.hours] if later.hours else None
    if hours is None or hours.is_open(at):
        return at
    opens = hours.next_open(at)
    return opens.astimezone(UTC) if opens else None


def _survey_after(tree: t.Tree, name: str) -> t.SurveyNode | None:
    """The survey that a conversation begun at this queue's step leads to."""
    node = tree.nodes.get(name)
    to_see, seen = deque([node.then] if isinstance(node, t.QueueNode) and node.then else []), set()
    while to_see:
        node = tree.nodes[here := to_see.popleft()]
        if isinstance(node, t.SurveyNode):
            return node
        if here not in seen and isinstance(node, PASSING):
            to_see.extend(ways_out(tree, node))
        seen.add(here)
    return None
