"""Recordings: their data and their sound, read and deleted by REST.

https://www.twilio.com/docs/voice/api/recording
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.wrappers import Request as Asked
from werkzeug.wrappers import Response

from ivr.simulator.recording import Recording
from ivr.simulator.rest.answer import VERSION, Gone, Page, Resource, Route, date, missing, uri

if TYPE_CHECKING:
    from ivr.simulator.network import Network


def list_recordings(network: Network, asked: Asked, call: str = "") -> Page:
    """The newest first; by CallSid and ConferenceSid."""
    call = call or asked.args.get("CallSid", "")
    conference = asked.args.get("ConferenceSid", "")
    found = [
        each
        for each in reversed(network.recordings.values())
        if not each.deleted and call in ("", each.call_sid) and conference in ("", each.conference_sid)
    ]
    return Page("recordings", [_recording(network, each) for each in found])


def fetch(network: Network, asked: Asked, sid: str) -> Resource | Response:
    """The data for `.json`, the sound for `.wav` or no ending; 404 for a sound not processed yet."""
    recording = _found(network, asked, sid)
    if asked.environ["dialtree.ending"] == "json":
        return _recording(network, recording)
    if asked.environ["dialtree.ending"] == "mp3" or not _is_ready(network, recording):
        raise missing(asked.path)
    return Response(recording.media(), content_type="audio/x-wav")


def delete(network: Network, asked: Asked, sid: str) -> Gone:
    """Remove the sound."""
    _found(network, asked, sid).deleted = True
    return Gone()


def _found(network: Network, asked: Asked, sid: str) -> Recording:
    recording = network.recordings.get(sid)
    if recording is None or recording.deleted:
        raise missing(asked.path)
    return recording


def _is_ready(network: Network, recording: Recording) -> bool:
    return recording.ready_at is None or recording.ready_at <= network.now()


def _recording(network: Network, recording: Recording) -> Resource:
    own = uri(network, "Recordings", recording.sid)
    return {
        "sid": recording.sid,
        "account_sid": network.account_sid,
        "call_sid": recording.call_sid,
        "conference_sid": recording.conference_sid or None,
        "status": "completed" if _is_ready(network, recording) else "processing",
        "duration": str(recording.duration_s),
        "channels": recording.channels,
        "source": recording.source,
        "start_time": date(recording.started),
        "date_created": date(recording.started),
        "date_updated": date(recording.ready_at),
        "price": None,
        "price_unit": "USD",
        "error_code": None,
        "encryption_details": None,
        "api_version": VERSION,
        "media_url": recording.url,
        "uri": own,
        "subresource_uris": {},
    }


ROUTES = (
    Route("GET", "/Recordings", list_recordings),
    Route("GET", "/Recordings/<sid>", fetch),
    Route("DELETE", "/Recordings/<sid>", delete),
    Route("GET", "/Calls/<call>/Recordings", list_recordings),
)
