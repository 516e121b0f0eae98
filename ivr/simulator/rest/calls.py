"""Calls: made, read, redirected and ended by REST.

https://www.twilio.com/docs/voice/api/call-resource
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request as Asked

from ivr.simulator.line import EVENTS, Line, Subscription
from ivr.simulator.program import Redirected
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
from ivr.simulator.webhook import Request

if TYPE_CHECKING:
    from ivr.simulator.network import Network

TWIML_MAX = 4000
RING_DEFAULT_S, RING_MAX_S = 60, 600
FILTERS = {"To": "to", "From": "from", "Status": "status", "ParentCallSid": "parent_call_sid"}


def create(network: Network, asked: Asked) -> Created:
    """Call somebody; what answers is asked for its document then."""
    form = asked.form
    for name, code in (("To", 21201), ("From", 21213)):
        if not form.get(name):
            raise RestError(400, code, f"No '{name}' number is specified")
    request = _document(form)
    if request is None:
        raise RestError(400, 21205, "Url or Twiml is needed: what is the call to do once it is answered?")
    timeout_s = whole(form, "Timeout", RING_DEFAULT_S, 1, RING_MAX_S, 21208)
    fallback_url = http_url(form, "FallbackUrl")
    fallback = Request(fallback_url, http_method(form, "FallbackMethod")) if fallback_url else None
    line = network.place(form["From"], form["To"], request, timeout_s, fallback, _subscriptions(asked))
    return Created(call_resource(network, line))


def list_calls(network: Network, asked: Asked) -> Page:
    """The newest first; by To, From, Status, ParentCallSid."""
    found = [call_resource(network, line) for line in reversed(network.calls.values())]
    for name, key in FILTERS.items():
        if wanted := asked.args.get(name):
            found = [each for each in found if each[key] == wanted]
    return Page("calls", found)


def fetch(network: Network, asked: Asked, sid: str) -> Resource:
    """One call."""
    return call_resource(network, _found(network, asked, sid))


def update(network: Network, asked: Asked, sid: str) -> Resource:
    """End a call (`Status`) or let another document control it (`Url`, `Twiml`)."""
    line, form = _found(network, asked, sid), asked.form
    if line.over:
        raise RestError(400, 21220, f"Call is not in-progress. Cannot redirect. It is {line.status}")
    status = form.get("Status")
    if status is not None:
        _end(line, status)
        return call_resource(network, line)
    request = _document(form)
    if request is not None:
        if line.answered_at is None:
            raise RestError(400, 21220, f"Call is not in-progress. Cannot redirect. It is {line.status}")
        line.interrupt(Redirected(request))
    if fallback_url := http_url(form, "FallbackUrl"):
        line.fallback = Request(fallback_url, http_method(form, "FallbackMethod"))
    if form.get("StatusCallback"):
        line.subscriptions[:] = _subscriptions(asked)
    return call_resource(network, line)


def delete(network: Network, asked: Asked, sid: str) -> Gone:
    """Remove the record of a call that is over."""
    line = _found(network, asked, sid)
    if not line.over:
        raise RestError(400, 20009, f"The call is {line.status}: only one that is over can be deleted")
    del network.calls[sid]
    return Gone()


def _end(line: Line, status: str) -> None:
    if status not in ("completed", "canceled"):
        raise RestError(400, 20001, f"Status must be completed or canceled, not {status[:20]}")
    if status == "canceled" and line.answered_at is not None:
        raise RestError(400, 21220, "Call is in-progress. Cannot cancel; use completed")
    if line.status == "queued":
        line.forget()
    else:
        line.drop("app")


def _document(form: Mapping[str, str]) -> Request | None:
    url = http_url(form, "Url")
    if url:
        return Request(url, http_method(form, "Method"))
    twiml = form.get("Twiml", "")
    if len(twiml) > TWIML_MAX:
        raise RestError(400, 21205, f"Twiml has {len(twiml)} characters (at most {TWIML_MAX})")
    return Request("", twiml=twiml.encode()) if twiml else None


def _subscriptions(asked: Asked) -> list[Subscription]:
    url = http_url(asked.form, "StatusCallback")
    if not url:
        return []
    given = " ".join(asked.form.getlist("StatusCallbackEvent")).split()
    events = frozenset(given) & set(EVENTS) or frozenset({"completed"})
    return [Subscription(url, http_method(asked.form, "StatusCallbackMethod"), events)]


def _found(network: Network, asked: Asked, sid: str) -> Line:
    line = network.calls.get(sid)
    if line is None:
        raise missing(asked.path)
    return line


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
        "start_time": date(line.answered_at or (line.created if line.over else None)),
        "end_time": date(line.ended_at),
        "duration": str(line.duration_s) if line.over else None,
        "price": None,
        "price_unit": "USD",
        "answered_by": None,
        "api_version": VERSION,
        "forwarded_from": line.own_params.get("ForwardedFrom"),
        "group_sid": None,
        "caller_name": None,
        "queue_time": "0",
        "trunk_sid": None,
        "uri": own,
        "subresource_uris": {"recordings": own.replace(".json", "/Recordings.json")},
    }


ROUTES = (
    Route("POST", "/Calls", create),
    Route("GET", "/Calls", list_calls),
    Route("GET", "/Calls/<sid>", fetch),
    Route("POST", "/Calls/<sid>", update),
    Route("DELETE", "/Calls/<sid>", delete),
)
