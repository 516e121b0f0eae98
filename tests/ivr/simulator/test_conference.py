"""Conferences: who is in, when they start and end, what is told of them.

https://www.twilio.com/docs/voice/twiml/conference
"""

from __future__ import annotations

import pytest
from twilio.rest import Client
from werkzeug.wrappers import Response

from ivr.simulator.line import Line
from tests.ivr.simulator.tiny_app import HOST, NUMBER, carrier, codes, said

EVENTS = "statusCallback='/cb' statusCallbackEvent='start end join leave mute hold'"


class Room:
    """Callers who are put into conference `r`; each number has a document of its own."""

    def __init__(self, **documents: object) -> None:
        self.network, self.app = carrier({"/cb": "", "/w": "<Say>Wait</Say>", "/d": "<Say>after</Say>"})
        self.app.documents = {**self.app.documents, **{f"/{path}": document for path, document in documents.items()}}
        self.client = Client(self.network.account_sid, self.network.auth_token, http_client=self.network.rest_transport)
        self._count = 0

    def enter(self, conference: str = EVENTS, dial: str = "action='/d'") -> Line:
        self._count += 1
        number = f"+1800555010{self._count}"
        path = f"/room{self._count}"
        document = f"<Dial {dial}><Conference {conference}>r</Conference></Dial><Say>next</Say>"
        self.app.documents = {**self.app.documents, path: document}
        self.network.number(number, HOST + path)
        line = self.network.call(f"+4915100000{self._count}", number)
        self.network.advance(1)
        return line

    def told(self) -> list[str]:
        self.network.advance(0)
        return [each["StatusCallbackEvent"] for each in self.app.to("/cb")]

    @property
    def conference(self):
        return list(self.network.conferences.values())[-1]


def test_alone_one_hears_the_wait_document_once() -> None:
    room = Room()
    line = room.enter("waitUrl='/w'")
    room.network.advance(60)
    assert said(line) == ["Wait"]
    assert room.app.asked[1].method == "POST"
    assert room.app.to("/w")[0]["FriendlyName"] == "r"
    assert line.state == "in conference"
    assert room.conference.status == "init"


@pytest.mark.parametrize(("written", "heard"), [("", "hold music"), ("waitUrl=''", None)])
def test_alone_without_a_wait_document(written: str, heard: str | None) -> None:
    line = Room().enter(written)
    assert [each.text for each in line.heard] == ([heard] if heard else [])


def test_it_starts_with_the_second() -> None:
    room = Room()
    room.enter()
    room.enter()
    assert room.told() == ["participant-join", "participant-join", "conference-start"]
    assert room.conference.status == "in-progress"
    assert [each["SequenceNumber"] for each in room.app.to("/cb")] == ["1", "2", "3"]
    assert not {"From", "To", "CallStatus"} & set(room.app.to("/cb")[0])


def test_the_music_stops_when_it_starts() -> None:
    room = Room(w="<Say loop='0'>Wait</Say>")
    line = room.enter("waitUrl='/w'")
    room.enter()
    room.network.advance(0)
    count = len(said(line))
    room.network.advance(20)
    assert len(said(line)) == count


def test_it_waits_for_one_who_may_start_it() -> None:
    room = Room()
    room.enter("startConferenceOnEnter='false'")
    room.enter("startConferenceOnEnter='false'")
    assert room.conference.status == "init"
    room.enter()
    assert room.conference.status == "in-progress"


def test_one_leaves_and_the_other_stays() -> None:
    room = Room()
    first, second = room.enter(), room.enter()
    second.hang_up()
    room.network.advance(1)
    assert room.conference.status == "in-progress"
    assert [each.line for each in room.conference.participants] == [first]
    assert room.told()[-1] == "participant-leave"
    first.hang_up()
    room.network.advance(1)
    assert room.told()[-2:] == ["participant-leave", "conference-end"]
    assert room.app.to("/cb")[-1]["ReasonConferenceEnded"] == "last-participant-left"
    assert room.conference.status == "completed"


