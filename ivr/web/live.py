"""Changes: how a live page learns, without asking again and again, that something happened."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

HEARTBEAT_S = 5
"""A comment is sent this often: it shows that the page is still there, and keeps proxies from closing the line.

So often it is also asked whether the session is good still: whoever is shut out sees nothing any more within it.
"""

STREAM_EVENTS_MAX = 2000
"""A stream ends after this many events or heartbeats and the browser opens a new one: no thread is kept for ever."""

RECONNECT_MS = 1500
REPLACED_RECONNECT_MS = 60_000
"""When newer pages of the same session have taken its place: or the pages would replace one another without end."""


class Changes:
    """A counter that goes up whenever something happened, and that threads can wait on."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._seq = 0
        self._closed = False

    @property
    def seq(self) -> int:
        """The number of the latest change; 0 before the first."""
        return self._seq

    def announce(self) -> int:
        """Count one change and wake everyone who waits; returns its number."""
        with self._condition:
            self._seq += 1
            self._condition.notify_all()
            return self._seq

    def wait(self, after_seq: int, timeout_s: float, roused: Callable[[], bool] = lambda: False) -> int:
        """Return the latest number as soon as it is above `after_seq`, or after `timeout_s` whatever it is.

        When it is `roused` it returns too; that is asked with each change and after `rouse`.
        """
        with self._condition:
            self._condition.wait_for(lambda: self._closed or self._seq > after_seq or roused(), timeout_s)
            return self._seq

    def rouse(self) -> None:
        """Let everyone who waits look whether they should go on; nothing has changed."""
        with self._condition:
            self._condition.notify_all()

    @property
    def closed(self) -> bool:
        """Whether the program is stopping and streams should end."""
        return self._closed

    def close(self) -> None:
        """Wake everyone for the last time: streams end, so that a stopping server does not wait for them."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()


def stream(
    changes: Changes,
    allowed: Callable[[], bool],
    replaced: Callable[[], bool] = lambda: False,
    heartbeat_s: float = HEARTBEAT_S,
) -> Iterator[str]:
    """Server-sent events for one page: the present number at once, then each change, and heartbeats between.

    `allowed` is asked before each event: a session that has ended ends its stream. So does a page that is `replaced`.
    """
    seq = changes.seq
    yield f"retry: {RECONNECT_MS}\n\n{_event(seq)}"
    for _ in range(STREAM_EVENTS_MAX):
        latest = changes.wait(seq, heartbeat_s, replaced)
        if replaced():
            yield f"retry: {REPLACED_RECONNECT_MS}\n\n"
            return
        if changes.closed or not allowed():
            return
        yield ": still here\n\n" if latest == seq else _event(latest)
        seq = latest


def _event(seq: int) -> str:
    return f'event: change\nid: {seq}\ndata: {{"seq": {seq}}}\n\n'
