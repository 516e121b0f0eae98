"""Cases I: conferences - see docs/twiml.md."""

from __future__ import annotations

import pytest
from twilio.rest import Client
from werkzeug.wrappers import Response

from ivr.simulator.conference import Conference
from ivr.simulator.line import Line
from tests.ivr.simulator.tiny_app import HOST, NUMBER, at, carrier, codes, said

ALL = "start end join leave mute hold modify speaker announcement"
EVENTS = f"statusCallback='/cb' statusCallbackEvent='{ALL}'"


class Room:
    """A conference, and lines that enter it, each with attributes of its own."""

    def __init__(self, dial: str = "", **documents: object) -> None:
        self.dial, self.count = dial, 0
        self.documents: dict[str, object] = {"/cb": "", "/d": "<Say>after</Say>", "/w": "<Say>wait</Say>"}
        self.documents |= {f"/{path}": answer for path, answer in documents.items()}
        self.network, self.app = carrier(self.documents)
        self.app.documents = self.documents
        self.client = Client(self.network.account_sid, self.network.auth_token, http_client=self.network.rest_transport)

    def enter(self, attributes: str = EVENTS, name: str = "r") -> Line:
        conference = f"<Conference {attributes}>{name}</Conference>"
        self.documents["/v"] = f"<Dial {self.dial}>{conference}</Dial><Say>next</Say>"
        self.count += 1
        line = self.network.call(f"+4915112345{self.count:03}", NUMBER)
        self.network.advance(1)
        return line

    @property
    def conference(self) -> Conference:
        return list(self.network.conferences.values())[-1]

    def told(self) -> list[str]:
        return [each["StatusCallbackEvent"] for each in self.app.to("/cb")]

    def participant(self, who: Line | str) -> object:
        key = who if isinstance(who, str) else who.sid
        return self.client.conferences(self.conference.sid).participants(key)


def test_i1_alone_one_waits() -> None:
    """The wait document once, then silence."""
    room = Room()
    line = room.enter("waitUrl='/w'")
    room.network.advance(60)
    assert (said(line), room.app.paths().count("/w")) == (["wait"], 1)
    assert (line.state, room.conference.status) == ("in conference", "init")


@pytest.mark.parametrize(("written", "heard"), [("", ["music"]), ("waitUrl=''", [])])
def test_i2_what_is_heard_alone(written: str, heard: list[str]) -> None:
    """The carrier's music; waitUrl="" is silence."""
    room = Room()
    line = room.enter(written)
    assert [each.kind for each in line.heard] == heard


def test_i3_two_begin_it() -> None:
    """in-progress; join, join, start."""
    room = Room()
    room.enter(), room.enter()
    assert room.conference.status == "in-progress"
    assert room.told() == ["participant-join", "participant-join", "conference-start"]


def test_i4_one_leaves() -> None:
    """One is left, still in-progress."""
    room = Room()
    line, other = room.enter(), room.enter()
    line.hang_up()
    room.network.advance(1)
    assert room.conference.status == "in-progress"
    assert [each.line for each in room.conference.participants] == [other]
    left = room.app.to("/cb")[-1]
    assert (left["StatusCallbackEvent"], left["CallSid"]) == ("participant-leave", line.sid)
    assert left["ReasonParticipantLeft"] == "participant_hung_up"


def test_i5_the_last_leaves() -> None:
    """completed, last-participant-left; the name may be used again."""
    room = Room()
    line, other = room.enter("participantLabel='anna' " + EVENTS), room.enter()
    other.hang_up()
    room.network.advance(1)
    line.hang_up()
    room.network.advance(1)
    first = room.conference
    assert (first.status, first.reason) == ("completed", "last-participant-left")
    ended = room.app.to("/cb")[-1]
    assert (ended["ReasonConferenceEnded"], ended["CallSidEndingConference"]) == ("last-participant-left", line.sid)
    assert ended["ParticipantLabelEndingConference"] == "anna"
    room.enter()
    assert room.conference.sid != first.sid


def test_i6_the_moderator_leaves() -> None:
    """endConferenceOnExit: all leave, the documents of the others go on."""
    room = Room()
    line, boss = room.enter(), room.enter("endConferenceOnExit='true'")
    boss.hang_up()
    room.network.run()
    assert room.conference.reason == "participant-with-end-conference-on-exit-left"
    assert said(line) == ["next"]


