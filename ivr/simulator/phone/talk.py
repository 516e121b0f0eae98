"""Talk: who hears whom, of two lines that are bridged or in one conference."""

from __future__ import annotations

from ivr.simulator.conference import Participant
from ivr.simulator.line import Line


def together(a: Line, b: Line) -> bool:
    """Whether they are in one conversation, though one may be muted or on hold."""
    return a.partner is b or b.partner is a or (a.conference is not None and a.conference is b.conference)


def hears(listener: Line, speaker: Line) -> bool:
    """Whether `listener` hears what `speaker` says now."""
    if listener.over or speaker.over:
        return False
    if listener.partner is speaker and speaker.partner is listener:
        return True
    room = listener.conference
    if room is None or room is not speaker.conference or room.status != "in-progress":
        return False
    mine, theirs = _participant(listener), _participant(speaker)
    if mine is None or theirs is None or mine.hold or theirs.hold or theirs.muted:
        return False
    return theirs.coached in ("", listener.sid)  # a coach is heard by one alone


def _participant(line: Line) -> Participant | None:
    return line.place if isinstance(line.place, Participant) else None
