"""Each file in tests/bad_menus is a small hotline with something wrong; its first lines say what is found and where."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ivr.menu.fault import Fault, MenuError
from ivr.menu.hotline import examine, read_files

BAD_MENUS = sorted((Path(__file__).parents[2] / "bad_menus").glob("*.yaml"))
EXPECT = re.compile(r"# expect (\d+):(\d+) (error|warning) ([A-Z]\d{3}) (.*)")
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
    examined = examine({path.name: text})
    assert [told(fault) for fault in examined.faults] == expected
    assert (examined.tree is None) == any(severity == "error" for _, _, severity, _, _ in expected)


@pytest.mark.parametrize("path", BAD_MENUS, ids=lambda path: path.stem)
def test_a_fault_speaks_of_calls_and_not_of_yaml(path: Path) -> None:
    for fault in examine({path.name: path.read_bytes()}).faults:
        assert not FORBIDDEN_WORDS.search(fault.message + fault.hint)
        assert fault.message.endswith(".")


@pytest.mark.parametrize("path", BAD_MENUS, ids=lambda path: path.stem)
def test_the_caret_stands_under_what_is_wrong(path: Path) -> None:
    for fault in examine({path.name: path.read_bytes()}).faults:
        lines = str(fault).splitlines()
        assert len(lines) == 4
        source, caret = lines[2], lines[3]
        assert source.split(" | ", 1)[1] == fault.line.expandtabs(1)
        assert caret.index("^") - lines[2].index("|") - 1 == fault.place.column


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
