"""The other resources of REST: recordings, participants, numbers, applications, keys, alerts, and manners."""

from __future__ import annotations

import io
import json
import wave
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from werkzeug.wrappers import Response

from ivr.simulator.line import Line
from ivr.simulator.network import Network
from ivr.simulator.sound import seconds_of
from tests.ivr.simulator.tiny_app import CALLER, HOST, NUMBER, TinyApp, carrier, codes, said

THEM = "+18005550177"
ROOM = "<Dial action='/left'><Conference waitUrl='' beep='false'>sales</Conference></Dial>"
DOCUMENTS = {"/v": "<Say>Hi</Say><Pause length='60'/>", "/u": "<Say>Elsewhere</Say>", "/cb": "", "/left": ""}


def world(documents: dict[str, Any] | None = None) -> tuple[Network, TinyApp, Client]:
    network, app = carrier({**DOCUMENTS, **(documents or {})})
    return network, app, Client(network.account_sid, network.auth_token, http_client=network.rest_transport)


def talking() -> tuple[Network, TinyApp, Client, Line]:
    network, app, client = world()
    line = network.call(CALLER, NUMBER)
    network.advance(2)
    return network, app, client, line


# Recordings of calls.


@pytest.mark.parametrize(("behaviour", "length"), [("skip", "6"), ("silence", "9")])
def test_a_recording_is_paused_and_goes_on(behaviour: str, length: str) -> None:
    network, app, client, line = talking()
    made = client.calls(line.sid).recordings.create(recording_status_callback=f"{HOST}/cb")
    assert (made.status, made.source, made.track) == ("in-progress", "StartCallRecordingAPI", "both")
    current = client.calls(line.sid).recordings("Twilio.CURRENT")
    for status in ("paused", "in-progress", "stopped"):
        network.advance(3)
        assert current.update(status=status, pause_behavior=behaviour).status == status
    assert client.recordings(made.sid).fetch().status == "processing"
    network.advance(2)
    assert (client.recordings(made.sid).fetch().status, client.recordings(made.sid).fetch().duration) == (
        "completed",
        length,
    )
    (told,) = app.to("/cb")
    assert (told["RecordingSid"], told["RecordingDuration"], told["RecordingStatus"]) == (made.sid, length, "completed")
    assert (told["RecordingSource"], "From" in told) == ("StartCallRecordingAPI", False)


def test_a_second_recording_by_rest_is_taken_but_there_is_one() -> None:
    network, _, client, line = talking()
    first, second = (client.calls(line.sid).recordings.create() for _ in range(2))
    assert first.sid == second.sid
    network.run()
    assert len(client.recordings.list()) == 1


def test_what_cannot_be_recorded_is_refused() -> None:
    network, _, client = world()
    network.line(THEM, answers_after_s=30)
    made = client.calls.create(to=THEM, from_=NUMBER, url=f"{HOST}/u")
    network.advance(5)
    with pytest.raises(TwilioRestException) as rings:
        client.calls(made.sid).recordings.create()
    with pytest.raises(TwilioRestException) as none:
        client.calls(made.sid).recordings("Twilio.CURRENT").update(status="stopped")
    assert (rings.value.code, none.value.status) == (21220, 404)


def test_a_recording_is_heard_in_two_formats_without_logging_in() -> None:
    network, _, client, line = talking()
    made = client.calls(line.sid).recordings.create()
    network.advance(4)
    url = f"/2010-04-01/Accounts/{network.account_sid}/Recordings/{made.sid}"
    assert network.rest_transport.request("GET", url).status_code == 404  # it is not there yet
    client.calls(line.sid).recordings(made.sid).update(status="stopped")
    network.advance(2)
    plain, wav, mp3 = (network.rest_transport.request("GET", url + ending) for ending in ("", ".wav", ".mp3"))
    assert plain.content == wav.content
    with wave.open(io.BytesIO(wav.content)) as sound:
        assert sound.getframerate() == 8000
    assert seconds_of(wav.content) == pytest.approx(4, abs=0.01)
    assert (mp3.headers["Content-Type"], mp3.content[:2]) == ("audio/mpeg", b"\xff\xe3")
    assert len(mp3.content) == 72 * 56  # frames of 72 ms
    assert network.rest_transport.request("GET", url + ".json").status_code == 401
    assert client.recordings(made.sid).delete()
    assert network.rest_transport.request("GET", url).status_code == 404
    assert client.recordings.list() == []
    assert [each.status for each in client.recordings.list(include_soft_deleted=True)] == ["deleted"]


