"""Alerts: the errors and warnings that the carrier has noted, as its debugger shows them, and as older notifications.

https://www.twilio.com/docs/usage/monitor-alert
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from werkzeug.wrappers import Request as Asked

from ivr.simulator.rest import calls
from ivr.simulator.rest.answer import VERSION, MetaPage, Page, Resource, RestError, Route, date, missing, uri
from ivr.simulator.rest.dates import within
from ivr.simulator.trace import Entry, Exchange

if TYPE_CHECKING:
    from ivr.simulator.network import Network

LEVELS = {"error": "error", "warning": "warning"}
LOG = {"error": "0", "warning": "1"}
SEARCHED = {"<": "EndDate", ">": "StartDate"}


@dataclass(frozen=True, slots=True)
class Alert:
    """One error or warning; `count` makes its SID. `exchange` is what the app was last asked before it, if anything."""

    count: int
    entry: Entry
    exchange: Exchange | None

    @property
    def name(self) -> str:
        """What its SID is without the two letters."""
        return f"{self.count:032x}"

    @property
    def code(self) -> str:
        """The carrier's number for it."""
        return str(self.entry.data.get("code", ""))


def alerts(network: Network) -> Iterator[Alert]:
    """All of them, the oldest first."""
    asked: dict[str, Exchange] = {}
    count = 0
    for entry in network.trace:
        if "exchange" in entry.data:
            asked[entry.call_sid] = entry.data["exchange"]
        if entry.kind in LEVELS:
            count += 1
            yield Alert(count, entry, asked.get(entry.call_sid))


def list_notifications(network: Network, asked: Asked, call: str = "") -> Page:
    """The newest first; by Log (0 errors, 1 warnings) and MessageDate."""
    if call:
        calls.found(network, asked, call)
    log, dated = asked.args.get("Log", ""), within(asked.args, "MessageDate")
    found = [
        each
        for each in alerts(network)
        if call in ("", each.entry.call_sid) and log in ("", LOG[each.entry.kind]) and dated(each.entry.time)
    ]
    return Page("notifications", [_notification(network, each) for each in reversed(found)])


def fetch_notification(network: Network, asked: Asked, sid: str, call: str = "") -> Resource:
    """One, with the webhook that it is about."""
    found = _found(network, asked, sid)
    if call not in ("", found.entry.call_sid):
        raise missing(asked.path)
    return _notification(network, found) | _wire(found)


def list_alerts(network: Network, asked: Asked) -> MetaPage:
    """The newest first; by LogLevel, StartDate and EndDate."""
    level = asked.args.get("LogLevel", "")
    if level not in ("", "error", "warning", "notice", "debug"):
        raise RestError(400, 20001, f"LogLevel must be error, warning, notice or debug, not {level[:20]}")
    dated = within({f"Date{sign}": asked.args.get(name, "") for sign, name in SEARCHED.items()}, "Date")
    found = [each for each in alerts(network) if level in ("", LEVELS[each.entry.kind]) and dated(each.entry.time)]
    return MetaPage("alerts", [_alert(network, each) for each in reversed(found)])


def fetch_alert(network: Network, asked: Asked, sid: str) -> Resource:
    """One, with the webhook that it is about."""
    found = _found(network, asked, sid)
    headers = found.exchange.headers if found.exchange else {}
    return _alert(network, found) | _wire(found) | {"request_headers": urlencode(dict(headers))}


def _found(network: Network, asked: Asked, sid: str) -> Alert:
    for each in alerts(network):
        if each.name == sid[2:]:
            return each
    raise missing(asked.path)


def _notification(network: Network, alert: Alert) -> Resource:
    entry, path = alert.entry, f"NO{alert.name}"
    return {
        "sid": path,
        "account_sid": network.account_sid,
        "call_sid": entry.call_sid or None,
        "api_version": VERSION,
        "log": LOG[entry.kind],
        "error_code": alert.code,
        "more_info": _more_info(alert),
        "message_text": _message(alert),
        "message_date": date(entry.time),
        "request_method": alert.exchange.method if alert.exchange else None,
        "request_url": alert.exchange.url if alert.exchange else None,
        "date_created": date(entry.time),
        "date_updated": date(entry.time),
        "uri": uri(network, "Notifications", path),
    }


def _alert(network: Network, alert: Alert) -> Resource:
    entry, sid = alert.entry, f"NO{alert.name}"
    moment = entry.time.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "sid": sid,
        "account_sid": network.account_sid,
        "resource_sid": entry.call_sid or None,
        "service_sid": None,
        "api_version": VERSION,
        "log_level": LEVELS[entry.kind],
        "error_code": alert.code,
        "more_info": _more_info(alert),
        "alert_text": _message(alert),
        "request_method": alert.exchange.method if alert.exchange else None,
        "request_url": alert.exchange.url if alert.exchange else None,
        "date_created": moment,
        "date_generated": moment,
        "date_updated": moment,
        "url": f"{network.rest_url}/v1/Alerts/{sid}",
    }


def _wire(alert: Alert) -> Resource:
    exchange = alert.exchange
    if exchange is None:
        return {"request_variables": "", "response_headers": "", "response_body": ""}
    known = {"request_variables": urlencode(dict(exchange.params)), "response_body": exchange.answer}
    return known | {"response_headers": f"Date={format_datetime(exchange.time)}"}


def _message(alert: Alert) -> str:
    return urlencode({"Msg": alert.entry.text, "ErrorCode": alert.code, "LogLevel": alert.entry.kind.upper()})


def _more_info(alert: Alert) -> str:
    return f"https://www.twilio.com/docs/errors/{alert.code}"


ROUTES = (
    Route("GET", "/Notifications", list_notifications),
    Route("GET", "/Notifications/<sid>", fetch_notification),
    Route("GET", "/Calls/<call>/Notifications", list_notifications),
    Route("GET", "/Calls/<call>/Notifications/<sid>", fetch_notification),
)
MONITOR_ROUTES = (
    Route("GET", "/Alerts", list_alerts),
    Route("GET", "/Alerts/<sid>", fetch_alert),
)
