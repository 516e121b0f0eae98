"""Which numbers may be called: the caller's own, or one of the same country, and never a costly one."""

from __future__ import annotations

import pytest

from ivr import dialable

IN_GERMANY, IN_SERBIA, IN_AMERICA = "+4915112345678", "+381601234567", "+12125551234"


@pytest.mark.parametrize(
    ("typed", "like", "number"),
    [
        ("015112345678", IN_GERMANY, "+4915112345678"),
        ("004915112345678", IN_GERMANY, "+4915112345678"),
        ("0601234567", IN_SERBIA, "+381601234567"),
        ("2125551234", IN_AMERICA, "+12125551234"),
        ("08005550142", IN_GERMANY, "+498005550142"),
        ("0601234567", IN_GERMANY, None),
        ("09001234567", IN_GERMANY, None),
        ("01801234567", IN_GERMANY, None),
        ("8765551234", IN_AMERICA, None),  # Jamaica: dialled like a neighbour, charged like abroad
        ("9005551234", IN_AMERICA, None),
        ("00381601234567", IN_GERMANY, None),
        ("112", IN_GERMANY, None),
        ("911", IN_AMERICA, None),
        ("0", IN_GERMANY, None),
        ("*21*4711#", IN_GERMANY, None),
        ("1" * 40, IN_GERMANY, None),
        ("015112345678", "anonymous", None),
    ],
)
def test_a_typed_number_is_read_as_in_the_callers_country(typed, like, number):
    assert dialable.typed_number(typed, like) == number


@pytest.mark.parametrize(
    ("address", "number"),
    [
        (IN_GERMANY, IN_GERMANY),
        ("anonymous", None),
        ("+266696687", None),
        ("client:anna", None),
        ("sip:anna@example.com", None),
        ("+499001234567", None),
        ("+49151", None),
        ("", None),
    ],
)
def test_the_callers_own_number_is_called_if_it_is_an_ordinary_one(address, number):
    assert dialable.own_number(address) == number


def test_a_number_is_written_as_in_its_country():
    assert dialable.written(IN_GERMANY) == "01511 2345678"
    assert dialable.written(IN_AMERICA) == "(212) 555-1234"
