"""The telephone's door: windows that dial, ring, answer, press and speak; asked by their own pages only."""

from __future__ import annotations

import io
import itertools
import json
import math
import struct
import wave
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import pytest
from werkzeug.test import Client

from ivr.simulator.network import Network
from ivr.simulator.phone import Phone
from ivr.simulator.phone.microphone import LENGTH_MAX_S, PIECE_BYTES_MAX
from ivr.simulator.phone.switch import HANDSETS_MAX, UNHEARD_MAX_S
from ivr.simulator.script.reader import read_script
from ivr.simulator.script.run import run
from ivr.simulator.sound import tone
from ivr.simulator.transport import WsgiApp

HERE = "http://127.0.0.1:8081"
NUMBER, OTHER = "+18005550142", "+18005550177"
SOUND = tone(2.0)

DOCUMENTS = {
    "/": '<Gather numDigits="1" timeout="60" action="/pressed">'
    '<Say language="de-DE">Guten Tag, Taste bitte.</Say></Gather>',
    "/1": '<Say>Thank you.</Say><Record action="/left" timeout="2" finishOnKey="#"/>',
    "/2": "<Hangup/>",
    "/3": f"<Dial><Number>{OTHER}</Number></Dial>",
    "/4": "<Enqueue>sales</Enqueue>",
    "/5": "<Play>/sound.wav</Play>",
    "/6": "<Dial><Conference>room</Conference></Dial>",
    "/7": '<Gather input="speech" action="/spoken" timeout="30"><Say>Speak.</Say></Gather>',
    "/left": "<Say>Good bye.</Say>",
}


class App:
    """A TwiML app that keeps what it was asked."""

    def __init__(self):
        self.asked = []

    def __call__(self, environ, start_response):
        form = dict(parse_qsl(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0)).decode(), True))
        path = environ["PATH_INFO"]
        self.asked.append((path, form))
        if path == "/sound.wav":
            start_response("200 OK", [("Content-Type", "audio/wav"), ("ETag", '"1"')])
            return [SOUND]
        verbs = DOCUMENTS.get(f"/{form.get('Digits')}" if path == "/pressed" else path, "<Hangup/>")
        start_response("200 OK", [("Content-Type", "text/xml")])
        return [f"<Response>{verbs}</Response>".encode()]

    def form_of(self, path):
        return next(form for asked, form in self.asked if asked == path)


class Page:
    """A window as its page knows it; events are read as far as they have come."""

    def __init__(self, client, number=""):
        self.client = client
        answer = client.post("/handsets", json={"number": number}, headers={"Origin": HERE}, base_url=HERE)
        assert answer.status_code == 201, answer.json
        self.key, self.number = answer.json["key"], answer.json["number"]
        self.told = []
        self.listen()
        self.until("begin")

    def listen(self):
        self.stream = self.client.get(f"/handsets/{self.key}/events", base_url=HERE, buffered=False)
        self.pieces = iter(self.stream.response)

    def do(self, deed, body=None, origin=HERE, **more):
        path = f"/handsets/{self.key}/{deed}"
        if "data" not in more:
            more["json"] = {} if body is None else body
        return self.client.post(path, headers={"Origin": origin}, base_url=HERE, **more)

    def done(self, deed, body=None):
        answer = self.do(deed, body)
        assert answer.status_code == 200, answer.json
        return answer.json

    def heard(self, piece):
        return self.do("heard", data=piece, content_type="audio/l16")

    def until(self, event, **expected):
        """What is told as `event` with these fields, or begins with them; whatever comes before is kept in `told`."""
        for piece in self.pieces:
            text = piece.decode()
            assert not text.startswith(":"), f"no {event} {expected}, but: {self.told}"
            name, _, data = text.partition("\n")
            told = (name.removeprefix("event: "), json.loads(data.removeprefix("data: ")))
            self.told.append(told)
            if told[0] == event and all(_fits(told[1].get(field), value) for field, value in expected.items()):
                return told[1]
        raise AssertionError(f"no {event} {expected}: the stream has ended; {self.told}")

    def close(self):
        self.stream.close()


def _fits(told, expected):
    return str(told).startswith(expected) if isinstance(expected, str) else told == expected


@pytest.fixture
def app():
    return App()


@pytest.fixture
def network(app):
    """Time passes only when it is told to."""
    network = Network(datetime(2026, 11, 23, 9, tzinfo=UTC), app=WsgiApp(app))
    network.number(NUMBER, "https://app.example/")
    return network


