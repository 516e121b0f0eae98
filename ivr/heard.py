"""Heard: what came from the caller since the last instructions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rang:
    """The call came in; `emergency`: while the emergency switch is on."""

    emergency: bool = False


@dataclass(frozen=True, slots=True)
class Pressed:
    """Keys were pressed: `0-9 * #`, in order; the key that ended the entry is not among them."""

    keys: str


@dataclass(frozen=True, slots=True)
class Spoke:
    """Something was said instead, as the carrier understood it."""

    words: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing was pressed in time."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A message was left: the carrier's id for it and its length."""

    recording: str
    length_s: int


@dataclass(frozen=True, slots=True)
class LeftQueue:
    """The wait is over for the reason the carrier names: `leave redirected hangup queue-full error ...`."""

    why: str


@dataclass(frozen=True, slots=True)
class Overflowed:
    """The wait was ended by us: `too long`, `nobody there` or `full`."""

    why: str


@dataclass(frozen=True, slots=True)
class LeftByKey:
    """The caller pressed one of the queue's own keys and waits no longer."""

    key: str


@dataclass(frozen=True, slots=True)
class Dialled:
    """What came of dialling another number; `talked`: somebody was there, and that conversation is over."""

    talked: bool


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What another system answered, by variable; None: nothing that could be used, or not in time."""

    found: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class WentOn:
    """All that was said so far has been heard: the call goes on where it stands."""


@dataclass(frozen=True, slots=True)
class TalkEnded:
    """The conversation with the representative is over and the caller is still there."""


@dataclass(frozen=True, slots=True)
class RepresentativeGone:
    """The representative was gone as soon as the caller came: nobody has talked."""


@dataclass(frozen=True, slots=True)
class HungUp:
    """The caller is gone."""


Heard = (
    Rang | Pressed | Spoke | Silence | Recorded | LeftQueue | Overflowed | LeftByKey | Dialled | LookedUp | WentOn
    | TalkEnded | RepresentativeGone | HungUp
)  # fmt: skip
