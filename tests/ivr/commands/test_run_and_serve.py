"""`ivr run` and `ivr serve`: what cannot be run is said in a sentence, and a hotline that dies is noticed."""

from __future__ import annotations

import base64
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import pytest
from click.testing import CliRunner, Result

from ivr.__main__ import main

HOUSE = Path(__file__).parents[3]
SETTINGS = {
    "DIALTREE_ACCOUNT_SID": "AC" + "1" * 32,
    "DIALTREE_AUTH_TOKEN": "t" * 32,
    "DIALTREE_PUBLIC_URL": "http://127.0.0.1:8080",
    "DIALTREE_CARRIER_URL": "http://127.0.0.1:8081",
}


@pytest.fixture
def menus(tmp_path: Path) -> Path:
    shutil.copytree(HOUSE / "menus" / "acme", tmp_path / "menus" / "acme")
    return tmp_path / "menus"


def refused(command: str, data: Path, menus: Path) -> Result:
    environment = {**SETTINGS, "DIALTREE_DATA": str(data), "DIALTREE_MENUS": str(menus)}
    result = CliRunner().invoke(main, [command], env=environment, catch_exceptions=False)
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    return result


@pytest.mark.parametrize("command", ["run", "serve"])
def test_a_number_in_two_hotlines_is_said_in_a_sentence(command: str, menus: Path, tmp_path: Path) -> None:
    shutil.copytree(menus / "acme", menus / "other")
    its = menus / "other" / "hotline.yaml"
    its.write_text(its.read_text("utf-8").replace("hotline: acme", "hotline: other"), "utf-8")
    result = refused(command, tmp_path / "data", menus)
    assert re.fullmatch(r"\+\d.* stands in acme and in other\nThe hotline cannot be served .*\n", result.output)


@pytest.mark.parametrize("command", ["run", "serve"])
def test_a_database_that_is_none_is_said_in_a_sentence(command: str, menus: Path, tmp_path: Path) -> None:
    (tmp_path / "dialtree.db").write_bytes(b"rubbish " * 1000)
    result = refused(command, tmp_path, menus)
    assert result.output == (
        f"the database {tmp_path}/dialtree.db cannot be used: file is not a database (ivr doctor says more)\n"
    )


@pytest.mark.parametrize("command", ["run", "serve"])
def test_a_data_folder_that_is_a_file_is_said_in_a_sentence(command: str, menus: Path, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    result = refused(command, tmp_path / "data", menus)
    assert result.output.count("\n") == 1
    assert "cannot be used" in result.output


@pytest.mark.parametrize("command", ["run", "serve"])
def test_a_menu_with_a_fault_is_shown_with_its_place(command: str, menus: Path, tmp_path: Path) -> None:
    tree = menus / "acme" / "tree.yaml"
    tree.write_text(tree.read_text("utf-8").replace("goto: order_number", "goto: order_numbr", 1), "utf-8")
    result = refused(command, tmp_path / "data", menus)
    assert re.match(r"\S+/tree.yaml:\d+:\d+: error: ", result.output)


@pytest.mark.parametrize("command", ["run", "serve"])
def test_no_hotline_is_said_in_a_sentence(command: str, tmp_path: Path) -> None:
    assert "there is no hotline below" in refused(command, tmp_path / "data", tmp_path / "menus").output


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture
def running(menus: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`ivr run`, with the options that a test adds, and what it has said when it is ready."""
    words = ["run", "--port", str(free_port()), "--carrier-port", str(free_port()), *getattr(request, "param", ())]
    process = subprocess.Popen(
        [sys.executable, "-m", "ivr", *words],
        cwd=HOUSE,
        env={**os.environ, "DIALTREE_DATA": str(tmp_path / "data"), "DIALTREE_MENUS": str(menus)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    said = ""
    while "Ctrl-C" not in said and (line := process.stdout.readline()):
        said += line
    yield process, said
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds the hotline's process in /proc")
def test_run_says_how_programs_reach_the_carrier_and_notices_that_the_hotline_died(
    running: tuple[subprocess.Popen[str], str],
) -> None:
    process, said = running
    rest, account, token = re.search(r"REST at (\S+) .*\n +account (\S+) +token (\S+)", said).groups()
    word = base64.b64encode(f"{account}:{token}".encode()).decode()
    address, headers = f"{rest}/2010-04-01/Accounts/{account}/Calls.json", {"Authorization": f"Basic {word}"}
    with urlopen(Request(address, headers=headers), timeout=10) as answer:  # noqa: S310 - our own address
        assert answer.status == 200
    hotline = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(hotline[0]), signal.SIGKILL)
    rest_of_it, _ = process.communicate(timeout=5)
    assert "the hotline has died" in rest_of_it
    assert process.returncode == 1


def test_ctrl_c_ends_it_without_a_fault(running: tuple[subprocess.Popen[str], str]) -> None:
    process, _ = running
    os.killpg(process.pid, signal.SIGINT)
    rest_of_it, _ = process.communicate(timeout=20)
    assert (process.returncode, rest_of_it.strip().splitlines()[-1]) == (0, "stopping")


@pytest.mark.deep
@pytest.mark.parametrize("running", [["--busy"]], indirect=True)
def test_a_busy_day_has_people_at_desks_and_callers_who_are_answered(
    running: tuple[subprocess.Popen[str], str],
) -> None:
    process, said = running
    site, word = re.search(r"To watch: +(\S+)/floor\?kiosk=(\S+)", said).groups()
    seen, figures = set(), ""
    with urlopen(f"{site}/events?kiosk={word}", timeout=30) as changes:  # noqa: S310 - our own address
        while seen < {"a call", "somebody talks"} and (line := changes.readline()):
            if line.startswith(b"event: change"):
                with urlopen(f"{site}/metrics?kiosk={word}", timeout=10) as answer:  # noqa: S310 - our own address
                    figures = answer.read().decode()
                seen |= {"a call"} if re.search(r"^dialtree_calls [1-9]", figures, re.MULTILINE) else set()
                seen |= {"somebody talks"} if 'state="talking"' in figures else set()
    assert seen == {"a call", "somebody talks"}, figures
    os.killpg(process.pid, signal.SIGINT)
    rest_of_it, _ = process.communicate(timeout=20)
    assert (process.returncode, "Traceback" in rest_of_it) == (0, False), rest_of_it


@pytest.fixture
def closed_now(menus: Path) -> None:
    """The hotline opens on another day of the week, whatever today is."""
    hours = menus / "acme" / "hours.yaml"
    day = (datetime.now(UTC) + timedelta(days=3)).strftime("%a").lower()
    text = re.sub(r"mon-fri: .*\n +sat: .*", f"{day}: 08:00-18:00", hours.read_text("utf-8"))
    hours.write_text(text, "utf-8")


def test_the_code_that_run_prints_is_good_on_a_pretended_day_and_a_kill_takes_the_hotline_along(
    closed_now: None, running: tuple[subprocess.Popen[str], str]
) -> None:
    process, said = running
    assert "pretended" in said
    url, code = re.search(r"(http\S+/code) +(\S+)", said).groups()
    form = urlencode({"code": code, "name": "boss", "password": "four green horses sing"}).encode()
    with urlopen(url, form, timeout=10) as answer:  # noqa: S310 - our own address
        assert urlsplit(answer.url).path == "/login"
    process.terminate()
    rest_of_it, _ = process.communicate(timeout=20)  # ends only when the hotline's process has let go of the pipe too
    assert (process.returncode, rest_of_it.strip().splitlines()[-1]) == (0, "stopping")
