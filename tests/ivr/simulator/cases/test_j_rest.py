"""Cases J: calls made and controlled by REST, with the official client - see docs/twiml.md."""

from __future__ import annotations

import json

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.simulator.line import Line
from ivr.simulator.network import Network
from tests.ivr.simulator.tiny_app import CALLER, HOST, NUMBER, TinyApp, at, carrier, said

ANNA = "+18005550177"
FOUR = ["initiated", "ringing", "answered", "completed"]
LONG = "x" * 300


class Rest:
    """A network with Anna, who answers after 4 s, and the official client."""

    def __init__(self, **anna: object) -> None:
        documents = {
            "/v": f"<Say>{LONG}</Say>",
            "/u": "<Say>hello</Say><Pause length='60'/>",
            "/c": "",
            "/n": "<Say>new</Say>",
        }
        self.network, self.app = carrier(documents)
        self.network.line(ANNA, **(anna or {"answers_after_s": 4}))
        network = self.network
        self.client = Client(network.account_sid, network.auth_token, http_client=network.rest_transport)

    def call(self, **more: object) -> object:
        order = {"to": ANNA, "from_": NUMBER, "url": f"{HOST}/u"} | more
        return self.client.calls.create(**{name: value for name, value in order.items() if value is not None})

    def refused(self, **order: object) -> TwilioRestException:
        with pytest.raises(TwilioRestException) as refused:
            self.call(**order)
        return refused.value

    @property
    def leg(self) -> Line:
        return self.network.people[ANNA].line

    def get(self, path: str, token: str | None = None) -> tuple[int, dict]:
        url = f"https://api.twilio.com/2010-04-01/Accounts/{self.network.account_sid}{path}"
        auth = (self.network.account_sid, self.network.auth_token if token is None else token)
        answer = self.network.rest_transport.request("GET", url, auth=auth)
        return answer.status_code, json.loads(answer.text)


def test_j1_a_call_is_made() -> None:
    """201 queued; rings, is answered, and only then its URL is asked: in-progress, outbound-api."""
    rest = Rest()
    made = rest.call()
    assert (made.status, made.direction, made.to) == ("queued", "outbound-api", ANNA)
    rest.network.advance(3)
    assert (rest.client.calls(made.sid).fetch().status, rest.app.asked) == ("ringing", [])
    rest.network.advance(2)
    asked = rest.app.to("/u")[0]
    assert (asked["CallStatus"], asked["Direction"], asked["CallSid"]) == ("in-progress", "outbound-api", made.sid)


@pytest.mark.parametrize(("missing", "code"), [("to", 21201), ("from_", 21213)])
def test_j2_no_to_or_no_from(missing: str, code: int) -> None:
    """400: 21201, 21213."""
    refused = Rest().refused(**{missing: ""})
    assert (refused.status, refused.code) == (400, code)


def test_j3_nothing_to_do() -> None:
    """No Url, Twiml or ApplicationSid: 400, 21205."""
    refused = Rest().refused(url=None)
    assert (refused.status, refused.code) == (400, 21205)


def test_j4_an_inline_document() -> None:
    """Twiml: run when answered; no request."""
    rest = Rest()
    rest.call(url=None, twiml="<Response><Say>inline</Say></Response>")
    rest.network.run()
    assert (said(rest.leg), rest.app.asked) == (["inline"], [])


def test_j5_status_callbacks() -> None:
    """Repeated StatusCallbackEvent: four, in order; completed only by default."""
    for events, statuses in ((FOUR, ["initiated", "ringing", "in-progress", "completed"]), (None, ["completed"])):
        rest = Rest()
        rest.call(status_callback=f"{HOST}/c", status_callback_event=events)
        rest.network.advance(9)
        rest.leg.hang_up()
        rest.network.run()
        assert [each["CallStatus"] for each in rest.app.to("/c")] == statuses
        assert rest.app.to("/c")[-1]["CallDuration"] == "5"


