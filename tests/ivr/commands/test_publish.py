"""plan, publish, rollback and versions: from a saved file to what new calls hear, told before it happens."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.__main__ import main

MENUS = Path(__file__).parents[3] / "menus"


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example hotline, a data folder of its own, and nothing published."""
    monkeypatch.chdir(tmp_path)
    for name in ("DIALTREE_MENUS", "LC_ALL", "LC_MESSAGES", "DIALTREE_LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C")
    monkeypatch.setenv("DIALTREE_DATA", str(tmp_path / "data"))
    shutil.copytree(MENUS / "acme", tmp_path / "menus" / "acme")
    return tmp_path / "menus" / "acme"


def ivr(*arguments: str) -> Result:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def relabel(acme: Path, old: str = "en: a complaint\n", new: str = "en: something that went wrong\n") -> None:
    edit(acme / "tree.yaml", old, new)


RELABELLED = "  ~ Key 2 is now announced as “something that went wrong” instead of “a complaint” (English)."


@pytest.mark.usefixtures("acme")
def test_before_anything_is_published_the_folder_is_what_callers_hear() -> None:
    said = "Nothing of acme is published yet: new calls hear what is saved in its folder.\n"
    assert ivr("plan").output == said
    assert not Path("data").exists()  # looking makes no database
    assert "Nothing was ever published here" in ivr("versions").output


def test_the_plan_is_told_first_and_then_it_is_live(acme: Path) -> None:
    assert ivr("publish", "--by", "ana").exit_code == 0
    relabel(acme)
    planned = ivr("plan", "--exit-code")
    assert RELABELLED in planned.output.splitlines()
    assert planned.exit_code == 2
    published = ivr("publish", "menus/acme", "--by", "bo")
    assert published.output.startswith(planned.output)
    assert "new calls hear version" in published.output.splitlines()[-1]
    again = ivr("plan", "--exit-code")
    assert again.output.splitlines()[-1] == "No changes: callers notice nothing."
    assert again.exit_code == 0


def test_rollback_goes_back_and_says_what_that_changes(acme: Path) -> None:
    ivr("publish", "--by", "ana")
    relabel(acme)
    ivr("publish", "--by", "bo")
    back = ivr("rollback", "--by", "cy")
    assert back.exit_code == 0
    assert (
        "  ~ Key 2 is now announced as “a complaint” instead of “something that went wrong” (English)." in back.output
    )
    listed = ivr("versions").output.splitlines()
    assert listed[0] == "acme"
    assert listed[1].startswith("* ")
    assert listed[1].endswith("live: rolled back (cy)")
    assert listed[2].endswith("earlier: published (bo)")
    assert ivr("rollback").exit_code == 1  # there is nothing older


def test_a_hotline_with_faults_is_planned_as_far_as_it_can_be_and_not_published(acme: Path) -> None:
    ivr("publish")
    relabel(acme)
    edit(acme / "tree.yaml", "      es: Gracias por su llamada. Adiós.\n", "")
    planned = ivr("plan")
    assert planned.exit_code == 1
    assert RELABELLED in planned.output
    assert "! 1 prompt has no Spanish." in planned.output
    assert planned.output.endswith("It cannot be published: 1 fault (ivr check tells it).\n")
    refused = ivr("publish")
    assert refused.exit_code == 1
    assert "[L301]" in refused.output
    assert len(ivr("versions").output.splitlines()) == 3  # its name, what was watched, what was published first


def test_a_file_that_cannot_be_read_gives_its_faults_and_no_plan(acme: Path) -> None:
    ivr("publish")
    edit(acme / "tree.yaml", "nodes:\n", "nodes:\n\tx: 1\n")
    planned = ivr("plan")
    assert planned.exit_code == 1
    assert "tree.yaml:" in planned.output
    assert "gone" not in planned.output


