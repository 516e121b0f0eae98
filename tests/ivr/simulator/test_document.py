"""Documents: how the carrier fetches them, what it takes for one, where they lead, and what it does when they fail."""

from __future__ import annotations

import pytest
from werkzeug.wrappers import Response

from ivr.simulator.document import APOLOGY
from ivr.simulator.sound import tone
from tests.ivr.simulator.tiny_app import HOST, NUMBER, at, carrier, codes, ring, said


def xml(body: str, kind: str | None = "text/xml", status: int = 200) -> Response:
    response = Response(body, status, content_type=kind)
    if kind is None:
        del response.headers["Content-Type"]
    return response


def test_the_first_request_comes_while_it_rings_and_says_who_calls_whom() -> None:
    network, app, line = ring("<Pause length='3'/><Say>Hi</Say>")
    network.run()
    first = app.asked[0]
    assert (first.method, first.url) == ("POST", "https://a.test/v?x=1")
    assert first.params["CallStatus"] == "ringing"
    assert first.params["Direction"] == "inbound"
    assert first.params["From"] == first.params["Caller"] == "+4915112345678"
    assert first.params["To"] == first.params["Called"] == NUMBER
    assert first.params["CallSid"] == line.sid
    assert first.params["AccountSid"] == network.account_sid
    assert first.params["ApiVersion"] == "2010-04-01"
    assert first.params["FromCity"] == ""  # unknown geography is sent, empty, and signed
    assert first.headers["User-Agent"] == "TwilioProxy/1.1"
    assert first.headers["Content-Type"] == "application/x-www-form-urlencoded; charset=utf-8"


def test_all_requests_are_signed() -> None:
    network, app, line = ring(
        {
            "/v": "<Gather method='GET' action='/g?y=%2B&amp;z=S%C3%A3o'/>",
            "/g": "<Redirect>/r?a=1</Redirect>",
            "/r": "",
        },
        status_callback=f"{HOST}/cb",
    )
    network.run_until(lambda: line.awaits_input)
    line.press("1#")
    network.run()
    assert app.paths() == ["/v", "/g", "/r", "/cb"]
    assert all(each.signed for each in app.asked)


def test_the_caller_of_a_script_can_come_from_somewhere() -> None:
    network, app = carrier({"/v": "<Hangup/>"})
    network.call("+12025550123", NUMBER, {"FromState": "DC", "ForwardedFrom": "+12025550199"})
    network.run()
    assert app.to("/v")[0]["FromState"] == "DC"
    assert app.to("/v")[0]["ForwardedFrom"] == "+12025550199"


BROKEN = [
    ("<Play>c.mp3</Play>", "text/xml", 12102),
    ("Foobar", "text/xml", 12100),
    ("<Response><Say>a & b</Say></Response>", "text/xml", 12100),
    ("<Response><Say></Response>", "text/xml", 12100),
    (" <?xml version='1.0'?><Response/>", "text/xml", 12100),
    ("<!DOCTYPE r [<!ENTITY a 'x'>]><Response><Say>&a;</Say></Response>", "text/xml", 12100),
    ("<Response>" + "<a>" * 30 + "</a>" * 30 + "</Response>", "text/xml", 12100),
    ("<Response/>", None, 12300),
    ("<Response/>", "application/json", 12300),
    ("<Response>" + " " * 65537 + "</Response>", "text/xml", 11750),
    ("", "text/xml", 11770),
    ("<Response/>", "500", 11217),
    ("<Response/>", "404", 11217),
]


@pytest.mark.parametrize(("body", "kind", "code"), BROKEN)
def test_what_is_no_document_is_named_and_the_caller_hears_an_apology(body: str, kind: str | None, code: int) -> None:
    answer = xml(body, "text/xml", int(kind)) if kind in ("500", "404") else xml(body, kind)
    network, _, line = ring({"/v": answer})
    network.run()
    assert codes(network) == [code]
    assert said(line) == [APOLOGY]
    assert (line.status, line.ended_by) == ("completed", "carrier")


@pytest.mark.parametrize(("body", "kind", "code"), BROKEN[:3])
def test_the_fallback_is_told_what_was_wrong_and_goes_on(body: str, kind: str, code: int) -> None:
    network, app, line = ring({"/v": xml(body, kind), "/f": "<Say>Sorry</Say>"}, fallback_url=f"{HOST}/f")
    network.run()
    assert said(line) == ["Sorry"]
    assert app.to("/f")[0]["ErrorCode"] == str(code)
    assert app.to("/f")[0]["ErrorUrl"] == "https://a.test/v?x=1"


def test_the_fallback_helps_in_later_requests_too() -> None:
    network, app, line = ring(
        {"/v": "<Gather action='/g' numDigits='1'/>", "/g": Response("", 500), "/f": "<Say>Sorry</Say>"},
        fallback_url=f"{HOST}/f",
    )
    network.run_until(lambda: line.awaits_input)
    line.press("1")
    network.run()
    assert said(line) == ["Sorry"]
    assert app.to("/f")[0]["ErrorUrl"] == "https://a.test/g"
    assert "Digits" not in app.to("/f")[0]


