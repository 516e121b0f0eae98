"""Each file in tests/bad_menus is a small hotline with something wrong; its first lines say what is found and where."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ivr.menu.fault import Fault, MenuError
from ivr.menu.hotline import examine, read_files
from ivr.menu.told import LANGUAGES

HOUSE = Path(__file__).parents[3]
BAD_MENUS = sorted((HOUSE / "tests/bad_menus").glob("*.yaml"))
EXPECT = re.compile(r"# expect (\d+):(\d+) (error|warning) ([A-Z]\d{3}) (.*)")
KEYS_OF_CHECK = set(json.loads((HOUSE / "ivr/menu/told/check.en.json").read_text("utf-8")))
ELSEWHERE = {  # what no single file can show, or only one that no editor would save
    "Y000.stuck", "Y004.places", "Y009", "Y014.large", "Y014.much", "Y014.together", "Y021",
}  # fmt: skip
RECORDINGS = frozenset({"welcome_en.wav"})
FORBIDDEN_WORDS = re.compile(
    r"\b(mapping|scalar|node|schema|anyOf|NoneType|token|sequence|null|string)\b", re.IGNORECASE
)


def told(fault: Fault) -> tuple[str, ...]:
    place = fault.place
    return str(place.line), str(place.column), fault.severity, fault.code, fault.message


@pytest.mark.parametrize("path", BAD_MENUS, ids=lambda path: path.stem)
def test_exactly_the_faults_in_a_bad_menu_are_told(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    expected = [found.groups() for line in text.splitlines() if (found := EXPECT.match(line))]
    assert expected
    examined = examine({path.name: text}, "", RECORDINGS)
    assert [told(fault) for fault in examined.faults] == expected
    assert (examined.tree is None) == any(severity == "error" for _, _, severity, _, _ in expected)


@pytest.mark.parametrize("path", BAD_MENUS, ids=lambda path: path.stem)
def test_a_fault_speaks_of_calls_and_not_of_yaml_in_every_language(path: Path) -> None:
    for fault in examine({path.name: path.read_bytes()}, "", RECORDINGS).faults:
        for language in LANGUAGES:
            told_in_it = fault.in_language(language)
            assert not FORBIDDEN_WORDS.search(f"{told_in_it.message} {told_in_it.hint}")
            assert told_in_it.message.endswith(".")
            assert "{" not in told_in_it.message or "{" in fault.line


def test_there_are_enough_bad_menus_and_every_message_of_check_is_in_one_or_in_the_tests_of_the_reader() -> None:
    assert len(BAD_MENUS) >= 120
    met = {fault.said.key for path in BAD_MENUS for fault in read(path) if fault.said}
    known = {key for key in KEYS_OF_CHECK if re.fullmatch(r"[A-Z]\d{3}(\.[a-z_]+)?", key) and not key.endswith(".hint")}
    assert known - met <= ELSEWHERE
    assert not ELSEWHERE & met


def read(path: Path) -> tuple[Fault, ...]:
    return examine({path.name: path.read_bytes()}, "", RECORDINGS).faults


@pytest.mark.parametrize("path", BAD_MENUS, ids=lambda path: path.stem)
def test_the_caret_stands_under_what_is_wrong(path: Path) -> None:
    for fault in examine({path.name: path.read_bytes()}, "", RECORDINGS).faults:
        lines = str(fault).splitlines()
        assert len(lines) == 4
        source, caret = lines[2], lines[3]
        written = fault.line.expandtabs(1)
        assert source.split(" | ", 1)[1].strip("…") in written
        under = caret.index("^")
        assert source[under : under + 1] == written[fault.place.column - 1 : fault.place.column]
        if len(written) < 160:
            assert under - lines[2].index("|") - 1 == fault.place.column


def test_a_missing_target_is_shown_with_the_likely_one_and_its_place() -> None:
    path = next(path for path in BAD_MENUS if path.stem == "missing_target")
    with pytest.raises(MenuError) as raised:
        read_files({"tree.yaml": path.read_text(encoding="utf-8")})
    assert str(raised.value) == (
        'tree.yaml:12:15: error: There is no menu called "operater". [S101]\n'
        "   |\n"
        "12 |         goto: operater\n"
        '   |               ^~~~~~~~ did you mean "operator" (tree.yaml:13)?'
    )
