"""Dialled: what kind of line a telephone number is, by the public numbering plans."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Line:
    """A number as the numbering plan of its country sees it. `kind`: TOLL_FREE, SHARED_COST, FIXED_LINE ..."""

    country: str  # ISO 3166-1; empty for numbers of no country
    kind: str
    valid: bool
    readable: str


@lru_cache(maxsize=256)
def called(number: str) -> Line | None:
    """What kind of line an E.164 number is; None when it is none at all."""
    import phonenumbers  # slow to import; only lint pays for it

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
    return Line(
        phonenumbers.region_code_for_number(parsed) or phonenumbers.region_code_for_country_code(parsed.country_code),
        phonenumbers.PhoneNumberType.to_string(phonenumbers.number_type(parsed)),
        phonenumbers.is_valid_number(parsed),
        phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL),
    )