def test_a_recording_is_played_to_a_caller_by_its_address() -> None:
    network, app, client, line = talking()
    client.calls(line.sid).recordings.create()
    network.advance(4)
    client.calls(line.sid).recordings("Twilio.CURRENT").update(status="stopped")
    network.advance(2)
    (kept,) = network.recordings.values()
    client.calls(line.sid).update(twiml=f"<Response><Play>{kept.url}</Play><Say>That was it</Say></Response>")
    network.run()
    assert said(line) == ["Hi", "That was it"]
    assert line.duration_s == 2 + 4 + 2 + 4
    assert codes(network) == []
    assert app.paths() == ["/v"]


# Conferences.


def room() -> tuple[Network, TinyApp, Client, Line, Any]:
    network, app, client = world({"/v": ROOM})
    line = network.call(CALLER, NUMBER)
    network.advance(1)
    (conference,) = client.conferences.list(friendly_name="sales")
    return network, app, client, line, conference


def test_somebody_is_called_into_a_conference() -> None:
    network, app, client, line, conference = room()
    network.line(THEM, answers_after_s=5)
    invited = client.conferences(conference.sid).participants.create(
        from_=NUMBER,
        to=THEM,
        label="the boss & co",
        muted=True,
        end_conference_on_exit=True,
        status_callback=f"{HOST}/cb",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    assert (invited.status, invited.label, invited.muted) == ("queued", "the boss & co", True)
    network.advance(1)
    assert client.conferences(conference.sid).participants(invited.call_sid).fetch().status == "ringing"
    network.advance(6)
    inside = client.conferences(conference.sid).participants.list()
    assert {each.call_sid: each.status for each in inside} == {line.sid: "connected", invited.call_sid: "connected"}
    boss = client.conferences(conference.sid).participants("the boss & co").fetch()
    assert (boss.call_sid, boss.muted, boss.end_conference_on_exit) == (invited.call_sid, True, True)
    assert client.conferences(conference.sid).fetch().status == "in-progress"
    network.people[THEM].line.hang_up()
    network.run()
    ended = client.conferences(conference.sid).fetch()
    assert ended.reason_conference_ended == "participant-with-end-conference-on-exit-left"
    assert ended.call_sid_ending_conference == invited.call_sid
    assert [each["CallStatus"] for each in app.to("/cb")] == ["initiated", "ringing", "in-progress", "completed"]


def test_a_conference_is_made_by_its_name_and_told_of() -> None:
    network, app, client = world()
    network.line(THEM)
    network.line("client:ann", answers_after_s=3)
    for who in (THEM, "client:ann"):
        made = client.conferences("My room").participants.create(
            from_=NUMBER,
            to=who,
            conference_status_callback=f"{HOST}/cb",
            conference_status_callback_event=["start join", "end"],
            conference_record="true",
        )
    network.advance(5)
    (conference,) = client.conferences.list(status="in-progress")
    assert (conference.friendly_name, conference.sid) == ("My room", made.conference_sid)
    (recording,) = client.conferences(conference.sid).recordings.list()
    assert (recording.status, recording.source) == ("in-progress", "Conference")
    running = client.conferences(conference.sid).recordings("Twilio.CURRENT")
    assert running.update(status="paused", pause_behavior="skip").status == "paused"
    network.advance(10)
    assert running.update(status="in-progress").status == "in-progress"
    network.advance(4)
    client.conferences(conference.sid).update(status="completed")
    network.run()
    events = [each["StatusCallbackEvent"] for each in app.to("/cb")]
    assert events == ["participant-join", "participant-join", "conference-start", "conference-end"]
    assert client.conferences(conference.sid).participants.list() == []
    kept = client.conferences(conference.sid).recordings(recording.sid).fetch()
    assert (kept.status, kept.duration) == ("completed", "6")  # 2 before the pause, 4 after it
    with pytest.raises(TwilioRestException) as over:
        client.conferences(conference.sid).participants.create(from_=NUMBER, to=THEM)
    assert over.value.code == 16022


def test_participants_are_muted_held_coached_and_spoken_to() -> None:
    network, app, client, line, conference = room()
    app.documents = {**app.documents, "/say": "<Say>One minute left</Say>", "/hold": "<Say>On hold</Say>"}
    network.line(THEM)
    other = client.conferences(conference.sid).participants.create(from_=NUMBER, to=THEM)
    network.advance(1)
    them, participants = network.people[THEM].line, client.conferences(conference.sid).participants
    assert participants(line.sid).update(muted=True).muted
    assert [each.call_sid for each in participants.list(muted=True)] == [line.sid]
    assert participants(other.call_sid).update(hold=True, hold_url=f"{HOST}/hold").hold
    network.advance(2)
    assert (said(them), app.asked[-1].method) == (["On hold"], "GET")
    participants(other.call_sid).update(hold=False)
    coach = participants(other.call_sid).update(coaching=True, call_sid_to_coach=line.sid)
    assert (coach.coaching, coach.call_sid_to_coach) == (True, line.sid)
    assert [each.call_sid for each in participants.list(coaching=True)] == [other.call_sid]
    participants(line.sid).update(announce_url=f"{HOST}/say")
    network.advance(3)
    assert (said(line), said(them)) == (["One minute left"], ["On hold"])
    client.conferences(conference.sid).update(announce_url=f"{HOST}/say")
    network.advance(3)
    assert (said(line), said(them)) == (["One minute left"] * 2, ["On hold", "One minute left"])
    assert participants(line.sid).delete()
    network.advance(1)
    assert [each["DialCallStatus"] for each in app.to("/left")] == ["answered"]


def test_who_still_rings_can_be_uninvited() -> None:
    network, _, client, _, conference = room()
    network.line(THEM, answers_after_s=30)
    invited = client.conferences(conference.sid).participants.create(from_=NUMBER, to=THEM)
    network.advance(5)
    assert client.conferences(conference.sid).participants(invited.call_sid).delete()
    network.advance(60)
    assert client.calls(invited.call_sid).fetch().status == "canceled"
    assert len(client.conferences(conference.sid).participants.list()) == 1


# Numbers, applications, keys.


def test_a_number_is_found_bought_used_and_given_up() -> None:
    network, _app, client = world()
    (offered,) = client.available_phone_numbers("US").local.list(area_code=415, limit=1)
    bought = client.incoming_phone_numbers.create(phone_number=offered.phone_number, voice_url=f"{HOST}/u")
    assert bought.phone_number.startswith("+1415")
    line = network.call(CALLER, bought.phone_number)
    network.run()
    assert said(line) == ["Elsewhere"]
    application = client.applications.create(friendly_name="A", voice_url=f"{HOST}/v")
    changed = client.incoming_phone_numbers(bought.sid).update(voice_application_sid=application.sid, sms_url=HOST)
    assert (changed.voice_application_sid, changed.sms_url) == (application.sid, HOST)
    with pytest.raises(TwilioRestException) as twice:
        client.incoming_phone_numbers.create(phone_number=bought.phone_number)
    assert twice.value.code == 21422
    assert client.applications(application.sid).delete()
    assert client.incoming_phone_numbers(bought.sid).fetch().voice_application_sid == ""
    assert client.incoming_phone_numbers(bought.sid).delete()
    assert [each.phone_number for each in client.incoming_phone_numbers.list()] == [NUMBER]
    assert client.available_phone_numbers.list()[0].country_code == "US"
    assert client.available_phone_numbers("US").toll_free.list(limit=2)[1].phone_number.startswith("+1800")


def test_an_applications_doors_are_changed_and_emptied() -> None:
    _, _, client = world()
    made = client.applications.create(friendly_name="A", voice_url=f"{HOST}/v", voice_fallback_url=f"{HOST}/u")
    changed = client.applications(made.sid).update(voice_method="GET", voice_fallback_url="")
    assert (changed.voice_url, changed.voice_method, changed.voice_fallback_url) == (f"{HOST}/v", "GET", "")
    with pytest.raises(TwilioRestException):
        client.applications(made.sid).update(voice_url=f"{HOST}/other", sms_url="nowhere")
    assert client.applications(made.sid).fetch().voice_url == f"{HOST}/v"
    assert [each.sid for each in client.applications.list(friendly_name="A")] == [made.sid]


def test_a_key_opens_the_account_until_it_is_deleted() -> None:
    network, _, client = world()
    key = client.new_keys.create(friendly_name="CI")
    other = Client(key.sid, key.secret, network.account_sid, http_client=network.rest_transport)
    assert other.api.accounts(network.account_sid).fetch().sid == network.account_sid
    assert [each.friendly_name for each in other.keys.list()] == ["CI"]
    wrong = Client(key.sid, network.auth_token, network.account_sid, http_client=network.rest_transport)
    with pytest.raises(TwilioRestException) as refused:
        wrong.calls("CA1").fetch()
    assert refused.value.code == 20003
    assert client.keys(key.sid).delete()
    with pytest.raises(TwilioRestException) as gone:
        other.calls("CA1").fetch()
    assert gone.value.status == 401


# Alerts.


def test_errors_and_warnings_are_alerts_and_notifications() -> None:
    network, _, client = world({"/v": "<Sya>Hi</Sya><Redirect>/broken</Redirect>", "/broken": Response("Oh", 500)})
    line = network.call(CALLER, NUMBER)
    network.run()
    error, warning = client.monitor.v1.alerts.list()
    assert (error.error_code, error.log_level, error.resource_sid) == ("11217", "error", line.sid)
    assert (error.request_url, error.request_method) == (f"{HOST}/broken", "POST")
    assert (warning.error_code, warning.log_level) == ("12200", "warning")
    assert [each.sid for each in client.monitor.v1.alerts.list(log_level="warning", page_size=1)] == [warning.sid]
    whole = client.monitor.v1.alerts(error.sid).fetch()
    assert (whole.response_body, f"CallSid={line.sid}" in whole.request_variables) == ("Oh", True)
    noted = client.calls(line.sid).notifications.list()
    assert [each.error_code for each in noted] == ["11217", "12200"]
    assert [each.error_code for each in client.api.account.notifications.list(log=1)] == ["12200"]
    assert client.api.account.notifications(noted[0].sid).fetch().response_body == "Oh"


def test_alerts_come_in_pages() -> None:
    network, _, client = world({"/v": "<Sya/>" * 5})
    network.call(CALLER, NUMBER)
    network.run()
    assert len({each.sid for each in client.monitor.v1.alerts.list(page_size=2)}) == 5


# Messages.


def test_a_message_is_told_of_forgotten_and_deleted() -> None:
    network, app, client = world()
    made = client.messages.create(to=THEM, from_=NUMBER, body="Hello", status_callback=f"{HOST}/cb")
    network.run()
    assert [each["MessageStatus"] for each in app.to("/cb")] == ["sent", "delivered"]
    sent = client.messages(made.sid).fetch()
    assert (sent.status, sent.date_sent is None) == ("delivered", False)
    assert client.messages(made.sid).update(body="").body == ""
    assert client.messages(made.sid).delete()
    assert client.messages.list() == []
    service = client.messages.create(to=THEM, messaging_service_sid="MG" + "0" * 32, body="Hi")
    assert service.status == "accepted"


# Manners.


def test_a_list_that_fills_its_pages_ends_with_the_last_full_one() -> None:
    network, _, client = world()
    for n in range(4):
        client.queues.create(friendly_name=f"queue {n}")
    login = (network.account_sid, network.auth_token)
    url, seen = f"/2010-04-01/Accounts/{network.account_sid}/Queues.json?PageSize=2", []
    while url:
        page = json.loads(network.rest_transport.request("GET", url, auth=login).text)
        seen.append((page["page"], page["start"], page["end"], [each["friendly_name"] for each in page["queues"]]))
        url, before = page["next_page_uri"], page["previous_page_uri"]
    assert seen == [(0, 0, 1, ["queue 0", "queue 1"]), (1, 2, 3, ["queue 2", "queue 3"])]
    assert "Page=0" in before


@pytest.mark.parametrize(
    ("method", "path", "data", "status", "code"),
    [
        ("DELETE", "/Queues.json", {}, 405, 20004),
        ("GET", "/Nothing.json", {}, 404, 20404),
        ("GET", "/Calls.json?PageSize=1001", {}, 400, 20007),
        ("GET", "/Calls.json?PageSize=0", {}, 400, 20007),
        ("GET", "/Calls.json?PageSize=many", {}, 400, 20007),
        ("GET", "/Calls.json?Page=-1", {}, 400, 20006),
        ("GET", "/Calls.json?Status=asleep", {}, 400, 20001),
        ("GET", "/Calls.json?StartTime=9999-12-31", {}, 400, 20001),
        ("GET", "/Calls.json?StartTime%3E=0001-01-01T00:00:00%2B10:00", {}, 400, 20001),
        ("POST", "/Queues.json", {"FriendlyName": "q", "MaxSize": "9" * 5000}, 400, 20001),
        ("POST", "/Messages.json", {"Body": "x" * 300_000}, 413, 20001),
    ],
)
def test_what_is_wrong_is_said_in_the_carriers_form(
    method: str, path: str, data: dict[str, str], status: int, code: int
) -> None:
    network, _, _ = world()
    url = f"/2010-04-01/Accounts/{network.account_sid}{path}"
    answer = network.rest_transport.request(method, url, data=data, auth=(network.account_sid, network.auth_token))
    body = json.loads(answer.text)
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert set(body) == {"code", "message", "more_info", "status"}


@pytest.mark.parametrize("login", [None, ("AC" + "0" * 32, "12345"), ("", ""), ("SK1", "12345")])
def test_who_is_not_known_learns_nothing(login: tuple[str, str] | None) -> None:
    network, _, _ = world()
    for account in (network.account_sid, "AC" + "0" * 32):
        for path in ("Calls.json", "Calls/CA1.json", "Messages.json"):
            url = f"/2010-04-01/Accounts/{account}/{path}"
            answer = network.rest_transport.request("GET", url, auth=login)
            assert (answer.status_code, json.loads(answer.text)["code"]) == (401, 20003)
