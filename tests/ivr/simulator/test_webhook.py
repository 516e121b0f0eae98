"""Webhooks over real HTTP: what is sent, and what happens when the app is slow, gone, moving or asking who is there."""

from __future__ import annotations

import base64
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from werkzeug.wrappers import Request, Response

from ivr.simulator.document import APOLOGY
from ivr.simulator.line import Line
from ivr.simulator.network import Network
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
