"""Waiting: what is heard in a queue - place, wait, other words in turn, music - and how a caller comes out of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from ivr import heard as h
from ivr import instruction as i
from ivr import phrase
from ivr.call import LIFECYCLE, Call, CallState, Outcome
from ivr.menu import tree as t
from ivr.session import notice
from ivr.session.conventions import failed, pressed
from ivr.session.menu import sentence_of
from ivr.session.turn import Answer, Go, Instructions, Turn, gather
from ivr.session.wording import worded
from routing.announcing import Announcing, Outlook, Place, Told
from routing.announcing import announce as announcing

MINUTE_S = 60
TOLD_PARTS = 3

EXIT_WAIT_S = 1
"""Seconds after each piece of music in which a key may still be pressed; the carrier takes no less."""


def arrive(turn: Turn, node: t.QueueNode, said: Sequence[i.Instruction]) -> Instructions:
    """Into the carrier's queue."""
    turn.call.case_kind = node.kind
    words = [worded(turn, node.words)] if node.words else []
    return notice.before(turn, turn.tree.queues[node.queue], [*said, *words])


def wait(call: Call, tree: t.Tree, outlook: Outlook, now: datetime) -> Instructions:
    """What a waiting caller hears next: where they stand, when it is time to say so, and music.

    `outlook` is the place, the expected wait (None when it has no basis) and how many are at work.
    """
    node = tree.nodes[call.node]
    if not isinstance(node, t.QueueNode):
        return [i.Play("music")]
    turn, settings = Turn(call, tree, now), tree.queues[node.queue]
    due = not call.announced_at or (now - call.announced_at).total_seconds() >= settings.announce.every_s
    said = _announcement(turn, settings, outlook) if due else []
    if due:
        call.announced_at, call.announcements = now, call.announcements + 1
    prompts = [*said, i.Play(settings.music)]
    return gather(prompts, 1, EXIT_WAIT_S, door="exit") if settings.exits else prompts


def exit_of(call: Call, tree: t.Tree, keys: str) -> t.Option | None:
    """The way out of the queue that a key means, if it means one."""
    node = tree.nodes[call.node]
    exits = tree.queues[node.queue].exits if isinstance(node, t.QueueNode) else ()
    return next((option for option in exits if option.key == keys), None)


def leave(turn: Turn, heard: h.LeftQueue | h.Overflowed | h.LeftByKey) -> Answer:
    """Out of the queue without a conversation: by a key of its own, or to where its owner sends those who overflow."""
    call, node = turn.call, turn.tree.nodes[turn.call.node]
    if call.state is CallState.WAITING:
        LIFECYCLE.fire(call, "return")
    if not isinstance(node, t.QueueNode):
        return Go(call.node)
    if isinstance(heard, h.LeftByKey) and (option := exit_of(call, turn.tree, heard.key)):
        pressed(turn, heard.key)
        return Go(option.goto)
    call.outcome = Outcome.OVERFLOWED
    why = "" if isinstance(heard, h.LeftByKey) else heard.why
    return failed(turn, Go(turn.tree.queues[node.queue].overflow_for(why)))


def after_the_talk(turn: Turn) -> Answer:
    """The representative is gone and the caller is still there."""
    LIFECYCLE.fire(turn.call, "return")
    turn.call.failures = 0
    node = turn.tree.nodes[turn.call.node]
    return Go(node.then) if isinstance(node, t.QueueNode) and node.then else [i.Hangup()]


def back_to_the_queue(turn: Turn) -> Instructions:
    """The representative was gone as soon as the caller came: they wait on, at their place."""
    call, node = turn.call, turn.tree.nodes[turn.call.node]
    LIFECYCLE.fire(call, "return")
    call.outcome = None
    assert isinstance(node, t.QueueNode), f"call {call.sid} talked at {call.node!r}, which is no queue"
    return [turn.tell(phrase.please_hold(call.language)), i.Enqueue(node.queue)]


def _announcement(turn: Turn, settings: t.QueueSettings, outlook: Outlook) -> list[i.Prompt]:
    announce, language = settings.announce, turn.call.language
    position, expected_s = outlook.position, outlook.wait_s
    expected_min = None if expected_s is None else math.ceil(expected_s / MINUTE_S)
    said = _news(turn, announce, outlook)
    if announce.texts:
        counts = {"position": position} | ({} if expected_min is None else {"minutes": expected_min})
        words = announce.texts[turn.call.announcements % len(announce.texts)]
        if expected_min is not None or not _needs(words, language, "minutes"):
            said.append(worded(turn, words, **counts))
    return said + [sentence_of(turn, option) for option in settings.exits]


def _news(turn: Turn, announce: t.Announce, outlook: Outlook) -> list[i.Prompt]:
    """Where the caller stands, as far as it is to be told; what has not changed is not told again."""
    call, language, before = turn.call, turn.call.language, _told(turn.call)
    said, told = announcing(_rule(announce), before.told, before.outlook, outlook, turn.now)
    facts = [phrase.position(said.position, language)] if said.position else []
    facts += [phrase.more_than(said.more_than, language)] if said.more_than else []
    facts += [phrase.wait_minutes(said.wait_s // MINUTE_S, language)] if said.wait_s else []
    last, call.announced = call.announced, _kept(told, outlook)
    if facts and call.announced.split()[:2] == last.split()[:2]:
        facts = [] if announce.texts else [phrase.nobody_yet(language)]
    elif announce.explain and said.rose:
        facts.append(phrase.why_longer(said.rose, language))
    return [turn.tell(fact) for fact in facts]


def _rule(announce: t.Announce) -> Announcing:
    beyond = Place.MORE if announce.more_than_limit else Place.LIMIT
    place = Place.NO if not announce.position else beyond if announce.place_limit else Place.YES
    return Announcing(
        announce.every_s, place, announce.place_limit or 1, announce.expected_wait, announce.round_s,
        announce.only_better, announce.first_is_told,
    )  # fmt: skip


class _Before(NamedTuple):
    told: Told
    outlook: Outlook | None


def _told(call: Call) -> _Before:
    """What was told last, as it is kept with the call: `place wait_s agents`, a dash for what was not told."""
    parts = call.announced.split()
    if len(parts) != TOLD_PARTS:
        return _Before(Told(), None)
    position, wait_s, agents = (int(part) if part.isdecimal() else None for part in parts)
    return _Before(Told(None, position, wait_s), Outlook(position or 1, wait_s, agents or 0))


def _kept(told: Told, outlook: Outlook) -> str:
    return " ".join("-" if it is None else str(it) for it in (told.position, told.wait_s, outlook.agents))


def _needs(words: t.Words, language: str, name: str) -> bool:
    """Whether words say a number that nobody knows."""
    return any(f"{{{name}}}" in text for text in words.every_text(language)) or (
        language in words.plurals and words.plurals[language].placeholder == name
    )
