"""Door: what a telephone's page may ask, from this machine and from its own page only."""

from __future__ import annotations

import json
import queue
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Any

from werkzeug.exceptions import BadRequest, Conflict, Forbidden, HTTPException, NotFound, UnsupportedMediaType
from werkzeug.routing import Map, Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from ivr.simulator.line import Line
from ivr.simulator.network import Network, UnknownNumber
from ivr.simulator.phone.handset import Handset, Inbox
from ivr.simulator.phone.kept import NotKept, kept
from ivr.simulator.phone.microphone import PIECE_BYTES_MAX
from ivr.simulator.phone.switch import Refused, Switch
from ivr.simulator.phone.voice import Voice
from ivr.simulator.sound import seconds_of

PAGES = Path(__file__).parents[1] / "pages"
FILES = {
    "phone.css": "text/css",
    "phone.js": "text/javascript",
    "phone-sound.js": "text/javascript",
    "phone-talk.js": "text/javascript",
    "phone-microphone.js": "text/javascript",
    "phone-pieces.js": "text/javascript",
}
BODY_MAX = 32_000
"""Of JSON: what two browsers tell each other to find their way is about 2 kB."""

KEYS_MAX = 32
TEXT_MAX = 1_000
COMMENT_EVERY_S = 5.0
"""So often it is noticed that a page is gone."""

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

PREFLIGHT = {"Access-Control-Allow-Methods": "GET, POST", "Access-Control-Allow-Headers": "Content-Type"}
"""What a browser asks before it lets a page of `origins` send JSON."""

Place = Callable[[str], Mapping[str, Any] | None]
"""Where in the option tree a call (by its SID) is; for an app that lets this be known."""


