"""Erlang: how long callers wait for a number of agents, by formula - B without a queue, C with one, A with patience.

Callers come at random (Poisson), conversations last exponentially, all agents can take all callers, first come first
served. Sources: Erlang 1917; Garnett, Mandelbaum and Reiman, "Designing a call center with impatient customers", 2002.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import exp, expm1, inf, isfinite, lgamma, log

NEGLIGIBLE = 1e-13
QUEUE_MAX = 100_000
"""The chain of states ends where what is left is negligible, and here at the latest."""

STEPS = 400
"""Over how many steps (Simpson's rule) the service level with patience is integrated."""


def erlang_b(load: float, agents: int) -> float:
    """The share of callers who find all `agents` busy where nobody can wait; `load` in erlangs."""
    blocked = 1.0
    for busy in range(1, agents + 1):
        blocked = load * blocked / (busy + load * blocked)
    return blocked


def erlang_c(load: float, agents: int) -> float:
    """The share of callers who must wait; 1 if the load is more than the agents can carry."""
    if load >= agents:
        return 1.0
    blocked = erlang_b(load, agents)
    return blocked / (1 - load / agents * (1 - blocked))


@dataclass(frozen=True)
class ErlangC:
    """A queue in which everybody waits to the end: callers an hour, mean handling time in seconds, agents."""

    calls_per_h: float
    handling_s: float
    agents: int

    @property
    def load(self) -> float:
        """Erlangs: how many agents are busy on average."""
        return self.calls_per_h / 3600 * self.handling_s

    @property
    def wait_probability(self) -> float:
        """The share of callers who must wait at all."""
        return erlang_c(self.load, self.agents)

    @property
    def mean_wait_s(self) -> float:
        """Mean over all callers, those who need not wait too; infinite if the queue grows for ever."""
        spare = self.agents - self.load
        return self.wait_probability * self.handling_s / spare if spare > 0 else inf

    def service_level(self, within_s: float) -> float:
        """The share of callers answered within so many seconds."""
        spare = self.agents - self.load
        return 1 - self.wait_probability * exp(-spare * within_s / self.handling_s) if spare > 0 else 0.0

    @property
    def abandonment(self) -> float:
        """Nobody gives up here."""
        return 0.0


@dataclass(frozen=True)
class ErlangA:
    """A queue in which callers give up: their patience is exponential with mean `patience_s`."""

    calls_per_h: float
    handling_s: float
    agents: int
    patience_s: float

    @property
    def load(self) -> float:
        """Erlangs offered."""
        return self.calls_per_h / 3600 * self.handling_s

    @cached_property
    def _all_busy(self) -> list[float]:
        """How likely a caller finds all agents busy and 0, 1, 2 ... waiting."""
        come, go, give_up = self.calls_per_h / 3600, 1 / self.handling_s, 1 / self.patience_s
        ahead = [1.0]  # relative to "all busy, nobody waits"
        while ahead[-1] > NEGLIGIBLE * max(ahead) and len(ahead) < QUEUE_MAX:
            ahead.append(ahead[-1] * come / (self.agents * go + len(ahead) * give_up))
        some_free, term = 0.0, 1.0
        for busy in range(self.agents, 0, -1):
            term *= busy / self.load
            some_free += term
            if not isfinite(some_free):
                return [0.0]
        whole = some_free + sum(ahead)
        return [each / whole for each in ahead]

    @property
    def wait_probability(self) -> float:
        """The share of callers who find nobody free."""
        return sum(self._all_busy)

    @property
    def mean_wait_s(self) -> float:
        """Mean over all callers, those who give up and those who need not wait too (Little's law)."""
        waiting = sum(number * likely for number, likely in enumerate(self._all_busy))
        return waiting / (self.calls_per_h / 3600)

    @property
    def abandonment(self) -> float:
        """The share of callers who give up: each does so once in `patience_s` of waiting."""
        return self.mean_wait_s / self.patience_s

    def service_level(self, within_s: float) -> float:
        """The share of all callers answered within so many seconds."""
        free_at_once = 1 - self.wait_probability
        step_s = within_s / STEPS
        weights = [1, *([4, 2] * (STEPS // 2 - 1)), 4, 1]
        answered = sum(weight * self._answered_after(number * step_s) for number, weight in enumerate(weights))
        return free_at_once + answered * step_s / 3

    def _answered_after(self, wait_s: float) -> float:
        """The density of answers after a wait: behind k others it is the sum of k + 1 exponential times.

        Their rates are agents/handling + i/patience, i = 0..k, so that exp(-wait/patience) is Beta distributed.
        """
        pace, give_up = self.agents / self.handling_s, 1 / self.patience_s
        ratio, left = pace / give_up, -expm1(-wait_s * give_up)
        found = 0.0
        for ahead, likely in enumerate(self._all_busy):
            if ahead and left <= 0:
                break
            scale = lgamma(ratio + ahead + 1) - lgamma(ratio) - lgamma(ahead + 1)
            power = ahead * log(left) if ahead else 0.0
            found += likely * give_up * exp(scale + power - (pace + give_up) * wait_s)
        return found
