"""Phone: a page in the browser that plays the caller, served by the simulated carrier on this machine only."""

from __future__ import annotations

import json
import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import Any

from werkzeug.exceptions import BadRequest, Conflict, Forbidden, HTTPException, NotFound, TooManyRequests
from werkzeug.routing import Map, Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from ivr.simulator.line import Line
from ivr.simulator.network import Network
from ivr.simulator.script.transcript import WIRE, phrase
from ivr.simulator.script.words import ADDRESS
from ivr.simulator.trace import Entry

PAGES = Path(__file__).parent / "pages"
CALLS_MAX = 20
ENTRIES_MAX = 2_000
BODY_MAX = 10_000
MESSAGE_MAX_S = 120.0
TEXT_MAX = 1_000
COMMENT_EVERY_S = 5.0
"""So often it is noticed that a page is gone."""

UNHEARD_MAX_S = 20.0
"""A call that no page has listened to for so long is hung up; a page that is reloaded is back within a second."""

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}


@dataclass(slots=True)
class Ringing:
    """One call made with the phone, and the pages that listen to it."""

    line: Line
    entries: list[dict[str, Any]] = field(default_factory=list)
    listeners: list[queue.SimpleQueue[dict[str, Any]]] = field(default_factory=list)
    heard: int = 0  # how often a page has begun to listen


class Phone:
    """The WSGI app. Mount it anywhere beside the carrier's REST; `numbers` are offered for dialling.

    The network must live in real time. Pages from elsewhere, and other hosts' names for this machine, are refused.
    """

    def __init__(self, network: Network, numbers: list[str], zone: tzinfo | None = None) -> None:
        self._network = network
        self._numbers = numbers
        self._zone = zone
        self._calls: dict[str, Ringing] = {}
        self._urls = Map(
            [
                Rule("/", endpoint=self._page, methods=["GET"]),
                Rule("/<any('phone.css', 'phone.js'):name>", endpoint=self._page, methods=["GET"]),
                Rule("/numbers", endpoint=self._told_numbers, methods=["GET"]),
                Rule("/calls", endpoint=self._call, methods=["POST"]),
                Rule("/calls/<sid>/events", endpoint=self._events, methods=["GET"]),
                Rule("/calls/<sid>/press", endpoint=self._press, methods=["POST"]),
                Rule("/calls/<sid>/message", endpoint=self._message, methods=["POST"]),
                Rule("/calls/<sid>/hang-up", endpoint=self._hang_up, methods=["POST"]),
            ]
        )
        network.watch(self._watch)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        request = Request(environ)
        request.max_content_length = BODY_MAX
        try:
            response = self._answer(request)
        except HTTPException as error:
            response = _json({"error": error.description}, error.code or 500)
        response.headers.update(HEADERS)
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        name = request.host.rpartition(":")[0] if request.host.rpartition(":")[2].isdecimal() else request.host
        if name not in LOOPBACK:
            raise Forbidden("this telephone works on this machine only: open it as 127.0.0.1")
        if request.method == "POST" and request.headers.get("Origin") != f"{request.scheme}://{request.host}":
            raise Forbidden("only this telephone's own page may do that")
        if not request.environ.get("PATH_INFO"):
            return redirect(request.script_root + "/", 308)
        endpoint, values = self._urls.bind_to_environ(request.environ).match()
        return endpoint(request, **values)

    # What the page asks for.

    def _page(self, _request: Request, name: str = "phone.html") -> Response:
        path = PAGES / name
        return Response(path.read_bytes(), content_type=f"{_TYPES[path.suffix]}; charset=utf-8")

    def _told_numbers(self, _request: Request) -> Response:
        return _json({"numbers": self._numbers})

    def _call(self, request: Request) -> Response:
        asked = _body(request)
        caller, called = str(asked.get("from", "")).strip() or "anonymous", str(asked.get("to", "")).strip()
        if caller != "anonymous" and not ADDRESS.fullmatch(caller):
            raise BadRequest(f'"{caller}" is not a caller: +49..., client:NAME, sip:NAME@HOST or anonymous')
        if called not in self._numbers:
            raise BadRequest(f'nobody has the number "{called}" here; call {" or ".join(self._numbers)}')
        self._forget()
        with self._network.lock:  # so that nothing of the call is missed
            before = len(self._network.trace)
            line = self._network.call(caller, called)
            self._calls[line.sid] = Ringing(line)
            for entry in self._network.trace[before:]:
                self._watch(entry)
            self._hang_up_unheard(self._calls[line.sid])
        return _json({"call": line.sid}, 201)

    def _press(self, request: Request, sid: str) -> Response:
        keys = str(_body(request).get("keys", ""))
        if not keys or len(keys) > 32 or set(keys) - set("0123456789*#"):
            raise BadRequest("a telephone has the keys 0-9, * and #")
        self._live(sid).press(keys)
        return _json({})

    def _message(self, request: Request, sid: str) -> Response:
        asked = _body(request)
        length_s = asked.get("length_s")
        if not isinstance(length_s, int | float) or not 0 < length_s <= MESSAGE_MAX_S:
            raise BadRequest(f"a message lasts up to {MESSAGE_MAX_S:g} seconds")
        self._live(sid).leave_message(float(length_s), str(asked.get("text", ""))[:TEXT_MAX])
        return _json({})

    def _hang_up(self, _request: Request, sid: str) -> Response:
        self._live(sid).hang_up()
        return _json({})

    def _events(self, _request: Request, sid: str) -> Response:
        ringing = self._calls.get(sid)
        if ringing is None:
            raise NotFound("there is no such call")
        return Response(self._stream(ringing), content_type="text/event-stream; charset=utf-8")

    def _stream(self, ringing: Ringing) -> Iterator[bytes]:
        """What has happened so far, then what happens; ends with the call."""
        mine: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        with self._network.lock:
            for entry in ringing.entries:
                mine.put(entry)
            ringing.listeners.append(mine)
            ringing.heard += 1
        try:
            while True:
                try:
                    entry = mine.get(timeout=COMMENT_EVERY_S)
                except queue.Empty:
                    yield b": still here\n\n"
                    continue
                yield b"event: entry\ndata: " + json.dumps(entry, ensure_ascii=False).encode() + b"\n\n"
                if entry["ended"]:
                    return
        finally:
            with self._network.lock:
                ringing.listeners.remove(mine)
                self._hang_up_unheard(ringing)

    def _hang_up_unheard(self, ringing: Ringing) -> None:
        """Hang up after a while, unless a page listens (again) by then."""
        before = ringing.heard

        def unheard() -> bool:
            return not ringing.listeners and ringing.heard == before and not ringing.line.over

        self._network.put(UNHEARD_MAX_S, ringing.line.hang_up, alive=unheard)

    # What happens on the network.

    def _watch(self, entry: Entry) -> None:
        ringing = self._calls.get(entry.call_sid)
        if ringing is None or (entry.kind in WIRE and entry.kind not in ("gathers", "answer")):
            return
        told = {
            "at": f"{entry.time.astimezone(self._zone):%H:%M:%S}",
            "text": to_you(entry),
            "language": entry.data.get("language", ""),
            "manner": {"says": "said", "error": "wrong"}.get(entry.kind, "aside"),
            "state": _STATES.get(entry.kind, ""),
            "recording": entry.kind == "records",
            "ended": entry.kind == "ended",
        }
        if len(ringing.entries) < ENTRIES_MAX or told["ended"]:
            ringing.entries.append(told)
            for listener in ringing.listeners:
                listener.put(told)

    def _live(self, sid: str) -> Line:
        ringing = self._calls.get(sid)
        if ringing is None:
            raise NotFound("there is no such call")
        if ringing.line.over:
            raise Conflict("the call is over")
        return ringing.line

    def _forget(self) -> None:
        """Make room for one more call."""
        over = [sid for sid, ringing in self._calls.items() if ringing.line.over]
        for sid in over[: max(0, len(self._calls) - CALLS_MAX + 1)]:
            del self._calls[sid]
        if len(self._calls) >= CALLS_MAX:
            raise TooManyRequests(f"{CALLS_MAX} calls at once are enough for one telephone: hang up first")


