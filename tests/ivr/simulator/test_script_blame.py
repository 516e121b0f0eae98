"""Blame: a script that runs into an app's mistake says in its first line what the app did wrong, and where."""

from __future__ import annotations

import re
import socket
from datetime import UTC, datetime

import pytest
from werkzeug.wrappers import Response

from ivr.simulator.network import Network
from ivr.simulator.script.mend import difference, mended
from ivr.simulator.script.reader import read_script
from ivr.simulator.script.run import run
from ivr.simulator.transport import HttpApp, WsgiApp
from tests.ivr.simulator.tiny_app import TinyApp

ASK = '<Gather numDigits="1" action="/menu?step=2"><Say>Welcome.</Say></Gather>'
HEADER = "call from +4915112345678 to +18005550142\n"
STEPS = "hear ~ welcome\npress 2\nhear ~ you are served\n"


def went(menu, steps=STEPS, header=HEADER, **more):
    app = TinyApp({"/voice": ASK, "/menu": menu, "/x": Response("ssh"), **more})
    return against(WsgiApp(app), steps, header)


def against(app, steps=STEPS, header=HEADER, url="https://a.test/voice"):
    network = Network(datetime(2026, 11, 23, 9, tzinfo=UTC), app=app)
    network.number("+18005550142", url)
    return run(read_script(header + steps, "a.call"), network)


def first(result):
    return result.failure.splitlines()[0]


def xml(text, **more):
    return Response(text, content_type="text/xml", **more)


AT = "(step 2: press 2)"


@pytest.mark.parametrize(
    ("menu", "sentence"),
    [
        (xml("boom", status=500), f"your app answered 500 to POST /menu?step=2 {AT}"),
        (Response("", 404), f"your app answered 404 to POST /menu?step=2 {AT}"),
        (xml("<Response><Say>"), "your app's answer to POST /menu?step=2 is not well-formed XML: no element found"),
        (xml("<Response>a & b"), "is not well-formed XML: not well-formed (invalid token): line 1, column 13"),
        (Response("", 403), "your app answered 403 to POST /menu?step=2 (if it checks signatures: --token"),
        (Response("", 405), f"405 to POST /menu?step=2 (does it want the other method? --method GET) {AT}"),
        (
            "<Play>/a.mp3</Play>",
            f"your app plays a sound that is not there: GET /a.mp3 at a.test was answered 404 {AT}",
        ),
        (
            "<Play>/x</Play>",
            f"plays what is no sound: what came is not a sound: https://a.test/x is text/plain (GET /x) {AT}",
        ),
        (xml("<html/>"), "your app's answer to POST /menu?step=2 is no TwiML"),
        (xml(""), f"your app answered POST /menu?step=2 with nothing {AT}"),
        (xml("x" * 70_000), "your app's answer to POST /menu?step=2 is larger than 64 kB"),
        (Response("{}", content_type="application/json"), "has a Content-Type that is none of a document"),
        ("<Redirect>/menu</Redirect>", "your app leads the call in a circle at POST /menu: 50 documents"),
        (Response("", 302, {"Location": "/menu"}), "your app redirects in a circle: more than 10 HTTP redirects"),
    ],
)
def test_the_first_line_says_what_the_app_did_wrong_and_where(menu, sentence):
    assert sentence in first(went(menu)), first(went(menu))


def test_a_sound_of_somebody_else_who_is_out_of_reach_is_noted_and_is_not_the_apps_mistake():
    app = TinyApp({"/voice": ASK, "/menu": "<Play>http://music.example/a.mp3</Play><Say>You are served.</Say>"})
    result = against(WsgiApp(app, "https://a.test"))
    assert result.passed, result.failure
    assert any("11210" in note and "http://music.example/a.mp3 is skipped" in note for note in result.notes)


def test_an_app_that_raises_is_told_as_it_is_met():
    def menu(_form):
        raise RuntimeError("boom")

    assert first(went(menu)) == f"your app answered 500 to POST /menu?step=2 {AT}"


def test_an_app_that_is_not_there_is_told():
    found = first(against(HttpApp(), url="http://127.0.0.1:9/voice"))
    assert found.startswith("nothing answers at 127.0.0.1:9: is it running?")
    assert found.endswith("(as the call began)")


