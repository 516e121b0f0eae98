"""Wire: a WSGI app without any framework - a form in, a string of XML out, by path."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.simple_server import WSGIRequestHandler, make_server

Form = dict[str, str]
Page = Callable[[Form], str]


class Quiet(WSGIRequestHandler):
    """Writes no log."""

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def app(pages: dict[str, Page]) -> Callable[..., Iterable[bytes]]:
    """The app: what a page returns is put between `<Response>` and `</Response>`."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        page = pages.get(environ["PATH_INFO"])
        if page is None:
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"no such page"]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        form = dict(parse_qsl(f"{environ['QUERY_STRING']}&{body}", keep_blank_values=True))
        start_response("200 OK", [("Content-Type", "application/xml")])
        return [f'<?xml version="1.0" encoding="UTF-8"?>\n<Response>\n{page(form)}\n</Response>\n'.encode()]

    return answer


def serve(pages: dict[str, Page]) -> None:
    """Serve until somebody ends the process."""
    make_server("127.0.0.1", int(os.environ["PORT"]), app(pages), handler_class=Quiet).serve_forever()
