"""Event: one thing that happened, as it is kept for ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Event:
    """`what` happened to `about` (the id of a contact, agent, call or case) `at` (aware, UTC).

    `fields` hold what else is known, as JSON has it: text, numbers, lists. What is personal stands there and nowhere
    else, so that it can be masked and erased.
    """

    at: datetime
    about: str
    what: str
    fields: Mapping[str, object] = field(default_factory=dict)
