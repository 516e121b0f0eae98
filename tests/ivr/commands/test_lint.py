"""`ivr lint` and `ivr explain` as a supervisor meets them: words, formats, exit codes, and files that are put right."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from ivr.commands.explain import explain
from ivr.commands.lint import lint
from ivr.lint.page import pages
from ivr.menu.told import LANGUAGES
from tests.ivr.lint.around import around

BAD = "nodes:\n  goodbye:\n    end: We value your call. Dial 1 for nothing.\n"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(lint, [str(it) for it in arguments])


def folder(tmp_path: Path, example: str) -> Path:
    made = tmp_path / "small"
    made.mkdir()
    for name, content in around(example).items():
        (made / name).write_bytes(content)
    return made


def test_a_rule_that_is_none_is_refused_with_the_way_to_all_of_them() -> None:
    result = CliRunner().invoke(explain, ["ZZZ"])
    assert result.exit_code == 2
    assert result.output == "There is no rule ZZZ.\nAll rules:  ivr lint --list-rules\n"


@pytest.fixture(autouse=True)
def nothing_around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DIALTREE_MENUS", "DIALTREE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DIALTREE_DATA", str(tmp_path / "no data"))
    monkeypatch.chdir(tmp_path)


def test_a_hotline_with_nothing_to_find_says_so(tmp_path: Path) -> None:
    result = run(folder(tmp_path, ""), "--profile", "accessible")
    assert result.exit_code == 0
    assert "nothing found" in result.output
    assert "profile accessible" in result.output


def test_a_finding_is_shown_with_its_line_and_where_to_read_why(tmp_path: Path) -> None:
    made = folder(tmp_path, BAD)
    result = run(made)
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0] == (
        f'{made.as_posix()}/example.yaml:3:10: warning: "We value your call" is what callers dislike most. [P205]'
    )
    assert lines[3].endswith("^~~~~~~~~~~~~~~~~~ say how long the wait is instead")
    assert lines[-1] == "To see why, and how to fix it: ivr explain P205"
    assert "ivr lint --fix" in result.output
    assert "--unsafe" in result.output


@pytest.mark.parametrize(("profile", "expected"), [("min", set()), ("basic", {"P201", "P205"})])
def test_a_profile_tells_no_more_than_it_says(tmp_path: Path, profile: str, expected: set[str]) -> None:
    result = run(folder(tmp_path, BAD), "--profile", profile)
    assert set(re.findall(r"\[([A-Z]\d{3})\]", result.output)) == expected
    assert result.exit_code == bool(expected)


def test_only_the_rules_asked_for_are_looked_at(tmp_path: Path) -> None:
    result = run(folder(tmp_path, BAD), "--rules", "p205, T")
    assert set(re.findall(r"\[([A-Z]\d{3})\]", result.output)) == {"P205"}
    assert run(".", "--rules", "P999").exit_code == 2


def test_every_format_tells_the_same_findings(tmp_path: Path) -> None:
    made = folder(tmp_path, BAD)
    found = json.loads(run(made, "--format", "json").output)
    codes = [it["code"] for it in found]
    assert codes == ["P205", "P201", "P207"]
    assert [it["source"] for it in found] == ["    end: We value your call. Dial 1 for nothing."] * 3
    github = run(made, "--format", "github").output.splitlines()
    assert [line.split(" ")[0] for line in github] == ["::warning", "::warning", "::notice"]
    sarif = json.loads(run(made, "--format", "sarif").output)
    assert [it["ruleId"] for it in sarif["runs"][0]["results"]] == codes
    suites = ElementTree.fromstring(run(made, "--format", "junit").output.encode())  # noqa: S314 - our own
    assert "".join(suites.itertext()).count("[P20") == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_findings_are_told_in_every_language(tmp_path: Path, language: str) -> None:
    result = run(folder(tmp_path, BAD), "--language", language)
    assert result.exit_code == 1
    english = "is what callers dislike most" in result.output
    assert english == (language == "en")


def test_fixing_changes_only_what_callers_do_not_notice(tmp_path: Path) -> None:
    made = folder(tmp_path, BAD)
    result = run(made, "--fix")
    assert (made / "example.yaml").read_text("utf-8") == BAD.replace("Dial 1", "Press 1")
    assert "1 fixed in example.yaml" in result.output
    assert result.exit_code == 1
    assert "[P207]" not in result.output


def test_fixing_all_the_same_turns_sentences_round(tmp_path: Path) -> None:
    made = folder(tmp_path, BAD)
    run(made, "--fix", "--unsafe")
    assert "For nothing, press 1." in (made / "example.yaml").read_text("utf-8")


def test_fixing_what_is_fine_writes_nothing(tmp_path: Path) -> None:
    made = folder(tmp_path, "")
    before = {path.name: path.stat().st_mtime_ns for path in made.iterdir()}
    assert run(made, "--fix", "--unsafe").exit_code == 0
    assert {path.name: path.stat().st_mtime_ns for path in made.iterdir()} == before


def test_files_that_do_not_parse_are_linted_all_the_same(tmp_path: Path) -> None:
    made = folder(tmp_path, "conventions:\n  back: *\n")
    (made / "other.yaml").write_text("fallback_number: +4930555019\n", "utf-8")
    result = run(made)
    assert result.exit_code == 1
    assert {"Y002", "Y007"} <= set(re.findall(r"\[([A-Z]\d{3})\]", result.output))


def test_a_folder_that_is_not_there_is_said_and_nothing_is_run(tmp_path: Path) -> None:
    assert run(tmp_path / "nowhere").exit_code == 2
    (tmp_path / "empty").mkdir()
    assert run(tmp_path / "empty").exit_code == 2


def test_the_rules_are_listed_with_how_bad_they_are() -> None:
    lines = run("--list-rules").output.splitlines()
    assert len(lines) > 100
    assert all(re.match(r"[YSKPTLQHNVX]\d{3}  (error|warning|advice) ", line) for line in lines)
    strict = run("--list-rules", "--profile", "accessible", "--rules", "S104").output
    assert strict.startswith("S104  error")
    assert run("--list-rules", "--language", "de", "--rules", "P208").output.startswith("P208  Warnung")


@pytest.mark.parametrize("id", pages())
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_is_explained_in_every_language(id: str, language: str) -> None:
    result = CliRunner().invoke(explain, [id, "--language", language])
    assert result.exit_code == 0
    assert result.output.startswith(f"{id} (")
    assert pages()[id].good.strip().splitlines()[0] in result.output
    assert "{" not in result.output.splitlines()[0]


def test_a_rule_is_found_however_it_is_typed_and_a_likely_one_is_offered() -> None:
    assert CliRunner().invoke(explain, ["[p205]"]).output.startswith("P205 (")
    wrong = CliRunner().invoke(explain, ["P2055"])
    assert wrong.exit_code == 2
    assert 'did you mean "P205"?' in wrong.output