class Speaker:
    """A voice that speaks everything in a second and a half, and slower in two."""

    def wav(self, words, language, slower=False):
        return tone(2.0 if slower else 1.5)


def client_of(network, **more):
    keys = (f"key-{n}" for n in itertools.count())
    return Client(Phone(network, [NUMBER], lambda: next(keys), UTC, **more))


@pytest.fixture
def browser(network):
    return client_of(network)


@pytest.fixture
def page(browser):
    page = Page(browser)
    yield page
    page.close()


@pytest.fixture
def second(browser):
    page = Page(browser, OTHER)
    yield page
    page.close()


def dial(page, network, keys="", after_s=30):
    page.done("call", {"to": NUMBER})
    network.advance(after_s)
    if keys:
        page.done("press", {"keys": keys})
        network.advance(1)


def voice_like(seconds, level=8000):
    """Loud 8 kHz 16-bit sound."""
    samples = (round(level * math.sin(2 * math.pi * 440 * n / 8000)) for n in range(round(8000 * seconds)))
    return b"".join(struct.pack("<h", sample) for sample in samples)


# A call.


def test_a_call_is_dialled_heard_and_answered(page, network, app):
    dial(page, network)
    heard = page.until("entry", manner="said")
    assert (heard["text"], heard["language"]) == ("“Guten Tag, Taste bitte.”", "de-DE")
    assert page.until("state", asked=True)["phase"] == "live"
    page.done("press", {"keys": "2"})
    network.advance(1)
    assert page.until("state", phase="idle")["text"] == "The call is over."
    assert app.form_of("/pressed")["Digits"] == "2"


def test_words_are_said_to_a_gather_that_listens(page, network, app):
    dial(page, network, "7", 30)
    network.advance(5)
    page.done("say", {"text": "my parcel is broken"})
    network.advance(40)
    assert app.form_of("/spoken")["SpeechResult"] == "my parcel is broken"


def test_a_page_that_comes_late_hears_what_it_has_missed(page, network):
    dial(page, network, "2")
    page.until("state", phase="idle")
    page.close()
    page.listen()
    assert page.until("begin")["number"] == page.number
    page.until("entry", text="You call")
    page.until("entry", manner="said")
    assert page.until("state")["phase"] == "idle"


def test_who_has_hung_up_can_press_no_more(page, network):
    dial(page, network)
    page.done("hang-up")
    network.advance(1)
    refused = page.do("press", {"keys": "1"})
    assert (refused.status_code, refused.json["error"]) == (409, "the call is over")


def test_a_number_can_be_withheld(page, network, app):
    page.done("call", {"to": NUMBER, "withheld": True})
    network.advance(1)
    assert app.form_of("/")["From"] == "anonymous"


def test_what_is_stated_of_every_call_is_in_its_webhooks(network, app):
    page = Page(client_of(network, params={"FromState": "CA"}))
    dial(page, network)
    assert app.form_of("/")["FromState"] == "CA"


# Windows that come and go.


def test_a_call_that_no_page_listens_to_is_hung_up_after_a_while(page, network):
    dial(page, network, after_s=1)
    line = next(iter(network.calls.values()))
    network.advance(UNHEARD_MAX_S + 1)
    assert not line.over
    page.close()
    network.advance(UNHEARD_MAX_S - 1)
    assert not line.over
    network.advance(2)
    assert (line.over, line.ended_by) == (True, "caller")
    assert page.do("call", {"to": NUMBER}).status_code == 404


def test_a_page_that_is_back_in_time_keeps_its_call(page, network):
    dial(page, network, after_s=1)
    for _ in range(2):
        page.close()
        network.advance(UNHEARD_MAX_S - 1)
        page.listen()
        page.until("begin")
    assert not next(iter(network.calls.values())).over


def test_a_second_page_of_the_same_telephone_takes_its_place(page):
    first = page.pieces
    page.listen()
    page.until("begin")
    assert any("event: replaced" in piece.decode() for piece in first)


def test_each_window_has_a_number_of_its_own_and_there_is_a_limit_to_windows(browser, network):
    pages = [Page(browser) for _ in range(HANDSETS_MAX)]
    assert len({page.number for page in pages}) == HANDSETS_MAX
    refused = browser.post("/handsets", json={}, headers={"Origin": HERE}, base_url=HERE)
    assert (refused.status_code, "5 telephones" in refused.json["error"]) == (409, True)
    pages[0].close()
    network.advance(UNHEARD_MAX_S + 1)
    assert Page(browser).number == pages[0].number


