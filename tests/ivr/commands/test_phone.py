"""`ivr phone`: a telephone for anybody's app, from an empty folder; and where in our own tree a call is."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from click.testing import CliRunner
from werkzeug.serving import make_server

from ivr.__main__ import main
from ivr.commands.joined import Joined
from ivr.commands.place import Places

HOUSE = Path(__file__).parents[3]


@pytest.fixture
def app():
    """Somebody's app, at its URL."""

    def answer(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/xml")])
        return [b"<Response><Say>Hello.</Say></Response>"]

    server = make_server("127.0.0.1", 0, answer, threaded=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/voice"
    server.shutdown()
    server.server_close()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def status_of(url, host=""):
    try:
        with urlopen(Request(url, headers={"Host": host} if host else {}), timeout=10) as answer:  # noqa: S310 - ours
            return answer.status
    except HTTPError as error:
        return error.code


@pytest.mark.parametrize("shown", [False, True])
def test_a_telephone_for_an_app_is_served_on_this_machine_only_until_ctrl_c(app, tmp_path, shown):
    port = free_port()
    words = ["phone", app, "--carrier-port", str(port), "--no-browser", "--number", f"+18005550143={app}2"]
    words += ["--token", "0123456789abcdef", *(["--show-token"] if shown else [])]
    process = subprocess.Popen(
        [sys.executable, "-m", "ivr", *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(HOUSE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = ""
    while "Ctrl-C" not in said and (line := process.stdout.readline()):
        said += line
    try:
        here = f"http://127.0.0.1:{port}"
        assert f"Telephone:   {here}/phone/" in said
        assert f"+18005550142 is answered by {app}\n" in said
        assert ("0123456789abcdef" in said, "--show-token shows it" in said) == (shown, not shown)
        assert f"+18005550143 is answered by {app}2\n" in said
        assert status_of(f"{here}/phone/") == 200
        assert status_of(f"{here}/2010-04-01/Accounts.json") == 401
        assert status_of(f"{here}/phone/", "rebound.example") == 403
        assert status_of(f"{here}/2010-04-01/Accounts.json", "rebound.example") == 403
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", port), 1)  # bound to one address, not to all
    finally:
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=20)
    assert (process.returncode, rest.strip()) == (0, "stopping")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["localhost:3000/voice"], "is not a web address"),
        (["http://localhost:3000/voice", "--number", "abc"], "write it NUMBER=URL"),
        (["http://localhost:3000/voice", "--number", "+18005550143=here"], "write it NUMBER=URL"),
    ],
)
def test_what_is_no_address_is_said_in_a_sentence(words, said):
    result = CliRunner().invoke(main, ["phone", "--no-browser", *words])
    assert (result.exit_code, said in result.output) == (2, True), result.output


def test_a_port_that_is_taken_is_said_in_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(main, ["phone", "http://localhost:3000/voice", "--carrier-port", port])
    assert f"port {port} is taken" in result.output
    assert result.exit_code == 1


def test_the_place_in_the_tree_is_told_as_the_call_goes_on(tmp_path):
    joined = Joined(HOUSE / "menus", datetime(2026, 11, 23, 10, tzinfo=UTC), 1, tmp_path)
    try:
        place = Places(joined.application.switchboard.store)
        assert place("CA" + "0" * 32) is None
        line = joined.network.call("+4915112345678", "+18005550142")
        joined.network.run_until(lambda: line.awaits_input)
        told = place(line.sid)
        assert told["Step"] == "welcome"
        assert told["Written in"].startswith("acme/tree.yaml:")
        assert "2 order_number" in told["Keys"]
        line.press("2")
        joined.network.advance(1)
        joined.network.run_until(lambda: line.awaits_input)
        line.press("471100#")
        joined.network.advance(1)
        told = place(line.sid)
        assert (told["Step"], told["Way here"], told["Call"]) == ("order_number", "welcome 2", "in menu")
    finally:
        joined.close()
