"""Messages: text messages sent and read by REST; every one arrives.

https://www.twilio.com/docs/messaging/api/message-resource
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request as Asked

from ivr.simulator.error import Problem
from ivr.simulator.message import Message
from ivr.simulator.rest.answer import (
    VERSION,
    Created,
    Gone,
    Page,
    Resource,
    RestError,
    Route,
    date,
    http_url,
    missing,
    uri,
)
from ivr.simulator.rest.dates import within
from ivr.simulator.webhook import Request

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
    service = asked.form.get("MessagingServiceSid", "")
    sender = sender or (next(iter(network.numbers), "") if service else "")
    if not sender:
        raise RestError(400, 21603, "A 'From' phone number is required")
    _check_sender(network, sender)
    if not body and not asked.form.get("MediaUrl"):
        raise RestError(400, 21602, "Message body is required")
    if len(body) > BODY_MAX:
        raise RestError(400, 21617, f"The message has {len(body)} characters (at most {BODY_MAX})")
    url = http_url(asked.form, "StatusCallback")
    message = network.keep_message(sender, to, body, Request(url) if url else None)
    message.media = len(asked.form.getlist("MediaUrl"))
    if service:
        message.status, message.service = "accepted", service
    return Created(_message(network, message))


def _check_sender(network: Network, sender: str) -> None:
    if network.is_own_number(sender):
        return
    own = ", ".join(network.numbers) or "none yet"
    why = f"The 'From' number {sender[:40]} is not one of this account's ({own})"
    if network.senders == "own":
        raise RestError(400, 21606, why)
    network.note("warning", str(Problem(21606, f"{why}: only taken because they are not known here")), code=21606)


def update(network: Network, asked: Asked, sid: str) -> Resource:
    """Forget what it said (an empty Body); or cancel it, which is too late here."""
    message = _found(network, asked, sid)
    if asked.form.get("Status") == "canceled":
        raise RestError(400, 30409, f"The message is {message.status}: only scheduled ones can be canceled")
    if asked.form.get("Body", message.body) not in ("", message.body):
        raise RestError(400, 20001, "Body can only be emptied")
    message.body = asked.form.get("Body", message.body)
    return _message(network, message)


def delete(network: Network, asked: Asked, sid: str) -> Gone:
    """Forget it."""
    del network.messages[_found(network, asked, sid).sid]
    return Gone()


def list_messages(network: Network, asked: Asked) -> Page:
    """The newest first; by To, From and DateSent."""
    on = within(asked.args, "DateSent")
    sent = [each for each in reversed(network.messages.values()) if on(each.created)]
    found = [_message(network, each) for each in sent]
    for name, key in FILTERS.items():
        if wanted := asked.args.get(name):
            found = [each for each in found if each[key] == wanted]
    return Page("messages", found)


def fetch(network: Network, asked: Asked, sid: str) -> Resource:
    """One message."""
    return _message(network, _found(network, asked, sid))


def _found(network: Network, asked: Asked, sid: str) -> Message:
    message = network.messages.get(sid)
    if message is None:
        raise missing(asked.path)
    return message


def _message(network: Network, message: Message) -> Resource:
    own = uri(network, "Messages", message.sid)
    return {
        "sid": message.sid,
        "account_sid": network.account_sid,
        "messaging_service_sid": message.service or None,
        "from": message.from_,
        "to": message.to,
        "body": message.body,
        "status": message.status,
        "direction": message.direction,
        "num_segments": str(max(1, -(-len(message.body) // SEGMENT))),
        "num_media": str(message.media),
        "date_created": date(message.created),
        "date_updated": date(message.updated or message.created),
        "date_sent": date(message.updated),
        "price": None,
        "price_unit": "USD",
        "error_code": message.error_code,
        "error_message": None,
        "api_version": VERSION,
        "uri": own,
        "subresource_uris": {"media": own.replace(".json", "/Media.json")},
    }


ROUTES = (
    Route("POST", "/Messages", create),
    Route("GET", "/Messages", list_messages),
    Route("GET", "/Messages/<sid>", fetch),
    Route("POST", "/Messages/<sid>", update),
    Route("DELETE", "/Messages/<sid>", delete),
)
