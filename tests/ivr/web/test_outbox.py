"""The outbox: what other programs are told of - once it has happened, signed, again until taken, and never inwards."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import select

from ivr.outbox import TRIES_MAX, Outbox
from ivr.survey_later import tell_answers
from routing import distributor
from routing.store.tables import contacts
from tests.ivr.web.described import document
from tests.ivr.web.desk_world import World
from tests.ivr.web.supervisor.people import administrator, supervisor

DOCS = Path(__file__).parents[3] / "docs" / "api.md"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


class Crm(HTTPServer):
    """Another program, on this machine: takes what it is told, or says no."""

    def __init__(self) -> None:
        self.told: list[tuple[str, bytes]] = []
        self.status = 204
        crm = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                crm.told.append((self.headers["Dialtree-Signature"], body))
                self.send_response(crm.status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/dialtree"

    def kinds(self) -> list[str]:
        return [json.loads(body)["kind"] for _, body in self.told]


@pytest.fixture
def crm() -> Iterator[Crm]:
    crm = Crm()
    yield crm
    crm.shutdown()
    crm.server_close()


def joined(world: World, crm: Crm) -> str:
    """The page makes a webhook; its secret."""
    page = administrator(world).post("/webhooks", url=crm.url)
    assert page.status_code == 201
    return unescape(re.search(r'class="secret">([^<]+)</code>', page.text)[1])


def test_a_program_is_told_in_order_and_can_check_who_says_so(world: World, crm: Crm) -> None:
    world.at_desk()
    world.caller_waits()  # before anybody was to be told
    secret = joined(world, crm)
    contact = world.caller_waits()
    world.caller_hangs_up(contact)
    world.app.outbox.look()
    assert crm.kinds() == ["contact.waiting", "contact.abandoned", "call.ended", "case.opened"]
    for header, body in crm.told:
        seconds, signed = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", header).groups()
        assert signed == hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
        assert b"4915112345678" not in body
    world.app.outbox.look()
    assert len(crm.told) == 4


def test_a_conversation_its_case_and_the_caller_s_answers_are_told_as_the_description_has_it(
    world: World, crm: Crm
) -> None:
    joined(world, crm)
    seat = world.at_desk()
    seat.post("ready")
    contact = world.caller_waits()
    world.later(7)
    seat.accepts()
    world.leg_answers(contact)
    world.caller_joins(contact)
    world.later(60)
    seat.post(f"contacts/{contact}/case", kind="claim", fields={"order_number": "1", "cause": "too_slow"}, form="f")
    world.talk_ends(contact)
    with world.store.transaction() as tx:
        call = tx.call_of(contact)
        call.answers = {"settled": "1"}
        tell_answers(tx, call, {})
        assert tx.cases.move("100001", "settle", tx.now, "claims-1").state == "settled"
    world.caller_waits(caller="+4930123456")
    with world.store.look() as tx:
        [left] = [row.id for row in tx.connection.execute(select(contacts)) if row.state == "waiting"]
    world.switchboard.act(lambda tx: distributor.leave(tx.floor, left, "key", tx.now))
    world.app.outbox.look()
    told = [json.loads(body) for _, body in crm.told]
    fields = {it["kind"]: it["fields"] for it in told if it["about"] != left}
    assert fields["contact.connected"] == {"agent": "claims-1", "queue": "claims", "waited_s": 7.0}
    assert fields["contact.ended"] == {"agent": "claims-1", "queue": "claims", "talked_s": 60.0}
    assert fields["case.opened"] == {"what": "logged", "who": "claims-1"}
    assert fields["case.settled"] == {"what": "settled", "who": "claims-1"}
    assert fields["survey.answered"] == {"question": "settled", "key": "1"}
    assert [it["kind"] for it in told if it["about"] == left] == ["contact.waiting", "contact.left"]
    for it in told:
        said = document()["webhooks"][it["kind"]]["post"]["requestBody"]["content"]["application/json"]["schema"]
        Draft202012Validator(said).validate(it)
    documented = set(re.findall(r"`((?:call|contact|case|survey|hotline)\.\w+)`", DOCS.read_text("utf-8")))
    assert documented == set(document()["webhooks"])


def test_what_is_not_taken_is_tried_again_and_then_given_up_where_it_is_seen(world: World, crm: Crm) -> None:
    world.at_desk()
    joined(world, crm)
    crm.status = 500
    world.caller_waits()
    for _ in range(TRIES_MAX + 3):
        world.app.outbox.look()
        world.now += timedelta(hours=2)
    assert crm.kinds().count("contact.waiting") == TRIES_MAX
    ada = administrator(world, "ida")
    page = ada.get("/webhooks").text
    assert "given up" in page
    crm.status = 200
    ada.post(re.search(r'action="(/webhooks/messages/[^"]+)"', page)[1])
    world.app.outbox.look()
    assert crm.kinds().count("contact.waiting") == TRIES_MAX + 1
    assert "given up" not in re.sub(r"contact\.overflowed.*?</tr>", "", ada.get("/webhooks").text, flags=re.DOTALL)


def test_nothing_is_sent_into_our_own_networks(world: World) -> None:
    ada, vera = administrator(world), supervisor(world)
    for url in ("http://crm.example/", "ftp://crm.example/", "https://me:secret@crm.example/", "https://", "nonsense"):
        assert ada.post("/webhooks", url=url).status_code == 422, url
    assert vera.post("/webhooks", url="https://crm.example/").status_code == 403
    assert ada.post("/webhooks", url="https://169.254.169.254/latest").status_code == 201
    world.at_desk()
    world.caller_waits()
    world.app.outbox.look()
    assert "lies in a network of its own" in ada.get("/webhooks").text


def test_who_is_ended_is_told_nothing_more(world: World, crm: Crm) -> None:
    world.at_desk()
    joined(world, crm)
    ada = administrator(world, "ida")
    world.caller_waits()
    ada.post(re.search(r'action="(/webhooks/\w+/end)"', ada.get("/webhooks").text)[1])
    world.app.outbox.look()
    assert crm.told == []


def test_two_processes_send_one_message_once(world: World) -> None:
    sent: list[str] = []
    waiting: list = []

    def send(url: str, body: bytes, headers: object, budget_s: float) -> None:
        sent.append(json.loads(body)["id"])

    one, other = (Outbox(world.store, send, waiting.append) for _ in range(2))
    assert one.add("https://crm.example/", "ada", "test") is not None
    world.at_desk()
    world.caller_waits()
    one.look()
    other.look()
    for order in waiting:
        order()
    assert len(sent) == len(set(sent)) == 1