def test_a_number_goes_back_to_whom_it_belonged(browser, network):
    network.line(OTHER, behaviour="busy")
    page = Page(browser, OTHER)
    assert network.people[OTHER].behaviour == "by hand"
    page.done("number", {"number": "+4915000000"})
    assert network.people[OTHER].behaviour == "busy"
    page.close()
    network.advance(UNHEARD_MAX_S + 1)
    assert "+4915000000" not in network.people


# Others.


def test_a_window_rings_answers_and_is_joined_to_the_other(page, second, network):
    dial(page, network, "3")
    assert second.until("state", phase="ringing")["text"] == f"{page.number} calls you."
    assert page.until("state", tone="ringback", phase="live")["text"] == "Somebody is being called for you …"
    assert second.done("answer") == {}
    network.advance(1)
    assert second.until("state", text=f"Connected to {page.number}.")["phase"] == "live"
    [peer] = page.until("peers", peers=page_peer(page, "2", OTHER))["peers"]
    [other] = second.until("peers", peers=page_peer(second, "1", page.number))["peers"]
    assert (peer["offers"], other["offers"]) == (True, False)
    assert peer["session"] == other["session"]


def test_who_is_called_and_nobody_is_can_be_answered_in_another_window(page, network, browser):
    dial(page, network, "3")
    assert page.until("entry", text="Somebody is called for you")["be"] == OTHER
    page.done("hang-up")
    network.advance(1)
    other = Page(browser, OTHER)
    dial(page, network, "3")
    assert "be" not in page.until("entry", text="Somebody is called for you")
    other.close()


class page_peer:
    """Equal to a list of one peer of this name and number who hears and is heard."""

    def __init__(self, page, name, number, hears=True, heard=True):
        self.fields = {"name": name, "number": number, "hears": hears, "heard": heard}

    def __eq__(self, told):
        return len(told) == 1 and {**told[0], **self.fields} == told[0]

    def __repr__(self):
        return f"one peer {self.fields}"


def test_a_window_declines_and_one_in_a_call_is_busy(page, second, network):
    dial(page, network, "3")
    second.done("reject")
    network.advance(1)
    assert second.until("state", text="Busy.")["phase"] == "idle"
    second.done("call", {"to": NUMBER})
    network.advance(1)
    dial(page, network, "3")
    assert [line.status for line in network.calls.values() if line.direction != "inbound"] == ["busy", "busy"]


def test_pages_that_talk_can_find_each_other_and_others_cannot(page, second, network):
    refused = page.do("signal", {"to": "2", "signal": {"type": "offer"}})
    assert refused.status_code == 409
    dial(page, network, "3")
    second.done("answer")
    network.advance(1)
    page.done("signal", {"to": "2", "signal": {"type": "offer", "sdp": "v=0"}})
    told = second.until("signal")
    assert (told["from"], told["signal"]) == ("1", {"type": "offer", "sdp": "v=0"})


def test_a_conference_says_who_hears_whom_and_hold_and_mute_are_respected(page, second, network):
    dial(page, network, "6")
    assert page.until("sound", what="music")["loops"] is True
    dial(second, network, "6")
    page.until("quiet")
    page.until("peers", peers=page_peer(page, "2", OTHER))
    conference = next(iter(network.conferences.values()))
    theirs = conference.participants[1]
    theirs.change(muted=True)
    network.advance(1)
    page.until("peers", peers=page_peer(page, "2", OTHER, hears=False))
    theirs.change(muted=False, hold=True)
    network.advance(1)
    page.until("peers", peers=page_peer(page, "2", OTHER, hears=False, heard=False))
    theirs.change(hold=False)
    network.advance(1)
    page.until("peers", peers=page_peer(page, "2", OTHER))
    page.done("hang-up")
    network.advance(1)
    second.until("peers", peers=page_peer(second, "1", page.number))
    second.until("peers", peers=[])


