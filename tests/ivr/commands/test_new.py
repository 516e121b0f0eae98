"""`ivr new` makes hotlines that can be used at once, and touches nothing that is there; `ivr schema` helps editors."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from ivr.__main__ import main
from ivr.menu.hotline import examine_folder, read_hotline
from ivr.menu.language.schema import schema
from tests.ivr.menu.editor import schema_is_content


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), env={"LANG": "C", "LC_ALL": "C", "LC_MESSAGES": "C"})


def test_a_new_hotline_is_without_fault_in_four_languages(tmp_path: Path) -> None:
    assert run("new", "shop", "--in", str(tmp_path)).exit_code == 0
    examined = examine_folder(tmp_path / "shop")
    assert examined.tree
    assert not examined.faults
    assert (examined.tree.hotline, examined.tree.languages) == ("shop", ("en", "de", "sr", "es"))
    assert run("check", str(tmp_path)).exit_code == 0


def test_every_file_of_a_new_hotline_tells_an_editor_where_the_schema_is(tmp_path: Path) -> None:
    run("new", "shop", "--in", str(tmp_path))
    for path in (tmp_path / "shop").glob("*.yaml"):
        first = path.read_text("utf-8").splitlines()[0]
        assert first.startswith("# yaml-language-server: $schema=")
        assert (path.parent / first.partition("=")[2]).resolve() == tmp_path / "hotline.schema.json"
        assert schema_is_content(path.read_bytes())
    assert json.loads((tmp_path / "hotline.schema.json").read_text("utf-8")) == schema()


def test_two_new_hotlines_have_different_numbers(tmp_path: Path) -> None:
    for name in ("shop", "office"):
        run("new", name, "--in", str(tmp_path))
    shop, office = (read_hotline(tmp_path / name) for name in ("shop", "office"))
    assert not shop.numbers.keys() & office.numbers.keys()
    script = (tmp_path / "office/calls/a_question.call").read_text("utf-8")
    assert next(iter(office.numbers)) in script


def test_a_hotline_that_is_there_is_not_touched(tmp_path: Path) -> None:
    run("new", "shop", "--in", str(tmp_path))
    tree = tmp_path / "shop/tree.yaml"
    tree.write_text("mine", "utf-8")
    result = run("new", "shop", "--in", str(tmp_path), "--language", "de")
    assert result.exit_code == 2
    assert "gibt es schon" in result.output
    assert tree.read_text("utf-8") == "mine"


def test_a_name_that_would_lead_elsewhere_is_refused(tmp_path: Path) -> None:
    for name in ("../shop", "Shop", "", "a b", "x" * 41):
        assert run("new", name, "--in", str(tmp_path)).exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_the_schema_is_printed() -> None:
    assert json.loads(run("schema").output) == schema()