def test_j6_canceled_while_queued() -> None:
    """canceled; no callbacks at all."""
    rest = Rest()
    made = rest.call(status_callback=f"{HOST}/c", status_callback_event=FOUR)
    assert rest.client.calls(made.sid).update(status="canceled").status == "canceled"
    rest.network.run()
    assert rest.app.asked == []


def test_j7_ended() -> None:
    """Status=completed on a live call: completed."""
    rest = Rest()
    made = rest.call(status_callback=f"{HOST}/c")
    rest.network.advance(9)
    rest.client.calls(made.sid).update(status="completed")
    rest.network.run()
    assert rest.leg.status == "completed"
    assert rest.app.to("/c")[0]["CallStatus"] == "completed"


@pytest.mark.parametrize("status", ["canceled", "completed"])
def test_j8_canceled_while_ringing(status: str) -> None:
    """canceled; the completed event says so."""
    rest = Rest()
    made = rest.call(status_callback=f"{HOST}/c")
    rest.network.advance(2)
    rest.client.calls(made.sid).update(status=status)
    rest.network.run()
    assert rest.leg.status == "canceled"
    assert [each["CallStatus"] for each in rest.app.to("/c")] == ["canceled"]


def live() -> tuple[Rest, Line]:
    rest = Rest()
    line = rest.network.call(CALLER, NUMBER)
    rest.network.advance(3)
    return rest, line


def test_j9_a_live_call_is_taken_to_another_url() -> None:
    """In the middle of a Say: cut; POST to the new URL."""
    rest, line = live()
    rest.client.calls(line.sid).update(url=f"{HOST}/n")
    rest.network.run_until(lambda: len(said(line)) == 2)
    assert (at(rest.network), said(line)[1]) == (3, "new")
    assert rest.app.to("/n")[0]["CallSid"] == line.sid


def test_j10_by_get() -> None:
    """Method=GET."""
    rest, line = live()
    rest.client.calls(line.sid).update(url=f"{HOST}/n", method="GET")
    rest.network.run()
    assert (rest.app.asked[1].method, rest.app.asked[1].signed) == ("GET", True)


def test_j11_a_pending_gather_is_not_answered() -> None:
    """Its action is not asked."""
    rest = Rest()
    rest.app.documents["/v"] = "<Gather action='/g'/>"
    line = rest.network.call(CALLER, NUMBER)
    rest.network.advance(1)
    line.press("1")
    rest.network.advance(1)
    rest.client.calls(line.sid).update(url=f"{HOST}/n")
    rest.network.run()
    assert rest.app.paths() == ["/v", "/n"]


def test_j12_to_an_inline_document() -> None:
    """Its verbs; the old document's never."""
    rest = Rest()
    rest.app.documents["/v"] = "<Connect><Stream url='wss://s.test'/></Connect><Say>never</Say>"
    line = rest.network.call(CALLER, NUMBER)
    rest.network.advance(1)
    rest.client.calls(line.sid).update(twiml="<Response><Say>inline</Say></Response>")
    rest.network.run()
    assert (said(line), line.streams) == (["inline"], [])


def test_j13_a_finished_call() -> None:
    """400, 21220."""
    rest, line = live()
    line.hang_up()
    rest.network.run()
    with pytest.raises(TwilioRestException) as refused:
        rest.client.calls(line.sid).update(url=f"{HOST}/n")
    assert (refused.value.status, refused.value.code) == (400, 21220)


def test_j14_no_answer() -> None:
    """Timeout=2: no-answer after 2 s."""
    rest = Rest(behaviour="never")
    made = rest.call(timeout=2, status_callback=f"{HOST}/c")
    rest.network.run_until(lambda: rest.leg.over)
    assert 2 <= at(rest.network) <= 7
    assert rest.client.calls(made.sid).fetch().status == "no-answer"


