"""Live pages: the stream by which any page but the desk learns that something has changed."""

from __future__ import annotations

from typing import Any

from flask import Response

from ivr.accounts import Session
from ivr.web.exchange import later
from ivr.web.live import Changes, stream
from ivr.web.presence import STREAMS_RETRY_S, Page, Presence
from ivr.web.security import Guard


class LivePages:
    """One view."""

    def __init__(self, changes: Changes, guard: Guard, presence: Presence) -> None:
        self._changes, self._guard, self._presence = changes, guard, presence

    def events(self, session: Session) -> Any:
        """GET /events"""
        page = self._presence.open(session, at_desk=False)
        return streamed(self._changes, self._guard, self._presence, page)


def streamed(changes: Changes, guard: Guard, presence: Presence, page: Page | None) -> Any:
    """The events for one page, for as long as its session is good; 503 when too many pages are open."""
    if page is None:
        return later(503, "too many pages are open", STREAMS_RETRY_S)
    response = Response(stream(changes, guard.lasting(), lambda: page.replaced), mimetype="text/event-stream")
    response.call_on_close(lambda: presence.close(page))
    response.headers["X-Accel-Buffering"] = "no"
    return response
