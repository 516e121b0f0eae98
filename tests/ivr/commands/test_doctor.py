"""The doctor finds what keeps calls from being answered; the carrier and our public address are played on loopback."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.wrappers import Request, Response

from ivr.commands.doctor import doctor

HOUSE = Path(__file__).resolve().parents[3]
ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "0123456789abcdef" * 2
NUMBERS = ("+18005550142",)


class Loopback:
    """One small web server that is the carrier's REST API under /2010-04-01 and our own program elsewhere."""

    def __init__(self) -> None:
        self.voice_status = 403
        self.account_status = "active"
        self.numbers: dict[str, tuple[str, str]] = {}
        self.server: BaseWSGIServer = make_server("127.0.0.1", 0, Request.application(self.answer))
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, request: Request) -> Response:
        if request.path == "/voice":
            return Response(status=self.voice_status, headers={"Location": "/elsewhere"})
        if not request.authorization or request.authorization.password != TOKEN:
            return Response(json.dumps({"code": 20003, "message": "Authenticate", "status": 401}), 401)
        if request.path.endswith(f"/Accounts/{ACCOUNT}.json"):
            return Response(json.dumps({"sid": ACCOUNT, "status": self.account_status, "friendly_name": "Acme"}))
        numbers = [
            {"phone_number": number, "voice_url": voice, "voice_fallback_url": fallback}
            for number, (voice, fallback) in self.numbers.items()
        ]
        return Response(json.dumps({"incoming_phone_numbers": numbers, "next_page_uri": None, "page_size": 50}))


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    loopback = Loopback()
    thread = threading.Thread(target=loopback.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield loopback
    loopback.server.shutdown()
    thread.join()
    loopback.server.server_close()


@pytest.fixture
def environment(loopback: Loopback, tmp_path: Path) -> dict[str, str]:
    """An installation with nothing wrong."""
    shutil.copytree(HOUSE / "menus", tmp_path / "menus")
    for number in numbers_of(tmp_path / "menus"):
        loopback.numbers[number] = (f"{loopback.url}/voice", f"{loopback.url}/voice/fallback")
    (tmp_path / "data").mkdir()
    return {
        "DIALTREE_ACCOUNT_SID": ACCOUNT,
        "DIALTREE_AUTH_TOKEN": TOKEN,
        "DIALTREE_PUBLIC_URL": loopback.url,
        "DIALTREE_CARRIER_URL": loopback.url,
        "DIALTREE_DATA": str(tmp_path / "data"),
        "DIALTREE_MENUS": str(tmp_path / "menus"),
    }


def numbers_of(menus: Path) -> list[str]:
    from ivr.menu.hotline import read_hotline

    return [number for folder in menus.iterdir() if folder.is_dir() for number in read_hotline(folder).numbers]


def ask(environment: dict[str, str], **changes: str) -> Result:
    return CliRunner(env={**environment, **changes}).invoke(doctor, catch_exceptions=False)


def lines(result: Result, grade: str) -> list[str]:
    return [line for line in result.output.splitlines() if line.startswith(grade + ":")]


def test_a_sound_installation_is_fine(environment: dict[str, str]) -> None:
    result = ask(environment)
    assert result.exit_code == 0, result.output
    assert len(lines(result, "fine")) == len(result.output.splitlines()), result.output
    assert "this program answers under" in result.output
    assert "the carrier knows the account" in result.output
    assert "calls to +1" in result.output


def test_without_settings_it_says_which_and_looks_at_the_rest() -> None:
    result = CliRunner(env=dict.fromkeys(("DIALTREE_ACCOUNT_SID", "DIALTREE_AUTH_TOKEN", "DIALTREE_PUBLIC_URL"), ""))
    said = result.invoke(doctor)
    assert said.exit_code == 1
    assert len(lines(said, "wrong")) == 3
    assert "fine:    Python 3" in said.output
    assert "Account SID on the first page" in said.output


def test_a_wrong_token_is_found_and_never_shown(environment: dict[str, str]) -> None:
    result = ask(environment, DIALTREE_AUTH_TOKEN="f" * 32)
    assert result.exit_code == 1
    assert any("401" in line and "DIALTREE_AUTH_TOKEN" in line for line in lines(result, "wrong"))
    assert "f" * 32 not in result.output


@pytest.mark.parametrize(
    ("status", "said"),
    [(404, "not this program"), (200, "not this program"), (502, "answers 502"), (301, "sends on to another address")],
)
def test_somebody_else_under_our_address_is_found(
    environment: dict[str, str], loopback: Loopback, status: int, said: str
) -> None:
    loopback.voice_status = status
    result = ask(environment)
    assert result.exit_code == 1
    assert any(said in line for line in lines(result, "wrong")), result.output


def test_an_address_where_nobody_answers_is_found(environment: dict[str, str]) -> None:
    result = ask(environment, DIALTREE_PUBLIC_URL="http://127.0.0.1:9")
    assert result.exit_code == 1
    assert any("cannot be reached" in line for line in lines(result, "wrong"))


def test_a_carrier_that_cannot_be_reached_is_found(environment: dict[str, str]) -> None:
    result = ask(environment, DIALTREE_CARRIER_URL="http://127.0.0.1:9")
    assert result.exit_code == 1
    assert any("carrier" in line for line in lines(result, "wrong"))


def test_a_suspended_account_is_found(environment: dict[str, str], loopback: Loopback) -> None:
    loopback.account_status = "suspended"
    result = ask(environment)
    assert result.exit_code == 1
    assert any("suspended" in line for line in lines(result, "wrong"))


def test_a_number_that_rings_elsewhere_is_found(environment: dict[str, str], loopback: Loopback) -> None:
    number = next(iter(loopback.numbers))
    loopback.numbers[number] = ("https://demo.example.com/welcome", "")
    result = ask(environment)
    assert result.exit_code == 1
    assert any(number in line and "demo.example.com" in line for line in lines(result, "wrong"))


def test_a_number_without_fallback_or_account_is_a_warning(environment: dict[str, str], loopback: Loopback) -> None:
    first, second, *_ = loopback.numbers
    loopback.numbers[first] = (f"{loopback.url}/voice", "")
    del loopback.numbers[second]
    result = ask(environment)
    assert result.exit_code == 0
    warned = lines(result, "warning")
    assert len(warned) == 2
    assert any(first in line and "fallback" in line for line in warned)
    assert any(second in line and "no number of this account" in line for line in warned)


def test_a_broken_menu_is_found(environment: dict[str, str]) -> None:
    hotline = next(path for path in Path(environment["DIALTREE_MENUS"]).iterdir() if path.is_dir())
    (hotline / "broken.yaml").write_text("nodes:\n  welcome: {goto: nowhere}\n", "utf-8")
    result = ask(environment)
    assert result.exit_code == 1
    assert any("ivr check" in line for line in lines(result, "wrong"))


def test_a_folder_without_menus_is_found(environment: dict[str, str], tmp_path: Path) -> None:
    result = ask(environment, DIALTREE_MENUS=str(tmp_path / "nothing"))
    assert result.exit_code == 1
    assert any("no hotline" in line for line in lines(result, "wrong"))


def test_a_data_folder_that_is_a_file_is_found(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    result = ask(environment, DIALTREE_DATA=str(tmp_path / "file" / "data"))
    assert result.exit_code == 1
    assert any("nothing can be written" in line for line in lines(result, "wrong")), result.output


def test_a_database_of_rubbish_is_found(environment: dict[str, str]) -> None:
    Path(environment["DIALTREE_DATA"], "dialtree.db").write_bytes(b"rubbish " * 1000)
    result = ask(environment)
    assert result.exit_code == 1
    assert any("database" in line for line in lines(result, "wrong")), result.output


def test_a_whole_database_is_fine(environment: dict[str, str]) -> None:
    connection = sqlite3.connect(Path(environment["DIALTREE_DATA"], "dialtree.db"))
    connection.execute("CREATE TABLE calls (sid)")
    connection.close()
    result = ask(environment)
    assert result.exit_code == 0, result.output
    assert "the database opens" in result.output


def test_nothing_is_changed_by_looking(environment: dict[str, str]) -> None:
    ask(environment)
    assert list(Path(environment["DIALTREE_DATA"]).iterdir()) == []


def test_the_exchange_of_tokens_is_brought_to_mind(environment: dict[str, str]) -> None:
    result = ask(environment, DIALTREE_TOKEN_OLD="e" * 32)
    assert result.exit_code == 0
    assert any("old token" in line for line in lines(result, "warning"))
