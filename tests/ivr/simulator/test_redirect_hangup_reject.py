"""Redirect, Hangup, Reject, Leave: how a document ends.

https://www.twilio.com/docs/voice/twiml/redirect  .../hangup  .../reject  .../leave
"""

from __future__ import annotations

import pytest

from tests.ivr.simulator.tiny_app import HOST, NUMBER, carrier, codes, ring, said


def test_redirect_goes_on_elsewhere_with_the_standard_parameters_only() -> None:
    network, app, line = ring(
        {"/v": "<Gather action='/g'/>", "/g": "<Redirect>/r?y=2</Redirect><Say>no</Say>", "/r": ""}
    )
    network.run_until(lambda: line.awaits_input)
    line.press("1#")
    network.run()
    assert app.asked[2].url == "https://a.test/r?y=2"
    assert app.asked[2].method == "POST"
    assert "Digits" not in app.asked[2].params
    assert said(line) == []


def test_redirect_posts_even_when_the_number_is_asked_by_get() -> None:
    network, app = carrier({"/v": "<Redirect>/r</Redirect>", "/r": "<Redirect method='GET'>/s</Redirect>", "/s": ""})
    sid = network.numbers[NUMBER].sid
    answer = network.rest_transport.request(
        "POST",
        f"https://api.twilio.com/2010-04-01/Accounts/{network.account_sid}/IncomingPhoneNumbers/{sid}.json",
        data={"VoiceMethod": "GET"},
        auth=(network.account_sid, network.auth_token),
    )
    assert answer.status_code == 200
    network.call("+49151", NUMBER)
    network.run()
    assert [(each.method, each.path) for each in app.asked] == [("GET", "/v"), ("POST", "/r"), ("GET", "/s")]
    assert all(each.signed for each in app.asked)


def test_hangup_first_answers_and_ends() -> None:
    network, app, line = ring({"/v": "<Hangup/><Say>no</Say>", "/cb": ""}, status_callback=f"{HOST}/cb")
    network.run()
    assert (line.status, line.ended_by, line.duration_s) == ("completed", "app", 0)
    assert line.answered_at is not None
    assert said(line) == []
    callback = app.to("/cb")[0]
    assert callback["CallStatus"] == "completed"
    assert callback["CallDuration"] == "0"
    assert callback["CallbackSource"] == "call-progress-events"


@pytest.mark.parametrize(
    ("written", "status", "code"),
    [("", "no-answer", None), ("reason='busy'", "busy", None), ("reason='x'", "no-answer", 13810)],
)
def test_reject_first_never_answers(written: str, status: str, code: int | None) -> None:
    network, _, line = ring(f"<Reject {written}/>")
    network.run()
    assert line.status == status
    assert line.answered_at is None
    assert codes(network) == ([code] if code else [])


def test_reject_after_an_answer_is_a_hang_up() -> None:
    network, _, line = ring("<Say>Hi</Say><Reject/>")
    network.run()
    assert line.status == "completed"


def test_leave_outside_a_queue_ends_the_document() -> None:
    network, _, line = ring("<Say>Hi</Say><Leave/><Say>no</Say>")
    network.run()
    assert said(line) == ["Hi"]
    assert line.status == "completed"


def test_a_caller_who_hangs_up_while_it_rings_was_never_answered() -> None:
    network, _, line = ring("<Pause length='9'/><Say>Hi</Say>")
    network.advance(2)
    line.hang_up()
    network.run()
    assert (line.status, line.ended_by) == ("no-answer", "caller")
