"""Numbers: the account's telephone numbers - read, had anew, given other doors and given up by REST.

https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request as Asked

from ivr.simulator.account import Number
from ivr.simulator.rest import doors
from ivr.simulator.rest.answer import (
    VERSION,
    Created,
    Gone,
    Page,
    Resource,
    RestError,
    Route,
    date,
    missing,
    uri,
)

if TYPE_CHECKING:
    from ivr.simulator.network import Network

E164 = re.compile(r"\+[1-9][0-9]{5,14}")
AREA_CODE = re.compile(r"[2-9][0-9]{2}")
CAN = {"voice": True, "sms": True, "mms": False, "fax": False}
FOR_SALE = 20
KINDS = {"Local": "{area}555", "TollFree": "8005550", "Mobile": "{area}555"}
COUNTRY = {"US": "+1", "CA": "+1"}


def create(network: Network, asked: Asked) -> Created:
    """Have a number: the one asked for, or any of an area."""
    form = asked.form
    wanted, area = form.get("PhoneNumber", ""), form.get("AreaCode", "")
    if not wanted and not AREA_CODE.fullmatch(area):
        raise RestError(400, 21452 if area else 21421, "PhoneNumber (+1 ...) or AreaCode (three digits) is needed")
    e164 = wanted or next(each for each in _for_sale(network, "Local", area))
    if not E164.fullmatch(e164):
        raise RestError(400, 21421, f"PhoneNumber {e164[:40]} is not valid: write +15005550006")
    if e164 in network.numbers:
        raise RestError(400, 21422, f"PhoneNumber {e164} is not available: the account has it")
    number = Number(sid=network.new_sid("PN"), e164=e164, created=network.now(), friendly_name=e164)
    _change(network, number, asked)
    network.numbers[e164] = number
    return Created(_resource(network, number))


def list_numbers(network: Network, asked: Asked) -> Page:
    """All numbers, or those that hold `PhoneNumber` (stars stand for digits) or bear `FriendlyName`."""
    wanted, name = asked.args.get("PhoneNumber", ""), asked.args.get("FriendlyName", "")
    pattern = re.compile(re.escape(wanted).replace(r"\*", "[0-9]"))
    numbers = [
        number
        for number in network.numbers.values()
        if pattern.search(number.e164) and name in ("", number.friendly_name)
    ]
    return Page("incoming_phone_numbers", [_resource(network, number) for number in numbers])


def fetch(network: Network, asked: Asked, sid: str) -> Resource:
    """One number."""
    return _resource(network, _found(network, asked, sid))


def update(network: Network, asked: Asked, sid: str) -> Resource:
    """Change what is asked when it rings; the next call meets it."""
    number = _found(network, asked, sid)
    _change(network, number, asked)
    return _resource(network, number)


def delete(network: Network, asked: Asked, sid: str) -> Gone:
    """Give a number up."""
    del network.numbers[_found(network, asked, sid).e164]
    return Gone()


def available(network: Network, asked: Asked, country: str, kind: str) -> Page:
    """Some numbers that could be had: invented ones, of the area asked for."""
    if kind not in KINDS:
        raise missing(asked.path)
    if country not in COUNTRY:
        return Page("available_phone_numbers", [])
    area, holds = asked.args.get("AreaCode", ""), asked.args.get("Contains", "").strip("*")
    found = [each for each in _for_sale(network, kind, area) if holds in each]
    return Page("available_phone_numbers", [_offered(country, each) for each in found])


def countries(network: Network, asked: Asked) -> Page:
    """Where numbers could be had."""
    return Page("countries", [_country(network, code) for code in COUNTRY])


def country(network: Network, asked: Asked, code: str) -> Resource:
    """One of them."""
    if code not in COUNTRY:
        raise missing(asked.path)
    return _country(network, code)


def _for_sale(network: Network, kind: str, area: str) -> list[str]:
    start = KINDS[kind].format(area=area if AREA_CODE.fullmatch(area) else "500")
    numbers = [f"+1{start}{n:0{10 - len(start)}}" for n in range(100, 100 + FOR_SALE)]
    return [each for each in numbers if each not in network.numbers]


def _change(network: Network, number: Number, asked: Asked) -> None:
    form = asked.form
    application = form.get("VoiceApplicationSid", number.application)
    if application and application not in network.account.applications:
        raise RestError(400, 21218, f"VoiceApplicationSid: there is no application {application[:40]}")
    doors.change(number, form)
    number.application, number.friendly_name = application, form.get("FriendlyName", number.friendly_name)


def _found(network: Network, asked: Asked, sid: str) -> Number:
    for number in network.numbers.values():
        if number.sid == sid:
            return number
    raise missing(asked.path)


def _resource(network: Network, number: Number) -> Resource:
    return {
        "sid": number.sid,
        "account_sid": network.account_sid,
        "friendly_name": number.friendly_name,
        "phone_number": number.e164,
        "api_version": VERSION,
        **doors.shown(number),
        "voice_application_sid": number.application,
        "sms_application_sid": "",
        "trunk_sid": None,
        "origin": "twilio",
        "voice_receive_mode": "voice",
        "address_requirements": "none",
        "address_sid": None,
        "bundle_sid": None,
        "identity_sid": None,
        "emergency_status": "Inactive",
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        "capabilities": CAN,
        "beta": False,
        "status": "in-use",
        "type": None,
        "date_created": date(number.created),
        "date_updated": date(number.created),
        "uri": uri(network, "IncomingPhoneNumbers", number.sid),
    }


def _offered(country: str, e164: str) -> Resource:
    return {
        "friendly_name": e164,
        "phone_number": e164,
        "iso_country": country,
        "capabilities": CAN,
        "address_requirements": "none",
        "beta": False,
        **dict.fromkeys(("lata", "locality", "rate_center", "latitude", "longitude", "region", "postal_code")),
    }


def _country(network: Network, code: str) -> Resource:
    own = uri(network, "AvailablePhoneNumbers", code)
    kinds = {"local": "Local", "toll_free": "TollFree", "mobile": "Mobile"}
    return {
        "country_code": code,
        "country": {"US": "United States", "CA": "Canada"}[code],
        "beta": False,
        "uri": own,
        "subresource_uris": {name: own.replace(".json", f"/{kind}.json") for name, kind in kinds.items()},
    }


ROUTES = (
    Route("POST", "/IncomingPhoneNumbers", create),
    Route("GET", "/IncomingPhoneNumbers", list_numbers),
    Route("GET", "/IncomingPhoneNumbers/<sid>", fetch),
    Route("POST", "/IncomingPhoneNumbers/<sid>", update),
    Route("DELETE", "/IncomingPhoneNumbers/<sid>", delete),
    Route("GET", "/AvailablePhoneNumbers", countries),
    Route("GET", "/AvailablePhoneNumbers/<code>", country),
    Route("GET", "/AvailablePhoneNumbers/<country>/<kind>", available),
)