def test_it_ends_for_all_when_an_important_one_leaves() -> None:
    room = Room()
    first = room.enter()
    second = room.enter("endConferenceOnExit='true'")
    second.hang_up()
    room.network.advance(1)
    assert room.conference.reason == "participant-with-end-conference-on-exit-left"
    assert said(first) == ["after"]
    asked = [each for each in room.app.to("/d") if each["CallSid"] == first.sid]
    assert asked[0]["DialCallStatus"] == "answered"
    assert not {"DialCallSid", "DialCallDuration"} & set(asked[0])


def test_the_same_name_is_a_new_conference_afterwards() -> None:
    room = Room()
    room.enter().hang_up()
    room.network.advance(1)
    room.enter()
    assert [each.status for each in room.network.conferences.values()] == ["completed", "init"]


def test_a_star_leaves_when_told_so() -> None:
    room = Room()
    room.enter()
    line = room.enter(dial="hangupOnStar='true'")
    line.press("1*")
    room.network.advance(0.1)
    assert said(line) == ["next"]
    assert room.conference.participants[0].line is not line


def test_the_time_limit_ends_a_stay() -> None:
    room = Room()
    line = room.enter(dial="timeLimit='50'")
    room.network.advance(48.9)
    assert line.conference is not None
    room.network.run()
    assert said(line) == ["next"]


REFUSED = [("participantLabel='anna'", 16025), ("", 16020)]


@pytest.mark.parametrize(("written", "code"), REFUSED)
def test_one_who_cannot_join_goes_on(written: str, code: int) -> None:
    room = Room()
    room.enter("participantLabel='anna' maxParticipants='2'")
    if code == 16020:
        room.enter()
    line = room.enter(written, dial="")
    assert codes(room.network) == [code]
    assert said(line) == ["next"]


def test_a_broken_wait_document_keeps_one_out() -> None:
    room = Room(w=Response("", 500))
    line = room.enter("waitUrl='/w'", dial="")
    assert said(line) == ["next"]
    assert room.conference.status == "completed"


def test_a_wait_document_may_not_gather() -> None:
    room = Room(w="<Gather/><Say>Wait</Say>")
    line = room.enter("waitUrl='/w'")
    assert codes(room.network) == [13238]
    assert said(line) == ["Wait"]


def test_the_first_participants_callback_holds() -> None:
    room = Room(other="")
    room.enter()
    room.enter("statusCallback='/other' statusCallbackEvent='join leave'")
    assert room.told() == ["participant-join", "participant-join", "conference-start"]
    assert room.app.to("/other") == []


def test_the_conversation_is_recorded_from_its_start() -> None:
    room = Room(rec="")
    first = room.enter("record='record-from-start' recordingStatusCallback='/rec'")
    room.network.advance(30)
    second = room.enter()
    room.network.advance(10)
    for line in (first, second):
        line.hang_up()
    room.network.run()
    asked = room.app.to("/rec")[0]
    assert (asked["RecordingSource"], asked["RecordingDuration"]) == ("Conference", "11")
    assert asked["ConferenceSid"] == room.conference.sid


# By REST, with the official client.


def test_rest_finds_and_ends_it() -> None:
    room = Room()
    first, second = room.enter(), room.enter()
    (found,) = room.client.conferences.list(friendly_name="r", status="in-progress")
    assert {each.call_sid for each in room.client.conferences(found.sid).participants.list()} == {first.sid, second.sid}
    ended = room.client.conferences(found.sid).update(status="completed")
    assert (ended.status, ended.reason_conference_ended) == ("completed", "conference-ended-via-api")
    assert room.client.conferences(found.sid).participants.list() == []
    room.network.advance(1)
    assert said(first) == said(second) == ["after"]
    assert room.told()[-3:] == ["participant-leave", "participant-leave", "conference-end"]
    assert room.client.conferences.list(status="in-progress") == []


