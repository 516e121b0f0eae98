"""People: simulated callers and agents - when they come, how long they talk, how long they bear to wait.

Everybody's numbers are drawn from the seed and from who they are, not from a stream that others draw from too: the same
caller has the same patience whatever happens before, so two plans are compared on the same people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from math import exp, inf, log, sqrt
from statistics import NormalDist
from typing import Protocol

NORMAL = NormalDist()


def drawn(seed: int, *what: object) -> float:
    """A number between 0 and 1 (neither of them), always the same for the same seed and the same `what`."""
    digest = blake2b(repr((seed, what)).encode(), digest_size=8).digest()
    return (int.from_bytes(digest) + 0.5) / 2**64


class Lasting(Protocol):
    """How long something lasts, as a distribution."""

    def at(self, share: float) -> float:
        """The duration in seconds that `share` of all stay below."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """Always as long."""

    length_s: float

    def at(self, share: float) -> float:
        return self.length_s


@dataclass(frozen=True, slots=True)
class Exponential:
    """Without memory: what Erlang's formulas are about."""

    mean_s: float

    def at(self, share: float) -> float:
        return -self.mean_s * log(1 - share)


@dataclass(frozen=True, slots=True)
class LogNormal:
    """As conversations really last: most short, some very long. `spread` is standard deviation / mean."""

    mean_s: float
    spread: float = 0.8

    def at(self, share: float) -> float:
        variance = log(1 + self.spread**2)
        return self.mean_s * exp(sqrt(variance) * NORMAL.inv_cdf(share) - variance / 2)


FOREVER = Fixed(inf)


@dataclass(frozen=True, slots=True)
class Caller:
    """One who calls `at_s` after the beginning of the day."""

    id: str
    at_s: float
    queue: str
    needs: Mapping[str, int]
    handling_s: float
    patience_s: float = inf
    head_start_s: int = 0


@dataclass(frozen=True, slots=True)
class Demand:
    """Callers of one kind: `calls_per_h` from each moment of the day on, as (seconds, calls an hour), ascending."""

    queue: str
    calls_per_h: Sequence[tuple[float, float]]
    handling: Lasting
    patience: Lasting = FOREVER
    needs: Mapping[str, int] = field(default_factory=dict)
    head_start_s: int = 0

    def callers(self, seed: int, until_s: float, name: str = "") -> Iterator[Caller]:
        """Who calls before `until_s`, in order; at random (Poisson), thinned out of the busiest hour's."""
        name = name or self.queue
        most = max(rate for _, rate in self.calls_per_h)
        at_s, number = 0.0, 0
        while most > 0:
            at_s -= 3600 / most * log(drawn(seed, name, number, "comes"))
            if at_s >= until_s:
                return
            if drawn(seed, name, number, "now") * most < self.rate_at(at_s):
                yield Caller(
                    f"{name}-{number}", at_s, self.queue, self.needs,
                    self.handling.at(drawn(seed, name, number, "talks")),
                    self.patience.at(drawn(seed, name, number, "waits")),
                    self.head_start_s,
                )  # fmt: skip
            number += 1

    def rate_at(self, at_s: float) -> float:
        """Calls an hour at one moment of the day."""
        return next((rate for from_s, rate in reversed(self.calls_per_h) if from_s <= at_s), 0.0)


@dataclass(frozen=True, slots=True)
class Shift:
    """One agent's working time, in seconds from the beginning of the day; who is talking at the end goes after it."""

    agent: str
    skills: Mapping[str, int] = field(default_factory=dict)
    from_s: float = 0.0
    to_s: float = inf
    answers_after_s: float = 0.0  # from the offer to the first word
