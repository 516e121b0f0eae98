"""Running: a stranger's app in a process of its own on a port of this machine, as its author would start it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
HERE = Path(__file__).parent
HOST = "127.0.0.1"
ACCOUNT, TOKEN = "AC" + "5" * 32, "12345"
KEY = {"TWILIO_API_KEY": "SK" + "1" * 32, "TWILIO_API_SECRET": "a secret"}
NUMBER = "+18005550142"
STARTS_WITHIN_S = 30
NODE_MODULES = HOUSE / ".venv" / "node" / "node_modules"


def free_port() -> int:
    """A port that nobody has at this moment."""
    with socket.create_server((HOST, 0)) as server:
        return server.getsockname()[1]


def need_node() -> None:
    """Skip a test that needs Node where it, or what its apps need, is missing; where it must not be, fail."""
    missing = "" if shutil.which("node") else "node is not here (Debian: apt install nodejs npm)"
    missing = missing or ("" if NODE_MODULES.is_dir() else "the apps' Node packages are not here (make node)")
    if missing and os.environ.get("DIALTREE_REQUIRE_NODE"):
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)


def node(script: Path | str) -> list[str]:
    """How a script is run by Node, its packages found."""
    return ["node", str(script)]


def environment(**more: str) -> dict[str, str]:
    """What the program gets: nothing of ours, nothing that points elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DIALTREE_", "TWILIO_"))}
    account = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_NUMBER": NUMBER}
    return {**kept, **account, **KEY, "NODE_PATH": str(NODE_MODULES), **more}


@contextmanager
def running(app: Path, carrier_port: int) -> Iterator[str]:
    """Start an app and wait until it can be asked; its address. Whatever it wrote is shown if it does not come up."""
    port = free_port()
    command = node(app) if app.suffix == ".js" else [sys.executable, str(app)]
    env = environment(PORT=str(port), TWILIO_API_URL=f"http://{HOST}:{carrier_port}")
    # Into a file: a pipe that nobody reads would stop an app that writes much.
    with (
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen(command, env=env, cwd=app.parent, stdout=log, stderr=subprocess.STDOUT) as process,
    ):
        try:
            if not _is_up(process, port):
                log.seek(0)
                raise AssertionError(f"the app did not come up: {log.read()[-2000:]}")
            yield f"http://{HOST}:{port}"
        finally:
            process.kill()


def _is_up(process: subprocess.Popen[bytes], port: int) -> bool:
    until_s = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until_s and process.poll() is None:
        try:
            socket.create_connection((HOST, port), 1).close()
        except OSError:
            time.sleep(0.02)  # an app says in no other way that it is up
        else:
            return True
    return False
