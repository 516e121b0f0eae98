"""A running conversation said to be about a case that is there: linked, shown with its history, and no second case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ivr.web.desk_world import CALLER, Seat, World

CLAIM = {"order_number": "4711", "cause": "too_slow"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


def talks(world: World, seat: Seat, caller: str = CALLER) -> str:
    seat.post("ready")
    contact = world.caller_waits(caller=caller)
    seat.accepts()
    world.leg_answers(contact)
    world.caller_joins(contact)
    return contact


def ends(world: World, seat: Seat, contact: str) -> None:
    world.talk_ends(contact)
    seat.post("wrap-up/end")


def cases(seat: Seat) -> dict[str, Any]:
    return seat.browser.get("/api/v1/cases").get_json()


def test_a_second_call_is_about_the_first_call_s_case(world: World) -> None:
    seat = world.at_desk("anna")
    first = talks(world, seat)
    number = seat.post(f"contacts/{first}/case", kind="claim", fields=CLAIM, form="f").get_json()["number"]
    ends(world, seat, first)
    again = talks(world, seat)
    assert seat.post(f"contacts/{again}/draft", kind="claim", fields={"note": "begun"}).status_code == 200
    assert 'data-act="about"' in seat.browser.get("/desk").text
    answer = seat.post(f"contacts/{again}/about", case=number)
    assert (answer.status_code, answer.get_json()["number"]) == (200, number)
    shown = seat.state["contact"]["case"]
    assert (shown["number"], shown["fields"]["order_number"]) == (number, "4711")
    assert [it["what"] for it in shown["history"]] == ["logged", "contact"]
    page = seat.browser.get("/desk").text
    assert "About a case that was there" in page
    assert 'data-act="about"' not in page
    assert seat.post(f"contacts/{again}/about", case=number).status_code == 200  # told twice, once done
    whole = seat.browser.get(f"/api/v1/cases/{number}").get_json()
    assert [it["contact"] for it in whole["contacts"]] == [first, again]
    assert cases(seat)["count"] == 1
    assert seat.post(f"contacts/{again}/draft", kind="claim", fields={}).status_code == 409
    ends(world, seat, again)
    assert seat.state["drafts"] == []  # nothing is left to be logged


def test_a_case_that_one_may_not_see_is_none_and_one_logged_already_stays(world: World) -> None:
    anna, bert = world.at_desk("anna"), world.at_desk("bert")
    first = talks(world, anna)
    number = anna.post(f"contacts/{first}/case", kind="claim", fields=CLAIM, form="f").get_json()["number"]
    anna.post("pause", reason="lunch")
    ends(world, anna, first)
    other = talks(world, bert, caller="+4930123456")
    for absent in (number, "100777", "x", ""):
        assert bert.post(f"contacts/{other}/about", case=absent).status_code == 404, absent
    assert anna.post(f"contacts/{other}/about", case=number).status_code == 404  # not her conversation
    own = bert.post(f"contacts/{other}/case", kind="claim", fields=CLAIM, form="g").get_json()["number"]
    bert.post("pause", reason="lunch")
    ends(world, bert, other)
    theirs = talks(world, bert)  # the caller of Anna's case: now he may see it
    assert bert.post(f"contacts/{theirs}/about", case=number).status_code == 200
    refused = bert.post(f"contacts/{theirs}/about", case=own)
    assert (refused.status_code, refused.get_json()["error"]) == (409, "the case is logged already")
