"""Refused: the answer when the business, not the program, says no."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed. `why` is for people; `field` names what was asked badly; `hint` is the way out."""

    why: str
    field: str | None = None
    hint: str | None = None
