"""The desk's HTTP API about e-mails and visitors in one's hands: write, answer, close, hand on, nobody came.

docs/desk-api.md is its description; a test keeps the two the same.
"""

from __future__ import annotations

import io
from typing import Any

from flask import send_file

from ivr.accounts import Session
from ivr.desk import GONE, theirs
from ivr.mail_desk import MailDesk
from ivr.store import Store
from ivr.web.api.bodies import sent
from ivr.web.exchange import Answer, done, refused


class DeskMailApi:
    """One view a method; `contact` is the e-mail's, or the visitor's."""

    def __init__(self, desk: MailDesk, store: Store) -> None:
        self._desk, self._store = desk, store

    def save_answer(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/answer/draft {"text"}"""
        return done(self._desk.save_draft(session.account, contact, sent("desk_mail.save_answer")["text"]))

    def answer(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/answer {"text"}"""
        return done(self._desk.answer(session.account, contact, sent("desk_mail.answer")["text"]))

    def close(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/close"""
        sent("desk_mail.close")
        return done(self._desk.close(session.account, contact))

    def hand_on(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/hand-on {"queue"} or {"agent"}"""
        asked = sent("desk_mail.hand_on")
        return done(self._desk.hand_on(session.account, contact, asked.get("queue"), asked.get("agent")))

    def not_there(self, session: Session, contact: str) -> Answer:
        """POST /contacts/ID/not-there"""
        sent("desk_mail.not_there")
        return done(self._desk.not_there(session.account, contact))

    def attachment(self, session: Session, contact: str, number: int) -> Any:
        """GET /contacts/ID/attachments/N: to be kept as a file, never to be shown by the browser."""
        with self._store.look() as tx:
            mail = tx.mails.of_contact(contact) if theirs(tx, session.account, contact) else None
            found = tx.mails.file(mail.id, number) if mail else None
        if found is None:
            return refused(GONE)
        response = send_file(
            io.BytesIO(found.body), mimetype="application/octet-stream", as_attachment=True, download_name=found.name
        )
        response.headers["Cache-Control"] = "no-store"
        return response
