"""The page about call scripts: every example on it is played, and every form in its tables is read."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from twilio.rest import Client
from werkzeug.wrappers import Request, Response

from ivr.commands.against import Stage
from ivr.simulator.network import Network
from ivr.simulator.script import fact_words, reader
from ivr.simulator.script.reader import read_script
from ivr.simulator.script.run import Around, run
from ivr.simulator.transport import WsgiApp

PAGE = (Path(__file__).parents[3] / "docs" / "call-scripts.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```call\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
URL = "https://shop.example/voice"
ASK = '<Gather numDigits="1" action="/menu"><Say>Welcome to Acme.</Say></Gather>'
CHOICES = {
    "2": '<Enqueue waitUrl="/wait">claims</Enqueue>',
    "3": '<Say>Speak after the beep.</Say><Record action="/thanks"/>',
    "4": '<Dial action="/dialled"><Number url="/whisper">+18005550177</Number></Dial>',
}
SAID = {
    "/voice": ASK,
    "/wait": '<Say>Please wait.</Say><Pause length="20"/>',
    "/thanks": "<Say>Thank you for {RecordingDuration} seconds.</Say>",
    "/dialled": "<Say>The other side was {DialCallStatus}.</Say>",
    "/whisper": '<Gather numDigits="1" action="/taken"><Say>A call for you. Press 1.</Say></Gather><Hangup/>',
    "/taken": "<Pause length='0'/>",
    "/called": '<Gather numDigits="1" action="/answered"><Say>This is Acme.</Say></Gather>',
    "/answered": "<Say>A text comes.</Say>",
}


class Shop:
    """An app with a menu, a queue, a mailbox, somebody to dial - and a page that has people called."""

    def __init__(self) -> None:
        self.client: Client | None = None

    def __call__(self, environ, start_response):
        request = Request(environ)
        return self.answer(request, request.form.to_dict())(environ, start_response)

    def answer(self, request, form):
        if request.path == "/click":
            self.client.calls.create(to=form["to"], from_="+18005550142", url="https://shop.example/called")
            return Response("we call you")
        if request.path == "/answered":
            self.client.messages.create(to=form["To"], from_="+18005550142", body="Hello! Your order is on its way.")
        verbs = CHOICES.get(form.get("Digits")) if request.path == "/menu" else SAID.get(request.path)
        if verbs is None:
            return Response("boom", 500)
        return Response(f"<Response>{verbs.format(**form)}</Response>", content_type="text/xml")


def played(text, file="page.call"):
    script, shop = read_script(text, file), Shop()
    network = Network(script.at or datetime(2026, 11, 23, 9, tzinfo=UTC), app=WsgiApp(shop), seed=script.seed or 1)
    network.number(script.number, URL)
    shop.client = Client(network.account_sid, network.auth_token, http_client=network.rest_transport)
    return run(script, network, around=Around(ask=Stage(network, (script.number,), URL).ask))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.splitlines()[-1])
def test_an_example_goes_as_it_is_written(example):
    result = played(example)
    assert result.passed, result.error or result.failure


def test_the_page_has_its_examples():
    assert len(EXAMPLES) >= 6


def test_every_word_of_the_language_is_on_the_page():
    words = [*reader._STEPS, *reader._HEADERS, *fact_words._FACTS]
    assert [word for word in words if not re.search(rf"(?<![\w-]){word}\b", PAGE)] == []


FORMS = [form for row in re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE) for form in re.findall(r"`([^`]+)`", row)]


@pytest.mark.parametrize("form", [form for form in FORMS if form.split()[0] in reader._STEPS and "..." not in form])
def test_a_step_in_a_table_can_be_read(form):
    read_script(f"call from anonymous to +18005550142\n{form}\n")


@pytest.mark.parametrize(
    "form", [form for form in FORMS if form.split()[0] in ("line", "agent", "seed", "chaos", "answer")]
)
def test_a_head_in_a_table_can_be_read(form):
    read_script(f"call from anonymous to +18005550142\n{form}\n")
