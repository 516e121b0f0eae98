"""Cases H: Enqueue, Queue and Leave - see docs/twiml.md."""

from __future__ import annotations

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from werkzeug.wrappers import Response

from ivr.simulator.line import Line
from ivr.simulator.network import Network
from ivr.simulator.queue import Queue
from ivr.simulator.sound import tone
from tests.ivr.simulator.tiny_app import CALLER, HOST, NUMBER, TinyApp, at, carrier, codes, said

WAIT_5 = "<Play>5.wav</Play>"
FIVE = Response(tone(5), content_type="audio/wav")


def enqueued(
    callers: int = 1, enqueue: str = "action='/a' waitUrl='/w'", name: str = "support", **documents: object
) -> tuple[Network, TinyApp, list[Line]]:
    """Callers who wait in a queue, one a second; the agents' number dials it."""
    documents = {f"/{path}": answer for path, answer in documents.items()}
    app_documents = {
        "/v": f"<Enqueue {enqueue}>{name}</Enqueue><Say>bye</Say>",
        "/w": "<Pause length='30'/>",
        "/a": "<Say>after</Say>",
        "/agent": "<Dial action='/done'><Queue>support</Queue></Dial>",
        "/done": "",
        "/5.wav": FIVE,
    }
    network, app = carrier(app_documents | documents)
    network.number("+18005550143", f"{HOST}/agent")
    lines = []
    for n in range(callers):
        lines.append(network.call(f"+4915112345{n:03}", NUMBER))
        network.advance(1 if callers > 1 else 0)
    return network, app, lines


def queue(network: Network) -> Queue:
    (only,) = network.queues.values()
    return only


def agent(network: Network) -> Line:
    return network.call("+18005550177", "+18005550143")


def posted(app: TinyApp, path: str = "/a") -> dict[str, str]:
    assert len(app.to(path)) == 1
    return app.to(path)[0]


def client(network: Network) -> Client:
    return Client(network.account_sid, network.auth_token, http_client=network.rest_transport)


def test_h1_the_caller_is_answered_and_queued() -> None:
    """The queue is made on first use; its members count from 1."""
    network, _, (line,) = enqueued()
    assert (line.status, line.queue, queue(network).name) == ("in-progress", queue(network), "support")
    assert queue(network).position(line) == 1


def test_h2_the_caller_stays_queued() -> None:
    """After 3 s: in-progress, position 1."""
    network, _, (line,) = enqueued()
    network.advance(3)
    (member,) = client(network).queues(queue(network).sid).members.list()
    assert (line.status, member.position, member.call_sid, member.wait_time) == ("in-progress", 1, line.sid, 3)


def test_h3_the_wait_url_is_told_the_position() -> None:
    """QueueSid, QueuePosition, QueueTime, AvgQueueTime, CurrentQueueSize, MaxQueueSize."""
    network, app, _ = enqueued(2)
    first, second = app.to("/w")
    assert first["QueueSid"] == queue(network).sid
    assert (first["QueuePosition"], second["QueuePosition"], second["CurrentQueueSize"]) == ("1", "2", "2")
    assert (second["QueueTime"], second["AvgQueueTime"], second["MaxQueueSize"]) == ("0", "0", "1000")
    assert second["CallStatus"] == "in-progress"


def test_h4_the_wait_document_is_asked_again_and_again() -> None:
    """A Play of 5 s: at 0, 5, 10, 15; QueueTime rises."""
    network, app, _ = enqueued(w=WAIT_5)
    network.advance(17)
    assert [each["QueueTime"] for each in app.to("/w")] == ["0", "5", "10", "15"]


def test_h5_an_empty_wait_document_does_not_spin() -> None:
    """Asked again after a second."""
    network, app, _ = enqueued(w="")
    network.advance(10)
    assert 2 <= len(app.to("/w")) <= 11


def test_h6_an_empty_wait_url_is_silence() -> None:
    """waitUrl="": no request."""
    network, app, (line,) = enqueued(enqueue="waitUrl=''")
    network.advance(60)
    assert (app.paths(), line.state) == (["/v"], "waiting in queue")