def test_in_a_conference_of_three_each_hears_the_others_but_a_coach_is_heard_by_one(page, second, browser, network):
    third = Page(browser)
    for each in (page, second, third):
        dial(each, network, "6")
    for each in (page, second, third):
        peers = each.until("peers", peers=HowMany(2))["peers"]
        assert {(peer["hears"], peer["heard"]) for peer in peers} == {(True, True)}
    one, _, coach = next(iter(network.conferences.values())).participants
    coach.change(coached=one.line.sid)
    network.advance(1)
    heard = third.until("peers", peers=HowMany(2))["peers"]
    assert {peer["name"]: (peer["hears"], peer["heard"]) for peer in heard} == {"1": (True, True), "2": (True, False)}


class HowMany:
    """Equal to a list of so many."""

    def __init__(self, count):
        self.count = count

    def __eq__(self, told):
        return len(told) == self.count


# Sound.


def test_a_fetched_sound_is_played_by_the_page_from_the_carrier_itself(page, network, browser):
    dial(page, network, "5", 30)
    told = page.until("sound", what="play")
    sound = browser.get(f"/{told['path']}", base_url=HERE)
    assert (sound.data, sound.mimetype) == (SOUND, "audio/wav")
    network.advance(3)
    page.until("quiet", id=told["id"])


def test_a_prompt_is_spoken_for_as_long_as_the_voice_takes(network):
    browser = client_of(network, voice=Speaker())
    page = Page(browser)
    page.done("call", {"to": NUMBER})
    network.advance(1.4)
    told = page.until("sound", what="say", language="de-DE")
    assert browser.get(f"/{told['path']}", base_url=HERE).data == tone(1.5)
    assert next(iter(network.calls.values())).awaits_input is False
    network.advance(0.2)
    page.until("quiet", id=told["id"])
    page.until("state", asked=True)
    page.done("hang-up")
    page.done("slower", {"slower": True})
    network.advance(1)
    page.done("call", {"to": NUMBER})
    network.advance(1.9)
    page.until("sound", what="say")
    page.close()
    page.listen()
    assert page.until("sound", what="say")["offset_s"] == pytest.approx(1.9, abs=0.01)


def test_without_a_voice_slower_leaves_more_time_to_read(page, network):
    def line_of():
        return list(network.calls.values())[-1]

    page.done("call", {"to": NUMBER})
    network.run_until(lambda: line_of().awaits_input)
    usual_s = (network.now() - line_of().answered_at).total_seconds()
    page.done("hang-up")
    network.advance(1)
    page.done("slower", {"slower": True})
    page.done("call", {"to": NUMBER})
    network.run_until(lambda: line_of().awaits_input)
    assert (network.now() - line_of().answered_at).total_seconds() == pytest.approx(usual_s * 1.33, rel=0.01)


def test_a_key_cuts_a_prompt_short(page, network):
    dial(page, network, after_s=0.5)
    told = page.until("sound", what="say")
    page.done("press", {"keys": "2"})
    network.advance(0.1)
    page.until("quiet", id=told["id"])


def test_music_is_heard_in_a_queue_until_somebody_comes(network):
    browser = client_of(network, music=lambda: SOUND)
    page = Page(browser)
    dial(page, network, "4")
    told = page.until("sound", what="music")
    assert browser.get(f"/{told['path']}", base_url=HERE).data == SOUND
    page.done("hang-up")
    network.advance(1)
    page.until("quiet", id=told["id"])


# A message.


def recording_of(network):
    return next(iter(network.recordings.values()))


def test_what_the_microphone_hears_is_the_recording_that_the_app_gets(page, network, app):
    dial(page, network, "1", 30)
    silence, speech = bytes(4000), voice_like(0.25)
    for piece in [silence, speech, speech, silence, speech, silence]:
        assert page.heard(piece).status_code == 200
        network.advance(0.25)
    page.done("press", {"keys": "#"})
    network.advance(1)
    form = app.form_of("/left")
    assert (form["RecordingDuration"], form["Digits"]) == ("1", "#")
    recording = recording_of(network)
    with wave.open(io.BytesIO(recording.media())) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (8000, 1, 2)
        assert sound.readframes(99_999) == silence + speech + speech + silence + speech


def test_silence_ends_a_message_as_the_app_asked(page, network, app):
    dial(page, network, "1", 30)
    page.heard(voice_like(0.25))
    network.advance(1.5)
    page.heard(bytes(4000))
    network.advance(1)
    assert app.form_of("/left")["Digits"] == ""


def test_who_says_nothing_leaves_nothing(page, network, app):
    dial(page, network, "1", 30)
    page.heard(bytes(4000))
    network.advance(5)
    assert not [form for path, form in app.asked if path == "/left"]