def test_i7_without_a_moderator_it_does_not_begin() -> None:
    """startConferenceOnEnter=false for both: they wait."""
    room = Room()
    line, other = (room.enter("startConferenceOnEnter='false' " + EVENTS) for _ in range(2))
    assert room.conference.status == "init"
    assert [each.kind for each in (*line.heard, *other.heard)] == ["music", "music"]
    assert room.told() == ["participant-join"] * 2


def test_i8_the_moderator_joins() -> None:
    """It begins and the wait music stops for all."""
    room = Room(w="<Say>wait</Say><Redirect/>")
    line = room.enter("startConferenceOnEnter='false' waitUrl='/w' " + EVENTS)
    room.enter(EVENTS)
    heard = len(said(line))
    room.network.advance(10)
    assert (room.conference.status, len(said(line))) == ("in-progress", heard)
    assert room.told()[-1] == "conference-start"


def test_i9_the_dials_action_afterwards() -> None:
    """DialCallStatus=answered, no SID, no duration."""
    room = Room("action='/d' hangupOnStar='true'")
    line = room.enter()
    line.press("*")
    room.network.run()
    (asked,) = room.app.to("/d")
    assert asked["DialCallStatus"] == "answered"
    assert not {"DialCallSid", "DialCallDuration"} & set(asked)
    assert said(line) == ["after"]


def test_i10_a_full_conference() -> None:
    """maxParticipants=2: the third is not let in, 16020."""
    room = Room()
    for _ in range(3):
        last = room.enter("maxParticipants='2'")
    room.network.run_until(lambda: last.over)
    assert codes(room.network) == [16020]
    assert said(last) == ["next"]
    assert len(room.conference.participants) == 2


def test_i11_hangup_on_star() -> None:
    """The participant leaves, the next verb runs, completed."""
    room = Room("hangupOnStar='true'")
    line, _ = room.enter(), room.enter()
    line.press("12*")
    room.network.advance(5)
    assert (said(line), line.status) == (["next"], "completed")
    assert len(room.conference.participants) == 1


def test_i12_a_time_limit() -> None:
    """Alone for 50 s: dropped, the next verb (an Sms) runs."""
    room = Room("timeLimit='50'")
    room.enter()
    room.documents["/v"] = "<Dial timeLimit='50'><Conference>s</Conference></Dial><Sms>sorry</Sms>"
    line = room.network.call("+4915112345999", NUMBER)
    room.network.run_until(lambda: line.over)
    assert (line.duration_s, [each.body for each in room.network.messages.values()]) == (50, ["sorry"])


@pytest.mark.parametrize(
    ("label", "code"), [("anna", 16025), ("a/b", 16023), ("x" * 129, 16023), ("CA" + "0" * 32, 16023)]
)
def test_i13_labels(label: str, code: int) -> None:
    """One that is in use 16025, a wrong one 16023: not joined, the next verb."""
    room = Room()
    room.enter("participantLabel='anna'")
    line = room.enter(f"participantLabel='{label}'")
    room.network.advance(5)
    assert codes(room.network) == [code]
    assert said(line) == ["next"]
    assert len(room.conference.participants) == 1


def test_i14_the_first_participant_says_where_to_call_back() -> None:
    """The second one's statusCallback is not used."""
    room = Room(cb2="")
    room.enter(EVENTS)
    room.enter("statusCallback='/cb2' statusCallbackEvent='join'")
    assert room.app.to("/cb2") == []
    assert room.told() == ["participant-join", "participant-join", "conference-start"]


def test_i15_what_the_callback_carries() -> None:
    """SIDs, name, number, time and the participant's flags; neither From nor To nor CallStatus."""
    room = Room()
    line = room.enter("participantLabel='anna' endConferenceOnExit='true' muted='true' " + EVENTS)
    (told,) = room.app.to("/cb")
    assert (told["ConferenceSid"], told["FriendlyName"], told["SequenceNumber"]) == (room.conference.sid, "r", "1")
    assert (told["CallSid"], told["ParticipantLabel"], told["Muted"]) == (line.sid, "anna", "true")
    assert (told["EndConferenceOnExit"], told["StartConferenceOnEnter"]) == ("true", "true")
    assert (told["Hold"], told["Coaching"]) == ("false", "false")
    assert told["Timestamp"] == "Mon, 23 Nov 2026 09:00:00 +0000"
    assert not {"From", "To", "CallStatus"} & set(told)


