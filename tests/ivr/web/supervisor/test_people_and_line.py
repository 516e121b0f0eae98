"""Supervisor's pages: people made and changed, and the line moved by hand - through the pages alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from ivr.web.texts import LANGUAGE_COOKIE
from routing.agent import Agent, AgentState
from tests.ivr.web.desk_world import World
from tests.ivr.web.supervisor.people import administrator, supervisor


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


def agent_of(world: World, name: str) -> Agent | None:
    with world.store.look() as tx:
        return tx.floor.agent(name)


def audited(world: World) -> list[tuple[str, str, str]]:
    with world.store.look() as tx:
        return [(it.who, it.what, it.about) for it in tx.audit.latest(50)]


def test_somebody_new_chooses_a_password_by_the_code_and_sits_down(world: World) -> None:
    vera = supervisor(world)
    fields = {"name": "mira", "display_name": "Мира", "skill.claims": "4", "skill.de": "", "groups": "night first"}
    answer = vera.post("/agents", **fields)
    code = re.search(r'class="secret digits">([^<]+)<', answer.text)[1]
    assert (answer.status_code, agent_of(world, "mira").skills) == (201, {"claims": 4})
    assert agent_of(world, "mira").groups == ("night", "first")
    mira = world.app.wsgi.test_client()
    mira.post("/code", data={"code": code, "name": "mira", "password": "nine loud bells"})
    assert mira.post("/login", data={"name": "mira", "password": "nine loud bells"}).location == "/desk"
    assert "Мира" in vera.get("/agents").text
    assert code not in vera.get("/agents/mira").text
    assert ("vera", "agent made", "mira") in audited(world)


def test_a_supervisor_makes_no_supervisors_and_opens_no_account_above_their_own(world: World) -> None:
    vera, ada = supervisor(world), administrator(world)
    assert vera.post("/agents", name="eve", role="administrator").status_code == 403
    assert vera.post("/agents/ada/code").status_code == 403
    assert vera.post("/agents/ada/shut-out").status_code == 403
    assert vera.post("/agents/vera", role="administrator").status_code == 403
    assert agent_of(world, "eve") is None
    assert ada.post("/agents", name="eve", role="supervisor").status_code == 201
    assert ada.post("/agents/vera", role="representative").status_code == 303
    assert vera.get("/agents").status_code == 403


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": "Not A Name"}, "An account's name has small letters"),
        ({"name": "kim", "phone": "0800"}, "That is no telephone number"),
        ({"name": "kim", "phone": "sip:kim@pbx.example;maddr=10.0.0.1"}, "That is no telephone number"),
        ({"name": "kim", "wrap_up_s": "9999"}, "That is no length for a wrap-up"),
        ({"name": "kim", "other_skill": "Rocket Science", "other_level": "2"}, "That is no name of a skill"),
        ({"name": "vera"}, "There is somebody of that name already"),
    ],
)
def test_what_cannot_be_meant_is_told_and_makes_nobody(world: World, fields: dict[str, str], says: str) -> None:
    vera = supervisor(world)
    answer = vera.post("/agents", **fields)
    assert says in unescape(answer.text)
    assert answer.status_code == 422
    assert agent_of(world, "kim") is None


def test_who_is_sent_home_or_shut_out_is_offered_nothing_any_more(world: World) -> None:
    vera, seat = supervisor(world), world.at_desk()
    seat.post("ready")
    assert vera.post("/agents/claims-1/log-out").status_code == 303
    assert agent_of(world, "claims-1").state is AgentState.LOGGED_OUT
    assert vera.post("/agents/claims-1/shut-out").status_code == 303
    assert seat.get("state").status_code == 401
    assert vera.post("/agents/nobody/shut-out").status_code == 404


def test_skills_given_while_a_caller_waits_bring_the_caller_at_once(world: World) -> None:
    vera, seat = supervisor(world), world.at_desk("dora", en=1)
    world.at_desk()  # on a break, but there: else nobody would wait
    seat.post("ready")
    world.caller_waits()
    assert seat.state["offer"] is None
    vera.post("/agents/dora", **{"display_name": "Dora", "skill.claims": "3", "skill.en": "2"})
    assert seat.state["offer"] is not None


def test_a_waiting_caller_is_moved_put_first_and_assigned(world: World) -> None:
    vera, seat = supervisor(world), world.at_desk()  # on a break: nobody is offered anything
    first, second = world.caller_waits(), world.caller_waits()
    assert vera.post(f"/waiting/{second}/head-start", head_start_s="600").status_code == 303
    with world.store.look() as tx:
        assert [it.id for it in tx.floor.in_line("claims", 9)] == [second, first]
    assert vera.post(f"/waiting/{first}/move", queue="service").status_code == 303
    with world.store.look() as tx:
        assert tx.floor.contact(first).queue == "service"
    assert vera.post(f"/waiting/{second}/assign", agent="claims-1").status_code == 303
    assert seat.state["offer"]["contact"] == second
    whats = [what for who, what, _ in audited(world) if who == "vera"]
    assert whats[:3] == ["contact assigned", "contact moved", "head start changed"]


def test_refusals_are_told_on_the_page_and_change_nothing(world: World) -> None:
    vera = supervisor(world)
    world.at_desk()
    contact = world.caller_waits()
    assert vera.post(f"/waiting/{contact}/move", queue="nowhere").status_code == 409
    assert "no such queue" in vera.post(f"/waiting/{contact}/move", queue="nowhere").text
    assert vera.post(f"/waiting/{contact}/head-start", head_start_s="a lot").status_code == 409
    assert vera.post(f"/waiting/{contact}/assign", agent="ghost").status_code == 409
    assert vera.post("/waiting/ghost/assign", agent="ghost").status_code == 404
    assert vera.get("/waiting/ghost").status_code == 404


def test_the_page_says_why_somebody_waits_and_shows_no_whole_number(world: World) -> None:
    vera = supervisor(world)
    world.at_desk()
    world.at_desk("dora", de=1)
    contact = world.caller_waits()
    line, why = vera.get("/waiting").text, vera.get(f"/waiting/{contact}").text
    assert "…5678" in line
    assert "+49" not in line
    assert "15112345678" not in why
    assert "lacks" in why
    assert "claims 3" in why


def test_the_page_says_in_its_reader_s_words_why_one_of_two_was_asked(world: World) -> None:
    vera = supervisor(world)
    for name in ("anna", "bert"):
        world.at_desk(name).post("ready")
    contact = world.caller_waits()
    vera.browser.set_cookie(LANGUAGE_COOKIE, "de")
    page = " ".join(vera.get(f"/waiting/{contact}").text.split())
    assert "kann claims" in page
    assert "am längsten von 2" in page
    assert "ist auch frei, aber noch nicht so lange" in page
    assert "free" not in page


def test_a_paused_queue_offers_nothing_until_it_goes_on(world: World) -> None:
    vera, seat = supervisor(world), world.at_desk()
    assert vera.post("/queues/claims/stand", how="pause", why="fire drill").status_code == 303
    seat.post("ready")
    world.caller_waits()
    assert seat.state["offer"] is None
    assert "fire drill" in vera.get("/waiting").text
    vera.post("/queues/claims/stand", how="resume")
    assert seat.state["offer"] is not None
    assert vera.post("/queues/claims/stand", how="vanish").status_code == 409


def test_representatives_see_none_of_it(world: World) -> None:
    seat = world.at_desk()
    for path in ("/agents", "/agents/claims-1", "/waiting", "/waiting/list"):
        assert seat.browser.get(path).status_code == 403
    answer = seat.browser.post("/agents/claims-1", data={"csrf": seat.csrf, "skill.claims": "5"})
    assert (answer.status_code, agent_of(world, "claims-1").skills["claims"]) == (403, 4)
