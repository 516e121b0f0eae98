"""Document: the one TwiML document that controls a line - fetch it, run its verbs, go where they lead."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from ivr.simulator import twiml
from ivr.simulator.error import Broken, Problem
from ivr.simulator.line import Line
from ivr.simulator.program import Fetch, Program, Redirected, Wait
from ivr.simulator.sound import seconds_of
from ivr.simulator.twiml import Element
from ivr.simulator.verb import UNKNOWN, Verb, read_attributes
from ivr.simulator.webhook import Pairs, Reply, Request

DOCUMENT_BYTES_MAX = 64 * 1024
DOCUMENT_TYPES = frozenset({"text/xml", "application/xml", "text/html"})
AUDIO_S_UNKNOWN = 10.0
URL_SAFE = "%/:?#[]@!$&'()*+,;=~"  # what a URL may hold stays as written, blanks and letters of others are escaped
BELONGS = {
    "Message": "it answers texts; in a call write <Sms>, or send by REST",
    "Body": "it answers texts",
    **dict.fromkeys(("Number", "Client", "Sip", "Conference", "Queue"), "it belongs in <Dial>"),
    **dict.fromkeys(("Stream", "Siprec", "Recording", "Transcription"), "it belongs in <Start> or <Connect>"),
    "Task": "it belongs in <Enqueue>",
    "Prompt": "it belongs in <Pay>",
}
APOLOGY = "We are sorry. An application error has occurred. Goodbye."


@lru_cache(maxsize=1000)
def _joined(base: str, reference: str) -> str:
    return urljoin(base, _quoted(reference))


def _quoted(reference: str) -> str:
    return quote(reference.strip(), safe=URL_SAFE)


@dataclass(slots=True)  # not frozen: that would cost five times as much, at each moment of each call
class Document:
    """A document's verbs and where it came from (empty: passed inline). `audio_s`: it was a sound of this length."""

    elements: tuple[Element, ...]
    url: str
    audio_s: float | None = None

    def resolve(self, reference: str | None) -> str:
        """The absolute URL that `reference` means here; blank or missing is the document's own. Raises Broken."""
        if not reference or not reference.strip():
            if not self.url:
                raise Broken(Problem(11100, "a verb without an action URL in a document that has no URL itself"))
            return self.url
        if self.url:
            try:
                return _joined(self.url, reference)
            except ValueError as error:
                raise Broken(Problem(11100, f"{reference}: {error}")) from error
        reference = _quoted(reference)
        if urlsplit(reference).scheme not in ("http", "https"):
            raise Broken(Problem(15004, f"{reference} in a document passed inline"))
        return reference


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a document runs: the verbs that exist there, and the parameters that its requests carry besides.

    `refusals` are the warnings for verbs that exist elsewhere but not here.
    """

    verbs: Mapping[str, Verb]
    params: Callable[[], Pairs] = tuple
    refusals: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)  # not frozen: that would cost five times as much, at each moment of each call
class Task:
    """One verb about to run: its element, its attributes as read, and the document and stage it stands in."""

    element: Element
    values: Mapping[str, Any]
    document: Document
    stage: Stage

    def request(self, reference: str | None, method: str, extra: Mapping[str, str] | None = None) -> Request:
        """A request to a URL written in this document."""
        return Request(self.document.resolve(reference), method, tuple((extra or {}).items()))

    def action(self, extra: Mapping[str, str]) -> Request:
        """The request to the verb's own action."""
        return self.request(self.values["action"], self.values["method"], extra)


def control(line: Line, request: Request | None, stage: Stage) -> Program:
    """Let the document at `request`, and those it leads to, control the line until verbs run out; raises Broken."""
    while request is not None:
        document = yield from opened(line, request, stage)
        request = yield from run_verbs(line, document, stage)


def main(line: Line, request: Request, stage: Stage) -> Program:
    """`control` with the fallback URL, and the carrier's apology when that fails too. Then the call is over."""
    while request is not None:
        try:
            request = yield from control(line, request, stage)
        except Broken as broken:
            line.error(broken.problem)
            extra = (("ErrorCode", str(broken.problem.code)), ("ErrorUrl", broken.url))
            fallback = line.fallback
            if fallback is None or broken.url == fallback.url:
                yield from _apologise(line)
                raise line.close("completed", "carrier") from None
            request = replace(fallback, extra=extra)
    if line.answered_at is None and line.lets_ring:
        raise line.close("no-answer", "app")
    line.pick_up()
    raise line.close("completed", "app")


