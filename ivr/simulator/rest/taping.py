"""Taping: recordings of one call or one conference by REST - begun, paused, resumed, stopped, read and deleted.

https://www.twilio.com/docs/voice/api/recording#create-a-recording-resource
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.wrappers import Request as Asked

from ivr.simulator import tape
from ivr.simulator.recording import Recording
from ivr.simulator.rest import calls, placing, recordings
from ivr.simulator.rest.answer import Created, Gone, Page, Resource, RestError, Route, choice, missing
from ivr.simulator.rest.dates import within

if TYPE_CHECKING:
    from ivr.simulator.network import Network

SOURCE = "StartCallRecordingAPI"
CURRENT = "Twilio.CURRENT"
SHOWN_ELSEWHERE = ("media_url", "subresource_uris")


def create(network: Network, asked: Asked, call: str) -> Created:
    """Record a call from now on; while such a recording runs, asking again begins no second one."""
    line, form = calls.found(network, asked, call), asked.form
    if line.answered_at is None or line.over:
        raise RestError(400, 21220, f"Requested resource is not eligible for recording. The call is {line.status}")
    choice(form, "Trim", "do-not-trim", ("trim-silence", "do-not-trim"))
    report, (channels, track) = placing.report(network, form), placing.channels_and_track(form)
    running = tape.running(line, SOURCE) or tape.begin(line, SOURCE, report, channels, track)
    return Created(_resource(network, running.recording))


def list_of_call(network: Network, asked: Asked, call: str) -> Page:
    """A call's recordings, the newest first."""
    calls.found(network, asked, call)
    return _page(network, asked, [each for each in network.recordings.values() if each.call_sid == call])


def list_of_conference(network: Network, asked: Asked, conference: str) -> Page:
    """A conference's recordings, the newest first."""
    if conference not in network.conferences:
        raise missing(asked.path)
    return _page(network, asked, [each for each in network.recordings.values() if each.conference_sid == conference])


def _page(network: Network, asked: Asked, found: list[Recording]) -> Page:
    created = within(asked.args, "DateCreated")
    shown = [each for each in reversed(found) if not each.deleted and created(each.started)]
    return Page("recordings", [_resource(network, each) for each in shown])


def fetch(network: Network, asked: Asked, sid: str, call: str = "", conference: str = "") -> Resource:
    """One of them."""
    return _resource(network, _found(network, asked, sid, call, conference))


def update(network: Network, asked: Asked, sid: str, call: str = "", conference: str = "") -> Resource:
    """Pause, resume or stop one that runs; `Twilio.CURRENT` is the one that runs."""
    recording = _found(network, asked, sid, call, conference)
    status = choice(asked.form, "Status", "", ("in-progress", "paused", "stopped"))
    skips = choice(asked.form, "PauseBehavior", "silence", ("silence", "skip")) == "skip"
    running = network.tapes.get(recording.sid)
    if running is None or not running.runs:
        raise RestError(
            400, 21220, f"The recording is {recordings.state(network, recording)}: it does not run any more"
        )
    if status == "paused":
        running.pause(skips)
    elif status == "in-progress":
        running.resume()
    else:
        running.stop()
    return _resource(network, recording) | ({"status": "stopped"} if status == "stopped" else {})


def delete(network: Network, asked: Asked, sid: str, call: str = "", conference: str = "") -> Gone:
    """Remove the sound."""
    _found(network, asked, sid, call, conference).deleted = True
    return Gone()


def _found(network: Network, asked: Asked, sid: str, call: str, conference: str) -> Recording:
    for each in reversed(network.recordings.values()):
        of_this = each.conference_sid == conference if conference else each.call_sid == call
        meant = each.status in ("in-progress", "paused") if sid == CURRENT else each.sid == sid
        if of_this and meant and not each.deleted:
            return each
    raise missing(asked.path)


def _resource(network: Network, recording: Recording) -> Resource:
    shown = recordings.resource(network, recording)
    return {name: value for name, value in shown.items() if name not in SHOWN_ELSEWHERE}


ROUTES = (
    Route("POST", "/Calls/<call>/Recordings", create),
    Route("GET", "/Calls/<call>/Recordings", list_of_call),
    Route("GET", "/Calls/<call>/Recordings/<sid>", fetch),
    Route("POST", "/Calls/<call>/Recordings/<sid>", update),
    Route("DELETE", "/Calls/<call>/Recordings/<sid>", delete),
    Route("GET", "/Conferences/<conference>/Recordings", list_of_conference),
    Route("GET", "/Conferences/<conference>/Recordings/<sid>", fetch),
    Route("POST", "/Conferences/<conference>/Recordings/<sid>", update),
    Route("DELETE", "/Conferences/<conference>/Recordings/<sid>", delete),
)
