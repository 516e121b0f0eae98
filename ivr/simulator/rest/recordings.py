"""Recordings: their data and their sound, read and deleted by REST.

https://www.twilio.com/docs/voice/api/recording
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.wrappers import Request as Asked
from werkzeug.wrappers import Response

from ivr.simulator.mp3 import silence
from ivr.simulator.recording import Recording
from ivr.simulator.rest.answer import VERSION, Gone, Page, Resource, Route, date, missing, uri
from ivr.simulator.rest.dates import within

if TYPE_CHECKING:
    from ivr.simulator.network import Network


def list_recordings(network: Network, asked: Asked) -> Page:
    """The newest first; by CallSid, ConferenceSid and DateCreated."""
    call, conference = asked.args.get("CallSid", ""), asked.args.get("ConferenceSid", "")
    created = within(asked.args, "DateCreated")
    deleted = asked.args.get("IncludeSoftDeleted", "").lower() == "true"
    found = [
        each
        for each in reversed(network.recordings.values())
        if (deleted or not each.deleted)
        and call in ("", each.call_sid)
        and conference in ("", each.conference_sid)
        and created(each.started)
    ]
    return Page("recordings", [resource(network, each) for each in found])


def fetch(network: Network, asked: Asked, sid: str) -> Resource | Response:
    """The data for `.json`; the sound for `.wav`, `.mp3` or no ending; 404 for a sound not processed yet."""
    recording, ending = found(network, asked, sid), asked.environ["dialtree.ending"]
    if ending == "json":
        return resource(network, recording)
    if state(network, recording) != "completed":
        raise missing(asked.path)
    if ending == "mp3":
        return Response(silence(recording.length_s), content_type="audio/mpeg")
    return Response(recording.media(), content_type="audio/x-wav")


def delete(network: Network, asked: Asked, sid: str) -> Gone:
    """Remove the sound."""
    found(network, asked, sid).deleted = True
    return Gone()


def found(network: Network, asked: Asked, sid: str) -> Recording:
    """The recording of this SID."""
    recording = network.recordings.get(sid)
    if recording is None or recording.deleted:
        raise missing(asked.path)
    return recording


def state(network: Network, recording: Recording) -> str:
    """in-progress, paused, processing, completed, absent or deleted."""
    if recording.deleted:
        return "deleted"
    if recording.status:
        return recording.status
    ready = recording.ready_at is None or recording.ready_at <= network.now()
    return "completed" if ready else "processing"


def resource(network: Network, recording: Recording) -> Resource:
    """A recording as REST shows it."""
    own = uri(network, "Recordings", recording.sid)
    over = recording.status not in ("in-progress", "paused")
    return {
        "sid": recording.sid,
        "account_sid": network.account_sid,
        "call_sid": recording.call_sid,
        "conference_sid": recording.conference_sid or None,
        "status": state(network, recording),
        "duration": str(recording.duration_s) if over else "-1",
        "channels": recording.channels,
        "source": recording.source,
        "track": recording.track,
        "start_time": date(recording.started),
        "date_created": date(recording.started),
        "date_updated": date(recording.ready_at or recording.started),
        "price": None,
        "price_unit": "USD",
        "error_code": None,
        "encryption_details": None,
        "api_version": VERSION,
        "media_url": recording.url,
        "uri": own,
        "subresource_uris": {
            "transcriptions": own.replace(".json", "/Transcriptions.json"),
            "add_on_results": own.replace(".json", "/AddOnResults.json"),
        },
    }


ROUTES = (
    Route("GET", "/Recordings", list_recordings),
    Route("GET", "/Recordings/<sid>", fetch),
    Route("DELETE", "/Recordings/<sid>", delete),
)
