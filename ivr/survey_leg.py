"""Survey leg: a call of our own in which somebody is asked the survey of their call, once they have agreed to it."""

from __future__ import annotations

from datetime import timedelta

from ivr import heard as h
from ivr import instruction as i
from ivr import phrase, survey_later, wire
from ivr.call import Call
from ivr.inquiry import CameOf, Inquiry, InquiryState
from ivr.menu.tree import SurveyNode, Tree
from ivr.session import survey
from ivr.session.turn import NO, YES, Go, Instructions, Turn, gather
from ivr.store import Tx
from ivr.switchboard import Switchboard
from ivr.webhook import Webhook

CALLING, ASKING, OPEN = InquiryState.CALLING, InquiryState.ASKING, InquiryState.OPEN

FETCHED_AFTER = timedelta(minutes=1)
"""A message that the carrier has not called ready by then is asked for without being told."""


def answers(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/survey-call`: somebody answers, and hears who calls, why, and how long it takes."""

    def happen(tx: Tx) -> tuple[bytes, tuple[()]]:
        inquiry = tx.inquiries.get(webhook.step)
        if inquiry and (stored := tx.answer(inquiry.call, "survey-call", inquiry.tries)) is not None:
            return stored, ()
        if inquiry is None or inquiry.state not in (OPEN, CALLING) or inquiry.leg_sid not in (None, webhook.sid):
            return wire.render_hang_up(), ()
        call = tx.call(inquiry.call)
        tree = switchboard.hotlines.tree(call.version)
        inquiry.state, inquiry.leg_sid, inquiry.try_at = CALLING, webhook.sid, tx.now + survey_later.LEASE
        tx.inquiries.save(inquiry)
        call.question = call.silences = 0
        hello = _hello(Turn(call, tree, tx.now))
        return _answer(switchboard, tx, inquiry, call, tree, hello, ("survey-call", inquiry.tries))

    return switchboard.happen(happen)


def hears(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/survey-step`: whether they agree, and then answers, silence or a message."""
    id, _, step = webhook.step.rpartition("-")

    def happen(tx: Tx) -> tuple[bytes, tuple[()]]:
        inquiry = tx.inquiries.get(id)
        if inquiry is None or not step.isdecimal() or inquiry.leg_sid != webhook.sid:
            return wire.render_hang_up(), ()
        call = tx.call(inquiry.call)
        tree = switchboard.hotlines.tree(call.version)
        stored = tx.answer(call.sid, "survey-step", int(step))
        if stored is not None:
            return stored, ()
        if int(step) != call.step or inquiry.state not in (CALLING, ASKING):
            return wire.render_hang_up(), ()
        before = dict(call.answers)
        said = _heard(tx, inquiry, call, tree, webhook.heard())
        survey_later.tell_answers(tx, call, before)
        if isinstance(said[-1], i.Hangup):
            survey_later.over(tx, inquiry, CameOf.ANSWERED if call.answers else CameOf.DECLINED)
        return _answer(switchboard, tx, inquiry, call, tree, said, ("survey-step", int(step)))

    return switchboard.happen(happen)


def ends(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/survey-status`: the call is over - or was never answered."""

    def happen(tx: Tx) -> None:
        inquiry = tx.inquiries.get(webhook.step)
        if inquiry is None or inquiry.state not in (CALLING, ASKING) or inquiry.leg_sid not in (None, webhook.sid):
            return
        call = tx.call(inquiry.call)
        if inquiry.state is CALLING and webhook.status != "completed":
            survey_later.not_answered(tx, inquiry, switchboard.hotlines.tree(call.version))
        else:
            survey_later.over(tx, inquiry, CameOf.ANSWERED if call.answers else CameOf.DECLINED)

    if webhook.ended:
        switchboard.act(happen)
    return wire.NOTHING_TO_SAY


def _hello(turn: Turn) -> Instructions:
    hello = phrase.survey_hello(turn.tree.name[turn.call.language], turn.call.language)
    return gather([turn.tell(hello)], 1, survey.TIMEOUT_S)


def _heard(tx: Tx, inquiry: Inquiry, call: Call, tree: Tree, heard: h.Heard) -> Instructions:
    """What follows; the last instruction is to hang up when it is over."""
    turn, node = Turn(call, tree, tx.now), tree.nodes[inquiry.node]
    assert isinstance(node, SurveyNode), f"inquiry {inquiry.id} is about {inquiry.node!r}, which asks nothing"
    if inquiry.state is CALLING:
        return _consent(tx, inquiry, turn, node, heard)
    if isinstance(heard, h.Recorded) and heard.length_s > 0:
        survey_later.keep_message(tx, call, heard.recording, heard.length_s, tx.now + FETCHED_AFTER)
    answer = survey.hear(turn, node, heard)
    return [*answer.said, i.Hangup()] if isinstance(answer, Go) else answer


def _consent(tx: Tx, inquiry: Inquiry, turn: Turn, node: SurveyNode, heard: h.Heard) -> Instructions:
    """Nobody is asked who has not pressed that they agree: so no mailbox is, either."""
    keys = heard.keys if isinstance(heard, h.Pressed) else ""
    if keys == YES:
        inquiry.state, turn.call.silences = ASKING, 0
        tx.inquiries.save(inquiry)
        return survey.question(turn, node, [])
    turn.call.silences += 1
    if keys == NO or turn.call.silences >= survey.TRIES_MAX:
        return [turn.tell(phrase.survey_declined(turn.call.language)), i.Hangup()]
    return _hello(turn)


def _answer(
    switchboard: Switchboard,
    tx: Tx,
    inquiry: Inquiry,
    call: Call,
    tree: Tree,
    said: Instructions,
    step: tuple[str, int],
) -> tuple[bytes, tuple[()]]:
    """The answer as bytes, kept: whoever tells this step again gets the same. The call keeps its state."""
    call.step += 1
    prompts = switchboard.hotlines.prompts_of(call.version)
    to = wire.Addresses(switchboard.line.base_url, call.step, tree.version, prompts, tree.voices, inquiry.id)
    body = wire.render(said, to)
    tx.keep_answer(call.sid, *step, body)
    tx.save(call)
    return body, ()
