"""Amounts are read as people write them, exactly, or not at all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from babel.numbers import format_currency, format_decimal
from hypothesis import given
from hypothesis import strategies as st

from routing.money import amount, plain


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1 234.5", "1234.50"),
        ("1'234.50", "1234.50"),
        ("1.234", "1234.00"),
        ("12,5", "12.50"),
        ("12.", "12.00"),
        ("€ 12", "12.00"),
        ("EUR 12,50", "12.50"),
        ("12,50 дин.", "12.50"),
        ("0", "0.00"),
    ],
)
def test_an_amount_is_read_as_it_is_written_anywhere(written, meant):
    assert str(amount(written)) == meant


@pytest.mark.parametrize(
    "written", ["", "abc", "12,34,5", ".5", "-3", "12 34", "1.2345", "1e5", "٣", "9" * 13, "1,2.3"]
)
def test_what_can_be_no_amount_is_none(written):
    assert amount(written) is None


def test_a_currency_without_decimals_has_none_and_one_with_three_is_not_guessed_at():
    assert amount("1.234", 0) == 1234
    assert amount("12,5", 0) is None
    assert amount("1.234", 3) is None
    assert amount("12,345", 3) is None
    assert str(amount("1.234,500", 3)) == "1234.500"


@given(
    cents=st.integers(0, 10**14 - 1),
    locale=st.sampled_from(["en_US", "de_DE", "sr_Latn_RS", "es_ES", "de_CH", "fr_FR"]),
)
def test_what_babel_writes_in_any_country_is_read_back_exactly(cents, locale):
    value = Decimal(cents) / 100
    assert amount(format_decimal(value, format="#,##0.00", locale=locale)) == value
    assert amount(format_currency(value, "EUR", locale=locale)) == value
    assert amount(plain(value)) == value
