"""Waiting and what comes of it: announcements in turn, keys that lead out, limits, needs that shrink, callbacks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from ivr.call import Outcome
from ivr.callback import Callback
from ivr.simulator.line import Line
from routing.queue import Queue
from routing.store.tables import contacts, events
from tests.ivr.whole.world import CALLER, World, heard


@pytest.fixture(name="world")
def a_world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    assert world.troubles() == []
    world.close()


def promise_of(world: World, line: Line) -> Callback:
    with world.application.switchboard.store.look() as tx:
        (found,) = tx.callbacks.of_call(line.sid)
    return found


def test_what_is_said_while_waiting_comes_in_turn_with_the_keys_that_lead_out(world):
    world.at_the_desk("anna", claims=1)
    line = world.ring("4")
    world.network.run_until(lambda: heard(line, 1).startswith("Second"))
    world.network.run_until(lambda: heard(line, 1) == "For a call back, press 1.")
    said = [each.text for each in line.heard if each.kind == "say"]
    assert [each for each in said if each.endswith("text.")] == ["First text.", "Second text."]
    assert said.count("For a call back, press 1.") == 2


def test_needs_shrink_while_somebody_waits_and_the_place_stays(world):
    for skilled, level in (("best", 5), ("good", 3)):  # on a break: were they not there, the step would be skipped
        assert world.at_the_desk(skilled, claims=level).post("/desk/api/pause", {"reason": "lunch"}).fine
    anna = world.at_the_desk("anna", claims=1)
    first, second = world.ring("4"), world.ring("4")
    world.network.advance(41 - (world.network.now() - world.call_of(first).waiting_since).total_seconds())
    offer = anna.state().body["offer"]
    assert offer["contact"] == world.call_of(first).contact
    assert "claims 1" in offer["reason"]
    assert second.queue


def test_nobody_waits_for_skills_that_nobody_will_have(world):
    world.at_the_desk("bert", other=5)
    line = world.ring("4")
    world.network.advance(5)
    assert world.call_of(line).node == "message"


def test_a_full_queue_sends_the_next_one_where_its_owner_says(world):
    world.at_the_desk("anna", claims=1)
    world.ring("4"), world.ring("4")
    third = world.ring("4")
    world.network.advance(5)
    assert heard(third, 1) == "Goodbye."
    assert world.call_of(third).outcome is Outcome.OVERFLOWED


def test_a_callback_asked_for_while_waiting_keeps_the_place(world):
    world.at_the_desk("anna", claims=1)
    line = world.ring("4")
    world.network.advance(12)
    since = world.call_of(line).waiting_since
    world.press(line, "1")
    world.network.run_until(lambda: line.awaits_input and not line.queue)
    world.press(line, "1")
    assert promise_of(world, line).place == since
    assert world.call_of(line).outcome is Outcome.CALLED_BACK


def test_who_is_promised_a_call_gets_it_and_talks_to_the_one_who_took_it(world):
    anna = world.at_the_desk("anna", claims=3, en=3)
    world.network.line(CALLER, answers_after_s=4)
    line = world.ring("3", "1")
    assert "1 5 1 1" in heard(line)
    world.network.run_until(lambda: line.over)
    world.network.advance(5)
    world.accept(anna)
    world.network.advance(20)
    (called,) = [each for each in world.network.calls.values() if each.to == CALLER]
    assert called.state == "in conference"
    assert "You asked us to call you back" in heard(called)
    assert anna.state().body["contact"]["caller"] == CALLER
    called.hang_up()
    world.network.advance(3)
    assert promise_of(world, line).state == "kept"
    assert anna.state().body["agent"]["state"] == "wrap_up"


def test_somebody_who_does_not_answer_is_called_again_and_then_becomes_a_case(world):
    anna = world.at_the_desk("anna", claims=3, en=3)
    world.network.line(CALLER, behaviour="never")
    line = world.ring("3", "1")
    for tries in (1, 2, 3):
        world.network.run_until(lambda: bool(anna.state().body["offer"]))
        world.accept(anna)
        world.network.advance(40)
        assert promise_of(world, line).tries == tries
        assert anna.state().body["agent"]["state"] == "available"  # who talked to nobody has nothing to wrap up
        assert served_in(world, line) == []
        world.network.advance(Queue("").callback_again_s - 60)
    assert promise_of(world, line).state == "given up"
    (case,) = anna.state().body["cases"]
    assert (case["kind"], case["caller"], case["created_by"]) == ("claim", CALLER, "caller")


def served_in(world: World, line: Line) -> list[str]:
    """The contacts of a call that count as served."""
    with world.application.switchboard.store.look() as tx:
        theirs = select(contacts.c.id).where(contacts.c.call == line.sid, contacts.c.outcome == "served")
        return list(tx.connection.execute(theirs).scalars())


def test_a_carrier_that_cannot_ring_does_not_use_up_a_try(world, monkeypatch):
    anna = world.at_the_desk("anna", claims=3, en=3)
    world.network.line(CALLER, answers_after_s=4)
    line = world.ring("3", "1")
    world.network.run_until(lambda: bool(anna.state().body["offer"]))
    transport = type(world.network.rest_transport)
    real = transport.request

    def cut(self: object, method: str, url: str, *args: object, **more: object) -> object:
        if method == "POST" and CALLER in str((args, more)):
            raise ConnectionResetError("the wire is cut")
        return real(self, method, url, *args, **more)

    with monkeypatch.context() as patched:
        patched.setattr(transport, "request", cut)
        world.accept(anna)
        world.network.advance(5)
    assert (promise_of(world, line).state, promise_of(world, line).tries) == ("open", 0)
    world.network.run_until(lambda: bool(anna.state().body["offer"]))
    world.accept(anna)
    world.network.advance(20)
    (called,) = [each for each in world.network.calls.values() if each.to == CALLER]
    called.hang_up()
    world.network.advance(3)
    assert promise_of(world, line).state == "kept"
    assert len(served_in(world, line)) == 1


def test_a_callback_whose_end_nobody_told_of_is_found_out(world, monkeypatch):
    anna = world.at_the_desk("anna", claims=3, en=3)
    world.network.line(CALLER, answers_after_s=4)
    line = world.ring("3", "1")
    world.network.run_until(lambda: bool(anna.state().body["offer"]))
    world.accept(anna)
    world.network.advance(20)
    (called,) = [each for each in world.network.calls.values() if each.to == CALLER]
    heard_by, nothing = world.network.app, (200, {"content-type": "text/xml"}, b"<Response/>")

    class Deaf:
        def request(self, method: str, url: str, headers: object, body: bytes, *limits: object) -> object:
            return nothing if "/voice/" in url else heard_by.request(method, url, headers, body, *limits)

    with monkeypatch.context() as patched:
        patched.setattr(world.network, "app", Deaf())
        called.hang_up()
        world.network.advance(30)
    assert anna.state().body["agent"]["state"] == "talking", "the test lost nothing"
    world.application.switchboard.reconcile()
    assert promise_of(world, line).state == "kept"
    assert anna.state().body["agent"]["state"] == "wrap_up"


def test_a_representative_who_hangs_up_before_anybody_answers_stops_the_ringing(world):
    anna = world.at_the_desk("anna", claims=3, en=3)
    world.network.line(CALLER, behaviour="never")
    line = world.ring("3", "1")
    world.network.run_until(lambda: bool(anna.state().body["offer"]))
    world.accept(anna)
    world.network.advance(5)
    contact = anna.state().body["contact"]["id"]
    assert anna.post(f"/desk/api/contacts/{contact}/hang-up").fine
    world.network.advance(2)
    assert [each.to for each in world.network.calls.values() if not each.over] == []
    assert promise_of(world, line).tries == 1


def test_a_promise_outlives_a_night_with_nobody_there(world):
    line = world.ring("3", "1")
    world.network.advance(14 * 3600)
    assert promise_of(world, line).state == "open"
    anna = world.at_the_desk("anna", claims=3, en=3)
    world.network.advance(61)
    assert anna.state().body["offer"]


def test_a_promise_outlives_a_restart(world):
    line = world.ring("3", "1")
    world.restart()
    anna = world.at_the_desk("anna", claims=3, en=3)
    world.network.advance(61)
    assert anna.state().body["offer"]
    assert promise_of(world, line).contact


@pytest.mark.parametrize(
    ("keys", "number"),
    [
        ("0305550123", "+49305550123"),
        ("0049305550123", "+49305550123"),
        ("09001234567", None),  # costly
        ("0012125551234", None),  # abroad
        ("110", None),  # the police
    ],
)
def test_only_ordinary_numbers_of_the_callers_own_country_are_called(world, keys, number):
    line = world.ring("3", "2", keys)
    assert ("cannot call that number" in heard(line)) is (number is None)
    if number:
        world.press(line, "1")
        assert promise_of(world, line).number == number


def test_one_number_is_promised_one_call_at_a_time(world):
    first, second = world.ring("3", "1"), world.ring("3", "1")
    assert promise_of(world, first)
    with world.application.switchboard.store.look() as tx:
        assert tx.callbacks.of_call(second.sid) == []


def test_who_wants_no_callback_or_cannot_have_one_goes_on(world):
    assert world.call_of(world.ring("3", "3")).node == "message"
    assert world.call_of(world.ring("3", "", "", caller="anonymous")).node == "message"


def test_the_office_is_dialled_and_the_call_ends_with_that_conversation(world):
    world.network.line("+49305550100", answers_after_s=3)
    line = world.ring("2")
    world.network.advance(10)
    assert line.state == "bridged"
    line.hang_up()
    world.network.advance(2)
    assert world.call_of(line).outcome is Outcome.TRANSFERRED


@pytest.mark.parametrize("behaviour", ["busy", "never", "rejects"])
def test_an_office_that_does_not_answer_leads_on(world, behaviour):
    world.network.line("+49305550100", behaviour=behaviour)
    line = world.ring("2")
    world.network.run_until(lambda: line.awaits_input)
    assert world.call_of(line).node == "call_me"


def test_a_number_that_is_not_listed_is_never_dialled(world):
    from dataclasses import replace

    from ivr import session
    from ivr.heard import Pressed, Rang
    from ivr.instruction import Dial

    tree = replace(world.application.switchboard.hotlines.current()[0], transfer_numbers=())
    call = world.call_of(world.ring())
    call.state, call.node = "ringing", ""
    session.step(call, Rang(), tree, world.network.now())
    said = session.step(call, Pressed("2"), tree, world.network.now())
    assert not [each for each in said if isinstance(each, Dial)]


def test_a_text_goes_to_the_caller_and_to_nobody_else(world):
    line = world.ring("1", "471234")
    world.network.run_until(lambda: line.over)
    (text,) = world.network.messages.values()
    assert (text.to, text.body) == (CALLER, "Order 471234.")
    line = world.ring("1", "471234", caller="anonymous")
    world.network.run_until(lambda: line.over)
    assert len(world.network.messages) == 1


def test_what_happened_is_told_in_events(world):
    line = world.ring("3", "1")
    with world.application.switchboard.store.look() as tx:
        told = tx.connection.execute(select(events.c.what).where(events.c.about == line.sid)).scalars().all()
    assert "promised a callback" in told
