"""Who is at the desk: how many pages may be live, and what follows when somebody's are all gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ivr.accounts import Accounts
from ivr.logins import SESSION_AGE_MAX_S, SESSION_IDLE_MAX_S
from ivr.web.app import ClockWork
from ivr.web.presence import AWAY_AFTER_S, STREAMS_MAX, STREAMS_PER_SESSION_MAX
from ivr.web.server import THREADS
from tests.ivr.web.desk_world import PASSWORD, Seat, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


@pytest.fixture
def seat(world: World) -> Seat:
    seat = world.at_desk()
    seat.post("ready")
    return seat


def page(seat: Seat) -> Any:
    """Open the desk's live page: the stream of its events."""
    stream = seat.get("events")
    assert stream.status_code == 200
    assert b"event: change" in next(stream.response)
    return stream


def later(world: World, seconds: float) -> None:
    """Let time go by, and let the clock work look who is there."""
    world.later(seconds)
    world.app.presence.look()


def floor_state(world: World, name: str = "claims-1") -> tuple[str, str]:
    with world.store.look() as tx:
        agent = tx.floor.agent(name)
    return str(agent.state), agent.reason


def test_a_page_too_many_ends_the_oldest_of_its_session_and_keeps_it_from_coming_back_at_once(seat: Seat) -> None:
    pages = [page(seat) for _ in range(STREAMS_PER_SESSION_MAX + 1)]
    assert list(pages[0].response) == [b"retry: 60000\n\n"]
    seat.post("pause", reason="lunch")
    assert all(b"event: change" in next(each.response) for each in pages[1:])


def test_pages_of_one_session_do_not_end_anothers(world: World, seat: Seat) -> None:
    other = page(world.at_desk("claims-2"))
    for _ in range(STREAMS_PER_SESSION_MAX + 1):
        page(seat)
    seat.post("pause", reason="lunch")
    assert b"event: change" in next(other.response)


def test_live_pages_leave_threads_for_the_carrier(world: World, seat: Seat) -> None:
    open_pages = []
    while len(open_pages) < STREAMS_MAX:
        at_home = Seat(world.app.wsgi.test_client(), seat.name)
        at_home.log_in()
        room = min(STREAMS_PER_SESSION_MAX, STREAMS_MAX - len(open_pages))
        open_pages += [page(at_home) for _ in range(room)]
    assert THREADS - len(open_pages) == 30
    refused = seat.get("events")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "15")
    assert refused.get_json()["error"] == "too many pages are open"
    open_pages[0].close()
    page(seat)


def test_who_closes_the_last_page_is_away_and_comes_back_with_ready(world: World, seat: Seat) -> None:
    first, second = page(seat), page(seat)
    first.close()
    later(world, AWAY_AFTER_S + 1)
    assert seat.state["agent"]["state"] == "available"
    second.close()
    later(world, AWAY_AFTER_S - 1)
    assert seat.state["agent"]["state"] == "available"
    later(world, 1)
    assert floor_state(world) == ("paused", "away")
    assert "Away: your page was closed" in seat.browser.get("/desk").text
    seat.post("ready")
    later(world, 3600 / 4)
    assert seat.state["agent"]["state"] == "available"


def test_a_reload_is_no_absence(world: World, seat: Seat) -> None:
    page(seat).close()
    later(world, AWAY_AFTER_S - 1)
    page(seat)
    later(world, AWAY_AFTER_S)
    assert seat.state["agent"]["state"] == "available"


def test_a_caller_who_comes_then_waits_for_somebody_who_is_there(world: World, seat: Seat) -> None:
    page(seat).close()
    later(world, AWAY_AFTER_S)
    world.caller_waits()
    assert seat.state["offer"] is None


def test_nobody_is_sent_on_a_break_while_they_have_a_caller_but_after_it(world: World, seat: Seat) -> None:
    stream = page(seat)
    world.caller_waits()
    contact = seat.accepts()
    world.leg_answers(contact)
    stream.close()
    later(world, AWAY_AFTER_S + 1)
    assert seat.state["agent"]["state"] == "talking"
    assert seat.state["agent"]["then"] is None
    world.talk_ends(contact)
    seat.post("wrap-up/end")
    later(world, 1)
    assert floor_state(world) == ("paused", "away")


def test_who_took_a_break_keeps_its_reason(world: World, seat: Seat) -> None:
    stream = page(seat)
    seat.post("pause", reason="lunch")
    stream.close()
    later(world, AWAY_AFTER_S + 1)
    assert floor_state(world) == ("paused", "lunch")


def test_a_program_that_never_had_a_page_is_never_away(world: World, seat: Seat) -> None:
    later(world, SESSION_IDLE_MAX_S + 1)
    assert floor_state(world)[0] == "available"


@pytest.mark.parametrize("how", ["idle", "too old", "disabled", "a new password"])
def test_who_is_logged_in_no_more_leaves_the_floor_too(world: World, seat: Seat, how: str) -> None:
    stream = page(seat)
    accounts = Accounts(world.store)
    match how:
        case "idle":
            world.later(SESSION_IDLE_MAX_S + 1)
        case "too old":
            for _ in range(SESSION_AGE_MAX_S // SESSION_IDLE_MAX_S):
                world.later(SESSION_IDLE_MAX_S - 60)
                seat.post("ready")
            assert seat.get("state").status_code == 200
            world.later(SESSION_IDLE_MAX_S - 60)
        case "disabled":
            accounts.disable("claims-1")
        case "a new password":
            accounts.set_password("claims-1", "eight loud doors")
    later(world, 0)
    assert floor_state(world)[0] == "logged_out"
    stream.close()
    later(world, AWAY_AFTER_S + 1)
    assert floor_state(world)[0] == "logged_out"


def test_whose_session_ends_with_a_caller_leaves_after_the_conversation(world: World, seat: Seat) -> None:
    page(seat)
    world.caller_waits()
    contact = seat.accepts()
    world.leg_answers(contact)
    Accounts(world.store).disable("claims-1")
    later(world, 0)
    assert floor_state(world)[0] == "talking"
    world.talk_ends(contact)
    later(world, 3600)
    assert floor_state(world)[0] == "logged_out"


def test_who_logs_out_and_in_again_stays(world: World, seat: Seat) -> None:
    page(seat)
    seat.post("logout")
    assert seat.log_in(PASSWORD).status_code == 200
    later(world, 1)
    assert floor_state(world) == ("paused", "just logged in")


def test_the_clock_work_looks_who_is_there_without_being_asked(world: World, seat: Seat) -> None:
    page(seat).close()
    world.later(AWAY_AFTER_S)
    seen = world.app.changes.seq
    clock_work = ClockWork(world.app, lambda: world.now)
    clock_work.start()
    world.app.changes.wait(seen, 10)
    clock_work.stop()
    assert floor_state(world) == ("paused", "away")
