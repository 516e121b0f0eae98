"""The floor's pages: what a wallboard shows and to whom, what each figure is made of, and when it is an alarm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from ivr.accounts import Accounts
from ivr.role import Role
from ivr.tokens import Tokens
from ivr.web.bars import Bars, Column
from tests.ivr.web.desk_world import PASSWORD, QUICK, Seat, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


@pytest.fixture
def supervisor(world: World) -> Seat:
    world.representative("vera", office=1)
    Accounts(world.store, QUICK).set_password("vera", PASSWORD, Role.SUPERVISOR)
    seat = Seat(world.app.wsgi.test_client(), "vera")
    seat.log_in()
    return seat


def text_of(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_the_floor_counts_who_waits_who_is_served_and_who_gave_up(world: World, supervisor: Seat) -> None:
    seat = world.at_desk("anna")
    seat.post("ready")
    served = world.caller_waits()
    assert seat.accepts() == served
    world.leg_answers(served)
    gone = world.caller_waits(caller="+4915112345679")
    world.later(40)
    world.caller_hangs_up(gone)
    world.caller_waits(caller="+4915112345670")
    world.later(7)
    floor = text_of(supervisor.browser, "/floor")
    assert "Waiting 1 Longest wait now 0:07 Service level 50% Answered 1 Gave up 1 Callbacks due 0" in floor
    assert "50% below the goal" in floor
    figure = text_of(supervisor.browser, "/floor/figures/service_level?queue=claims")
    assert "answered in time 1 answered later 0 gave up after the time 1" in figure
    assert "these three together: what it is a share of 2" in figure


def test_today_begins_at_the_hotlines_own_midnight(world: World, supervisor: Seat) -> None:
    """menus/acme is in Berlin: 23:30 there is 22:30 UTC, and the next day begins at 23:00 UTC."""
    world.now = world.now.replace(hour=22, minute=30)
    supervisor.log_in()
    world.caller_waits()
    assert counted(text_of(supervisor.browser, "/floor/figures/entered")) == 1
    world.now = world.now.replace(hour=23, minute=1)
    supervisor.log_in()
    assert counted(text_of(supervisor.browser, "/floor/figures/entered")) == 0


def counted(figure: str) -> int:
    found = re.search(r"began to wait (\d+)", figure)
    assert found, figure
    return int(found[1])


def test_a_screen_on_the_wall_sees_the_floor_by_its_link_and_nothing_else(world: World) -> None:
    token, word = Tokens(world.store).make("hall", Role.VIEWER, "vera")
    screen = world.app.wsgi.test_client()
    page = screen.get(f"/floor?kiosk={word}")
    assert page.status_code == 200
    assert f"/floor/parts?kiosk={word}" in page.text
    assert "Who is doing what" not in page.text
    assert "/floor/limits" not in page.text
    assert screen.get(f"/floor/parts?kiosk={word}").status_code == 200
    assert screen.get(f"/reports?kiosk={word}").status_code in (303, 403)
    assert screen.get("/floor").status_code == 303
    Tokens(world.store).end(token.id, "vera", "console")
    assert screen.get(f"/floor?kiosk={word}").status_code == 303


def test_a_wait_is_an_alarm_after_the_time_that_a_supervisor_sets(world: World, supervisor: Seat) -> None:
    world.at_desk("anna")
    world.caller_waits()
    world.later(59)
    form = {"csrf": supervisor.csrf, "queue": "claims", "wait_s": "60"}
    assert "somebody waits longer" not in text_of(supervisor.browser, "/floor")
    assert supervisor.browser.post("/floor/limits", data=form).status_code == 303
    world.later(1)
    assert "claims: somebody waits longer than 1:00; waiting: 1" in text_of(supervisor.browser, "/floor")
    assert supervisor.browser.post("/floor/limits", data={**form, "wait_s": ""}).status_code == 303
    assert "somebody waits longer" not in text_of(supervisor.browser, "/floor")


def test_a_limit_that_cannot_be_meant_is_refused(world: World, supervisor: Seat) -> None:
    for wait_s in ("4", "7201", "-5", "6.5", "٦٠", "x", "99999999"):
        form = {"csrf": supervisor.csrf, "queue": "claims", "wait_s": wait_s}
        assert supervisor.browser.post("/floor/limits", data=form).status_code == 422, wait_s
    assert supervisor.browser.post("/floor/limits", data={**form, "queue": "nowhere", "wait_s": "9"}).status_code == 422


def test_nobody_being_logged_in_who_could_help_is_an_alarm(world: World, supervisor: Seat) -> None:
    nobody = "claims: nobody is logged in"
    assert nobody in text_of(supervisor.browser, "/floor")
    world.at_desk("trainee", service=1)
    assert nobody in text_of(supervisor.browser, "/floor"), "who lacks the skill is nobody for this queue"
    world.at_desk("anna")
    assert nobody not in text_of(supervisor.browser, "/floor")


def test_what_cannot_be_shown_is_said_to_be_so(world: World, supervisor: Seat) -> None:
    assert supervisor.browser.get("/floor/figures/happiness").status_code == 404
    assert supervisor.browser.get("/floor/figures/waiting?queue=nowhere").status_code == 404
    for days in ("from=2026-11-30&to=2026-11-01", "from=x", "from=2020-01-01&to=2026-01-01"):
        assert "These days cannot be shown" in text_of(supervisor.browser, f"/reports?{days}")
        assert "These days cannot be shown" in text_of(supervisor.browser, f"/results?{days}")


def test_a_chart_is_as_high_as_its_numbers_say() -> None:
    bars = Bars(("yes", "no"), ("answered", "abandoned"), (Column("08:00", (3, 1)), Column("08:30", (0, 8))))
    first, second, third = bars.pieces()
    assert third.height == pytest.approx(8 * second.height, abs=0.05)
    assert first.height == pytest.approx(3 * second.height, abs=0.05)
    assert second.y + second.height == pytest.approx(first.y)
    assert bars.top >= 8
    assert Bars((), (), ()).scale[0][0] == 0
    later = Bars(("yes",), ("answered",), tuple(Column(label, (1,)) for label in ("08:30", "09:00", "09:30", "10:00")))
    assert [label for _, label in later.labels()] == ["09:00", "10:00"]
