"""Each file in tests/bad_menus/lint can be used and still wears callers out; its first lines say what is found."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from ivr.lint.rule import PROFILES, RULES
from ivr.lint.run import lint_hotline
from ivr.menu.fault import Fault
from ivr.menu.told import LANGUAGES

FOLDER = Path(__file__).parents[2] / "bad_menus"
OF_LINT = sorted((FOLDER / "lint").glob("*.yaml"))
EVERY = sorted(FOLDER.rglob("*.yaml"))
EXPECT = re.compile(r"# expect (\d+):(\d+) (error|warning|advice) ([A-Z]\d{3}) (.*)")
NEEDS_MORE = {"S112", "V709", "X801", "X802"}  # calls or call scripts; see test_known
FORBIDDEN_WORDS = re.compile(r"\b(mapping|scalar|node|schema|anyOf|NoneType|token|sequence|null)\b", re.IGNORECASE)


def expected(path: Path) -> list[tuple[str, ...]]:
    return [found.groups() for line in path.read_text("utf-8").splitlines() if (found := EXPECT.match(line))]


def told(fault: Fault) -> tuple[str, ...]:
    return str(fault.place.line), str(fault.place.column), fault.severity, fault.code, fault.message


@pytest.mark.parametrize("path", OF_LINT, ids=lambda path: path.stem)
def test_exactly_what_a_file_says_is_found(path: Path) -> None:
    assert expected(path)
    linted = lint_hotline({path.name: path.read_bytes()})
    assert [told(fault) for fault in linted.faults] == expected(path)
    assert linted.tree is not None


def test_every_rule_has_a_file() -> None:
    shown = {code for path in OF_LINT for _, _, _, code, _ in expected(path)}
    assert {id for id, rule in RULES.items() if rule.look} - NEEDS_MORE - {"N601"} <= shown


@pytest.mark.parametrize("path", OF_LINT, ids=lambda path: path.stem)
def test_the_caret_stands_under_what_is_meant(path: Path) -> None:
    for fault in lint_hotline({path.name: path.read_bytes()}).faults:
        lines = fault.shown().splitlines()
        assert lines[2].split(" | ", 1)[1] == fault.line
        caret = lines[3].split("| ", 1)[1]
        assert caret.index("^") == fault.place.column - 1
        assert fault.line[fault.place.column - 1 : fault.end_column - 1].strip()


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_nothing_that_check_finds_is_lost_and_nothing_breaks(path: Path) -> None:
    files = {path.name: path.read_bytes()}
    for profile in PROFILES:
        linted = lint_hotline(files, profile=profile)
        assert (linted.tree is None) <= (linted.errors > 0)
        for fault in linted.faults:
            for language in LANGUAGES:
                shown = fault.in_language(language)
                assert shown.message.endswith(".")
                assert not FORBIDDEN_WORDS.search(f"{shown.message} {shown.hint}")


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_a_profile_holds_the_one_before(path: Path) -> None:
    files = {path.name: path.read_bytes()}
    places = [
        {(fault.place, fault.code) for fault in lint_hotline(files, profile=profile).faults} for profile in PROFILES
    ]
    for less, more in pairwise(places):
        assert less <= more
