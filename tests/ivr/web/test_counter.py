"""The counter: a visitor is given a number, waits beside the callers, is called up, served, and leaves a case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from tests.ivr.web.desk_world import CALLER, Seat, World
from tests.ivr.web.supervisor.people import supervisor


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


@pytest.fixture
def seat(world: World) -> Seat:
    return world.at_desk("ann", claims=4, en=4)


def take_in(seat: Seat, **said: str) -> tuple[int, str]:
    """Give somebody a number; the number, and the path of their own page."""
    page = seat.browser.get("/counter").text
    about = next(it for it in re.findall(r'<option value="(acme \w+)"', page) if "claim" in it)
    form = re.search(r'name="form" value="(\w+)"', page)[1]
    known = {"about": about, "language": "en", "name": "Erika Muster", "form": form, "csrf": seat.csrf}
    answer = seat.browser.post("/counter", data={**known, **said}, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    number = re.search(r'class="ticket-number">(\d+)<', answer.text)[1]
    return int(number), re.search(r"(/ticket/\w+)", unescape(answer.text))[1]


def status(world: World, path: str) -> str:
    """What the visitor reads, who is logged in nowhere."""
    answer = world.app.wsgi.test_client().get(f"{path}/now")
    assert answer.status_code == 200
    return re.sub("<[^>]+>|\\s+", " ", answer.text).strip()


def test_a_visitor_is_called_up_served_and_leaves_a_case(world: World, seat: Seat) -> None:
    seat.post("ready")
    number, path = take_in(seat, caller="+49 151 12345678", note="a broken lid")
    offer = seat.state["offer"]
    told = (offer["by"], offer["ticket"], offer["name"], offer["note"])
    assert told == ("visit", number, "Erika Muster", "a broken lid")
    assert offer["caller"] == CALLER  # the same person as on the telephone
    contact = seat.accepts()
    assert seat.state["agent"]["state"] == "talking"
    assert status(world, path) == "Please go to Ann now."
    fields = {"order_number": "47110815", "cause": "badly_done"}
    number = seat.post(f"contacts/{contact}/case", kind="claim", fields=fields, form="f1").get_json()["number"]
    assert seat.post(f"contacts/{contact}/hang-up").status_code == 200
    assert seat.state["agent"]["state"] == "wrap_up"
    assert "dealt with" in status(world, path)
    with world.store.look() as tx:
        (link,) = tx.cases.links(number)
        assert (str(link.channel), link.note, tx.cases.by_number(number).caller) == ("visit", "a broken lid", CALLER)


def test_visitors_and_callers_stand_in_one_line_and_are_told_their_place(world: World, seat: Seat) -> None:
    _, first = take_in(seat)
    world.later(5)
    world.caller_waits()
    world.later(5)
    _, third = take_in(seat, name="Ben")
    assert status(world, first).startswith("You are next.")
    assert status(world, third).startswith("You are number 3 in line.")
    assert "Ben" not in world.app.wsgi.test_client().get(third).text


def test_who_waits_with_nobody_there_is_told_so_and_put_in_line_later(world: World, seat: Seat) -> None:
    seat.post("logout")
    seat.log_in()
    _, path = take_in(seat)
    assert "You are next." in status(world, path)  # on a break is there
    seat.post("logout")
    world.later(1)
    assert "ask at the counter" in status(world, path)
    seat.log_in()
    seat.post("ready")
    world.later(61)
    assert seat.state["offer"]["by"] == "visit"


def test_who_is_called_and_does_not_come_frees_the_representative_at_once(world: World, seat: Seat) -> None:
    seat.post("ready")
    _, path = take_in(seat)
    contact = seat.accepts()
    assert seat.post(f"contacts/{contact}/not-there").status_code == 200
    assert seat.state["agent"]["state"] == "available"
    assert "nobody came" in status(world, path)
    assert seat.post(f"contacts/{contact}/not-there").status_code == 404


def test_who_goes_waits_no_longer_and_a_number_is_given_once(world: World, seat: Seat) -> None:
    number, path = take_in(seat, form="same")
    assert take_in(seat, form="same")[0] == number
    assert take_in(seat)[0] == number + 1
    here = seat.browser.get("/counter/here").text
    visit = unescape(re.search(r'name="visit" value="([^"]+)"', here)[1])
    seat.browser.post("/counter/left", data={"visit": visit, "csrf": seat.csrf})
    assert "dealt with" in status(world, path)
    with world.store.look() as tx:
        assert tx.floor.waiting("claims")[0] == 1


def test_the_board_shows_numbers_and_no_names_and_the_wallboard_counts_them(world: World, seat: Seat) -> None:
    seat.post("ready")
    take_in(seat)
    seat.accepts()
    take_in(seat, name="Mira")
    vera = supervisor(world)
    board = vera.get("/counter/board").text
    assert re.findall(r'class="ticket-number">(\d+)<', board) == ["1"]
    assert re.search(r"next-numbers.*?<span>2</span>", board, re.DOTALL)
    assert "Erika" not in board
    assert "Mira" not in board
    assert re.search(r"<strong>1</strong>\s*Visitors waiting", vera.get("/floor").text)


def test_nobody_guesses_a_ticket_and_strange_forms_are_refused(world: World, seat: Seat) -> None:
    stranger = world.app.wsgi.test_client()
    assert stranger.get("/ticket/1").status_code == 404
    assert stranger.get("/counter").status_code == 303
    about = ({"about": "acme nowhere"}, {"about": "acme welcome"}, {"about": "x"})
    for said in (*about, {"language": "fr"}, {"note": "x" * 2000}):
        page = seat.browser.post("/counter", data={"about": "acme claims", "language": "en", "csrf": seat.csrf, **said})
        assert page.status_code == 422, said
    assert seat.browser.post("/counter", data={"about": "acme claims", "language": "en"}).status_code == 403
    take_in(seat, name="<script>alert(1)</script>")
    assert "<script>alert" not in seat.browser.get("/counter").text


def test_a_visitor_is_handed_on_and_called_again(world: World, seat: Seat) -> None:
    seat.post("ready")
    number, path = take_in(seat)
    contact = seat.accepts()
    assert seat.post(f"contacts/{contact}/hand-on", queue="service").status_code == 200
    ben = world.at_desk("ben", en=4)
    ben.post("ready")
    assert ben.state["offer"]["ticket"] == number
    ben.accepts()
    assert status(world, path) == "Please go to Ben now."
