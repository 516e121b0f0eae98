"""Carrier door: the simulated carrier's REST at a port of this machine, for an app in a process of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Response

from ivr.simulator.network import Network

HOST = "127.0.0.1"
PATIENCE_S = 3.0
"""So long a script waits in real time for an app that asks the carrier for something after it has answered."""
PAUSE_S = 0.05


class _Quiet(WSGIRequestHandler):
    """A server that does not write down each request: the transcript tells what happens."""

    def log_request(self, *args: object) -> None:
        """Say nothing."""


class CarrierDoor:
    """The WSGI app: REST of whichever network is being played on."""

    def __init__(self, port: int) -> None:
        self.url = f"http://{HOST}:{port}"
        self.network: Network | None = None

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        network = self.network
        if network is None:
            return Response("no call is being played now", 503)(environ, start_response)
        return network.rest(environ, start_response)

    def patience(self) -> Callable[[], bool]:
        """Pauses a moment in real time at each call; False once there has been enough of it."""
        until_s = time.monotonic() + PATIENCE_S

        def pause() -> bool:
            threading.Event().wait(PAUSE_S)
            return time.monotonic() < until_s

        return pause


@contextmanager
def carrier_door(port: int) -> Iterator[CarrierDoor]:
    """Serve it while the block runs; raises click.ClickException when the port is taken."""
    door = CarrierDoor(port)
    try:
        server = make_server(HOST, port, door, threaded=True, request_handler=_Quiet)
    except (OSError, SystemExit) as error:
        raise click.ClickException(f"port {port} is taken: name another with --carrier-port") from error
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield door
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
