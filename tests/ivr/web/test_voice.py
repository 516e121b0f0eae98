"""The carrier's doors: who is let in, what is made of odd requests, and that nothing is done twice."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator

from ivr.settings import Settings
from ivr.web.app import Application, create_app
from recordings.sounds import Sounds
from routing.store import metadata

ACCOUNT, TOKEN, OLD_TOKEN = "AC" + "a" * 32, "the-token-in-force", "the-token-of-last-week"
BASE = "https://hotline.example"
CALL = "CA" + "c" * 32
MENUS = Path(__file__).parents[3] / "menus"
BUDGET_S = 5  # of the carrier's 15
OPEN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class NoCarrier:
    """A carrier that takes every order and does nothing: these tests are about what comes in."""

    def request(self, *args: object, **kwargs: object) -> object:
        raise OSError("there is no carrier in this test")


@pytest.fixture(name="app")
def an_application(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    settings = Settings(ACCOUNT, TOKEN, BASE, tmp_path, MENUS, token_old=OLD_TOKEN)
    sounds = Sounds(tmp_path_factory.getbasetemp() / "sounds")
    app = create_app(settings, lambda: OPEN, carrier_http=NoCarrier(), after_commit=lambda order: None, sounds=sounds)
    yield app
    app.close()


def a_form(**more: str) -> dict[str, str]:
    base = {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "CallSid": CALL,
        "CallStatus": "in-progress",
        "Called": "+18005550142",
        "Caller": "+4915112345678",
        "Direction": "inbound",
        "From": "+4915112345678",
        "FromCity": "",
        "To": "+18005550142",
    }
    return base | more


def post(app: Application, path: str, form: Mapping[str, str], token: str = TOKEN, signature: str | None = None):
    signature = RequestValidator(token).compute_signature(BASE + path, form) if signature is None else signature
    return app.wsgi.test_client().post(path, data=form, headers={"X-Twilio-Signature": signature})


def rows(app: Application) -> dict[str, int]:
    with app.switchboard.store.look() as tx:
        return {
            t.name: tx.connection.execute(select(func.count()).select_from(t)).scalar() for t in metadata.sorted_tables
        }


def keeps_the_caller(body: bytes) -> bool:
    """A document that says something and does not end in silence."""
    root = ElementTree.fromstring(body)  # noqa: S314 - our own answer
    return root.tag == "Response" and any(verb.tag in ("Record", "Dial", "Gather", "Redirect") for verb in root)


@pytest.mark.parametrize("signature", ["", "AAAA", "é", "L/OH5YylLD5NRKLltdqwSvS0BnU="])
@pytest.mark.parametrize("path", ["/voice", "/voice/step?s=1", "/voice/wait?s=1", "/voice/status", "/voice/fallback"])
def test_what_is_not_signed_is_refused_with_nothing_said_and_nothing_written(app, path, signature):
    before = rows(app)
    answer = post(app, path, a_form(), signature=signature.encode().decode("latin-1"))
    assert (answer.status_code, answer.data) == (403, b"")
    assert rows(app) == before


def test_a_request_without_a_signature_header_or_body_is_refused(app):
    answer = app.wsgi.test_client().post("/voice")
    assert (answer.status_code, answer.data) == (403, b"")


def test_the_token_of_before_is_believed_while_it_is_being_changed_and_no_other(app):
    assert post(app, "/voice", a_form(CallStatus="ringing"), OLD_TOKEN).status_code == 200
    assert post(app, "/voice", a_form(CallStatus="ringing"), "somebody-elses").status_code == 403


def test_what_is_signed_for_another_address_is_refused(app):
    signature = RequestValidator(TOKEN).compute_signature(BASE + "/voice/step?s=2", a_form())
    assert post(app, "/voice/step?s=1", a_form(), signature=signature).status_code == 403
    signature = RequestValidator(TOKEN).compute_signature("http://localhost/voice", a_form())
    assert post(app, "/voice", a_form(), signature=signature).status_code == 403


def test_another_accounts_request_is_refused(app):
    assert post(app, "/voice", a_form(AccountSid="AC" + "b" * 32)).status_code == 403


ODD = {
    "no call": {"CallSid": None},
    "short call": {"CallSid": "CA12"},
    "a call in capitals": {"CallSid": "CA" + "C" * 32},
    "letters for keys": {"Digits": "abc"},
    "arabic digits": {"Digits": "١٢٣"},
    "too many keys": {"Digits": "1" * 33},
    "keys and a tone": {"Digits": "1w2"},
    "unknown status": {"CallStatus": "sleeping"},
    "no status": {"CallStatus": None},
    "an endless caller": {"From": "+" + "1" * 300},
    "no caller": {"From": None},
    "a recording elsewhere": {"RecordingSid": "http://evil.example/x.wav"},
    "a negative length": {"RecordingSid": "RE" + "0" * 32, "RecordingDuration": "-1"},
    "a length that is none": {"RecordingSid": "RE" + "0" * 32, "RecordingDuration": "NaN"},
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_what_is_signed_but_odd_is_answered_so_that_the_caller_is_kept(app, odd):
    form = {name: value for name, value in a_form(**odd).items() if value is not None}
    before = rows(app)
    answer = post(app, "/voice/step?s=1", form)
    assert answer.status_code == 200
    assert answer.content_type == "text/xml; charset=utf-8"
    assert keeps_the_caller(answer.data)
    assert rows(app) == before


@pytest.mark.parametrize("caller", ["", "anonymous", "+266696687", "sip:anna@example.com", "client:anna", "Ж'\"<&"])
def test_any_kind_of_caller_is_welcome(app, caller):
    answer = post(app, "/voice", a_form(From=caller, Caller=caller, CallStatus="ringing"))
    assert b"Welcome to Acme" in answer.data


def test_a_signature_does_not_let_names_and_values_be_parted_elsewhere(app):
    """Twilio's signature does not bind where a name ends: all these carry the same one. None may have an effect."""
    post(app, "/voice", a_form(CallStatus="ringing"))
    form = a_form(Digits="2")
    good = RequestValidator(TOKEN).compute_signature(BASE + "/voice/step?s=1", form)
    text = [name + value for name, value in sorted(form.items())]
    before = rows(app)
    tried = 0
    unread = {"ApiVersion", "Called", "Caller", "Direction", "FromCity"}
    for index, (name, value) in enumerate(sorted(form.items())):
        for cut in range(1, len(text[index])):
            shifted = (text[index][:cut], text[index][cut:])
            pairs = dict([*((n, v) for n, v in form.items() if n != name), shifted])
            same = RequestValidator(TOKEN).compute_signature(BASE + "/voice/step?s=1", pairs) == good
            if name in unread or shifted == (name, value) or not same:
                continue
            tried += 1
            answer = post(app, "/voice/step?s=1", pairs, signature=good)
            assert keeps_the_caller(answer.data), shifted
    assert rows(app) == before
    assert tried > 100


