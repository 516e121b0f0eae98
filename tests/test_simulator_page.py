"""What docs/simulator.md says is true: its files are written, its tests run, its commands give what is shown."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from ivr.simulator.chaos import NAMES

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "simulator.md").read_text("utf-8")
FILES = dict(re.findall(r"<!-- ([\w./]+) -->\n```\w+\n(.*?)```", PAGE, re.DOTALL))
SHOWN = re.findall(r"```console\n\$ ([^\n]*)\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The page's files, as a reader would have them."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def outside(folder: Path, *command: str, typed: str = "") -> str:
    """What a command says in a folder that is not ours."""
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith(("DIALTREE", "TWILIO", "PYTEST"))
    }
    told = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={**environ, "PYTHONPATH": str(ROOT)},
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


def played_by_pytest(folder: Path, *names: str) -> str:
    return outside(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir=.", *names)


def test_the_examples_for_flask_and_rest_run(folder: Path) -> None:
    assert "4 passed" in played_by_pytest(folder, "test_shop.py", "test_callback.py")


@pytest.mark.skipif(importlib.util.find_spec("django") is None, reason="Django is not among our requirements")
def test_the_example_for_django_runs(folder: Path) -> None:
    assert "1 passed" in played_by_pytest(folder, "test_django.py")


@pytest.fixture
def shop_url(folder: Path) -> Iterator[str]:
    """The page's app, behind HTTP."""
    spec = importlib.util.spec_from_file_location("shop", folder / "shop.py")
    shop = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(shop)
    server = make_server("127.0.0.1", 0, shop.app)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_example_for_a_url_runs(folder: Path, shop_url: str) -> None:
    (folder / "test_url.py").write_text(FILES["test_url.py"].replace("http://127.0.0.1:5000", shop_url), "utf-8")
    assert "1 passed" in played_by_pytest(folder, "test_url.py")


@pytest.mark.parametrize(("command", "shown"), SHOWN)
def test_commands_say_what_is_shown(command: str, shown: str, folder: Path) -> None:
    typed, _, rest = command.rpartition(" | ")
    keys = re.findall(r"'(.*)'", typed)
    words = rest.split()
    assert words[0] == "ivr"
    said = outside(folder, "-m", "ivr", *words[1:], typed=keys[0].replace("\\n", "\n") if keys else "")
    assert shown.strip() in said


def test_the_page_tells_of_each_mishap() -> None:
    table = PAGE.split("## Misbehaving")[1].split("\n## ")[0]
    told = {
        name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`([a-z0-9-]+)", row)
    }
    assert told == set(NAMES.split(", "))