def test_h7_the_wait_url_may_be_a_sound() -> None:
    """Played, and asked again."""
    network, app, (line,) = enqueued(enqueue="waitUrl='/5.wav'")
    network.advance(12)
    assert app.paths().count("/5.wav") == 3
    assert [each.kind for each in line.heard] == ["play"] * 3


GATHER = "<Gather numDigits='1' action='/w2'><Play>5.wav</Play></Gather>"


def test_h8_a_gather_while_waiting() -> None:
    """POST /w2 with Digits and the queue's parameters; its verbs run; then the wait document again."""
    network, app, (line,) = enqueued(w=GATHER, w2="<Say>two</Say>")
    network.advance(2)
    line.press("1")
    network.advance(3)
    asked = posted(app, "/w2")
    assert (asked["Digits"], asked["QueuePosition"], asked["QueueTime"]) == ("1", "1", "2")
    assert said(line) == ["two"]
    assert app.paths()[-2:] == ["/w", "/5.wav"] or app.paths()[-1] == "/w"
    assert line.state in ("waiting in queue", "gathering", "hearing")


def test_h9_leave() -> None:
    """The Gather's action says `<Leave/>`: the Enqueue's action with leave, QueueSid and QueueTime."""
    network, app, (line,) = enqueued(w=GATHER, w2="<Leave/><Say>no</Say>")
    network.advance(2)
    line.press("1")
    network.run()
    asked = posted(app)
    assert (asked["QueueResult"], asked["QueueTime"], asked["QueueSid"]) == ("leave", "2", queue(network).sid)
    assert said(line) == ["after"]
    assert queue(network).members == []


@pytest.mark.parametrize("verb", ["Dial", "Record", "Enqueue", "Reject", "Sms"])
def test_h10_what_may_not_be_done_while_waiting(verb: str) -> None:
    """Dial, Record, Enqueue: 12200, skipped."""
    network, _, (line,) = enqueued(w=f"<{verb}/><Pause length='30'/>")
    network.advance(1)
    assert codes(network) == [12200]
    assert line.queue is queue(network)


def test_h11_a_hangup_while_waiting() -> None:
    """`<Hangup/>`: the call ends; the action is told hangup."""
    network, app, (line,) = enqueued(w="<Pause length='3'/><Hangup/>")
    network.run()
    assert (posted(app)["QueueResult"], line.status, line.ended_by) == ("hangup", "completed", "app")


def test_h12_a_redirect_while_waiting() -> None:
    """To another wait document; when that ends the waitUrl is asked again."""
    network, app, _ = enqueued(w="<Redirect>/x</Redirect>", x="<Pause length='4'/>")
    network.advance(6)
    assert app.paths() == ["/v", "/w", "/x", "/w", "/x"]


def test_h13_the_caller_gives_up() -> None:
    """After 41 s: hangup, QueueTime=41, CallStatus=completed; the answer is ignored."""
    network, app, (line,) = enqueued()
    network.advance(41)
    line.hang_up()
    network.run()
    asked = posted(app)
    assert (asked["QueueResult"], asked["QueueTime"], asked["CallStatus"]) == ("hangup", "41", "completed")
    assert said(line) == []


def test_h14_bridged() -> None:
    """An agent dials the queue: the member leaves it at once; the action comes once, when the talk is over."""
    network, app, (line,) = enqueued()
    network.advance(10)
    anna = agent(network)
    network.advance(1)
    assert (line.partner, queue(network).members, app.to("/a")) == (anna, [], [])
    network.advance(59)
    anna.hang_up()
    network.run()
    assert (posted(app)["QueueResult"], posted(app)["QueueTime"]) == ("bridged", "10")
    assert said(line) == ["after"]
    assert posted(app, "/done")["DialCallStatus"] == "completed"


def test_h15_first_come_first_served() -> None:
    """Of three the first is taken; the others move up."""
    network, _, (first, second, third) = enqueued(3)
    anna = agent(network)
    network.advance(1)
    assert anna.partner is first
    assert [queue(network).position(line) for line in (first, second, third)] == [0, 1, 2]


def test_h16_the_next_wait_request_knows_it() -> None:
    """QueuePosition lowered by one."""
    network, app, (_, second, _) = enqueued(3, w=WAIT_5)
    agent(network)
    network.advance(6)
    positions = [each["QueuePosition"] for each in app.to("/w") if each["CallSid"] == second.sid]
    assert positions == ["2", "1"]


