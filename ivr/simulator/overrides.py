"""Overrides: how long to wait for one URL and how often to try, as its fragment says.

https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs

from ivr.simulator.error import Problem

EDGES = frozenset(
    "ashburn dublin frankfurt roaming sao-paulo singapore sydney tokyo umatilla "
    "ashburn-ix dublin-ix frankfurt-ix san-jose-ix singapore-ix".split()
)
POLICIES = frozenset({"4xx", "5xx", "ct", "rt"})
RANGES_MS = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000)}
RETRIES_MAX = 5


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one try may take: to connect, until the answer is there, and all tries together."""

    connect_s: float = 5.0
    read_s: float = 15.0
    total_s: float = 15.0


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the fragment of a URL says: how long to wait, how often to try again, and after what."""

    limits: Limits = Limits()
    retries: int = 1
    policy: frozenset[str] = frozenset({"ct"})


class BadOverride(ValueError):
    """One of them cannot be read; `problem` has the carrier's number and what would be right."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.problem = Problem(code, text)


DEFAULT = Overrides()


@lru_cache(maxsize=1000)
def overrides(url: str) -> Overrides:
    """Those of `url`; names that mean nothing here are let be. Raises BadOverride."""
    fragment = url.partition("#")[2]
    if not fragment:
        return DEFAULT
    given = {name: values[-1] for name, values in parse_qs(fragment).items()}
    _check_edge(given.get("e", ""))
    if given.get("sni", "y") not in ("y", "n"):
        raise BadOverride(11243, f"sni={given['sni']} (y or n)")
    times_s = {name: _number(given, name, *limits) / 1000 for name, limits in RANGES_MS.items() if name in given}
    limits = Limits(times_s.get("ct", 5.0), times_s.get("rt", 15.0), times_s.get("tt", 15.0))
    retries = _number(given, "rc", 0, RETRIES_MAX) if "rc" in given else DEFAULT.retries
    return Overrides(limits, retries, _policy(given["rp"]) if "rp" in given else DEFAULT.policy)


def _check_edge(written: str) -> None:
    for edge in filter(None, written.split(",")):
        if edge not in EDGES:
            raise BadOverride(11240, f"e={edge} (such as ashburn, dublin, sydney)")
        if edge.endswith("-ix"):
            raise BadOverride(11242, f"e={edge} (take the one without -ix)")


def _policy(written: str) -> frozenset[str]:
    policy = frozenset(written.split(","))
    if unknown := policy - POLICIES - {"all"}:
        raise BadOverride(11243, f"rp={','.join(sorted(unknown))} (4xx, 5xx, ct, rt, all)")
    return POLICIES if "all" in policy else policy


def _number(given: dict[str, str], name: str, least: int, most: int) -> int:
    written = given[name]
    if not (written.isascii() and written.isdecimal()) or not least <= int(written) <= most:
        raise BadOverride(11243, f"{name}={written[:20]} ({least} to {most})")
    return int(written)
