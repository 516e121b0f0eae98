"""Cases A: how a document is fetched and read - see docs/twiml.md."""

from __future__ import annotations

import base64

import pytest
from twilio.rest import Client
from werkzeug.wrappers import Response

from ivr.simulator.document import APOLOGY
from ivr.simulator.network import Network
from ivr.simulator.transport import FetchFailed, WsgiApp
from tests.ivr.simulator.tiny_app import CALLER, HOST, NUMBER, START, TOKEN, TinyApp, at, carrier, codes, ring, said

XML = "text/xml"
SAY = "<Response><Say>x</Say></Response>"


def answer(body: str | bytes, kind: str | None = XML, status: int = 200) -> Response:
    made = Response(body, status)
    del made.headers["Content-Type"]
    if kind is not None:
        made.headers["Content-Type"] = kind
    return made


def test_a1_an_empty_document_ends_the_call() -> None:
    """`<Response/>`: answered, then completed."""
    network, _, line = ring("")
    network.run()
    assert (line.status, line.answered_at is not None) == ("completed", True)


def test_a2_a_document_is_run_from_top_to_bottom() -> None:
    """Verbs one after the other, then the call ends."""
    network, _, line = ring("<Say>one</Say><Pause/><Say>two</Say>")
    network.run()
    assert said(line) == ["one", "two"]
    assert line.status == "completed"


@pytest.mark.parametrize(("verb", "number"), [("<Gather numDigits='1' action='/a'/>", 3), ("<Record action='/a'/>", 4)])
def test_a3_a4_an_empty_document_from_an_action_ends_the_call(verb: str, number: int) -> None:
    """A3 Gather's, A4 Record's action answers `<Response/>`: completed."""
    network, app, line = ring({"/v": verb + "<Say>no</Say>", "/a": ""})
    network.advance(0)
    line.press("1") if number == 3 else line.leave_message(4)
    network.run()
    assert len(app.to("/a")) == 1
    assert (said(line), line.status) == ([], "completed")


@pytest.mark.parametrize(
    ("body", "code"), [("<Play>c.mp3</Play>", 12102), ('"Foobar"', 12100)], ids=["a5 root", "a6 no XML"]
)
def test_a5_a6_what_is_no_document_is_an_error(body: str, code: int) -> None:
    """A5 another root 12102, A6 no XML 12100: nothing played, the carrier apologises."""
    network, app, line = ring({"/v": answer(body)})
    network.run()
    assert codes(network) == [code]
    assert said(line) == [APOLOGY]
    assert app.paths() == ["/v"]


@pytest.mark.parametrize("verb", ["<Foobar>x</Foobar>", "<say>Hi</say>"], ids=["a7 unknown", "a9 wrong case"])
def test_a7_a9_an_unknown_verb_is_warned_of_and_skipped(verb: str) -> None:
    """A7 `<Foobar>`, A9 `<say>`: 12200, the next verb runs; a strict network fails the call."""
    network, _, line = ring(verb + "<Say>next</Say>")
    network.run()
    assert (codes(network), said(line)) == ([12200], ["next"])
    network, _, line = ring(verb + "<Say>next</Say>", strict=True)
    network.run()
    assert said(line) == [APOLOGY]


def test_a8_an_unknown_attribute_is_warned_of() -> None:
    """12200; the text is still said."""
    network, _, line = ring("<Say unknownAttr='v'>Hi</Say>")
    network.run()
    assert (codes(network), said(line)) == ([12200], ["Hi"])


def test_a10_text_and_comments_between_verbs_are_nothing() -> None:
    """Blanks, words and comments directly in `<Response>` are not run."""
    network, _, line = ring("\n words <!-- c --><Say> Hi\n </Say> more ")
    network.run()
    assert (codes(network), said(line)) == ([], ["Hi"])


@pytest.mark.parametrize("verb", ["<Gather><!-- c --><Say>x</Say></Gather>", "<Dial><!-- c -->+18005550177</Dial>"])
def test_a11_comments_inside_verbs_are_ignored(verb: str) -> None:
    """In Gather and in Dial."""
    network, _, line = ring(verb)
    network.advance(1)
    assert codes(network) == []
    assert said(line) == ["x"] or "+18005550177" in network.people


@pytest.mark.parametrize("kind", [None, "application/json", "nonsense"])
def test_a12_a_missing_or_odd_content_type_is_an_error(kind: str | None) -> None:
    """12300."""
    network, _, line = ring({"/v": answer(SAY, kind)})
    network.run()
    assert (codes(network), said(line)) == ([12300], [APOLOGY])


def test_a13_plain_text_is_spoken() -> None:
    """text/plain that is no TwiML: spoken, then the call ends."""
    network, _, line = ring({"/v": answer("Hello there", "text/plain")})
    network.run()
    assert (codes(network), said(line), line.status) == ([], ["Hello there"], "completed")


