"""Clockwork: virtual time that stands still while the app thinks, real time that does not, and runs that repeat."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from twilio.rest import Client

from ivr.simulator.clockwork import Clockwork
from tests.ivr.simulator.tiny_app import CALLER, HOST, NUMBER, START, carrier, said


def test_twenty_minutes_in_a_queue_take_no_time() -> None:
    network, app = carrier({"/v": "<Enqueue waitUrl='/w'>q</Enqueue>", "/w": "<Pause length='20'/>"})
    line = network.call(CALLER, NUMBER)
    began = time.monotonic()
    network.advance(1200)
    assert time.monotonic() - began < 5
    assert network.now() == START + timedelta(minutes=20)
    assert len(app.to("/w")) == 61
    assert line.duration_s == 1200


def story(seed: int) -> list[tuple[object, ...]]:
    """A whole call, as it was traced."""
    documents = {
        "/v": "<Gather action='/g'/><Say>x</Say>",
        "/g": "<Dial timeout='9' action='/d'>+1800</Dial>",
        "/d": "<Record/>",
    }
    network, _ = carrier(documents, seed=seed)
    line = network.call(CALLER, NUMBER)
    network.run_until(lambda: line.awaits_input)
    line.press("123#")
    network.run_until(lambda: line.state == "recording")
    line.leave_message(4)
    network.advance(20)
    line.hang_up()
    network.run()
    webhooks = [(each.url, dict(each.params), dict(each.headers)) for each in network.webhooks]
    return [(entry.time, entry.call_sid, entry.kind, entry.text) for entry in network.trace] + webhooks


def test_runs_repeat_from_their_seed() -> None:
    assert story(1) == story(1)
    assert story(1) != story(2)


def test_run_until_says_whether_it_came_so() -> None:
    network, _ = carrier({"/v": "<Pause length='5'/><Say>Hi</Say>"})
    line = network.call(CALLER, NUMBER)
    assert not network.run_until(lambda: bool(said(line)), within_s=4)
    assert network.run_until(lambda: bool(said(line)))
    assert network.now() == START + timedelta(seconds=5)
    assert not network.run_until(lambda: False)
    assert line.over
    assert network.run_until(START + timedelta(hours=1))
    assert network.now() == START + timedelta(hours=1)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Clockwork(datetime(2026, 1, 1))  # noqa: DTZ001


class Alarm:
    """An app that wants to be woken at its own moments."""

    def __init__(self, network: Clockwork, *seconds: float) -> None:
        self.network, self.moments = network, [START + timedelta(seconds=each) for each in seconds]
        self.ticked: list[float] = []

    def next_deadline(self) -> datetime | None:
        return self.moments[0] if self.moments else None

    def tick(self) -> None:
        self.ticked.append((self.network.now() - START).total_seconds())
        self.moments = [each for each in self.moments if each > self.network.now()]


def test_the_agenda_stops_at_an_apps_own_deadlines() -> None:
    network, _ = carrier({"/v": "<Pause length='5'/><Say>Hi</Say>"})
    alarm = Alarm(network, 2, 4.5, 60)
    network.attend(alarm.next_deadline, alarm.tick)
    network.call(CALLER, NUMBER)
    network.run()
    assert alarm.ticked == [2, 4.5, 60]


def test_an_app_that_never_stops_asking_to_be_woken_does_not_stop_the_clock() -> None:
    network, _ = carrier({"/v": "<Pause length='5'/><Say>Hi</Say>"})
    ticks = []
    network.attend(lambda: START, lambda: ticks.append(1))
    line = network.call(CALLER, NUMBER)
    assert network.run_until(lambda: line.over)
    assert len(ticks) < 1000


def test_people_act_after_happenings_and_may_ask_the_app() -> None:
    network, app = carrier({"/v": "<Gather action='/g'/>", "/g": "<Say>Thanks</Say>"})
    line = network.call(CALLER, NUMBER)
    seen = []

    def look() -> None:
        free = []  # another thread can take the lock: it is not held
        thread = threading.Thread(
            target=lambda: free.append(network.lock.acquire(timeout=1) and not network.lock.release())
        )
        thread.start()
        thread.join()
        seen.append(free[0])
        if line.awaits_input and not app.to("/g"):
            line.press("1#")

    network.after_happening.append(look)
    network.run()
    assert said(line) == ["Thanks"]
    assert all(seen)


def test_somebody_does_something_later() -> None:
    network, _ = carrier({"/v": "<Pause length='60'/>"})
    line = network.call(CALLER, NUMBER)
    network.later(7, line.hang_up)
    network.run()
    assert network.now() == START + timedelta(seconds=7)


def test_the_app_may_use_rest_from_another_thread_in_the_middle_of_a_webhook() -> None:
    network, app = carrier({})
    client = Client(network.account_sid, network.auth_token, http_client=network.rest_transport)
    found = []

    def answer(form: object) -> str:
        thread = threading.Thread(target=lambda: found.append(client.calls(form["CallSid"]).fetch().status))
        thread.start()
        thread.join(5)
        return "<Say>Hi</Say>"

    app.documents = {"/v": answer}
    line = network.call(CALLER, NUMBER)
    network.run()
    assert found == ["ringing"]
    assert said(line) == ["Hi"]


def test_real_time_passes_by_itself() -> None:
    documents = {"/v": "<Gather numDigits='1' action='/g'><Pause/></Gather>", "/g": "<Say>Thanks</Say>", "/cb": ""}
    network, app = carrier(documents, speed=20, status_callback=f"{HOST}/cb")
    network.start()
    try:
        line = network.call(CALLER, NUMBER)
        assert network.run_until(lambda: line.awaits_input, within_s=60)
        line.press("1")
        assert network.run_until(lambda: line.over and bool(app.to("/cb")), within_s=60)
    finally:
        network.stop()
    assert said(line) == ["Thanks"]
    assert app.to("/cb")[0]["CallStatus"] == "completed"


def test_in_real_time_a_slow_answer_holds_up_nobody_else() -> None:
    network, app = carrier({}, speed=1)
    gate = threading.Event()

    def slow(form: object) -> str:
        gate.wait(5)
        return ""

    app.documents = {"/v": slow, "/other": "<Say>Hi</Say>"}
    network.number("+18005550143", f"{HOST}/other")
    network.start()
    try:
        network.call(CALLER, NUMBER)
        other = network.call(CALLER, "+18005550143")
        assert network.run_until(lambda: bool(said(other)), within_s=3)
    finally:
        gate.set()
        network.stop()


def test_the_clock_goes_on_from_where_it_was_stopped() -> None:
    clock = Clockwork(datetime(2026, 11, 23, tzinfo=UTC), speed=1000)
    clock.start()
    done = threading.Event()
    clock.put(1, lambda: done.set())
    assert done.wait(5)
    clock.stop()
    stopped = clock.now()
    assert stopped > START.replace(hour=0)
    assert clock.now() == stopped


def test_a_failure_in_one_happening_does_not_stop_real_time(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clockwork(START, speed=1000)
    clock.start()
    done = threading.Event()

    def fail() -> None:
        raise ZeroDivisionError

    clock.put(0, fail)
    clock.later(0, fail)
    clock.put(1, lambda: done.set())
    assert done.wait(5)
    clock.stop()
    assert caplog.text.count("the others go on") == 2


def test_time_has_a_pace_if_that_is_wished() -> None:
    network, _ = carrier({"/v": "<Pause length='3'/><Say>Hi</Say>"}, speed=20)
    line = network.call(CALLER, NUMBER)
    began_s = time.monotonic()
    assert network.run_until(lambda: bool(said(line)))
    assert time.monotonic() - began_s >= 3 / 20
    assert network.now() == START + timedelta(seconds=3)
    network.advance(2)
    assert time.monotonic() - began_s >= 5 / 20
    assert network.now() == START + timedelta(seconds=5)
    assert not network.run_until(lambda: False)  # nothing is left, so nothing is waited for
    assert time.monotonic() - began_s < 5


def test_at_a_pace_others_may_come_in_between() -> None:
    network, _ = carrier({"/v": "<Pause length='60'/><Say>Hi</Say>"}, speed=20)
    line = network.call(CALLER, NUMBER)
    thread = threading.Timer(0.1, line.hang_up)
    thread.start()
    network.run_until(lambda: line.over, 60)
    thread.join()
    assert line.over
    assert START < line.ended_at < START + timedelta(seconds=50)