@pytest.mark.parametrize(
    ("behaviour", "status"), [("busy", "busy"), ("rejects", "busy"), ("unreachable", "failed"), ("never", "no-answer")]
)
def test_j15_what_may_come_of_a_call(behaviour: str, status: str) -> None:
    """busy, failed, no-answer; the URL is never asked."""
    rest = Rest(behaviour=behaviour)
    made = rest.call()
    rest.network.run()
    assert rest.client.calls(made.sid).fetch().status == status
    assert rest.app.asked == []


def test_j16_a_wrong_token() -> None:
    """401, 20003."""
    status, body = Rest().get("/Calls.json", "wrong")
    assert (status, body["code"]) == (401, 20003)


@pytest.mark.parametrize("path", ["/Calls/CA" + "0" * 32, "/Queues/QU1", "/Conferences/CF1", "/Recordings/RE1"])
def test_j17_an_unknown_sid(path: str) -> None:
    """404, 20404."""
    status, body = Rest().get(path + ".json")
    assert (status, body["code"], body["status"]) == (404, 20404, 404)


def test_j18_paging() -> None:
    """PageSize=2, five calls: three pages; the official client reads them all."""
    rest = Rest()
    sids = {rest.call().sid for _ in range(5)}
    assert {each.sid for each in rest.client.calls.list(page_size=2)} == sids
    path, pages = "/Calls.json?PageSize=2", 0
    while path:
        _, body = rest.get(path)
        pages += 1
        path = (body["next_page_uri"] or "").partition(rest.network.account_sid)[2]
    assert pages == 3


@pytest.mark.parametrize("path", ["Calls", "Queues", "Conferences", "Recordings", "Messages", "IncomingPhoneNumbers"])
def test_j19_one_list_in_each_answer(path: str) -> None:
    """Exactly one key holds a list, or the client fails."""
    _, body = Rest().get(f"/{path}.json")
    assert len([key for key, value in body.items() if isinstance(value, list)]) == 1


def test_j20_a_call_is_read() -> None:
    """Its fields as REST shows them."""
    rest, line = live()
    rest.network.advance(1)
    line.hang_up()
    rest.network.run()
    read = rest.client.calls(line.sid).fetch()
    assert (read.status, read.direction, read.duration) == ("completed", "inbound", "4")
    assert (read.start_time, read.end_time is not None) == (line.answered_at, True)


def test_j21_filters() -> None:
    """Status=, To=, StartTime>=."""
    rest, line = live()
    rest.call()
    rest.network.advance(9)
    calls = rest.client.calls
    assert [each.to for each in calls.list(to=ANNA)] == [ANNA]
    assert [each.sid for each in calls.list(from_=CALLER)] == [line.sid]
    assert calls.list(status="busy") == []
    assert len(calls.list(status="in-progress")) == 2
    assert len(calls.list(start_time_after=rest.network.now().date())) == 2


@pytest.mark.parametrize(("behaviour", "seconds"), [("skip", (6, 7)), ("silence", (8, 9))])
def test_j22_a_recording_is_paused(behaviour: str, seconds: tuple[int, int]) -> None:
    """Twilio.CURRENT, 3+3+3 s: skip leaves out, silence keeps."""
    rest, line = live()
    rest.client.calls(line.sid).recordings.create()
    current = rest.client.calls(line.sid).recordings("Twilio.CURRENT")
    rest.network.advance(3)
    current.update(status="paused", pause_behavior=behaviour)
    rest.network.advance(3)
    current.update(status="in-progress")
    rest.network.advance(3)
    current.update(status="stopped")
    rest.network.advance(2)
    (recording,) = rest.client.recordings.list()
    assert seconds[0] <= int(recording.duration) <= seconds[1]
    assert (recording.status, recording.source) == ("completed", "StartCallRecordingAPI")


