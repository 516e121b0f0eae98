"""Dialable: which numbers a caller may have us call or text, how they are written, and where colleagues can be rung.

Whoever can make a hotline dial any number earns money with it (toll fraud). So only the caller's own number is dialled,
or one typed in the same country, and no number that costs more than a call.
"""

from __future__ import annotations

import re
from functools import cache
from types import ModuleType

WITHHELD = frozenset({"+266696687", "+86282452253", "+7378742833", "+2562533", "+8656696", "+464"})
"""What Twilio puts for anonymous, unavailable, restricted, blocked, unknown and no number, spelt on a keypad:
/docs/voice/api/call-resource and help article 223179988."""

SIP_LENGTH_MAX = 256
_SIP = re.compile(r"sips?:[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,128}(:[0-9]{1,5})?(;transport=(udp|tcp|tls))?")
_NAMES = frozenset({"anonymous", "restricted", "unknown", "unavailable"})
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def shown(address: str) -> str | None:
    """A caller's number (or client, or SIP address); None when it was withheld."""
    return None if not address or address in WITHHELD or address.lower() in _NAMES else address


def own_number(address: str) -> str | None:
    """The caller's own number in E.164 if it is one that we may call; None for hidden, odd and costly ones."""
    number = shown(address)
    return number if number and _E164.fullmatch(number) and _may_be_called(number, None) else None


def takes_texts(number: str) -> bool:
    """Whether text messages may be read at this number (E.164): at a mobile one, or where that cannot be told."""
    lib = _library()
    kinds = lib.PhoneNumberType
    return lib.number_type(lib.parse(number)) in {kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE}


def telephone(address: str) -> bool:
    """Whether a colleague can be rung there: a number in E.164, or a SIP address (`sip:anna@pbx.example.com`)."""
    return bool(_E164.fullmatch(address) or (len(address) <= SIP_LENGTH_MAX and _SIP.fullmatch(address)))


def typed_number(keys: str, like: str) -> str | None:
    """The number that was typed, in E.164, as somebody dials who is where the number `like` is; None if we may not.

    `0151 2345678`, `0049 151 2345678` and `49 151 2345678` are the same to somebody in Germany.
    """
    lib = _library()
    try:
        region = lib.region_code_for_number(lib.parse(like))
        number = lib.format_number(lib.parse(keys, region), lib.PhoneNumberFormat.E164)
    except lib.NumberParseException:
        return None
    return number if region and _may_be_called(number, region) else None


def written(number: str) -> str:
    """A number as people of its country write it, in groups: `0151 2345678`."""
    lib = _library()
    return lib.format_number(lib.parse(number), lib.PhoneNumberFormat.NATIONAL)


def national(number: str) -> str:
    """A number's digits as they are dialled within its country; those of the number where that cannot be told."""
    lib = _library()
    try:
        grouped = written(number)
    except lib.NumberParseException:
        grouped = number
    return re.sub(r"\D", "", grouped)


def _may_be_called(number: str, region: str | None) -> bool:
    lib = _library()
    try:
        parsed = lib.parse(number)
    except lib.NumberParseException:
        return False
    kinds = lib.PhoneNumberType
    cheap = {kinds.FIXED_LINE, kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE, kinds.VOIP, kinds.TOLL_FREE}
    here = region is None or lib.region_code_for_number(parsed) == region
    return here and lib.is_valid_number(parsed) and lib.number_type(parsed) in cheap


@cache
def _library() -> ModuleType:
    import phonenumbers  # its tables are large, and only calls that need them pay for it

    return phonenumbers
