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
from ivr.dialable import own_number
from ivr.hotlines import Hotlines
from ivr.inquiry import CALL_BACK, LINE, CameOf, Inquiry, InquiryState
from ivr.menu import tree as t
from ivr.menu.ways import ways_out
from ivr.session import survey
from ivr.store import NOT_SETTLED, SETTLED, Tx
from ivr.throttle import digest
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
    steps = (name for name, node in tree.nodes.items() if getattr(node, "queue", "") == contact.queue)
    found = next((node for node in (_survey_after(tree, name) for name in steps) if node), None)
    _ask_who_is_gone(tx, call, tree, found, callback.number)
    tx.save(call)


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


def tell_answers(tx: Tx, call: Call, before: Mapping[str, str]) -> None:
    """Write down what a call has been answered since; a matter that is not settled opens its case again."""
    for question in call.answers.keys() - before.keys():
        tx.happened(call.sid, "answered", question=question, key=call.answers[question])
        if (question, call.answers[question]) == (SETTLED, NOT_SETTLED):
            tx.cases.not_settled(call.sid, tx.now)


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
    tx.happened(inquiry.call, "asked later", way=inquiry.way, came_of=str(came_of))
    call = tx.call(inquiry.call)
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
            call = tx.call(inquiry.call)
            tree = self.hotlines.tree(call.version)
            if inquiry.state is not InquiryState.OPEN:
                over(tx, inquiry, CameOf.ANSWERED if call.answers else CameOf.NOT_REACHED)
            elif tx.now - inquiry.made_at >= KEPT_MAX:
                over(tx, inquiry, CameOf.NOT_REACHED if inquiry.tries else CameOf.NOT_SENT)
            elif (at := _allowed(tree, tree.surveys[tree.nodes[inquiry.node].survey].later, tx.now)) != tx.now:
                inquiry.try_at = at or inquiry.made_at + KEPT_MAX
                tx.inquiries.save(inquiry)
            elif inquiry.way != CALL_BACK:
                found.append(self._send(tx, inquiry, call, tree))
            elif free > 0:
                found.append(self._ring(tx, inquiry, call))
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

    def _send(self, tx: Tx, inquiry: Inquiry, call: Call, tree: t.Tree) -> Order:
        """Sent once: a text that may have gone out is not sent again. The word in the link is kept as a digest only."""
        word = tx.new_id()
        inquiry.state, inquiry.try_at, inquiry.tries = InquiryState.SENT, None, 1
        inquiry.word_hash, inquiry.expires_at = digest(word), tx.now + LINK_AGE_MAX
        tx.inquiries.save(inquiry)
        body = phrase.survey_text(tree.name[call.language], f"{self.base_url}{PAGE}{word}", call.language)
        id, number, called = inquiry.id, inquiry.number, call.called

        def send() -> None:
            try:
                self.carrier.send_message(number, called, body)
            except wire.CarrierError:
                self.act(lambda tx: _not_sent(tx, id))

        return send


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


def _not_sent(tx: Tx, id: str) -> None:
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
