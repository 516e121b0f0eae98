"""Calls by REST: what is wished for at their outset, how lists are narrowed, and whose document they run."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.simulator.network import Network
from tests.ivr.simulator.tiny_app import CALLER, HOST, NUMBER, START, TinyApp, at, carrier, codes, said

THEM = "+18005550177"
DOCUMENTS = {
    "/v": "<Say>Inbound</Say><Pause length='5'/>",
    "/u": "<Say>Hi</Say><Pause length='60'/>",
    "/cb": "",
    "/amd": "",
}


def world(documents: dict[str, Any] | None = None, **options: Any) -> tuple[Network, TinyApp, Client]:
    network, app = carrier(documents or DOCUMENTS, **options)
    return network, app, Client(network.account_sid, network.auth_token, http_client=network.rest_transport)


def call(client: Client, **more: Any) -> Any:
    return client.calls.create(**({"to": THEM, "from_": NUMBER, "url": f"{HOST}/u"} | more))


def test_keys_are_sent_before_the_document_is_asked_for() -> None:
    network, app, client = world()
    network.line(THEM)
    made = call(client, send_digits="ww1234#", machine_detection="Enable")
    network.advance(2.1)
    assert app.paths() == []
    network.advance(0.3)
    assert app.paths() == ["/u"]
    assert [heard.text for heard in network.calls[made.sid].heard][:1] == ["ww1234#"]
    assert "AnsweredBy" not in app.to("/u")[0]  # keys switch the detection off


@pytest.mark.parametrize(
    ("behaviour", "way", "answered_by", "after_s"),
    [
        ("answers", "Enable", "human", 2),
        ("voicemail", "Enable", "machine_start", 4),
        ("voicemail", "DetectMessageEnd", "machine_end_beep", 6),
        ("answers", "DetectMessageEnd", "human", 2),
    ],
)
def test_a_machine_is_told_from_a_person_before_the_document_runs(
    behaviour: str, way: str, answered_by: str, after_s: float
) -> None:
    network, app, client = world()
    network.line(THEM, behaviour=behaviour)
    made = call(client, machine_detection=way)
    network.advance(after_s - 0.1)
    assert app.paths() == []
    network.advance(0.2)
    assert app.to("/u")[0]["AnsweredBy"] == answered_by
    assert client.calls(made.sid).fetch().answered_by == answered_by


def test_a_machine_that_greets_longer_than_one_cares_to_wait_is_unknown() -> None:
    network, app, client = world()
    network.line(THEM, behaviour="voicemail")
    call(client, machine_detection="DetectMessageEnd", machine_detection_timeout=3)
    network.advance(3.1)
    assert app.to("/u")[0]["AnsweredBy"] == "unknown"


def test_detection_beside_the_document_is_told_by_a_callback() -> None:
    network, app, client = world()
    network.line(THEM, behaviour="voicemail")
    call(
        client,
        machine_detection="DetectMessageEnd",
        async_amd="true",
        async_amd_status_callback=f"{HOST}/amd",
        async_amd_status_callback_method="GET",
    )
    network.advance(1)
    assert app.paths() == ["/u"]
    assert "AnsweredBy" not in app.to("/u")[0]
    network.advance(6)
    (told,) = app.to("/amd")
    assert (told["AnsweredBy"], told["MachineDetectionDuration"]) == ("machine_end_beep", "6000")
    assert app.asked[-1].method == "GET"
    assert app.asked[-1].signed


def test_a_call_is_recorded_from_its_answer_to_its_end() -> None:
    network, app, client = world()
    person = network.line(THEM, answers_after_s=3)
    made = call(
        client,
        record=True,
        recording_channels="dual",
        recording_status_callback=f"{HOST}/cb",
        recording_status_callback_event=["in-progress", "completed"],
    )
    network.advance(5)
    (running,) = client.calls(made.sid).recordings.list()
    assert (running.status, running.source, running.duration) == ("in-progress", "OutboundAPI", "-1")
    network.advance(5)
    person.line.hang_up()
    network.run()
    (kept,) = client.recordings.list(call_sid=made.sid)
    assert (kept.status, kept.duration, kept.channels) == ("completed", "7", 2)
    assert [each["RecordingStatus"] for each in app.to("/cb")] == ["in-progress", "completed"]
    assert app.to("/cb")[1]["RecordingDuration"] == "7"


@pytest.mark.parametrize("how", ["create", "update"])
def test_a_call_ends_at_its_time_limit(how: str) -> None:
    network, _, client = world()
    network.line(THEM)
    made = call(client, **({"time_limit": 20} if how == "create" else {}))
    network.advance(0)
    if how == "update":
        client.calls(made.sid).update(time_limit=20)
    network.run()
    ended = client.calls(made.sid).fetch()
    assert (ended.status, ended.duration) == ("completed", "20")


def test_an_application_says_what_a_call_does() -> None:
    network, app, client = world({**DOCUMENTS, "/a": "<Say>App</Say>"})
    application = client.applications.create(
        friendly_name="Shop", voice_url=f"{HOST}/a", voice_method="GET", status_callback=f"{HOST}/cb"
    )
    network.line(THEM)
    made = client.calls.create(to=THEM, from_=NUMBER, application_sid=application.sid)
    network.run()
    assert said(network.calls[made.sid]) == ["App"]
    assert (app.asked[0].method, app.asked[0].params["ApplicationSid"]) == ("GET", application.sid)
    assert [each["CallStatus"] for each in app.to("/cb")] == ["completed"]


def test_a_number_of_our_own_rings_as_a_second_leg() -> None:
    network, app, client = world()
    client.incoming_phone_numbers.create(phone_number="+18005550199", voice_url=f"{HOST}/v")
    made = call(client, to="+18005550199")
    network.advance(3)
    legs = {each.direction: each for each in client.calls.list()}
    assert set(legs) == {"outbound-api", "inbound"}
    assert {leg.status for leg in legs.values()} == {"in-progress"}
    assert legs["outbound-api"].sid == made.sid
    assert app.paths() == ["/v", "/u"]


def test_a_number_without_a_document_fails_at_once() -> None:
    network, app, client = world()
    client.incoming_phone_numbers.create(phone_number="+18005550199")
    line = network.call(CALLER, "+18005550199")
    network.run()
    assert (line.status, line.duration_s, app.paths(), codes(network)) == ("failed", 0, [], [])


def test_lists_are_narrowed_by_when_calls_began_and_ended() -> None:
    network, _, client = world({"/v": "<Pause length='10'/>"})
    for _ in range(3):
        network.call(CALLER, NUMBER)
        network.advance(3600)
    hours = [START + timedelta(hours=n) for n in range(3)]
    assert len(client.calls.list(start_time_after=hours[1])) == 2
    assert len(client.calls.list(start_time_before=hours[1])) == 2
    assert len(client.calls.list(start_time_after=hours[1], start_time_before=hours[1])) == 1
    assert len(client.calls.list(start_time=hours[1])) == 1
    assert len(client.calls.list(start_time=hours[1] - timedelta(seconds=1))) == 0
    assert len(client.calls.list(end_time_after=hours[2] + timedelta(seconds=11))) == 0
    raw = network.rest_transport.request
    login = (network.account_sid, network.auth_token)
    base = f"/2010-04-01/Accounts/{network.account_sid}/Calls.json"
    assert raw("GET", f"{base}?StartTime=2026-11-23", auth=login).text.count('"sid"') == 3
    assert raw("GET", f"{base}?StartTime%3E=2026-11-24", auth=login).text.count('"sid"') == 0
    assert raw("GET", f"{base}?StartTime=yesterday", auth=login).status_code == 400


def test_children_of_a_call_are_listed() -> None:
    network, _, client = world({"/v": f"<Dial><Number>{THEM}</Number><Client>ann</Client></Dial>"})
    network.line(THEM, answers_after_s=9)
    network.line("client:ann", answers_after_s=9)
    line = network.call(CALLER, NUMBER)
    network.advance(2)
    children = client.calls.list(parent_call_sid=line.sid)
    assert {each.to for each in children} == {THEM, "client:ann"}
    assert {(each.direction, each.status, each.parent_call_sid) for each in children} == {
        ("outbound-dial", "ringing", line.sid)
    }


def test_the_webhooks_of_a_call_are_its_events() -> None:
    network, _, client = world()
    line = network.call(CALLER, NUMBER)
    network.run()
    (event,) = client.calls(line.sid).events.list()
    assert event.request["parameters"]["CallSid"] == line.sid
    assert event.response["response_code"] == 200


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"to": "somebody"}, 21211),
        ({"from_": "+15550001"}, 21210),
        ({"from_": "some one"}, 21212),
        ({"send_digits": "1x"}, 21206),
        ({"url": None, "application_sid": "AP0"}, 21218),
        ({"machine_detection": "Maybe"}, 20001),
        ({"status_callback": "nowhere"}, 21205),
        ({"record": True, "recording_channels": "many"}, 20001),
        ({"time_limit": 0}, 20001),
        ({"url": None, "twiml": "<Response>" + "x" * 4000}, 32018),
    ],
)
def test_a_wrong_parameter_is_named_and_nobody_is_called(wrong: dict[str, Any], code: int) -> None:
    network, _, client = world()
    with pytest.raises(TwilioRestException) as refused:
        call(client, **wrong)
    assert (refused.value.status, refused.value.code) == (400, code)
    assert not network.calls


def test_a_verified_number_may_be_shown() -> None:
    _, _, client = world()
    assert client.validation_requests.create(phone_number="+15005550009").validation_code
    assert call(client, from_="+1 (500) 555-0009")._from == "+15005550009"
    (known,) = client.outgoing_caller_ids.list()
    assert client.outgoing_caller_ids(known.sid).update(friendly_name="Office").friendly_name == "Office"
    assert client.outgoing_caller_ids(known.sid).delete()
    with pytest.raises(TwilioRestException):
        call(client, from_="+15005550009")


def test_where_the_accounts_numbers_are_not_known_a_strange_sender_is_only_warned_of() -> None:
    network, _, client = world(senders="any")
    assert call(client, from_="+15005550009").status == "queued"
    assert client.messages.create(to=THEM, from_="+15005550009", body="Hi").status == "queued"
    assert codes(network) == [21210, 21606]


def test_an_update_takes_one_document_only() -> None:
    network, _, client = world()
    line = network.call(CALLER, NUMBER)
    network.advance(1)
    with pytest.raises(TwilioRestException) as refused:
        client.calls(line.sid).update(url=f"{HOST}/u", twiml="<Response/>")
    assert refused.value.code == 20001
    network.run()
    assert at(network) == pytest.approx(5.5, abs=0.1)


BRIDGED = {
    **DOCUMENTS,
    "/v": f"<Say>Hi</Say><Dial action='/d'>{THEM}</Dial>",
    "/d": "<Say>Dial over</Say><Pause length='60'/>",
    "/room": "<Dial><Conference>room</Conference></Dial>",
}


def bridged() -> tuple[Network, TinyApp, Client, str, str]:
    network, app, client = world(BRIDGED)
    network.line(THEM, answers_after_s=1)
    line = network.call(CALLER, NUMBER)
    network.advance(10)
    (child,) = client.calls.list(parent_call_sid=line.sid)
    return network, app, client, line.sid, child.sid


def test_who_was_dialled_can_be_taken_elsewhere_and_the_dial_is_over() -> None:
    network, app, client, parent, child = bridged()
    client.calls(child).update(url=f"{HOST}/u")
    network.advance(5)
    assert [said(network.calls[sid])[-1] for sid in (parent, child)] == ["Dial over", "Hi"]
    assert app.to("/u")[0]["CallSid"] == child
    assert app.to("/d")[0]["DialCallStatus"] == "completed"
    client.calls(parent).update(status="completed")
    network.advance(5)
    assert client.calls(child).fetch().status == "in-progress"


def test_who_dialled_is_taken_elsewhere_and_the_other_is_hung_up_on() -> None:
    network, app, client, parent, child = bridged()
    client.calls(parent).update(url=f"{HOST}/u")
    network.advance(5)
    assert client.calls(child).fetch().status == "completed"
    assert app.to("/d") == []


def test_both_sides_of_a_call_are_put_into_a_conference() -> None:
    network, _, client, parent, child = bridged()
    for sid in (child, parent):
        client.calls(sid).update(url=f"{HOST}/room")
    network.advance(5)
    (room,) = client.conferences.list(status="in-progress")
    assert {each.call_sid for each in room.participants.list()} == {parent, child}


def test_who_still_hears_the_whisper_can_be_taken_elsewhere() -> None:
    documents = {**BRIDGED, "/v": f"<Dial action='/d'><Number url='/u'>{THEM}</Number></Dial>"}
    network, app, client = world(documents)
    network.line(THEM)
    line = network.call(CALLER, NUMBER)
    network.advance(2)
    (child,) = client.calls.list(parent_call_sid=line.sid)
    client.calls(child.sid).update(url=f"{HOST}/room")
    network.advance(2)
    assert app.to("/d")[0]["DialBridged"] == "false"
    assert network.calls[child.sid].state == "in conference"


def test_an_event_that_does_not_exist_is_warned_of_and_the_others_are_told() -> None:
    network, app, client = world()
    network.line(THEM, behaviour="busy")
    call(client, status_callback=f"{HOST}/cb", status_callback_event=["ringing", "busy", "no-answer", "completed"])
    network.run()
    assert [each["CallStatus"] for each in app.to("/cb")] == ["ringing", "busy"]
    assert codes(network) == [21626]