def test_an_app_that_never_answers_is_told():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/voice"
        found = first(against(HttpApp(timeout_s=0.2), url=url))
    assert found.startswith("your app did not answer POST /voice in time"), found
    assert "after 0.2 s" in found


def test_a_host_that_does_not_exist_is_told():
    app = WsgiApp(TinyApp({"/voice": "<Redirect>https://elsewhere.test/x</Redirect>"}), "https://a.test")
    assert first(against(app)) == "there is no host elsewhere.test (POST /x) (as the call began)"


def test_the_second_line_says_where_the_script_stopped_with_a_mark():
    told = went(xml("boom", status=500)).failure.splitlines()
    assert told[1:5] == [
        "  it said: boom",
        "a.call:4: hear ~ you are served",
        "      4 | hear ~ you are served",
        "        |      " + "^" * len("~ you are served"),
    ]


def test_what_an_app_says_in_a_page_is_told_without_its_markup():
    page = "<html><style>p {color: red}</style><h1>Oops</h1><p>no such key</p></html>"
    assert "  it said: Oops no such key\n" in went(xml(page, status=500)).failure


def test_an_error_fails_a_script_whose_steps_all_happen():
    result = went(xml("boom", status=500), "hear ~ welcome\npress 2\nexpect ended by carrier\n")
    assert first(result) == f"your app answered 500 to POST /menu?step=2 {AT}"


def test_an_error_that_is_expected_is_none():
    result = went(xml("boom", status=500), "press 2\nexpect error 11217\nexpect ended by carrier\n")
    assert result.passed, result.failure


def test_another_error_than_the_expected_one_is_told():
    result = went(xml("<Response>"), "press 2\nexpect error 11217\n")
    assert "not well-formed XML" in first(result)


def test_warnings_are_notes():
    result = went('<Say bogus="1">You are served.</Say>')
    assert result.passed
    assert ["bogus" in note for note in result.notes] == [True]


def test_a_key_that_takes_effect_later_is_still_the_step_to_blame():
    ask = '<Gather action="/menu"><Say>Welcome.</Say></Gather>'
    result = went(xml("boom", status=500), "hear ~ welcome\npress 2\nhear ~ you are served\n", **{"/voice": ask})
    assert first(result) == f"your app answered 500 to POST /menu {AT}"


def test_twiml_is_shown_one_tag_a_line():
    told = went("<Gather><Say>Which\n one?</Say></Gather>").failure
    assert re.search(r"    <Response>\n      <Gather>\n        <Say>", told), told


# Mending.


def mend(text, menu="<Say>You are being served now.</Say>"):
    return mended(text, "a.call", lambda script: against_tiny(script, menu))


def against_tiny(script, menu):
    network = Network(datetime(2026, 11, 23, 9, tzinfo=UTC), app=WsgiApp(TinyApp({"/voice": ASK, "/menu": menu})))
    network.number("+18005550142", "https://a.test/voice")
    return run(script, network)


def test_what_is_said_now_is_written_into_the_script_and_nothing_else_changes():
    before = HEADER + "hear ~ good day   # a comment\npress 2\n\nhear = You are served.\n"
    after, result = mend(before)
    assert result.passed
    assert after == HEADER + 'hear ~ "Welcome."   # a comment\npress 2\n\nhear = "You are being served now."\n'
    assert "-hear = You are served." in difference(before, after, "a.call")


def test_a_script_that_fails_at_something_else_stays_as_it_is():
    before = HEADER + "press 2\nexpect queued claims\n"
    after, result = mend(before)
    assert (after, result.passed) == (before, False)


def test_a_script_that_passes_stays_as_it_is():
    before = HEADER + "hear ~ welcome\n"
    assert mend(before)[0] == before


def test_words_in_quotes_and_backslashes_are_written_so_that_they_are_read_again():
    after, result = mend(HEADER + "press 2\nhear ~ x\n", '<Say>She said "no" \\ yes.</Say>')
    assert result.passed, after


def test_the_same_script_gives_the_same_failure():
    assert went(xml("boom", status=500)) == went(xml("boom", status=500))
