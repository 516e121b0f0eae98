"""Recordings page: the messages that callers left, heard here, and who has listened to each."""

from __future__ import annotations

import io
import re
from typing import Any

from flask import render_template, request, send_file
from sqlalchemy import select

from ivr.accounts import Session
from ivr.message import MessageState, messages
from ivr.switchboard import Switchboard
from ivr.web.exchange import error
from ivr.web.supervisor.asked import by
from routing.store.tables import events

SHOWN_MAX = 100
LISTENERS_MAX = 1000
LISTENED = "listened to"

_ID = re.compile(r"[0-9a-f]{32}")


class RecordingPages:
    """One view a method."""

    def __init__(self, switchboard: Switchboard) -> None:
        self._switchboard = switchboard

    def page(self, session: Session) -> Any:
        """GET /recordings"""
        with self._switchboard.store.look() as tx:
            latest = select(messages).order_by(messages.c.created_at.desc(), messages.c.id).limit(SHOWN_MAX)
            found = tx.connection.execute(latest).all()
            heard = select(events.c.about, events.c.at, events.c.fields).where(
                events.c.what == LISTENED, events.c.about.in_([it.id for it in found])
            )
            listeners: dict[str, list[tuple[str, Any]]] = {}
            for it in tx.connection.execute(heard.order_by(events.c.seq.desc()).limit(LISTENERS_MAX)):
                listeners.setdefault(it.about, []).append((str(it.fields.get("agent", "")), it.at))
        there = {it.id for it in found if self._switchboard.archive.exists(it.id)}
        return render_template(
            "supervisor/recordings.html", found=found, listeners=listeners, there=there, kept=MessageState.KEPT
        )

    def sound(self, session: Session, recording: str) -> Any:
        """GET /recordings/ID: its sound; who listens is written down."""
        if not _ID.fullmatch(recording) or not self._switchboard.archive.exists(recording):
            return error(404, "there is no such recording")
        if request.headers.get("Range", "bytes=0-").startswith("bytes=0-"):  # the browser asks piece by piece
            with self._switchboard.store.transaction() as tx:
                tx.happened(recording, LISTENED, agent=session.account)
                tx.audited(session.account, "recording heard", recording, by(session).origin)
        with self._switchboard.archive.open(recording) as sound:
            whole = io.BytesIO(sound.read())
        response = send_file(whole, mimetype="audio/wav", conditional=True)
        response.headers["Cache-Control"] = "no-store"
        return response
