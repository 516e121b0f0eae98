"""Conference: a room where lines talk to each other, its rules of beginning and ending, and what it tells the app.

https://www.twilio.com/docs/voice/twiml/conference
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime

from ivr.simulator.line import Line
from ivr.simulator.program import Changed
from ivr.simulator.recording import Report
from ivr.simulator.tape import Tape
from ivr.simulator.webhook import Request

SIZE_MAX = 250
NOT_TOLD = Report("", "POST", ())
ENDED_BY_API = "conference-ended-via-api"
KINDS = {
    "participant-speech-start": "speaker",
    "participant-speech-stop": "speaker",
    "announcement-end": "announcement",
    "announcement-fail": "announcement",
}


@dataclass(frozen=True, slots=True)
class Announcement:
    """A document that is heard once in a conference: by one participant, or by everybody."""

    request: Request
    everybody: bool


@dataclass(eq=False, slots=True)
class Participant:
    """A line in a conference. `inside` turns false when the conference or REST puts it out."""

    line: Line
    conference: Conference
    label: str = ""
    muted: bool = False
    starts: bool = True
    ends: bool = False
    hold: bool = False
    hold_request: Request | None = None
    inside: bool = True
    starred: bool = False
    joined: datetime | None = None
    beep: str = "true"  # true, false, onEnter or onExit
    coached: str = ""  # the SID of the participant's call whom this one coaches
    announcements: list[Announcement] = field(default_factory=list)

    def put_out(self) -> None:
        """End this line's stay; its document goes on after the Dial, in its turn."""
        self.inside = False
        self.line.interrupt(Changed(self))

    def change(
        self,
        *,
        muted: bool | None = None,
        hold: bool | None = None,
        request: Request | None = None,
        ends: bool | None = None,
        beep: str | None = None,
        coached: str | None = None,
    ) -> None:
        """Mute or hold (with what is heard then), let end, beep or coach; None leaves as it is. The app is told."""
        if muted is not None and muted != self.muted:
            self.muted = muted
            self.conference.tell("participant-mute" if muted else "participant-unmute", self)
        if hold is not None and hold != self.hold:
            self.hold, self.hold_request = hold, request if hold else None
            self.conference.tell("participant-hold" if hold else "participant-unhold", self)
            self.line.interrupt(Changed(self))
        before = (self.ends, self.beep, self.coached)
        self.ends = self.ends if ends is None else ends
        self.beep = self.beep if beep is None else beep
        self.coached = self.coached if coached is None else coached
        if before != (self.ends, self.beep, self.coached):
            self.conference.tell("participant-modify", self)
        self.line.nudge()  # something has happened: who looks on sees it now, not with the next thing

    def announce(self, request: Request, everybody: bool = False) -> None:
        """Let this one (or, while their line hears it, everybody in the room) hear the document at `request`."""
        self.announcements.append(Announcement(request, everybody))
        self.line.interrupt(Changed(self))

    def params(self) -> dict[str, str]:
        """What conference callbacks say of a participant."""
        flags = {
            "Muted": self.muted,
            "Hold": self.hold,
            "Coaching": bool(self.coached),
            "EndConferenceOnExit": self.ends,
            "StartConferenceOnEnter": self.starts,
        }
        named = {"ParticipantLabel": self.label} if self.label else {}
        named |= {"CallSidToCoach": self.coached} if self.coached else {}
        return {"CallSid": self.line.sid, **{name: str(flag).lower() for name, flag in flags.items()}, **named}


@dataclass(frozen=True, slots=True)
class Invitation:
    """A line that is being called by REST, to join as this participant once it is answered."""

    line: Line
    label: str = ""
    muted: bool = False
    starts: bool = True
    ends: bool = False
    coached: str = ""


