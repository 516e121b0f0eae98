"""What a YAML file holds is taken as typed; what would be guessed, copied or grow without end is refused at once."""

from __future__ import annotations

import gc
import time
import tracemalloc

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ivr.menu import reader
from ivr.menu.reader import DEPTH_MAX, FILE_BYTES_MAX, NODES_MAX, Entries, Text, read_text

REFUSED_WITHIN_S = 0.2  # of our own time: other work on the machine does not count
GROWTH_MAX_BYTES = 64 * 1024 * 1024

AS_TYPED = [
    "1", "01", "08", "00", "1_0", "1:30", "1e3", "0x1F", "0o7", "no", "off", "y", "yes", "on", "True", "~", "null",
    ".inf", ".nan", "2024-13-45", "2024-01-01", "9" * 5000, "1.10", "+1", "=",
]  # fmt: skip


def only(text: str) -> tuple[Text, Text]:
    root, source = read_text("f.yaml", text)
    assert not source.faults
    assert isinstance(root, Entries)
    ((key, value),) = root.entries
    assert isinstance(value, Text)
    return key, value


def first_code(content: str | bytes) -> str:
    root, source = read_text("f.yaml", content)
    assert root is None
    return source.faults[0].code


@pytest.mark.parametrize("word", AS_TYPED, ids=lambda word: word[:12])
def test_a_value_stays_what_was_typed(word: str) -> None:
    assert only(f"a: {word}\n")[1].value == word


@pytest.mark.parametrize("word", [word for word in AS_TYPED if word != "9" * 5000])
def test_a_key_stays_what_was_typed(word: str) -> None:
    assert only(f"{word}: x\n")[0].value == word


def test_the_keys_of_a_telephone_are_different_keys() -> None:
    root, source = read_text("f.yaml", "".join(f'"{key}": x\n' for key in ["0", "00", "1", "01", "*", "#", "**"]))
    assert root is not None
    assert not source.faults
    assert [key.value for key, _ in root.entries] == ["0", "00", "1", "01", "*", "#", "**"]


def test_everything_has_its_place() -> None:
    root, _ = read_text("f.yaml", "čvor:\n  en:   Hello\n")
    assert root is not None
    inner = root.entries[0][1]
    assert isinstance(inner, Entries)
    value = inner.entries[0][1]
    assert isinstance(value, Text)
    assert (str(value.place), value.end_column) == ("f.yaml:2:9", 14)


def test_columns_count_letters_and_not_bytes() -> None:
    root, _ = read_text("f.yaml", "{ж: жж, б: в}")
    assert root is not None
    assert [value.place.column for _, value in root.entries] == [5, 12]


def test_the_parser_written_in_python_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: 1\nb: {ж: [x, 'y'], c: |\n  }\n"
    fine = 'a: 1\nb: {ж: [x, "y"]}\nc: |\n  long\n  text\n'
    quick = [read_text("f.yaml", each) for each in (text, fine)]
    monkeypatch.setattr(reader, "LOADER", yaml.BaseLoader)
    slow = [read_text("f.yaml", each) for each in (text, fine)]
    assert quick[1][0] == slow[1][0]
    assert quick[1][0] is not None
    assert [bool(source.faults) for _, source in quick] == [bool(source.faults) for _, source in slow]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("a: *b", "Y002"),
        ("a: &b [*b]", "Y011"),
        ("&a a: 1", "Y011"),
        ("a: !!binary aGk=", "Y012"),
        ("a: !!python/object/apply:os.system [ls]", "Y012"),
        ("a: ! b", "Y012"),
        ("!!map {a: b}", "Y012"),
        ("<<: {a: b}", "Y013"),
        ("? {a: b}\n: c", "Y000"),
        ("? [a]\n: c", "Y000"),
        ("a: b\n---\nc: d", "Y015"),
        ("a: b\n...\n---\nc: d", "Y015"),
        (b"a: \xff", "Y009"),
        ("a: b".encode("utf-16"), "Y009"),
        ("a: b".encode("utf-16-le"), "Y016"),
        ("a: \ud800", "Y009"),
        ('a: "\\ud800"', "Y000"),
        ("a: \x00", "Y016"),
        ("a: \x1b[31m", "Y016"),
        ("a: \x85b", "Y016"),
        ("a: \u2028b", "Y016"),
        ("a: \u202eb", "Y016"),
        ('a: "\\0"', "Y016"),
        ('a: "\\u200b"', "Y016"),
        ("%YAML 9.9\n---\na: b", "Y011"),
        ("a: @b", "Y011"),
        ("a: `b`", "Y011"),
        ("just words", "Y000"),
        ("[a, b]", "Y000"),
    ],
)
def test_what_is_not_a_plain_menu_file_is_refused(content: str | bytes, code: str) -> None:
    assert first_code(content) == code


