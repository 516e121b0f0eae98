"""Orders to the carrier: they follow the commit, may be lost, and the next deadline repairs what they were for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.call import CallState, Outcome
from ivr.commands.joined import Joined
from ivr.simulator.desk_client import DeskClient
from ivr.simulator.line import Line

MENUS = Path(__file__).parents[2] / "menus"
OPEN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CALLER, CALLED = "+4915112345678", "+18005550142"


@pytest.fixture(name="joined")
def our_hotline_and_the_carrier(tmp_path: Path) -> Iterator[Joined]:
    joined = Joined(MENUS, OPEN, 1, tmp_path)
    yield joined
    joined.close()


def at_the_desk(joined: Joined, name: str = "claims-1") -> DeskClient:
    session = joined.desk().session()
    assert session.login(name, joined.hire(name, {})).fine
    assert session.post("/desk/api/ready").fine
    return session


def waiting(joined: Joined) -> Line:
    """A caller with a question, in the queue."""
    line = joined.network.call(CALLER, CALLED)
    joined.network.run_until(lambda: line.state == "gathering")
    line.press("1")
    joined.network.run_until(lambda: bool(line.queue))
    joined.network.advance(2)
    return line


def accept(desk: DeskClient) -> None:
    assert desk.post(f"/desk/api/offers/{desk.state().body['offer']['id']}/accept").fine


ORDERS = {
    "redirect": re.compile(r"POST .*/Calls/CA\w+\.json"),
    "ring": re.compile(r"POST .*/Calls\.json"),
    "fetch": re.compile(r"GET .*/Recordings/RE\w+\.wav"),
}
"""What the app asks of the carrier, as it goes over the wire."""


def lose(joined: Joined, monkeypatch: pytest.MonkeyPatch, order: str, times: int = 1) -> list[str]:
    """Cut the wire for the next orders of a kind: the carrier never gets them."""
    lost: list[str] = []
    transport = type(joined.network.rest_transport)
    real: Callable[..., object] = transport.request

    def cut(self: object, method: str, url: str, *args: object, **more: object) -> object:
        if ORDERS[order].search(f"{method} {url}") and len(lost) < times:
            lost.append(order)
            raise ConnectionResetError("the wire is cut")
        return real(self, method, url, *args, **more)

    monkeypatch.setattr(transport, "request", cut)
    return lost


def call_of(joined: Joined, line: Line):
    with joined.application.switchboard.store.look() as tx:
        return tx.call(line.sid)


def test_a_caller_who_was_not_sent_to_the_conference_is_sent_again(joined, monkeypatch):
    desk = at_the_desk(joined)
    line = waiting(joined)
    lost = lose(joined, monkeypatch, "redirect", times=2)
    accept(desk)
    joined.network.advance(11)
    assert lost == ["redirect"]
    assert call_of(joined, line).state is CallState.WAITING
    joined.network.advance(16)
    assert call_of(joined, line).state is CallState.TALKING
    assert line.conference


def test_an_overflow_that_the_carrier_did_not_hear_of_still_happens(joined, monkeypatch):
    desk = at_the_desk(joined)
    line = waiting(joined)
    lost = lose(joined, monkeypatch, "redirect")
    desk.post("/desk/api/logout")
    joined.network.advance(14)
    assert lost == ["redirect"]
    assert call_of(joined, line).state is CallState.IN_MENU
    joined.network.run_until(lambda: line.state == "recording")
    assert line.state == "recording"


def test_a_leg_that_cannot_be_rung_gives_the_caller_back_to_the_queue_at_once(joined, monkeypatch):
    desk = at_the_desk(joined)
    line = waiting(joined)
    lost = lose(joined, monkeypatch, "ring")
    accept(desk)
    joined.network.advance(1)
    assert lost == ["ring"]
    state = desk.state().body
    assert state["contact"] is None
    assert state["offer"], "the only one who could take it is asked again"
    accept(desk)
    joined.network.advance(2)
    assert call_of(joined, line).state is CallState.TALKING


def test_a_caller_whom_the_carrier_no_longer_knows_is_ended_and_the_agent_is_free(joined):
    desk = at_the_desk(joined)
    line = waiting(joined)

    del joined.network.calls[line.sid]
    accept(desk)
    joined.network.advance(2)
    assert call_of(joined, line).state is CallState.ENDED
    assert desk.state().body["agent"]["state"] in ("wrap_up", "available")


def test_a_message_that_cannot_be_fetched_yet_is_fetched_later(joined, monkeypatch):
    lost = lose(joined, monkeypatch, "fetch", times=2)
    line = joined.network.call(CALLER, CALLED)
    for key in "31":
        joined.network.run_until(lambda: line.state == "gathering")
        line.press(key)
        joined.network.advance(0)
    joined.network.run_until(lambda: line.state == "recording")
    line.leave_message(6, "more colours, please")
    joined.network.advance(300)
    assert len(lost) == 2
    with joined.application.switchboard.store.look() as tx:
        (case,) = tx.cases.by_call(line.sid)
        (message,) = tx.messages.of_case(case.number)
        outcome = tx.call(line.sid).outcome
    assert (case.kind, case.created_by, outcome) == ("suggestion", "caller", Outcome.LEFT_A_MESSAGE)
    assert (message.state, message.length_s) == ("kept", 6)
    assert joined.application.switchboard.archive.exists(message.id)


def with_a_telephone(joined: Joined, answers: bool, keys: str) -> None:
    """Somebody without a desk page, who is rung on a plain telephone."""
    joined.hire("marko", {"en": 3})
    switchboard = joined.application.switchboard
    with switchboard.store.transaction() as tx:
        tx.floor.change(tx.floor.agent("marko"), address="+381601234567", ring_at="phone")
    joined.network.line("+381601234567", 3, "answers" if answers else "never", keys)
    session = joined.desk().session()
    session.login("marko", joined.hire("marko", {}))
    session.post("/desk/api/ready")


def test_a_plain_telephone_takes_the_call_by_pressing_one(joined):
    with_a_telephone(joined, answers=True, keys="1")
    line = waiting(joined)
    joined.network.advance(20)
    assert call_of(joined, line).state is CallState.TALKING
    assert {leg.to for leg in joined.network.calls.values()} == {CALLED, "+381601234567"}


@pytest.mark.parametrize("keys", ["", "2"], ids=["a mailbox", "no"])
def test_a_mailbox_that_answers_does_not_take_the_call(joined, keys):
    with_a_telephone(joined, answers=True, keys=keys)
    line = waiting(joined)
    joined.network.advance(15)
    assert call_of(joined, line).state is CallState.WAITING
    assert line.queue


def test_a_lost_end_of_a_call_is_found_by_comparing_with_the_carrier(joined, monkeypatch):
    desk = at_the_desk(joined)
    line = waiting(joined)
    accept(desk)
    joined.network.advance(5)
    assert desk.state().body["agent"]["state"] == "talking"
    lost = lose_callbacks(joined, monkeypatch)
    line.hang_up()
    joined.network.advance(30)
    assert lost
    assert desk.state().body["agent"]["state"] == "talking", "the test lost nothing"
    joined.application.switchboard.reconcile()
    assert call_of(joined, line).state is CallState.ENDED
    assert desk.state().body["agent"]["state"] == "wrap_up"


def test_hanging_up_on_a_leg_that_is_gone_ends_the_conversation(joined, monkeypatch):
    desk = at_the_desk(joined)
    line = waiting(joined)
    accept(desk)
    joined.network.advance(5)
    lose_callbacks(joined, monkeypatch)
    line.hang_up()
    joined.network.advance(5)
    contact = desk.state().body["contact"]["id"]
    assert desk.post(f"/desk/api/contacts/{contact}/hang-up").fine
    joined.network.advance(1)
    assert desk.state().body["agent"]["state"] == "wrap_up"


def lose_callbacks(joined: Joined, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """From now on nothing of what the carrier posts arrives."""
    lost: list[str] = []
    transport = joined.network.app

    class Deaf:
        def request(self, method: str, url: str, headers: object, body: bytes, *limits: object) -> object:
            if "/voice/" in url:
                lost.append(url)
                return 500, {}, b""
            return transport.request(method, url, headers, body, *limits)

    monkeypatch.setattr(joined.network, "app", Deaf())
    return lost


def test_a_message_is_fetched_even_if_the_carrier_never_calls_it_ready(joined, monkeypatch):
    line = joined.network.call(CALLER, CALLED)
    for key in "31":
        joined.network.run_until(lambda: line.state == "gathering")
        line.press(key)
        joined.network.advance(0)
    joined.network.run_until(lambda: line.state == "recording")
    transport = joined.network.app

    class Hushed:
        def request(self, method: str, url: str, headers: object, body: bytes, *limits: object) -> object:
            return (
                (500, {}, b"") if "/voice/recording" in url else transport.request(method, url, headers, body, *limits)
            )

    monkeypatch.setattr(joined.network, "app", Hushed())
    line.leave_message(6, "more colours, please")
    joined.network.advance(90)
    with joined.application.switchboard.store.look() as tx:
        (message,) = tx.messages.of_case(tx.cases.by_call(line.sid)[0].number)
    assert message.state == "kept"


def test_what_was_typed_by_somebody_who_reached_nobody_is_a_case(joined):
    at_the_desk(joined).post("/desk/api/pause", {"reason": "lunch"})
    line = joined.network.call(CALLER, CALLED)
    for keys in ("2", "471108#", "1"):
        joined.network.run_until(lambda: line.state == "gathering")
        line.press(keys)
        joined.network.advance(0)
    joined.network.run_until(lambda: bool(line.queue))
    line.hang_up()
    joined.network.advance(1)
    with joined.application.switchboard.store.look() as tx:
        (case,) = tx.cases.by_call(line.sid)
        assert tx.call(line.sid).outcome is Outcome.ABANDONED
    assert (case.kind, case.fields, case.created_by) == ("claim", {"order_number": "471108"}, "caller")


def test_a_message_left_at_the_fallback_is_a_case_with_its_sound(joined, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("ivr.caller_leg.session.step", broken)
    line = joined.network.call(CALLER, CALLED)
    joined.network.run_until(lambda: line.state == "recording")
    line.leave_message(7, "please call me back")
    joined.network.advance(60)
    with joined.application.switchboard.store.look() as tx:
        (case,) = tx.cases.by_call(line.sid)
        (message,) = tx.messages.of_case(case.number)
    assert (case.kind, message.state, message.length_s) == ("question", "kept", 7)


def test_a_call_that_began_before_our_database_begins_again_and_can_go_on(joined):
    at_the_desk(joined)
    line = joined.network.call(CALLER, CALLED)
    joined.network.run_until(lambda: line.state == "gathering")
    with joined.application.switchboard.store.engine.begin() as connection:
        for table in ("answers", "events", "calls"):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - names of ours
    line.press("1")
    joined.network.advance(0)
    joined.network.run_until(lambda: line.state == "gathering")
    line.press("1")
    joined.network.run_until(lambda: bool(line.queue))
    assert line.queue
