"""REST with the official client: over real HTTP and in this process, the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from werkzeug.wrappers import Response

from ivr.simulator.network import Network
from ivr.simulator.transport import HttpApp
from tests.ivr.simulator.test_webhook import served
from tests.ivr.simulator.tiny_app import CALLER, HOST, NUMBER, at, carrier, said, speak_s

DOCUMENTS = {
    "/v": "<Enqueue waitUrl='/w' action='/left'>support</Enqueue>",
    "/w": "<Pause length='30'/>",
    "/left": "",
    "/u": "<Say>Elsewhere</Say><Pause length='9'/>",
    "/f": "<Say>Sorry</Say>",
    "/cb": "",
}
Connect = Callable[[Network], Client]


@pytest.fixture(params=["in process", "over http"])
def connect(request: pytest.FixtureRequest) -> Iterator[Connect]:
    """Makes the official client for a network."""
    with ExitStack() as stack:

        def make(network: Network, token: str | None = None) -> Client:
            if request.param == "in process":
                return Client(network.account_sid, token or network.auth_token, http_client=network.rest_transport)
            client = Client(network.account_sid, token or network.auth_token)
            client.api.base_url = stack.enter_context(served(network.rest))
            stack.callback(lambda: client.http_client.session.close())
            return client

        yield make


def test_a_call_is_made_read_and_redirected(connect: Connect) -> None:
    network, app = carrier(DOCUMENTS)
    client = connect(network)
    network.line("+18005550177", answers_after_s=4)
    made = client.calls.create(
        to="+18005550177",
        from_=NUMBER,
        url=f"{HOST}/w",
        status_callback=f"{HOST}/cb",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    assert (made.status, made.direction, made.to) == ("queued", "outbound-api", "+18005550177")
    network.advance(1)
    assert client.calls(made.sid).fetch().status == "ringing"
    assert app.to("/w") == []
    network.advance(9)
    assert client.calls(made.sid).fetch().status == "in-progress"
    assert (app.to("/w")[0]["CallStatus"], app.to("/w")[0]["Direction"]) == ("in-progress", "outbound-api")
    client.calls(made.sid).update(url=f"{HOST}/u", method="GET")
    network.advance(1)
    assert said(network.calls[made.sid]) == ["Elsewhere"]
    assert [each.method for each in app.asked if each.path == "/u"] == ["GET"]
    client.calls(made.sid).update(status="completed")
    network.run()
    ended = client.calls(made.sid).fetch()
    assert (ended.status, ended.duration) == ("completed", "7")
    assert ended.end_time is not None
    assert [each["CallStatus"] for each in app.to("/cb")] == ["initiated", "ringing", "in-progress", "completed"]
    assert all(each.signed for each in app.asked)


def test_an_inline_document_is_run_without_a_fetch(connect: Connect) -> None:
    network, app = carrier(DOCUMENTS)
    made = connect(network).calls.create(to="client:anna", from_=NUMBER, twiml="<Response><Say>Hi</Say></Response>")
    network.run()
    assert said(network.calls[made.sid]) == ["Hi"]
    assert app.asked == []


def test_a_document_by_update_cuts_what_is_being_said(connect: Connect) -> None:
    network, _app = carrier({"/v": f"<Say>{'a' * 134}</Say><Say>never</Say>"})
    client = connect(network)
    line = network.call(CALLER, NUMBER)
    network.advance(2)
    client.calls(line.sid).update(twiml="<Response><Say>cut</Say></Response>")
    network.run()
    assert said(line) == ["a" * 134, "cut"]
    assert line.duration_s == 2


def test_an_answer_that_comes_after_a_redirect_is_dropped() -> None:
    network, app = carrier(DOCUMENTS)
    client = Client(network.account_sid, network.auth_token, http_client=network.rest_transport)

    def answer(form: object) -> str:
        client.calls(form["CallSid"]).update(twiml="<Response><Say>by REST</Say></Response>")
        return "<Say>too late</Say>"

    app.documents = {"/v": "<Say>Hi</Say><Redirect>/slow</Redirect>", "/slow": answer}
    line = network.call(CALLER, NUMBER)
    network.run()
    assert said(line) == ["Hi", "by REST"]
    assert at(network) == pytest.approx(speak_s("Hi") + speak_s("by REST"))


@pytest.mark.parametrize("speed", [0, 20])
def test_the_app_may_use_rest_over_http_from_inside_a_webhook_over_http(speed: float) -> None:
    network, app = carrier({"/v": "<Enqueue waitUrl='/w'>support</Enqueue>"}, speed=speed)
    with served(network.rest) as rest, served(app) as place:
        network.app = HttpApp(public_url=HOST, posts_to=place)
        client = Client(network.account_sid, network.auth_token)
        client.api.base_url = rest

        def answer(form: object) -> str:
            made = client.calls.create(to="client:anna", from_=NUMBER, twiml="<Response><Say>Ring</Say></Response>")
            client.calls(form["CallSid"]).update(twiml=f"<Response><Say>{made.status}</Say></Response>")
            return "<Say>too late</Say>"

        app.documents = {**app.documents, "/w": answer}
        if speed:
            network.start()
        line = network.call(CALLER, NUMBER)
        try:
            assert network.run_until(lambda: line.over, within_s=90)
        finally:
            network.stop()
            client.http_client.session.close()
    assert said(line) == ["queued"]
    assert said(network.people["client:anna"].line) == ["Ring"]


def test_a_call_that_rings_cannot_be_redirected(connect: Connect) -> None:
    network, _ = carrier(DOCUMENTS)
    client = connect(network)
    made = client.calls.create(to="+1800", from_=NUMBER, url=f"{HOST}/u")
    network.advance(5)
    with pytest.raises(TwilioRestException) as refused:
        client.calls(made.sid).update(url=f"{HOST}/u")
    assert refused.value.code == 21220


def test_a_queue_and_its_members_are_read(connect: Connect) -> None:
    network, _ = carrier(DOCUMENTS)
    client = connect(network)
    lines = [network.call(f"+491510000{n}", NUMBER) for n in range(3)]
    network.advance(10)
    (queue,) = client.queues.list()
    assert (queue.friendly_name, queue.current_size, queue.average_wait_time, queue.max_size) == (
        "support",
        3,
        10,
        1000,
    )
    members = client.queues(queue.sid).members.list()
    assert [(each.call_sid, each.position, each.wait_time) for each in members] == [
        (line.sid, n, 10) for n, line in enumerate(lines, 1)
    ]
    assert client.queues(queue.sid).members("Front").fetch().call_sid == lines[0].sid
    assert client.queues.create(friendly_name="claims", max_size=5).max_size == 5
    assert [each.friendly_name for each in client.queues.list()] == ["support", "claims"]


@pytest.mark.parametrize(("who", "taken"), [("Front", 0), (1, 1)])
def test_a_member_is_taken_out(connect: Connect, who: str | int, taken: int) -> None:
    network, app = carrier(DOCUMENTS)
    client = connect(network)
    lines = [network.call(f"+491510000{n}", NUMBER) for n in range(3)]
    network.advance(10)
    sid = client.queues.list()[0].sid
    address = who if who == "Front" else lines[who].sid
    client.queues(sid).members(address).update(url=f"{HOST}/u")
    assert client.queues(sid).fetch().current_size == 2
    with pytest.raises(TwilioRestException) as twice:
        client.queues(sid).members(lines[taken].sid).update(url=f"{HOST}/u")
    assert twice.value.code == 20404
    network.advance(1)
    assert [said(line) for line in lines] == [["Elsewhere"] if n == taken else [] for n in range(3)]
    assert [each["QueueResult"] for each in app.to("/left")] == ["redirected"]


def test_an_update_takes_a_waiting_call_out_of_its_queue(connect: Connect) -> None:
    network, app = carrier(DOCUMENTS)
    line = network.call(CALLER, NUMBER)
    network.advance(10)
    connect(network).calls(line.sid).update(url=f"{HOST}/u")
    network.advance(1)
    assert line.queue is None
    assert said(line) == ["Elsewhere"]
    assert [each["QueueResult"] for each in app.to("/left")] == ["redirected"]


def test_a_call_is_canceled_before_it_rings_and_nobody_hears_of_it(connect: Connect) -> None:
    network, app = carrier(DOCUMENTS)
    client = connect(network)
    made = client.calls.create(to="client:anna", from_=NUMBER, url=f"{HOST}/u", status_callback=f"{HOST}/cb")
    assert client.calls(made.sid).update(status="canceled").status == "canceled"
    network.run()
    assert app.asked == []


def test_a_call_is_canceled_while_it_rings(connect: Connect) -> None:
    network, app = carrier(DOCUMENTS)
    client = connect(network)
    made = client.calls.create(to="+1800", from_=NUMBER, url=f"{HOST}/u", status_callback=f"{HOST}/cb")
    network.advance(5)
    client.calls(made.sid).update(status="canceled")
    network.run()
    assert [each["CallStatus"] for each in app.to("/cb")] == ["canceled"]


def test_nobody_answers(connect: Connect) -> None:
    network, _ = carrier(DOCUMENTS)
    client = connect(network)
    made = client.calls.create(to="+1800", from_=NUMBER, url=f"{HOST}/u", timeout=2)
    network.advance(1.9)
    assert client.calls(made.sid).fetch().status == "ringing"
    network.advance(5.1)
    assert client.calls(made.sid).fetch().status == "no-answer"


def test_a_made_call_has_its_own_fallback(connect: Connect) -> None:
    network, app = carrier({**DOCUMENTS, "/bad": Response("", 500)})
    made = connect(network).calls.create(to="client:anna", from_=NUMBER, url=f"{HOST}/bad", fallback_url=f"{HOST}/f")
    network.run()
    assert said(network.calls[made.sid]) == ["Sorry"]
    assert app.to("/f")[0]["ErrorCode"] == "11217"


REFUSED = [
    (lambda client, line: client.calls.create(to="", from_=NUMBER, url=HOST), 400, 21201),
    (lambda client, line: client.calls.create(to="client:a", from_="", url=HOST), 400, 21213),
    (lambda client, line: client.calls.create(to="client:a", from_=NUMBER), 400, 21205),
    (lambda client, line: client.calls.create(to="client:a", from_=NUMBER, url="nonsense"), 400, 21205),
    (lambda client, line: client.calls.create(to="client:a", from_=NUMBER, url=HOST, timeout=0), 400, 21208),
    (lambda client, line: client.calls.create(to="client:a", from_=NUMBER, url=HOST, method="PUT"), 400, 21209),
    (lambda client, line: client.calls("CA" + "0" * 32).fetch(), 404, 20404),
    (lambda client, line: client.calls(line.sid).update(status="canceled"), 400, 21220),
    (lambda client, line: client.calls(line.sid).update(status="busy"), 400, 20001),
    (lambda client, line: client.calls(line.sid).delete(), 400, 20009),
    (lambda client, line: client.queues.create(friendly_name="support"), 409, 20409),
    (lambda client, line: client.queues.create(friendly_name=""), 400, 20001),
    (lambda client, line: client.queues(line.queue.sid).delete(), 400, 20009),
    (lambda client, line: client.queues("QU1").members("Front").fetch(), 404, 20404),
    (lambda client, line: client.queues(line.queue.sid).members("Front").update(url=""), 400, 21205),
    (lambda client, line: client.conferences("CF1").update(status="completed"), 404, 20404),
    (lambda client, line: client.recordings("RE1").fetch(), 404, 20404),
    (lambda client, line: client.messages("SM1").fetch(), 404, 20404),
    (lambda client, line: client.incoming_phone_numbers("PN1").delete(), 404, 20404),
]


@pytest.mark.parametrize(("ask", "status", "code"), REFUSED)
def test_what_cannot_be_done_is_refused_by_number(ask: Callable, status: int, code: int) -> None:
    network, _ = carrier(DOCUMENTS)
    client = Client(network.account_sid, network.auth_token, http_client=network.rest_transport)
    line = network.call(CALLER, NUMBER)
    network.advance(1)
    with pytest.raises(TwilioRestException) as refused:
        ask(client, line)
    assert (refused.value.status, refused.value.code) == (status, code)


def test_a_call_that_is_over_stays_so(connect: Connect) -> None:
    network, _ = carrier({"/v": "<Hangup/>"})
    client = connect(network)
    line = network.call(CALLER, NUMBER)
    network.run()
    for change in ({"url": f"{HOST}/u"}, {"status": "completed"}, {"twiml": "<Response/>"}):
        with pytest.raises(TwilioRestException) as refused:
            client.calls(line.sid).update(**change)
        assert (refused.value.status, refused.value.code) == (400, 21220)
    assert client.calls(line.sid).delete()
    assert client.calls.list() == []


def test_a_wrong_token_is_refused(connect: Connect) -> None:
    network, _ = carrier(DOCUMENTS)
    with pytest.raises(TwilioRestException) as refused:
        connect(network, "wrong").calls("CA1").fetch()
    assert (refused.value.status, refused.value.code) == (401, 20003)


def test_lists_come_in_pages(connect: Connect) -> None:
    network, _ = carrier({"/v": "<Hangup/>"})
    client = connect(network)
    lines = [network.call(f"+49151000{n}", NUMBER) for n in range(5)]
    network.run()
    assert [each.sid for each in client.calls.list(page_size=2)] == [line.sid for line in reversed(lines)]
    assert [each.sid for each in client.calls.list(page_size=2, limit=3)] == [line.sid for line in lines[:1:-1]]
    page = client.calls.page(page_size=2)
    assert len(list(page)) == 2
    assert len(list(client.calls.list(from_="+491510003"))) == 1
    assert client.calls.list(status="ringing") == []


def test_too_large_a_page_is_refused() -> None:
    network, _ = carrier({})
    login = (network.account_sid, network.auth_token)
    url = f"/2010-04-01/Accounts/{network.account_sid}/Calls.json?PageSize=1001"
    assert '"code": 20007' in network.rest_transport.request("GET", url, auth=login).text


def test_numbers_and_the_account(connect: Connect) -> None:
    network, app = carrier({"/new": "<Hangup/>"})
    client = connect(network)
    assert client.api.accounts(network.account_sid).fetch().status == "active"
    (number,) = client.incoming_phone_numbers.list(phone_number=NUMBER)
    assert number.voice_url == f"{HOST}/v?x=1"
    changed = client.incoming_phone_numbers(number.sid).update(voice_url=f"{HOST}/new", friendly_name="Hotline")
    assert (changed.voice_url, changed.friendly_name) == (f"{HOST}/new", "Hotline")
    network.call(CALLER, NUMBER)
    network.run()
    assert app.paths() == ["/new"]


def test_recordings_are_listed_and_deleted(connect: Connect) -> None:
    network, _ = carrier({"/v": "<Record/>"})
    client = connect(network)
    line = network.call(CALLER, NUMBER)
    network.advance(1)
    line.leave_message(3)
    network.advance(1)
    line.hang_up()
    network.advance(0)
    (recording,) = client.recordings.list(call_sid=line.sid)
    assert (recording.status, recording.duration, recording.source) == ("processing", "1", "RecordVerb")
    network.run()
    assert client.recordings(recording.sid).fetch().status == "completed"
    assert client.recordings(recording.sid).delete()
    assert client.recordings.list() == []


def test_all_identifiers_look_like_twilios(connect: Connect) -> None:
    network, _ = carrier(DOCUMENTS)
    client = connect(network)
    network.call(CALLER, NUMBER)
    network.advance(1)
    sids = [network.account_sid, client.calls.list()[0].sid, client.queues.list()[0].sid]
    sids.append(client.incoming_phone_numbers.list()[0].sid)
    assert [(sid[:2], len(sid)) for sid in sids] == [("AC", 34), ("CA", 34), ("QU", 34), ("PN", 34)]
