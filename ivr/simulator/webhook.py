"""Webhook: one signed request to the app, with the carrier's retries, redirects, log-ins and cookies.

https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import quote_plus, urljoin, urlsplit

from ivr.simulator.cookies import Jar
from ivr.simulator.error import Problem
from ivr.simulator.login import login
from ivr.simulator.overrides import BadOverride, Limits, overrides
from ivr.simulator.signature import as_sent, sign
from ivr.simulator.transport import FetchFailed, Transport, stopwatch_s

REDIRECTS_MAX = 10
FORM = "application/x-www-form-urlencoded; charset=utf-8"

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be asked: `standard` are the call's parameters, `extra` those of the verb (not repeated after a 3xx).

    `twiml` is a document passed inline instead of a URL.
    """

    url: str
    method: str = "POST"
    extra: Pairs = ()
    standard: Pairs = ()
    twiml: bytes | None = None


class Sent(NamedTuple):
    """One request as it went out and what came back (None: nothing)."""

    method: str
    url: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    status: int | None
    answer: bytes
    problem: Problem | None


class Reply(NamedTuple):
    """What the app said in the end; `url` is where after redirects. `problem` is set when it cannot be used."""

    url: str
    status: int | None = None
    headers: Mapping[str, str] = MappingProxyType({})
    body: bytes = b""
    problem: Problem | None = None
    sent: tuple[Sent, ...] = ()

    @property
    def content_type(self) -> str:
        """The media type without parameters, in lower case; empty when the header is missing."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()


@dataclass(slots=True)
class Trip:
    """One request under way, from the first try to the last redirect."""

    request: Request
    transport: Transport
    token: str
    jar: Jar
    idempotency_token: str
    sent: list[Sent] = field(default_factory=list)

    def fetch(self) -> Reply:
        """Go; never raises. Failures are in the reply's `problem`."""
        try:
            urlsplit(self.request.url)
        except ValueError as error:
            return Reply(self.request.url, problem=Problem(11100, f"{self.request.url}: {error}"))
        try:
            given = overrides(self.request.url)
        except BadOverride as error:
            return Reply(self.request.url, problem=error.problem)
        began_s = stopwatch_s()
        reply, kind = self._follow(given.limits)
        for _ in range(given.retries):
            if kind not in given.policy:
                break
            left_s = given.limits.total_s - (stopwatch_s() - began_s)
            if left_s <= 0:
                break
            reply, kind = self._follow(replace(given.limits, total_s=left_s))
        return Reply(reply.url, reply.status, reply.headers, reply.body, reply.problem, tuple(self.sent))

    def _follow(self, limits: Limits) -> tuple[Reply, str]:
        """Ask and follow redirects; the reply and the kind of failure in the words of the retry policy."""
        request = self.request
        for _ in range(REDIRECTS_MAX + 1):
            reply, kind = self._ask(request, limits)
            if reply.status is None or not 300 <= reply.status < 400:
                return reply, kind
            where = reply.headers.get("location", "")
            if reply.status not in (301, 302, 303, 307) or not where:
                problem = Problem(11216, f"{reply.status} to {where or 'nowhere'} from {as_sent(request.url)}")
                return reply._replace(problem=problem), "3xx"
            method = request.method if reply.status == 307 else "GET"
            request = replace(request, url=urljoin(reply.url, where), method=method, extra=())
        return reply._replace(problem=Problem(11215, f"the last one from {as_sent(request.url)}")), "3xx"

    def _ask(self, request: Request, limits: Limits) -> tuple[Reply, str]:
        reply, kind = self._send(request, limits)
        if reply.status == 401 and (known := login(request.url, reply.headers.get("www-authenticate", ""))):
            self.jar.logins[urlsplit(as_sent(request.url)).netloc] = known
            reply, kind = self._send(request, limits)
        return reply, kind

    def _send(self, request: Request, limits: Limits) -> tuple[Reply, str]:
        base = as_sent(request.url)
        url, body, form = base, b"", ()
        params = request.standard + request.extra if request.extra else request.standard
        if request.method == "GET":
            url = base + (("&" if "?" in base else "?") + encoded(params) if params else "")
        else:
            form, body = params, encoded(params).encode()
        headers = self._headers(url, form, request.method)
        status, answer_headers, answer, problem, kind = None, {}, b"", None, ""
        try:
            status, answer_headers, answer = self.transport.request(request.method, url, headers, body, limits)
            if cookies := answer_headers.get("set-cookie"):
                self.jar.store(url, cookies)
            if status >= 400:
                problem, kind = Problem(11217, f"{status} from {base}"), f"{status // 100}xx"
        except FetchFailed as failure:
            problem, kind = failure.problem, failure.stage
        except ValueError as error:
            problem, kind = Problem(11100, f"{base}: {error}"), "url"
        self.sent.append(Sent(request.method, url, dict(params), headers, status, answer, problem))
        # What the document is relative to: the URL as configured, without the parameters that GET appended.
        return Reply(base, status, answer_headers, answer, problem), kind

    def _headers(self, url: str, form: Pairs, method: str) -> dict[str, str]:
        headers = {
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            "Cache-Control": "max-age=259200",
            "I-Twilio-Idempotency-Token": self.idempotency_token,
            "X-Twilio-Signature": sign(self.token, url, form),
        }
        if method != "GET":
            headers["Content-Type"] = FORM
        if cookie := self.jar.header(url):
            headers["Cookie"] = cookie
        if self.jar.logins and (known := self.jar.logins.get(urlsplit(url).netloc)):
            headers["Authorization"] = known.header(method, url, self.idempotency_token)
        return headers


_quoted = lru_cache(maxsize=4096)(quote_plus)


@lru_cache(maxsize=4096)
def _encoded(pair: tuple[str, str]) -> str:
    return f"{_quoted(pair[0])}={_quoted(pair[1])}"


def encoded(params: Pairs) -> str:
    """The pairs as a form or a query carries them."""
    return "&".join(map(_encoded, params))  # the same pairs come again and again
