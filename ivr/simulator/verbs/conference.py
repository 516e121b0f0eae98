"""Conference: the noun of a Dial that lets the line into a room, and what is heard before it starts and on hold.

https://www.twilio.com/docs/voice/twiml/conference
"""

from __future__ import annotations

import re
from typing import Any

from ivr.simulator.conference import SIZE_MAX, Conference, Participant
from ivr.simulator.document import Stage, Task, control
from ivr.simulator.error import Broken, Problem
from ivr.simulator.line import Line
from ivr.simulator.program import Changed, Ended, Interrupt, Key, Program, Spoke, Wait
from ivr.simulator.recording import Report
from ivr.simulator.twiml import Element
from ivr.simulator.verb import choice, method, read_attributes, several, text, truth, whole
from ivr.simulator.verbs.enqueue import WHISPER
from ivr.simulator.verbs.outcome import Outcome

EVENTS = ("start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement")
NAME_MAX = 128
LABEL_MAX = 128
REFUSED = dict.fromkeys(("Gather", "Record", "Dial", "Enqueue", "Hangup", "Leave", "Reject"), 13238)
ATTRIBUTES = {
    "muted": truth(False, 13230),
    "beep": choice("true", "false", "onEnter", "onExit", default="true", code=13235),
    "startConferenceOnEnter": truth(True, 13232),
    "endConferenceOnExit": truth(False, 13231),
    "participantLabel": text(None, 16023),
    "waitUrl": text(None, 13233),
    "waitMethod": method(13234),
    "maxParticipants": whole(2, SIZE_MAX, 13236, most=SIZE_MAX),
    "record": choice("do-not-record", "record-from-start", "true", "false", default="do-not-record", code=13217),
    "trim": choice("trim-silence", "do-not-trim", default="trim-silence", code=13239),
    "coach": text(None, 13240),
    "region": text(),
    "jitterBufferSize": choice("small", "medium", "large", "off", default="large"),
    "statusCallback": text(),
    "statusCallbackMethod": method(16002),
    "statusCallbackEvent": several(*EVENTS, default=("start", "end"), code=16002),
    "recordingStatusCallback": text(),
    "recordingStatusCallbackMethod": method(16002),
    "recordingStatusCallbackEvent": several("in-progress", "completed", "absent", default=("completed",), code=16002),
    "eventCallbackUrl": text(),
    "recordingConfigurationId": text(),
}


def run(line: Line, task: Task, noun: Element, outcome: Outcome) -> Program:
    """Join the conference and stay until it, or the stay, is over."""
    values, problems = read_attributes("Conference", ATTRIBUTES, noun.attributes)
    for problem in problems:
        line.warn(problem)
    line.pick_up()
    outcome.status, outcome.tells_leg = "answered", False
    if not 0 < len(noun.text) <= NAME_MAX:
        line.error(Problem(13237, f"a conference's name has 1 to {NAME_MAX} characters: {noun.text[:80]!r}"))
        outcome.status = "failed"
        return
    conference = _found(line, task, noun.text, values)
    refused = _refused(line, conference, values)
    if refused is not None:
        line.error(refused)
        outcome.status = "failed"
        return
    participant = _participant(line, conference, values)
    why = "participant_hung_up"
    try:
        conference.join(participant)
        line.network.put(task.values["timeLimit"], participant.put_out, alive=lambda: line.place is participant)
        yield from _stay(line, task, participant, values)
    except Broken as broken:
        why = "participant_add_failed"
        line.error(broken.problem)
    except Ended:
        raise
    except Interrupt:
        why = "participant_updated_via_api"
        raise
    else:
        why = "participant_hung_up" if participant.starred else "participant_updated_via_api"
    finally:
        conference.leave(participant, why)
        if line.place is participant:
            line.conference, line.place = None, None


def _found(line: Line, task: Task, name: str, values: dict[str, Any]) -> Conference:
    """The conference of this name; a new one takes its rules from this, its first participant."""
    conference = line.network.conference_named(name)
    if not conference.participants and conference.status == "init":
        conference.size_max = values["maxParticipants"]
        conference.callback = _report(task, values, "statusCallback")
        conference.recording_report = _report(task, values, "recordingStatusCallback")
        conference.records = values["record"] in ("record-from-start", "true")
    return conference


