"""The survey after the call: by a call of its own, by a link, with a message at the end - and never twice."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from ivr import caller_leg
from ivr.accounts import Accounts
from ivr.audit import audit
from ivr.call import Call
from ivr.commands.joined import Joined
from ivr.inquiry import CameOf, Inquiry, InquiryState
from ivr.message import messages
from ivr.role import Role
from ivr.simulator.desk_client import DeskClient
from ivr.simulator.line import Line
from ivr.store import Tx
from ivr.survey_later import LEASE
from ivr.webhook import Webhook
from routing.case import CaseState
from routing.store.tables import events
from tests import played
from tests.ivr.whole.world import NOW, World, heard

MENUS = Path(__file__).parents[3] / "menus"
CALLED, CALLER = "+18005550142", "+4915112345601"
LANDLINE = "+493012345678"
BY_CALL = "    by: call_back\n    later: {after_min: 20, hours: office, tries: 2}\n"
BY_LINK = "    by: link\n    later: {after_min: 20}\n"
MISSED = "    missed: call_back\n    later: {after_min: 20, hours: office}\n"


class Asking(World):
    """The hotline that comes with the program, its survey asked in another way."""

    def __init__(self, folder: Path, how: str) -> None:
        shutil.copytree(MENUS / "acme", folder / "menus" / "acme")
        path = folder / "menus" / "acme" / "survey.yaml"
        path.write_text(path.read_text("utf-8").replace("  short:\n", f"  short:\n{how}"), "utf-8")
        Joined.__init__(self, folder / "menus", NOW, 1, folder / "data")

    def talks(self, desk: DeskClient, caller: str = CALLER, hangs_up: bool = False, key: str = "0") -> Line:
        """Somebody asks for a person and talks for a while; then one of the two hangs up."""
        line = self.ring(key, caller=caller, called=CALLED)
        self.network.advance(3)
        self.accept(desk)
        self.network.advance(30)
        if hangs_up:
            line.hang_up()
        else:
            contact = desk.state().body["contact"]["id"]
            assert desk.post(f"/desk/api/contacts/{contact}/hang-up").fine
        self.network.run_until(lambda: line.over or line.awaits_input or line.state == "recording")
        self.network.advance(1)
        assert desk.post("/desk/api/wrap-up/end").fine
        return line

    def rung(self, number: str = CALLER) -> list[Line]:
        """The calls that we made to a number."""
        return [it for it in self.network.calls.values() if it.direction != "inbound" and it.label == number]

    def texts(self) -> list[str]:
        """The text messages that were sent."""
        return [it.body for it in self.network.messages.values()]

    def looked(self, line: Line) -> tuple[Call, Inquiry | None]:
        """A call as it is stored, and its inquiry."""
        with self.look() as tx:
            return tx.call(line.sid), tx.inquiries.of_calls([line.sid]).get(line.sid)

    @contextmanager
    def look(self) -> Iterator[Tx]:
        """Look into the database."""
        with self.application.switchboard.store.look() as tx:
            yield tx

    def browser(self, name: str = "") -> FlaskClient:
        """Somebody's browser, logged in if they have a name."""
        browser = self.application.wsgi.test_client()
        if name:
            form = {"name": name, "password": self.hire(name, {})}
            assert browser.post("/login", data=form).status_code == 303
        return browser


@pytest.fixture
def world(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asking]:
    played.log_in_cheaply(monkeypatch)
    world = Asking(tmp_path, request.param)
    yield world
    assert world.troubles() == []
    world.close()


by_call = pytest.mark.parametrize("world", [BY_CALL], indirect=True, ids=["by call"])
by_link = pytest.mark.parametrize("world", [BY_LINK], indirect=True, ids=["by link"])
missed = pytest.mark.parametrize("world", [MISSED], indirect=True, ids=["missed"])


def answered_by_hand(world: Asking, number: str = CALLER) -> Line:
    """The call of ours that rings now, answered; what is heard first has been heard."""
    world.network.run_until(lambda: any(it.state == "ringing" for it in world.rung(number)))
    line = world.rung(number)[-1]
    line.answer()
    world.network.run_until(lambda: line.awaits_input or line.over)
    return line


