"""Webhook: one signed request to the app, with the carrier's retries, redirects, log-ins and cookies.

https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs, unquote, urlencode, urljoin, urlsplit

from ivr.simulator.cookies import Jar
from ivr.simulator.error import Problem
from ivr.simulator.signature import as_sent, sign
from ivr.simulator.transport import FetchFailed, Transport

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


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as it went out and what came back (None: nothing)."""

    method: str
    url: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    status: int | None
    answer: bytes
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class Reply:
    """What the app said in the end; `url` is where after redirects. `problem` is set when it cannot be used."""

    url: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    problem: Problem | None = None
    sent: tuple[Sent, ...] = ()

    @property
    def content_type(self) -> str:
        """The media type without parameters, in lower case; empty when the header is missing."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Overrides:
    """The connection overrides that stand after `#` in a URL: how often to retry, and after what."""

    retries: int = 1
    policy: frozenset[str] = frozenset({"ct"})


def overrides(url: str) -> Overrides:
    """Read them; raises ValueError naming the one that cannot be read."""
    given = {name: values[-1] for name, values in parse_qs(urlsplit(url).fragment).items()}
    retries, policy = Overrides().retries, Overrides().policy
    if "rc" in given:
        if not given["rc"].isdecimal() or int(given["rc"]) > 5:
            raise ValueError(f"rc={given['rc']} (0 to 5)")
        retries = int(given["rc"])
    if "rp" in given:
        policy = frozenset(given["rp"].split(","))
        if unknown := policy - {"4xx", "5xx", "ct", "rt", "all"}:
            raise ValueError(f"rp={','.join(sorted(unknown))} (4xx, 5xx, ct, rt, all)")
        if "all" in policy:
            policy = frozenset({"4xx", "5xx", "ct", "rt"})
    return Overrides(retries, policy)


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
            limits = overrides(self.request.url)
        except ValueError as error:
            return Reply(self.request.url, problem=Problem(11240, str(error)))
        for last in self._tries(limits):
            reply, kind = self._follow()
            if last or kind not in limits.policy:
                break
        return replace(reply, sent=tuple(self.sent))

    def _tries(self, limits: Overrides) -> Iterator[bool]:
        for count in range(limits.retries + 1):
            yield count == limits.retries

    def _follow(self) -> tuple[Reply, str]:
        """Ask and follow redirects; the reply and the kind of failure in the words of the retry policy."""
        request = self.request
        for _ in range(REDIRECTS_MAX + 1):
            reply, kind = self._ask(request)
            if reply.status is None or not 300 <= reply.status < 400:
                return reply, kind
            where = reply.headers.get("location", "")
            if reply.status not in (301, 302, 303, 307) or not where:
                problem = Problem(11216, f"{reply.status} to {where or 'nowhere'} from {as_sent(request.url)}")
                return replace(reply, problem=problem), "3xx"
            method = request.method if reply.status == 307 else "GET"
            request = replace(request, url=urljoin(reply.url, where), method=method, extra=())
        return replace(reply, problem=Problem(11215, f"the last one from {as_sent(request.url)}")), "3xx"

    def _ask(self, request: Request) -> tuple[Reply, str]:
        reply, kind = self._send(request, {})
        wants = reply.headers.get("www-authenticate", "")
        user, _, password = urlsplit(request.url).netloc.rpartition("@")[0].partition(":")
        if reply.status == 401 and user and wants.lower().startswith("basic"):
            pair = f"{unquote(user)}:{unquote(password)}".encode()
            login = "Basic " + base64.b64encode(pair).decode()
            self.jar.logins[urlsplit(as_sent(request.url)).netloc] = login
            reply, kind = self._send(request, {"Authorization": login})
        return reply, kind

    def _send(self, request: Request, more: Mapping[str, str]) -> tuple[Reply, str]:
        base = as_sent(request.url)
        url, body, form = base, b"", ()
        params = request.standard + request.extra
        if request.method == "GET":
            url = base + (("&" if "?" in base else "?") + urlencode(params) if params else "")
        else:
            form, body = params, urlencode(params).encode()
        headers = self._headers(url, form, request.method) | more
        status, answer_headers, answer, problem, kind = None, {}, b"", None, ""
        try:
            status, answer_headers, answer = self.transport.request(request.method, url, headers, body)
            self.jar.store(url, answer_headers.get("set-cookie", ""))
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
        if login := self.jar.logins.get(urlsplit(url).netloc):
            headers["Authorization"] = login
        return headers
