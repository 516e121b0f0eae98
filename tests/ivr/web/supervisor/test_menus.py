"""Menus on the page: written, checked, compared, published, rolled back and tried - through the pages alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from tests.ivr.web.desk_world import World
from tests.ivr.web.supervisor.people import Person, supervisor

FIELD = re.compile(r'<textarea name="file\.([^"]+)"[^>]*>\n(.*?)</textarea>', re.DOTALL)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


def written(person: Person) -> dict[str, str]:
    """The fields of the editor's form, as a browser would send them."""
    page = person.get("/menus/acme/edit").text
    edition = re.search(r'name="edition" value="(\d+)"', page)[1]
    return {"edition": edition, **{f"file.{name}": unescape(text) for name, text in FIELD.findall(page)}}


def begin(person: Person) -> dict[str, str]:
    assert person.post("/menus/acme/begin").location == "/menus/acme/edit"
    return written(person)


def expects(person: Person) -> dict[str, str]:
    page = person.get("/menus/acme/compare").text
    return {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("edition", "expects")}


def live(world: World) -> str:
    return world.switchboard.hotlines.current()[0].version


def with_other_words(fields: dict[str, str]) -> dict[str, str]:
    tree = fields["file.tree.yaml"]
    assert "Welcome to Acme" in tree
    return {**fields, "file.tree.yaml": tree.replace("Welcome to Acme", "Good day from Acme")}


def test_what_is_written_is_heard_once_it_is_published_and_not_before(world: World) -> None:
    vera, before = supervisor(world), live(world)
    assert vera.post("/menus/acme/edit", **with_other_words(begin(vera))).status_code == 303
    assert live(world) == before
    assert "Good day from Acme" in vera.get("/menus/acme/hear?step=welcome&of=draft").text
    assert "Good day from Acme" not in vera.get("/menus/acme/hear?step=welcome").text
    assert "Good day from Acme" in vera.get("/menus/acme/compare").text
    assert vera.post("/menus/acme/publish", **expects(vera)).location == "/menus/acme"
    assert live(world) != before
    assert "Good day from Acme" in vera.get("/menus/acme/hear?step=welcome").text
    back = vera.post("/menus/acme/roll-back", expects=live(world))
    assert (back.status_code, live(world)) == (303, before)
    rows = re.findall(r"<tr.*?</tr>", vera.get("/menus/acme").text.split('id="versions-title"')[1], re.DOTALL)
    assert ['class="sign good"' in row for row in rows] == [False, True, False, False]  # the head; live; what was


def test_publishing_at_a_moment_waits_for_the_office_s_clock(world: World) -> None:
    vera, before = supervisor(world), live(world)
    vera.post("/menus/acme/edit", **with_other_words(begin(vera)))
    assert vera.post("/menus/acme/publish", **expects(vera), at="2026-11-24T09:59").status_code == 409  # Berlin: over
    assert vera.post("/menus/acme/publish", **expects(vera), at="2026-11-24T10:30").status_code == 303
    world.later(29 * 60)
    assert live(world) == before
    world.later(2 * 60)
    assert live(world) != before


def test_who_publishes_or_saves_second_is_told_and_nothing_is_lost(world: World) -> None:
    vera, otto = supervisor(world), supervisor(world, "otto")
    vera.post("/menus/acme/edit", **with_other_words(begin(vera)))
    mine = written(otto)
    stale = expects(otto)
    vera.post("/menus/acme/edit", **written(vera))
    late = otto.post("/menus/acme/edit", **{**mine, "file.tree.yaml": "# what otto typed\n" + mine["file.tree.yaml"]})
    assert late.status_code == 409
    assert "# what otto typed" in late.text
    assert otto.post("/menus/acme/publish", **stale).status_code == 409
    seen = expects(otto)
    assert vera.post("/menus/acme/publish", **expects(vera)).status_code == 303
    begin(vera)
    vera.post("/menus/acme/edit", **{**written(vera), "file.more.yaml": "# nothing\n"})
    again = {**expects(vera), "expects": seen["expects"]}
    refused = otto.post("/menus/acme/publish", **again)
    assert refused.status_code == 409
    assert "Somebody else has published meanwhile" in refused.text
    assert otto.post("/menus/acme/roll-back", expects=seen["expects"]).status_code == 409


