"""E-mails page: what came in, what went into no queue and why, and what of ours did not arrive."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for

from ivr.accounts import Session
from ivr.mail import MailState
from ivr.mail_post import MailPost
from ivr.mail_room import MailRoom
from ivr.store import Store
from ivr.web.security import address

SHOWN_MAX = 50


class MailPages:
    """One view a method."""

    def __init__(self, store: Store, room: MailRoom, post: MailPost) -> None:
        self._store, self._room, self._post = store, room, post

    def page(self, _: Session) -> Any:
        """GET /mails"""
        with self._store.look() as tx:
            return render_template(
                "mail/page.html",
                waiting=tx.mails.latest((MailState.OPEN,), SHOWN_MAX),
                kept=tx.mails.latest((MailState.KEPT,), SHOWN_MAX),
                done=tx.mails.latest((MailState.ANSWERED, MailState.CLOSED), SHOWN_MAX),
                unsent=tx.sent.unsent(SHOWN_MAX),
                counts=tx.sent.counts(),
                can_send=self._post.can_send,
            )

    def let_in(self, session: Session) -> Any:
        """POST /mails/let-in: put into its queue what was kept out."""
        id = request.form.get("mail", "")[:64]
        if self._room.let_in(id):
            self._wrote_down(session, "e-mail put into its queue", id)
        return redirect(url_for("mails.page"), 303)

    def again(self, session: Session) -> Any:
        """POST /mails/again: try once more what was given up."""
        id = request.form.get("mail", "")[:64]
        if self._post.again(id):
            self._wrote_down(session, "e-mail sent again", id)
        return redirect(url_for("mails.page"), 303)

    def _wrote_down(self, session: Session, what: str, id: str) -> None:
        with self._store.transaction() as tx:
            tx.audited(session.account, what, id, address())
