"""Message: a text message that the app has sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Message:
    """One text message; here it always arrives."""

    sid: str
    from_: str
    to: str
    body: str
    created: datetime
    status: str = "queued"
