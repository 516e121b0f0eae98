"""Case form: what was typed into a form, checked against its kind of case and made into what is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from babel.numbers import get_currency_precision

from ivr.menu.tree import CaseKind, Field
from routing.case import FIELD_LENGTH_MAX
from routing.money import amount, plain
from routing.refusal import Refused

ITEMS_MAX = 30
"""Lines of one order."""

ITEM_PARTS = ("article", "quantity", "price")
QUANTITY_MAX = 1_000_000
DIGITS_MAX = 40
DECIMALS = 2
"""Of amounts where the hotline names no currency."""

_ITEM = re.compile(rf"([a-z][a-z0-9_]*)\.([1-9][0-9]?)\.({'|'.join(ITEM_PARTS)})")
_QUANTITY = re.compile(r"[0-9]{1,7}(?:[.,][0-9]{1,3})?")
_DAY = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})\.?")


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an order; `amount` is None while nobody has said what one costs."""

    article: str
    quantity: Decimal
    price: Decimal | None
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Difference:
    """How much one amount of a form differs from the one it is set against: price charged from price agreed."""

    field: str
    against: str
    amount: Decimal


def decimals_of(currency: str | None) -> int:
    """How many decimals amounts in a currency have."""
    return get_currency_precision(currency) if currency else DECIMALS


def names_of(kind: CaseKind) -> Iterator[str]:
    """Every name under which something may be typed; an order's lines are `items.1.article` and so on."""
    for field in kind.fields:
        if field.kind == "items":
            yield from (f"{field.name}.{n}.{part}" for n in range(1, ITEMS_MAX + 1) for part in ITEM_PARTS)
        else:
            yield field.name


def shape_fault(fields: Mapping[str, str], known: set[str]) -> Refused | None:
    """What keeps these texts from being kept at all, if anything."""
    for name, value in fields.items():
        if name not in known:
            wanted = ", ".join(sorted(it for it in known if "." not in it or ".1." in it))
            return Refused("the form has no such field", field=name, hint=f"there are: {wanted}")
        if len(value) > FIELD_LENGTH_MAX:
            return Refused("this is too long", field=name, hint=f"{FIELD_LENGTH_MAX} characters at most")
        if "\0" in value:
            return Refused("this holds a character that is none", field=name, hint="delete it and type it again")
    return None


def filled(kind: CaseKind, fields: Mapping[str, str], currency: str | None = None) -> dict[str, str] | Refused:
    """The fields as they are kept - amounts `12.50`, days `2026-11-23`, no empty ones - or the first that is wrong."""
    if no := shape_fault(fields, set(names_of(kind))):
        return no
    kept: dict[str, str] = {}
    for field in kind.fields:
        if field.kind == "items":
            lines = _lines(field, fields, decimals_of(currency))
            if isinstance(lines, Refused):
                return lines
            kept |= lines
            continue
        written = fields.get(field.name, "")
        if not written.strip():
            if field.required:
                return Refused("this must be filled in", field=field.name)
            continue
        value = _value(field, written, decimals_of(currency))
        if isinstance(value, Refused):
            return value
        kept[field.name] = value
    return kept


def items(field: str, fields: Mapping[str, str], decimals: int = DECIMALS) -> list[Item]:
    """The lines of an order, from the first to the last, with their amounts."""
    found = []
    for n in range(1, ITEMS_MAX + 1):
        article, quantity, price = (fields.get(f"{field}.{n}.{part}", "") for part in ITEM_PARTS)
        if article or quantity or price:
            many, each = number(quantity or "1"), number(price)
            step = Decimal(1).scaleb(-decimals)
            its = (many * each).quantize(step, ROUND_HALF_UP) if many is not None and each is not None else None
            found.append(Item(article, many if many is not None else Decimal(1), each, its))
    return found


def total(lines: list[Item]) -> Decimal | None:
    """What an order comes to; None while one of its lines has no price."""
    amounts = [line.amount for line in lines]
    return sum(amounts, Decimal(0)) if amounts and all(it is not None for it in amounts) else None


def differences(kind: CaseKind, fields: Mapping[str, str]) -> list[Difference]:
    """Every amount less the one it is set against, where both are known."""
    found = []
    for field in kind.fields:
        its, other = (number(fields.get(name or "", "")) for name in (field.name, field.against))
        if field.against and its is not None and other is not None:
            found.append(Difference(field.name, field.against, its - other))
    return found


def number(written: str) -> Decimal | None:
    """A number as a form keeps it; None for what an older form or a caller's entry left there."""
    try:
        return Decimal(written) if written and written.isascii() else None
    except InvalidOperation:
        return None


def _lines(field: Field, fields: Mapping[str, str], decimals: int) -> dict[str, str] | Refused:
    """The lines of an order, without gaps; each has an article, how many (else 1), and maybe a price."""
    kept: dict[str, str] = {}
    count = 0
    for n in range(1, ITEMS_MAX + 1):
        names = [f"{field.name}.{n}.{part}" for part in ITEM_PARTS]
        article, quantity, price = (fields.get(name, "").strip() for name in names)
        if not (article or quantity or price):
            continue
        if not article:
            return Refused("this must be filled in", field=names[0])
        if quantity and (not _QUANTITY.fullmatch(quantity) or not Decimal(quantity.replace(",", "."))):
            return Refused("this is no number of things", field=names[1], hint="2 or 1.5")
        each = amount(price, decimals) if price else None
        if price and each is None:
            return Refused("this is no amount of money", field=names[2], hint="12.50")
        count += 1
        kept[f"{field.name}.{count}.article"] = article
        kept[f"{field.name}.{count}.quantity"] = quantity.replace(",", ".") or "1"
        if each is not None:
            kept[f"{field.name}.{count}.price"] = plain(each, decimals)
    if field.required and not count:
        return Refused("this must be filled in", field=f"{field.name}.1.article")
    return kept


def _value(field: Field, written: str, decimals: int) -> str | Refused:
    """One field as it is kept."""
    value = written.strip()
    if field.choices:
        if value in field.choices:
            return value
        return Refused("this is none of the choices", field=field.name, hint=f"there are: {', '.join(field.choices)}")
    if field.kind == "money":
        found = amount(value, decimals)
        return Refused("this is no amount of money", field.name, "12.50") if found is None else plain(found, decimals)
    if field.kind == "digits":
        digits = re.sub(r"[\s./-]", "", value)
        fits = digits.isascii() and digits.isdigit() and len(digits) <= DIGITS_MAX
        return digits if fits else Refused("this is not digits alone", field.name, "4711")
    if field.kind == "date":
        day = _day(value)
        return day or Refused("this is no day", field.name, "2026-11-23 or 23.11.2026")
    return written


def _day(value: str) -> str | None:
    try:
        if found := _DAY.fullmatch(value):
            return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
        return date.fromisoformat(value).isoformat() if re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII) else None
    except ValueError:
        return None