def test_j23_a_call_is_recorded_whole() -> None:
    """Record=true: OutboundAPI; the last callback names the recording."""
    rest = Rest()
    rest.call(record=True, status_callback=f"{HOST}/c")
    rest.network.advance(14)
    rest.leg.hang_up()
    rest.network.run()
    (recording,) = rest.client.recordings.list()
    assert (recording.source, recording.duration) == ("OutboundAPI", "10")
    assert rest.app.to("/c")[0]["RecordingSid"] == recording.sid


def test_j24_a_second_recording_of_one_call() -> None:
    """Accepted; one recording comes of it."""
    rest, line = live()
    for _ in range(2):
        rest.client.calls(line.sid).recordings.create()
    rest.network.advance(5)
    line.hang_up()
    rest.network.run()
    assert len(rest.client.recordings.list(call_sid=line.sid)) == 1


@pytest.mark.parametrize("order", [{"method": "PUT"}, {"timeout": "soon"}, {"url": "no url"}])
def test_j25_bad_parameters(order: dict) -> None:
    """400, with a code."""
    refused = Rest().refused(**order)
    assert refused.status == 400
    assert refused.code


def test_j26_sids_have_34_characters() -> None:
    """Of every kind."""
    rest, line = live()
    message = rest.client.messages.create(to=ANNA, from_=NUMBER, body="x")
    queue = rest.client.queues.create(friendly_name="q")
    recording = rest.client.calls(line.sid).recordings.create()
    found = [line.sid, rest.network.account_sid, message.sid, queue.sid, recording.sid]
    found += [each.sid for each in rest.network.numbers.values()]
    assert [len(sid) for sid in found] == [34] * 6
    assert [sid[:2] for sid in found] == ["CA", "AC", "SM", "QU", "RE", "PN"]


def test_j27_a_message() -> None:
    """201 queued, then sent, then delivered; the callback has MessageStatus."""
    rest = Rest()
    made = rest.client.messages.create(to=ANNA, from_=NUMBER, body="Order 4711", status_callback=f"{HOST}/c")
    assert made.status == "queued"
    rest.network.run()
    assert [each["MessageStatus"] for each in rest.app.to("/c")][-2:] == ["sent", "delivered"]
    assert rest.app.to("/c")[-1]["MessageSid"] == made.sid
    assert all(each.signed for each in rest.app.asked)
    assert rest.client.messages(made.sid).fetch().status == "delivered"


def test_j28_machine_detection_and_digits() -> None:
    """SendDigits switches MachineDetection off; without them AnsweredBy is told."""
    for more, known in (({"send_digits": "ww1"}, None), ({}, "machine_start")):
        rest = Rest(behaviour="voicemail", answers_after_s=2)
        rest.call(machine_detection="Enable", **more)
        rest.network.run()
        assert rest.app.to("/u")[0].get("AnsweredBy") == known


def test_j29_a_call_to_a_number_of_the_account() -> None:
    """Two legs and two documents: the call's own Url, and the number's VoiceUrl."""
    rest = Rest()
    rest.network.number("+18005550143", f"{HOST}/n")
    rest.call(to="+18005550143")
    rest.network.run()
    assert sorted((each.direction, each.status) for each in rest.network.calls.values()) == [
        ("inbound", "completed"),
        ("outbound-api", "completed"),
    ]
    assert sorted(rest.app.paths()) == ["/n", "/u"]


def test_j30_a_fallback() -> None:
    """FallbackUrl of the call, with ErrorCode and ErrorUrl."""
    rest = Rest()
    rest.call(url=f"{HOST}/missing", fallback_url=f"{HOST}/n")
    rest.network.run()
    asked: TinyApp = rest.app
    assert asked.to("/n")[0]["ErrorCode"] == "11217"
    assert said(rest.leg) == ["new"]


def test_j31_the_same_seed_the_same_sids() -> None:
    """Runs repeat."""
    sids = [[each.sid for each in (Rest().call(), Rest().call())] for _ in range(2)]
    assert sids[0] == sids[1]
    assert isinstance(Rest().network, Network)
