"""Webhooks over real HTTP: what is sent, and what happens when the app is slow, gone, moving or asking who is there."""

from __future__ import annotations

import base64
import hashlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from werkzeug.wrappers import Request, Response

from ivr.simulator.cookies import Jar
from ivr.simulator.document import APOLOGY
from ivr.simulator.line import Line
from ivr.simulator.network import Network
from ivr.simulator.overrides import Limits, Overrides, overrides
from ivr.simulator.transport import HttpApp, WsgiApp
from tests.ivr.simulator.tiny_app import CALLER, NUMBER, START, TOKEN, codes, said


class Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log_message(self, *_: object) -> None: ...


@contextmanager
def served(app: object) -> Iterator[str]:
    """The app behind HTTP on a free port of this machine."""
    with make_server("127.0.0.1", 0, app, WSGIServer, Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class Recorder:
    """Answers by path with what it is given, in turn (the last again and again), and keeps the requests."""

    def __init__(self, **answers: list[Response]) -> None:
        self.answers = answers
        self.asked: list[Request] = []

    def __call__(self, environ: dict, start_response: object) -> object:
        request = Request(environ)
        request.get_data(cache=True, parse_form_data=False)
        self.asked.append(request)
        answers = self.answers[request.path.strip("/")]
        return (answers.pop(0) if len(answers) > 1 else answers[0])(environ, start_response)

    def paths(self) -> list[str]:
        return [f"{request.method} {request.path}" for request in self.asked]


def twiml(inside: str) -> Response:
    return Response(f"<Response>{inside}</Response>", content_type="text/xml")


def called(url: str, transport: object = None, fallback_url: str | None = None) -> tuple[Network, Line]:
    network = Network(START, auth_token=TOKEN, app=transport or HttpApp())
    network.number(NUMBER, url, fallback_url)
    line = network.call(CALLER, NUMBER)
    network.run()
    return network, line


def test_it_arrives_over_http() -> None:
    app = Recorder(v=[twiml("<Say>Grüß dich</Say>")])
    with served(app) as place:
        network, line = called(f"{place}/v?x=%2B#rc=2")
    assert said(line) == ["Grüß dich"]
    (request,) = app.asked
    assert request.query_string == b"x=%2B"
    assert request.form["CallSid"] == line.sid
    assert network.webhooks[0].url == f"{place}/v?x=%2B"


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def test_a_refused_connection_is_tried_once_more_and_then_named() -> None:
    network, line = called(f"http://127.0.0.1:{free_port()}/v")
    assert codes(network) == [11202]
    assert len(network.webhooks) == 2
    tokens = {each.headers["I-Twilio-Idempotency-Token"] for each in network.webhooks}
    assert len(tokens) == 1
    assert said(line) == [APOLOGY]


def test_a_refused_connection_leads_to_the_fallback() -> None:
    app = Recorder(f=[twiml("<Say>Sorry</Say>")])
    with served(app) as place:
        _, line = called(f"http://127.0.0.1:{free_port()}/v", fallback_url=f"{place}/f")
    assert said(line) == ["Sorry"]
    assert app.asked[0].form["ErrorCode"] == "11202"


def test_a_slow_app_is_given_up_in_real_time_but_no_virtual_time_passes() -> None:
    def slow(environ: dict, start_response: object) -> object:
        time.sleep(0.4)  # the app is really slow: what is tested is a limit in real time
        return twiml("")(environ, start_response)

    with served(slow) as place:
        began = time.monotonic()
        network, line = called(f"{place}/v", HttpApp(timeout_s=0.2))
        assert time.monotonic() - began < 2
    assert codes(network) == [11203]
    assert len(network.webhooks) == 1  # a slow answer is not retried
    assert line.answered_at == START


def test_a_name_that_nobody_has() -> None:
    network, _ = called("http://ivr.invalid/v")
    assert codes(network) == [11210]


def test_the_app_hangs_up_in_the_middle() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:

        def slam() -> None:
            with door.accept()[0] as connection:
                connection.recv(65536)

        thread = threading.Thread(target=slam)
        thread.start()
        network, _ = called(f"http://127.0.0.1:{door.getsockname()[1]}/v")
        thread.join()
    assert codes(network) == [11206]


FAILING = [("rc=2&rp=5xx", 3), ("rc=1&rp=5xx", 2), ("", 1), ("rc=2&rp=4xx", 1), ("rc=0&rp=all", 1)]


@pytest.mark.parametrize(("fragment", "tries"), FAILING)
def test_retries_follow_the_url(fragment: str, tries: int) -> None:
    app = Recorder(v=[Response("", 503), Response("", 503), twiml("<Say>Hi</Say>")])
    _network, line = called(f"https://a.test/v#{fragment}", WsgiApp(app))
    assert len(app.asked) == tries
    assert len({request.headers["I-Twilio-Idempotency-Token"] for request in app.asked}) == 1
    assert said(line) == (["Hi"] if tries == 3 else [APOLOGY])


def test_overrides_that_cannot_be_read() -> None:
    network, _ = called("https://a.test/v#rc=9", WsgiApp(Recorder(v=[twiml("")])))
    assert codes(network) == [11243]


def moved(status: int, where: str) -> Response:
    return Response("", status, {"Location": where})


@pytest.mark.parametrize(("status", "method"), [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST")])
def test_a_redirect_is_followed_and_the_document_is_relative_to_where_it_ends(status: int, method: str) -> None:
    app = Recorder(
        **{"v": [moved(status, "/sub/w?a=1")], "sub/w": [twiml("<Redirect>x</Redirect>")], "sub/x": [twiml("")]}
    )
    called("https://a.test/v", WsgiApp(app))
    assert app.paths() == ["POST /v", f"{method} /sub/w", "POST /sub/x"]


def test_keys_are_not_sent_again_after_a_redirect() -> None:
    app = Recorder(v=[twiml("<Gather action='/g'/>")], g=[moved(307, "/h")], h=[twiml("")])
    network = Network(START, app=WsgiApp(app))
    network.number(NUMBER, "https://a.test/v")
    line = network.call(CALLER, NUMBER)
    network.run_until(lambda: line.awaits_input)
    line.press("1#")
    network.run()
    assert [request.form.get("Digits") for request in app.asked] == [None, "1", None]
    assert app.asked[2].form["CallSid"] == line.sid


@pytest.mark.parametrize(
    ("answer", "code", "asked"),
    [(moved(302, "/v"), 11215, 11), (moved(308, "/w"), 11216, 1), (Response("", 302), 11216, 1)],
)
def test_some_redirects_lead_nowhere(answer: Response, code: int, asked: int) -> None:
    app = Recorder(v=[answer])
    network, _ = called("https://a.test/v", WsgiApp(app))
    assert codes(network) == [code]
    assert len(app.asked) == asked


def test_a_login_is_sent_when_it_is_asked_for_and_kept() -> None:
    wants = Response("", 401, {"WWW-Authenticate": 'Basic realm="ivr"'})
    app = Recorder(v=[wants, twiml("<Redirect>/w</Redirect>")], w=[twiml("")])
    called("https://u:p%40q@a.test/v", WsgiApp(app))
    login = "Basic " + base64.b64encode(b"u:p@q").decode()
    assert [request.headers.get("Authorization") for request in app.asked] == [None, login, login]
    assert {request.host for request in app.asked} == {"a.test"}


def test_the_public_url_is_signed_while_another_address_is_asked() -> None:
    app = Recorder(v=[twiml("<Play>/s.wav</Play>")], **{"s.wav": [Response("", 404)]})
    with served(app) as place:
        network, _ = called("https://ivr.example/v", HttpApp(public_url="https://ivr.example", posts_to=place))
    assert app.paths() == ["POST /v", "GET /s.wav"]
    assert app.asked[0].host == "ivr.example"
    assert network.webhooks[0].url == "https://ivr.example/v"


def test_an_app_that_raises_is_a_500(caplog: pytest.LogCaptureFixture) -> None:
    def broken(environ: dict, start_response: object) -> object:
        raise ZeroDivisionError

    network, line = called("https://a.test/v", WsgiApp(broken))
    assert codes(network) == [11217]
    assert "ZeroDivisionError" in caplog.text
    assert said(line) == [APOLOGY]


def test_other_hosts_do_not_reach_an_app_with_a_public_url() -> None:
    app = Recorder(v=[twiml("<Play>https://music.example/s.wav</Play><Say>Hi</Say>")])
    network, line = called("https://a.test/v", WsgiApp(app, public_url="https://a.test"))
    assert codes(network) == [11210]
    assert said(line) == ["Hi"]


@pytest.mark.parametrize("url", ["ftp://a.test/v", "nonsense", "https://[oops/v", "tel:+1"])
def test_what_is_no_url_is_named(url: str) -> None:
    network, line = called(url)
    assert codes(network) in ([11100], [11205])
    assert said(line) == [APOLOGY]


OVERRIDES = [
    ("", Overrides()),
    ("rc=3&rp=5xx,rt", Overrides(retries=3, policy=frozenset({"5xx", "rt"}))),
    ("rp=all", Overrides(policy=frozenset({"4xx", "5xx", "ct", "rt"}))),
    ("ct=100&rt=4000&tt=10000", Overrides(Limits(0.1, 4.0, 10.0))),
    ("e=dublin,sydney&sni=n&x=1", Overrides()),
]


@pytest.mark.parametrize(("fragment", "given"), OVERRIDES)
def test_overrides_are_read(fragment: str, given: Overrides) -> None:
    assert overrides(f"https://a.test/v?rc=9#{fragment}") == given


BAD_OVERRIDES = [
    ("rc=6", 11243),
    ("rc=-1", 11243),
    ("rp=6xx", 11243),
    ("ct=99", 11243),
    ("rt=15001", 11243),
    ("tt=x", 11243),
    ("sni=maybe", 11243),
    ("e=berlin", 11240),
    ("e=dublin-ix", 11242),
]


@pytest.mark.parametrize(("fragment", "code"), BAD_OVERRIDES)
def test_bad_overrides_are_named_and_nobody_is_asked(fragment: str, code: int) -> None:
    app = Recorder(v=[twiml("")])
    network, line = called(f"https://a.test/v#{fragment}", WsgiApp(app))
    assert codes(network) == [code]
    assert not app.asked
    assert said(line) == [APOLOGY]


def test_the_url_says_how_long_to_wait_for_an_answer() -> None:
    def slow(environ: dict, start_response: object) -> object:
        time.sleep(0.3)  # the app is really slow: what is tested is a limit in real time
        return twiml("<Say>Hi</Say>")(environ, start_response)

    with served(slow) as place:
        assert said(called(f"{place}/v#rt=5000")[1]) == ["Hi"]
        assert codes(called(f"{place}/v#rt=100")[0]) == [11203]
        assert codes(called(f"{place}/v#tt=100")[0]) == [11203]
        assert len(called(f"{place}/v#rt=100&rc=2&rp=rt")[0].webhooks) == 3
    network, _ = called("https://a.test/v#rt=100", WsgiApp(slow))
    assert codes(network) == [11203]


def test_all_tries_together_have_a_limit_too() -> None:
    def slow(environ: dict, start_response: object) -> object:
        time.sleep(0.12)  # the app is really slow: what is tested is a limit in real time
        return Response("", 503)(environ, start_response)

    network, _ = called("https://a.test/v#rc=5&rp=all&tt=200", WsgiApp(slow))
    assert 2 <= len(network.webhooks) <= 3


def test_a_host_that_nobody_answers_at_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as door:
        fillers = [socket.socket() for _ in range(4)]
        for each in fillers:  # the queue of those who wait to be let in is full now
            each.setblocking(False)
            each.connect_ex(door.getsockname())
        network, _ = called(f"http://127.0.0.1:{door.getsockname()[1]}/v#ct=100&rc=0")
        for each in fillers:
            each.close()
    assert codes(network) == [11201]


def test_drip_after_drip_is_not_waited_for() -> None:
    def dripping(environ: dict, start_response: object) -> object:
        start_response("200 OK", [("Content-Type", "text/xml")])
        for _ in range(20):
            time.sleep(0.05)  # the app is really slow: what is tested is a limit in real time
            yield b" "

    with served(dripping) as place:
        began = time.monotonic()
        network, _ = called(f"{place}/v#rt=200")
        assert time.monotonic() - began < 1
    assert codes(network) == [11203]


def kept(*lines: str, url: str = "https://ivr.a.test/shop/v", asked: str = "") -> str:
    """The Cookie header that follows these Set-Cookie headers."""
    jar = Jar()
    jar.store(url, "\n".join(lines))
    return jar.header(asked or url)


COOKIES = [
    (["a=1"], "", "a=1"),
    (["a=1; Path=/"], "https://ivr.a.test/x", "a=1"),
    (["a=1"], "https://ivr.a.test/x", ""),  # it belongs to /shop
    (["a=1; Path=/shop"], "https://ivr.a.test/shopping", ""),
    (["a=1; Path=/"], "https://other.test/", ""),
    (["a=1; Path=/"], "https://ivr.a.test:8443/", "a=1"),  # ports do not matter
    (["a=1; Path=/; Domain=a.test"], "https://desk.a.test/", "a=1"),
    (["a=1; Path=/; Domain=other.test"], "https://other.test/", ""),
    (["a=1; Path=/; Secure"], "http://ivr.a.test/", ""),
    (["a=1", "b=2; Path=/"], "", "a=1; b=2"),
    (["b=2; Path=/", "a=1"], "", "a=1; b=2"),  # the narrower path first
    (["a=1", "a=2"], "", "a=2"),
    (["a=1", "a=; Max-Age=0"], "", ""),
    (["a=1", "a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], "", ""),
    (["a=1", "a=; expires=Thu, 01-Jan-1970 00:00:00 GMT"], "", ""),
    (["a=1; Expires=Wed, 21 Oct 2099 07:28:00 GMT; HttpOnly; SameSite=Lax"], "", "a=1"),
    (['s={"x":[1,2]}; Path=/'], "", 's={"x":[1,2]}'),  # as it was set, whatever it is
    (["session=eyJ.a-b_c==; Path=/"], "", "session=eyJ.a-b_c=="),
    (["nonsense", "=x", ""], "", ""),
    (["a="], "", "a="),
]


@pytest.mark.parametrize(("lines", "asked", "sent"), COOKIES)
def test_cookies_are_kept_as_a_browser_keeps_them(lines: list[str], asked: str, sent: str) -> None:
    assert kept(*lines, asked=asked) == sent


def test_a_jar_is_not_filled_for_ever() -> None:
    assert len(kept(*(f"c{number}=1" for number in range(1000))).split("; ")) == 50


def test_each_call_has_cookies_of_its_own() -> None:
    first = twiml("<Redirect>/w</Redirect>")
    first.set_cookie("a", "1")
    app = Recorder(v=[first], w=[twiml("")])
    network, _ = called("https://a.test/v", WsgiApp(app))
    network.call(CALLER, NUMBER)
    network.run()
    assert [request.headers.get("Cookie") for request in app.asked] == [None, "a=1", None, "a=1"]


class Guarded:
    """An app behind a digest login, checked by werkzeug's reading of the header and RFC 7616's formula."""

    def __init__(self, algorithm: str) -> None:
        self.algorithm, self.hash = algorithm, {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}[algorithm]
        self.seen: list[str] = []

    def __call__(self, environ: dict, start_response: object) -> object:
        request = Request(environ)
        login = request.authorization
        self.seen.append(login.parameters["nc"] if login else "")
        if login is None or login.parameters["response"] != self.right(request, login.parameters):
            realm = 'realm="ivr, \\"here\\""'
            ask = f'Digest {realm}, nonce="n1", qop="auth,auth-int", algorithm={self.algorithm}, opaque="o"'
            return Response("", 401, {"WWW-Authenticate": ask})(environ, start_response)
        inside = "<Redirect>/w?x=1</Redirect>" if request.path == "/v" else "<Say>Hi</Say>"
        return twiml(inside)(environ, start_response)

    def right(self, request: Request, given: dict[str, str]) -> str:
        def digest(text: str) -> str:
            return self.hash(text.encode()).hexdigest()

        path = request.environ["RAW_URI"]
        secret, asked = digest('mary:ivr, "here":p:q'), digest(f"{request.method}:{path}")
        return digest(f"{secret}:n1:{given['nc']}:{given['cnonce']}:auth:{asked}")


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_a_digest_login_is_answered_and_kept(algorithm: str) -> None:
    app = Guarded(algorithm)
    _, line = called("https://mary:p%3Aq@a.test/v", WsgiApp(app))
    assert said(line) == ["Hi"]
    assert app.seen == ["", "00000001", "00000002"]


def test_a_login_that_is_refused_is_not_tried_for_ever() -> None:
    app = Recorder(v=[Response("", 401, {"WWW-Authenticate": 'Basic realm="x"'})])
    network, _ = called("https://u:wrong@a.test/v", WsgiApp(app))
    assert (len(app.asked), codes(network)) == (2, [11217])


def test_nobody_logs_in_without_being_asked_or_without_a_user() -> None:
    app = Recorder(v=[Response("", 401, {"WWW-Authenticate": 'Basic realm="x"'})])
    called("https://a.test/v", WsgiApp(app))
    assert len(app.asked) == 1
