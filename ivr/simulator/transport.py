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
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

from ivr.simulator.error import Problem
from ivr.simulator.overrides import Limits

ANSWER_BYTES_MAX = 32 * 1024 * 1024

_CERTIFICATE = {10: 11236, 62: 11235, 64: 11235}  # OpenSSL's X509_V_ERR_*: expired; another host's, another address's

log = logging.getLogger(__name__)
Answer = tuple[int, Mapping[str, str], bytes]
LIMITS = Limits()


class FetchFailed(Exception):
    """No answer came. `stage`: `ct` while connecting, `tls` at the handshake, `rt` while waiting for the answer."""

    def __init__(self, code: int, text: str, stage: str) -> None:
        super().__init__(text)
        self.problem = Problem(code, text)
        self.stage = stage


class Transport(Protocol):
    """What the network needs of an app."""

    def request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, limits: Limits = LIMITS
    ) -> Answer:
        """Status, headers (repeated ones joined by newlines, names in lower case) and body; raises FetchFailed.

        `limits` are kept in real time, whatever the network's clock does.
        """


def stopwatch_s() -> float:
    """Seconds of real time since some moment."""
    return time.monotonic()


class HttpApp:
    """An app behind HTTP. With `public_url` and `posts_to`, what is asked (and signed) as the public URL goes to
    the other address: `HttpApp(public_url="https://ivr.example", posts_to="http://127.0.0.1:5000")`."""

    def __init__(self, timeout_s: float = LIMITS.total_s, public_url: str = "", posts_to: str = "") -> None:
        self.timeout_s = timeout_s
        self._public_url = public_url.rstrip("/")
        self._posts_to = posts_to.rstrip("/")

    def request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, limits: Limits = LIMITS
    ) -> Answer:
        """Ask the app; see Transport."""
        target = urlsplit(self._address(url))
        if target.scheme not in ("http", "https") or not target.hostname:
            raise FetchFailed(11100, f"{url} (an http or https URL is needed)", "ct")
        all_s = min(limits.total_s, self.timeout_s)
        until_s = stopwatch_s() + all_s
        connection = _connected(target, min(limits.connect_s, all_s))
        try:
            until_s = min(until_s, stopwatch_s() + limits.read_s)
            connection.sock.settimeout(max(0.01, until_s - stopwatch_s()))
            path = (target.path or "/") + (f"?{target.query}" if target.query else "")
            connection.request(method, path, body=body or None, headers={"Host": urlsplit(url).netloc, **headers})
            answer = connection.getresponse()
            return answer.status, _joined(answer.getheaders()), _read(connection, answer, until_s)
        except TimeoutError as error:
            raise FetchFailed(11203, f"{url} after {min(all_s, limits.read_s):g} s", "rt") from error
        except (http.client.HTTPException, OSError) as error:
            raise FetchFailed(11206, f"{url}: {error or type(error).__name__}", "rt") from error
        finally:
            connection.close()

    def _address(self, url: str) -> str:
        public = self._public_url
        if public and self._posts_to and (url == public or url.startswith((public + "/", public + "?"))):
            return self._posts_to + url[len(public) :]
        return url


def _connected(target: SplitResult, within_s: float) -> http.client.HTTPConnection:
    kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
    try:
        connection = kind(target.hostname, target.port, timeout=within_s)
        connection.connect()
        return connection
    except socket.gaierror as error:
        raise FetchFailed(11210, str(target.hostname), "ct") from error
    except ConnectionRefusedError as error:
        raise FetchFailed(11202, target.netloc, "ct") from error
    except TimeoutError as error:
        raise FetchFailed(11201, f"{target.netloc} after {within_s:g} s", "ct") from error
    except ssl.SSLCertVerificationError as error:
        raise FetchFailed(
            _CERTIFICATE.get(error.verify_code, 11237), f"{target.netloc}: {error.reason}", "tls"
        ) from error
    except ssl.SSLError as error:
        raise FetchFailed(11220, f"{target.netloc}: {error.reason}", "tls") from error
    except (OSError, ValueError) as error:
        raise FetchFailed(11205, f"{target.netloc}: {error}", "ct") from error


def _read(connection: http.client.HTTPConnection, answer: http.client.HTTPResponse, until_s: float) -> bytes:
    body = bytearray()
    while len(body) <= ANSWER_BYTES_MAX and (piece := answer.read1(65536)):
        body += piece
        left_s = until_s - stopwatch_s()
        if left_s <= 0:
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(left_s)
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

    def request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, limits: Limits = LIMITS
    ) -> Answer:
        """Call the app; an exception that it lets out is a 500, as behind a server. See Transport.

        Nobody can stop a call in this process, but what comes of it too late does not count.
        """
        parts = urlsplit(url)
        if self._public_url and not (url + "/").startswith((self._public_url + "/", self._public_url + "?")):
            raise FetchFailed(11210, f"{parts.hostname} (only {self._public_url} exists here)", "ct")
        if parts.scheme not in ("http", "https"):
            raise FetchFailed(11100, f"{url} (an http or https URL is needed)", "ct")
        began_s, most_s = stopwatch_s(), min(limits.read_s, limits.total_s)
        try:
            answer = self._call(_environ(method, url, headers, body))
        except Exception:
            log.exception("the app raised on %s %s", method, parts.path)
            return 500, {"content-type": "text/plain"}, b"the app raised an exception; its log has it"
        if stopwatch_s() - began_s > most_s:
            raise FetchFailed(11203, f"{url} after {most_s:g} s", "rt")
        return answer

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


@lru_cache(maxsize=1000)
def _environ_of(method: str, url: str) -> Mapping[str, Any]:
    """What a server would tell the app of every request to `url`."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    raw = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return {
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
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


@lru_cache(maxsize=1000)
def _key(header: str) -> str:
    """What a header is called in an environ."""
    key = header.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


def _environ(method: str, url: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    environ = {
        **_environ_of(method, url),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "CONTENT_LENGTH": str(len(body)) if body else "",
    }
    for name, value in headers.items():
        environ[_key(name)] = value
    return environ
