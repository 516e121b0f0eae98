"""Record: a message left after the tone; an empty one is asked for once more, and then the call ends with a word."""

from __future__ import annotations

from collections.abc import Sequence

from ivr import heard as h
from ivr import instruction as i
from ivr import phrase
from ivr.call import Outcome
from ivr.menu import tree as t
from ivr.session.turn import Answer, Go, Instructions, Turn
from ivr.session.wording import worded

TRIES_MAX = 2
"""Times a message is asked for before the call ends, with a word that nothing was left."""


def arrive(turn: Turn, node: t.Record, said: Sequence[i.Instruction]) -> Instructions:
    """Say what it is for, beep and record."""
    turn.call.case_kind = node.kind
    return [*said, worded(turn, node.words), i.Record(node.max_length_s)]


def hear(turn: Turn, node: t.Record, heard: h.Heard) -> Answer:
    """The message, or nothing."""
    if isinstance(heard, h.Recorded) and heard.length_s > 0:
        turn.call.outcome, turn.call.failures = Outcome.LEFT_A_MESSAGE, 0
        return Go(node.then)
    turn.call.silences += 1
    if turn.call.silences >= TRIES_MAX:  # `then` would thank for a message that is not there
        return [turn.tell(phrase.no_message(turn.call.language)), i.Hangup()]
    return arrive(turn, node, [turn.tell(phrase.nothing_heard(turn.call.language))])
