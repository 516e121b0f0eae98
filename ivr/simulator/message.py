"""Message: a text message that the app sends, from `queued` to `delivered`, and how the app is told.

https://www.twilio.com/docs/messaging/api/message-resource
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ivr.simulator.webhook import Request

if TYPE_CHECKING:
    from ivr.simulator.network import Network

SENT_AFTER_S, ARRIVES_AFTER_S = 1.0, 2.0
NO_TELEPHONE = 30003


@dataclass(slots=True)
class Message:
    """One text message. It arrives, unless its number is one that cannot be reached. `callback` is told each status."""

    sid: str
    from_: str
    to: str
    body: str
    created: datetime
    status: str = "queued"
    direction: str = "outbound-api"
    callback: Request | None = None
    updated: datetime | None = None
    error_code: int | None = None
    media: int = 0  # how many pictures came with it
    service: str = ""  # the messaging service it was given to


def send(network: Network, message: Message) -> None:
    """Let a message be sent, and arrive a little later."""
    person = network.people.get(message.to)
    arrives = person is None or person.behaviour != "unreachable"
    network.put(SENT_AFTER_S, lambda: _become(network, message, "sent"))
    network.put(ARRIVES_AFTER_S, lambda: _become(network, message, "delivered" if arrives else "undelivered"))


def _become(network: Network, message: Message, status: str) -> None:
    message.status, message.updated = status, network.now()
    if status == "undelivered":
        message.error_code = NO_TELEPHONE
    if message.callback is None:
        return
    told = {
        "AccountSid": network.account_sid,
        "ApiVersion": "2010-04-01",
        "From": message.from_,
        "To": message.to,
        "MessageSid": message.sid,
        "MessageStatus": status,
        "SmsSid": message.sid,
        "SmsStatus": status,
    }
    if message.error_code is not None:
        told["ErrorCode"] = str(message.error_code)
    callback = message.callback
    network.notify(None, Request(callback.url, callback.method, callback.extra, tuple(told.items())), 11200)