class Phone:
    """The WSGI app. Mount it anywhere beside the carrier's REST; `numbers` are offered for dialling.

    The network must live in real time. `new_key` makes words that nobody can guess, one for each window. `voice`
    speaks, `music` (a WAV file) is heard by who waits, `place` tells where in its tree an app has a call, `params` are
    stated in the webhooks of every call. Pages from elsewhere, and other hosts' names for this machine, are refused -
    but for pages of `origins` (such as `http://127.0.0.1:8080`), which may have telephones of their own.
    """

    def __init__(
        self,
        network: Network,
        numbers: Iterable[str],
        new_key: Callable[[], str],
        zone: tzinfo | None = None,
        *,
        voice: Voice | None = None,
        music: Callable[[], bytes] | None = None,
        place: Place | None = None,
        params: Mapping[str, str] | None = None,
        origins: Collection[str] = (),
    ) -> None:
        self._network, self._origins = network, frozenset(origins)
        self._numbers = list(numbers)
        self._zone, self._place = zone, place
        self._switch = Switch(network, zone, new_key, voice, music, params)
        self._urls = Map(
            [
                Rule("/", endpoint=self._page, methods=["GET"]),
                Rule("/<name>", endpoint=self._file, methods=["GET"]),
                Rule("/handsets", endpoint=self._open, methods=["POST"]),
                Rule("/sounds/<name>", endpoint=self._sound, methods=["GET"]),
                Rule("/handsets/<key>/events", endpoint=self._events, methods=["GET"]),
                Rule("/handsets/<key>/script", endpoint=self._script, methods=["GET"]),
                Rule("/handsets/<key>/place", endpoint=self._where, methods=["GET"]),
                Rule("/handsets/<key>/heard", endpoint=self._heard, methods=["POST"]),
                Rule("/handsets/<key>/<deed>", endpoint=self._do, methods=["POST"]),
            ]
        )
        self._deeds: Mapping[str, Callable[[Handset, Mapping[str, Any]], Mapping[str, Any]]] = {
            "number": self._number,
            "call": self._call,
            "answer": lambda handset, _: self._act(handset, Line.answer),
            "reject": lambda handset, _: self._act(handset, Line.reject),
            "hang-up": lambda handset, _: self._act(handset, Line.hang_up),
            "press": self._press,
            "say": self._say,
            "slower": self._slower,
            "signal": self._signal,
        }

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        request = Request(environ)
        request.max_content_length = max(BODY_MAX, PIECE_BYTES_MAX)
        try:
            response = self._answer(request)
        except HTTPException as error:
            response = _json({"error": error.description}, error.code or 500)
        response.headers.update(HEADERS)
        if self._is_welcome(request):
            response.headers.update({"Access-Control-Allow-Origin": request.headers["Origin"], "Vary": "Origin"})
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        name = request.host.rpartition(":")[0] if request.host.rpartition(":")[2].isdecimal() else request.host
        if name not in LOOPBACK:
            raise Forbidden("this telephone works on this machine only: open it as 127.0.0.1")
        own, welcome = f"{request.scheme}://{request.host}", self._is_welcome(request)
        if request.method != "GET" and not welcome and request.headers.get("Origin") != own:
            raise Forbidden("only this telephone's own page may do that")
        if request.method == "OPTIONS" and welcome:
            return Response(status=204, headers=PREFLIGHT)
        if not request.environ.get("PATH_INFO"):
            return redirect(request.script_root + "/", 308)
        endpoint, values = self._urls.bind_to_environ(request.environ).match()
        if endpoint not in (self._page, self._file) and not welcome and not _same_site(request):
            raise Forbidden("only this telephone's own page may see that")
        try:
            return endpoint(request, **values)
        except (Refused, NotKept) as refused:
            raise Conflict(str(refused)) from refused

    def _is_welcome(self, request: Request) -> bool:
        """Whether a page asks that is not ours and has been named as one that may."""
        return request.headers.get("Origin") in self._origins

    # What pages fetch.

    def _page(self, _request: Request) -> Response:
        return Response((PAGES / "phone.html").read_bytes(), content_type="text/html; charset=utf-8")

    def _file(self, _request: Request, name: str) -> Response:
        if name not in FILES:
            raise NotFound("there is no such page")
        return Response((PAGES / name).read_bytes(), content_type=f"{FILES[name]}; charset=utf-8")

    def _sound(self, _request: Request, name: str) -> Response:
        with self._network.lock:
            found = self._switch.shelf.get(name)
        if found is None:
            raise NotFound("this sound is not here any more")
        return Response(found[1], content_type=found[0])

    def _script(self, _request: Request, key: str) -> Response:
        with self._network.lock:
            text = kept(self._network, self._handset(key), set(self._others()), self._zone)
        response = Response(text, content_type="text/plain; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="phone.call"'
        return response

    def _where(self, _request: Request, key: str) -> Response:
        line = self._handset(key).line
        place = self._place(line.sid) if self._place and line is not None else None
        return _json({"place": place})

    def _events(self, _request: Request, key: str) -> Response:
        handset = self._handset(key)
        return Response(self._stream(handset), content_type="text/event-stream; charset=utf-8")

    def _stream(self, handset: Handset) -> Iterator[bytes]:
        """What has happened so far, then what happens; ends when another page listens in its place."""
        inbox: Inbox = self._switch.listen(handset)
        try:
            while True:
                try:
                    event, told = inbox.get(timeout=COMMENT_EVERY_S)
                except queue.Empty:
                    yield b": still here\n\n"
                    continue
                yield f"event: {event}\ndata: {json.dumps(told, ensure_ascii=False)}\n\n".encode()
                if event in ("replaced", "end"):
                    return
        finally:
            self._switch.gone(handset, inbox)

    # What pages do.

    def _open(self, request: Request) -> Response:
        handset = self._switch.open(str(_body(request).get("number", "")).strip())
        told = {"key": handset.key, "number": handset.number, "numbers": self._numbers}
        return _json(told | {"place": self._place is not None, "voice": self._switch.voice is not None}, 201)

    def _do(self, request: Request, key: str, deed: str) -> Response:
        handset, act = self._handset(key), self._deeds.get(deed)
        if act is None:
            raise NotFound("a telephone cannot do that")
        return _json(act(handset, _body(request)))

    def _number(self, handset: Handset, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        self._switch.number(handset, str(asked.get("number", "")).strip())
        return {"number": handset.number}

    def _call(self, handset: Handset, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            line = self._switch.call(handset, str(asked.get("to", "")).strip(), withheld=asked.get("withheld") is True)
        except UnknownNumber as error:
            called = str(asked.get("to", ""))[:100]
            raise BadRequest(f'nobody has the number "{called}" here; call {" or ".join(self._numbers)}') from error
        return {"call": line.sid}

    def _act(self, handset: Handset, act: Callable[[Line], object]) -> Mapping[str, Any]:
        act(_live(handset))
        return {}

    def _press(self, handset: Handset, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        keys = str(asked.get("keys", ""))
        if not keys or len(keys) > KEYS_MAX or set(keys) - set("0123456789*#"):
            raise BadRequest("a telephone has the keys 0-9, * and #")
        _live(handset).press(keys)
        return {}

    def _say(self, handset: Handset, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        words = str(asked.get("text", "")).strip()[:TEXT_MAX]
        if not words:
            raise BadRequest("say something: words are missing")
        line = _live(handset)
        if line.state == "recording":
            return self._leave(handset, line, words)
        line.speak(words)
        return {}

    def _leave(self, handset: Handset, line: Line, words: str) -> Mapping[str, Any]:
        """A message without a microphone: spoken by the voice, if there is one."""
        with self._network.lock:
            voice = self._switch.voice
            language = next((each.language for each in reversed(line.heard) if each.language), "en-US")
            sound = (voice.wav(words, language) if voice is not None else None) or b""
            handset.microphone.typed = sound
            line.leave_message(seconds_of(sound) or len(words) / 14 + 0.5, words)
        return {}

    def _heard(self, request: Request, key: str) -> Response:
        if request.mimetype != "audio/l16":
            raise UnsupportedMediaType("send audio/l16: 8 kHz, mono, 16 bit, little-endian")
        handset, piece = self._handset(key), request.get_data(cache=False)
        with self._network.lock:
            line = _live(handset)
            try:
                spoken_s = handset.microphone.hear(piece)
            except ValueError as error:
                raise BadRequest(str(error)) from error
            if spoken_s:
                line.murmur(spoken_s)
        return _json({"spoken_s": spoken_s})

    def _slower(self, handset: Handset, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        with self._network.lock:
            handset.slower = asked.get("slower") is True
        return {"slower": handset.slower}

    def _signal(self, handset: Handset, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        self._switch.relay(handset, str(asked.get("to", "")), asked.get("signal"))
        return {}

    def _handset(self, key: str) -> Handset:
        handset = self._switch.handsets.get(key)
        if handset is None:
            raise NotFound("this telephone has been closed: load its page again")
        return handset

    def _others(self) -> Iterator[str]:
        return (handset.number for handset in self._switch.handsets.values())


def _live(handset: Handset) -> Line:
    if handset.line is None:
        raise Conflict("there is no call")
    if handset.line.over:
        raise Conflict("the call is over")
    return handset.line


def _same_site(request: Request) -> bool:
    """Whether the browser says that our own page asks; programs that are no browsers say nothing."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")


def _body(request: Request) -> dict[str, Any]:
    if request.mimetype != "application/json":
        raise BadRequest("send JSON")
    asked = request.get_json() if (request.content_length or 0) <= BODY_MAX else None
    if not isinstance(asked, dict):
        raise BadRequest(f"send a JSON object of at most {BODY_MAX} bytes")
    return asked


def _json(told: Mapping[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(told, ensure_ascii=False), status, content_type="application/json; charset=utf-8")
