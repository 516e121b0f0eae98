"""S42: every known naughty string in the fields that people fill in is shown as it is, and runs nowhere.

The strings are ours and the Big List of Naughty Strings, release 1.0.0 (Max Woolf, MIT).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from ivr.role import Role
from routing.agent import Agent
from routing.case import Case, Channel, Link
from tests.ivr.web.desk_world import World
from tests.ivr.web.test_security_checklist import NAUGHTY, Shown, person

LIST = Path(__file__).parents[2] / "vendor" / "naughty-strings.json"
STRINGS = [it for it in (*NAUGHTY, *json.loads(LIST.read_text("utf-8"))) if it.strip()]
NAME_LENGTH_MAX = 64
FOREIGN = {"img", "iframe", "object", "embed", "base", "meta-refresh", "marquee", "video", "applet", "b", "i"}


@pytest.fixture(scope="module", params=[6, pytest.param(1, marks=pytest.mark.deep)], ids=["a sixth", "all"])
def strings(request: pytest.FixtureRequest) -> list[str]:
    return STRINGS[:: request.param]


@pytest.fixture(scope="module")
def world(strings: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A case and a person for each string: in the form, in what came, in a note, and as the name of who it is about."""
    world = World(tmp_path_factory.mktemp("naughty"))
    with world.store.transaction() as tx:
        for n, text in enumerate(strings):
            fields = {"order_number": "1", "cause": "too_slow", "note": text}
            link = Link(tx.now, "olga", Channel.LETTER, note=text)
            case = tx.cases.log("claim", fields, f"f{n}", "olga", tx.now, caller=text, hotline="acme", link=link)
            assert isinstance(case, Case), (text, case)
            assert isinstance(tx.cases.remark(case.number, text, tx.now, "olga"), Case)
            tx.floor.add(Agent(f"a{n}", text[:NAME_LENGTH_MAX], f"client:a{n}", skills={}))
    yield world
    world.close()


@pytest.fixture(scope="module")
def olga(world: World) -> FlaskClient:
    return person(world, Role.ADMINISTRATOR, "olga")


def test_s42_a_case_shows_each_string_in_its_form_its_contact_and_its_history(
    olga: FlaskClient, strings: list[str]
) -> None:
    bare = Shown(olga.get("/cases/new").text)
    for n, text in enumerate(strings):
        page = harmless(olga.get(f"/cases/{100001 + n}").text, bare)
        assert page.said.count(shown_as(text)) >= 3, text


def test_s42_lists_of_cases_and_people_show_all_of_them(olga: FlaskClient, strings: list[str]) -> None:
    assert len(STRINGS) > 450
    bare = Shown(olga.get("/cases/new").text)
    people = harmless(olga.get("/agents").text, bare).said
    said, before = "", ""
    while found := re.findall(r'href="/cases/(\d+)"', page := olga.get(f"/cases?before={before}").text):
        said, before = said + harmless(page, bare).said, min(found, key=int)
    for text in strings:
        assert shown_as(text[:NAME_LENGTH_MAX]) in people, text
        assert shown_as(text) in said, text


def test_s42_what_was_looked_for_comes_back_as_a_value(olga: FlaskClient, strings: list[str]) -> None:
    bare = Shown(olga.get("/cases/new").text)
    for text in strings[::4]:
        page = harmless(olga.get("/cases", query_string={"text": text[:200]}).text, bare)
        assert page.values.get("text") == text[:200], text


def harmless(html: str, bare: Shown) -> Shown:
    """The page as it is shown: no handler, no script more than a page of ours has, and no tag that somebody wrote."""
    page = Shown(html)
    assert page.handlers == []
    assert not FOREIGN & set(page.tags)
    assert page.tags.count("script") <= bare.tags.count("script") + 1
    return page


def shown_as(text: str) -> str:
    """A text as a reader gets it: the blanks at its ends are nobody's."""
    return text.strip()
