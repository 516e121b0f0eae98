"""Cookies: the jar (and the log-ins) that the carrier keeps for each call, as one browser would."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from ivr.simulator.login import Login

COOKIES_MAX = 50
COOKIE_BYTES_MAX = 4096
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""A cookie that has expired before this is meant to be forgotten. Others last: a call is shorter than they are."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie and where it goes: to the host alone or to those below it, within a path, and perhaps by TLS only."""

    name: str
    value: str
    host: str
    below: bool
    path: str
    secure: bool

    def goes_to(self, scheme: str, host: str, path: str) -> bool:
        """Whether it is sent there."""
        there = host == self.host or (self.below and host.endswith("." + self.host))
        inside = path == self.path or path.startswith(self.path if self.path.endswith("/") else self.path + "/")
        return there and inside and (scheme == "https" or not self.secure)


class Jar:
    """Cookies by host, path and name (RFC 6265). They end with the call, or when the app lets them expire."""

    def __init__(self) -> None:
        self._cookies: dict[tuple[str, str, str], Cookie] = {}
        self.logins: dict[str, Login] = {}  # by host and port

    def store(self, url: str, set_cookie: str) -> None:
        """Keep what an answer from `url` sets; several headers stand on several lines."""
        for line in set_cookie.splitlines():
            cookie, forgotten = _read(url, line[:COOKIE_BYTES_MAX])
            if cookie is None:
                continue
            key = (cookie.host, cookie.path, cookie.name)
            if forgotten:
                self._cookies.pop(key, None)
            elif len(self._cookies) < COOKIES_MAX or key in self._cookies:
                self._cookies[key] = cookie

    def header(self, url: str) -> str:
        """The Cookie header for a request to `url`; empty when there is nothing to send."""
        if not self._cookies:
            return ""
        parts = urlsplit(url)
        where = parts.scheme, parts.hostname or "", parts.path or "/"
        fitting = [cookie for cookie in self._cookies.values() if cookie.goes_to(*where)]
        fitting.sort(key=lambda cookie: -len(cookie.path))
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in fitting)


def _read(url: str, line: str) -> tuple[Cookie | None, bool]:
    """The cookie of one Set-Cookie header, and whether it is to be forgotten; None when it sets none."""
    first, *rest = line.split(";")
    name, equals, value = (piece.strip() for piece in first.partition("="))
    if not equals or not name:
        return None, False
    said = {key.strip().lower(): text.strip() for key, _, text in (each.partition("=") for each in rest)}
    parts = urlsplit(url)
    host = parts.hostname or ""
    domain = said.get("domain", "").lstrip(".").lower()
    below = bool(domain) and (host == domain or host.endswith("." + domain))
    if domain and not below:
        return None, False  # nobody sets cookies for others
    path = said.get("path", "")
    path = path if path.startswith("/") else parts.path.rpartition("/")[0] or "/"
    return Cookie(name, value, domain or host, below, path, "secure" in said), _is_over(said)


def _is_over(said: dict[str, str]) -> bool:
    if age := said.get("max-age", ""):
        return age == "0" or age.startswith("-")
    try:
        expires = parsedate_to_datetime(said["expires"].replace("-", " "))
    except (KeyError, ValueError):
        return False
    return expires.replace(tzinfo=expires.tzinfo or UTC) < _LONG_AGO
