"""Session: one step of a call - what was heard, at which node, and therefore what the carrier is to do next. Pure.

What was heard goes to the node where the call stands; the call goes on from node to node until one asks something.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ivr import heard as h
from ivr import instruction as i
from ivr import phrase
from ivr.call import LIFECYCLE, Call, CallState, Outcome
from ivr.menu import tree as t
from ivr.session import ask, callback, lookup, menu, notice, record, survey, transfer, waiting
from ivr.session.passing import passed
from ivr.session.turn import NO, YES, Answer, Go, Instructions, Turn
from ivr.session.waiting import exit_of, wait
from ivr.session.wording import worded

__all__ = ["NO", "YES", "ask_again", "exit_of", "step", "told_on_the_way", "told_when_called_back", "wait"]

NODES_MAX = 50
"""Nodes a call may pass in one step without asking the caller anything: a loop in the tree ends here."""

WAY_BACK_MAX = 50
SAID_CHARACTERS_MAX = 6000
"""When more than this is to be said before the next question, it is a document of its own: answers stay small."""

MOVED_BY_US = frozenset({"redirected", "redirected-from-bridged", "bridged", "bridging-in-process"})
"""Why a call left the carrier's queue although nobody ended its wait: its new document is already under way."""


def step(call: Call, heard: h.Heard, tree: t.Tree, now: datetime, way: list[str] | None = None) -> Instructions:
    """Move `call` by what was heard and say what the carrier does next; an empty list: nothing more is to be said.

    `way`, if given, is told every node that the call comes by, in order; at the last one it is asked, or ends.

    Raises IllegalTransition when the call cannot be where this could be heard, and changes nothing then.
    """
    turn = Turn(call, tree, now, way=[] if way is None else way)
    match heard:
        case h.HungUp() | h.LeftQueue(why="hangup"):
            return _end(call, now)
        case h.LeftQueue(why=why) if why in MOVED_BY_US:
            return []
        case h.Rang():
            LIFECYCLE.fire(call, "answer")
            return _follow(turn, _first(turn) if heard.emergency else Go(tree.start))
        case h.LeftQueue() | h.Overflowed() | h.LeftByKey():
            return _follow(turn, waiting.leave(turn, heard))
        case h.TalkEnded():
            return _follow(turn, waiting.after_the_talk(turn))
        case h.RepresentativeGone():
            return waiting.back_to_the_queue(turn)
        case h.WentOn():
            return _follow(turn, Go(call.node))
    return _follow(turn, _hear(turn, tree.nodes[call.node], heard))


def ask_again(call: Call, tree: t.Tree, now: datetime) -> Instructions:
    """Say once more what the call is waiting for; moves nothing. For a request that fits no step of this call."""
    if call.state is CallState.ENDED:
        return [i.Hangup()]
    turn, node = Turn(call, tree, now), tree.nodes.get(call.node)
    match node:
        case t.Ask() if call.entry:
            return ask.confirmation(turn, node)
        case t.SurveyNode():
            return survey.question(turn, node, [])
        case t.Callback():
            return callback.asked(turn, [])
        case t.Lookup():
            return [i.GoOn(lookup.DOOR, lookup.POLL_S)]
        case None:
            return _follow(turn, Go(tree.start))
    return _follow(turn, _here(turn, node, []))


def told_on_the_way(call: Call, tree: t.Tree, queue: str, now: datetime) -> Instructions:
    """What a caller hears who is handed on into a queue that records: the notice, unless they were told. Where it is
    for them to refuse, they are not asked here, and not recorded."""
    settings = tree.queues.get(queue)
    if settings is None or notice.asks(settings) or not notice.is_due(settings, call.consent):
        return []
    call.consent = notice.TOLD
    return [notice.told(Turn(call, tree, now), settings)]


def told_when_called_back(call: Call, tree: t.Tree, queue: str, now: datetime) -> str:
    """The notice for somebody whom we call back, where that is recorded. Who may refuse has no key for it there, and
    is not recorded."""
    settings = tree.queues.get(queue)
    if settings is None or settings.recording != notice.ALWAYS or call.consent == notice.REFUSED:
        return ""
    told = notice.told(Turn(call, tree, now), settings)
    return told.text if isinstance(told, i.Say) else told.say.text


