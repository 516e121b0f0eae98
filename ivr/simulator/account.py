"""Account: what belongs to the account on the network - numbers, applications, verified caller ids, API keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from ivr.simulator.webhook import Request

NOBODY = Request("")


@dataclass(slots=True)
class Doors:
    """Whom the carrier asks about calls and texts: requests without a URL stand for nobody."""

    voice: Request = NOBODY
    fallback: Request | None = None
    status_callback: Request | None = None
    sms: Request = NOBODY
    sms_fallback: Request | None = None


@dataclass(slots=True)
class Application(Doors):
    """Doors under a name of their own, shared by numbers and calls."""

    sid: str = ""
    friendly_name: str = ""
    created: datetime | None = None


@dataclass(slots=True)
class Number(Doors):
    """A telephone number of the account; with an `application`, that one's doors hold instead."""

    sid: str = ""
    e164: str = ""
    created: datetime | None = None
    friendly_name: str = ""
    application: str = ""


@dataclass(frozen=True, slots=True)
class CallerId:
    """A number of somebody else's that the account may show when it calls."""

    sid: str
    e164: str
    friendly_name: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Key:
    """A name and secret besides the account's own."""

    sid: str
    secret: str
    friendly_name: str
    created: datetime


@dataclass(slots=True)
class Account:
    """All of it, each by its SID; numbers by the number."""

    numbers: dict[str, Number] = field(default_factory=dict)
    applications: dict[str, Application] = field(default_factory=dict)
    caller_ids: dict[str, CallerId] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)

    def doors(self, number: Number) -> Doors:
        """Whom to ask when this number rings."""
        return self.applications.get(number.application, number)

    def may_show(self, address: str) -> bool:
        """Whether a call may come from this number."""
        return address in self.numbers or any(each.e164 == address for each in self.caller_ids.values())
