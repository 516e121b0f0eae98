"""A real process: the program served as it is for a carrier, killed without warning before each webhook."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from werkzeug.serving import make_server

from ivr.commands.hire import hire
from ivr.hotlines import Hotlines
from ivr.simulator.desk_client import DeskClient
from ivr.simulator.line import Line
from ivr.simulator.network import Network
from ivr.simulator.transport import HttpApp
from ivr.store import Store
from tests import played

HOST = "127.0.0.1"
ORDER_MAX_S = 20
PASSWORD = "seven quiet lamps"
ALWAYS = """hours:
  office:
    timezone: Europe/Berlin
    week:
      mon-sun: 00:00-24:00
"""


class Mortal:
    """The program's process. Each webhook finds it killed and started again; the desk finds it as it is."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        self.url = f"http://{HOST}:{port}"
        self.deaths = 0
        self._environment, self._port = environment, port
        self._http = HttpApp()
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start the program; who connects from now on is answered as soon as it is up."""
        command = [sys.executable, "-m", "ivr", "serve", "--port", str(self._port)]
        process = subprocess.Popen(
            command, env=self._environment, cwd=played.HOUSE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        assert "serving" in process.stdout.readline()
        self._process = process

    def kill(self) -> None:
        """Kill it and its workers at once, without a word."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.communicate()
            self._process = None

    def request(self, method: str, url: str, headers: dict[str, str], body: bytes, *limits: Any) -> Any:
        """One request of the carrier."""
        if "/voice" in url:
            self.kill()
            self.start()
            self.deaths += 1
        return self._http.request(method, url, headers, body, *limits)


class World:
    """The carrier in this process, on virtual time, and the mortal program in another, on its own clock."""

    def __init__(self, folder: Path, carrier_url: str, orders: queue.Queue[str]) -> None:
        self.data, self.menus = folder / "data", always_open(folder / "menus")
        port = free_port()
        self.network = Network(datetime.now(UTC), rest_url=carrier_url)
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DIALTREE_")},
            "DIALTREE_ACCOUNT_SID": self.network.account_sid,
            "DIALTREE_AUTH_TOKEN": self.network.auth_token,
            "DIALTREE_PUBLIC_URL": f"http://{HOST}:{port}",
            "DIALTREE_CARRIER_URL": carrier_url,
            "DIALTREE_DATA": str(self.data),
            "DIALTREE_MENUS": str(self.menus),
        }
        self.program = Mortal(environment, port)
        self.network.app = self.program
        self._orders = orders
        with self.store() as store:
            trees = Hotlines(self.menus, store).current()
            hire(store, trees, "claims-1", {}, PASSWORD)
        for tree in trees:
            for number in tree.numbers:
                self.network.number(
                    number, *(f"{self.program.url}/voice{door}" for door in ("", "/fallback", "/status"))
                )

    @contextmanager
    def store(self) -> Iterator[Store]:
        """What the program has stored."""
        self.data.mkdir(parents=True, exist_ok=True)
        store = Store(f"sqlite:///{self.data / 'dialtree.db'}", lambda: datetime.now(UTC), lambda: uuid.uuid4().hex)
        try:
            yield store
        finally:
            store.close()

    def desk(self) -> DeskClient:
        """The representative, logged in but not ready."""
        desk = DeskClient(HttpApp(), self.program.url)
        assert desk.login("claims-1", PASSWORD).fine
        return desk

    def until(self, happened: Callable[[], bool]) -> None:
        """Let the network run until it has happened."""
        assert self.network.run_until(happened, 120)

    def press(self, line: Line, keys: str) -> None:
        """The caller presses keys as soon as somebody listens."""
        self.until(lambda: line.listening)
        line.press(keys)
        self.network.advance(0)

    def has_talked(self, desk: DeskClient, length: timedelta) -> bool:
        """Whether the conversation has lasted so long by the program's clock."""
        state = desk.state().body
        now, started = (datetime.fromisoformat(at) for at in (state["now"], state["contact"]["started_at"]))
        return now - started >= length

    def order(self, *parts: str) -> None:
        """Wait until an order of the program has reached the carrier that goes by a path with these parts."""
        path = ""
        while not all(part in path for part in parts):
            path = self._orders.get(timeout=ORDER_MAX_S)


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """The carrier's REST on a port of its own, and everything else."""
    orders: queue.Queue[str] = queue.Queue()
    carrier: list[World] = []

    def rest(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answer = list(carrier[0].network.rest(environ, start_response))
        orders.put(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        return answer

    server = make_server(HOST, 0, rest, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    carrier.append(World(folder, f"http://{HOST}:{server.port}", orders))
    carrier[0].program.start()
    try:
        yield carrier[0]
    finally:
        carrier[0].program.kill()
        server.shutdown()
        thread.join()
        server.server_close()


def always_open(folder: Path) -> Path:
    """The example hotline, at whatever hour the tests are run."""
    shutil.copytree(played.MENUS / "acme", folder / "acme", ignore=shutil.ignore_patterns("calls"))
    (folder / "acme" / "hours.yaml").write_text(ALWAYS, "utf-8")
    return folder


def free_port() -> int:
    """A port that nobody has at this moment."""
    with socket.create_server((HOST, 0)) as server:
        return server.getsockname()[1]