@by_call
def test_the_survey_is_asked_by_a_call_of_its_own_and_belongs_to_the_first(world: Asking) -> None:
    world.network.line(CALLER, behaviour="by hand")
    first = world.talks(world.at_the_desk("anna"))
    assert "We will call you" in heard(first)
    assert first.over
    assert world.rung() == []
    world.network.advance(20 * 60)
    line = answered_by_hand(world)
    assert "this is Acme Household" in heard(line)
    assert "about a minute" in heard(line), "consent and length come first"
    assert "settled" not in heard(line)
    for key in ("1", "2", "5", "4"):
        world.press(line, key)
    world.network.advance(60)
    assert line.over
    call, inquiry = world.looked(first)
    assert (call.answers, call.survey_way) == ({"settled": "2", "treated": "5", "easy": "4"}, "call_back")
    assert inquiry.came_of is CameOf.ANSWERED
    with world.look() as tx:
        assert tx.call(line.sid) is None, "it is no call of a caller's"


@by_call
def test_a_mailbox_and_who_says_no_are_asked_nothing_and_never_again(world: Asking) -> None:
    desk = world.at_the_desk("anna")
    world.network.line(CALLER, answers_after_s=3)
    world.network.line(CALLER[:-1] + "2", answers_after_s=3, keys="2")
    mailbox, unwilling = world.talks(desk), world.talks(desk, CALLER[:-1] + "2")
    world.network.advance(8 * 3600)
    for first, said in ((mailbox, 1), (unwilling, 1)):
        call, inquiry = world.looked(first)
        assert (call.answers, inquiry.came_of) == ({}, CameOf.DECLINED)
        assert len(world.rung(inquiry.number)) == said
        assert not any("settled" in heard(it) for it in world.rung(inquiry.number))


@by_call
def test_who_does_not_answer_is_rung_twice_and_only_while_the_office_is_open(world: Asking) -> None:
    world.network.line(CALLER, behaviour="never")
    first = world.talks(world.at_the_desk("anna"))
    world.network.advance(6 * 3600)
    _, inquiry = world.looked(first)
    assert (len(world.rung()), inquiry.came_of, inquiry.tries) == (2, CameOf.NOT_REACHED, 2)
    assert world.application.switchboard.next_deadline() is None


@missed
def test_who_hangs_up_first_is_asked_later_and_at_a_decent_hour(world: Asking) -> None:
    desk = world.at_the_desk("anna")
    world.network.advance(timedelta(hours=7, minutes=55).total_seconds())
    world.network.line(CALLER, answers_after_s=3, keys="1")
    first = world.talks(desk, hangs_up=True)
    world.network.advance(8 * 3600)
    assert world.rung() == [], "the office has closed meanwhile"
    world.network.advance(12 * 3600)
    assert len(world.rung()) == 1
    assert world.looked(first)[0].survey_way == "call_back"


@by_link
def test_a_link_opens_once_without_a_log_in_and_its_answers_open_the_case_again(world: Asking) -> None:
    desk = world.at_the_desk("anna")
    first = world.talks(desk)
    assert "text message" in heard(first)
    with world.application.switchboard.store.transaction() as tx:
        case = tx.cases.log("question", {"subject": "cups"}, "form", "anna", tx.now, call=first.sid, caller=CALLER)
        tx.cases.move(case.number, "settle", tx.now, "anna")
    assert world.texts() == []
    world.network.advance(21 * 60)
    (text,) = world.texts()
    assert CALLER.removeprefix("+") not in text
    path = re.search(r"https://hotline\.example(/s/[0-9a-f]{32})", text)[1]
    browser = world.browser()
    page = browser.get(path)
    assert page.status_code == 200
    assert "Has your matter been settled?" in page.text
    assert "script" in page.headers["Content-Security-Policy"]
    assert CALLER[-6:] not in page.text
    assert browser.post(path, data={}).status_code == 422
    assert browser.post(path, data={"q.treated": "9"}).status_code == 422
    sent = {"q.settled": "2", "q.treated": "4", "words": "Nobody <b>called</b> me."}
    assert "Thank you" in browser.post(path, data=sent).text
    again = browser.post(path, data={"q.treated": "1"})
    assert "answered already" in again.text
    call, inquiry = world.looked(first)
    assert (call.answers, call.survey_way) == ({"settled": "2", "treated": "4"}, "link")
    assert (inquiry.came_of, inquiry.words) == (CameOf.ANSWERED, "Nobody <b>called</b> me.")
    with world.look() as tx:
        assert tx.cases.by_number(case.number).state is CaseState.REOPENED


