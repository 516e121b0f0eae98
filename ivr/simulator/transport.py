"""Transport: how a request reaches the app - over HTTP, or as a call of a WSGI app in this process."""

from __future__ import annotations

import http.client
import io
import logging
import socket
import ssl
import sys
import time
from collections.abc import Iterable, Mapping
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes, urlsplit

from ivr.simulator.error import Problem

CONNECT_TIMEOUT_S = 5.0
TOTAL_TIMEOUT_S = 15.0
ANSWER_BYTES_MAX = 32 * 1024 * 1024

log = logging.getLogger(__name__)
Answer = tuple[int, Mapping[str, str], bytes]


class FetchFailed(Exception):
    """No answer came back. `stage`: `ct` while connecting, `rt` while waiting for the answer."""

    def __init__(self, code: int, text: str, stage: str) -> None:
        super().__init__(text)
        self.problem = Problem(code, text)
        self.stage = stage


class Transport(Protocol):
    """What the network needs of an app."""

    def request(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Status, headers (repeated ones joined by newlines, names in lower case) and body; raises FetchFailed."""


class HttpApp:
    """An app behind HTTP. With `public_url` and `posts_to`, what is asked (and signed) as the public URL goes to
    the other address: `HttpApp(public_url="https://ivr.example", posts_to="http://127.0.0.1:5000")`."""

    def __init__(self, timeout_s: float = TOTAL_TIMEOUT_S, public_url: str = "", posts_to: str = "") -> None:
        self.timeout_s = timeout_s
        self._public_url = public_url.rstrip("/")
        self._posts_to = posts_to.rstrip("/")

    def request(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Ask the app; see Transport."""
        target = urlsplit(self._address(url))
        if target.scheme not in ("http", "https") or not target.hostname:
            raise FetchFailed(11100, f"{url} (an http or https URL is needed)", "ct")
        until = time.monotonic() + self.timeout_s
        connection = self._connect(target, until)
        try:
            path = (target.path or "/") + (f"?{target.query}" if target.query else "")
            connection.request(method, path, body=body or None, headers={"Host": urlsplit(url).netloc, **headers})
            answer = connection.getresponse()
            return answer.status, _joined(answer.getheaders()), _read(connection, answer, until)
        except TimeoutError as error:
            raise FetchFailed(11203, f"{url} after {self.timeout_s:g} s", "rt") from error
        except (http.client.HTTPException, OSError) as error:
            raise FetchFailed(11206, f"{url}: {error or type(error).__name__}", "rt") from error
        finally:
            connection.close()

    def _address(self, url: str) -> str:
        public = self._public_url
        if public and self._posts_to and (url == public or url.startswith((public + "/", public + "?"))):
            return self._posts_to + url[len(public) :]
        return url

    def _connect(self, target: Any, until: float) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
        try:
            connection = kind(target.hostname, target.port, timeout=min(CONNECT_TIMEOUT_S, self.timeout_s))
            connection.connect()
            connection.sock.settimeout(max(0.01, until - time.monotonic()))
            return connection
        except socket.gaierror as error:
            raise FetchFailed(11210, str(target.hostname), "ct") from error
        except ConnectionRefusedError as error:
            raise FetchFailed(11202, target.netloc, "ct") from error
        except ssl.SSLError as error:
            raise FetchFailed(11220, f"{target.netloc}: {error.reason}", "ct") from error
        except (OSError, ValueError) as error:
            raise FetchFailed(11205, f"{target.netloc}: {error}", "ct") from error


def _read(connection: http.client.HTTPConnection, answer: http.client.HTTPResponse, until: float) -> bytes:
    body = bytearray()
    while len(body) <= ANSWER_BYTES_MAX and (piece := answer.read1(65536)):
        body += piece
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(left)
    return bytes(body)


def _joined(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        joined[key] = f"{joined[key]}\n{value}" if key in joined else value
    return joined


class WsgiApp:
    """A WSGI app in this process. Only URLs below `public_url` reach it, if one is given; otherwise all do."""

    def __init__(self, app: Any, public_url: str = "") -> None:
        self._app = app
        self._public_url = public_url.rstrip("/")

    def request(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Call the app; an exception that it lets out is a 500, as behind a server. See Transport."""
        parts = urlsplit(url)
        if self._public_url and not (url + "/").startswith((self._public_url + "/", self._public_url + "?")):
            raise FetchFailed(11210, f"{parts.hostname} (only {self._public_url} exists here)", "ct")
        if parts.scheme not in ("http", "https"):
            raise FetchFailed(11100, f"{url} (an http or https URL is needed)", "ct")
        try:
            return self._call(_environ(method, parts, headers, body))
        except Exception:
            log.exception("the app raised on %s %s", method, parts.path)
            return 500, {"content-type": "text/plain"}, b"the app raised an exception; its log has it"

    def _call(self, environ: dict[str, Any]) -> Answer:
        started: list[Any] = []
        written = bytearray()

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            started[:] = [status, headers]
            return written.extend

        pieces = self._app(environ, start_response)
        try:
            for piece in pieces:
                written += piece
        finally:
            if hasattr(pieces, "close"):
                pieces.close()
        return int(started[0].split()[0]), _joined(started[1]), bytes(written)


def _environ(method: str, parts: Any, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    secure = parts.scheme == "https"
    raw = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(parts.path or "/").decode("latin-1"),
        "QUERY_STRING": parts.query,
        "RAW_URI": raw,
        "REQUEST_URI": raw,
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or (443 if secure else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": parts.netloc.rpartition("@")[2],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "CONTENT_LENGTH": str(len(body)) if body else "",
    }
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    return environ
