"""Messages: text messages sent and read by REST; every one arrives.

https://www.twilio.com/docs/messaging/api/message-resource
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request as Asked

from ivr.simulator.message import Message
from ivr.simulator.rest.answer import VERSION, Created, Page, Resource, RestError, Route, date, missing, uri

if TYPE_CHECKING:
    from ivr.simulator.network import Network

BODY_MAX = 1600
SEGMENT = 160
FILTERS = {"To": "to", "From": "from"}
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def create(network: Network, asked: Asked) -> Created:
    """Send a text from one of the account's numbers."""
    to, sender, body = (asked.form.get(name, "") for name in ("To", "From", "Body"))
    if not to:
        raise RestError(400, 21604, "A 'To' phone number is required")
    if not _E164.fullmatch(to):
        raise RestError(400, 21211, f"The 'To' number {to[:40]} is not a valid phone number")
    if not sender:
        raise RestError(400, 21603, "A 'From' phone number is required")
    if not network.is_own_number(sender):
        raise RestError(400, 21606, f"The 'From' number {sender[:40]} is not one of this account's")
    if not body:
        raise RestError(400, 21602, "Message body is required")
    if len(body) > BODY_MAX:
        raise RestError(400, 21617, f"The message has {len(body)} characters (at most {BODY_MAX})")
    return Created(_message(network, network.keep_message(sender, to, body)))


def list_messages(network: Network, asked: Asked) -> Page:
    """The newest first; by To and From."""
    found = [_message(network, each) for each in reversed(network.messages.values())]
    for name, key in FILTERS.items():
        if wanted := asked.args.get(name):
            found = [each for each in found if each[key] == wanted]
    return Page("messages", found)


def fetch(network: Network, asked: Asked, sid: str) -> Resource:
    """One message."""
    message = network.messages.get(sid)
    if message is None:
        raise missing(asked.path)
    return _message(network, message)


def _message(network: Network, message: Message) -> Resource:
    own = uri(network, "Messages", message.sid)
    return {
        "sid": message.sid,
        "account_sid": network.account_sid,
        "messaging_service_sid": None,
        "from": message.from_,
        "to": message.to,
        "body": message.body,
        "status": message.status,
        "direction": "outbound-api",
        "num_segments": str(-(-len(message.body) // SEGMENT)),
        "num_media": "0",
        "date_created": date(message.created),
        "date_updated": date(message.created),
        "date_sent": None,
        "price": None,
        "price_unit": "USD",
        "error_code": None,
        "error_message": None,
        "api_version": VERSION,
        "uri": own,
        "subresource_uris": {"media": own.replace(".json", "/Media.json")},
    }


ROUTES = (
    Route("POST", "/Messages", create),
    Route("GET", "/Messages", list_messages),
    Route("GET", "/Messages/<sid>", fetch),
)
