"""A queue's hours, from the YAML to the caller: who still waits at closing time, and when promises are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.call import Outcome
from tests.ivr.whole.world import CALLER, World, heard

BEFORE = "    ring_s: 20\n"
FULL = "    overflow_when: {full: goodbye}\n"
OFFICE = """\
hours:
  office: {timezone: Europe/Berlin, week: {mon-fri: "08:00-10:04"}}
"""


@pytest.fixture(name="open_world")
def a_world_with_an_office(tmp_path: Path) -> Iterator[Callable[[str], World]]:
    """Opens, at 10:00, the hotline whose office closes at 10:04, with more settings of its queue."""
    opened: list[World] = []

    def open_with(settings: str) -> World:
        text = Path(__file__).with_name("hotline.yaml").read_text("utf-8")
        text = text.replace(BEFORE, BEFORE + settings).replace(FULL, "    overflow_when: {closed: goodbye}\n") + OFFICE
        opened.append(World(tmp_path, text))
        return opened[0]

    yield open_with
    assert opened[0].troubles() == []
    opened[0].close()


def test_who_still_waits_at_closing_time_goes_where_the_queues_owner_says(open_world):
    world = open_world("    hours: office\n")
    anna = world.at_the_desk("anna", claims=5)
    talking = world.ring("4")
    world.network.advance(2)
    world.accept(anna)
    world.network.advance(5)
    waiting = world.ring("4")
    closing = datetime(2026, 11, 23, 9, 4, tzinfo=UTC)
    world.network.advance((closing - world.network.now()).total_seconds() - 1)
    assert waiting.queue, "it is not 10:04 yet"
    world.network.advance(15)
    assert heard(waiting, 1) == "Goodbye."
    assert world.call_of(waiting).outcome is Outcome.OVERFLOWED
    assert talking.state == "in conference", "who talks is not cut off"
    late = world.ring("4")
    world.network.advance(5)
    assert heard(late, 1) == "Goodbye.", "nobody is let into a queue that is closed"
    talking.hang_up()


def test_without_hours_a_queue_does_not_close(open_world):
    world = open_world("")
    assert world.at_the_desk("anna", claims=5).post("/desk/api/pause", {"reason": "lunch"}).fine
    waiting = world.ring("4")
    world.network.advance(200)
    assert waiting.queue


def test_a_promise_is_kept_within_the_hours_for_it_and_its_wait_counts_from_the_first_entry(open_world):
    world = open_world("    hours: office\n    callbacks: {tries: 2, again_s: 60}\n")
    anna = world.at_the_desk("anna", claims=5, en=3)
    assert anna.post("/desk/api/pause", {"reason": "lunch"}).fine
    world.network.line(CALLER, behaviour="never")
    line = world.ring("4")
    world.network.advance(20)
    since = world.call_of(line).waiting_since
    world.press(line, "1")
    world.network.run_until(lambda: line.awaits_input and not line.queue)
    world.press(line, "1")
    world.network.advance(300)

    def promise():
        with world.application.switchboard.store.look() as tx:
            return tx.callbacks.of_call(line.sid)[0]

    assert (promise().contact, promise().try_at) == (None, datetime(2026, 11, 24, 7, 0, tzinfo=UTC))
    world.network.advance((promise().try_at - world.network.now()).total_seconds() + 1)
    bert = world.at_the_desk("bert", claims=5, en=3)
    for tries in (1, 2):
        world.network.run_until(lambda: bool(bert.state().body["offer"]))
        with world.application.switchboard.store.look() as tx:
            assert tx.floor.contact(promise().contact).entered_at == since
        world.accept(bert)
        world.network.advance(40)
        assert promise().tries == tries
    assert promise().state == "given up"
