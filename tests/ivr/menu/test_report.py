"""Faults are told to people and to other programs, whole and safely."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

from ivr.menu.fault import Fault
from ivr.menu.hotline import examine
from ivr.menu.place import Place
from ivr.menu.report import FORMATS, Report, count
from ivr.menu.told import LANGUAGES
from tests.ivr.menu.small import SMALL, changed

FAULTY = changed("goto: operator", "goto: operater", SMALL) + "transfer_numbers: ['+49 30 555 0100']\n"
WARNING = changed("  goodbye:", "  old: {goto: goodbye}\n  goodbye:")


def reports() -> list[Report]:
    return [
        Report("menus/one", examine({"one.yaml": FAULTY}).faults, "menus/one: cannot be used"),
        Report("menus/two", examine({"two.yaml": WARNING}).faults),
        Report("menus/three", ()),
    ]


def nasty() -> list[Report]:
    place = Place("menus/a b,c:d%.yaml", 1, 1)
    message = 'New\nline, 100 %, "<&>" ]]> \x1b[31m \ufffe'
    return [Report("x", (Fault(place, 2, message, "hint", "Y000", "error", "line \x1b"),))]


def test_text_shows_the_line_and_a_caret_and_closes_each_hotline() -> None:
    lines = FORMATS["text"](reports(), "de").splitlines()
    assert lines[0] == "one.yaml:9:38: Fehler: Es gibt kein Menü „operater“. [S101]"
    assert lines[3].endswith("^~~~~~~~ meinten Sie „operator“ (one.yaml:10)?")
    assert lines[4] == "menus/one: cannot be used"


def test_json_holds_every_fault_with_its_place() -> None:
    found = json.loads(FORMATS["json"](reports(), "es"))
    assert [(it["hotline"], it["file"], it["line"], it["column"], it["end_column"], it["code"]) for it in found] == [
        ("menus/one", "one.yaml", 9, 38, 46, "S101"),
        ("menus/two", "two.yaml", 17, 3, 6, "S102"),
    ]
    assert found[0]["message"] == "No hay ningún menú llamado «operater»."
    assert found[0]["source"] == '      "1": {label: a question, goto: operater}'


def test_github_gets_one_line_a_fault() -> None:
    first, second = FORMATS["github"](reports(), "en").splitlines()
    assert first.startswith("::error file=one.yaml,line=9,endLine=9,col=38,endColumn=46,title=S101::There is no menu")
    assert second.startswith("::warning file=two.yaml,line=17,")


def test_github_is_not_taken_in_by_what_stands_in_a_message() -> None:
    (line,) = FORMATS["github"](nasty(), "en").splitlines()
    assert "file=menus/a b%2Cc%3Ad%25.yaml,line=1" in line
    assert "::New%0Aline, 100 %25," in line


def test_junit_fails_for_errors_and_tells_of_warnings() -> None:
    suites = ElementTree.fromstring(FORMATS["junit"](reports(), "en"))  # noqa: S314 - we have just made it
    assert [(suite.get("name"), suite.get("tests"), suite.get("failures")) for suite in suites] == [
        ("menus/one", "1", "1"),
        ("menus/two", "1", "0"),
        ("menus/three", "1", "0"),
    ]
    assert suites[0][0][0].tag == "failure"
    assert "^~~~" in (suites[0][0][0].text or "")
    assert suites[1][0][0].tag == "system-out"


def test_junit_is_xml_whatever_stands_in_a_message() -> None:
    suites = ElementTree.fromstring(FORMATS["junit"](nasty(), "en"))  # noqa: S314 - we have just made it
    assert suites[0][0][0].get("message") == 'New line, 100 %, "<&>" ]]> ?[31m ?'.replace("New line", "New\nline")


def test_sarif_names_rules_levels_and_places() -> None:
    log = json.loads(FORMATS["sarif"](reports(), "en"))
    run = log["runs"][0]
    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["S101", "S102"]
    assert [(it["ruleId"], it["level"]) for it in run["results"]] == [("S101", "error"), ("S102", "warning")]
    location = run["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"] == {"uri": "one.yaml"}
    assert location["region"] == {"startLine": 9, "startColumn": 38, "endColumn": 46}
    uri = json.loads(FORMATS["sarif"](nasty(), "en"))["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert uri["artifactLocation"] == {"uri": "menus/a%20b%2Cc%3Ad%25.yaml"}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_to_tell_is_told_as_well(form: str, language: str) -> None:
    assert isinstance(FORMATS[form]([Report("menus/acme", ())], language), str)


def test_faults_are_counted_in_words() -> None:
    faults = examine({"one.yaml": FAULTY}).faults
    assert [count(faults, "error", language) for language in LANGUAGES] == [
        "1 error",
        "1 Fehler",
        "1 грешка",
        "1 error",
    ]
