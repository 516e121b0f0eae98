"""Callback: a promise to call back, at the number the caller calls from or at another one in the same country."""

from __future__ import annotations

from collections.abc import Sequence

from ivr import dialable, phrase
from ivr import heard as h
from ivr import instruction as i
from ivr.call import Outcome
from ivr.menu import tree as t
from ivr.session.conventions import convention, failed
from ivr.session.turn import Answer, Go, Instructions, Turn, gather
from ivr.session.wording import worded

TIMEOUT_S, INTER_DIGIT_S = 7, 4
TRIES_MAX = 2
DIGITS_MAX = 20
NONE_WANTED = "3"

OFFERED, ASKED, TYPED = 0, 1, 2
"""Where in it a call is: its `question`. The number typed is its `entry`."""


def arrive(turn: Turn, node: t.Callback, said: Sequence[i.Instruction]) -> Instructions:
    """Offer to call the number that the caller has, or ask for one."""
    turn.call.case_kind = node.kind
    words = [worded(turn, node.words)] if node.words else []
    turn.call.question = OFFERED if _own(turn) else ASKED
    return asked(turn, [*said, *words])


def hear(turn: Turn, node: t.Callback, heard: h.Heard) -> Answer:
    """A choice, a number, or a yes or no to it."""
    call = turn.call
    keys = heard.keys if isinstance(heard, h.Pressed) else ""
    if keys and keys == turn.tree.conventions.back and call.question == TYPED:
        return _stage(turn, ASKED, "")
    if keys and (moved := convention(turn, keys, lambda: asked(turn, []))) is not None:
        return moved
    match call.question, keys:
        case (0, "1") if own := _own(turn):
            return _promise(turn, node, own)
        case (0, "3"):
            return Go(node.otherwise)
        case (0, "2") | (2, "2"):
            return _stage(turn, ASKED, "")
        case (1, digits) if digits:
            return _typed(turn, node, digits)
        case (2, "1"):
            return _promise(turn, node, call.entry)
    return _once_more(turn, node, phrase.silence(call.language, call.silences + 1))


def asked(turn: Turn, said: Sequence[i.Instruction]) -> Instructions:
    """Ask what the call has come to."""
    language = turn.call.language
    match turn.call.question:
        case 1:
            prompts = [*said, turn.tell(phrase.callback_ask(language)), i.Pause(TIMEOUT_S - INTER_DIGIT_S)]
            return gather(prompts, DIGITS_MAX, INTER_DIGIT_S, "#")
        case 2:
            sentence = phrase.callback_confirm(dialable.written(turn.call.entry), language)
        case _:
            sentence = phrase.callback_offer(dialable.written(_own(turn) or turn.call.called), language)
    return gather([*said, turn.tell(sentence)], 1, TIMEOUT_S)


def _typed(turn: Turn, node: t.Callback, digits: str) -> Answer:
    number = dialable.typed_number(digits, _own(turn) or turn.call.called) if digits.isdecimal() else None
    if number is None:
        return _once_more(turn, node, phrase.callback_cannot(turn.call.language))
    return _stage(turn, TYPED, number)


def _stage(turn: Turn, question: int, entry: str) -> Instructions:
    turn.call.question, turn.call.entry, turn.call.silences, turn.call.failures = question, entry, 0, 0
    return asked(turn, [])


def _once_more(turn: Turn, node: t.Callback, hint: str) -> Answer:
    turn.call.silences += 1
    if turn.call.silences >= TRIES_MAX:
        return failed(turn, Go(node.otherwise))
    return asked(turn, [turn.tell(hint)])


def _promise(turn: Turn, node: t.Callback, number: str) -> Go:
    turn.call.outcome, turn.call.failures = Outcome.CALLED_BACK, 0
    promised = turn.tell(phrase.callback_promised(turn.call.language))
    return Go(node.then, (i.CallBack(number, node.name), promised))


def _own(turn: Turn) -> str | None:
    return dialable.own_number(turn.call.caller)
