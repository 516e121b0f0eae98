"""The desk's HTTP API about a caller on the line: hold, mute, pause the recording, ask, hand on, promise a call.

docs/desk-api.md is its description; a test keeps the two the same.
"""

from __future__ import annotations

from ivr.accounts import Session
from ivr.conversing import Conversing, To
from ivr.web.exchange import Answer, Malformed, body, done

NAME_LENGTH_MAX = 64
MINUTES_DIGITS_MAX = 6


class DeskCallApi:
    """One view a method; `contact` is the conversation's."""

    def __init__(self, conversing: Conversing) -> None:
        self._conversing = conversing

    def hold(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/hold"""
        body({})
        return done(self._conversing.hold(session.account, contact))

    def resume(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/resume"""
        body({})
        return done(self._conversing.resume(session.account, contact))

    def mute(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/mute"""
        body({})
        return done(self._conversing.mute(session.account, contact, True))

    def unmute(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/unmute"""
        body({})
        return done(self._conversing.mute(session.account, contact, False))

    def pause_recording(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/recording/pause"""
        body({})
        return done(self._conversing.pause_recording(session.account, contact))

    def resume_recording(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/recording/resume"""
        body({})
        return done(self._conversing.resume_recording(session.account, contact))

    def transfer(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/transfer {"queue"} or {"agent"} or {"number"}"""
        return done(self._conversing.transfer(session.account, contact, _to("queue", "agent", "number")))

    def consult(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/consult {"agent"} or {"number"}"""
        return done(self._conversing.consult(session.account, contact, _to("agent", "number")))

    def end_consult(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/consult/end"""
        body({})
        return done(self._conversing.end_consult(session.account, contact))

    def complete(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/consult/complete"""
        body({})
        return done(self._conversing.complete(session.account, contact))

    def promise(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/callback {"in_min"}"""
        in_min = body({"in_min": MINUTES_DIGITS_MAX})["in_min"]
        if not in_min.isascii() or not in_min.isdigit():
            raise Malformed(422, "this is no number of minutes", "in_min", "15")
        return done(self._conversing.promise(session.account, contact, int(in_min)))


def _to(*kinds: str) -> To:
    """Whom the body names: exactly one of these kinds."""
    asked = body({}, dict.fromkeys(kinds, NAME_LENGTH_MAX))
    if len(asked) != 1:
        raise Malformed(422, "say to whom", kinds[0], f"one of: {', '.join(kinds)}")
    return To(**asked)