@dataclass(eq=False, slots=True)
class Conference:
    """One conference, from its first participant to its end. The first participant's wishes for callbacks hold."""

    sid: str
    name: str
    created: datetime
    status: str = "init"
    participants: list[Participant] = field(default_factory=list)
    callback: Report = NOT_TOLD  # events are Twilio's words: start end join leave mute hold
    recording_report: Report = NOT_TOLD
    records: bool = False
    tape: Tape | None = None
    invitations: list[Invitation] = field(default_factory=list)
    size_max: int = SIZE_MAX
    updated: datetime | None = None
    started: datetime | None = None
    reason: str = ""
    ended_by: str = ""
    _sequence: int = 0
    _owner: Line | None = None

    def join(self, participant: Participant) -> None:
        """Let a line in; starts the conference when its time has come."""
        line = participant.line
        participant.joined = line.network.now()
        self._owner = self._owner or line
        self.participants.append(participant)
        self.invitations = [each for each in self.invitations if each.line is not line]
        line.conference, line.place = self, participant
        self._beep(participant, "onEnter")
        line.note("joins", f"joins conference {self.name}", conference=self.name)
        self.tell("participant-join", participant)
        if self.status == "init" and len(self.participants) > 1 and any(each.starts for each in self.participants):
            self.status, self.started = "in-progress", line.network.now()
            line.network.note("conference", f"conference {self.name} starts", conference=self.name)
            self.tell("conference-start")
            self._record()
            for each in self.participants:
                each.line.interrupt(Changed(each))

    def expected(self) -> list[Invitation]:
        """Who has been called and may still join."""
        return [each for each in self.invitations if not each.line.over]

    def leave(self, participant: Participant, why: str) -> None:
        """Let a line out; the last one, and one with endConferenceOnExit, ends the conference. Harmless twice."""
        line = participant.line
        if participant not in self.participants:
            return
        self.participants.remove(participant)
        self._beep(participant, "onExit")
        line.note("leaves", f"leaves conference {self.name}", conference=self.name)
        more = {"ParticipantCallStatus": line.status, "ReasonParticipantLeft": why}
        self.tell("participant-leave", participant, more)
        way = "kicked" if why == "participant_updated_via_api" else "left"
        if participant.ends and self.status == "in-progress":
            self.end(f"participant-with-end-conference-on-exit-{way}", participant)
        elif not self.participants:
            self.end(f"last-participant-{way}", participant)
        for each in participant.announcements:
            if each.everybody:
                self.announce(each.request)  # begun again for those who stay

    def end(self, reason: str, by: Participant | None = None) -> None:
        """End it for all; harmless twice."""
        if self.status == "completed":
            return
        network = self._owner.network if self._owner else None
        self.status, self.reason, self.ended_by = "completed", reason, by.line.sid if by else ""
        why = "conference_ended_via_api" if reason == ENDED_BY_API else "moderator_ended_conference"
        for each in list(self.participants):
            self.participants.remove(each)
            each.line.note("leaves", f"leaves conference {self.name}", conference=self.name)
            more = {"ParticipantCallStatus": each.line.status, "ReasonParticipantLeft": why}
            self.tell("participant-leave", each, more)
            each.put_out()
        if network is not None:
            network.note("conference", f"conference {self.name} ends ({reason})", conference=self.name)
            ended = {"ReasonConferenceEnded": reason, "Reason": reason, "CallSidEndingConference": self.ended_by}
            if by is not None and by.label:
                ended["ParticipantLabelEndingConference"] = by.label
            self.tell("conference-end", None, ended)
            if self.tape is not None:
                self.tape.stop()

    def announce(self, request: Request) -> None:
        """Let everybody hear the document at `request`."""
        if self.participants:
            self.participants[0].announce(request, everybody=True)

    def spoken(self, participant: Participant, length_s: float) -> None:
        """A participant speaks from now on for a while."""
        self.tell("participant-speech-start", participant)
        participant.line.network.put(length_s, lambda: self.tell("participant-speech-stop", participant))

    @property
    def hears_speech(self) -> bool:
        """Whether the app wants to be told who speaks."""
        return bool(self.callback.url) and "speaker" in self.callback.events

    def tell(self, event: str, participant: Participant | None = None, more: Mapping[str, str] | None = None) -> None:
        """Send a conference status callback, if it was asked for."""
        if self._owner is None:
            return
        network = self._owner.network
        self.updated = network.now()
        kind = KINDS.get(event) or event.removeprefix("conference-").removeprefix("participant-").removeprefix("un")
        self._sequence += 1
        if not self.callback.url or kind not in self.callback.events:
            return
        params = {
            "ConferenceSid": self.sid,
            "FriendlyName": self.name,
            "AccountSid": network.account_sid,
            "SequenceNumber": str(self._sequence),
            "Timestamp": format_datetime(network.now()),
            "StatusCallbackEvent": event,
            **(participant.params() if participant else {}),
            **(more or {}),
        }
        request = Request(self.callback.url, self.callback.method, standard=tuple(params.items()))
        self._owner.notify(request, code=16011)

    def _beep(self, participant: Participant, when: str) -> None:
        """Those who talk hear that somebody comes or goes."""
        if participant.beep in ("true", when) and self.status == "in-progress":
            for each in self.participants:
                each.line.hear("beep", "beep")

    def _record(self) -> None:
        if not self.records or self._owner is None or self.started is None:
            return
        network, report = self._owner.network, self.recording_report
        recording = network.new_recording(self._owner, self.started, 0.0, "Conference", "", self.sid)
        recording.status = "in-progress"
        self.tape = network.tapes[recording.sid] = Tape(self._owner, recording, report, self.started)
        report.tell(self._owner, recording, "in-progress")