def test_a_number_in_the_address_that_was_never_handed_out_moves_nothing(app):
    post(app, "/voice", a_form(CallStatus="ringing"))
    answer = post(app, "/voice/step?s=7", a_form(Digits="2"))
    assert b"Welcome to Acme" in answer.data
    assert post(app, "/voice/step?s=1", a_form(Digits="2")).data != answer.data


@pytest.mark.parametrize("query", ["?s=1&t=2", "?t=1", "?s=-1", "?s=x", "?s=99999999999999999999", "?s=1&s=2"])
def test_an_address_that_we_never_hand_out_keeps_the_caller(app, query):
    post(app, "/voice", a_form(CallStatus="ringing"))
    answer = post(app, "/voice/step" + query, a_form(Digits="2"))
    assert answer.status_code == 200
    assert keeps_the_caller(answer.data)
    assert b"order number" not in answer.data


def test_the_same_webhook_ten_times_at_once_has_one_effect_and_ten_equal_answers(app):
    post(app, "/voice", a_form(CallStatus="ringing"))
    before = rows(app)
    gate = threading.Barrier(10)

    def knock(_: int) -> bytes:
        gate.wait()
        return post(app, "/voice/step?s=1", a_form(Digits="2")).data

    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(knock, range(10)))
    assert len(answers) == 1
    assert b"order number" in answers.pop()
    after = rows(app)
    assert after["answers"] == before["answers"] + 1
    with app.switchboard.store.look() as tx:
        assert tx.call(CALL).path == [("welcome", "2")]
        assert tx.call(CALL).step == 2


