"""Notice: what callers are told before a conversation is recorded, where they may refuse, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence

from ivr import heard as h
from ivr import instruction as i
from ivr import phrase
from ivr.menu import tree as t
from ivr.session.turn import YES, Instructions, Turn, gather
from ivr.session.wording import worded

NEVER, ALWAYS, ASK = "never", "always", "ask"
"""What a queue may say of recording."""

TOLD, AGREED, REFUSED = "told", "agreed", "refused"
"""What a call knows of it: the caller was told; was told how to refuse, and did not; did."""

TIMEOUT_S = 5


def may_record(settings: t.QueueSettings, consent: str) -> bool:
    """Whether a conversation of this queue is recorded. Who has refused once in a call is not recorded in it."""
    enough = {ALWAYS: (TOLD, AGREED), ASK: (AGREED,)}
    return consent in enough.get(settings.recording, ())


def asks(settings: t.QueueSettings) -> bool:
    """Whether callers of this queue may refuse."""
    return settings.recording == ASK


def is_due(settings: t.QueueSettings, consent: str) -> bool:
    """Whether the notice is still to be heard; nobody hears it twice in one call."""
    return consent not in (AGREED, REFUSED) if asks(settings) else settings.recording == ALWAYS and not consent


def before(turn: Turn, settings: t.QueueSettings, said: Sequence[i.Instruction]) -> Instructions:
    """Say this, and the notice where it is due, and lead into the carrier's queue or ask first."""
    if not is_due(settings, turn.call.consent):
        return [*said, i.Enqueue(settings.queue.name)]
    heard = [*said, told(turn, settings)]
    if asks(settings):
        return gather([*heard, turn.tell(phrase.refuse_recording(turn.call.language))], 1, TIMEOUT_S)
    turn.call.consent = TOLD
    return [*heard, i.Enqueue(settings.queue.name)]


def told(turn: Turn, settings: t.QueueSettings) -> i.Say | i.PlayRecording:
    """The notice; no key cuts it short."""
    return worded(turn, settings.recording_notice, barge_in=False)


def hear(turn: Turn, settings: t.QueueSettings, heard: h.Heard) -> Instructions:
    """Silence, or a yes, is no refusal; any other key is one, lest somebody who meant to refuse is recorded."""
    enqueue = i.Enqueue(settings.queue.name)
    if not asks(settings) or not is_due(settings, turn.call.consent):
        return [enqueue]
    keys = heard.keys if isinstance(heard, h.Pressed) else ""
    if keys and keys == turn.tree.conventions.repeat:
        return before(turn, settings, [])
    if isinstance(heard, h.Silence) or keys == YES:
        turn.call.consent = AGREED
        return [enqueue]
    turn.call.consent = REFUSED
    return [turn.tell(phrase.not_recorded(turn.call.language)), enqueue]
