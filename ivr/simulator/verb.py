"""Verb: what a TwiML element may hold and how its attributes are read - the saying, apart from the doing."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from ivr.simulator.error import Problem

if TYPE_CHECKING:
    from ivr.simulator.document import Task
    from ivr.simulator.line import Line
    from ivr.simulator.webhook import Request

UNKNOWN = 12200


@dataclass(frozen=True, slots=True)
class Attribute:
    """How one attribute is read. `read` raises ValueError with what would be right; then `default` holds and
    the carrier warns with `code`."""

    read: Callable[[str], Any]
    default: Any = None
    code: int = UNKNOWN


@dataclass(frozen=True, slots=True, eq=False)
class Verb:
    """One verb: its attributes by name, the elements it may hold (a wrong one warns with `child_code`), what it does.

    `run` yields what it waits for (see line.py) and returns the request that goes on, or None for the next verb.
    """

    name: str
    run: Callable[[Line, Task], Generator[Any, Any, Request | None]]
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    children: frozenset[str] = frozenset()
    child_code: int = UNKNOWN

    def values(self, given: Mapping[str, str]) -> tuple[dict[str, Any], list[Problem]]:
        """The attributes' values, defaults filled in, and what was wrong with those given."""
        return read_attributes(self.name, self.attributes, given)


def read_attributes(
    name: str, attributes: Mapping[str, Attribute], given: Mapping[str, str]
) -> tuple[dict[str, Any], list[Problem]]:
    """Values by attribute name, defaults filled in; and a problem for each unknown name or bad value."""
    values = {each: attribute.default for each, attribute in attributes.items()}
    problems = []
    for each, written in given.items():
        attribute = attributes.get(each)
        if attribute is None:
            meant = get_close_matches(each.lower(), (known.lower() for known in attributes), 1)
            hint = next((f" (did you mean {known}?)" for known in attributes if known.lower() in meant), "")
            problems.append(Problem(UNKNOWN, f"<{name}> has no attribute {each}: skipped{hint}"))
            continue
        try:
            values[each] = attribute.read(written)
        except ValueError as error:
            problems.append(
                Problem(attribute.code, f'<{name} {each}="{written}"> ({error}): {attribute.default!r} used')
            )
    return values, problems


def text(default: str | None = None, code: int = UNKNOWN) -> Attribute:
    """Anything."""
    return Attribute(str, default, code)


def whole(least: int, default: int | None, code: int, most: int = 10**6, words: tuple[str, ...] = ()) -> Attribute:
    """A whole number of at least `least` (or one of `words`, which means the default)."""

    def read(written: str) -> int | None:
        if written in words:
            return default
        if not written.strip().isdecimal() or not least <= int(written) <= most:
            raise ValueError(f"a whole number from {least}" + (f" to {most}" if most < 10**6 else ""))
        return int(written)

    return Attribute(read, default, code)


def truth(default: bool, code: int = UNKNOWN) -> Attribute:
    """true or false."""

    def read(written: str) -> bool:
        if written.lower() not in ("true", "false"):
            raise ValueError("true or false")
        return written.lower() == "true"

    return Attribute(read, default, code)


def choice(*choices: str, default: str | None, code: int = UNKNOWN) -> Attribute:
    """One of `choices`."""

    def read(written: str) -> str:
        if written not in choices:
            raise ValueError(" or ".join(choices))
        return written

    return Attribute(read, default, code)


def several(*choices: str, default: tuple[str, ...], code: int = UNKNOWN) -> Attribute:
    """Some of `choices`, separated by spaces (commas pass too)."""

    def read(written: str) -> tuple[str, ...]:
        words = tuple(written.replace(",", " ").split())
        if not set(words) <= set(choices):
            raise ValueError("of " + ", ".join(choices))
        return words

    return Attribute(read, default, code)


def method(code: int, default: str = "POST") -> Attribute:
    """GET or POST."""

    def read(written: str) -> str:
        if written.upper() not in ("GET", "POST"):
            raise ValueError("GET or POST")
        return written.upper()

    return Attribute(read, default, code)


def keys(default: str, code: int, most: int | None = None, allowed: str = "0123456789*#") -> Attribute:
    """Keys of a telephone; none of them is allowed, more than `most` are not."""

    def read(written: str) -> str:
        if not set(written) <= set(allowed) or (most is not None and len(written) > most):
            raise ValueError(f"{'keys' if most is None else f'at most {most} key'} of {allowed}, or empty")
        return written

    return Attribute(read, default, code)
