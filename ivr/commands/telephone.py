"""Telephone: the carrier's REST with telephones in the browser beside it, served on this machine in real time."""

from __future__ import annotations

import os
import secrets
import sys
import threading
import webbrowser
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import click
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Response

from ivr.simulator.network import Network
from ivr.simulator.phone import Phone
from recordings.music import hold_music
from recordings.speech import Speaker
from recordings.wav import wav

HOST = "127.0.0.1"
LOOPBACK = frozenset({HOST, "localhost", "::1"})
PAGE = "/phone"


class _Quiet(WSGIRequestHandler):
    """A server that does not write down each request: what happens is told by the telephone's page."""

    def log_request(self, *args: object) -> None:
        """Say nothing."""


@cache
def music() -> bytes:
    """The hold music; it takes half a second to make."""
    return wav(hold_music())


def show(port: int) -> None:
    """Open the telephone in the person's browser, where there is a screen: a browser in the terminal has no sound."""
    if not sys.platform.startswith("linux") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        webbrowser.open(f"http://{HOST}:{port}{PAGE}/")


def _here_only(app: Callable[..., Any]) -> Callable[..., Any]:
    """The app, but not for pages that reach this machine by a name of their own (DNS rebinding)."""

    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        name = urlsplit("//" + environ.get("HTTP_HOST", HOST)).hostname
        if name in LOOPBACK:
            return app(environ, start_response)
        return Response("this carrier works on this machine only: ask it as 127.0.0.1", 403)(environ, start_response)

    return guarded


@contextmanager
def telephone(
    network: Network,
    numbers: Iterable[str],
    port: int,
    place: Callable[[str], Mapping[str, Any] | None] | None = None,
    params: Mapping[str, str] | None = None,
    origins: Collection[str] = (),
) -> Iterator[None]:
    """Serve the carrier and its telephone, and let time pass, while the block runs. Raises click.ClickException.

    `place`, `params` and `origins` as for Phone.
    """
    speaker = Speaker()
    zone = datetime.now().astimezone().tzinfo
    phone = Phone(
        network, numbers, secrets.token_urlsafe, zone,
        voice=speaker, music=music, place=place, params=params, origins=origins,
    )  # fmt: skip
    try:
        app = DispatcherMiddleware(_here_only(network.rest), {PAGE: phone})
        server = make_server(HOST, port, app, threaded=True, request_handler=_Quiet)
    except (OSError, SystemExit) as error:
        raise click.ClickException(f"port {port} is taken: name another with --carrier-port") from error
    server.daemon_threads = True  # a page that listens must not keep the program from ending
    for work in (server.serve_forever, music):  # the music is made before somebody waits for it
        threading.Thread(target=work, daemon=True).start()
    network.start()
    try:
        yield
    finally:
        network.stop()
        server.shutdown()
        server.server_close()
        speaker.close()
