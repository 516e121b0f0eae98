"""`ivr check` speaks the author's language, tells other programs in their forms, and looks again at what is saved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.__main__ import main
from ivr.commands.check import whenever_saved
from ivr.menu.report import FORMATS
from tests.ivr.menu.small import SMALL, changed

NO_LANGUAGE = {"LANG": "", "LC_ALL": "", "LC_MESSAGES": "", "DIALTREE_LANGUAGE": ""}


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments], env={**NO_LANGUAGE, **environment})


@pytest.fixture
def faulty(tmp_path: Path) -> str:
    (tmp_path / "tree.yaml").write_text(changed("goto: operator", "goto: operater"), "utf-8")
    return str(tmp_path)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", 'error: There is no menu called "operater". [S101]'),
        ("de", "Fehler: Es gibt kein Menü „operater“. [S101]"),
        ("sr", "грешка: Нема менија „operater”. [S101]"),
        ("es", "error: No hay ningún menú llamado «operater». [S101]"),
    ],
)
def test_a_fault_is_told_in_the_language_asked_for_or_in_that_of_the_system(
    faulty: str, language: str, sentence: str
) -> None:
    for result in (run(faulty, "--language", language), run(faulty, LANG=f"{language}_XX.UTF-8")):
        assert result.exit_code == 1
        assert sentence in result.output


def test_a_language_that_is_not_spoken_is_refused_when_asked_for_and_passed_over_otherwise(faulty: str) -> None:
    assert run(faulty, "--language", "fr").exit_code == 2
    assert "There is no menu" in run(faulty, LANG="fr_FR").output


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_tells_the_fault_and_leaves_with_the_same_code(faulty: str, form: str) -> None:
    result = run(faulty, "--format", form)
    assert result.exit_code == 1
    assert "S101" in result.output


def test_json_of_a_hotline_without_fault_is_an_empty_list(tmp_path: Path) -> None:
    (tmp_path / "tree.yaml").write_text(SMALL, "utf-8")
    result = run(str(tmp_path), "--format", "json")
    assert (result.exit_code, json.loads(result.output)) == (0, [])


def test_a_recording_that_is_named_must_be_in_the_folder(tmp_path: Path) -> None:
    text = changed("menu: Welcome.", "menu: {say: Welcome., recording: welcome.wav}")
    (tmp_path / "tree.yaml").write_text(text, "utf-8")
    assert "[P224]" in run(str(tmp_path)).output
    (tmp_path / "recordings").mkdir()
    (tmp_path / "recordings/welcome.wav").touch()
    assert run(str(tmp_path)).exit_code == 0


def test_watching_looks_at_once_and_whenever_something_has_been_saved() -> None:
    stamps: Iterator[int] = iter([1, 1, 2, 2, 3])
    looks: list[str] = []
    whenever_saved(lambda: next(stamps), lambda: looks.append("look"), range(4))
    assert len(looks) == 3