@pytest.mark.parametrize("kind", ["text/plain", "text/html; charset=utf-8", "application/xml", "text/xml"])
def test_a14_twiml_may_come_under_these_types(kind: str) -> None:
    """text/plain with TwiML in it is executed, as are text/html, text/xml, application/xml."""
    network, _, line = ring({"/v": answer(SAY, kind)})
    network.run()
    assert (codes(network), said(line)) == ([], ["x"])


def test_a15_a_sound_is_played() -> None:
    """An audio answer is played, then the call ends."""
    network, _, line = ring({"/v": answer(b"ID3....", "audio/mpeg")})
    network.run()
    assert [(each.kind, each.text) for each in line.heard] == [("play", f"{HOST}/v?x=1")]
    assert line.status == "completed"


@pytest.mark.parametrize(("size", "code"), [(65_536, []), (65_537, [11750])])
def test_a16_a_document_has_at_most_64_kb(size: int, code: list[int]) -> None:
    """65,536 bytes pass, one more is 11750."""
    body = "<Response><Hangup/></Response>".ljust(size)
    network, _, _ = ring({"/v": answer(body)})
    network.run()
    assert codes(network) == code


def test_a17_an_empty_body_is_an_error() -> None:
    """Status 200 without a body: 11770."""
    network, _, line = ring({"/v": answer("")})
    network.run()
    assert (codes(network), said(line)) == ([11770], [APOLOGY])


def fallen_back(documents: dict) -> tuple[Network, TinyApp, list[str]]:
    network, app, line = ring(documents | {"/fb": "<Say>fallback</Say>"}, fallback_url=f"{HOST}/fb")
    network.advance(1)
    if line.listening:
        line.press("1")
    network.run()
    return network, app, said(line)


@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_a18_an_error_status_leads_to_the_fallback(status: int) -> None:
    """4xx and 5xx alike: the fallback URL is asked with ErrorCode and ErrorUrl."""
    _, app, heard = fallen_back({"/v": answer("", status=status)})
    assert heard == ["fallback"]
    assert app.to("/fb")[0] | {"ErrorCode": "11217", "ErrorUrl": f"{HOST}/v?x=1"} == app.to("/fb")[0]


def test_a19_when_the_fallback_fails_too_the_carrier_apologises() -> None:
    """Both 500: an application error is spoken, the call ends completed."""
    network, app, line = ring({"/v": answer("", status=500), "/fb": answer("", status=500)}, fallback_url=f"{HOST}/fb")
    network.run()
    assert app.paths() == ["/v", "/fb"]
    assert (said(line), line.status) == ([APOLOGY], "completed")


def test_a20_the_fallback_covers_later_requests() -> None:
    """The action answers 500: the number's fallback is asked."""
    _, app, heard = fallen_back({"/v": "<Gather numDigits='1' action='/a'/>", "/a": answer("", status=500)})
    assert (app.paths(), heard) == (["/v", "/a", "/fb"], ["fallback"])
    assert app.to("/fb")[0]["ErrorUrl"] == f"{HOST}/a"


def test_a21_a_warning_does_not_lead_to_the_fallback() -> None:
    """12200 and bad values go on with the document."""
    _, app, heard = fallen_back({"/v": "<Foobar/><Say loop='x'>Hi</Say>"})
    assert (app.paths(), heard) == (["/v"], ["Hi"])


class Failing:
    """An app that cannot be reached at first; `failures` are what happens to the first requests."""

    def __init__(self, app: TinyApp, *failures: FetchFailed) -> None:
        self.app, self.failures, self.tries = WsgiApp(app), list(failures), 0

    def request(self, method: str, url: str, headers: dict, body: bytes, *more: object, **others: object) -> object:
        self.tries += 1
        if self.failures:
            raise self.failures.pop(0)
        return self.app.request(method, url, headers, body, *more, **others)


def reached(*failures: FetchFailed) -> tuple[Network, TinyApp, Failing]:
    app = TinyApp({"/v": "<Say>reached</Say>", "/fb": "<Say>fallback</Say>"})
    failing = Failing(app, *failures)
    network = Network(START, auth_token=TOKEN, app=failing)
    network.number(NUMBER, f"{HOST}/v?x=1", fallback_url=f"{HOST}/fb")
    network.call(CALLER, NUMBER)
    network.run()
    return network, app, failing


def test_a22_a_slow_app_is_given_up() -> None:
    """No answer in 15 s (real ones: see test_transport): 11203 or its like, not tried again, the fallback."""
    network, app, failing = reached(FetchFailed(11203, "too slow", "rt"))
    assert (codes(network), app.paths(), failing.tries) == ([11203], ["/fb"], 2)