def test_a_publication_can_be_for_later(acme: Path) -> None:
    ivr("publish", "--by", "ana")
    relabel(acme)
    later = ivr("publish", "--at", "2030-12-24 14:00", "--by", "bo")
    assert later.output.splitlines()[-1].endswith(" from 2030-12-24 14:00 CET on.")
    listed = ivr("versions").output.splitlines()
    assert "2030-12-24 13:00  to come: published (bo)" in listed[1]
    assert listed[2].endswith("live: published (ana)")
    past = ivr("publish", "--at", "2020-01-01 08:00")
    assert past.exit_code == 2
    assert "That moment is over" in past.output


def test_versions_and_folders_can_be_compared_by_name(acme: Path) -> None:
    ivr("publish")
    first = ivr("versions").output.split()[2]
    relabel(acme)
    ivr("publish")
    assert RELABELLED in ivr("plan", first[:8], "published").output
    assert RELABELLED in ivr("plan", first, "menus/acme").output
    content = json.loads(ivr("plan", first, "menus", "--format", "json", "--language", "es").output)
    assert content["changes"][0]["text"].startswith("La tecla 2 se anuncia ahora como «something that went wrong»")
    for wrong in ("nowhere", "abcdef"):
        assert "is neither a folder nor a version" in ivr("plan", wrong).output
        assert ivr("plan", wrong).exit_code == 2
    assert ivr("plan", "a", "b", "c").exit_code == 2


def test_another_hotline_s_name_is_refused(acme: Path) -> None:
    ivr("publish")
    assert acme.is_dir()
    refused = ivr("rollback", "acne")
    assert refused.exit_code == 2
    assert 'Nothing was ever published of "acne": there are acme.' in refused.output


def test_a_released_hotline_is_heard_as_it_is_saved(acme: Path) -> None:
    ivr("publish", "--by", "ana")
    relabel(acme)
    assert ivr("release", "--by", "bo").output == "acme: new calls hear what is saved in its folder again.\n"
    assert ivr("plan").output.startswith("Nothing of acme is published yet")
    assert "folder watched again (bo)" in ivr("versions").output
    assert ivr("publish", "--by", "cy").exit_code == 0
    assert ivr("versions").output.splitlines()[1].endswith("live: published (cy)")


def test_a_folder_with_a_fault_is_not_released_and_what_was_published_goes_on(acme: Path) -> None:
    ivr("publish", "--by", "ana")
    before = ivr("versions").output
    edit(acme / "tree.yaml", "      es: Gracias por su llamada. Adiós.\n", "")
    refused = ivr("release", "--by", "bo")
    assert refused.exit_code == 1
    assert "[L301]" in refused.output
    assert refused.output.endswith(
        "acme: its folder cannot be used like this. Nothing is changed: new calls hear what was published.\n"
    )
    assert ivr("versions").output == before
    edit(acme / "hotline.yaml", "hotline: acme", "hotline: other")
    gone = ivr("release", "acme", "--language", "es")
    assert gone.exit_code == 1
    assert "Ninguna carpeta contiene esta línea" in gone.output
    assert ivr("versions").output == before


@pytest.mark.usefixtures("acme")
def test_what_is_refused_is_told_in_the_reader_s_language() -> None:
    ivr("publish", "--by", "ana")
    assert ivr("rollback", "--language", "de").output == "Es gibt nichts Älteres, zu dem man zurück könnte.\n"
    assert ivr("rollback", "--language", "sr").output == "Нема ничег старијег на шта би се могло вратити.\n"


def test_the_plan_counts_what_has_no_spanish(acme: Path) -> None:
    ivr("publish")
    text = (acme / "tree.yaml").read_text("utf-8")
    for line in re.findall(r"^ +es: .*\n", text, re.MULTILINE)[:3]:
        text = text.replace(line, "", 1)
    (acme / "tree.yaml").write_text(text, "utf-8")
    assert "! 3 prompts have no Spanish." in ivr("plan").output.splitlines()
    assert "! 3 Ansagen fehlen auf Spanisch." in ivr("plan", "--language", "de").output.splitlines()


@pytest.mark.usefixtures("acme")
def test_draw_says_what_it_has_written() -> None:
    assert ivr("draw", "-o", "acme.svg").output == "acme.svg is written.\n"
    assert "<svg" in Path("acme.svg").read_text("utf-8")
