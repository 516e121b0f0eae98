"""Participants: who is in a conference - called into it, read, muted, held, spoken to and put out by REST.

https://www.twilio.com/docs/voice/api/conference-participant-resource
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request as Asked

from ivr.simulator.conference import SIZE_MAX, Conference, Invitation, Participant
from ivr.simulator.rest import placing
from ivr.simulator.rest.answer import (
    Created,
    Gone,
    Page,
    Resource,
    RestError,
    Route,
    choice,
    date,
    flag,
    http_method,
    http_url,
    missing,
    uri,
    whole,
)
from ivr.simulator.rest.conferences import found
from ivr.simulator.webhook import Request

if TYPE_CHECKING:
    from ivr.simulator.network import Network

NAME_MAX, LABEL_MAX = 128, 128
BEEPS = ("true", "false", "onEnter", "onExit")
EVENTS = ("start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement")
RECORDS = {"true": "record-from-start", "false": "do-not-record"}


def create(network: Network, asked: Asked, conference: str) -> Created:
    """Call somebody, and let them into the conference (named by SID, or by its friendly name) when they answer."""
    form = asked.form
    caller, to = placing.parties(network, form)
    room = _room(network, asked, conference)
    label = form.get("Label", "")
    if len(label) > LABEL_MAX or "/" in label:
        raise RestError(400, 16023, f"Label has up to {LABEL_MAX} characters, no /: {label[:40]}")
    if label and any(each.label == label for each in (*room.participants, *room.expected())):
        raise RestError(400, 16025, f"Label {label[:40]} is taken by another participant")
    timeout_s, wishes = placing.ring_s(form), placing.outset(network, form)
    document = Request("", twiml=_document(network, room.name, label, form).encode())
    line = network.place(caller, to, document, timeout_s, None, placing.subscriptions(network, form), wishes)
    starts, ends = flag(form, "StartConferenceOnEnter") is not False, flag(form, "EndConferenceOnExit") is True
    invitation = Invitation(line, label, flag(form, "Muted") is True, starts, ends, form.get("CallSidToCoach", ""))
    room.invitations.append(invitation)
    return Created(_invited(network, room, invitation))


def list_participants(network: Network, asked: Asked, conference: str) -> Page:
    """Who is in it, and who is being called into it; nobody once it is completed."""
    args = asked.args
    wanted = {"muted": flag(args, "Muted"), "hold": flag(args, "Hold"), "coaching": flag(args, "Coaching")}
    room = found(network, asked, conference)
    shown = [_participant(network, each) for each in room.participants]
    if room.status != "completed":
        shown += [_invited(network, room, each) for each in room.expected()]
    chosen = [each for each in shown if all(value in (None, each[name]) for name, value in wanted.items())]
    return Page("participants", chosen)


def fetch(network: Network, asked: Asked, conference: str, call: str) -> Resource:
    """One participant, by the call's SID or by label."""
    room = found(network, asked, conference)
    for each in room.expected():
        if call in (each.line.sid, each.label):
            return _invited(network, room, each)
    return _participant(network, _found(network, asked, conference, call))


def update(network: Network, asked: Asked, conference: str, call: str) -> Resource:
    """Mute, hold, coach, speak to one, and whether the conference ends with them."""
    participant, form = _found(network, asked, conference, call), asked.form
    hold_url, announce_url = http_url(form, "HoldUrl"), http_url(form, "AnnounceUrl")
    participant.change(
        muted=flag(form, "Muted"),
        hold=flag(form, "Hold"),
        request=Request(hold_url, http_method(form, "HoldMethod", "GET")) if hold_url else None,
        ends=flag(form, "EndConferenceOnExit"),
        beep=_beep_on_exit(participant, flag(form, "BeepOnExit")),
        coached=_coached(participant, form),
    )
    if announce_url:
        participant.announce(Request(announce_url, http_method(form, "AnnounceMethod")))
    return _participant(network, participant)


def kick(network: Network, asked: Asked, conference: str, call: str) -> Gone:
    """Put one out; their document goes on after its Dial. Who still rings is not called any more."""
    for each in found(network, asked, conference).expected():
        if call in (each.line.sid, each.label):
            each.line.drop("app")
            return Gone()
    participant = _found(network, asked, conference, call)
    participant.conference.leave(participant, "participant_updated_via_api")
    participant.put_out()
    return Gone()


def _room(network: Network, asked: Asked, name: str) -> Conference:
    if name.startswith("CF") and len(name) == 34:
        room = found(network, asked, name)
        if room.status == "completed":
            raise RestError(400, 16022, f"The conference {name} is completed")
        return room
    if not 0 < len(name) <= NAME_MAX:
        raise RestError(400, 13237, f"A conference's name has 1 to {NAME_MAX} characters")
    return network.conference_named(name)