def test_h17_the_caller_hangs_up_while_they_talk() -> None:
    """The agent's action runs; the caller's is told bridged."""
    network, app, (line,) = enqueued()
    anna = agent(network)
    network.advance(20)
    line.hang_up()
    network.run()
    assert (posted(app)["CallStatus"], posted(app)["QueueResult"]) == ("completed", "bridged")
    assert posted(app, "/done")["DialCallStatus"] == "completed"
    assert anna.status == "completed"


def test_h18_the_agent_waits_for_a_caller() -> None:
    """Bridged when one comes at t=3."""
    network, _, _ = enqueued()
    next(iter(network.calls.values())).hang_up()
    network.advance(0)
    anna = agent(network)
    network.advance(3)
    assert anna.partner is None
    line = network.call(CALLER, NUMBER)
    network.advance(0.1)
    assert anna.partner is line


def test_h19_the_queues_document_is_heard_by_the_caller() -> None:
    """POST /q with QueueSid, CallSid of the caller, QueueTime and DequeingCallSid; then they talk."""
    network, app, (line,) = enqueued(
        agent="<Dial><Queue url='/q'>support</Queue></Dial>", q="<Say>This call is recorded</Say>"
    )
    network.advance(7)
    anna = agent(network)
    network.advance(0.1)
    assert (said(line), said(anna), anna.partner) == (["This call is recorded"], [], None)
    asked = posted(app, "/q")
    assert (asked["QueueSid"], asked["CallSid"], asked["QueueTime"]) == (queue(network).sid, line.sid, "7")
    assert asked["DequeingCallSid"] == anna.sid
    network.advance(5)
    assert anna.partner is line


def test_h20_a_queue_that_does_not_exist() -> None:
    """14212; the Dial fails."""
    network, app, _ = enqueued(agent="<Dial action='/done'><Queue>nowhere</Queue></Dial>")
    agent(network)
    network.advance(1)
    assert codes(network) == [14212]
    assert posted(app, "/done")["DialCallStatus"] == "failed"


def test_h21_nobody_comes() -> None:
    """The Dial's timeout: no-answer."""
    network, app, (line,) = enqueued(agent="<Dial action='/done' timeout='8'><Queue>support</Queue></Dial>")
    line.hang_up()
    network.advance(0)
    agent(network)
    network.run_until(lambda: bool(app.to("/done")))
    assert (at(network), posted(app, "/done")["DialCallStatus"]) == (8, "no-answer")


@pytest.mark.parametrize(("name", "code"), [("x" * 65, 14205), ("", 14204)])
def test_h22_the_names_of_queues(name: str, code: int) -> None:
    """65 characters 14205, none 14204: QueueResult=error, no QueueSid."""
    network, app, _ = enqueued(name=name)
    network.run()
    assert codes(network) == [code]
    assert posted(app)["QueueResult"] == "error"
    assert "QueueSid" not in posted(app)


def test_h23_rest_takes_the_first_one_out() -> None:
    """POST Members/Front Url=/u: /u runs; the action is told redirected, its answer is not run."""
    network, app, (first, second) = enqueued(2, u="<Say>elsewhere</Say>")
    client(network).queues(queue(network).sid).members("Front").update(url=f"{HOST}/u", method="POST")
    network.advance(5)
    assert said(first) == ["elsewhere"]
    assert posted(app)["QueueResult"] == "redirected"
    assert queue(network).position(second) == 1


def test_h24_rest_takes_one_out_by_call_sid() -> None:
    """The middle one only."""
    network, _, (first, second, third) = enqueued(3, u="<Say>elsewhere</Say>")
    client(network).queues(queue(network).sid).members(second.sid).update(url=f"{HOST}/u")
    network.advance(5)
    assert [said(line) for line in (first, second, third)] == [[], ["elsewhere"], []]
    assert [queue(network).position(line) for line in (first, third)] == [1, 2]


def test_h25_nobody_is_taken_out_twice() -> None:
    """The second time 404."""
    network, _, (line,) = enqueued(u="<Pause length='99'/>")
    member = client(network).queues(queue(network).sid).members(line.sid)
    member.update(url=f"{HOST}/u")
    with pytest.raises(TwilioRestException) as refused:
        member.update(url=f"{HOST}/u")
    assert refused.value.status == 404