def test_a_fallback_that_fails_ends_in_the_apology() -> None:
    network, app, line = ring({"/v": Response("", 500), "/f": Response("", 500)}, fallback_url=f"{HOST}/f")
    network.run()
    assert app.paths() == ["/v", "/f"]
    assert said(line) == [APOLOGY]


ODD = [
    ("<Foobar>x</Foobar><Say>next</Say>", "12200"),
    ("<say>x</say><Say>next</Say>", "did you mean <Say>"),
    ("<Say unknownAttr='v'>next</Say>", "unknownAttr"),
    ("<!-- a comment --><Say>next</Say>", ""),
]


@pytest.mark.parametrize(("inside", "told"), ODD)
def test_an_unknown_thing_is_skipped_with_a_warning(inside: str, told: str) -> None:
    network, _, line = ring(inside)
    network.run()
    assert said(line) == ["next"]
    assert [told in entry.text for entry in network.trace if entry.kind == "warning"] == ([True] if told else [])


def test_a_strict_carrier_takes_no_unknown_things() -> None:
    network, _, line = ring("<Say unknownAttr='v'>next</Say>", strict=True)
    network.run()
    assert said(line) == [APOLOGY]


@pytest.mark.parametrize("kind", ["text/xml; charset=utf-8", "application/xml", "text/html", "text/plain"])
def test_these_types_hold_documents(kind: str) -> None:
    network, _, line = ring({"/v": xml("<Response><Say>Grüß dich</Say></Response>", kind)})
    network.run()
    assert said(line) == ["Grüß dich"]


def test_plain_text_that_is_no_document_is_read_aloud() -> None:
    network, _, line = ring({"/v": xml("Hello there", "text/plain")})
    network.run()
    assert said(line) == ["Hello there"]
    assert line.status == "completed"


def test_an_audio_answer_is_played_for_its_length() -> None:
    network, _, line = ring({"/v": Response(tone(4), content_type="audio/wav")})
    network.run()
    assert [(heard.kind, heard.text) for heard in line.heard] == [("play", "https://a.test/v?x=1")]
    assert at(network) == 4


@pytest.mark.parametrize("path", ["/g", "/r"])
def test_an_empty_document_from_an_action_ends_the_call(path: str) -> None:
    verbs = {"/g": "<Gather action='/g' numDigits='1'/>", "/r": "<Record action='/r'/>"}
    network, app, line = ring({"/v": verbs[path], path: ""})
    network.run_until(lambda: line.awaits_input)
    line.press("1") if path == "/g" else line.leave_message(3)
    network.run()
    assert app.paths() == ["/v", path]
    assert (line.status, line.ended_by) == ("completed", "app")


WHERE = [
    ("/r", "https://a.test/r"),
    ("r", "https://a.test/sub/r"),
    ("./r", "https://a.test/sub/r"),
    ("../r?y=%2B", "https://a.test/r?y=%2B"),
    ("?q=1", "https://a.test/sub/d?q=1"),
    ("", "https://a.test/sub/d?x=1"),
    ("https://a.test/r?next=https%3A%2F%2Fa.test%2Fz", "https://a.test/r?next=https%3A%2F%2Fa.test%2Fz"),
    ("/r?name=São Paulo", "https://a.test/r?name=S%C3%A3o%20Paulo"),
]


@pytest.mark.parametrize(("written", "meant"), WHERE)
def test_a_url_is_relative_to_the_document_it_stands_in(written: str, meant: str) -> None:
    count = iter(range(2))
    once = lambda _: f"<Redirect>{written}</Redirect>" if next(count, None) == 0 else ""  # noqa: E731
    network, app = carrier({"/sub/d": once, "/r": "", "/sub/r": ""})
    network.number("+18005550143", f"{HOST}/sub/d?x=1")
    network.call("+4915112345678", "+18005550143")
    network.run()
    assert app.asked[1].url == meant
    assert app.asked[1].signed


def test_a_loop_of_documents_without_time_passing_is_broken() -> None:
    network, app, line = ring("<Redirect/>")
    network.run()
    assert len(app.asked) == network.documents_max
    assert codes(network) == [12400]
    assert said(line) == [APOLOGY]


def test_a_loop_that_takes_time_is_the_apps_own_business() -> None:
    network, app, line = ring("<Pause/><Redirect/>")
    network.advance(100.5)
    assert len(app.asked) == 101
    assert not line.over


def test_a_call_keeps_its_cookies_and_shares_them_with_nobody() -> None:
    def answer(params: object) -> Response:
        response = xml("<Response><Redirect>/second</Redirect></Response>")
        response.set_cookie("step", "one two", path="/")
        response.set_cookie("elsewhere", "x", path="/other")
        return response

    network, app, _ = ring({"/v": answer, "/second": ""})
    network.run()
    network.call("+4915199999999", NUMBER)
    network.run()
    assert [each.headers.get("Cookie") for each in app.asked] == [None, 'step="one two"', None, 'step="one two"']


def test_nobody_has_the_number_that_was_dialled() -> None:
    network, _ = carrier({})
    with pytest.raises(LookupError, match=r"\+18005550142"):
        network.call("+49151", "+18005550199")