def _document(network: Network, name: str, label: str, form: placing.Form) -> str:
    """The document that lets the called line in: what the form says, in the words of TwiML."""
    given = {
        "participantLabel": label,
        "muted": _truth(form, "Muted"),
        "beep": choice(form, "Beep", "true", BEEPS),
        "startConferenceOnEnter": _truth(form, "StartConferenceOnEnter"),
        "endConferenceOnExit": _truth(form, "EndConferenceOnExit"),
        "maxParticipants": str(whole(form, "MaxParticipants", SIZE_MAX, 2, SIZE_MAX)),
        "waitUrl": form.get("WaitUrl") if form.get("WaitUrl") == "" else http_url(form, "WaitUrl") or None,
        "waitMethod": http_method(form, "WaitMethod"),
        "record": _records(form),
        "coach": form.get("CallSidToCoach", "") if flag(form, "Coaching") is not False else "",
        "statusCallback": http_url(form, "ConferenceStatusCallback"),
        "statusCallbackMethod": http_method(form, "ConferenceStatusCallbackMethod"),
        "statusCallbackEvent": " ".join(placing.words(network, form, "ConferenceStatusCallbackEvent", EVENTS)),
    }
    told = placing.report(network, form, "ConferenceRecordingStatusCallback")
    if told.url:
        given |= {
            "recordingStatusCallback": told.url,
            "recordingStatusCallbackMethod": told.method,
            "recordingStatusCallbackEvent": " ".join(told.events),
        }
    written = {key: value for key, value in given.items() if value or (key == "waitUrl" and value is not None)}
    attributes = "".join(f' {key}="{escape(value)}"' for key, value in written.items())
    return f"<Response><Dial><Conference{attributes}>{escape(name)}</Conference></Dial></Response>"


def _truth(form: Mapping[str, str], name: str) -> str:
    given = flag(form, name)
    return "" if given is None else str(given).lower()


def _records(form: Mapping[str, str]) -> str:
    way = choice(form, "ConferenceRecord", "do-not-record", (*RECORDS, *RECORDS.values()))
    return RECORDS.get(way, way)


def _beep_on_exit(participant: Participant, wished: bool | None) -> str | None:
    if wished is None:
        return None
    enters = participant.beep in ("true", "onEnter")
    return ("true" if enters else "onExit") if wished else ("onEnter" if enters else "false")


def _coached(participant: Participant, form: Mapping[str, str]) -> str | None:
    coaching, coached = flag(form, "Coaching"), form.get("CallSidToCoach")
    if coaching is False:
        return ""
    if coached and not any(each.line.sid == coached for each in participant.conference.participants):
        raise RestError(400, 16028, f"CallSidToCoach {coached[:40]} is not in this conference")
    if coaching and not (coached or participant.coached):
        raise RestError(400, 16028, "Coaching needs CallSidToCoach: who is to be coached?")
    return coached or None


def _found(network: Network, asked: Asked, conference: str, call: str) -> Participant:
    for each in found(network, asked, conference).participants:
        if call == each.line.sid or (each.label and call == each.label):
            return each
    raise missing(asked.path)


def _invited(network: Network, room: Conference, invitation: Invitation) -> Resource:
    line = invitation.line
    status = {"queued": "queued", "ringing": "ringing"}.get(line.status, "connecting")
    return {
        "account_sid": network.account_sid,
        "call_sid": line.sid,
        "conference_sid": room.sid,
        "label": invitation.label or None,
        "muted": invitation.muted,
        "hold": False,
        "coaching": bool(invitation.coached),
        "call_sid_to_coach": invitation.coached or None,
        "start_conference_on_enter": invitation.starts,
        "end_conference_on_exit": invitation.ends,
        "status": status,
        "queue_time": None,
        "date_created": date(line.created),
        "date_updated": date(line.created),
        "uri": uri(network, "Conferences", room.sid, "Participants", line.sid),
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
        "coaching": bool(participant.coached),
        "call_sid_to_coach": participant.coached or None,
        "start_conference_on_enter": participant.starts,
        "end_conference_on_exit": participant.ends,
        "status": "connected" if participant.inside else "complete",
        "queue_time": None,
        "date_created": date(participant.joined),
        "date_updated": date(participant.joined),
        "uri": uri(network, "Conferences", conference.sid, "Participants", line.sid),
    }


ROUTES = (
    Route("POST", "/Conferences/<conference>/Participants", create),
    Route("GET", "/Conferences/<conference>/Participants", list_participants),
    Route("GET", "/Conferences/<conference>/Participants/<call>", fetch),
    Route("POST", "/Conferences/<conference>/Participants/<call>", update),
    Route("DELETE", "/Conferences/<conference>/Participants/<call>", kick),
)
