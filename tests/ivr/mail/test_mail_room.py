"""The mail room: each e-mail once, programs kept from answering programs, cases found again, and nobody forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from ivr.mail import MailState
from ivr.mail_room import FROM_ONE_MAX, MailRoom
from tests.ivr.mail.letters import WRITER, letter, post_office
from tests.ivr.web.desk_world import CALLER, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


@pytest.fixture
def room(world: World) -> MailRoom:
    return MailRoom(world.switchboard)


def service(text: str = "hello, this is about my order", **headers: str) -> bytes:
    return letter(text, To="service@acme.example", **headers)


def test_the_same_e_mail_brought_twice_is_one(world: World, room: MailRoom) -> None:
    first, again = room.take(letter()), room.take(letter())
    assert (first.is_new, again.is_new, again.mail.id) == (True, False, first.mail.id)


def test_the_address_says_the_queue_and_the_words_the_language(world: World, room: MailRoom) -> None:
    mail = room.take(service("Guten Tag, ich habe eine Frage und bitte um Antwort")).mail
    assert (mail.queue, mail.language, dict(mail.needs)) == ("service", "de", {"de": 2})
    blind = room.take(letter(To="undisclosed@elsewhere.example", Message_ID="<blind@x>")).mail
    assert blind.address in ("service@acme.example", "claims@acme.example")


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Auto_Submitted": "auto-replied"}, "a program"),
        ({"From": "claims@acme.example"}, "ourselves"),
        ({"From": "MAILER-DAEMON@mx.example", "Return_Path": "<>"}, "bounced"),
        ({"From": "nobody at all"}, "nobody"),
    ],
)
def test_what_nobody_need_read_goes_into_no_queue_and_is_answered_by_nobody(
    world: World, room: MailRoom, headers: dict[str, str], why: str
) -> None:
    seat = world.at_desk("ann", en=4)
    seat.post("ready")
    mail = room.take(service(**headers)).mail
    assert (mail.state, mail.why, mail.contact) == (MailState.KEPT, why, None)
    assert seat.state["offer"] is None
    with world.store.look() as tx:
        assert tx.sent.counts()["rows"] == 0
    assert room.let_in(mail.id)
    assert seat.state["offer"]["by"] == "email"
    assert not room.let_in(mail.id)


def test_a_program_answers_the_same_person_once_a_day(world: World, room: MailRoom, tmp_path: Path) -> None:
    for n in range(3):
        room.take(service(Message_ID=f"<{n}@x>", Subject=f"number {n}"))
    with world.store.look() as tx:
        assert tx.sent.counts()["rows"] == 1
    world.now += timedelta(days=1)
    room.take(service(Message_ID="<4@x>"))
    room.take(service(Message_ID="<5@x>", List_Id="<news.x>"))  # somebody reads it, no program answers
    with world.store.look() as tx:
        assert tx.sent.counts()["rows"] == 2
    post_office(world, tmp_path / "out").send()
    texts = [path.read_text() for path in (tmp_path / "out" / "new").iterdir()]
    assert all("Auto-Submitted: auto-replied" in text for text in texts)


def test_two_programs_do_not_write_to_each_other_for_ever(world: World, room: MailRoom) -> None:
    taken = [room.take(service(Message_ID=f"<{n}@x>")).mail for n in range(FROM_ONE_MAX + 5)]
    assert [mail.state for mail in taken].count(MailState.OPEN) == FROM_ONE_MAX
    assert {mail.why for mail in taken[FROM_ONE_MAX:]} == {"too many"}
    with world.store.look() as tx:
        assert tx.sent.counts()["rows"] == 1


def test_a_case_is_known_by_the_number_in_the_subject_and_waits_for_us_again(world: World, room: MailRoom) -> None:
    with world.store.transaction() as tx:
        case = tx.cases.log("claim", {}, "f", "claims-1", tx.now, caller=CALLER, hotline="acme")
        tx.cases.move(case.number, "wait_for_customer", tx.now, "claims-1")
    for n, subject in enumerate((f"Re: kettle [{case.number}]", "case 100 001", "Fall Nr. 100001", "#100001")):
        mail = room.take(letter(Subject=subject, Message_ID=f"<{n}@x>")).mail
        assert str(mail.case_number) == case.number, subject
    for n, subject in enumerate(("my order 100001", "[100002]", "call +49 100001", "[1000019]")):
        assert room.take(letter(Subject=subject, Message_ID=f"<no{n}@x>")).mail.case_number is None, subject
    with world.store.look() as tx:
        seen = tx.cases.by_number(case.number)
        assert str(seen.state) == "waiting_for_us"
        assert "kettle is broken" in tx.cases.links(case.number)[0].note


def test_an_e_mail_waits_until_somebody_is_there_and_keeps_its_place(world: World, room: MailRoom) -> None:
    mail = room.take(letter()).mail
    assert mail.contact is None
    world.now += timedelta(hours=8)
    seat = world.at_desk()
    seat.post("ready")
    world.later(1)
    offer = seat.state["offer"]
    assert (offer["by"], offer["waited_s"]) == ("email", 8 * 3600 + 1)
    seat.post(f"offers/{offer['id']}/decline")
    world.later(660)  # longer than anybody may wait in this queue: it is put there again
    with world.store.look() as tx:
        now = tx.mails.get(mail.id)
        assert now.state is MailState.OPEN
        assert now.try_at or str(tx.floor.contact(now.contact).state) != "done"


def test_a_caller_comes_before_an_e_mail_and_interrupts_it(world: World, room: MailRoom) -> None:
    seat = world.at_desk()
    seat.post("ready")
    room.take(letter())
    mail = seat.accepts()
    call = world.caller_waits()
    assert seat.accepts() == call
    world.leg_answers(call)
    assert seat.state["agent"]["state"] == "talking"
    with world.store.look() as tx:
        assert tx.floor.contact(mail).held_since is not None
    assert seat.post(f"contacts/{mail}/answer/draft", text="written beside the call").status_code == 200
    world.talk_ends(call)
    seat.post("wrap-up/end")
    with world.store.look() as tx:
        assert tx.floor.contact(mail).held_since is None
    assert seat.state["mails"][0]["begun"]


def test_an_e_mail_is_handed_on_with_what_is_written(world: World, room: MailRoom) -> None:
    ann, ben = world.at_desk("ann", claims=4, en=4), world.at_desk("ben", claims=4, en=4)
    ann.post("ready")
    room.take(letter())
    contact = ann.accepts()
    ann.post(f"contacts/{contact}/answer/draft", text="Dear")
    ben.post("ready")
    assert ann.post(f"contacts/{contact}/hand-on", agent="ann").status_code == 422
    assert ann.post(f"contacts/{contact}/hand-on", agent="ben").status_code == 200
    assert ann.state["mails"] == []
    theirs = ben.accepts()
    assert ben.browser.get(f"/desk/parts?contact={theirs}").text.count("Dear</textarea>") == 1
    assert ann.post(f"contacts/{theirs}/answer", text="no").status_code == 404


def test_nobody_reads_or_answers_what_is_in_another_ones_hands(world: World, room: MailRoom) -> None:
    raw = letter().replace(b"Content-Type: text/plain", b"Content-Type: text/plain")
    ann, ben = world.at_desk("ann", claims=4, en=4), world.at_desk("ben", claims=4, en=4)
    ann.post("ready")
    room.take(raw)
    contact = ann.accepts()
    for path in ("answer", "answer/draft"):
        assert ben.post(f"contacts/{contact}/{path}", text="x").status_code == 404
    assert ben.post(f"contacts/{contact}/close").status_code == 404
    assert ben.get(f"contacts/{contact}/attachments/1").status_code == 404
    assert ann.post(f"contacts/{contact}/answer", text=" \n ").get_json()["field"] == "text"
    assert ann.post(f"contacts/{contact}/close").status_code == 200
    assert ann.post(f"contacts/{contact}/answer", text="too late").status_code == 409


def test_what_a_stranger_wrote_is_shown_as_text(world: World, room: MailRoom) -> None:
    seat = world.at_desk()
    seat.post("ready")
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    room.take(letter(f"{evil} is broken and the rest", Subject=evil, From=f'"{evil}" <{WRITER}>'))
    contact = seat.accepts()
    for page in ("/desk", f"/desk/parts?contact={contact}", "/counter"):
        text = seat.browser.get(page).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    assert "&lt;script&gt;alert(1)" in seat.browser.get(f"/desk/parts?contact={contact}").text
