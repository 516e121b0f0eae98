"""Talk: who hears whom, of two lines that are bridged or in one conference, and what tapes of theirs hear of it."""

from __future__ import annotations

from datetime import timedelta

from ivr.simulator.conference import Participant
from ivr.simulator.line import Line
from ivr.simulator.sounding import CALLER, OTHERS, Sounding


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


def sound(speaker: Line, tone_hz: float, length_s: float) -> None:
    """Let a line sound a tone from now on: it is on every tape of its own, and of those who hear it, that runs."""
    network = speaker.network
    with network.lock:
        begun = network.now()
        for tape in network.tapes.values():
            if tape.runs and (tape.line is speaker or hears(tape.line, speaker)):
                channel = CALLER if tape.line is speaker else OTHERS
                tape.soundings.append(Sounding(channel, tone_hz, begun, begun + timedelta(seconds=length_s)))
        speaker.note("sounds", f"a tone of {tone_hz:g} Hz for {length_s:g} s", tone_hz=tone_hz, length_s=length_s)


def _participant(line: Line) -> Participant | None:
    return line.place if isinstance(line.place, Participant) else None