@by_link
def test_a_link_expires_and_a_guessed_one_leads_nowhere(world: Asking) -> None:
    world.talks(world.at_the_desk("anna"))
    world.network.advance(21 * 60)
    path = re.search(r"(/s/[0-9a-f]{32})", world.texts()[0])[1]
    assert world.browser().get("/s/" + "0" * 32).status_code == 404
    world.network.advance(timedelta(days=30).total_seconds())
    gone = world.browser().post(path, data={"q.treated": "5"})
    assert gone.status_code == 410
    assert "no longer good" in gone.text


@by_link
def test_whoever_takes_no_texts_is_asked_on_the_line(world: Asking) -> None:
    desk = world.at_the_desk("anna")
    for caller in (LANDLINE, "anonymous"):
        line = world.talks(desk, caller)
        assert "Has your matter been settled" in heard(line)
        assert world.looked(line)[0].survey_way == "line"
        line.hang_up()
        world.network.advance(1)


@by_link
def test_nobody_is_asked_twice_in_thirty_days_by_whatever_way(world: Asking) -> None:
    desk = world.at_the_desk("anna")
    world.talks(desk)
    again = world.talks(desk, hangs_up=True)
    third = world.talks(desk)
    world.network.advance(3 * 3600)
    assert len(world.texts()) == 1
    assert [world.looked(it)[0].survey for it in (again, third)] == ["spared", "spared"]
    assert "text message" not in heard(third)


@by_call
def test_a_step_told_twice_changes_nothing_and_gets_the_same_answer(world: Asking) -> None:
    world.network.line(CALLER, behaviour="by hand")
    first = world.talks(world.at_the_desk("anna"))
    world.network.advance(20 * 60)
    line = answered_by_hand(world)
    for key in ("1", "1"):
        world.press(line, key)
    with world.look() as tx:
        told = tx.connection.execute(select(events.c.what).where(events.c.about == first.sid)).scalars().all()
    assert told.count("answered") == 1
    asked = [it for it in world.network.webhooks if "/voice/survey-step" in it.url]
    assert len({it.url for it in asked}) == len(asked) == 2, "two equal presses are two steps"
    line.hang_up()
    world.network.advance(60)
    assert world.looked(first)[1].came_of is CameOf.ANSWERED, "one answer is one"


def recording(world: Asking, line: Line) -> str:
    """Our id of the message that was left in the survey of a call."""
    with world.look() as tx:
        (message,) = tx.connection.execute(select(messages).where(messages.c.call == line.sid)).all()
    assert (message.purpose, message.state) == ("survey", "kept")
    return message.id


@by_call
def test_what_is_said_at_the_end_is_heard_by_supervisors_and_by_who_has_the_case_and_by_nobody_else(
    world: Asking,
) -> None:
    world.network.line(CALLER, behaviour="by hand")
    first = world.talks(world.at_the_desk("anna"))
    world.network.advance(20 * 60)
    line = answered_by_hand(world)
    for key in ("1", "1", "5", "4"):
        world.press(line, key)
    assert line.state == "recording"
    line.leave_message(6, "It was all fine.")
    world.network.run_until(lambda: line.over)
    world.network.advance(60)
    id = recording(world, first)
    with world.look() as tx:
        assert tx.cases.latest() == [], "it is no matter of its own"
    anna, berta = world.browser("anna"), world.browser("berta")
    assert [it.get(f"/desk/api/recordings/{id}", buffered=True).status_code for it in (anna, berta)] == [404, 404]
    with world.application.switchboard.store.transaction() as tx:
        tx.cases.log("question", {"subject": "cups"}, "form", "anna", tx.now, call=first.sid, caller=CALLER)
    assert [it.get(f"/desk/api/recordings/{id}", buffered=True).status_code for it in (anna, berta)] == [200, 404]
    Accounts(world.application.switchboard.store).set_role("berta", Role.SUPERVISOR, "console")
    assert id in world.browser("berta").get("/results").text
    assert world.browser("berta").get(f"/recordings/{id}", buffered=True).status_code == 200
    with world.look() as tx:
        heard_by = tx.connection.execute(select(audit.c.who).where(audit.c.what == "recording heard")).scalars().all()
    assert heard_by == ["anna", "berta"]