def test_a_quoted_merge_sign_is_an_ordinary_word() -> None:
    assert only('"<<": x')[0].value == "<<"


def test_windows_line_ends_and_a_byte_order_mark_are_understood() -> None:
    root, source = read_text("f.yaml", b"\xef\xbb\xbfa: b\r\nc: d\r\n")
    assert root is not None
    assert not source.faults
    assert [key.value for key, _ in root.entries] == ["a", "c"]


def test_an_empty_file_holds_nothing_and_is_no_fault() -> None:
    for text in ("", "\n", "# only a comment\n", "---\n"):
        root, source = read_text("f.yaml", text)
        assert root is None
        assert not source.faults


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{after}: &{after} [{', '.join(['*' + before] * 9)}]\n"
    for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)
BOMBS = {
    "billion laughs": LAUGHS,
    "deep lists": "[" * 20_000,
    "deep lists, closed": "a: " + "[" * 20_000 + "]" * 20_000,
    "deep groups": "{a: " * 20_000,
    "deep lines": "\n".join(" " * n + "a:" for n in range(1000)),
    "deep dashes": "- " * 20_000,
    "wide": "\n".join(f"k{n}: v" for n in range(NODES_MAX)),
    "wide list": "a: [" + "b," * NODES_MAX + "]",
    "wider than the file may be": "\n".join(f"k{n}: v" for n in range(10**6)),
    "many stars": "*: x\n" * 100_000,
    "many hashes": "#: x\n" * 100_000,
    "one long line of colons": "a: " * 300_000,
    "one long line of quotes": '"' * 500_001,
    "one long line of spaces": "a:" + " " * 1_000_000 + ": b",
    "one long line of commas": "a: {" + ", " * 500_000,
    "one long line of stars": "a: [" + "*" * 1_000_000,
    "questions": "? " * 100_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_at_once(name: str) -> None:
    gc.freeze()  # what other tests left behind is not looked through meanwhile
    started = time.process_time()
    first_code(BOMBS[name])
    took_s = time.process_time() - started
    gc.unfreeze()
    assert took_s < REFUSED_WITHIN_S


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_needs_little_memory(name: str) -> None:
    tracemalloc.start()
    try:
        first_code(BOMBS[name])
        assert tracemalloc.get_traced_memory()[1] < GROWTH_MAX_BYTES
    finally:
        tracemalloc.stop()


def test_what_is_just_within_the_limits_is_read() -> None:
    for text in (
        "a: " + "[" * (DEPTH_MAX - 2) + "x" + "]" * (DEPTH_MAX - 2),
        "\n".join(f"k{n}: v" for n in range(NODES_MAX // 2 - 1)),
        "a: " + "x" * (FILE_BYTES_MAX - 3),
    ):
        root, source = read_text("f.yaml", text)
        assert root is not None, source.faults
    assert first_code("a: " + "[" * (DEPTH_MAX - 1) + "x" + "]" * (DEPTH_MAX - 1)) == "Y014"
    assert first_code("\n".join(f"k{n}: v" for n in range(NODES_MAX // 2))) == "Y014"
    assert first_code("a: " + "x" * (FILE_BYTES_MAX - 2)) == "Y014"


@given(st.text() | st.text(alphabet="ab:-[]{},'\"#*&!|> \n\t1", max_size=60) | st.binary(max_size=60))
def test_no_text_whatever_gets_more_than_a_fault(content: str | bytes) -> None:
    _, source = read_text("f.yaml", content)
    for fault in source.faults:
        assert fault.place.line >= 1
        assert fault.end_column > fault.place.column >= 1
        assert str(fault).startswith("f.yaml:")
