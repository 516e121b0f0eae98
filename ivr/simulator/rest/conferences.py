"""Conferences: read and ended by REST, and their participants: read, muted, held and put out.

https://www.twilio.com/docs/voice/api/conference-resource
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.wrappers import Request as Asked

from ivr.simulator.conference import ENDED_BY_API, Conference, Participant
from ivr.simulator.rest.answer import (
    VERSION,
    Gone,
    Page,
    Resource,
    RestError,
    Route,
    date,
    flag,
    http_method,
    http_url,
    missing,
    uri,
)
from ivr.simulator.webhook import Request

if TYPE_CHECKING:
    from ivr.simulator.network import Network


def list_conferences(network: Network, asked: Asked) -> Page:
    """The newest first; by FriendlyName and Status."""
    name, status = asked.args.get("FriendlyName"), asked.args.get("Status")
    found = [
        each
        for each in reversed(network.conferences.values())
        if (not name or each.name == name) and (not status or each.status == status)
    ]
    return Page("conferences", [_conference(network, each) for each in found])


def fetch(network: Network, asked: Asked, sid: str) -> Resource:
    """One conference."""
    return _conference(network, _found(network, asked, sid))


def update(network: Network, asked: Asked, sid: str) -> Resource:
    """`Status=completed` ends it."""
    conference, status = _found(network, asked, sid), asked.form.get("Status")
    if status not in (None, "completed"):
        raise RestError(400, 20001, f"Status can only be set to completed, not {status[:20]}")
    if status is not None:
        conference.end(ENDED_BY_API)
    return _conference(network, conference)


def list_participants(network: Network, asked: Asked, sid: str) -> Page:
    """Who is in it; nobody once it is completed."""
    muted, hold = flag(asked.args, "Muted"), flag(asked.args, "Hold")
    found = [
        each
        for each in _found(network, asked, sid).participants
        if muted in (None, each.muted) and hold in (None, each.hold)
    ]
    return Page("participants", [_participant(network, each) for each in found])


def fetch_participant(network: Network, asked: Asked, sid: str, call: str) -> Resource:
    """One participant, by the call's SID or by label."""
    return _participant(network, _found_participant(network, asked, sid, call))


def update_participant(network: Network, asked: Asked, sid: str, call: str) -> Resource:
    """Mute, hold, and whether the conference ends with them."""
    participant, form = _found_participant(network, asked, sid, call), asked.form
    url = http_url(form, "HoldUrl")
    request = Request(url, http_method(form, "HoldMethod", "GET")) if url else None
    participant.change(muted=flag(form, "Muted"), hold=flag(form, "Hold"), request=request)
    ends = flag(form, "EndConferenceOnExit")
    participant.ends = participant.ends if ends is None else ends
    return _participant(network, participant)


def kick(network: Network, asked: Asked, sid: str, call: str) -> Gone:
    """Put one out; their document goes on after its Dial."""
    participant = _found_participant(network, asked, sid, call)
    participant.conference.leave(participant, "participant_updated_via_api")
    participant.put_out()
    return Gone()


def _found(network: Network, asked: Asked, sid: str) -> Conference:
    conference = network.conferences.get(sid)
    if conference is None:
        raise missing(asked.path)
    return conference


def _found_participant(network: Network, asked: Asked, sid: str, call: str) -> Participant:
    for each in _found(network, asked, sid).participants:
        if call == each.line.sid or (each.label and call == each.label):
            return each
    raise missing(asked.path)


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


def _participant(network: Network, participant: Participant) -> Resource:
    line, conference = participant.line, participant.conference
    return {
        "account_sid": network.account_sid,
        "call_sid": line.sid,
        "conference_sid": conference.sid,
        "label": participant.label or None,
        "muted": participant.muted,
        "hold": participant.hold,
        "coaching": False,
        "call_sid_to_coach": None,
        "start_conference_on_enter": participant.starts,
        "end_conference_on_exit": participant.ends,
        "status": "connected" if participant.inside else "complete",
        "queue_time": None,
        "date_created": date(participant.joined),
        "date_updated": date(participant.joined),
        "uri": uri(network, "Conferences", conference.sid, "Participants", line.sid),
    }


ROUTES = (
    Route("GET", "/Conferences", list_conferences),
    Route("GET", "/Conferences/<sid>", fetch),
    Route("POST", "/Conferences/<sid>", update),
    Route("GET", "/Conferences/<sid>/Participants", list_participants),
    Route("GET", "/Conferences/<sid>/Participants/<call>", fetch_participant),
    Route("POST", "/Conferences/<sid>/Participants/<call>", update_participant),
    Route("DELETE", "/Conferences/<sid>/Participants/<call>", kick),
)
