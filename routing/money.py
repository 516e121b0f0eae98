"""Money: amounts as people write them, read exactly - never in floating point - and never guessed at."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

DIGITS_MAX = 12
"""Before the decimal mark."""

_SIGN = r"(?:[€$£]|[^\W\d_]{1,4}\.?)?"
_WRITTEN = re.compile(rf"\s*{_SIGN}\s*([0-9](?:[0-9.,'’\s]*[0-9.,])?)\s*{_SIGN}\s*")
_GROUPS = ((r"\.", ","), (",", r"\."), (r"[\s'’]", "[.,]"))
"""What parts thousands, and the decimal mark that goes with it."""


def amount(written: str, decimals: int = 2) -> Decimal | None:
    """An amount as it was written - `1.234,50`, `1,234.50`, `1 234.5`, `€ 12` - or None if it can be none or two.

    `decimals` are those of the currency. One mark before three digits parts thousands; where the currency has three
    decimals it could be both, and is taken for neither. Amounts are not negative.
    """
    found = _WRITTEN.fullmatch(written)
    digits = found[1] if found else ""
    parts = re.fullmatch(rf"([0-9]+)(?:[.,]([0-9]{{0,{decimals}}}))?", digits)
    if decimals >= 3 and re.fullmatch(r"[0-9]{1,3}[.,][0-9]{3}", digits):
        return None
    for group, mark in _GROUPS if parts is None else ():
        pattern = rf"([0-9]{{1,3}}(?:{group}[0-9]{{3}})+)(?:{mark}([0-9]{{0,{decimals}}}))?"
        parts = parts or re.fullmatch(pattern, digits)
    whole = re.sub("[^0-9]", "", parts[1]) if parts else ""
    if not 0 < len(whole) <= DIGITS_MAX:
        return None
    return Decimal(f"{whole}.{parts[2] or 0}").quantize(_step(decimals))


def plain(value: Decimal, decimals: int = 2) -> str:
    """An amount as it is kept and exported: `1234.50`, whatever the language."""
    return str(value.quantize(_step(decimals), ROUND_HALF_UP))


def _step(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)