def test_a_typed_message_is_spoken_by_the_voice(network, app):
    page = Page(client_of(network, voice=Speaker()))
    dial(page, network, "1", 30)
    network.advance(1)
    page.done("say", {"text": "it broke"})
    network.advance(5)
    assert app.form_of("/left")["RecordingDuration"] == "1"
    assert recording_of(network).media() == tone(1.5)
    assert recording_of(network).text == "it broke"


@pytest.mark.parametrize(
    ("piece", "content_type", "status"),
    [
        (b"", "audio/l16", 400),
        (b"abc", "audio/l16", 400),
        (bytes(PIECE_BYTES_MAX + 2), "audio/l16", 413),
        (b"ab", "audio/wav", 415),
        (b"ab", "text/plain", 415),
    ],
)
def test_sound_that_is_none_is_refused(page, network, piece, content_type, status):
    dial(page, network, "1", 30)
    assert page.do("heard", data=piece, content_type=content_type).status_code == status


def test_a_message_is_not_kept_beyond_its_limit(page, network):
    dial(page, network, "1", 30)
    piece = voice_like(4)
    for _ in range(round(LENGTH_MAX_S / 4) + 10):
        page.heard(piece)
    network.advance(5000)
    assert len(recording_of(network).media()) <= LENGTH_MAX_S * 16_000 + 100


# Who may ask.