def life(line: Line, opening: Program, stage: Stage) -> Program:
    """A line from beginning to end: its opening, then whatever REST puts in control."""
    while True:
        try:
            yield from opening
            return
        except Redirected as redirected:
            line.partner, line.ready, line.on_its_own = None, False, True
            line.note("redirect", f"REST puts {redirected.request.url or 'an inline document'} in control")
            for other in line.network.family(line):
                other.nudge()
            opening = main(line, redirected.request, stage)


def opened(line: Line, request: Request, stage: Stage) -> Program:
    """Fetch and read a document. Raises Broken with the URL that was asked."""
    try:
        line.count_document()
        if request.twiml is not None:
            return Document(twiml.read(request.twiml).elements, "")
        standard = line.params()
        if more := stage.params():
            standard = tuple((dict(standard) | dict(more)).items())
        reply = yield Fetch(Request(request.url, request.method, request.extra, standard))
        return _read(reply)
    except Broken as broken:
        broken.url = broken.url or request.url
        raise


def _read(reply: Reply) -> Document:
    if reply.problem is not None:
        raise Broken(reply.problem)
    kind = reply.content_type
    if len(reply.body) > DOCUMENT_BYTES_MAX and not kind.startswith("audio/"):
        raise Broken(Problem(11750, f"{len(reply.body)} bytes from {reply.url}"))
    if not reply.body.strip():
        raise Broken(Problem(11770, f"from {reply.url}"))
    if kind.startswith("audio/"):
        return Document((), reply.url, seconds_of(reply.body) or AUDIO_S_UNKNOWN)
    body = _in_utf_8(reply)
    if kind == "text/plain":
        try:
            return Document(twiml.read(body).elements, reply.url)
        except Broken:
            spoken = Element("Say", {}, (body.decode("utf-8", "replace"),))
            return Document((spoken,), reply.url)
    if kind not in DOCUMENT_TYPES:
        raise Broken(Problem(12300, f"{kind or 'no Content-Type'} from {reply.url} (send text/xml)"))
    return Document(twiml.read(body).elements, reply.url)


def _in_utf_8(reply: Reply) -> bytes:
    """The answer, read as its Content-Type says, unless the XML itself names its encoding."""
    charset = _charset(reply.headers.get("content-type", ""))
    if charset in ("utf-8", "utf8") or b"encoding=" in reply.body[:200]:
        return reply.body
    try:
        return reply.body.decode(charset).encode()
    except (LookupError, UnicodeDecodeError):
        return reply.body


@lru_cache(maxsize=100)
def _charset(content_type: str) -> str:
    charset = re.search(r"charset=[\"']?([\w.-]+)", content_type)
    return charset[1].lower() if charset else "utf-8"


def run_verbs(line: Line, document: Document, stage: Stage) -> Program:
    """Run a document's verbs in order; returns the request that one leads to, or None when they ran out."""
    if document.audio_s is not None:
        line.pick_up()
        line.hear("play", document.url)
        with line.doing("hearing"):
            yield Wait(document.audio_s)
    for element in document.elements:
        task = task_of(line, element, document, stage)
        if task is not None:
            try:
                request = yield from stage.verbs[element.name].run(line, task)
            except Broken as broken:
                broken.url = broken.url or document.url
                raise
            if request is not None:
                return request
    return None


def task_of(line: Line, element: Element, document: Document, stage: Stage) -> Task | None:
    """Read a verb's element, warning of what is odd; None when there is no such verb here."""
    verb = stage.verbs.get(element.name)
    if verb is None:
        code = stage.refusals.get(element.name, UNKNOWN)
        line.warn(Problem(code, f"no verb <{element.name}> here: skipped{_meant(element.name, stage)}"))
        return None
    values, problems = _read_as(verb, element)
    for problem in problems:
        line.warn(problem)
    return Task(element, values, document, stage)


@lru_cache(maxsize=4096)
def _read_as(verb: Verb, element: Element) -> tuple[Mapping[str, Any], tuple[Problem, ...]]:
    """An element's attributes as the verb reads them, and what is odd about it."""
    values, problems = read_attributes(verb.name, verb.attributes, element.attributes)
    strangers = [child.name for child in element.elements if child.name not in verb.children]
    problems += [Problem(verb.child_code, f"<{verb.name}> cannot hold <{name}>: skipped") for name in strangers]
    return values, tuple(problems)


def _meant(name: str, stage: Stage) -> str:
    if name in BELONGS:
        return f" ({BELONGS[name]})"
    for known in stage.verbs:
        if known.lower() == name.lower():
            return f" (did you mean <{known}>?)"
    return ""


def _apologise(line: Line) -> Program:
    line.pick_up()
    line.hear("say", APOLOGY, "en-US")
    with line.doing("hearing"):
        yield Wait(len(APOLOGY) / 13.4)
