"""Recordings page: conversations and the messages that callers left, heard here, and who has listened to each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, send_file
from sqlalchemy import select

from ivr.accounts import Session
from ivr.message import MessageState, messages
from ivr.recording import Recording, RecordingState
from ivr.store import Tx
from ivr.switchboard import Switchboard
from ivr.web.exchange import error
from ivr.web.supervisor.asked import by
from routing.store.tables import events

SHOWN_MAX = 100
LISTENERS_MAX = 1000
LISTENED = "listened to"

_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Shown:
    """A conversation's recording as a row: with its queue and its case, where there are any."""

    it: Recording
    queue: str | None
    case: str | None


class RecordingPages:
    """One view a method."""

    def __init__(self, switchboard: Switchboard) -> None:
        self._switchboard = switchboard

    def page(self, session: Session) -> Any:
        """GET /recordings, or ?contact=ID: those of one conversation."""
        contact = request.args.get("contact")
        with self._switchboard.store.look() as tx:
            of_one = tx.recordings.of_contact(contact) if contact else tx.recordings.latest(SHOWN_MAX)
            talks = [_shown(tx, it) for it in of_one]
            latest = select(messages).order_by(messages.c.created_at.desc(), messages.c.id).limit(SHOWN_MAX)
            found = [] if contact else tx.connection.execute(latest).all()
            ids = [it.id for it in (*of_one, *found)]
            listeners = _listeners(tx, ids)
        return render_template(
            "supervisor/recordings.html",
            talks=talks,
            found=found,
            only=contact,
            listeners=listeners,
            there={id for id in ids if self._switchboard.archive.exists(id)},
            kept=(MessageState.KEPT, RecordingState.KEPT),
        )

    def sound(self, session: Session, recording: str) -> Any:
        """GET /recordings/ID: its sound, whole or by Range; who listens is written down."""
        if not _ID.fullmatch(recording) or not self._switchboard.archive.exists(recording):
            return error(404, "there is no such recording")
        if request.headers.get("Range", "bytes=0-").startswith("bytes=0-"):  # the browser asks piece by piece
            with self._switchboard.store.transaction() as tx:
                tx.happened(recording, LISTENED, agent=session.account)
                tx.audited(session.account, "recording heard", recording, by(session).origin)
        path = self._switchboard.archive.file(recording)
        response = send_file(path, mimetype="audio/wav", conditional=True, etag=False)
        response.headers["Cache-Control"] = "no-store"
        return response


def _shown(tx: Tx, it: Recording) -> Shown:
    contact = tx.floor.contact(it.contact) if it.contact else None
    case = tx.cases.by_contact(it.contact) if it.contact else None
    return Shown(it, contact.queue if contact else None, case.number if case else None)


def _listeners(tx: Tx, ids: Iterable[str]) -> dict[str, list[tuple[str, Any]]]:
    """Who has listened to each of these, the latest first."""
    heard = select(events.c.about, events.c.at, events.c.fields).where(
        events.c.what == LISTENED, events.c.about.in_(list(ids))
    )
    found: dict[str, list[tuple[str, Any]]] = {}
    for it in tx.connection.execute(heard.order_by(events.c.seq.desc()).limit(LISTENERS_MAX)):
        found.setdefault(it.about, []).append((str(it.fields.get("agent", "")), it.at))
    return found