@pytest.mark.parametrize(
    ("deed", "body", "status", "said"),
    [
        ("number", {"number": "0800"}, 409, "not a number to have"),
        ("number", {"number": NUMBER}, 409, "the app's own number"),
        ("call", {"to": "+18005550199"}, 400, "nobody has the number"),
        ("press", {"keys": "A"}, 400, "0-9"),
        ("press", {}, 400, "0-9"),
        ("say", {"text": " "}, 400, "words are missing"),
        ("call", [], 400, "JSON object"),
        ("fly", {}, 404, "cannot do that"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_reason(page, network, deed, body, status, said):
    if deed in ("press", "say"):
        dial(page, network)
    refused = page.do(deed, body)
    assert (refused.status_code, said in refused.json["error"]) == (status, True), refused.json


def test_two_windows_cannot_have_one_number(page, second):
    refused = page.do("number", {"number": OTHER})
    assert (refused.status_code, "another window" in refused.json["error"]) == (409, True)


@pytest.mark.parametrize("key", ["key-9", "", "1"])
def test_a_telephone_is_known_only_by_its_key(browser, page, key):
    for path in (f"/handsets/{key}/events", f"/handsets/{key}/script", f"/handsets/{key}/place"):
        assert browser.get(path, base_url=HERE).status_code == 404
    assert browser.post(f"/handsets/{key}/call", json={}, headers={"Origin": HERE}, base_url=HERE).status_code == 404


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9999", ""])
def test_other_pages_cannot_telephone(page, origin, network):
    assert page.do("call", {"to": NUMBER}, origin=origin).status_code == 403
    assert page.do("heard", origin=origin, data=b"ab", content_type="audio/l16").status_code == 403
    assert not network.calls


def test_other_sites_cannot_see_what_is_told(page, browser):
    for path in (f"/handsets/{page.key}/events", f"/handsets/{page.key}/script", "/sounds/abc"):
        seen = browser.get(path, base_url=HERE, headers={"Sec-Fetch-Site": "cross-site"})
        assert seen.status_code == 403


def test_a_page_of_another_origin_has_a_telephone_only_if_it_was_named(network):
    named, other = "http://127.0.0.1:8080", "http://127.0.0.1:9999"
    door = Client(Phone(network, [NUMBER], lambda: "key", origins=[named]))
    for origin, status in ((named, 201), (other, 403)):
        asked = {"Origin": origin, "Sec-Fetch-Site": "same-site"}
        answer = door.post("/handsets", json={"number": "client:anna"}, headers=asked, base_url=HERE)
        assert answer.status_code == status
        seen = door.get("/handsets/key/place", headers=asked, base_url=HERE)
        assert seen.status_code == (200 if origin == named else 403)
        first = door.options("/handsets", headers=asked | {"Access-Control-Request-Method": "POST"}, base_url=HERE)
        assert (first.status_code == 204) == (origin == named)
        for each in (answer, seen, first):
            assert each.headers.get("Access-Control-Allow-Origin") == (named if origin == named else None)
            assert "Access-Control-Allow-Credentials" not in each.headers
    assert door.get("/", base_url="http://rebound.example", headers={"Origin": named}).status_code == 403


def test_other_names_for_this_machine_are_refused(browser):
    assert browser.get("/", base_url="http://rebound.example:8081").status_code == 403


def test_forms_of_other_pages_and_large_bodies_are_refused(page):
    assert page.do("call", data={"to": NUMBER}).status_code == 400
    assert page.do("call", {"to": "1" * 40_000}).status_code == 400
    assert page.do("call", {"to": "1" * 400_000}).status_code in (400, 413)


def test_the_page_allows_no_script_but_its_own(browser):
    page = browser.get("/", base_url=HERE)
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "microphone=(self)" in page.headers["Permissions-Policy"]
    assert b"<script src=" in page.data
    assert b"onclick" not in page.data
    assert b"style=" not in page.data
    assert b"//" not in page.data
    for name in ("phone.js", "phone-sound.js", "phone-talk.js", "phone-microphone.js", "phone-pieces.js"):
        script = browser.get(f"/{name}", base_url=HERE)
        assert script.mimetype == "text/javascript"
        assert b"innerHTML" not in script.data
    assert browser.get("/phone.css", base_url=HERE).mimetype == "text/css"
    for path in ("/../network.py", "/phone.html/..", "/network.py", "/sounds/..%2Fphone.css"):
        assert browser.get(path, base_url=HERE).status_code == 404


def test_mounted_below_a_path_the_page_finds_its_way(browser):
    sent = browser.get("", base_url=HERE, environ_overrides={"SCRIPT_NAME": "/phone", "PATH_INFO": ""})
    assert (sent.status_code, sent.headers["Location"]) == (308, "/phone/")


# A call kept.


def script_of(page, browser):
    answer = browser.get(f"/handsets/{page.key}/script", base_url=HERE)
    assert answer.status_code == 200, answer.json
    return answer.text


def played(text, app):
    """The script, on a fresh network in virtual time."""
    script = read_script(text)
    network = Network(script.at, app=WsgiApp(app))
    network.number(NUMBER, "https://app.example/")
    return run(script, network)


CALLS = {
    "keys": (["press 2"], ['hear ~ "Guten Tag, Taste bitte."', "press 2", "expect ended by app"]),
    "silence": (["wait 70"], ['hear ~ "Guten Tag, Taste bitte."', "silence", "expect ended by app"]),
    "words": (
        ["press 7", "wait 2", "say my parcel", "wait 50"],
        ["press 7", 'hear ~ "Speak."', 'say "my parcel"', "expect ended by app"],
    ),
    "a message": (
        ["press 1", "say it broke", "press #", "wait 3"],
        ["press 1", 'hear ~ "Thank you."', "press #", 'hear ~ "Good bye."', "expect ended by app"],
    ),
    "nothing said": (["press 1", "wait 9"], ["press 1", 'hear ~ "Thank you."', "silence", "expect ended by app"]),
    "a queue": (
        ["press 4", "wait 20", "hang-up"],
        ["press 4", "expect queued sales position 1", "wait 21s", "hang up"],
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_is_kept_as_a_script_that_passes(page, network, browser, name):
    acts, steps = CALLS[name]
    dial(page, network)
    for act in acts:
        deed, _, what = act.partition(" ")
        if deed != "wait":
            page.done(deed, {"press": {"keys": what}, "say": {"text": what}}.get(deed))
        network.advance(float(what) if deed == "wait" else 1)
    text = script_of(page, browser)
    lines = text.splitlines()
    assert lines[1] == f"call from {page.number} to {NUMBER} at 2026-11-23T09:00:00+00:00"
    assert [line for line in lines if line in steps] == steps
    result = played(text, App())
    assert result.passed, result


def test_a_kept_call_names_the_window_that_answered(page, second, network, browser):
    dial(page, network, "3")
    network.advance(4)
    second.done("answer")
    network.advance(2)
    second.done("hang-up")
    network.advance(1)
    assert f"line {OTHER} answers after 5s" in script_of(page, browser).splitlines()
    assert script_of(page, browser) == script_of(second, browser)


def test_without_a_call_there_is_nothing_to_keep(page, browser):
    refused = browser.get(f"/handsets/{page.key}/script", base_url=HERE)
    assert (refused.status_code, "begins with a call" in refused.json["error"]) == (409, True)
