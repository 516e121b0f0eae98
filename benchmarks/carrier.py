"""Carrier: what the simulated carrier costs beside the app it calls, and the room that ten thousand calls at once take.

A Flask app of constants is called by scripted calls, and then directly with the very same requests, in turns and in one
process: the ratio means something, the milliseconds only here. Run `make bench`.
"""

from __future__ import annotations

import gc
import io
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import click
from flask import Flask, Response

from ivr.simulator.line import Line
from ivr.simulator.network import Network
from ivr.simulator.transport import WsgiApp

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
URL, CALLED = "https://app.example/voice", "+18005550142"
MENU = '<Gather numDigits="1" action="/menu"><Say>For sales, press one. For support, press two.</Say></Gather>'
DOCUMENTS = {
    "/voice": MENU,
    "/menu": '<Gather numDigits="1" action="/sales"><Say>For an order, press one.</Say></Gather>',
    "/sales": "<Say>Thank you for calling. Goodbye.</Say><Hangup/>",
    "/status": "",
}
OK = 200
ROOM_MAX_MIB = 2048

Wsgi = Callable[[dict[str, Any], Any], Any]


@click.command()
@click.option("--calls", default=300, show_default=True, help="How many calls are made in one round.")
@click.option("--rounds", default=7, show_default=True, help="How many rounds there are; the median counts.")
@click.option("--at-once", default=10_000, show_default=True, help="How many calls stand at once (0: none).")
def main(calls: int, rounds: int, at_once: int) -> None:
    """Measure the carrier's own part of a scripted call, and what many calls at once need."""
    app = constant_app()
    costs_s = [(carried(app, calls), *direct(app, calls), *watched(app, calls)) for _ in range(rounds)]
    carrier_s, bare_s, client_s, inside_s, _ = (statistics.median(costs) for costs in zip(*costs_s, strict=True))
    click.echo(f"{f'one call of {len(DOCUMENTS)} requests, {calls} calls':<44}{'time':>8}{'carrier over it':>18}")
    click.echo(f"{'with the carrier':<44}{1000 * carrier_s / calls:>5.2f} ms {calls / carrier_s:>10.0f} calls/s")
    for name, whole, place, taken_s in (
        ("the bare Flask app, called directly", 0, 1, bare_s),
        ("the same app's own part of the carrier's run", 4, 3, inside_s),
        ("through Flask's own test client, directly", 0, 2, client_s),
    ):
        ratio = statistics.median((costs[whole] - costs[place]) / costs[place] for costs in costs_s)
        click.echo(f"{name:<44}{1000 * taken_s / calls:>5.2f} ms{ratio:>16.2f} x")
    if at_once:
        took_s, room_mib = crowd(app, at_once)
        click.echo(f"{at_once} calls at once: {took_s:.1f} s, {room_mib:.0f} MiB (at most {ROOM_MAX_MIB})")


def constant_app() -> Flask:
    """A Flask app whose views return the same TwiML to everybody."""
    app = Flask("constant")
    for path, inside in DOCUMENTS.items():
        body = f"<?xml version='1.0' encoding='UTF-8'?><Response>{inside}</Response>"
        app.add_url_rule(path, path, constant(body), methods=["POST"])
    return app


def constant(body: str) -> Callable[[], Response]:
    """A view that answers `body`."""
    return lambda: Response(body, content_type="text/xml; charset=utf-8")


def network_of(app: Wsgi) -> Network:
    """A carrier whose number asks the app."""
    network = Network(START, app=WsgiApp(app))
    network.number(CALLED, URL, status_callback=URL.replace("/voice", "/status"))
    return network


def played(network: Network, caller: str) -> Line:
    """One call: two menus and a good-bye."""
    line = network.call(caller, CALLED)
    for key in "12":
        network.run_until(lambda: line.listening)
        line.press(key)
        network.advance(0)
    network.run_until(lambda: line.over)
    network.advance(0)
    return line


def carried(app: Wsgi, calls: int) -> float:
    """Seconds that so many calls take."""
    gc.collect()
    network = network_of(app)
    began_s = time.process_time()
    for number in range(calls):
        line = played(network, f"+4915112{number:06d}")
    taken_s = time.process_time() - began_s
    if line.status != "completed" or {each.status for each in network.webhooks} != {200}:
        raise SystemExit("a call did not go as it should: measure nothing that is wrong")
    if len(network.webhooks) != len(DOCUMENTS) * calls:
        raise SystemExit(f"{len(network.webhooks)} requests instead of {len(DOCUMENTS) * calls}")
    return taken_s


class Keeper:
    """An app that keeps what it is asked, to ask another the same."""

    def __init__(self, app: Wsgi) -> None:
        self.asked: list[tuple[dict[str, Any], bytes]] = []
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        body = environ["wsgi.input"].read()
        self.asked.append(({**environ}, body))
        return self._app({**environ, "wsgi.input": io.BytesIO(body)}, start_response)


class Watched:
    """An app that knows how long it took itself, its answer's pieces and close included."""

    def __init__(self, app: Wsgi) -> None:
        self.taken_s = 0.0
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        began_s = time.process_time()
        answer = list(pieces(self._app, environ, start_response))
        self.taken_s += time.process_time() - began_s
        return answer


def watched(app: Wsgi, calls: int) -> tuple[float, float]:
    """Seconds that the app itself takes between the carrier's work, which leaves it slower; and of the whole run."""
    timed = Watched(app)
    whole_s = carried(timed, calls)
    return timed.taken_s, whole_s


def direct(app: Flask, calls: int) -> tuple[float, float]:
    """Seconds that the same requests take: the app alone (making them is not counted), and from Flask's test client."""
    keeper = Keeper(app)
    network = network_of(keeper)
    for number in range(calls):
        played(network, f"+4915112{number:06d}")
    environs = [{**environ, "wsgi.input": io.BytesIO(body)} for environ, body in keeper.asked]
    del keeper
    gc.collect()
    began_s = time.process_time()
    for environ in environs:
        b"".join(pieces(app, environ))
    bare_s = time.process_time() - began_s
    client = app.test_client()
    asked = [(each.url, each.params, each.headers) for each in network.webhooks]
    began_s = time.process_time()
    for url, params, headers in asked:
        if client.post(url, data=params, headers=headers).status_code != OK:
            raise SystemExit("the app did not answer as it should: measure nothing that is wrong")
    return bare_s, time.process_time() - began_s


def pieces(app: Wsgi, environ: dict[str, Any], start_response: Any = lambda *_: None) -> Iterator[bytes]:
    """What a server does with an application: call it, take its pieces, close it."""
    answer = app(environ, start_response)
    yield from answer
    getattr(answer, "close", lambda: None)()


def crowd(app: Flask, at_once: int) -> tuple[float, float]:
    """Seconds until so many calls all stand in the menu, hang up and are over; the process's room then, in MiB."""
    network = network_of(app)
    began_s = time.process_time()
    lines = [network.call(f"+4915112{number:06d}", CALLED) for number in range(at_once)]
    network.advance(4)
    if not all(line.listening for line in lines):
        raise SystemExit("not all calls stand at once: measure nothing that is wrong")
    for line in lines:
        line.press("1")
    network.advance(1)
    for line in lines:
        line.hang_up()
    network.run()
    return time.process_time() - began_s, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
