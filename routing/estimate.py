"""Estimate: how long somebody at a given place will still wait."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

BASIS_MIN = 3
"""With fewer finished conversations than this there is no basis, and nothing is said."""


def expected_wait_s(position: int, agents: int, handling_s: Sequence[float]) -> float | None:
    """Seconds until the one at `position` (from 1) is next, with `agents` at work; None without a basis.

    With all agents busy, somebody is free every `mean handling / agents`, and `position` of those must pass (the mean
    of Erlang(k, n mu), M/M/n first come first served). `handling_s` are recent handling times, wrap-up included.
    """
    if position < 1:
        raise ValueError(f"position is {position} (positions count from 1)")
    if agents < 1 or len(handling_s) < BASIS_MIN:
        return None
    return position * fmean(handling_s) / agents
