"""Enqueue and Dial Queue: callers who wait, what they hear, and every way out.

https://www.twilio.com/docs/voice/twiml/enqueue  .../queue
"""

from __future__ import annotations

import pytest
from werkzeug.wrappers import Response

from ivr.simulator.line import Line
from ivr.simulator.network import Network
from ivr.simulator.sound import tone
from tests.ivr.simulator.tiny_app import CALLER, HOST, NUMBER, TinyApp, at, carrier, codes, ring, said

ENQUEUE = "<Enqueue waitUrl='/w' action='/left'>support</Enqueue><Say>next</Say>"
WAIT = "<Pause length='5'/>"
AGENT = "+18005550199"


def waiting(wait: object = WAIT, enqueue: str = ENQUEUE, **documents: object) -> tuple[Network, TinyApp, Line]:
    """One caller in the queue `support`."""
    others = {f"/{path}": document for path, document in documents.items()}
    network, app = carrier({"/v": enqueue, "/w": wait, "/left": "<Say>left</Say>", **others})
    line = network.call(CALLER, NUMBER)
    network.run_until(lambda: line.queue is not None)
    return network, app, line


def agent_dials(
    network: Network, app: TinyApp, dial: str = "<Dial action='/talked'><Queue>support</Queue></Dial>"
) -> Line:
    """An agent calls in and takes the first one."""
    app.documents = {**app.documents, "/agent": dial + "<Say>agent next</Say>", "/talked": "<Say>talked</Say>"}
    network.number(AGENT, f"{HOST}/agent")
    return network.call("+18005550177", AGENT)


def result(app: TinyApp) -> dict[str, str]:
    (asked,) = app.to("/left")
    return asked


def test_the_wait_document_comes_again_and_again() -> None:
    network, app, line = waiting()
    network.advance(17)
    asked = app.to("/w")
    assert [each["QueueTime"] for each in asked] == ["0", "5", "10", "15"]
    first = asked[0]
    assert first["QueuePosition"] == first["CurrentQueueSize"] == "1"
    assert first["MaxQueueSize"] == "1000"
    assert first["AvgQueueTime"] == "0"
    assert first["QueueSid"] == line.queue.sid
    assert first["CallStatus"] == "in-progress"
    assert line.status == "in-progress"


def test_positions_move_up() -> None:
    network, app, first = waiting()
    second = network.call("+4915100000002", NUMBER)
    network.advance(6)
    queue = second.queue
    assert [queue.position(each) for each in (first, second)] == [1, 2]
    first.hang_up()
    network.advance(6)
    mine = [each for each in app.to("/w") if each["CallSid"] == second.sid]
    assert [each["QueuePosition"] for each in mine] == ["2", "2", "1"]
    assert [each["CurrentQueueSize"] for each in mine] == ["2", "2", "1"]


@pytest.mark.parametrize("wait", ["", "<!-- nothing -->"])
def test_an_empty_wait_document_does_not_spin(wait: str) -> None:
    network, app, _ = waiting(wait)
    network.advance(10.5)
    assert len(app.to("/w")) == 11


@pytest.mark.parametrize(("written", "heard"), [("waitUrl=''", "silence"), ("", "hold music")])
def test_without_a_wait_url_nothing_is_asked(written: str, heard: str) -> None:
    network, app, line = waiting(enqueue=f"<Enqueue {written}>support</Enqueue>")
    network.advance(60)
    assert app.paths() == ["/v"]
    assert [each.text for each in line.heard] == [heard]


def test_a_sound_as_wait_url_is_played_over_and_over() -> None:
    network, _app, line = waiting(Response(tone(4), content_type="audio/wav"))
    network.advance(9)
    assert [(each.kind, each.text) for each in line.heard] == [("play", f"{HOST}/w")] * 3


def test_a_gather_while_waiting_leads_to_another_wait_document_and_back() -> None:
    network, app, line = waiting(
        "<Gather numDigits='1' action='/w2'><Pause length='9'/></Gather>", w2="<Say>Thanks</Say><Pause length='3'/>"
    )
    network.advance(2)
    line.press("1")
    network.advance(1)
    assert app.to("/w2")[0]["Digits"] == "1"
    assert app.to("/w2")[0]["QueueTime"] == "2"
    assert said(line) == ["Thanks"]
    network.advance(4)
    assert len(app.to("/w")) == 2
    assert line.queue is not None


def test_a_redirect_while_waiting_goes_on_to_the_next_step() -> None:
    network, app, _ = waiting(
        "<Pause length='2'/><Redirect>/w2</Redirect>", w2="<Pause length='2'/><Redirect>/w2</Redirect>"
    )
    network.advance(7)
    assert app.paths()[1:] == ["/w", "/w2", "/w2", "/w2"]


@pytest.mark.parametrize("verb", ["Dial", "Record", "Enqueue"])
def test_some_verbs_do_not_exist_while_waiting(verb: str) -> None:
    network, _, line = waiting(f"<{verb}/><Pause/>")
    network.advance(0)
    assert codes(network) == [12200]
    assert line.queue is not None


def test_leaving() -> None:
    network, app, line = waiting("<Pause length='7'/><Leave/>")
    network.run()
    asked = result(app)
    assert (asked["QueueResult"], asked["QueueTime"], asked["CallStatus"]) == ("leave", "7", "in-progress")
    assert asked["QueueSid"].startswith("QU")
    assert said(line) == ["left"]


