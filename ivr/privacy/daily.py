"""Daily: what is done for privacy beside the calls - erasures ended and done again, and keeping times looked after."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from ivr.privacy.erasing import Privacy
from ivr.privacy.retention import Retention
from ivr.privacy.tombstones import KeyLost

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=10)


class Daily:
    """One a program."""

    def __init__(
        self,
        privacy: Privacy,
        retention: Retention,
        clock: Callable[[], datetime],
        order: Callable[[Callable[[], None]], object],
    ) -> None:
        self._privacy, self._retention, self._clock, self._order = privacy, retention, clock, order
        self._look_at: datetime | None = None
        self._turn = threading.Lock()

    def look(self) -> None:
        """Begin what is due, beside everything else; called again and again."""
        now = self._clock()
        if self._look_at is None or now >= self._look_at:
            self._look_at = now + LOOK_EVERY
            self._order(self.do)

    def do(self) -> None:
        """Do what is due. Only one thread does; what fails is tried again at the next look."""
        if not self._turn.acquire(blocking=False):
            return
        try:
            again = self._privacy.catch_up()
            if again:
                log.warning("%s erasures were done again: this database is from before them", again)
            if self._retention.is_due():
                done = self._retention.run()
                self._privacy.flush()
                log.info("keeping times: %s", ", ".join(f"{name} {count}" for name, count in done.counts.items()))
        except KeyLost as error:
            log.error("erasures cannot be done again: %s", error)
        finally:
            self._turn.release()
