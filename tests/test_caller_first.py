"""Callers rung first: whole calls on a queue that asks representatives only once the caller is on the line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ivr.simulator.script.reader import read_file
from tests import played
from tests.test_calls import compare, named

CALLS = played.CALLS / "caller_first"
BEFORE = "  claims:\n"
AFTER = "  claims:\n    callbacks: {first: caller, tries: 1}\n"


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    played.log_in_cheaply(monkeypatch)


@pytest.fixture
def menus(tmp_path: Path) -> Path:
    """The example hotline with one line changed."""
    shutil.copytree(played.MENUS, tmp_path / "menus")
    queues = tmp_path / "menus" / "acme" / "queues.yaml"
    text = queues.read_text("utf-8")
    assert text.count(BEFORE) == 1
    queues.write_text(text.replace(BEFORE, AFTER), "utf-8")
    return tmp_path / "menus"


@pytest.mark.parametrize("path", sorted(CALLS.glob("*.call")), ids=named)
def test_a_caller_who_is_rung_first(path: Path, menus: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    script = read_file(path)
    with played.hotline(tmp_path / "played", script.at, menus) as joined:
        result = played.play(script, joined)
        assert result.passed, result.failure or result.error
        assert not (wrong := played.faults(joined)), "\n".join(["", *wrong])
        compare(played.told(result, joined), CALLS / f"{path.stem}.txt", request)
