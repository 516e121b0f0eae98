"""Transfer: another number dialled - one of those that the hotline lists, and no other."""

from __future__ import annotations

from collections.abc import Sequence

from ivr import heard as h
from ivr import instruction as i
from ivr import phrase
from ivr.call import Outcome
from ivr.menu import tree as t
from ivr.session.turn import Answer, Go, Turn
from ivr.session.wording import worded


def arrive(turn: Turn, node: t.Transfer, said: Sequence[i.Instruction]) -> Answer:
    """Say so, and dial."""
    if node.number not in turn.tree.transfer_numbers:
        return Go(node.otherwise, tuple(said))
    words = worded(turn, node.words) if node.words else turn.tell(phrase.connecting(turn.call.language))
    return [*said, words, i.Dial(node.number, node.timeout_s)]


def hear(turn: Turn, node: t.Transfer, heard: h.Heard) -> Answer:
    """The call ends with that conversation, or goes on if there was none."""
    if isinstance(heard, h.Dialled) and heard.talked:
        turn.call.outcome = Outcome.TRANSFERRED
        return [i.Hangup()]
    return Go(node.otherwise)
