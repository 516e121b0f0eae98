"""Figure words: numbers, shares and lengths of time as people of a language read them."""

from __future__ import annotations

from babel.numbers import format_decimal, format_percent

from ivr.figures import Counted
from ivr.web.texts import Texts

NONE = "–"
SHARES = frozenset({"service_level", "answered_share", "abandonment", "missed_share"})
LENGTHS = frozenset({"mean_wait", "mean_wait_answered", "mean_wait_abandoned", "longest_wait", "mean_talk"})


def number(value: float | None, t: Texts) -> str:
    """`1,204` or `3.4`; a dash for what is not known."""
    return NONE if value is None else format_decimal(round(value, 1), locale=t.locale)


def share(value: float | None, t: Texts) -> str:
    """`81 %`, as the language writes it. Rounded down: a goal that was just missed must not look met."""
    return NONE if value is None else format_percent(int(value * 100 + 1e-9) / 100, locale=t.locale)


def length(seconds: float | None) -> str:
    """`1:07`, or `1:02:03` from an hour on."""
    if seconds is None:
        return NONE
    hours, rest = divmod(int(seconds), 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def told(its: Counted, name: str, t: Texts) -> str:
    """One figure, in the way its kind is written."""
    value = its.figures[name]
    if name in SHARES:
        return share(value, t)
    return length(value) if name in LENGTHS else number(value, t)
