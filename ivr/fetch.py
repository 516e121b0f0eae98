"""Fetch: one question over https to an address that a hotline's author wrote - bounded in time, size and destination.

What stands in the address may come from a caller, and the name may lead anywhere. So the name is resolved once, every
address it has must be a public one, the connection goes to the very address that was looked at, nothing is followed
anywhere else, and no proxy is asked (OWASP: server-side request forgery).
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

ANSWER_BYTES_MAX = 65_536
PIECE_BYTES = 4096
URL_LENGTH_MAX = 2000

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Of our own, because Python 3.11's `is_global` knows neither all of these nor the ones hidden in IPv6.
_CLOSED = tuple(
    ipaddress.ip_network(each)
    for each in (
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
        "192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 "
        "203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 "
        "::/128 ::1/128 ::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 3fff::/20 5f00::/16 fc00::/7 fe80::/10 "
        "fec0::/10 ff00::/8"
    ).split()
)


class NotFetched(Exception):
    """There is no answer that can be used; says why, without what stood in the address."""


def fetch_json(url: str, budget_s: float, loopback: bool = False) -> Any:
    """The JSON that is answered with 200 within `budget_s`. NotFetched otherwise.

    `loopback`: this machine may be asked too, even over plain http: for simulations.
    """
    until = time.monotonic() + budget_s
    scheme, host, address, path = _whither(url, loopback)
    try:
        return json.loads(_body(scheme, host, address, path, until))
    except (OSError, HTTPException, ValueError, RecursionError) as error:
        raise NotFetched(f"{host} did not answer with JSON in time: {type(error).__name__}") from error


def post(url: str, body: bytes, headers: Mapping[str, str], budget_s: float, loopback: bool = False) -> None:
    """Send `body` to an address that takes it with a status 2xx within `budget_s`. NotFetched otherwise."""
    until = time.monotonic() + budget_s
    scheme, host, address, path = _whither(url, loopback)
    connection = _Straight(host, address, scheme == "https", until)
    try:
        connection.request("POST", path, body, headers={**headers, "Connection": "close"})
        with connection.getresponse() as answer:
            if not 200 <= answer.status < 300:
                raise NotFetched(f"{host} answers {answer.status}")
    except (OSError, HTTPException, ValueError) as error:
        raise NotFetched(f"{host} did not take it in time: {type(error).__name__}") from error
    finally:
        connection.done()


def _whither(url: str, loopback: bool) -> tuple[str, str, tuple[Address, int], str]:
    """Scheme, host, the very address that is asked, and path; NotFetched where it may not be asked."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise NotFetched("the address is none") from error
    if parts.scheme not in ("https", "http") or not host or parts.username is not None or len(url) > URL_LENGTH_MAX:
        raise NotFetched("the address is none that is asked")
    address = _resolved(host, port or (443 if parts.scheme == "https" else 80), loopback)
    if parts.scheme == "http" and not address[0].is_loopback:
        raise NotFetched("only https is asked")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, host, address, path


def is_public(address: Address) -> bool:
    """Whether an address belongs to nobody's own network."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or _translated(address)
        if inner is not None:
            return is_public(inner)
    return not any(address in network for network in _CLOSED if network.version == address.version)


def _translated(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The address behind NAT64 (64:ff9b::/96)."""
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in ipaddress.ip_network("64:ff9b::/96") else None


def _resolved(host: str, port: int, loopback: bool) -> tuple[Address, int]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotFetched(f"{host} has no address") from error
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    for address in addresses:
        if not (is_public(address) or (loopback and address.is_loopback)):
            raise NotFetched(f"{host} lies in a network of its own, which is not asked")
    if not addresses:
        raise NotFetched(f"{host} has no address")
    return addresses[0], port


def _body(scheme: str, host: str, address: tuple[Address, int], path: str, until: float) -> bytes:
    """The answer's body, piece by piece, as long as there is time and room."""
    connection = _Straight(host, address, scheme == "https", until)
    try:
        connection.request("GET", path, headers={"Accept": "application/json", "Connection": "close"})
        with connection.getresponse() as answer:  # it holds the socket, whatever becomes of the connection
            if answer.status != 200:
                raise NotFetched(f"{host} answers {answer.status}")
            body = b""
            while piece := answer.read1(PIECE_BYTES):
                body += piece
                if len(body) > ANSWER_BYTES_MAX:
                    raise NotFetched(f"{host} answers more than {ANSWER_BYTES_MAX} bytes")
            return body
    finally:
        connection.done()


class _Straight(HTTPConnection):
    """A connection to the address that was looked at, under the name that was asked for."""

    def __init__(self, host: str, address: tuple[Address, int], secure: bool, until: float) -> None:
        default = 443 if secure else 80
        super().__init__(host, address[1])
        self.default_port = default
        self._address, self._secure, self._until = address, secure, until
        self._watch: Timer | None = None
        self._other_end: socket.socket | None = None

    def connect(self) -> None:
        """Connect, make sure that it is whom we asked for, and hang up when the time is over.

        A timeout of the socket's own would begin anew with each byte that drips in.
        """
        straight = socket.create_connection((str(self._address[0]), self._address[1]), self._left_s())
        self._other_end = straight.dup()  # securing a socket takes it away
        self._watch = Timer(self._left_s(), _hang_up, [self._other_end])
        self._watch.daemon = True
        self._watch.start()
        self.sock = straight  # closed with the connection, even if it cannot be secured
        if self._secure:
            self.sock = ssl.create_default_context().wrap_socket(straight, server_hostname=self.host)

    def done(self) -> None:
        """Be done: nobody needs to be watched any more."""
        self.close()
        if self._watch:
            self._watch.cancel()
        if self._other_end:
            self._other_end.close()

    def _left_s(self) -> float:
        left_s = self._until - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("the time is over")
        return left_s


def _hang_up(line: socket.socket) -> None:
    with contextlib.suppress(OSError):  # it is over already
        line.shutdown(socket.SHUT_RDWR)