def test_two_equal_presses_are_two_steps(app):
    post(app, "/voice", a_form(CallStatus="ringing"))
    first = post(app, "/voice/step?s=1", a_form(Digits="3")).data
    second = post(app, "/voice/step?s=2", a_form(Digits="1")).data
    assert first != second
    assert post(app, "/voice/step?s=1", a_form(Digits="3")).data == first


def test_the_first_webhook_told_twice_is_one_call(app):
    first = post(app, "/voice", a_form(CallStatus="ringing")).data
    assert post(app, "/voice", a_form(CallStatus="ringing")).data == first
    assert rows(app)["calls"] == 1


def test_a_database_that_is_busy_is_waited_for_and_then_the_call_goes_on(app):
    post(app, "/voice", a_form(CallStatus="ringing"))
    somebody_else = sqlite3.connect(app.switchboard.store.engine.url.database, isolation_level=None)
    somebody_else.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    answer = ElementTree.fromstring(post(app, "/voice/step?s=1", a_form(Digits="2")).data)  # noqa: S314 - our own answer
    assert time.monotonic() - began < BUDGET_S
    assert post(app, "/voice/status", a_form(CallStatus="completed")).status_code == 503
    assert [verb.tag for verb in answer] == ["Say", "Redirect"]
    assert answer.find("Redirect").text == BASE + "/voice/step?s=1"
    somebody_else.rollback()
    somebody_else.close()
    assert b"order number" in post(app, "/voice/step?s=1", a_form()).data  # the redirect brings no keys; none is needed


def test_without_a_database_the_caller_hears_an_honest_sentence_and_is_taken_to_a_person(app, caplog):
    post(app, "/voice", a_form(CallStatus="ringing"))
    with app.switchboard.store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE calls RENAME TO lost")
    answers = [post(app, "/voice/step?s=1", a_form(Digits="471108")) for _ in range(4)]
    answers.append(post(app, "/voice/fallback", a_form()))
    verbs = [[verb.tag for verb in ElementTree.fromstring(answer.data)] for answer in answers]  # noqa: S314 - our own
    moment, fallback = ["Say", "Redirect"], ["Say", "Say", "Say", "Say", "Dial", "Record", "Hangup"]
    assert verbs == [moment, moment, moment, fallback, fallback]
    assert "471108" not in caplog.text


def test_every_answer_leads_to_our_own_address_only(app):
    for path, form in [("/voice", a_form(CallStatus="ringing")), ("/voice/step?s=1", a_form(Digits="1"))]:
        for element in ElementTree.fromstring(post(app, path, form).data).iter():  # noqa: S314 - our own answer
            for name in ("action", "waitUrl", "url", "recordingStatusCallback"):
                assert element.get(name, BASE).startswith(BASE)
            if element.tag == "Redirect":
                assert element.text.startswith(BASE)


def test_what_is_too_large_or_asked_in_another_way_is_refused(app):
    assert app.wsgi.test_client().get("/voice").status_code == 405
    assert post(app, "/voice", a_form(Note="x" * 70_000)).status_code == 413


def test_our_music_can_be_fetched_and_nothing_else(app):
    client = app.wsgi.test_client()
    with client.get("/sounds/music.wav") as music:
        assert music.data[:4] == b"RIFF"
    for name in ("other", "..%2fdialtree", "%2e%2e%2fx", "music.wav%00"):
        assert client.get(f"/sounds/{name}.wav").status_code == 404