@missed
def test_whoever_was_called_back_and_talked_is_asked_later_at_that_number(world: Asking) -> None:
    desk = world.at_the_desk("anna")
    assert desk.post("/desk/api/pause", {"reason": "lunch"}).fine
    line = world.ring("0", caller=CALLER, called=CALLED)
    world.network.advance(3)
    line.press("1")
    world.network.run_until(lambda: line.awaits_input and not line.queue)
    world.press(line, "1")
    world.network.run_until(lambda: line.over)
    world.network.line(CALLER, answers_after_s=3)
    assert desk.post("/desk/api/ready").fine
    world.network.run_until(lambda: desk.state().body["offer"])
    world.accept(desk)
    world.network.advance(30)
    assert len(world.rung()) == 1
    contact = desk.state().body["contact"]["id"]
    assert desk.post(f"/desk/api/contacts/{contact}/hang-up").fine
    world.network.advance(25 * 60)
    assert len(world.rung()) == 2
    assert "a few short questions" in heard(world.rung()[-1])
    call, inquiry = world.looked(line)
    assert (call.survey_way, inquiry.number) == ("call_back", CALLER)


LANGUAGES = [
    pytest.param("6", "овде Акме Домаћинство", "Да ли је ваш захтев решен", id="sr"),
    pytest.param("4", "this is Acme Household", "Has your matter been settled", id="en", marks=pytest.mark.deep),
    pytest.param("5", "hier ist Acme Haushalt", "Ist Ihr Anliegen erledigt", id="de", marks=pytest.mark.deep),
    pytest.param("7", "le llamamos de Acme Hogar", "Ha quedado resuelto", id="es", marks=pytest.mark.deep),
]


@by_call
@pytest.mark.parametrize(("key", "hello", "question"), LANGUAGES)
def test_they_are_asked_in_the_language_that_they_spoke(world: Asking, key: str, hello: str, question: str) -> None:
    world.network.line(CALLER, behaviour="by hand")
    desk = world.at_the_desk("anna")
    call = world.ring(key, "0", caller=CALLER, called=CALLED)
    world.network.advance(3)
    world.accept(desk)
    world.network.advance(30)
    call.hang_up()
    world.network.advance(20 * 60)
    line = answered_by_hand(world)
    assert hello in heard(line)
    world.press(line, "1")
    assert question in heard(line)
    line.hang_up()
    world.network.advance(60)


@pytest.mark.parametrize("world", [""], indirect=True, ids=["on the line"])
def test_a_message_that_is_ready_before_its_step_is_told_is_no_case_of_its_own(world: Asking) -> None:
    line = world.talks(world.at_the_desk("anna"))
    for key in ("1", "5", "4"):
        world.press(line, key)
    assert line.state == "recording"
    early = {"RecordingSid": "RE" + "7" * 32, "RecordingDuration": "5", "RecordingStatus": "completed"}
    told = Webhook(world.network.account_sid, line.sid, "", CALLER, CALLED, "in-progress", early)
    caller_leg.message_is_ready(world.application.switchboard, told)
    with world.look() as tx:
        assert tx.cases.latest() == []
        assert tx.messages.of_recording(early["RecordingSid"]).purpose == "survey"
    line.hang_up()
    world.network.advance(1)


@by_call
def test_a_call_of_ours_that_the_carrier_never_tells_the_end_of_is_given_up(world: Asking) -> None:
    first = world.talks(world.at_the_desk("anna"))
    with world.application.switchboard.store.transaction() as tx:
        inquiry = tx.inquiries.of_calls([first.sid])[first.sid]
        inquiry.state, inquiry.leg_sid, inquiry.try_at = InquiryState.CALLING, "CA" + "8" * 32, tx.now + LEASE
        tx.inquiries.save(inquiry)
    world.network.advance(LEASE.total_seconds() + 1)
    assert world.looked(first)[1].came_of is CameOf.NOT_REACHED
    assert world.application.switchboard.next_deadline() is None
