"""An e-mail's whole life: it comes, somebody takes it, logs its case and answers; that goes out in the thread."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from ivr.mail_room import MailRoom
from tests.ivr.mail.letters import WRITER, letter, post_office
from tests.ivr.web.desk_world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


def sent_to(folder: Path) -> list:
    return [message_from_bytes(it.read_bytes(), policy=policy.default) for it in sorted((folder / "new").iterdir())]


def test_an_e_mail_is_offered_read_logged_and_answered_in_its_thread(world: World, tmp_path: Path) -> None:
    seat = world.at_desk()
    seat.post("ready")
    assert MailRoom(world.switchboard).take(letter()).is_new
    offer = seat.state["offer"]
    assert (offer["by"], offer["caller"], offer["subject"]) == ("email", WRITER, "Broken kettle")
    contact = seat.accepts()
    assert seat.state["agent"]["state"] == "available"  # an e-mail keeps nobody from the telephone
    assert [it["contact"] for it in seat.state["mails"]] == [contact]
    fields = {"order_number": "47110815", "cause": "badly_done", "note": "kettle"}
    logged = seat.post(f"contacts/{contact}/case", kind="claim", fields=fields, form="f1")
    assert logged.status_code == 201, logged.text
    number = logged.get_json()["number"]
    assert logged.get_json()["caller"] == WRITER
    assert seat.post(f"contacts/{contact}/answer/draft", text="Dear Ms Muster").status_code == 200
    assert seat.post(f"contacts/{contact}/answer", text="Dear Ms Muster,\na new one is on its way.").status_code == 200
    assert seat.state["mails"] == []
    post_office(world, tmp_path / "out").send()
    (answer,) = sent_to(tmp_path / "out")
    assert answer["To"] == WRITER
    assert answer["From"].addresses[0].addr_spec == "claims@acme.example"
    assert answer["Subject"] == f"Re: Broken kettle [{number}]"
    assert answer["In-Reply-To"] == answer["References"] == "<first@customer.example>"
    assert answer["Auto-Submitted"] is None
    assert answer.get_content() == "Dear Ms Muster,\na new one is on its way.\n"
    # and what comes back joins the case, and goes to whom it is owned by
    again = letter("Thank you.", Message_ID="<2@customer.example>", In_Reply_To=answer["Message-ID"], Subject="Re: x")
    taken = MailRoom(world.switchboard).take(again)
    assert str(taken.mail.case_number) == number
    with world.store.look() as tx:
        assert [str(it.channel) for it in tx.cases.links(number)] == ["email", "email", "email"]
        assert tx.sent.counts() == {"sent": 1, "pending": 0, "failed": 0, "rows": 1}
