"""Lossy: a way to the app, and a door of REST, where things get lost, late or refused on purpose."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ivr.simulator.overrides import Limits
from ivr.simulator.transport import LIMITS, Answer, FetchFailed, Transport

if TYPE_CHECKING:
    from ivr.simulator.mischief import Refusal

REASONS = {429: "429 Too Many Requests", 500: "500 Internal Server Error", 503: "503 Service Unavailable"}


class LossyWay:
    """One request's way to the app. `late_s`: how long all its tries have taken, in the network's time."""

    def __init__(self, app: Transport, mishap: Callable[[], tuple[str, float]]) -> None:
        self.late_s = 0.0
        self._app = app
        self._mishap = mishap

    def request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, limits: Limits = LIMITS
    ) -> Answer:
        """Ask the app, or lose the request, or the answer; see Transport."""
        lost, slow_s = self._mishap()
        left_s = limits.total_s - self.late_s
        if left_s <= 0:
            raise FetchFailed(11203, f"{url} (chaos: after {limits.total_s:g} s)", "total")
        if lost == "request":
            self.late_s += min(limits.connect_s, left_s)
            raise FetchFailed(11201, f"{url} (chaos: the request is lost)", "ct")
        answer = self._app.request(method, url, headers, body, limits)
        most_s = min(limits.read_s, left_s)
        if lost == "answer" or slow_s > most_s:
            self.late_s += most_s
            why = "the answer is lost" if lost else f"it took {slow_s:g} s"
            raise FetchFailed(11203, f"{url} (chaos: {why})", "rt")
        self.late_s += slow_s
        return answer


class LossyDoor:
    """REST as a WSGI app that refuses what `refusal` says, sometimes after doing it."""

    def __init__(self, rest: Any, refusal: Callable[[str], Refusal | None]) -> None:
        self._rest = rest
        self._refusal = refusal

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request; see PEP 3333."""
        refusal = self._refusal(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        if refusal is None:
            return self._rest(environ, start_response)
        if refusal.done:
            answer = self._rest(environ, lambda *_: bytearray().extend)
            getattr(answer, "close", lambda: None)()
        body = json.dumps(
            {
                "code": refusal.code,
                "message": refusal.message,
                "more_info": f"https://www.twilio.com/docs/errors/{refusal.code}",
                "status": refusal.status,
            }
        ).encode()
        start_response(
            REASONS[refusal.status], [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        )
        return [body]
