"""Estimate: how long somebody at a given place will still wait, as an interval that says how sure it is.

With all agents busy somebody is free every handling / agents; each of those ahead is taken or gives up, so the line
thins at the head and within. The wait is the sum of such steps: its mean and its spread are known, and a gamma
distribution with the two gives the interval. docs/estimates.md shows how often it holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log, sqrt
from statistics import NormalDist, fmean, pstdev

BASIS_MIN = 3
"""With fewer finished conversations than this there is no basis, and nothing is said."""

HOLDS = 0.8
"""How often the interval is to hold: one wait in ten is shorter than it, one in ten longer."""

EXACT_MAX = 64
"""So many steps are summed one by one; those of longer lines are integrated, which then differs by less than 0.1 %."""

HIGH = NormalDist().inv_cdf(0.5 + HOLDS / 2)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A wait to be expected, in seconds, and the interval in which four of five such waits end."""

    low_s: float
    expected_s: float
    high_s: float


def estimate(position: int, agents: int, handling_s: Sequence[float], patience_s: float = inf) -> Estimate | None:
    """What the one at `position` (from 1) has to expect, with `agents` at work; None without a basis.

    `handling_s`: how long recent contacts kept an agent, ringing and wrap-up included. `patience_s`: waiting time of
    all who waited lately, for each of them who gave up; infinite if nobody did. ValueError for a position below 1.
    """
    if position < 1:
        raise ValueError(f"position is {position} (positions count from 1)")
    if agents < 1 or len(handling_s) < BASIS_MIN:
        return None
    handled_s = fmean(handling_s)
    if handled_s <= 0:
        return Estimate(0.0, 0.0, 0.0)
    expected_s, variance = _steps(position, agents / handled_s, 1 / patience_s if patience_s > 0 else 0.0)
    spread = (pstdev(handling_s) / handled_s) ** 2
    # Short waits end when any of many conversations does, which looks random however long each is; in long waits each
    # agent takes several contacts, and what counts is how different these are.
    rounds = position / (position + agents)
    variance *= 1 - rounds + rounds * spread
    variance += expected_s**2 * spread / len(handling_s)  # the mean handling is only known so well
    return Estimate(_gamma(expected_s, variance, -HIGH), expected_s, _gamma(expected_s, variance, HIGH))


def patience_s(waits: Sequence[tuple[float, bool]]) -> float:
    """The waiting time of all, in seconds, for each who gave up (see `Floor.waits`); infinite if nobody did.

    For callers who bear each next second as well as the last one this is their mean patience.
    """
    gave_up = sum(1 for _, unanswered in waits if unanswered)
    return sum(wait_s for wait_s, _ in waits) / gave_up if gave_up else inf


def expected_wait_s(position: int, agents: int, handling_s: Sequence[float], patience_s: float = inf) -> float | None:
    """The mean of `estimate`, in seconds; None without a basis."""
    found = estimate(position, agents, handling_s, patience_s)
    return None if found is None else found.expected_s


def _steps(position: int, pace: float, give_up: float) -> tuple[float, float]:
    """Mean and variance of the time until `position` others are gone: `pace` a second, and each gives up by itself."""
    if give_up == 0:
        return position / pace, position / pace**2
    rates = [pace + ahead * give_up for ahead in range(min(position, EXACT_MAX))]
    mean, variance = sum(1 / rate for rate in rates), sum(1 / rate**2 for rate in rates)
    if position > EXACT_MAX:
        first, last = (pace + (ahead - 0.5) * give_up for ahead in (EXACT_MAX, position))
        mean += log(last / first) / give_up
        variance += (1 / first - 1 / last) / give_up
    return mean, variance


def _gamma(mean: float, variance: float, deviations: float) -> float:
    """The quantile of a gamma distribution (Wilson and Hilferty 1931); never below 0."""
    shape = mean**2 / variance if variance > 0 else inf
    root = 1 - 1 / (9 * shape) + deviations / (3 * sqrt(shape))
    return mean * max(root, 0.0) ** 3