def test_h26_a_call_update_takes_the_caller_out_too() -> None:
    """POST Calls/CA Url=/u: redirected."""
    network, app, (line,) = enqueued(u="<Say>elsewhere</Say>")
    network.advance(5)
    client(network).calls(line.sid).update(url=f"{HOST}/u")
    network.advance(5)
    assert said(line) == ["elsewhere"]
    assert (posted(app)["QueueResult"], posted(app)["QueueTime"]) == ("redirected", "5")


def test_h27_a_call_update_while_they_talk() -> None:
    """redirected-from-bridged; the agent's Dial is over."""
    network, app, (line,) = enqueued(u="<Say>elsewhere</Say>")
    agent(network)
    network.advance(5)
    client(network).calls(line.sid).update(url=f"{HOST}/u")
    network.run()
    assert posted(app)["QueueResult"] == "redirected-from-bridged"
    assert said(line) == ["elsewhere"]
    assert len(app.to("/done")) == 1


def test_h28_a_full_queue() -> None:
    """queue-full, 14207, neither QueueSid nor QueueTime."""
    network, app, (first, second) = enqueued(2, "action='/a' waitUrl='/w' maxQueueSize='1'")
    network.advance(1)
    assert codes(network) == [14207]
    asked = posted(app)
    assert (asked["QueueResult"], asked["CallSid"]) == ("queue-full", second.sid)
    assert not {"QueueSid", "QueueTime"} & set(asked)
    assert queue(network).position(first) == 1


def test_h29_without_an_action_the_document_goes_on() -> None:
    """After Leave: "bye"."""
    network, app, (line,) = enqueued(enqueue="waitUrl='/w'", w="<Pause length='3'/><Leave/>")
    network.run()
    assert (said(line), app.to("/a")) == (["bye"], [])


def test_h30_a_queue_with_members_is_not_deleted() -> None:
    """Refused; empty it goes."""
    network, _, (line,) = enqueued()
    found = client(network).queues(queue(network).sid)
    with pytest.raises(TwilioRestException):
        found.delete()
    line.hang_up()
    network.run()
    assert found.delete()
    assert network.queues == {}


def test_h31_the_list_of_members() -> None:
    """`queue_members`, positions from 1."""
    network, _, lines = enqueued(3)
    path = f"/2010-04-01/Accounts/{network.account_sid}/Queues/{queue(network).sid}/Members.json"
    auth = (network.account_sid, network.auth_token)
    answer = network.rest_transport.request("GET", "https://api.twilio.com" + path, auth=auth)
    assert '"queue_members"' in answer.content.decode() if isinstance(answer.content, bytes) else answer.text
    members = client(network).queues(queue(network).sid).members.list()
    assert [(each.position, each.call_sid) for each in members] == [(n, line.sid) for n, line in enumerate(lines, 1)]


def test_h32_a_broken_wait_document_is_an_error() -> None:
    """500: QueueResult=error."""
    network, app, _ = enqueued(w=Response("", 500))
    network.run()
    assert codes(network) == [11217]
    assert posted(app)["QueueResult"] == "error"


@pytest.mark.parametrize(
    ("written", "code"), [("method='PUT'", 14201), ("waitUrlMethod='PUT'", 14206), ("workflowSid='WW1'", 14226)]
)
def test_h33_bad_attributes(written: str, code: int) -> None:
    """method 14201, waitUrlMethod 14206; TaskRouter is not part of this carrier: 14226."""
    network, _, _ = enqueued(enqueue=f"action='/a' waitUrl='/w' {written}")
    network.advance(1)
    assert codes(network) == [code]


def test_h34_the_agent_takes_the_next_with_a_star() -> None:
    """hangupOnStar: the first talk ends, the document dials the queue again."""
    again = "<Dial hangupOnStar='true'><Queue>support</Queue></Dial><Redirect/>"
    network, _, (first, second) = enqueued(2, agent=again)
    anna = agent(network)
    network.advance(5)
    assert anna.partner is first
    anna.press("*")
    network.advance(1)
    assert anna.partner is second
