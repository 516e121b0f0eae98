"""Account: the account itself, its API keys, and the numbers of others that it may show when it calls."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request as Asked

from ivr.simulator.account import CallerId, Key
from ivr.simulator.rest.answer import VERSION, Created, Gone, Page, Resource, RestError, Route, date, missing, uri
from ivr.simulator.rest.numbers import E164

if TYPE_CHECKING:
    from ivr.simulator.network import Network

BELOW = {
    "applications": "Applications",
    "available_phone_numbers": "AvailablePhoneNumbers",
    "calls": "Calls",
    "conferences": "Conferences",
    "incoming_phone_numbers": "IncomingPhoneNumbers",
    "messages": "Messages",
    "notifications": "Notifications",
    "outgoing_caller_ids": "OutgoingCallerIds",
    "queues": "Queues",
    "recordings": "Recordings",
}


def fetch_account(network: Network, asked: Asked) -> Resource:
    """The account, as long as one knows its token."""
    moment = date(network.now())
    return {
        "sid": network.account_sid,
        "friendly_name": "The carrier on this machine",
        "status": "active",
        "type": "Full",
        "owner_account_sid": network.account_sid,
        "auth_token": network.auth_token,
        "date_created": moment,
        "date_updated": moment,
        "subresource_uris": {name: uri(network, path) for name, path in BELOW.items()},
        "uri": f"/{VERSION}/Accounts/{network.account_sid}.json",
    }


def list_accounts(network: Network, asked: Asked) -> Page:
    """There is one."""
    return Page("accounts", [fetch_account(network, asked)])


def create_key(network: Network, asked: Asked) -> Created:
    """A key with its secret, which is shown only now."""
    key = Key(network.new_sid("SK"), network.new_sid(""), asked.form.get("FriendlyName", ""), network.now())
    network.account.keys[key.sid] = key
    return Created(_key(key) | {"secret": key.secret})


def list_keys(network: Network, asked: Asked) -> Page:
    """All keys."""
    return Page("keys", [_key(key) for key in network.account.keys.values()])


def fetch_key(network: Network, asked: Asked, sid: str) -> Resource:
    """One key."""
    return _key(_found_key(network, asked, sid))


def update_key(network: Network, asked: Asked, sid: str) -> Resource:
    """Give it another name."""
    key = _found_key(network, asked, sid)
    network.account.keys[sid] = replace(key, friendly_name=asked.form.get("FriendlyName", key.friendly_name))
    return _key(network.account.keys[sid])


def delete_key(network: Network, asked: Asked, sid: str) -> Gone:
    """From now on it opens nothing."""
    del network.account.keys[_found_key(network, asked, sid).sid]
    return Gone()


def validate(network: Network, asked: Asked) -> Created:
    """Verify a number of somebody else's: nobody is called here, it holds at once."""
    e164 = asked.form.get("PhoneNumber", "")
    if not E164.fullmatch(e164):
        raise RestError(400, 21421, f"PhoneNumber {e164[:40]} is not valid: write +15005550006")
    if network.account.may_show(e164):
        raise RestError(400, 21450, f"Phone number {e164} is validated for this account already")
    name = asked.form.get("FriendlyName", "") or e164
    caller_id = CallerId(network.new_sid("PN"), e164, name, network.now())
    network.account.caller_ids[caller_id.sid] = caller_id
    shown = {"account_sid": network.account_sid, "phone_number": e164, "friendly_name": name}
    return Created(shown | {"validation_code": "123456", "call_sid": network.new_sid("CA")})


def list_caller_ids(network: Network, asked: Asked) -> Page:
    """All verified numbers, or those of this PhoneNumber or FriendlyName."""
    number, name = asked.args.get("PhoneNumber", ""), asked.args.get("FriendlyName", "")
    known = network.account.caller_ids.values()
    found = [each for each in known if number in ("", each.e164) and name in ("", each.friendly_name)]
    return Page("outgoing_caller_ids", [_caller_id(network, each) for each in found])


def fetch_caller_id(network: Network, asked: Asked, sid: str) -> Resource:
    """One of them."""
    return _caller_id(network, _found_caller_id(network, asked, sid))


def update_caller_id(network: Network, asked: Asked, sid: str) -> Resource:
    """Give it another name."""
    known = _found_caller_id(network, asked, sid)
    changed = replace(known, friendly_name=asked.form.get("FriendlyName", known.friendly_name))
    network.account.caller_ids[sid] = changed
    return _caller_id(network, changed)


def delete_caller_id(network: Network, asked: Asked, sid: str) -> Gone:
    """It cannot be shown any more."""
    del network.account.caller_ids[_found_caller_id(network, asked, sid).sid]
    return Gone()


def _found_key(network: Network, asked: Asked, sid: str) -> Key:
    if sid not in network.account.keys:
        raise missing(asked.path)
    return network.account.keys[sid]


def _found_caller_id(network: Network, asked: Asked, sid: str) -> CallerId:
    if sid not in network.account.caller_ids:
        raise missing(asked.path)
    return network.account.caller_ids[sid]


def _key(key: Key) -> Resource:
    moment = date(key.created)
    return {"sid": key.sid, "friendly_name": key.friendly_name, "date_created": moment, "date_updated": moment}


def _caller_id(network: Network, known: CallerId) -> Resource:
    return {
        "sid": known.sid,
        "account_sid": network.account_sid,
        "friendly_name": known.friendly_name,
        "phone_number": known.e164,
        "date_created": date(known.created),
        "date_updated": date(known.created),
        "uri": uri(network, "OutgoingCallerIds", known.sid),
    }


ROUTES = (
    Route("GET", "", fetch_account),
    Route("POST", "/Keys", create_key),
    Route("GET", "/Keys", list_keys),
    Route("GET", "/Keys/<sid>", fetch_key),
    Route("POST", "/Keys/<sid>", update_key),
    Route("DELETE", "/Keys/<sid>", delete_key),
    Route("POST", "/OutgoingCallerIds", validate),
    Route("GET", "/OutgoingCallerIds", list_caller_ids),
    Route("GET", "/OutgoingCallerIds/<sid>", fetch_caller_id),
    Route("POST", "/OutgoingCallerIds/<sid>", update_caller_id),
    Route("DELETE", "/OutgoingCallerIds/<sid>", delete_caller_id),
)
