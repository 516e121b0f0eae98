"""Asked by link: who had an answer by e-mail or was served at the counter is sent the survey, once, and nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ivr.mail_post import MailPost
from ivr.mail_room import MailRoom
from ivr.surveys import asked, grouping, results
from ivr.web.brought import mail_json
from routing.case import CaseState
from tests.ivr.mail.letters import WRITER, letter, post_office
from tests.ivr.web.desk_world import CALLER, Seat, World
from tests.ivr.web.test_counter import take_in

AFTER_S = 30 * 60 + 1
EVER = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


@pytest.fixture
def seat(world: World) -> Seat:
    return world.at_desk("ann", claims=4, en=4, de=4)


@pytest.fixture
def post(world: World, tmp_path: Path) -> MailPost:
    return post_office(world, tmp_path / "out")


def came_out(tmp_path: Path) -> list:
    """What we sent by e-mail, the last one last."""
    files = (tmp_path / "out" / "new").glob("*")
    found = [message_from_bytes(it.read_bytes(), policy=policy.default) for it in files]
    return [it for it in found if it["Subject"] in ("How were you served?", "Wie haben wir Sie bedient?")]


def answered(world: World, seat: Seat, number: int = 1, **headers: str) -> str:
    """An e-mail comes, its case is logged and settled, and it is answered; the case's number."""
    seat.log_in()
    seat.post("ready")
    MailRoom(world.switchboard).take(letter(Message_ID=f"<{number}@customer.example>", **headers))
    contact = seat.accepts()
    fields = {"order_number": "47110815", "cause": "badly_done"}
    case = seat.post(f"contacts/{contact}/case", kind="claim", fields=fields, form=f"f{number}").get_json()["number"]
    with world.store.transaction() as tx:
        tx.cases.move(case, "settle", tx.now, "ann")
    assert seat.post(f"contacts/{contact}/answer", text="A new one is on its way.").status_code == 200
    return case


def served(seat: Seat, caller: str) -> None:
    """A visitor comes and is served."""
    seat.log_in()
    seat.post("ready")
    take_in(seat, caller=caller)
    assert seat.post(f"contacts/{seat.accepts()}/hang-up").status_code == 200


def texts(world: World) -> list[dict]:
    """The text messages that we sent."""
    return [data for url, data in world.carrier.orders if url.endswith("/Messages.json")]


def link_in(text: str) -> str:
    return re.search(r"(/s/\w+)", text)[1]


def test_who_had_an_answer_is_asked_by_e_mail_and_not_settled_opens_the_case_again(
    world: World, seat: Seat, post: MailPost, tmp_path: Path
) -> None:
    case = answered(world, seat)
    post.send()
    assert came_out(tmp_path) == []  # not at once
    world.later(AFTER_S)
    with world.store.look() as tx:  # whoever sits at the desk sees no link: they are not to answer for the customer
        (mail,) = tx.mails.of_sender(WRITER, 5)
        assert "/s/" not in str(mail_json(tx, tx.floor.contact(mail.contact)))
    post.send()
    (survey,) = came_out(tmp_path)
    assert survey["To"] == WRITER
    assert survey["Auto-Submitted"]
    path = link_in(survey.get_content())
    with world.store.look() as tx:
        bodies = tx.connection.exec_driver_sql("SELECT body FROM mails_sent").scalars().all()
        assert path.removeprefix("/s/") not in str(bodies), "nor does it lie in the database"
    stranger = world.app.wsgi.test_client()
    assert "How were you served?" in stranger.get(path).text
    assert stranger.post(path, data={"q.settled": "2", "q.treated": "4", "words": "Too slow."}).status_code == 200
    assert stranger.post(path, data={"q.settled": "1"}).status_code == 200  # once
    with world.store.look() as tx:
        again = tx.cases.by_number(case)
        assert again.state is CaseState.REOPENED
        (one,) = asked(tx, *EVER)
        assert (one.answers, one.settled, one.causes) == ({"settled": "2", "treated": "4"}, False, ("badly_done",))
        groups = grouping(ZoneInfo("UTC"))
        for by, group in (("queue", "claims"), ("way", "link"), ("person", "ann")):
            (row,) = results([one], groups[by])
            assert (row.group, row.asked, row.answered, row.scores["treated"].mean) == (group, 1, 1, 4)
    seat.log_in()
    assert "Too slow." in seat.browser.get(f"/cases/{case}").text


def test_nobody_is_asked_twice_in_thirty_days_by_whatever_way(
    world: World, seat: Seat, post: MailPost, tmp_path: Path
) -> None:
    answered(world, seat)
    world.later(AFTER_S)
    post.send()
    answered(world, seat, 2)
    served(seat, WRITER)
    world.later(AFTER_S)
    post.send()
    assert len(came_out(tmp_path)) == 1
    world.now += timedelta(days=30)
    answered(world, seat, 3)
    world.later(AFTER_S)
    post.send()
    assert len(came_out(tmp_path)) == 2


def test_a_visitor_with_a_mobile_number_is_sent_a_text_and_is_spared_as_a_caller(world: World, seat: Seat) -> None:
    served(seat, "+49 151 12345678")
    world.later(AFTER_S)
    (text,) = texts(world)
    assert text["To"] == CALLER
    assert text["Body"].startswith("Acme Household: Thank you for your visit.")
    stranger = world.app.wsgi.test_client()
    assert stranger.post(link_in(text["Body"]), data={"q.settled": "1"}).status_code == 200
    with world.store.look() as tx:
        assert tx.surveyed_at("acme", CALLER) is not None
        (one,) = asked(tx, *EVER)
        assert (one.queue, one.answers, one.settled) == ("claims", {"settled": "1"}, None)


def test_a_visitor_who_left_nothing_to_send_a_link_to_is_not_asked(world: World, seat: Seat) -> None:
    for caller in ("", "+49 30 12345678", "customer 17"):
        served(seat, caller)
    world.later(AFTER_S)
    assert texts(world) == []
    with world.store.look() as tx:
        assert asked(tx, *EVER) == []


def test_who_needed_no_answer_or_did_not_come_is_not_asked(
    world: World, seat: Seat, post: MailPost, tmp_path: Path
) -> None:
    seat.post("ready")
    MailRoom(world.switchboard).take(letter())
    assert seat.post(f"contacts/{seat.accepts()}/close").status_code == 200
    take_in(seat, caller="+49 151 12345678")
    assert seat.post(f"contacts/{seat.accepts()}/not-there").status_code == 200
    world.later(AFTER_S)
    post.send()
    assert (texts(world), came_out(tmp_path)) == ([], [])


def test_who_was_not_reached_was_not_asked_and_may_be_asked_soon(
    world: World, seat: Seat, post: MailPost, tmp_path: Path
) -> None:
    answered(world, seat)
    world.later(AFTER_S)
    post.send()
    (survey,) = came_out(tmp_path)
    bounce = letter(
        "Final-Recipient: rfc822; erika@customer.example", From="MAILER-DAEMON@customer.example",
        Message_ID="<b@customer.example>", In_Reply_To=survey["Message-ID"], Return_Path="<>", Subject="Undelivered",
    )  # fmt: skip
    MailRoom(world.switchboard).take(bounce)
    with world.store.look() as tx:
        assert tx.surveyed_at("acme", WRITER) is None
        assert asked(tx, *EVER) == []
    stranger = world.app.wsgi.test_client()
    assert stranger.get(link_in(survey.get_content())).status_code == 410
