"""Conferences: read, ended and spoken to by REST.

https://www.twilio.com/docs/voice/api/conference-resource
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.wrappers import Request as Asked

from ivr.simulator.conference import ENDED_BY_API, Conference
from ivr.simulator.rest.answer import (
    VERSION,
    Page,
    Resource,
    RestError,
    Route,
    date,
    http_method,
    http_url,
    missing,
    uri,
)
from ivr.simulator.rest.dates import within
from ivr.simulator.webhook import Request

if TYPE_CHECKING:
    from ivr.simulator.network import Network


def list_conferences(network: Network, asked: Asked) -> Page:
    """The newest first; by FriendlyName, Status, DateCreated and DateUpdated."""
    args = asked.args
    created, updated = within(args, "DateCreated"), within(args, "DateUpdated")
    name, status = args.get("FriendlyName"), args.get("Status")
    listed = [
        each
        for each in reversed(network.conferences.values())
        if (not name or each.name == name)
        and (not status or each.status == status)
        and created(each.created)
        and updated(each.updated or each.created)
    ]
    return Page("conferences", [_conference(network, each) for each in listed])


def fetch(network: Network, asked: Asked, sid: str) -> Resource:
    """One conference."""
    return _conference(network, found(network, asked, sid))


def update(network: Network, asked: Asked, sid: str) -> Resource:
    """`Status=completed` ends it; `AnnounceUrl` is heard by everybody."""
    conference, form = found(network, asked, sid), asked.form
    status, url = form.get("Status"), http_url(form, "AnnounceUrl")
    if status not in (None, "completed"):
        raise RestError(400, 20001, f"Status can only be set to completed, not {status[:20]}")
    if url and conference.status == "completed":
        raise RestError(400, 20001, "The conference is completed: nobody hears what is announced")
    if url:
        conference.announce(Request(url, http_method(form, "AnnounceMethod")))
    if status is not None:
        conference.end(ENDED_BY_API)
    return _conference(network, conference)


def found(network: Network, asked: Asked, sid: str) -> Conference:
    """The conference of this SID."""
    conference = network.conferences.get(sid)
    if conference is None:
        raise missing(asked.path)
    return conference


def _conference(network: Network, conference: Conference) -> Resource:
    own = uri(network, "Conferences", conference.sid)
    return {
        "sid": conference.sid,
        "account_sid": network.account_sid,
        "friendly_name": conference.name,
        "status": conference.status,
        "region": "us1",
        "api_version": VERSION,
        "reason_conference_ended": conference.reason or None,
        "call_sid_ending_conference": conference.ended_by or None,
        "date_created": date(conference.created),
        "date_updated": date(conference.updated or conference.created),
        "uri": own,
        "subresource_uris": {
            "participants": own.replace(".json", "/Participants.json"),
            "recordings": own.replace(".json", "/Recordings.json"),
        },
    }


ROUTES = (
    Route("GET", "/Conferences", list_conferences),
    Route("GET", "/Conferences/<sid>", fetch),
    Route("POST", "/Conferences/<sid>", update),
)
