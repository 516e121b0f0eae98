"""What leaves the house in a file: exactly what was there, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.export import BOM, as_csv, as_json, cell

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


def read(text: str, separator: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


@given(st.lists(st.lists(TEXTS, min_size=3, max_size=3), max_size=8), st.sampled_from([",", ";"]), st.booleans())
def test_every_text_comes_back_as_it_was_and_none_is_a_formula(rows, separator, bom):
    columns = ["a", "b", "c"]
    made = [dict(zip(columns, row, strict=True)) for row in rows]
    text = "".join(as_csv(columns, made, separator=separator, bom=bom))
    assert text.startswith(BOM) == bom
    heading, *back = read(text.removeprefix(BOM), separator)
    assert heading == columns
    assert [[it.removeprefix("'") if it != was else it for it, was in zip(*both, strict=True)]
            for both in zip(back, rows, strict=True)] == rows  # fmt: skip
    for row in back:
        assert not any(it.lstrip(" \u00a0").startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for it in row)
    assert json.loads("".join(as_json(made))) == made


@pytest.mark.parametrize("text", ["=1+1", "+49", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "\u00a0@x"])
def test_what_would_be_a_formula_is_a_text(text):
    assert cell(text) == f"'{text}"


def test_numbers_are_numbers_with_the_mark_of_their_country():
    assert [cell(it) for it in (5, -5, 1.5, Decimal("-0.05"), True, None)] == ["5", "-5", "1.5", "-0.05", "yes", ""]
    assert cell(Decimal("1234.50"), ",") == "1234,50"


def test_many_rows_come_bit_by_bit():
    assert len(list(as_csv(["n"], ({"n": n} for n in range(1000))))) == 6
