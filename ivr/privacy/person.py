"""Person: whom somebody means by a telephone number, an e-mail address or customer's number, however written."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ivr.dialable import national, shown
from routing.refusal import Refused

TYPED_LENGTH_MAX = 254
_BETWEEN = r"[ ()/.\-]*"
_NUMBER = re.compile(r"(?:\+|00)[0-9 ()/.\-]{7,40}")
_EMAIL = re.compile(r"[^\s@<>\",;:()]+@[^\s@<>\",;:()]+\.[^\s@<>\",;:()]+")
_CUSTOMER = re.compile(r"[\w][\w ./-]{2,63}")

IN_TEXTS = re.compile(r"\+?[0-9][0-9 ()/.\-]{5,24}[0-9]|[^\s@<>\",;:()\[\]{}]+@[^\s@<>\",;:()\[\]{}]+")
"""What may be a number or an e-mail address in somebody's words."""


class By(StrEnum):
    """By what somebody is known."""

    NUMBER = "number"
    EMAIL = "email"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever has this number (`+4915112345678`), address (small letters) or customer's number (as it is written)."""

    by: By
    value: str

    def digest(self, key: bytes) -> str:
        """What may be kept of who was erased: nobody without the key finds the number by trying all of them."""
        told = f"{self.by}:{self.value}".encode("utf-8", "surrogatepass")
        return hmac.new(key, told, hashlib.sha256).hexdigest()

    @property
    def masked(self) -> str:
        """As much of it as a page or a log may show."""
        if self.by is By.EMAIL:
            name, _, host = self.value.partition("@")
            return f"{name[:1]}…@{host[:1]}….{host.rpartition('.')[2]}"
        return f"…{self.value[-4:]}" if len(self.value) > 6 else "…"

    @property
    def is_unmistakable(self) -> bool:
        """Whether it means this person wherever it stands: a short customer's number may be anything else, too."""
        return self.by is not By.CUSTOMER or (len(self.value) >= 6 and sum(it.isdigit() for it in self.value) >= 4)

    @property
    def spelled(self) -> tuple[str, ...]:
        """The ways in which it may stand in a file, as short as they are still only its own."""
        if self.by is By.NUMBER:
            return tuple(dict.fromkeys((self.value[1:], national(self.value))))
        return (self.value,)

    def written(self) -> re.Pattern[str]:
        """Finds it in somebody's words, with blanks and signs between the digits or without."""
        if self.by is not By.NUMBER:
            return re.compile(rf"(?<![\w.@-]){re.escape(self.value)}(?![\w@-])", re.IGNORECASE)
        ways = (rf"(?:\+|00)?{_BETWEEN}{_BETWEEN.join(self.value[1:])}", _BETWEEN.join(national(self.value)))
        return re.compile(rf"(?<![0-9])(?:{'|'.join(ways)})(?![0-9])")


def read_person(typed: str) -> Person | Refused:
    """Whom somebody means; a telephone number is written with its country."""
    typed = typed.strip()
    if len(typed) > TYPED_LENGTH_MAX:
        return Refused("this is too long", field="person", hint=f"{TYPED_LENGTH_MAX} characters at most")
    if _NUMBER.fullmatch(typed):
        digits = re.sub(r"\D", "", typed)
        digits = digits.removeprefix("00") if typed.startswith("00") else digits
        if 7 <= len(digits) <= 15 and not digits.startswith("0") and shown(f"+{digits}"):
            return Person(By.NUMBER, f"+{digits}")
    elif _EMAIL.fullmatch(typed):
        return Person(By.EMAIL, typed.lower())
    elif _CUSTOMER.fullmatch(typed):
        return Person(By.CUSTOMER, typed)
    hint = "+49 151 12345678, ana@example.org, or a customer's number"
    return Refused("that is no number, address or customer's number", field="person", hint=hint)


def known_by(address: str | None) -> Person | None:
    """The person behind an address as rows keep it: a caller's number, an e-mail address."""
    found = read_person(address) if address else None
    return found if isinstance(found, Person) and found.by is not By.CUSTOMER else None


def named_in(text: str) -> Iterator[Person]:
    """Everybody whose number or e-mail address stands in a text."""
    for match in IN_TEXTS.finditer(text):
        if isinstance(found := read_person(match[0].strip(".,;: ")), Person) and found.by is not By.CUSTOMER:
            yield found
