"""Account: the account itself and its telephone numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request as Asked

from ivr.simulator.rest.answer import (
    VERSION,
    Page,
    Resource,
    Route,
    date,
    http_method,
    http_url,
    missing,
    uri,
)
from ivr.simulator.webhook import Request

if TYPE_CHECKING:
    from ivr.simulator.network import Network, Number


def fetch_account(network: Network, asked: Asked) -> Resource:
    """The account, as long as one knows its token."""
    moment = date(network.now())
    return {
        "sid": network.account_sid,
        "friendly_name": "The carrier on this machine",
        "status": "active",
        "type": "Full",
        "owner_account_sid": network.account_sid,
        "auth_token": None,
        "date_created": moment,
        "date_updated": moment,
        "subresource_uris": {},
        "uri": f"/{VERSION}/Accounts/{network.account_sid}.json",
    }


def list_numbers(network: Network, asked: Asked) -> Page:
    """All numbers, or those that hold `PhoneNumber`."""
    wanted = asked.args.get("PhoneNumber", "")
    numbers = [number for number in network.numbers.values() if wanted in number.e164]
    return Page("incoming_phone_numbers", [_number(network, number) for number in numbers])


def fetch_number(network: Network, asked: Asked, sid: str) -> Resource:
    """One number."""
    return _number(network, _found(network, asked, sid))


def update_number(network: Network, asked: Asked, sid: str) -> Resource:
    """Change what is asked when it rings."""
    number, form = _found(network, asked, sid), asked.form
    if "VoiceUrl" in form:
        number.voice = replace(number.voice, url=http_url(form, "VoiceUrl"))
    if "VoiceMethod" in form:
        number.voice = replace(number.voice, method=http_method(form, "VoiceMethod"))
    if "VoiceFallbackUrl" in form:
        url = http_url(form, "VoiceFallbackUrl")
        number.fallback = Request(url, http_method(form, "VoiceFallbackMethod")) if url else None
    if "StatusCallback" in form:
        url = http_url(form, "StatusCallback")
        number.status_callback = Request(url, http_method(form, "StatusCallbackMethod")) if url else None
    number.friendly_name = form.get("FriendlyName", number.friendly_name)
    return _number(network, number)


def _found(network: Network, asked: Asked, sid: str) -> Number:
    for number in network.numbers.values():
        if number.sid == sid:
            return number
    raise missing(asked.path)


def _number(network: Network, number: Number) -> Resource:
    return {
        "sid": number.sid,
        "account_sid": network.account_sid,
        "friendly_name": number.friendly_name,
        "phone_number": number.e164,
        "api_version": VERSION,
        "voice_url": number.voice.url,
        "voice_method": number.voice.method,
        "voice_fallback_url": number.fallback.url if number.fallback else "",
        "voice_fallback_method": number.fallback.method if number.fallback else "POST",
        "status_callback": number.status_callback.url if number.status_callback else "",
        "status_callback_method": number.status_callback.method if number.status_callback else "POST",
        "voice_caller_id_lookup": False,
        "voice_application_sid": "",
        "capabilities": {"voice": True, "sms": False, "mms": False, "fax": False},
        "beta": False,
        "status": "in-use",
        "date_created": date(number.created),
        "date_updated": date(number.created),
        "uri": uri(network, "IncomingPhoneNumbers", number.sid),
    }


ROUTES = (
    Route("GET", "", fetch_account),
    Route("GET", "/IncomingPhoneNumbers", list_numbers),
    Route("GET", "/IncomingPhoneNumbers/<sid>", fetch_number),
    Route("POST", "/IncomingPhoneNumbers/<sid>", update_number),
)
