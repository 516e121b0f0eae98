"""The desk's pages as the server sends them: log-in, parts, languages, headers, and texts that stay texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from ivr.web.texts import LANGUAGES, texts
from tests.ivr.web.desk_world import PASSWORD, Seat, World
from tests.ivr.web.supervisor.people import supervisor

WEB = Path(__file__).parents[3] / "ivr" / "web"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


def browser_of(world: World, name: str = "claims-1") -> FlaskClient:
    """A browser in which somebody has logged in by the page."""
    browser = world.representative(name)
    answer = browser.post("/login", data={"name": name, "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/desk")
    return browser


class Parts(HTMLParser):
    """The parts of a page by name: their versions."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.versions: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        its = dict(attrs)
        if "data-part" in its:
            self.versions[its["data-part"]] = its["data-version"]


def versions(browser: FlaskClient) -> dict[str, str]:
    return Parts(browser.get("/desk/parts").text).versions


def test_without_a_session_the_page_leads_to_the_log_in(world: World) -> None:
    stranger = world.app.wsgi.test_client()
    assert (stranger.get("/desk").status_code, stranger.get("/desk").location) == (303, "/login")
    assert stranger.get("/desk/parts").status_code == 401


def test_a_wrong_password_keeps_the_name_and_never_says_which_was_wrong(world: World) -> None:
    browser = world.representative()
    answers = [browser.post("/login", data={"name": n, "password": "wrong"}) for n in ("claims-1", "nobody")]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert 'value="claims-1"' in answers[0].text
    assert answers[0].text.replace("claims-1", "nobody") == answers[1].text


def test_the_log_in_asks_to_wait_after_too_many_tries(world: World) -> None:
    browser = world.representative()
    answers = [browser.post("/login", data={"name": "claims-1", "password": "wrong"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert "wait 1 second" in answers[-1].text


def test_another_sites_form_logs_nobody_in(world: World) -> None:
    browser = world.representative()
    login, headers = {"name": "claims-1", "password": PASSWORD}, {"Origin": "https://evil.example"}
    answer = browser.post("/login", data=login, headers=headers)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_desk_can_be_read_in_each_language_and_remembers_which(world: World, language: str) -> None:
    browser = world.representative()
    browser.post("/language", data={"lang": language})
    browser.post("/login", data={"name": "claims-1", "password": PASSWORD})
    page = browser.get("/desk", headers={"Accept-Language": "fr"}).text
    assert f'<html lang="{language}">' in page
    assert texts(language)("me.ready") in page


def test_the_page_is_kept_nowhere_and_runs_no_script_but_ours(world: World) -> None:
    browser = browser_of(world)
    for path in ("/desk", "/login", "/desk/parts", "/desk/api/state"):
        headers = browser.get(path).headers
        policy = headers["Content-Security-Policy"]
        for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert part in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "same-origin"


def test_no_page_names_another_host_or_holds_a_script_or_a_style(world: World) -> None:
    browser = browser_of(world)
    pages = [browser.get(path).text for path in ("/desk", "/login")]
    files = [path.read_text("utf-8") for path in (WEB / "static").glob("*.*") if path.suffix != ".wav"]
    for text in pages + files:
        assert set(re.findall(r"https?://[\w.]+", text)) <= {"http://www.w3.org"}
    for page in pages:
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page)
        assert all("src=" in script for script in re.findall("<script[^>]*>", page))


@pytest.mark.parametrize("name", ["../desk.py", "..%2fdesk.py", "%2e%2e/app.py", "", "../templates/desk/texts/en.json"])
def test_nothing_but_the_pages_own_files_is_served(world: World, name: str) -> None:
    assert world.app.wsgi.test_client().get(f"/static/{name}").status_code == 404


def test_a_part_has_another_version_when_it_changed_and_only_then(world: World) -> None:
    browser = browser_of(world)
    first = versions(browser)
    assert versions(browser) == first
    world.caller_waits(queue="service")
    second = versions(browser)
    assert {name for name in first if first[name] != second[name]} == {"queues"}


def test_saving_a_draft_does_not_replace_the_form_that_is_being_typed_in(world: World) -> None:
    browser = browser_of(world)
    seat = Seat(browser, "claims-1")
    seat.csrf = seat.state["csrf"]
    seat.post("ready")
    contact = world.caller_waits()
    seat.accepts()
    before = versions(browser)["form"]
    world.leg_answers(contact)
    seat.post(f"contacts/{contact}/draft", kind="claim", fields={"note": "half a sen"})
    world.later(9)
    world.talk_ends(contact)
    assert versions(browser)["form"] == before
    assert "half a sen" in browser.get("/desk").text
    fields = {"order_number": "1", "cause": "too_slow"}
    seat.post(f"contacts/{contact}/case", kind="claim", fields=fields, form="f-1")
    assert versions(browser)["form"] != before
    assert "100 001" in browser.get("/desk").text


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "&amp;", "O'Brien"]
)
def test_what_people_wrote_is_shown_as_text(world: World, text: str) -> None:
    browser = browser_of(world)
    seat = Seat(browser, "claims-1")
    seat.csrf = seat.state["csrf"]
    seat.post("ready")
    contact = world.caller_waits(typed={"order_number": text}, caller=text)
    assert "<script>a" not in browser.get("/desk").text
    assert "<img" not in browser.get("/desk").text
    seat.accepts()
    seat.post(f"contacts/{contact}/draft", kind="claim", fields={"note": text})
    page = browser.get("/desk").text
    assert "<script>a" not in page
    assert "<img" not in page

    class Shown(HTMLParser):
        said = ""

        def handle_data(self, data: str) -> None:
            self.said += data

    shown = Shown()
    shown.feed(page)
    assert shown.said.count(text) == 4  # the caller, what was typed, and the note of an order and of a claim


def test_a_desk_without_a_seat_says_so_and_offers_nothing_that_fails(world: World) -> None:
    page = supervisor(world).get("/desk").text
    assert "You have no seat yet" in page
    assert 'data-act="ready"' not in page
    assert "None" not in page
