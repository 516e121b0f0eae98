"""S61, S62 and S64: one line of JSON whatever is logged, nobody's number or secret in it, and no failure by logging."""

from __future__ import annotations

import io
import itertools
import json
import logging
from pathlib import Path

import pytest

from ivr.logbook import Days, JsonLines, Masking

KEY = b"k" * 32
TOKEN = "0123456789abcdef0123456789abcdef"
CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, 0xFEFF, 0x202E, 0xD800)]
FORGED = ['\n{"level": "error"}', "\r\nINFO ok", "\x1b[2J", "%s%n", "{0}", "\\n", '"}, {"', "</script>"]


def lines(*records: tuple[str, tuple[object, ...]]) -> list[str]:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines(Masking(KEY, [TOKEN])))
    for message, given in records:
        handler.handle(logging.LogRecord("ivr.x", logging.WARNING, "x.py", 1, message, given, None))
    return out.getvalue().split("\n")[:-1]


def test_s61_575_things_that_would_break_a_line_are_one_line_each() -> None:
    frames = ("{}", "a{}b", "{}{}", "e-mail {} end", "\t{}", "ж{}", "{}\n", "x={}")
    cases = [frame.replace("{}", it) for frame, it in itertools.product(frames, [*CONTROLS, *FORGED])][:575]
    assert len(cases) == 575
    written = lines(*[("told: %s", (case,)) for case in cases])
    assert len(written) == 575
    for line in written:
        assert line.isascii()
        assert line.isprintable()
        row = json.loads(line)
        assert (row["level"], row["where"], row["at"][-1]) == ("warning", "ivr.x", "Z")


NUMBERS = ["+4915112345678", "+49 151 12345678", "0151/12345678", "15112345678", "From=%2B4915112345678"]
NUMBERS += ["+1 (800) 555-0142"]


@pytest.mark.parametrize("number", NUMBERS)
def test_s62_a_number_is_its_last_four_digits_and_a_keyed_hash(number: str) -> None:
    line = lines((f"a leg to {number} is not hung up", ()))[0]
    assert "".join(filter(str.isdigit, number))[-8:] not in line.replace(" ", "")
    assert f"\\u2026{number[-4:]}#" in line


def test_s62_the_same_number_has_the_same_hash_and_another_key_gives_another_one() -> None:
    masked = [Masking(key)("call +4915112345678") for key in (KEY, KEY, b"other")]
    assert masked[0] == masked[1] != masked[2]


@pytest.mark.parametrize(
    "secret",
    ["ana@example.org", TOKEN, "Authorization: Basic QUJDREVGR0g6c2VjcmV0", "Cookie: session=abcdefgh; x=1",
     "password='seven quiet lamps'", "csrf=0a1b2c3d", "Digits=4711", "Bearer abcdefghijk"],
)  # fmt: skip
def test_s62_no_address_token_password_cookie_or_digits(secret: str) -> None:
    line = lines((f"the carrier said {secret} and no", ()))[0]
    for word in ("ana@", TOKEN[:16], "QUJD", "abcdefgh", "seven", "0a1b", "4711"):
        assert word not in line


def test_s62_what_is_ours_can_still_be_read() -> None:
    said = "published acme, version 0a1b2c3d4e5f at 2026-11-24T09:00:00Z, offer 00000000000000000000000000000012"
    assert json.loads(lines((said, ()))[0])["what"] == said


def test_a_fault_is_in_its_line_and_masked() -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines(Masking(KEY)))
    try:
        raise ValueError("no such number: +4915112345678")
    except ValueError as error:
        record = logging.LogRecord("ivr", logging.ERROR, "x", 1, "failed %d", ("x",), (type(error), error, None))
    handler.handle(record)
    row = json.loads(out.getvalue())
    assert "ValueError" in row["fault"]
    assert "12345678" not in out.getvalue()
    assert "cannot be put together" in row["what"]


def test_s64_a_disk_that_is_not_there_fails_nobody(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a file where the folder should be")
    handler = Days(tmp_path / "log")
    handler.setFormatter(JsonLines(Masking(KEY)))
    handler.handle(logging.LogRecord("ivr", logging.ERROR, "x", 1, "said", (), None))
    (tmp_path / "log").unlink()
    handler.handle(logging.LogRecord("ivr", logging.ERROR, "x", 1, "said again", (), None))
    handler.close()
    file = next((tmp_path / "log").iterdir())
    assert [json.loads(line)["what"] for line in file.read_text().splitlines()] == ["said again"]
    assert oct(file.stat().st_mode)[-3:] == "600"
