"""Pages: how long an ordinary page takes while sixty live pages are open, beside the same page while none is.

The server is the real one, in a process of its own. Each live page does what a browser's does: it keeps its stream, and
when something has changed it fetches its parts anew. Rounds with and without them take turns, so that a busy machine
slows both: the ratio means something, the milliseconds only here. Run `make bench`.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from argon2 import PasswordHasher

from ivr.accounts import Accounts
from ivr.commands.storage import opened
from routing.agent import Agent

HOUSE = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
PASSWORD = "seven quiet lamps"  # noqa: S105 - of accounts that live as long as the measurement
STREAMS_A_PERSON = 4
SPREAD_S = (0.25, 0.5)
"""How long a page gathers changes before it fetches: at least, at most."""

BETWEEN_S = 0.05
"""Between two requests for the page, so that they are spread over what happens meanwhile."""

READY_MAX_S = 30
TARGET_P95_MS = 200


@click.command()
@click.option("--pages", default=60, show_default=True, help="How many live pages are open.")
@click.option("--rounds", default=3, show_default=True, help="How often it is measured without them and with them.")
@click.option("--requests", default=80, show_default=True, help="How often the page is asked for in each round.")
@click.option("--pause-s", default=1.0, show_default=True, help="How long it takes until something changes again.")
def main(pages: int, rounds: int, requests: int, pause_s: float) -> None:
    """Measure; exit code 1 when the page with live ones open takes longer than it may (95th percentile)."""
    people = [f"agent-{number}" for number in range(-(-pages // STREAMS_A_PERSON))]
    taken_ms: dict[str, list[float]] = {"no live page": [], f"{pages} live pages": []}
    with server(people) as port:
        browsers = [Browser(port, name) for name in people]
        asked, worker = Browser(port, "asker"), Browser(port, "worker")
        for _ in range(rounds):
            for name, taken in taken_ms.items():
                live = [] if name == "no live page" else [LivePage(browsers[i % len(people)]) for i in range(pages)]
                with working(worker, pause_s):
                    for _ in range(requests):
                        taken.append(asked.get_ms("/account"))
                        time.sleep(BETWEEN_S)  # the load is so many requests a second, in real time
                fetched = sum(page.close() for page in live)
    report(taken_ms, fetched)


def report(taken_ms: dict[str, list[float]], fetched: int) -> None:
    """Tell medians, 95th percentiles and their ratios."""
    base = [statistics.median(next(iter(taken_ms.values()))), p95(next(iter(taken_ms.values())))]
    click.echo(f"{'an ordinary page':<20}{'median':>10}{'p95':>11}{'x none':>9}{'x none':>9}")
    for name, taken in taken_ms.items():
        median, high = statistics.median(taken), p95(taken)
        click.echo(f"{name:<20}{median:>7.1f} ms{high:>8.1f} ms{median / base[0]:>9.2f}{high / base[1]:>9.2f}")
    click.echo(f"(live pages fetched their parts {fetched} times in the last round)")
    if high > TARGET_P95_MS:
        click.echo(f"over the target: {TARGET_P95_MS} ms at the 95th percentile", err=True)
        sys.exit(1)


def p95(taken_ms: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(taken_ms, n=20)[-1]


class Browser:
    """One person's session, as a browser has it."""

    def __init__(self, port: int, name: str) -> None:
        self.port = port
        body = json.dumps({"name": name, "password": PASSWORD})
        headers = {"Content-Type": "application/json"}
        answer = self._ask("POST", "/desk/api/login", body, headers)
        self.headers = {
            "Cookie": answer.getheader("Set-Cookie").split(";")[0],
            "X-CSRF-Token": json.loads(answer.read())["csrf"],
            "Content-Type": "application/json",
        }

    def get_ms(self, path: str) -> float:
        """How many milliseconds it takes until the page is there."""
        start = time.perf_counter()
        answer = self._ask("GET", path, None, self.headers)
        answer.read()
        assert answer.status == 200, answer.status
        return (time.perf_counter() - start) * 1000

    def post(self, path: str, **fields: str) -> None:
        """Change something."""
        self._ask("POST", path, json.dumps(fields), self.headers).read()

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=30)
        connection.request(method, path, body, headers)
        return connection.getresponse()


class LivePage:
    """A page that stays open, in a thread."""

    def __init__(self, browser: Browser) -> None:
        self._browser, self._fetched, self._closed = browser, 0, False
        self._connection = http.client.HTTPConnection(HOST, browser.port, timeout=30)
        self._connection.request("GET", "/desk/api/events", headers=browser.headers)
        self._stream = self._connection.getresponse()
        assert self._stream.status == 200, self._stream.status
        self._dice = random.Random(id(self))  # noqa: S311 - when a page fetches, nothing else
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    def close(self) -> int:
        """Close it; how often it has fetched its parts."""
        self._closed = True
        self._connection.sock and self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._connection.close()
        return self._fetched

    def _live(self) -> None:
        while not self._closed:
            try:
                line = self._stream.readline()
            except OSError:
                return
            if not line:
                return
            if line.startswith(b"event: change"):
                time.sleep(self._dice.uniform(*SPREAD_S))  # as the pages themselves spread their asking
                if not self._closed:
                    self._browser.get_ms("/desk/parts")
                    self._fetched += 1


@contextmanager
def working(worker: Browser, pause_s: float) -> Iterator[None]:
    """Somebody is ready and takes a break by turns: each is a change that every live page hears of."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(pause_s):
            worker.post("/desk/api/ready")
            if not over.wait(pause_s):
                worker.post("/desk/api/pause", reason="break")

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def server(people: list[str]) -> Iterator[int]:
    """`ivr serve` on a free port, with accounts for everybody."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    (HOUSE / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=HOUSE / "build") as folder:
        store = opened(Path(folder))
        cheap = Accounts(store, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        for name in (*people, "asker", "worker"):
            with store.transaction() as tx:
                tx.floor.add(Agent(name, name, f"client:{name}", skills={"en": 3}))
            cheap.set_password(name, PASSWORD)
        store.close()
        environment = {
            **os.environ,
            "DIALTREE_DATA": folder,
            "DIALTREE_MENUS": str(HOUSE / "menus"),
            "DIALTREE_ACCOUNT_SID": "AC" + "0" * 32,
            "DIALTREE_AUTH_TOKEN": "f" * 32,
            "DIALTREE_PUBLIC_URL": f"http://{HOST}:{port}",
            "DIALTREE_CARRIER_URL": f"http://{HOST}:9",
        }
        command = [sys.executable, "-m", "ivr", "serve", "--port", str(port)]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
        try:
            await_port(port, process)
            yield port
        finally:
            process.terminate()
            process.wait()


def await_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until it answers."""
    until = time.monotonic() + READY_MAX_S
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection((HOST, port), 1).close()
            return
        except OSError:
            time.sleep(0.1)  # a server says in no other way that it is up
    raise click.ClickException("the server did not come up")


if __name__ == "__main__":
    main()
