"""Shop: another system on this machine, which answers well, late, wrongly, without end or not at all."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Shop(BaseHTTPRequestHandler):
    """`/orders/NUMBER` answers as a shop would; other paths as their names say."""

    stopped = threading.Event()

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        match self.path.split("/")[1].partition("?")[0]:
            case "orders":
                self._answer(
                    200,
                    json.dumps(
                        {"order": {"status": "shipped", "parcels": 3, "gift": True, "lines": [{"name": "pot"}]}}
                    ),
                )
            case "broken":
                self._answer(200, "<html>not what was asked for")
            case "deep":
                self._answer(200, "[" * 50_000)
            case "error":
                self._answer(500, "{}")
            case "elsewhere":
                self._answer(302, "{}", Location="/orders/1")
            case "huge":
                self._answer(200, json.dumps("x" * 100_000))
            case "drip":
                self._answer(200, "")
                self._drip(b" ")
            case "headers":
                self._drip(b"x")
            case "late":
                self.stopped.wait(5)
                self._answer(200, "{}")

    def _drip(self, piece: bytes) -> None:
        for _ in range(100):
            self.wfile.write(piece)
            self.wfile.flush()
            if self.stopped.wait(0.05):
                return

    def _answer(self, status: int, body: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """A server that knows what it was asked, and does not tell the test's output of lines that were cut."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), Shop)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """Whoever hangs up early is what is tested here."""


@contextmanager
def a_shop() -> Iterator[Server]:
    """A shop that is open for as long as the block runs."""
    Shop.stopped.clear()
    server = Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        Shop.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()
