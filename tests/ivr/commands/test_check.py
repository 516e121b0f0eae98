"""`ivr check` says whether menus can be used, to people and by its exit code."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.commands.check import check
from ivr.menu.hotline import read_hotline

MENUS = Path(__file__).parents[3] / "menus"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(check, list(arguments))


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example hotline at menus/acme in the current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DIALTREE_MENUS", raising=False)
    shutil.copytree(MENUS / "acme", tmp_path / "menus" / "acme")
    return tmp_path / "menus" / "acme"


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.usefixtures("acme")
def test_the_example_is_fine() -> None:
    result = run()
    assert result.output == "menus/acme: fine (36 things a caller can meet, 4 languages)\n"
    assert result.exit_code == 0
    assert run("menus/acme").output == result.output


def test_a_misspelled_target_is_shown_with_line_caret_and_likely_name(acme: Path) -> None:
    edit(acme / "tree.yaml", "        goto: order_number", "        goto: order_numbr")
    result = run()
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0].startswith("menus/acme/tree.yaml:")
    assert lines[0].endswith('error: There is no menu called "order_numbr". [S101]')
    assert lines[2].endswith(" |         goto: order_numbr")
    assert lines[3].index("^") == lines[2].index("order_numbr")
    assert '^~~~~~~~~~~ did you mean "order_number" (menus/acme/tree.yaml:' in lines[3]
    assert lines[-1] == "menus/acme: cannot be used (1 error, 0 warnings)"


def test_a_changed_label_is_fine(acme: Path) -> None:
    edit(acme / "tree.yaml", "en: a complaint", "en: something that went wrong")
    assert run().exit_code == 0


def test_a_warning_is_told_and_the_exit_code_is_zero(acme: Path) -> None:
    edit(acme / "tree.yaml", "  goodbye:\n", "  old: {goto: goodbye}\n  goodbye:\n")
    result = run()
    assert 'warning: No caller can reach the menu "old". [S102]' in result.output
    assert "1 warning)" in result.output
    assert result.exit_code == 0


def test_every_hotline_in_the_folder_is_checked(acme: Path) -> None:
    (acme.parent / "other").mkdir()
    (acme.parent / "other" / "tree.yaml").write_text("hotline: other\n", encoding="utf-8")
    result = run()
    assert "menus/acme: fine" in result.output
    assert "menus/other: cannot be used" in result.output
    assert result.exit_code == 1


def test_a_number_in_two_hotlines_is_a_fault(acme: Path) -> None:
    shutil.copytree(acme, acme.parent / "other")
    edit(acme.parent / "other" / "hotline.yaml", "hotline: acme", "hotline: other")
    result = run()
    assert result.exit_code == 1
    number = next(iter(read_hotline(acme).numbers))
    assert f"error: {number} stands in menus/acme and in menus/other: a number belongs to one hotline." in result.output
    assert "menus/other: fine" in result.output


def test_the_folder_may_stand_in_the_environment(acme: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    monkeypatch.setenv("DIALTREE_MENUS", str(acme.parent))
    assert run().exit_code == 0


@pytest.mark.usefixtures("acme")
def test_no_folder_and_an_empty_folder_cannot_be_checked() -> None:
    Path("empty").mkdir()
    for folder in ("nowhere", "empty"):
        result = run(folder)
        assert result.exit_code == 2
        assert folder in result.output


@pytest.mark.usefixtures("acme")
def test_help_reads_as_help() -> None:
    result = run("--help")
    assert result.exit_code == 0
    assert "Exit codes:" in result.output
