"""One turn: what a webhook costs here, beside a view that returns the same TwiML and one that also keeps a row.

Three applications answer the same request in turns, in one process, so that a busy machine slows all of them: the
ratios mean something, the milliseconds only here. Run `make bench`.
"""

from __future__ import annotations

import io
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import click
from flask import Flask, Response, request

from ivr.settings import Settings
from ivr.simulator.signature import sign
from ivr.web.app import create_app

HOUSE = Path(__file__).resolve().parent.parent
ACCOUNT, TOKEN = "AC" + "0" * 32, "f" * 32
PUBLIC_URL = "https://ivr.example.com"
MONDAY_MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CALLED = "+18005550142"
TWIML = "text/xml; charset=utf-8"

Wsgi = Callable[[dict, Callable], object]


@click.command()
@click.option("--calls", default=300, show_default=True, help="How many calls each application answers.")
def main(calls: int) -> None:
    """Measure one turn - signature, parse, step, save, render - against two hand-written views."""
    (HOUSE / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=HOUSE / "build") as folder:
        costs_ms = measure(Path(folder), calls)
    constant, row = (statistics.median(costs_ms[name]) for name in ("a constant", "a constant and one row"))
    click.echo(f"{'one turn, ' + str(calls) + ' calls':<34}{'median':>10}{'p95':>10}{'x constant':>12}{'x row':>8}")
    for name, taken_ms in costs_ms.items():
        median, p95 = statistics.median(taken_ms), statistics.quantiles(taken_ms, n=20)[-1]
        click.echo(f"{name:<34}{median:>7.2f} ms{p95:>7.2f} ms{median / constant:>12.1f}{median / row:>8.1f}")


def measure(folder: Path, calls: int) -> dict[str, list[float]]:
    """Milliseconds of each turn, by what was measured; the applications take turns, call by call."""
    application = create_app(
        Settings(ACCOUNT, TOKEN, PUBLIC_URL, folder / "data", HOUSE / "menus"),
        clock=lambda: MONDAY_MORNING,
        after_commit=lambda order: None,
    )
    ours = application.wsgi.wsgi_app
    document, _ = ask(ours, "/voice", parameters("CA" + "a" * 32))
    constant, row = constant_view(document), row_view(document, folder / "row.db")
    costs_ms: dict[str, list[float]] = {
        name: []
        for name in (
            "a constant",
            "a constant and one row",
            "a call comes in",
            "a key is pressed",
            "the same key told again",
        )
    }
    for number in range(calls):
        form = parameters(f"CA{number:032x}")
        for name, app in (("a constant", constant), ("a constant and one row", row)):
            costs_ms[name].append(ask(app, "/voice", form)[1])
        answer, taken_ms = ask(ours, "/voice", form)
        costs_ms["a call comes in"].append(taken_ms)
        step = next_step(answer)
        pressed = {**form, "Digits": "1"}
        first, taken_ms = ask(ours, step, pressed)
        costs_ms["a key is pressed"].append(taken_ms)
        again, taken_ms = ask(ours, step, pressed)
        costs_ms["the same key told again"].append(taken_ms)
        if first != again or first == answer:
            raise SystemExit("a repeated webhook got another answer: measure nothing that is wrong")
    application.close()
    return costs_ms


def constant_view(document: bytes) -> Wsgi:
    """A Flask view that returns `document` to everybody."""
    app = Flask("constant")

    @app.post("/voice")
    def voice() -> Response:
        return Response(document, content_type=TWIML)

    return app.wsgi_app


def row_view(document: bytes, path: Path) -> Wsgi:
    """The same view, after it has committed one row as safely as we do."""
    app = Flask("row")
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE calls (id INTEGER PRIMARY KEY, sid TEXT, caller TEXT)")

    @app.post("/voice")
    def voice() -> Response:
        database.execute("BEGIN IMMEDIATE")
        row = request.form["CallSid"], request.form["From"]
        database.execute("INSERT INTO calls (sid, caller) VALUES (?, ?)", row)
        database.execute("COMMIT")
        return Response(document, content_type=TWIML)

    return app.wsgi_app


def parameters(sid: str) -> dict[str, str]:
    """What the carrier says of a call that comes in."""
    return {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "CallSid": sid,
        "CallStatus": "ringing",
        "Called": CALLED,
        "Caller": "+4915112345678",
        "Direction": "inbound",
        "From": "+4915112345678",
        "To": CALLED,
    }


def ask(app: Wsgi, path: str, form: dict[str, str]) -> tuple[bytes, float]:
    """Post `form` to `path`, signed: the answer and the milliseconds it took; preparing the request is not counted."""
    body = urlencode(form).encode()
    address, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": address,
        "QUERY_STRING": query,
        "SERVER_NAME": "ivr.example.com",
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_X_TWILIO_SIGNATURE": sign(TOKEN, PUBLIC_URL + path, list(form.items())),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "https",
        "wsgi.version": (1, 0),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    statuses: list[str] = []
    began_s = time.perf_counter()
    answer = b"".join(pieces(app, environ, statuses))
    taken_ms = (time.perf_counter() - began_s) * 1000
    if statuses != ["200 OK"]:
        raise SystemExit(f"{path} answered {statuses}: measure nothing that is wrong")
    return answer, taken_ms


def pieces(app: Wsgi, environ: dict, statuses: list[str]) -> Iterator[bytes]:
    """What a server does with an application: call it, take its pieces, close it."""
    answer = app(environ, lambda status, headers, *_: statuses.append(status))
    yield from answer
    getattr(answer, "close", lambda: None)()


def next_step(document: bytes) -> str:
    """The address that the menu in `document` sends its key to, without our public URL."""
    action = re.search(rb'action="https://ivr\.example\.com([^"]+)"', document)
    if not action:
        raise SystemExit("the first answer is no menu: " + document.decode())
    return action[1].decode().replace("&amp;", "&")


if __name__ == "__main__":
    main()
