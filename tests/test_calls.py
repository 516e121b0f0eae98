"""Whole calls: every script is played on a hotline of its own and compared with the transcript beside it."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from ivr.simulator.script.reader import read_file
from tests import played


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    played.log_in_cheaply(monkeypatch)


def named(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", played.SCRIPTS, ids=named)
def test_a_call_goes_as_its_script_says(path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    script = read_file(path)
    with played.hotline(tmp_path, script.at) as joined:
        result = played.play(script, joined)
        assert result.passed, result.failure or result.error
        assert not (wrong := played.faults(joined)), "\n".join(["", *wrong])
        compare(played.told(result, joined), played.CALLS / f"{path.stem}.txt", request)


def compare(told: str, golden: Path, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--accept"):
        golden.write_text(told, "utf-8")
        return
    expected = golden.read_text("utf-8") if golden.exists() else ""
    differences = difflib.unified_diff(expected.splitlines(), told.splitlines(), golden.name, "this call", lineterm="")
    assert told == expected, "\n".join(["", *differences, "(pytest --accept writes it down as it is now)"])
