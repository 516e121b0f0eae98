"""Calls: made, read, redirected and ended by REST.

https://www.twilio.com/docs/voice/api/call-resource
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request as Asked

from ivr.simulator import outset
from ivr.simulator.account import Application
from ivr.simulator.line import Line
from ivr.simulator.program import Redirected
from ivr.simulator.progress import Subscription
from ivr.simulator.rest import placing
from ivr.simulator.rest.answer import (
    VERSION,
    Created,
    Gone,
    Page,
    Resource,
    RestError,
    Route,
    date,
    http_method,
    http_url,
    missing,
    uri,
    whole,
)
from ivr.simulator.rest.dates import within
from ivr.simulator.trace import Exchange
from ivr.simulator.webhook import Request

if TYPE_CHECKING:
    from ivr.simulator.network import Network

TWIML_MAX = 4000
STATUSES = ("queued", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled")
FILTERS = {"To": "to", "From": "from", "Status": "status", "ParentCallSid": "parent_call_sid"}
SUBRESOURCES = {"events": "Events", "notifications": "Notifications", "recordings": "Recordings"}


def create(network: Network, asked: Asked) -> Created:
    """Call somebody; what answers is asked for its document then."""
    form = asked.form
    caller, to = placing.parties(network, form)
    request = _document(form)
    fallback, subscriptions = placing.fallback(form), placing.subscriptions(network, form)
    application = form.get("ApplicationSid", "")
    if application:
        doors = _application(network, application)
        request, fallback = doors.voice, doors.fallback
        told = doors.status_callback
        subscriptions = [Subscription(told.url, told.method, frozenset({"completed"}))] if told else []
    if request is None or not (request.url or request.twiml):
        raise RestError(400, 21205, "Url, Twiml or ApplicationSid is needed: what is the call to do once answered?")
    timeout_s, wishes = placing.ring_s(form), placing.outset(network, form)
    line = network.place(caller, to, request, timeout_s, fallback, subscriptions, wishes)
    if application:
        line.own_params["ApplicationSid"] = application
    return Created(call_resource(network, line))


def list_calls(network: Network, asked: Asked) -> Page:
    """The newest first; by To, From, Status, ParentCallSid, StartTime, EndTime."""
    args = asked.args
    if args.get("Status") and args["Status"] not in STATUSES:
        raise RestError(400, 20001, f"Status must be one of {', '.join(STATUSES)}, not {args['Status'][:20]}")
    started, ended = within(args, "StartTime"), within(args, "EndTime")
    lines = [line for line in reversed(network.calls.values()) if started(_started(line)) and ended(line.ended_at)]
    found = [call_resource(network, line) for line in lines]
    for name, key in FILTERS.items():
        if wanted := args.get(name):
            found = [each for each in found if each[key] == wanted]
    return Page("calls", found)


def fetch(network: Network, asked: Asked, sid: str) -> Resource:
    """One call."""
    return call_resource(network, found(network, asked, sid))


def update(network: Network, asked: Asked, sid: str) -> Resource:
    """End a call (`Status`) or let another document control it (`Url`, `Twiml`)."""
    line, form = found(network, asked, sid), asked.form
    if line.over:
        raise RestError(400, 21220, f"Call is not in-progress. Cannot redirect. It is {line.status}")
    status, request = form.get("Status"), _document(form, exclusive=True)
    fallback, subscriptions = placing.fallback(form), placing.subscriptions(network, form)
    limit_s = whole(form, "TimeLimit", 0, 1, placing.TIME_LIMIT_MAX_S)
    if status is None and request is not None and line.answered_at is None:
        raise RestError(400, 21220, f"Call is not in-progress. Cannot redirect. It is {line.status}")
    if status is not None:
        _end(line, status)
    elif request is not None:
        line.interrupt(Redirected(request))
    line.fallback = fallback or line.fallback
    line.subscriptions[:] = subscriptions or line.subscriptions
    if limit_s:
        outset.limit(line, limit_s)
    return call_resource(network, line)


def delete(network: Network, asked: Asked, sid: str) -> Gone:
    """Remove the record of a call that is over."""
    line = found(network, asked, sid)
    if not line.over:
        raise RestError(400, 20009, f"The call is {line.status}: only one that is over can be deleted")
    del network.calls[sid]
    return Gone()


def events(network: Network, asked: Asked, sid: str) -> Page:
    """The webhooks of a call, as they went over the wire."""
    line = found(network, asked, sid)
    asked_for = [each for each in network.webhooks if each.call_sid == line.sid and each.purpose != "media"]
    return Page("events", [_event(each) for each in asked_for])


def _event(exchange: Exchange) -> Resource:
    return {
        "request": {"method": exchange.method, "url": exchange.url, "parameters": dict(exchange.params)},
        "response": {
            "response_code": exchange.status,
            "response_body": exchange.answer,
            "date_created": date(exchange.time),
        },
    }


def _end(line: Line, status: str) -> None:
    if status not in ("completed", "canceled"):
        raise RestError(400, 20001, f"Status must be completed or canceled, not {status[:20]}")
    if status == "canceled" and line.answered_at is not None:
        raise RestError(400, 21220, "Call is in-progress. Cannot cancel; use completed")
    if line.status == "queued":
        line.forget()
    else:
        line.drop("app")


def _document(form: Mapping[str, str], *, exclusive: bool = False) -> Request | None:
    url, twiml = http_url(form, "Url"), form.get("Twiml", "")
    if exclusive and url and twiml:
        raise RestError(400, 20001, "Url and Twiml exclude each other")
    if url:
        return Request(url, http_method(form, "Method"))
    if len(twiml) > TWIML_MAX:
        raise RestError(400, 32018, f"Twiml has {len(twiml)} characters (at most {TWIML_MAX})")
    return Request("", twiml=twiml.encode()) if twiml else None


def _application(network: Network, sid: str) -> Application:
    application = network.account.applications.get(sid)
    if application is None:
        raise RestError(400, 21218, f"Invalid ApplicationSid: there is no application {sid[:40]}")
    return application


def found(network: Network, asked: Asked, sid: str) -> Line:
    """The call of this SID."""
    line = network.calls.get(sid)
    if line is None:
        raise missing(asked.path)
    return line


def _started(line: Line) -> datetime | None:
    return line.answered_at or (line.created if line.over else None)


def call_resource(network: Network, line: Line) -> Resource:
    """A call as REST shows it."""
    own = uri(network, "Calls", line.sid)
    return {
        "sid": line.sid,
        "account_sid": network.account_sid,
        "parent_call_sid": line.parent.sid if line.parent else None,
        "to": line.to,
        "to_formatted": line.to,
        "from": line.from_,
        "from_formatted": line.from_,
        "phone_number_sid": line.number_sid,
        "status": line.status,
        "direction": line.direction,
        "date_created": date(line.created),
        "date_updated": date(line.ended_at or line.answered_at or line.created),
        "start_time": date(_started(line)),
        "end_time": date(line.ended_at),
        "duration": str(line.duration_s) if line.over else None,
        "price": None,
        "price_unit": "USD",
        "answered_by": line.own_params.get("AnsweredBy"),
        "api_version": VERSION,
        "forwarded_from": line.own_params.get("ForwardedFrom"),
        "group_sid": None,
        "caller_name": line.own_params.get("CallerName"),
        "queue_time": "0",
        "trunk_sid": None,
        "uri": own,
        "subresource_uris": {name: own.replace(".json", f"/{path}.json") for name, path in SUBRESOURCES.items()},
    }


ROUTES = (
    Route("POST", "/Calls", create),
    Route("GET", "/Calls", list_calls),
    Route("GET", "/Calls/<sid>", fetch),
    Route("POST", "/Calls/<sid>", update),
    Route("DELETE", "/Calls/<sid>", delete),
    Route("GET", "/Calls/<sid>/Events", events),
)
