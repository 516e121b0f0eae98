"""Conventions: the keys that mean the same everywhere, and what follows when nothing fitting is pressed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from ivr import instruction as i
from ivr.menu import tree as t
from ivr.menu.ways import ways_out
from ivr.session.condition import holds
from ivr.session.turn import Answer, Go, Turn
from ivr.session.wording import worded

PEOPLE = t.QueueNode | t.Callback | t.Transfer
FAILURES_MAX: tuple[tuple[int, type | object], ...] = ((12, t.End), (9, t.Record | t.End), (6, PEOPLE | t.Record))
"""After so many failures in a row, wherever, the call goes to the nearest node of this kind: nobody goes in circles."""

PATH_MAX = 200
"""Keys of one call that are noted; who presses more is playing."""


def convention(turn: Turn, keys: str, repeat: Callable[[], Answer]) -> Answer | None:
    """What the keys that mean the same everywhere do; None when this is none of them. `repeat`: all of it once more."""
    call, meant = turn.call, turn.tree.conventions
    if keys not in (meant.operator, meant.back, meant.repeat, meant.end):
        return None
    call.failures = 0
    if keys == meant.operator:
        pressed(turn, keys)
        return Go(t.OPERATOR, person=True)
    if keys == meant.repeat:
        return repeat()
    if keys == meant.end:
        pressed(turn, keys)
        return [i.Hangup()]
    # From where one came there is no way "back" to here, so the call is put there first.
    call.node = call.way_back.pop() if call.way_back else call.node
    return Go(call.node)


def somebody_is_there(turn: Turn) -> bool:
    """Whether the operator's key leads to a queue now, and not to a message because the office is closed."""
    name, passed = t.OPERATOR, 0
    while (node := turn.tree.nodes.get(name)) is not None and passed < len(turn.tree.nodes):
        passed += 1
        match node:
            case t.When():
                name = next((rule.goto for rule in node.rules if holds(rule.condition, turn)), node.otherwise)
            case t.Say() | t.Goto() | t.SetVariables() | t.Sms():
                name = node.goto
            case _:
                return isinstance(node, PEOPLE)
    return False


def pressed(turn: Turn, key: str) -> None:
    """Note a key that meant something."""
    turn.call.failures = 0
    if len(turn.call.path) < PATH_MAX:
        turn.call.path.append((turn.call.node, key))


def nothing_came(turn: Turn, node: t.Menu | t.Ask, usual: str) -> Go | list[i.Say | i.PlayRecording]:
    """Nothing was pressed: where the call goes if that was too often, else what is said before asking again."""
    turn.call.silences += 1
    return _failed(turn, node.silence, turn.call.silences, usual)


def nothing_fits(turn: Turn, node: t.Menu | t.Ask, usual: str) -> Go | list[i.Say | i.PlayRecording]:
    """The same for what was pressed, typed or said and means nothing here."""
    turn.call.wrong_keys += 1
    return _failed(turn, node.wrong_key, turn.call.wrong_keys, usual)


def failed(turn: Turn, onward: Go) -> Go:
    """Count a failure that leads on; after too many in a row the way is cut short."""
    turn.call.failures += 1
    for most, kinds in FAILURES_MAX:
        if turn.call.failures >= most and (nearest := _nearest(turn, onward.to, kinds)):
            return Go(nearest, onward.said, onward.person)
    return onward


def _failed(turn: Turn, retry: t.Retry, count: int, usual: str) -> Go | list[i.Say | i.PlayRecording]:
    given_up = count >= retry.tries
    onward = failed(turn, Go(retry.then if given_up else turn.call.node, person=True))
    if given_up or onward.to != turn.call.node:
        return onward
    return [worded(turn, retry.say[min(count, len(retry.say)) - 1]) if retry.say else turn.tell(usual)]


def _nearest(turn: Turn, start: str, kinds: type | object) -> str | None:
    """The first node of these kinds on the way from `start`, or from the operator; None if no way leads to one."""
    to_see, seen = deque([start, t.OPERATOR]), set()
    while to_see:
        name = to_see.popleft()
        node = turn.tree.nodes.get(name)
        if node is None or name in seen:
            continue
        if isinstance(node, kinds):
            return name
        seen.add(name)
        to_see.extend(ways_out(turn.tree, node))
    return None