def test_a23_a_refused_connection_is_tried_once_more() -> None:
    """Two tries, then 11202 and the fallback; a second try that succeeds is no error."""
    refused = FetchFailed(11202, "refused", "ct")
    network, app, failing = reached(refused, refused)
    assert (codes(network), app.paths(), failing.tries) == ([11202], ["/fb"], 3)
    network, app, failing = reached(refused)
    assert (codes(network), app.paths(), failing.tries) == ([], ["/v"], 2)


def test_a24_retries_repeat_the_request() -> None:
    """`#rc=2&rp=5xx`, answers 503, 503, 200: three requests, one idempotency token, no fragment sent or signed."""
    answers = [answer("", status=503), answer("", status=503), answer(SAY)]
    network, app = carrier({"/w": lambda _: answers.pop(0), "/v": f"<Redirect>{HOST}/w#rc=2&amp;rp=5xx</Redirect>"})
    line = network.call(CALLER, NUMBER)
    network.run()
    sent = [each for each in app.asked if each.path == "/w"]
    assert len(sent) == 3
    assert len({each.headers["I-Twilio-Idempotency-Token"] for each in sent}) == 1
    assert {each.url for each in sent} == {f"{HOST}/w"}
    assert all(each.signed for each in sent)
    assert said(line) == ["x"]


def test_a25_a_302_is_followed_and_becomes_the_base() -> None:
    """/v answers 302 to /deep/w: relative URLs of its document resolve against /deep/w."""
    moved = Response("", 302, {"Location": "/deep/w"})
    network, app, _ = ring({"/v": moved, "/deep/w": "<Redirect>x</Redirect>", "/deep/x": ""})
    network.run()
    assert app.paths() == ["/v", "/deep/w", "/deep/x"]


def test_a26_redirects_in_a_circle_are_given_up() -> None:
    """The eleventh is 11215."""
    network, app, _ = ring({"/v": Response("", 302, {"Location": "/v"})})
    network.run()
    assert codes(network) == [11215]
    assert len(app.asked) == 11


@pytest.mark.parametrize("status", [300, 304, 308])
def test_a27_other_3xx_are_not_followed(status: int) -> None:
    """308 and a missing Location are 11216."""
    network, app, _ = ring({"/v": Response("", status, {"Location": "/w"} if status != 300 else {})})
    network.run()
    assert (codes(network), app.paths()) == ([11216], ["/v"])


def test_a28_a_redirect_does_not_carry_the_digits_again() -> None:
    """The request after a 302 from a Gather's action has no Digits."""
    moved = Response("", 302, {"Location": "/b"})
    network, app, line = ring({"/v": "<Gather numDigits='1' action='/a'/>", "/a": moved, "/b": ""})
    network.advance(0)
    line.press("7")
    network.run()
    assert app.to("/a")[0]["Digits"] == "7"
    assert "Digits" not in app.to("/b")[0]


def test_a29_cookies_belong_to_one_call() -> None:
    """What an answer sets comes back on later requests of the same call, and of no other."""

    def counted(_: object) -> Response:
        made = answer("<Response><Redirect>/w</Redirect></Response>")
        made.set_cookie("s", "1")
        return made

    network, app = carrier({"/v": counted, "/w": ""})
    network.call(CALLER, NUMBER)
    network.run()
    network.call(CALLER, NUMBER)
    network.run()
    assert [each.headers.get("Cookie") for each in app.asked] == [None, "s=1", None, "s=1"]


def test_a30_a_login_in_the_url_is_used_when_asked_for() -> None:
    """First without Authorization, after the 401 with it; the signed URL has no user and password."""
    app = TinyApp({"/v": answer(SAY)})
    asked: list[str | None] = []

    def guarded(environ: dict, start_response: object) -> object:
        asked.append(environ.get("HTTP_AUTHORIZATION"))
        if asked[-1] is None:
            return Response("", 401, {"WWW-Authenticate": 'Basic realm="r"'})(environ, start_response)
        return app(environ, start_response)

    network = Network(START, auth_token=TOKEN, app=WsgiApp(guarded))
    network.number(NUMBER, "https://u:p@a.test/v")
    line = network.call(CALLER, NUMBER)
    network.run()
    assert asked == [None, "Basic " + base64.b64encode(b"u:p").decode()]
    assert (app.asked[0].signed, app.asked[0].url, said(line)) == (True, "https://a.test/v", ["x"])


@pytest.mark.parametrize("url", [f"{HOST}/v?b=2&a=1", f"{HOST}/v?next=%2Fmenu&q=S%C3%A3o", "https://a.test:8443/v"])
def test_a31_signatures_keep_the_query_as_it_is(url: str) -> None:
    """The official validator takes them: query in the given order, form sorted and appended."""
    network, app = carrier({"/v": "<Hangup/>"})
    network.number("+18005550143", url)
    network.call(CALLER, "+18005550143")
    network.run()
    assert [each.signed for each in app.asked] == [True]