def to_you(entry: Entry) -> str:
    """What an entry says to the person with the phone; empty: only the state changes."""
    by_you = entry.data.get("by") == "caller"
    yours = {
        "says": f"“{entry.text}”",
        "ring": f"You call {entry.text.rpartition(' ')[2]}",
        "answer": "Answered.",
        "gathers": "",
        "presses": f"You press {' '.join(entry.text)}",
        "speaks": f"You say: {entry.text}" if entry.text else "You speak.",
        "records": "Leave your message now.",
        "recorded": "Your message is kept." if entry.data.get("recording") else "Nothing was said.",
        "plays": "You " + phrase(entry).replace("hears", "hear", 1),
        "queued": entry.text.replace("waits", "You wait", 1),
        "left queue": "You leave the queue.",
        "joins": "You are being connected to a person.",
        "leaves": "The conversation is over.",
        "hangs up": "You hang up." if by_you else "The other side hangs up.",
        "ended": f"The call is over ({entry.data.get('status', '')}).",
    }
    return yours.get(entry.kind, phrase(entry))


_STATES = {
    "answer": "Connected.",
    "gathers": "Waiting for you to press a key.",
    "queued": "Waiting in a queue.",
    "records": "Recording: leave your message.",
    "recorded": "Connected.",
    "left queue": "Connected.",
    "joins": "Connected to a person.",
    "leaves": "Connected.",
    "bridged": "Connected to a person.",
    "ended": "The call is over.",
}


def _body(request: Request) -> dict[str, Any]:
    if request.mimetype != "application/json":
        raise BadRequest("send JSON")
    asked = request.get_json()
    if not isinstance(asked, dict):
        raise BadRequest("send a JSON object")
    return asked


def _json(told: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(told, ensure_ascii=False), status, content_type="application/json; charset=utf-8")