def _report(task: Task, values: dict[str, Any], name: str) -> Report:
    url = values[name]
    return Report(task.document.resolve(url) if url else "", values[name + "Method"], values[name + "Event"])


def _participant(line: Line, conference: Conference, values: dict[str, Any]) -> Participant:
    label, muted = values["participantLabel"] or "", values["muted"]
    starts, ends = values["startConferenceOnEnter"], values["endConferenceOnExit"]
    participant = Participant(line, conference, label, muted, starts, ends, beep=values["beep"])
    participant.coached = values["coach"] or ""
    return participant


def _refused(line: Line, conference: Conference, values: dict[str, Any]) -> Problem | None:
    """Why the line may not join; None when it may."""
    label, coached = values["participantLabel"] or "", values["coach"]
    if len(conference.participants) >= conference.size_max:
        return Problem(16020, f"{conference.name} holds {conference.size_max}")
    if len(label) > LABEL_MAX or "/" in label or re.fullmatch("CA[0-9a-f]{32}", label):
        return Problem(16023, f"{label[:40]!r} (at most {LABEL_MAX} characters, no /, no call's SID)")
    if label and any(each.label == label for each in conference.participants):
        return Problem(16025, f"{label} is in {conference.name} already")
    if coached and not any(each.line.sid == coached for each in conference.participants):
        return Problem(16028, f"{coached[:40]} is not in {conference.name}")
    return None


def _stay(line: Line, task: Task, participant: Participant, values: dict[str, Any]) -> Program:
    """Hear what is to be heard, over again whenever the conference or the participant changes."""
    while participant.inside:
        try:
            with line.doing("in conference"):
                if participant.announcements:
                    yield from _announce(line, participant)
                if participant.hold:
                    yield from _hold_music(line, participant)
                elif participant.conference.status == "init":
                    yield from _wait_music(line, task, participant, values)
                yield from _listen(task, participant)
        except Changed:
            pass


def _announce(line: Line, participant: Participant) -> Program:
    """Hear what is announced; begun again if something else changes meanwhile."""
    conference, announcement = participant.conference, participant.announcements[0]
    others = [each.line for each in conference.participants if each is not participant]
    told = {"AnnounceUrl": announcement.request.url}
    line.audience = others if announcement.everybody else []
    try:
        yield from control(line, announcement.request, _stage(participant))
    except Broken as broken:
        line.error(broken.problem)
        conference.tell("announcement-fail", participant, told | {"ReasonAnnouncementFailed": str(broken.problem)})
    else:
        conference.tell("announcement-end", participant, told)
    finally:
        line.audience = []
    participant.announcements.pop(0)
    if participant.announcements:
        raise Changed(participant)


def _hold_music(line: Line, participant: Participant) -> Program:
    if participant.hold_request is None:
        line.hear("music", "hold music")
    else:
        yield from control(line, participant.hold_request, _stage(participant))


def _wait_music(line: Line, task: Task, participant: Participant, values: dict[str, Any]) -> Program:
    """Unlike a queue's, a conference's wait document runs once."""
    if values["waitUrl"] is None:
        line.hear("music", "hold music")
    elif values["waitUrl"]:
        yield from control(line, task.request(values["waitUrl"], values["waitMethod"]), _stage(participant))


def _listen(task: Task, participant: Participant) -> Program:
    """Talk, until something changes; a star ends the stay if the Dial says so."""
    wants = (Key,) if task.values["hangupOnStar"] else ()
    wants += (Spoke,) if participant.conference.hears_speech else ()
    while participant.inside:
        event = yield Wait(None, wants)
        if isinstance(event, Spoke):
            participant.conference.spoken(participant, event.length_s)
        elif event is not None and event.key == "*":
            participant.inside, participant.starred = False, True


def _stage(participant: Participant) -> Stage:
    conference = participant.conference
    known = (("ConferenceSid", conference.sid), ("FriendlyName", conference.name))
    return Stage(WHISPER, lambda: known, REFUSED)
