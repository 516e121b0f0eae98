"""Presence: whose live pages are open, how many may be, and who has been gone from all of theirs for too long."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ivr.accounts import Session
from ivr.desk import Desk
from ivr.web.live import Changes
from ivr.web.security import Guard

STREAMS_PER_SESSION_MAX = 4
"""A further page ends the oldest one's stream: it is the newest that somebody looks at, and the oldest may be dead."""

STREAMS_MAX = 90
"""Of all sessions together. Each keeps a thread, and the carrier's webhooks need theirs."""

STREAMS_RETRY_S = 15
AWAY_AFTER_S = 30
"""Who has no page open for so long does not hear it ring; a reload or a short loss of the network takes less."""


@dataclass(eq=False, slots=True)
class Page:
    """One live page's stream; `replaced` when newer ones of its session have taken its place."""

    agent: str
    session: str
    at_desk: bool = True
    replaced: bool = False


class Presence:
    """Who is there, in the memory of the one process. Who never had a stream, such as a program, is never missed."""

    def __init__(self, desk: Desk, guard: Guard, changes: Changes, clock: Callable[[], datetime]) -> None:
        """`changes` wakes the streams that are to end."""
        self._desk, self._guard, self._changes, self._clock = desk, guard, changes, clock
        self._lock = threading.Lock()
        self._pages: list[Page] = []  # the oldest first; each until its thread is free again
        self._gone_at: dict[str, datetime | None] = {}  # who had a page; None: has one, or what follows is done

    def open(self, session: Session, at_desk: bool = True) -> Page | None:
        """A page goes live, which may end the oldest of its session; None: too many are open.

        Only a page `at_desk` rings, so only by those somebody is there to be offered a caller.
        """
        with self._lock:
            if len(self._pages) >= STREAMS_MAX:
                return None
            page = Page(session.account, session.token_hash, at_desk)
            self._pages.append(page)
            if at_desk:
                self._gone_at[page.agent] = None
            its = [each for each in self._pages if each.session == page.session and each.at_desk == at_desk]
            live = [each for each in its if not each.replaced]
            for oldest in live[:-STREAMS_PER_SESSION_MAX]:
                oldest.replaced = True
        if len(live) > STREAMS_PER_SESSION_MAX:
            self._changes.rouse()
        return page

    def close(self, page: Page) -> None:
        """A page is gone, as far as the server can see; told twice, it is gone once."""
        with self._lock:
            if page not in self._pages:
                return
            self._pages.remove(page)
            if page.at_desk and not self._is_open(page.agent):
                self._gone_at[page.agent] = self._clock()

    def look(self) -> None:
        """Send on a break who is away, and log out on the floor whose last session is over. Harmless at any time."""
        long_ago = self._clock() - timedelta(seconds=AWAY_AFTER_S)
        with self._lock:
            known = dict(self._gone_at)
        for agent, gone_at in known.items():
            if not self._guard.is_logged_in(agent):
                self._desk.leave(agent)
                self._forget(agent)
            elif gone_at and gone_at <= long_ago and self._desk.away(agent):
                self._is_done(agent, gone_at)

    def _is_open(self, agent: str) -> bool:
        return any(page.agent == agent and page.at_desk for page in self._pages)

    def _forget(self, agent: str) -> None:
        with self._lock:
            if not self._is_open(agent):
                self._gone_at.pop(agent, None)

    def _is_done(self, agent: str, gone_at: datetime) -> None:
        with self._lock:
            if self._gone_at.get(agent) == gone_at:
                self._gone_at[agent] = None