def _hear(turn: Turn, node: t.Node, heard: h.Heard) -> Answer:
    """What follows at the node where the call stands."""
    match node:
        case t.Menu():
            return menu.hear(turn, node, heard)
        case t.Ask():
            return ask.hear(turn, node, heard)
        case t.Record():
            return record.hear(turn, node, heard)
        case t.SurveyNode():
            return survey.hear(turn, node, heard)
        case t.Callback():
            return callback.hear(turn, node, heard)
        case t.Transfer():
            return transfer.hear(turn, node, heard)
        case t.Lookup():
            return lookup.hear(turn, node, heard)
        case t.QueueNode():
            return notice.hear(turn, turn.tree.queues[node.queue], heard)
    return Go(turn.call.node)


def _here(turn: Turn, node: t.Node, said: Sequence[i.Instruction]) -> Answer:
    """What is said and asked on arriving at a node that asks something, or ends the call."""
    match node:
        case t.Menu():
            return menu.arrive(turn, node, said)
        case t.Ask():
            return ask.arrive(turn, node, said)
        case t.Record():
            return record.arrive(turn, node, said)
        case t.SurveyNode():
            return survey.arrive(turn, node, said)
        case t.Callback():
            return callback.arrive(turn, node, said)
        case t.Transfer():
            return transfer.arrive(turn, node, said)
        case t.Lookup():
            return lookup.arrive(turn, node, said)
        case t.QueueNode():
            return waiting.arrive(turn, node, said)
        case t.End():
            words = [worded(turn, node.words)] if node.words else []
            return [*said, *words, i.Hangup()]
    raise AssertionError(f"node {node.name!r} neither asks nor leads on")


def _follow(turn: Turn, answer: Answer) -> Instructions:
    """Go where a node sends the call, and on, up to one that asks."""
    said: list[i.Instruction] = []
    wants_a_person = False
    for _ in range(NODES_MAX):
        if not isinstance(answer, Go):
            return answer
        said += answer.said
        wants_a_person |= answer.person
        name = answer.to
        turn.way.append(name)
        node = turn.tree.nodes[name]
        onward = passed(turn, node)
        if onward is not None:
            answer = onward
            continue
        _stand(turn.call, turn.tree, name)
        if sum(len(it.text) for it in said if isinstance(it, i.Say)) > SAID_CHARACTERS_MAX:
            return [*said, i.GoOn("on")]
        # "Please hold" is only said where there is somebody to hold for.
        if wants_a_person and isinstance(node, t.QueueNode) and node.words is None:
            said.insert(0, turn.tell(phrase.please_hold(turn.call.language)))
        answer = _here(turn, node, said)
        if isinstance(answer, Go):
            said = []  # it hands on what was said
    raise AssertionError(f"call {turn.call.sid} passes {NODES_MAX} nodes from {turn.call.node!r} without being asked")


def _stand(call: Call, tree: t.Tree, name: str) -> None:
    """Put the call at a node, and remember the way back to the one where it was asked something last."""
    if call.node and call.node != name and isinstance(tree.nodes[call.node], t.Menu | t.Ask):
        call.way_back = [*call.way_back, call.node][-WAY_BACK_MAX:]
    call.node, call.entry, call.silences, call.wrong_keys = name, "", 0, 0


def _first(turn: Turn) -> Go:
    """What every new call meets while the emergency switch is on; if nothing is written, an apology and the tone."""
    tree = turn.tree
    if tree.emergency:
        return Go(tree.emergency.goto, (worded(turn, tree.emergency.words),))
    message = next((name for name, node in tree.nodes.items() if isinstance(node, t.Record)), None)
    goto = message or (t.OPERATOR if t.OPERATOR in tree.nodes else tree.start)
    return Go(goto, (turn.tell(phrase.emergency(turn.call.language)),))


def _end(call: Call, now: datetime) -> Instructions:
    if call.state is not CallState.ENDED:
        if call.outcome is None:
            waiting_still = call.state is CallState.WAITING
            call.outcome = Outcome.ABANDONED if waiting_still else Outcome.ENDED_IN_MENU
        LIFECYCLE.fire(call, "end")
        call.ended_at = now
    return []
