"""Cases D: Redirect, Reject, Hangup and Leave - see docs/twiml.md."""

from __future__ import annotations

import pytest

from ivr.simulator.document import APOLOGY
from tests.ivr.simulator.tiny_app import HOST, carrier, codes, ring, said

R = {"/r.xml": "<Say>there</Say>", "/r": "<Say>there</Say>"}


@pytest.mark.parametrize("where", ["/r.xml", "r.xml", f"{HOST}/r.xml", "  /r.xml\n"])
def test_d1_redirect_absolute_and_relative(where: str) -> None:
    """POST to it; what follows is not run."""
    network, app, line = ring({"/v": f"<Redirect>{where}</Redirect><Say>no</Say>", **R})
    network.run()
    assert (app.asked[1].method, app.asked[1].path, said(line)) == ("POST", "/r.xml", ["there"])


def test_d2_an_empty_redirect_is_the_document_itself() -> None:
    """With its query."""
    answers = ["<Say>one</Say><Redirect/>", "<Say>two</Say>"]
    network, app, line = ring({"/v": lambda _: answers.pop(0)})
    network.run()
    assert {each.url for each in app.asked} == {f"{HOST}/v?x=1"}
    assert said(line) == ["one", "two"]


def test_d3_redirect_by_get() -> None:
    """method=GET."""
    network, app, _ = ring({"/v": "<Redirect method='GET'>/r</Redirect>", **R})
    network.run()
    assert (app.asked[1].method, app.asked[1].signed) == ("GET", True)


def test_d4_a_redirect_has_its_own_query_only() -> None:
    """From /v?x=1 to /r?y=2: /r?y=2."""
    network, app, _ = ring({"/v": "<Redirect>/r?y=2</Redirect>", **R})
    network.run()
    assert app.asked[1].url == f"{HOST}/r?y=2"
    assert "x" not in app.asked[1].params


def test_d5_a_circle_of_redirects_is_given_up() -> None:
    """50 documents without time passing: an error, the apology."""
    network, app, line = ring({"/v": "<Redirect/>"})
    network.run()
    assert codes(network) == [12400]
    assert said(line) == [APOLOGY]
    assert len(app.asked) == 50


@pytest.mark.parametrize(("reason", "status"), [("", "no-answer"), ("rejected", "no-answer"), ("busy", "busy")])
def test_d6_reject_never_answers(reason: str, status: str) -> None:
    """no-answer, or busy."""
    network, _, line = ring(f"<Reject {f'reason={reason!r}' if reason else ''}/><Say>no</Say>")
    network.run()
    assert (line.status, line.answered_at, said(line)) == (status, None, [])


def test_d7_a_bad_reason_is_warned_of() -> None:
    """13810; rejected."""
    network, _, line = ring("<Reject reason='x'/>")
    network.run()
    assert (codes(network), line.status) == ([13810], "no-answer")


def test_d8_a_later_reject_is_a_hang_up() -> None:
    """After a Say: answered; ends completed."""
    network, _, line = ring("<Say>x</Say><Reject/>")
    network.run()
    assert (line.status, said(line)) == ("completed", ["x"])


def test_d9_hangup_ends_the_call() -> None:
    """What follows is not run."""
    network, _, line = ring("<Hangup/><Say>no</Say>")
    network.run()
    assert (line.status, said(line)) == ("completed", [])


def test_d10_a_redirect_posts_where_no_method_is_given() -> None:
    """Also when the number itself is asked by GET."""
    network, app = carrier({"/v": "<Redirect>/r</Redirect>", **R})
    number = next(iter(network.numbers.values()))
    number.voice = type(number.voice)(number.voice.url, "GET")
    network.call("+4915112345678", number.e164)
    network.run()
    assert [each.method for each in app.asked] == ["GET", "POST"]


def test_d11_leave_outside_a_queue_ends_the_document() -> None:
    """And with it the call."""
    network, _, line = ring("<Say>x</Say><Leave/><Say>no</Say>")
    network.run()
    assert (said(line), line.status) == (["x"], "completed")


@pytest.mark.parametrize(
    ("verb", "code"), [("<Redirect method='PUT'>/r</Redirect>", 13710), ("<Hangup now='1'/>", 12200)]
)
def test_d12_bad_attributes_are_warned_of(verb: str, code: int) -> None:
    """And the verb is run."""
    network, _, line = ring({"/v": verb, **R})
    network.run()
    assert codes(network) == [code]
    assert line.status == "completed"


HANG = "<Dial hangUpOnStar='true'><Client>a</Client></Dial>"


@pytest.mark.parametrize(("verb", "meant"), [("<Gather numdigits='1'/>", "numDigits"), (HANG, "hangupOnStar")])
def test_d14_a_misspelt_attribute_is_guessed(verb: str, meant: str) -> None:
    """12200, and what was probably meant."""
    network, _, _ = ring(verb)
    network.advance(1)
    assert codes(network) == [12200]
    assert f"did you mean {meant}?" in next(each.text for each in network.trace if each.kind == "warning")


def test_d13_a_verb_from_elsewhere_says_where_it_belongs() -> None:
    """12200 for `<Message>`, `<Number>`, `<Stream>` directly in `<Response>`."""
    network, _, line = ring("<Message>x</Message><Number>1</Number><Stream/><Say>next</Say>")
    network.run()
    told = [each.text for each in network.trace if each.kind == "warning"]
    assert codes(network) == [12200] * 3
    assert "<Sms>" in told[0]
    assert "<Dial>" in told[1]
    assert "<Start>" in told[2]
    assert said(line) == ["next"]
