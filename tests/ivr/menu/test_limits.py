"""Whatever stands in a hotline's files, the answer comes in little time and takes little memory."""

from __future__ import annotations

import gc
import time
import tracemalloc
from pathlib import Path

import pytest

from ivr.lint.run import lint_hotline
from ivr.menu.hotline import examine, files_in
from ivr.menu.reader import FILE_BYTES_MAX
from tests.ivr.menu.small import SMALL, changed

REFUSED_WITHIN_S = 0.2  # of our own time: other work on the machine does not count
GROWTH_MAX_BYTES = 64 * 1024 * 1024
LONG = 900_000


def step(text: str) -> str:
    """The small hotline with one more step."""
    return changed("  operator:\n", f"  extra:\n    {text}\n  operator:\n")


def lookup(url: str, place: str) -> str:
    return step(f"lookup: {{url: '{url}', into: {{a: '{place}'}}}}\n    then: operator\n    otherwise: operator")


def monday(times: str) -> str:
    return SMALL + f"hours:\n  office:\n    timezone: UTC\n    week: {{mon: '{times}'}}\n"


def number(written: str) -> str:
    return changed('"+1 800 555 0142"', f'"+{written}"')


def welcome(written: str) -> str:
    return changed("menu: Welcome.", f"menu: {written}")


def many(text: str, count: int) -> str:
    """A text with @ counted up."""
    return "".join(text.replace("@", str(n)) for n in range(count))


HARD = {
    "a line of ten megabytes": "a: " + "x" * 10_000_000,
    "ten megabytes of lines": "a: b\n" * 2_000_000,
    "nesting 20,000 deep": "a: " + "[" * 20_000,
    "laughs": "a: &a [x, x]\n" + many("b@: &b@ [*a, *a]\n", 1000),
    "mixed letters": changed("goto: operator}", "goto: оperator}"),
    "mixed letters in a name": changed("  goodbye:\n", "  gооdbye:\n"),
    "a number of spaces": number(" " * LONG),
    "a number of digits": number("1" * LONG),
    "a number of digits and spaces": number("1 " * (LONG // 2)),
    "opening times without end": monday("08:00-09:00," * (LONG // 12) + "x"),
    "opening times of spaces": monday("08:00" + " " * LONG + "x"),
    "an address without end": lookup("https://" + "a." * (LONG // 2), "b"),
    "a place in an answer without end": lookup("https://shop.example/", "a." * (LONG // 2)),
    "a recording with a long way to it": welcome("{say: Welcome., recording: '" + "a/" * (LONG // 2) + "'}"),
    "placeholders without end": welcome("'" + "{a}" * (LONG // 3) + "'"),
    "braces without end": welcome("'" + "{" * LONG + "'"),
    "unknown entries": welcome("Welcome.\n" + many("    menu@: x\n", 9000)),
    "unknown languages": welcome("{" + many("e@: x, ", 9000) + "en: x}"),
    "keys that are none": changed('      "1":', many("      k@: {goto: operator}\n", 6000) + '      "1":'),
    "targets that are none": changed("  operator:\n", many("  n@: {goto: operatr@}\n", 3000) + "  operator:\n"),
}
FINE = {
    "conditions in conditions": step(
        "when: [{" + "all: [{" * 13 + "language: en" + "}]" * 13 + ", goto: operator}]\n    otherwise: operator"
    ),
    "values without end": step("set: {" + many("v@: x, ", 9000) + "}\n    goto: operator"),
}


@pytest.mark.parametrize("name", HARD)
def test_what_is_too_much_or_wrong_is_refused_at_once(name: str) -> None:
    gc.freeze()  # what other tests left behind is not looked through meanwhile
    started = time.process_time()
    examined = examine({"f.yaml": HARD[name]})
    took_s = time.process_time() - started
    gc.unfreeze()
    assert examined.tree is None
    assert took_s < REFUSED_WITHIN_S, f"{took_s * 1000:.0f} ms"


def test_a_million_empty_lines_keep_nobody_waiting_who_lints_them() -> None:
    gc.freeze()
    started = time.process_time()
    lint_hotline({"f.yaml": "\n" * 1_000_000})
    took_s = time.process_time() - started
    gc.unfreeze()
    assert took_s < REFUSED_WITHIN_S, f"{took_s * 1000:.0f} ms"


@pytest.mark.parametrize("name", HARD)
def test_what_is_too_much_or_wrong_takes_little_memory(name: str) -> None:
    tracemalloc.start()
    try:
        examine({"f.yaml": HARD[name]})
        assert tracemalloc.get_traced_memory()[1] < GROWTH_MAX_BYTES
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", FINE)
def test_what_is_much_and_right_is_read(name: str) -> None:
    assert examine({"f.yaml": FINE[name]}).tree


def test_a_file_that_is_too_large_is_not_even_read_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "tree.yaml").write_bytes(b"a: " + b"x" * 10_000_000)
    assert len(files_in(tmp_path)["tree.yaml"]) == FILE_BYTES_MAX + 1