def test_i16_hold() -> None:
    """Hold=true HoldUrl=/h: GET /h, heard until unheld; hold, unhold."""
    room = Room(h="<Say>hold</Say><Redirect method='GET'/>")
    line, _ = room.enter(), room.enter()
    assert room.participant(line).update(hold=True, hold_url=f"{HOST}/h").hold
    room.network.advance(5)
    assert set(said(line)) == {"hold"}
    assert {each.method for each in room.app.asked if each.path == "/h"} == {"GET"}
    room.participant(line).update(hold=False)
    room.network.advance(1)
    heard = len(said(line))
    room.network.advance(5)
    assert len(said(line)) == heard
    assert room.told()[-2:] == ["participant-hold", "participant-unhold"]


def test_i17_mute() -> None:
    """The event; the participant stays and hears."""
    room = Room()
    line, _ = room.enter(), room.enter()
    assert room.participant(line).update(muted=True).muted
    room.participant(line).update(muted=False)
    room.network.advance(1)
    assert room.told()[-2:] == ["participant-mute", "participant-unmute"]
    assert line.state == "in conference"


def test_i18_one_is_put_out() -> None:
    """DELETE: leave; the document goes on."""
    room = Room()
    line, _ = room.enter(), room.enter()
    assert room.participant(line).delete()
    room.network.advance(5)
    assert said(line) == ["next"]
    assert room.told()[-1] == "participant-leave"


def test_i19_rest_ends_it() -> None:
    """Status=completed: conference-ended-via-api; no participants any more."""
    room = Room()
    line, other = room.enter(), room.enter()
    ended = room.client.conferences(room.conference.sid).update(status="completed")
    assert (ended.status, ended.reason_conference_ended) == ("completed", "conference-ended-via-api")
    assert room.client.conferences(room.conference.sid).participants.list() == []
    room.network.advance(5)
    assert said(line) == said(other) == ["next"]
    assert room.app.to("/cb")[-1]["ReasonConferenceEnded"] == "conference-ended-via-api"


def test_i20_an_announcement_to_one_and_to_all() -> None:
    """AnnounceUrl on a participant: one hears it; on the conference: all; announcement-end."""
    room = Room(n="<Say>news</Say>", m="<Say>more</Say>")
    line, other = room.enter(), room.enter()
    room.participant(line).update(announce_url=f"{HOST}/n")
    room.network.advance(5)
    assert (said(line), said(other)) == (["news"], [])
    room.client.conferences(room.conference.sid).update(announce_url=f"{HOST}/m")
    room.network.advance(5)
    assert (said(line), said(other)) == (["news", "more"], ["more"])
    assert room.told()[-2:] == ["announcement-end"] * 2
    assert room.app.to("/cb")[-1]["AnnounceUrl"] == f"{HOST}/m"


def test_i33_announcements_are_heard_one_after_the_other() -> None:
    """Two at once: both, in order; whoever leaves in the middle leaves them to the others."""
    room = Room(n="<Say>news</Say>", m="<Say>more</Say>")
    line, other = room.enter(), room.enter()
    for path in "nm":
        room.client.conferences(room.conference.sid).update(announce_url=f"{HOST}/{path}")
    room.network.advance(5)
    assert said(line) == said(other) == ["news", "more"]
    room.client.conferences(room.conference.sid).update(announce_url=f"{HOST}/n")
    room.network.advance(0.1)
    line.hang_up()
    room.network.advance(5)
    assert said(other)[2:] == ["news", "news"]


def test_i21_an_announcement_that_fails() -> None:
    """announcement-fail with its reason; nobody is thrown out."""
    room = Room(n=Response("", 500))
    line, _ = room.enter(), room.enter()
    room.participant(line).update(announce_url=f"{HOST}/n")
    room.network.advance(5)
    assert room.told()[-1] == "announcement-fail"
    assert "11217" in room.app.to("/cb")[-1]["ReasonAnnouncementFailed"]
    assert line.state == "in conference"


@pytest.mark.parametrize(
    ("beep", "heard"), [("", 2), ("beep='true'", 2), ("beep='onEnter'", 1), ("beep='onExit'", 1), ("beep='false'", 0)]
)
def test_i22_beeps(beep: str, heard: int) -> None:
    """By default when one comes and when one goes."""
    room = Room()
    line, _ = room.enter("beep='false'"), room.enter("beep='false'")
    third = room.enter(beep)
    third.hang_up()
    room.network.advance(1)
    assert [each.kind for each in line.heard].count("beep") == heard


