"""Clock: this machine's time as all of a process is told it; it never goes back, not even over a restart."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from ivr.store import Store
from routing.steady import BEHIND_MAX, Steady
from routing.store.tables import events

log = logging.getLogger(__name__)


class MachineClock:
    """This machine's time, or `ahead` of it, or `speed` times as fast; it does not go back when the clock is set."""

    def __init__(
        self,
        ahead: timedelta = timedelta(0),
        speed: int = 1,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`wall`: another clock than this machine's."""
        begun = wall()
        self._steady = Steady(lambda: begun + (wall() - begun) * speed + ahead, lambda: time.monotonic() * speed)
        self._turn = threading.Lock()

    def __call__(self) -> datetime:
        """The time, UTC."""
        with self._turn:
            return self._steady()

    def go_on_from_stored(self, store: Store) -> None:
        """Begin no earlier than what was stored last: who waits since then must not be put behind who comes now."""
        with store.look() as tx:
            latest = tx.connection.execute(select(events.c.at).order_by(events.c.seq.desc()).limit(1)).scalar()
        if latest is None:
            return
        with self._turn:
            ahead = self._steady.go_on_from(latest)
        if ahead > BEHIND_MAX:
            log.warning(
                "the clock is %d s behind what was stored last, more than can be bridged (%d s): time begins with the "
                "clock, and those who have waited since then come after those who call now",
                ahead.total_seconds(), BEHIND_MAX.total_seconds(),
            )  # fmt: skip
        elif ahead > timedelta(0):
            log.warning(
                "the clock is %.1f s behind what was stored last: time goes on from there, a little slower until the "
                "clock has caught up",
                ahead.total_seconds(),
            )
