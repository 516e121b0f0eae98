"""The frame as the server sends it: who is led where, pages that say no, languages, and local moments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ivr.accounts import Accounts
from ivr.role import Role
from ivr.web.account import browser_name
from ivr.web.texts import LANGUAGES, texts
from tests.ivr.web.desk_world import PASSWORD, QUICK, Seat, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


def browser_of(world: World, role: Role, name: str = "olga") -> object:
    Accounts(world.store, QUICK).set_password(name, PASSWORD, role)
    browser = world.app.wsgi.test_client()
    assert browser.post("/login", data={"name": name, "password": PASSWORD}).status_code == 303
    return browser


def test_a_role_contains_those_before_it() -> None:
    order = [Role.NOBODY, Role.VIEWER, Role.REPRESENTATIVE, Role.SUPERVISOR, Role.ADMINISTRATOR]
    for place, role in enumerate(order):
        assert [role.contains(other) for other in order] == [number <= place for number in range(len(order))]


def test_each_role_sees_the_pages_it_may_turn_to(world: World) -> None:
    world.representative("anna", service=3)
    links = {}
    for role, name in ((Role.REPRESENTATIVE, "anna"), (Role.ADMINISTRATOR, "olga")):
        page = browser_of(world, role, name).get("/account").text
        links[role] = re.findall(r'<li><a href="([^"]+)"', page)
    assert "/settings" not in links[Role.REPRESENTATIVE]
    assert {"/desk", "/settings"} <= set(links[Role.ADMINISTRATOR])
    assert set(links[Role.REPRESENTATIVE]) < set(links[Role.ADMINISTRATOR])


def test_who_supervises_is_not_put_on_the_floor_by_logging_in_and_can_sit_down(world: World) -> None:
    world.representative("olga", service=3)
    browser = browser_of(world, Role.SUPERVISOR)
    seat = Seat(browser, "olga")
    assert seat.state["agent"]["state"] == "logged_out"
    seat.csrf = seat.state["csrf"]
    assert seat.post("ready").status_code == 200
    assert seat.state["agent"]["state"] == "available"


def test_logging_out_on_any_page_leaves_the_floor(world: World) -> None:
    world.representative("anna", service=3)
    browser = browser_of(world, Role.REPRESENTATIVE, "anna")
    seat = Seat(browser, "anna")
    seat.csrf = seat.state["csrf"]
    seat.post("ready")
    assert browser.post("/logout", data={"csrf": seat.csrf}).location == "/login"
    with world.store.look() as tx:
        assert tx.floor.agent("anna").state == "logged_out"


def test_a_live_page_that_does_not_ring_makes_nobody_present_or_missed(world: World) -> None:
    seat = world.at_desk("anna")
    seat.post("ready")
    events = seat.browser.get("/events")
    next(events.response)
    events.close()
    world.now += timedelta(minutes=5)
    world.app.presence.look()
    assert seat.state["agent"]["state"] == "available"
    desk = seat.browser.get("/desk/api/events")
    next(desk.response)
    desk.close()
    world.now += timedelta(minutes=5)
    world.app.presence.look()
    assert seat.state["agent"]["state"] == "paused"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_there_is_said_in_the_pages_language(world: World, language: str) -> None:
    browser = world.app.wsgi.test_client()
    browser.post("/language", data={"lang": language, "next": "/login"})
    answer = browser.get("/no/such/page")
    assert answer.status_code == 404
    assert texts(language)("error.404.title") in answer.text
    assert f'<html lang="{language}">' in answer.text


@pytest.mark.parametrize("path", ["/desk/api/nowhere", "/api/v1/nowhere"])
def test_programs_are_told_in_json(world: World, path: str) -> None:
    answer = world.app.wsgi.test_client().get(path)
    assert (answer.status_code, answer.get_json()) == (404, {"error": "not found"})


def test_a_fault_of_ours_is_told_in_plain_words_and_without_its_insides(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    browser = browser_of(world, Role.ADMINISTRATOR)
    secret = "the wall at line 42 fell over"

    def broken(*_: object) -> None:
        raise RuntimeError(secret)

    monkeypatch.setattr("ivr.tokens.Tokens.all", broken)
    page = browser.get("/settings")
    assert page.status_code == 500
    assert texts("en")("error.500.title") in page.text
    assert secret not in page.text
    assert secret in caplog.text
    monkeypatch.setattr("ivr.web.desk_api.picture", broken)
    answer = browser.get("/desk/api/state")
    assert (answer.status_code, answer.get_json()) == (500, {"error": "something went wrong on our side"})


def test_moments_are_those_of_the_hotlines_time_zone(world: World) -> None:
    world.now = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    browser = browser_of(world, Role.REPRESENTATIVE, world.representative("anna", service=3) and "anna")
    said = {}
    for language in LANGUAGES:
        browser.post("/language", data={"lang": language})
        found = re.search(r'<time datetime="([^"]+)">([^<]+)</time>', browser.get("/account").text)
        said[language] = found[2]
        assert found[1] == "2026-06-30T22:30:00Z"
    assert said == {
        "en": "1 Jul 2026, 00:30",
        "de": "01.07.2026, 00:30",
        "sr": "1. 7. 2026., 00:30",
        "sr-Latn": "1. 7. 2026., 00:30",
        "es": "1 jul 2026, 0:30",
    }


def test_changing_the_password_needs_the_old_one_and_ends_every_session(world: World) -> None:
    browser, other = browser_of(world, Role.SUPERVISOR), world.app.wsgi.test_client()
    other.post("/login", data={"name": "olga", "password": PASSWORD})
    word = re.search(r'name="csrf" value="([^"]+)"', browser.get("/account").text)[1]

    def change(old: str, new: str) -> int:
        return browser.post("/account/password", data={"csrf": word, "old": old, "new": new}).status_code

    assert [change("wrong wrong", "eight loud doors"), change(PASSWORD, "password1")] == [422, 422]
    assert other.get("/account").status_code == 200
    assert change(PASSWORD, "eight loud doors") == 303
    assert other.get("/account").status_code == 303
    accounts = Accounts(world.store, QUICK)
    assert accounts.log_in("olga", "eight loud doors", "192.0.2.1").session.role is Role.SUPERVISOR


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:146.0) Gecko/20100101 Firefox/146.0", "Firefox, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0", "Chrome, Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/26 Safari/605.1.15", "Safari, Mac OS X"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
    ],
)
def test_a_browser_is_called_by_a_short_name(said: str, name: str) -> None:
    assert browser_name(said) == name
