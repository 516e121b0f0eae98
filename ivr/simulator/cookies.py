"""Cookies: the jar (and the log-ins) that the carrier keeps for each call, as one browser would."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

COOKIES_MAX = 50


class Jar:
    """Cookies by host, path and name. They end with the call, so only `Max-Age=0` and an empty value end one early."""

    def __init__(self) -> None:
        self._cookies: dict[tuple[str, str, str], str] = {}
        self.logins: dict[str, str] = {}  # host -> Authorization header that it has asked for

    def store(self, url: str, set_cookie: str) -> None:
        """Keep what an answer from `url` sets; several headers stand on several lines."""
        parts = urlsplit(url)
        for line in set_cookie.splitlines():
            cookies = SimpleCookie()
            try:
                cookies.load(line)
            except CookieError:
                continue
            for name, cookie in cookies.items():
                path = cookie["path"] if cookie["path"].startswith("/") else _folder(parts.path)
                key = (parts.netloc.rpartition("@")[2], path, name)
                if cookie["max-age"] == "0":
                    self._cookies.pop(key, None)
                elif len(self._cookies) < COOKIES_MAX or key in self._cookies:
                    self._cookies[key] = cookie.coded_value

    def header(self, url: str) -> str:
        """The Cookie header for a request to `url`; empty when there is nothing to send."""
        parts = urlsplit(url)
        host, path = parts.netloc.rpartition("@")[2], parts.path or "/"
        fitting = [
            (where, name, value)
            for (of, where, name), value in self._cookies.items()
            if of == host and _in(path, where)
        ]
        fitting.sort(key=lambda cookie: -len(cookie[0]))
        return "; ".join(f"{name}={value}" for _, name, value in fitting)


def _folder(path: str) -> str:
    return path.rpartition("/")[0] or "/"


def _in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder if folder.endswith("/") else folder + "/")
