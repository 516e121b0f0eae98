"""The telephone page: dial, press, listen and leave a message - from this machine, and from its own page, only."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import pytest
from werkzeug.test import Client

from ivr.simulator.network import Network
from ivr.simulator.phone import CALLS_MAX, UNHEARD_MAX_S, Phone
from ivr.simulator.transport import WsgiApp

HERE = "http://127.0.0.1:8081"
NUMBER = "+18005550142"


def app(environ, start_response):
    form = dict(parse_qsl(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0)).decode()))
    verbs = {
        "": '<Gather numDigits="1" timeout="60"><Say language="de-DE">Guten Tag, Taste bitte.</Say></Gather>',
        "1": '<Say>Thank you.</Say><Record action="/left"/>',
        "2": "<Hangup/>",
    }[form.get("Digits", "")[:1] if environ["PATH_INFO"] == "/" else "2"]
    start_response("200 OK", [("Content-Type", "text/xml")])
    return [f"<Response>{verbs}</Response>".encode()]


@pytest.fixture
def network():
    network = Network(datetime(2026, 11, 23, 9, tzinfo=UTC), app=WsgiApp(app), speed=20)
    network.number(NUMBER, "https://app.example/")
    network.start()
    yield network
    network.stop()


@pytest.fixture
def browser(network):
    return Client(Phone(network, [NUMBER]))


def post(browser, path, body=None, origin=HERE, base_url=HERE, **more):
    return browser.post(path, json={} if body is None else body, headers={"Origin": origin}, base_url=base_url, **more)


def dial(browser):
    return post(browser, "/calls", {"from": "+4915112345678", "to": NUMBER}).json["call"]


def entries(browser, sid):
    """What the page is told, as it comes; ends with the call."""
    told = browser.get(f"/calls/{sid}/events", base_url=HERE, buffered=False)
    try:
        for piece in told.response:
            text = piece.decode()
            if "data: " in text:
                yield json.loads(text.partition("data: ")[2])
    finally:
        told.close()


def test_a_call_is_dialled_heard_and_answered(browser):
    sid = dial(browser)
    heard = []
    for entry in entries(browser, sid):
        heard.append(entry["text"])
        if "Taste bitte" in entry["text"]:
            assert (entry["language"], entry["manner"]) == ("de-DE", "said")
            assert post(browser, f"/calls/{sid}/press", {"keys": "1"}).status_code == 200
        if entry["recording"]:
            assert post(browser, f"/calls/{sid}/message", {"length_s": 3, "text": "it broke"}).status_code == 200
    assert "“Thank you.”" in heard
    assert "You say: it broke" in heard
    assert heard[-1] == "The call is over (completed)."


def test_the_page_may_come_late_and_hears_what_it_has_missed(browser, network):
    sid = dial(browser)
    post(browser, f"/calls/{sid}/hang-up")
    network.run_until(lambda: network.calls[sid].over, within_s=60)
    assert [entry["ended"] for entry in entries(browser, sid)][-1] is True
    assert "You call +18005550142" in next(entries(browser, sid))["text"]


def test_a_page_that_is_reloaded_hears_the_call_from_its_beginning_and_goes_on(browser, network):
    sid = dial(browser)
    for entry in (before := entries(browser, sid)):
        if "Taste bitte" in entry["text"]:
            break
    before.close()
    for entry in entries(browser, sid):
        if "Taste bitte" in entry["text"]:
            assert post(browser, f"/calls/{sid}/press", {"keys": "2"}).status_code == 200
    assert network.calls[sid].ended_by == "app"


@pytest.fixture
def still():
    """A network whose time passes only when it is told to, and a browser at its telephone."""
    network = Network(datetime(2026, 11, 23, 9, tzinfo=UTC), app=WsgiApp(app))
    network.number(NUMBER, "https://app.example/")
    return network, Client(Phone(network, [NUMBER]))


def test_a_call_that_no_page_listens_to_is_hung_up_after_a_while(still):
    network, browser = still
    sid = dial(browser)
    network.advance(UNHEARD_MAX_S - 1)
    listening = entries(browser, sid)
    next(listening)
    network.advance(UNHEARD_MAX_S + 1)
    assert not network.calls[sid].over
    listening.close()
    network.advance(UNHEARD_MAX_S - 1)
    assert not network.calls[sid].over
    network.advance(1)
    assert (network.calls[sid].over, network.calls[sid].ended_by) == (True, "caller")


def test_a_call_that_no_page_ever_listened_to_is_hung_up(still):
    network, browser = still
    sid = dial(browser)
    network.advance(UNHEARD_MAX_S)
    assert network.calls[sid].over


def test_a_page_that_is_back_in_time_keeps_its_call(still):
    network, browser = still
    sid = dial(browser)
    for _ in range(3):
        listening = entries(browser, sid)
        next(listening)
        listening.close()
        network.advance(UNHEARD_MAX_S - 1)
    assert not network.calls[sid].over


def test_who_has_hung_up_can_press_no_more(browser, network):
    sid = dial(browser)
    post(browser, f"/calls/{sid}/hang-up")
    network.run_until(lambda: network.calls[sid].over, within_s=60)
    assert post(browser, f"/calls/{sid}/press", {"keys": "1"}).status_code == 409


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/calls", {"from": "0800", "to": NUMBER}, "is not a caller"),
        ("/calls", {"to": "+18005550199"}, "nobody has the number"),
        ("/calls/SID/press", {"keys": "A"}, "0-9"),
        ("/calls/SID/press", {}, "0-9"),
        ("/calls/SID/message", {"length_s": 9999}, "120 seconds"),
        ("/calls/SID/message", {"length_s": "8"}, "120 seconds"),
        ("/calls", [], "JSON object"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_reason(browser, path, body, said):
    refused = post(browser, path.replace("SID", dial(browser)), body)
    assert refused.status_code == 400
    assert said in refused.json["error"]


def test_a_call_that_was_never_made_is_not_found(browser):
    assert post(browser, "/calls/CA1/press", {"keys": "1"}).status_code == 404
    assert browser.get("/calls/CA1/events", base_url=HERE).status_code == 404


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9999", ""])
def test_other_pages_cannot_telephone(browser, origin, network):
    assert post(browser, "/calls", {"to": NUMBER}, origin=origin).status_code == 403
    assert not network.calls


def test_other_names_for_this_machine_are_refused(browser):
    assert browser.get("/", base_url="http://rebound.example:8081").status_code == 403


def test_forms_of_other_pages_are_refused(browser):
    sent = browser.post("/calls", data={"to": NUMBER}, headers={"Origin": HERE}, base_url=HERE)
    assert sent.status_code == 400


def test_the_page_allows_no_script_but_its_own(browser):
    page = browser.get("/", base_url=HERE)
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert b"<script src=" in page.data
    assert b"onclick" not in page.data
    assert b"style=" not in page.data
    assert browser.get("/phone.js", base_url=HERE).mimetype == "text/javascript"
    assert browser.get("/phone.css", base_url=HERE).mimetype == "text/css"
    assert browser.get("/../network.py", base_url=HERE).status_code == 404


def test_mounted_below_a_path_the_page_finds_its_way(browser):
    sent = browser.get("", base_url=HERE, environ_overrides={"SCRIPT_NAME": "/phone", "PATH_INFO": ""})
    assert (sent.status_code, sent.headers["Location"]) == (308, "/phone/")


def test_there_is_a_limit_to_calls_at_once(browser):
    for _ in range(CALLS_MAX):
        dial(browser)
    assert post(browser, "/calls", {"to": NUMBER}).status_code == 429
