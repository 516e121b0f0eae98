"""Served: the application of a test behind a real server, that can be stopped and started anew on the same port."""

from __future__ import annotations

import threading
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from tests.ivr.web.desk_world import World


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Say nothing."""


class Served(World):
    """A world with an address (`url`)."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        serve = lambda *request: self.app.wsgi(*request)  # noqa: E731 - the app is there only after the server
        self._server = make_server("127.0.0.1", port, serve, threaded=True, request_handler=_Quiet)
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        super().__init__(folder, self.url)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Answer no more; live pages lose their stream. A second time it does nothing."""
        if self._thread.is_alive():
            self.close()
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
