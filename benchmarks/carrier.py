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
RATIO_MAX = 1.0
ROOM_MAX_MIB = 2048

Wsgi = Callable[[dict[str, Any], Any], Any]


@click.command()
@click.option("--calls", default=300, show_default=True, help="How many calls are made in one round.")
@click.option("--rounds", default=7, show_default=True, help="How many rounds there are; the median counts.")
@click.option("--at-once", default=10_000, show_default=True, help="How many calls stand at once (0: none).")
def main(calls: int, rounds: int, at_once: int) -> None:
    """Measure the carrier's own part of a scripted call, and what many calls at once need."""
    app = constant_app()
    costs_s = [(carried(app, calls), direct(app, calls)) for _ in range(rounds)]
    carrier_s = statistics.median(taken_s for (taken_s, _), _ in costs_s)
    app_s = statistics.median(taken_s for _, taken_s in costs_s)
    ratios = [(carrier - bare) / bare for (carrier, _), bare in costs_s]
    asked = costs_s[0][0][1] / calls
    click.echo(f"one call of {asked:g} requests: {1000 * carrier_s / calls:.2f} ms with the carrier,")
    click.echo(f"  {1000 * app_s / calls:.2f} ms of which the bare Flask app takes; {calls / carrier_s:.0f} calls/s")
    click.echo(f"the carrier's own part: {statistics.median(ratios):.2f} x the app's (at most {RATIO_MAX})")
    if at_once:
        took_s, room_mib = crowd(app, at_once)
        click.echo(f"{at_once} calls at once: {took_s:.1f} s, {room_mib:.0f} MiB (at most {ROOM_MAX_MIB})")


def constant_app() -> Wsgi:
    """A Flask app whose views return the same TwiML to everybody."""
    app = Flask("constant")
    for path, inside in DOCUMENTS.items():
        body = f"<?xml version='1.0' encoding='UTF-8'?><Response>{inside}</Response>"
        app.add_url_rule(path, path, constant(body), methods=["POST"])
    return app.wsgi_app


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


def carried(app: Wsgi, calls: int) -> tuple[float, int]:
    """Seconds that so many calls take, and the requests that they made."""
    gc.collect()
    network = network_of(app)
    began_s = time.perf_counter()
    for number in range(calls):
        line = played(network, f"+4915112{number:06d}")
    taken_s = time.perf_counter() - began_s
    if line.status != "completed" or {each.status for each in network.webhooks} != {200}:
        raise SystemExit("a call did not go as it should: measure nothing that is wrong")
    if len(network.webhooks) != len(DOCUMENTS) * calls:
        raise SystemExit(f"{len(network.webhooks)} requests instead of {len(DOCUMENTS) * calls}")
    return taken_s, len(network.webhooks)


class Keeper:
    """An app that keeps what it is asked, to ask another the same."""

    def __init__(self, app: Wsgi) -> None:
        self.asked: list[tuple[dict[str, Any], bytes]] = []
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        body = environ["wsgi.input"].read()
        self.asked.append(({**environ}, body))
        return self._app({**environ, "wsgi.input": io.BytesIO(body)}, start_response)


def direct(app: Wsgi, calls: int) -> float:
    """Seconds that the app takes for the same requests when it is called directly; making them is not counted."""
    keeper = Keeper(app)
    network = network_of(keeper)
    for number in range(calls):
        played(network, f"+4915112{number:06d}")
    environs = [{**environ, "wsgi.input": io.BytesIO(body)} for environ, body in keeper.asked]
    del network, keeper
    gc.collect()
    began_s = time.perf_counter()
    for environ in environs:
        b"".join(pieces(app, environ))
    return time.perf_counter() - began_s


def pieces(app: Wsgi, environ: dict[str, Any]) -> Iterator[bytes]:
    """What a server does with an application: call it, take its pieces, close it."""
    answer = app(environ, lambda status, headers, *_: None)
    yield from answer
    getattr(answer, "close", lambda: None)()


def crowd(app: Wsgi, at_once: int) -> tuple[float, float]:
    """Seconds until so many calls all stand in the menu, hang up and are over; the process's room then, in MiB."""
    network = network_of(app)
    began_s = time.perf_counter()
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
    return time.perf_counter() - began_s, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
