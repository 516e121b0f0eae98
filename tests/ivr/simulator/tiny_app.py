"""Tiny app: a TwiML app of constants that remembers what it was asked and checks who asked, for the carrier's tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Request, Response

from ivr.simulator.line import Line
from ivr.simulator.network import Network
from ivr.simulator.transport import WsgiApp

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TOKEN = "12345"
CALLER, NUMBER = "+4915112345678", "+18005550142"
HOST = "https://a.test"


@dataclass(frozen=True)
class Asked:
    """One request: what arrived, and whether the official validator takes its signature."""

    method: str
    path: str
    url: str
    params: dict[str, str]
    headers: dict[str, str]
    signed: bool


Document = str | Response | Callable[[MultiDict[str, str]], "str | Response"]


@dataclass
class TinyApp:
    """Documents by path: the inside of a Response element, a whole answer, or a function of the parameters."""

    documents: Mapping[str, Document]
    token: str = TOKEN
    asked: list[Asked] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        request = Request(environ)
        url = f"{request.scheme}://{request.host}{environ.get('RAW_URI', request.full_path)}"
        form = request.form
        signature = request.headers.get("X-Twilio-Signature", "")
        signed = RequestValidator(self.token).validate(url, form, signature)
        params = (form if request.method == "POST" else request.args).to_dict()
        self.asked.append(Asked(request.method, request.path, url, params, dict(request.headers), signed))
        answer = self.documents.get(request.path, Response("", 404))
        if callable(answer) and not isinstance(answer, Response):
            answer = answer(MultiDict(params))
        if isinstance(answer, str):
            answer = Response(f"<Response>{answer}</Response>", content_type="text/xml")
        return answer(environ, start_response)

    def to(self, path: str) -> list[dict[str, str]]:
        """The parameters of each request to `path`."""
        return [each.params for each in self.asked if each.path == path]

    def paths(self) -> list[str]:
        """What was asked, in order."""
        return [each.path for each in self.asked]


def carrier(documents: Mapping[str, Document], **options: Any) -> tuple[Network, TinyApp]:
    """A network whose one number asks `/v?x=1` of a tiny app."""
    app = TinyApp(documents)
    number = {name: options.pop(name) for name in ("fallback_url", "status_callback") if name in options}
    network = Network(START, auth_token=TOKEN, app=WsgiApp(app), **options)
    network.number(NUMBER, f"{HOST}/v?x=1", **number)
    return network, app


def ring(documents: Mapping[str, Document] | str, **options: Any) -> tuple[Network, TinyApp, Line]:
    """The same, and somebody calls. A string is the first document."""
    if isinstance(documents, str):
        documents = {"/v": documents}
    network, app = carrier(documents, **options)
    return network, app, network.call(CALLER, NUMBER)


def said(line: Line) -> list[str]:
    """What the person on the line has been told."""
    return [heard.text for heard in line.heard if heard.kind == "say"]


def at(network: Network) -> float:
    """Seconds since the network's start."""
    return (network.now() - START).total_seconds()


def codes(network: Network) -> list[int]:
    """The numbers of the errors and warnings so far."""
    return [entry.data["code"] for entry in network.trace if entry.kind in ("error", "warning")]


def speak_s(text: str, per_s: float = 13.4) -> float:
    """How long words take at so many characters a second."""
    return len(text) / per_s
