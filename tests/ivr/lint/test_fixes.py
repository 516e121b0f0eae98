"""Fixes: what `--fix` makes of a hotline, and what it never does."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.lint.fix import Edit, Fix, repaired
from ivr.lint.page import pages
from ivr.lint.rule import RULES
from ivr.lint.run import lint_hotline, mend
from tests.ivr.lint.around import around

FIXABLE = sorted(id for id, rule in RULES.items() if rule.fixes and id in pages() and id not in ("Y008", "S101"))
EVERY = sorted((Path(__file__).parents[2] / "bad_menus").rglob("*.yaml"))


@pytest.mark.parametrize("id", FIXABLE)
def test_a_fix_takes_the_finding_away_and_brings_no_other(id: str) -> None:
    files = around(pages()[id].bad)
    before = lint_hotline(files)
    changed, count = mend(files, unsafe=RULES[id].fixes == "unsafe", only=(id,))
    assert count >= 1
    after = lint_hotline({**files, **changed})
    assert id not in [fault.code for fault in after.faults]
    assert {fault.code for fault in after.faults} <= {fault.code for fault in before.faults} | {"S102"}


@pytest.mark.parametrize("id", [id for id in FIXABLE if RULES[id].fixes == "unsafe"])
def test_what_somebody_should_look_at_is_not_changed_unasked(id: str) -> None:
    files = around(pages()[id].bad)
    assert mend(files, only=(id,)) == ({}, 0)


@pytest.mark.parametrize(
    ("id", "wrong", "right"),
    [
        ("Y001", "\twelcome:", "  welcome:"),
        ("Y002", "back: *", 'back: "*"'),
        ("Y003", "end: Press #1 for orders.", 'end: "Press #1 for orders."'),
        ("Y005", "end: Our promise: we call back.", 'end: "Our promise: we call back."'),
        ("Y007", "2026-12-24: 08", '"2026-12-24": 08'),
        ("Y010", "Xвала", "Хвала"),
        ("P201", "Press 9 for our address.", "For our address, press 9."),
        ("P207", "dial 0", "press 0"),
        ("P210", " Please listen carefully, as our menu has changed.", ""),
    ],
)
def test_a_fix_writes_what_a_person_would(id: str, wrong: str, right: str) -> None:
    files = around(pages()[id].bad)
    text = files["example.yaml"].decode()
    assert wrong in text
    changed, _ = mend(files, unsafe=True, only=(id,))
    first_line = next(line for line in changed["example.yaml"].splitlines() if right in line) if right else ""
    assert right in first_line
    assert wrong not in changed["example.yaml"]


def test_choices_are_put_in_the_order_of_their_keys_with_what_is_written_around_them() -> None:
    example = """\
nodes:
  welcome:
    menu: Welcome to Acme.
    options:
      "2":  # the second
        label: a message
        goto: message
      "1":
        label: an order
        goto: person
    timeout_s: 9
"""
    changed, _ = mend(around(example), only=("K202",))
    assert (
        changed["example.yaml"]
        == """\
nodes:
  welcome:
    menu: Welcome to Acme.
    options:
      "1":
        label: an order
        goto: person
      "2":  # the second
        label: a message
        goto: message
    timeout_s: 9
"""
    )


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_no_file_is_left_with_more_errors_than_it_had(path: Path) -> None:
    files = {path.name: path.read_bytes()}
    before = lint_hotline(files)
    changed, _ = mend(files, unsafe=True)
    after = lint_hotline({**files, **changed})
    assert after.errors <= before.errors
    assert len(after.faults) <= len(before.faults)


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_a_second_fix_finds_nothing_left_to_do(path: Path) -> None:
    files = {path.name: path.read_bytes()}
    changed, _ = mend(files, unsafe=True)
    assert mend({**files, **changed}, unsafe=True) == ({}, 0)


edits = st.builds(Edit, st.just("f"), st.integers(0, 20), st.integers(0, 20), st.text("ab", max_size=3)).filter(
    lambda edit: edit.start <= edit.end
)


@given(st.lists(st.builds(Fix, st.lists(edits, min_size=1, max_size=2).map(tuple), st.just(True)), max_size=6))
def test_fixes_that_touch_each_other_are_not_mixed(fixes: list[Fix]) -> None:
    text = "0123456789ABCDEFGHIJ"
    result, count = repaired({"f": text}, fixes)
    assert count <= len(fixes)
    kept = [character for character in result["f"] if character not in "ab"]
    assert kept == sorted(kept, key=text.index)  # what was not replaced stands in its old order, each once
    assert len(kept) == len(set(kept))