def test_a32_get_carries_everything_in_the_query() -> None:
    """GET appends all parameters to the URL's own query, and signs that."""
    network, app, _ = ring({"/v": "<Redirect method='GET'>/w?y=2</Redirect>", "/w": ""})
    network.run()
    second = app.asked[1]
    assert (second.method, second.params["y"], second.params["From"]) == ("GET", "2", CALLER)
    assert second.signed


def test_a33_blank_parameters_are_sent_and_signed() -> None:
    """FromCity= and its like."""
    network, app, _ = ring("")
    network.run()
    assert app.asked[0].params["FromCity"] == ""
    assert app.asked[0].signed


def test_a34_an_inline_document_is_run_without_a_fetch() -> None:
    """REST create with Twiml: executed when answered; the app is not asked."""
    network, app = carrier({})
    network.line("+18005550177", answers_after_s=3)
    client = Client(network.account_sid, network.auth_token, http_client=network.rest_transport)
    client.calls.create(to="+18005550177", from_=NUMBER, twiml=SAY)
    network.run()
    leg = network.people["+18005550177"].line
    assert (said(leg), app.asked, leg.status) == (["x"], [], "completed")


def test_a35_a_relative_url_in_an_inline_document_is_an_error() -> None:
    """15004, or 11100 where the action is missing."""
    for twiml, code in (("<Redirect>/x</Redirect>", 15004), ("<Gather numDigits='1'/>", 11100)):
        network, _ = carrier({})
        network.line("+18005550177", keys="1")
        client = Client(network.account_sid, network.auth_token, http_client=network.rest_transport)
        client.calls.create(to="+18005550177", from_=NUMBER, twiml=f"<Response>{twiml}</Response>")
        network.run()
        assert codes(network)[0] == code


def test_a36_the_first_verb_decides_about_answering() -> None:
    """`<Hangup/>` first: answered, then completed; a Pause rings on; a Reject never answers."""
    network, _, line = ring("<Hangup/><Say>no</Say>")
    network.run()
    assert (line.status, line.answered_at is not None, line.duration_s) == ("completed", True, 0)
    network, _, line = ring("<Pause length='7'/><Say>Hi</Say>")
    network.run_until(lambda: line.answered_at is not None)
    assert at(network) == 7
    network, _, line = ring("<Pause length='7'/><Reject/>")
    network.run()
    assert (line.status, line.answered_at) == ("no-answer", None)


def test_a37_the_first_request_says_that_it_rings() -> None:
    """CallStatus=ringing, Direction=inbound, and the standard parameters."""
    network, app, line = ring("")
    network.run()
    first = app.asked[0].params
    assert (first["CallStatus"], first["Direction"]) == ("ringing", "inbound")
    assert (first["From"], first["Caller"], first["To"], first["Called"]) == (CALLER, CALLER, NUMBER, NUMBER)
    assert (first["CallSid"], first["AccountSid"], first["ApiVersion"]) == (line.sid, network.account_sid, "2010-04-01")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<Response><Say>Grüß Gott</Say></Response>".encode("latin-1"), "text/xml; charset=iso-8859-1"),
        ("<?xml version='1.0' encoding='iso-8859-1'?><Response><Say>Grüß Gott</Say></Response>".encode("latin-1"), XML),
        ("\ufeff<Response><Say>Grüß Gott</Say></Response>".encode(), "text/xml; charset=utf-8"),
    ],
    ids=["by header", "declared", "byte order mark"],
)
def test_a39_encodings(body: bytes, kind: str) -> None:
    """By the Content-Type, by the XML itself, with a byte order mark."""
    network, _, line = ring({"/v": answer(body, kind)})
    network.run()
    assert (codes(network), said(line)) == ([], ["Grüß Gott"])


@pytest.mark.parametrize(
    "body", ["x<Response/>", " <?xml version='1.0'?><Response/>", "<Response>&</Response>", "<html>"]
)
def test_a40_usual_mistakes_in_xml(body: str) -> None:
    """Text before the document, a stray &, an unclosed element: 12100, with line and column."""
    network, _, _ = ring({"/v": answer(body)})
    network.run()
    assert codes(network) == [12100]
    assert "line 1, column" in next(each.text for each in network.trace if each.kind == "error")


@pytest.mark.parametrize("caller", ["anonymous", "unknown", "+266696687", "sip:anna@example.com", "client:anna"])
def test_a38_a_caller_may_have_no_number(caller: str) -> None:
    """Withheld, SIP and client callers come through as they are; geography comes with numbers only."""
    network, app = carrier({"/v": ""})
    network.call(caller, NUMBER)
    network.run()
    assert app.asked[0].params["From"] == caller
    assert ("FromCity" in app.asked[0].params) == caller.startswith("+")
    assert app.asked[0].signed
