"""Desk client: a representative's session with the desk's HTTP API - cookies, token, questions and answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from ivr.simulator.cookies import Jar
from ivr.simulator.transport import Transport


@dataclass(frozen=True, slots=True)
class DeskAnswer:
    """What the desk said: an HTTP status and the JSON with it ({} when it is none)."""

    status: int
    body: Mapping[str, Any]

    @property
    def fine(self) -> bool:
        """The desk did what was asked."""
        return 200 <= self.status < 300

    @property
    def why(self) -> str:
        """Why it did not, in the desk's own words."""
        field_name = f" ({self.body['field']})" if self.body.get("field") else ""
        return f"{self.status}: {self.body.get('error', 'no reason given')}{field_name}"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a desk is: its base URL, how it is reached, and `hire(name, skills)`, which makes (or finds) an agent's
    account and returns its password; no skills means every skill."""

    transport: Transport
    url: str
    hire: Callable[[str, Mapping[str, int]], str]

    def session(self) -> DeskClient:
        """A new session, not logged in yet."""
        return DeskClient(self.transport, self.url)


class DeskClient:
    """One representative's session. `url` is the desk's public base URL; refusals come back as answers."""

    def __init__(self, transport: Transport, url: str) -> None:
        self._transport = transport
        self._url = url.rstrip("/")
        self._jar = Jar()
        self._csrf = ""

    def login(self, name: str, password: str) -> DeskAnswer:
        """Begin the session; all else works only after it."""
        return self.post("/desk/api/login", {"name": name, "password": password})

    def state(self) -> DeskAnswer:
        """Everything the desk page would show."""
        return self._ask("GET", "/desk/api/state", None)

    def cases(self, **which: str) -> DeskAnswer:
        """The cases of a call or a number."""
        return self._ask("GET", f"/desk/api/cases?{urlencode(which)}", None)

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> DeskAnswer:
        """Do something at the desk."""
        return self._ask("POST", path, body or {})

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None) -> DeskAnswer:
        url = self._url + path
        headers = {"Accept": "application/json", "Origin": self._url, "X-CSRF-Token": self._csrf}
        if cookies := self._jar.header(url):
            headers["Cookie"] = cookies
        if body is not None:
            headers["Content-Type"] = "application/json"
        sent = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        status, answered, content = self._transport.request(method, url, headers, sent)
        self._jar.store(url, answered.get("set-cookie", ""))
        told = _json(content)
        self._csrf = str(told.get("csrf", self._csrf))
        return DeskAnswer(status, told)


def _json(content: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(content)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
