"""The server: the application under gunicorn, one process with a thread for each live page, and its clock work."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from gunicorn.app.base import BaseApplication

from ivr.logbook import keep_log
from ivr.privacy.tombstones import KeyLost, Tombstones
from ivr.settings import Settings
from ivr.web.app import ClockWork, create_app
from ivr.web.clock import MachineClock
from ivr.web.presence import STREAMS_MAX

WEBHOOK_THREADS = 30
THREADS = STREAMS_MAX + WEBHOOK_THREADS
"""One for each page that is live at a desk, and the rest for the carrier's webhooks and whatever else is asked."""

CONNECTIONS_MAX = 500
KEEPALIVE_S = 2
HEADERS_MAX = 64
GRACEFUL_TIMEOUT_S = 3
REQUEST_TIMEOUT_S = 60


class Server(BaseApplication):
    """Serve one installation at `host:port` until it is told to stop.

    One process on purpose: the clock work and the live pages wake each other by a condition variable in it.
    """

    def __init__(
        self,
        settings: Settings,
        host: str,
        port: int,
        ready: Callable[[], None],
        ahead: timedelta = timedelta(0),
        speed: int = 1,
    ) -> None:
        """`ready` is called when calls can come; a simulation may live `ahead` of the real time, or `speed` times as
        fast as it."""
        self._settings, self._bind, self._ready, self._speed = settings, f"{host}:{port}", ready, speed
        self._clock = MachineClock(ahead, speed)
        super().__init__()

    def load_config(self) -> None:
        """What gunicorn asks for its settings."""
        for name, value in {
            "bind": self._bind,
            "workers": 1,
            "worker_class": "gthread",
            "threads": THREADS,
            # Who connects and says nothing is soon taken off its thread, and sent away after `keepalive`. Against who
            # sends a request letter by letter gunicorn has nothing: that is for the proxy before it.
            "worker_connections": CONNECTIONS_MAX,
            "keepalive": KEEPALIVE_S,
            "limit_request_fields": HEADERS_MAX,
            "timeout": REQUEST_TIMEOUT_S,
            "graceful_timeout": GRACEFUL_TIMEOUT_S,
            "control_socket_disable": True,
            "loglevel": "warning",
            "when_ready": lambda server: self._ready(),
            "worker_exit": lambda server, worker: self._close(),
        }.items():
            self.cfg.set(name, value)

    def load(self) -> object:
        """Build the application inside the worker process and start its clock work."""
        keep_log(self._settings.data, self._log_key(), self._settings.tokens)
        self._application = create_app(self._settings, self._clock)
        self._clock_work = ClockWork(self._application, self._clock, self._speed)
        self._clock_work.start()
        return self._application.wsgi

    def _log_key(self) -> bytes:
        try:
            return Tombstones(self._settings.data).key
        except (KeyLost, OSError) as error:
            logging.getLogger(__name__).error("%s", error)
            return self._settings.auth_token.encode()

    def _close(self) -> None:
        self._application.changes.close()
        self._clock_work.stop()
        self._application.close()