def test_rest_holds_and_unholds() -> None:
    room = Room(h="<Say>Hold</Say><Redirect method='GET'/>")
    line, _ = room.enter(), room.enter()
    participant = room.client.conferences(room.conference.sid).participants(line.sid)
    assert participant.update(hold=True, hold_url=f"{HOST}/h").hold
    room.network.advance(1)
    assert set(said(line)) == {"Hold"}
    assert {each.method for each in room.app.asked if each.path == "/h"} == {"GET"}
    assert not participant.update(hold=False).hold
    room.network.advance(0)
    count = len(said(line))
    room.network.advance(5)
    assert len(said(line)) == count
    assert room.told()[-2:] == ["participant-hold", "participant-unhold"]


def test_rest_mutes() -> None:
    room = Room()
    line, _ = room.enter("participantLabel='anna' " + EVENTS), room.enter()
    participant = room.client.conferences(room.conference.sid).participants("anna")
    assert participant.update(muted=True).muted
    assert room.told()[-1] == "participant-mute"
    assert room.app.to("/cb")[-1]["CallSid"] == line.sid
    assert participant.fetch().call_sid == line.sid


def test_rest_puts_one_out() -> None:
    room = Room()
    line, _ = room.enter(), room.enter()
    assert room.client.conferences(room.conference.sid).participants(line.sid).delete()
    room.network.advance(9)
    assert said(line) == ["after"]
    assert room.told()[-1] == "participant-leave"
    assert room.app.to("/cb")[-1]["ReasonParticipantLeft"] == "participant_updated_via_api"


def test_rest_cannot_put_out_one_who_has_just_been_taken_elsewhere() -> None:
    room = Room(u="<Say>Elsewhere</Say>")
    line, _ = room.enter(), room.enter()
    room.client.calls(line.sid).update(url=f"{HOST}/u")
    room.client.conferences(room.conference.sid).participants(line.sid).delete()
    room.network.advance(9)
    assert said(line) == ["Elsewhere"]
    assert line.status == "completed"


def test_rest_takes_one_elsewhere_without_the_dials_action() -> None:
    room = Room(u="<Say>Elsewhere</Say>")
    line, other = room.enter(), room.enter()
    room.client.calls(line.sid).update(url=f"{HOST}/u")
    room.network.advance(0.1)
    assert said(line) == ["Elsewhere"]
    assert [each for each in room.app.to("/d") if each["CallSid"] == line.sid] == []
    assert [each.line for each in room.conference.participants] == [other]


def test_an_agents_leg_and_a_caller_meet() -> None:
    """The way our own app joins them: the agent's leg by REST, then the waiting caller redirected."""
    network, app = carrier({"/v": "<Enqueue waitUrl='/w'>claims</Enqueue>", "/w": "<Pause length='30'/>"})
    client = Client(network.account_sid, network.auth_token, http_client=network.rest_transport)
    conference = "<Dial action='/{0}'><Conference endConferenceOnExit='{1}'>room 7</Conference></Dial>"
    app.documents = {**app.documents, "/join": conference.format("after", "false"), "/after": "<Say>Survey</Say>"}
    line = network.call("+49151", NUMBER)

    def agent(form: object) -> str:
        client.calls(line.sid).update(url=f"{HOST}/join")  # from inside a webhook
        return conference.format("gone", "true")

    app.documents = {**app.documents, "/agent": agent, "/gone": ""}
    network.line("client:anna")
    network.advance(10)
    client.calls.create(to="client:anna", from_=NUMBER, url=f"{HOST}/agent")
    network.advance(20)
    anna = network.people["client:anna"].line
    assert line.conference is anna.conference is not None
    assert line.conference.status == "in-progress"
    anna.hang_up()
    network.run()
    assert said(line) == ["Survey"]