def test_faults_are_told_while_typing_with_the_place_of_each(world: World) -> None:
    vera = supervisor(world)
    fields = begin(vera)
    assert "Nothing is wrong" in vera.post("/menus/acme/check", **fields).text or "data-line" in vera.post(
        "/menus/acme/check", **fields
    ).text  # fmt: skip
    broken = {**fields, "file.tree.yaml": fields["file.tree.yaml"].replace("goto: ", "goto: nowhere_", 1)}
    told = vera.post("/menus/acme/check", **broken).text
    line = broken["file.tree.yaml"].split("nowhere_")[0].count("\n") + 1
    assert f'data-file="tree.yaml" data-line="{line}"' in told
    assert "error" in told
    vera.post("/menus/acme/edit", **broken)
    assert 'name="expects"' not in vera.get("/menus/acme/compare").text  # no form to publish it by
    assert vera.post("/menus/acme/publish", edition="2", expects=live(world)).status_code == 409


@pytest.mark.parametrize("name", ["../evil.yaml", "x.txt", "a b.yaml", "/etc/passwd"])
def test_files_have_names_that_lead_nowhere(world: World, name: str) -> None:
    vera = supervisor(world)
    answer = vera.post("/menus/acme/edit", **begin(vera), new_file=name)
    assert answer.status_code == 409
    assert "no name of a file" in answer.text


def test_a_manuscript_that_is_dropped_is_gone_and_callers_never_heard_it(world: World) -> None:
    vera, before = supervisor(world), live(world)
    fields = begin(vera)
    assert vera.post("/menus/acme/drop", edition="7").status_code == 409
    assert vera.post("/menus/acme/drop", edition=fields["edition"]).status_code == 303
    assert vera.get("/menus/acme/edit").location == "/menus/acme"
    assert live(world) == before


def test_keys_that_callers_press_are_counted_since_midnight(world: World) -> None:
    vera = supervisor(world)
    world.at_desk()
    world.at_desk("sara", en=3)
    for queue in ("claims", "claims", "service"):
        world.caller_waits(queue=queue)
    page = vera.get("/menus/acme").text
    rows = re.findall(r"<kbd>([12])</kbd></th><td>[^<]*</td><td class=\"number\">(\d+)</td>", page)
    assert rows[:2] == [("1", "1"), ("2", "2")]
    assert "(3 calls today)" in page
    assert re.search(r'class="tally"[^>]*>2<', page)
    world.now += timedelta(days=1)
    assert "(0 calls today)" in supervisor(world, "otto").get("/menus/acme").text


def test_a_call_is_tried_key_by_key_and_keeps_nothing(world: World) -> None:
    vera = supervisor(world)
    page = vera.get("/menus/acme/try").text
    assert "Welcome to Acme" in page
    with world.store.look() as tx:
        before = tx.live_calls()
    state = {"did": "[]", "number": "", "of": ""}
    answer = vera.post("/menus/acme/try", **state, next="key 2")
    did = unescape(re.search(r'name="did" value="([^"]*)"', answer.text)[1])
    assert did == '["key 2"]'
    assert "order number" in answer.text
    silent = vera.post("/menus/acme/try", did=did, number="", of="", next="silence")
    assert silent.text.count('class="did"') == 2
    with world.store.look() as tx:
        assert tx.live_calls() == before


@pytest.mark.parametrize("did", ["nonsense", '{"a": 1}', '["key 99999999999999999999999999"]', "[" * 3000, "[1, null]"])
def test_what_no_call_can_hear_tries_nothing(world: World, did: str) -> None:
    vera = supervisor(world)
    answer = vera.post("/menus/acme/try", did=did, number="", of="", next="answered")
    assert answer.status_code == 200
    assert 'class="did"' not in answer.text


def test_what_an_author_writes_is_never_markup(world: World) -> None:
    vera = supervisor(world)
    fields = begin(vera)
    evil = fields["file.tree.yaml"].replace("Welcome to Acme", "<img src=x onerror=alert(1)></textarea>")
    vera.post("/menus/acme/edit", **{**fields, "file.tree.yaml": evil})
    for path in ("edit", "compare", "hear?step=welcome&of=draft", "try?of=draft"):
        assert "<img" not in vera.get(f"/menus/acme/{path}").text, path
    vera.post("/menus/acme/publish", **expects(vera))
    assert "<img" not in vera.get("/menus/acme").text


def test_nobody_is_told_of_hotlines_that_are_not_there(world: World) -> None:
    vera = supervisor(world)
    for path in ("", "/edit", "/compare", "/try", "/hear"):
        assert vera.get(f"/menus/ghost{path}").status_code == 404, path
    assert vera.post("/menus/ghost/begin").status_code == 404
    assert vera.get("/menus/acme/hear?step=ghost").status_code == 404
