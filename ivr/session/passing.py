"""Passing: the nodes that ask nothing - say, when, goto, set, split, sms - and where each sends the call on."""

from __future__ import annotations

import copy
import hashlib
from dataclasses import replace

from ivr import dialable
from ivr import instruction as i
from ivr.menu import tree as t
from ivr.session.condition import holds
from ivr.session.turn import Go, Turn
from ivr.session.wording import substituted, worded, written

NOTED_MAX = 200
"""Characters of one value that are noted."""

WAY_MAX = 50
"""Nodes that are looked at on the way to a person; a loop in the tree ends here."""

TEXTS_MAX = 3
"""Text messages to one caller in one call; a tree with a loop in it must not become a nuisance."""

TEXT_LENGTH_MAX = 1600
"""The carrier takes no more (21617)."""


def passed(turn: Turn, node: t.Node) -> Go | None:
    """Where the call goes on from a node that asks nothing; None: here it has to stay."""
    match node:
        case t.Say():
            return Go(node.goto, (worded(turn, node.words, node.barge_in),))
        case t.Goto():
            return Go(node.goto)
        case t.When():
            return Go(next((rule.goto for rule in node.rules if holds(rule.condition, turn)), node.otherwise))
        case t.SetVariables():
            for name, value in node.values.items():
                turn.note(name, substituted(value, turn.value)[:NOTED_MAX])
            return Go(node.goto)
        case t.Split():
            return Go(_share(turn, node))
        case t.Sms():
            return Go(node.goto, _text(turn, node))
    return None


def somebody_is_there(turn: Turn) -> bool:
    """Whether the operator's key leads to a person now, and not to a message because the office is closed."""
    ahead = replace(turn, call=copy.deepcopy(turn.call))  # only looked at: nothing is noted of a way not taken
    node = turn.tree.nodes.get(t.OPERATOR)
    for _ in range(WAY_MAX):
        onward = passed(ahead, node) if node else None
        if onward is None:
            break
        node = turn.tree.nodes[onward.to]
    return isinstance(node, t.QueueNode | t.Transfer)


def _share(turn: Turn, node: t.Split) -> str:
    """The same call always goes the same way; another split divides independently of this one."""
    digest = hashlib.sha256(f"{turn.call.sid}/{node.name}".encode()).digest()
    point = int.from_bytes(digest[:8]) % 100
    reached = 0
    for name, percent in node.ways.items():
        reached += percent
        if point < reached:
            return name
    return next(reversed(node.ways))


def _text(turn: Turn, node: t.Sms) -> tuple[i.Text, ...]:
    """The message, to the caller's own number and no other."""
    to = dialable.own_number(turn.call.caller)
    if to is None or turn.call.texted >= TEXTS_MAX:
        return ()
    turn.call.texted += 1
    return (i.Text(to, written(turn, node.words)[:TEXT_LENGTH_MAX]),)