def test_i23_a_coach() -> None:
    """coach=CA...: Coaching=true; one who coaches somebody not there is not let in, 16028."""
    room = Room()
    line = room.enter(EVENTS)
    room.enter(f"coach='{line.sid}'")
    told = room.app.to("/cb")[1]
    assert (told["Coaching"], told["CallSidToCoach"]) == ("true", line.sid)
    lost = room.enter("coach='CA" + "0" * 32 + "'")
    room.network.advance(5)
    assert codes(room.network) == [16028]
    assert said(lost) == ["next"]


def test_i24_who_speaks() -> None:
    """participant-speech-start and -stop, for those who asked for `speaker`."""
    room = Room()
    line, _ = room.enter(), room.enter()
    line.speak("hello", 3)
    room.network.advance(5)
    assert room.told()[-2:] == ["participant-speech-start", "participant-speech-stop"]
    assert room.app.to("/cb")[-1]["CallSid"] == line.sid


def test_i25_a_recording() -> None:
    """record-from-start: from the beginning to the end of the conference, source Conference, mono."""
    room = Room(rec="")
    line = room.enter("record='record-from-start' recordingStatusCallback='/rec'")
    room.network.advance(9)
    room.enter()
    room.network.advance(19)
    line.hang_up()
    room.network.advance(5)
    for each in room.conference.participants:
        each.line.hang_up()
    room.network.run()
    (told,) = room.app.to("/rec")
    assert (told["RecordingSource"], told["RecordingChannels"]) == ("Conference", "1")
    assert (told["ConferenceSid"], told["RecordingDuration"]) == (room.conference.sid, "25")


@pytest.mark.parametrize("verb", ["Gather", "Record", "Dial", "Hangup"])
def test_i26_what_may_not_be_done_while_waiting(verb: str) -> None:
    """13238; skipped."""
    room = Room(w=f"<{verb}/><Say>wait</Say>")
    line = room.enter("waitUrl='/w'")
    assert codes(room.network) == [13238]
    assert said(line) == ["wait"]


@pytest.mark.parametrize(("written", "method"), [("", "POST"), ("waitMethod='GET'", "GET")])
def test_i27_the_wait_method(written: str, method: str) -> None:
    """POST where a waitUrl is given."""
    room = Room()
    room.enter(f"waitUrl='/w' {written}")
    assert [each.method for each in room.app.asked if each.path == "/w"] == [method]


def test_i28_a_wait_url_that_fails() -> None:
    """The caller is not put into the conference; the next verb."""
    room = Room(w=Response("", 500))
    line = room.enter("waitUrl='/w'")
    room.network.advance(5)
    assert codes(room.network) == [11217]
    assert said(line) == ["next"]


def test_i29_a_call_update_takes_one_away() -> None:
    """Without the Dial's action; the others stay."""
    room = Room("action='/d'", u="<Say>elsewhere</Say>")
    line, other = room.enter(), room.enter()
    room.client.calls(line.sid).update(url=f"{HOST}/u")
    room.network.advance(5)
    assert (said(line), room.app.to("/d")) == (["elsewhere"], [])
    assert [each.line for each in room.conference.participants] == [other]


BAD = [
    ("muted='x'", 13230),
    ("endConferenceOnExit='x'", 13231),
    ("startConferenceOnEnter='x'", 13232),
    ("waitMethod='PUT'", 13234),
    ("beep='loud'", 13235),
    ("trim='x'", 13239),
    ("statusCallbackEvent='x'", 16002),
    ("colour='red'", 12200),
]


@pytest.mark.parametrize(("written", "code"), BAD)
def test_i30_bad_attributes(written: str, code: int) -> None:
    """Each with its own number; the participant is let in."""
    room = Room()
    line = room.enter(written)
    assert codes(room.network) == [code]
    assert line.state == "in conference"


@pytest.mark.parametrize("name", ["", "x" * 129])
def test_i31_a_bad_name(name: str) -> None:
    """13237; the next verb."""
    room = Room()
    line = room.enter("", name)
    room.network.advance(5)
    assert codes(room.network) == [13237]
    assert said(line) == ["next"]


def test_i32_a_warm_transfer() -> None:
    """A third is called in by REST, the second leaves, the first and the third talk on."""
    room = Room(join="<Dial><Conference>r</Conference></Dial>")
    room.network.line("+18005550177", answers_after_s=3)
    caller, agent = room.enter(), room.enter()
    room.client.calls.create(to="+18005550177", from_=NUMBER, url=f"{HOST}/join")
    room.network.advance(5)
    agent.hang_up()
    room.network.advance(1)
    third = room.network.people["+18005550177"].line
    assert {each.line for each in room.conference.participants} == {caller, third}
    assert at(room.network) == 8
