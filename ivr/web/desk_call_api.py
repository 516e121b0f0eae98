"""The desk's HTTP API about a caller on the line: hold, mute, pause the recording, ask, hand on, promise a call.

docs/desk-api.md is its description; a test keeps the two the same.
"""

from __future__ import annotations

from ivr.accounts import Session
from ivr.conversing import Conversing, To
from ivr.web.api.bodies import sent
from ivr.web.exchange import Answer, Malformed, done


class DeskCallApi:
    """One view a method; `contact` is the conversation's."""

    def __init__(self, conversing: Conversing) -> None:
        self._conversing = conversing

    def hold(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/hold"""
        sent("desk_call.hold")
        return done(self._conversing.hold(session.account, contact))

    def resume(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/resume"""
        sent("desk_call.resume")
        return done(self._conversing.resume(session.account, contact))

    def mute(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/mute"""
        sent("desk_call.mute")
        return done(self._conversing.mute(session.account, contact, True))

    def unmute(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/unmute"""
        sent("desk_call.unmute")
        return done(self._conversing.mute(session.account, contact, False))

    def pause_recording(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/recording/pause"""
        sent("desk_call.pause_recording")
        return done(self._conversing.pause_recording(session.account, contact))

    def resume_recording(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/recording/resume"""
        sent("desk_call.resume_recording")
        return done(self._conversing.resume_recording(session.account, contact))

    def transfer(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/transfer {"queue"} or {"agent"} or {"number"}"""
        return done(self._conversing.transfer(session.account, contact, To(**sent("desk_call.transfer"))))

    def consult(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/consult {"agent"} or {"number"}"""
        return done(self._conversing.consult(session.account, contact, To(**sent("desk_call.consult"))))

    def end_consult(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/consult/end"""
        sent("desk_call.end_consult")
        return done(self._conversing.end_consult(session.account, contact))

    def complete(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/consult/complete"""
        sent("desk_call.complete")
        return done(self._conversing.complete(session.account, contact))

    def promise(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/callback {"in_min"}"""
        in_min = sent("desk_call.promise")["in_min"]
        if not in_min.isascii() or not in_min.isdigit():
            raise Malformed(422, "this is no number of minutes", "in_min", "15")
        return done(self._conversing.promise(session.account, contact, int(in_min)))