def test_leaving_without_an_action_goes_on_after_the_enqueue() -> None:
    network, _, line = waiting("<Leave/>", "<Enqueue waitUrl='/w'>support</Enqueue><Say>bye</Say>")
    network.run()
    assert said(line) == ["bye"]


def test_giving_up() -> None:
    network, app, line = waiting()
    network.advance(41.5)
    line.hang_up()
    network.run()
    asked = result(app)
    assert (asked["QueueResult"], asked["QueueTime"], asked["CallStatus"]) == ("hangup", "41", "completed")
    assert said(line) == []
    assert line.ended_by == "caller"
    assert not next(iter(network.queues.values())).members


def test_hung_up_on() -> None:
    network, app, line = waiting("<Pause length='2'/><Hangup/>")
    network.run()
    assert result(app)["QueueResult"] == "hangup"
    assert (line.status, line.ended_by) == ("completed", "app")


@pytest.mark.parametrize("wait", [Response("", 500), Response("x", content_type="text/xml")])
def test_a_broken_wait_document(wait: Response) -> None:
    network, app, line = waiting(wait)
    network.run()
    assert result(app)["QueueResult"] == "error"
    assert said(line) == ["left"]


@pytest.mark.parametrize(("name", "code"), [("x" * 65, 14205), ("", 14204)])
def test_a_name_that_is_none(name: str, code: int) -> None:
    network, app, _line = ring({"/v": f"<Enqueue action='/left'>{name}</Enqueue>", "/left": ""})
    network.run()
    assert codes(network) == [code]
    assert result(app)["QueueResult"] == "error"
    assert "QueueSid" not in result(app)


def test_a_full_queue() -> None:
    network, app, _ = waiting(enqueue="<Enqueue maxQueueSize='1' action='/left'>support</Enqueue>")
    second = network.call("+4915100000002", NUMBER)
    network.run()
    assert codes(network) == [14207]
    assert result(app)["QueueResult"] == "queue-full"
    assert not {"QueueSid", "QueueTime"} & set(result(app))
    assert said(second) == ["left"]


# Taken by somebody who dials the queue.


def test_an_agent_takes_the_first_and_the_action_comes_at_the_end() -> None:
    network, app, first = waiting()
    second = network.call("+4915100000002", NUMBER)
    network.advance(20)
    agent = agent_dials(network, app)
    network.advance(1)
    assert (first.partner, agent.partner) == (agent, first)
    assert (first.queue, second.queue.position(second)) == (None, 1)
    network.advance(59)
    assert app.to("/left") == []
    agent.hang_up()
    network.advance(0.5)
    assert result(app)["QueueResult"] == "bridged"
    assert said(first) == ["left"]
    assert app.to("/talked")[0]["CallStatus"] == "completed"


def test_the_caller_hangs_up_on_the_agent() -> None:
    network, app, line = waiting()
    agent = agent_dials(network, app)
    network.advance(30)
    line.hang_up()
    network.run()
    assert result(app)["QueueResult"] == "bridged"  # hangup would count them as one who gave up waiting
    asked = app.to("/talked")[0]
    assert (asked["DialCallStatus"], asked["DialCallDuration"], asked["DialCallSid"]) == ("completed", "30", line.sid)
    assert said(agent) == ["talked"]


def test_an_agent_waits_for_a_caller() -> None:
    network, app = carrier({"/v": ENQUEUE, "/w": WAIT, "/left": ""})
    network.queue_named("support")
    agent = agent_dials(network, app)
    network.advance(3)
    line = network.call(CALLER, NUMBER)
    network.advance(0)
    assert line.partner is agent


@pytest.mark.parametrize(("make", "status", "when"), [(True, "no-answer", 7), (False, "failed", 0)])
def test_nobody_to_take(make: bool, status: str, when: float) -> None:
    network, app = carrier({})
    if make:
        network.queue_named("support")
    agent_dials(network, app, "<Dial timeout='7' action='/talked'><Queue>support</Queue></Dial>")
    network.run_until(lambda: bool(app.to("/talked")))
    assert app.to("/talked")[0]["DialCallStatus"] == status
    assert at(network) == when


def test_the_caller_hears_the_whisper_first() -> None:
    network, app, line = waiting(q="<Pause length='4'/><Say>Recorded</Say>")
    network.advance(10)
    agent = agent_dials(network, app, "<Dial><Queue url='/q'>support</Queue></Dial>")
    network.advance(3)
    assert line.partner is None
    network.advance(3)
    assert line.partner is agent
    asked = app.to("/q")[0]
    assert (asked["CallSid"], asked["DequeingCallSid"], asked["QueueTime"]) == (line.sid, agent.sid, "10")
    assert said(line) == ["Recorded"]


def test_an_agent_drops_a_caller_with_a_star_and_takes_the_next() -> None:
    network, app, first = waiting()
    second = network.call("+4915100000002", NUMBER)
    network.advance(2)
    queue = "<Dial hangupOnStar='true'><Queue>support</Queue></Dial>"
    agent = agent_dials(network, app, queue + queue)
    network.advance(5)
    agent.press("*")
    network.advance(1)
    assert agent.partner is second
    assert result(app)["CallSid"] == first.sid
