"""S57-S60 on the page: looked up, exported, held, and erased only after asking again."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ivr.privacy.somebody import EMAIL, NAME, NUMBER, bytes_with, lives
from tests.ivr.web.desk_world import World
from tests.ivr.web.supervisor.people import administrator


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


def test_an_administrator_hands_over_holds_and_erases(world: World, tmp_path: Path) -> None:
    lives(world, tmp_path)
    ada = administrator(world)
    page = ada.post("/privacy", person="0049 157 755-50199").text
    assert f"<bdi>{EMAIL}</bdi>" in page
    assert "recordings <strong" in page
    told = ada.post("/privacy/export", person=NUMBER)
    assert (told.mimetype, told.headers["Cache-Control"]) == ("application/zip", "no-store")
    with zipfile.ZipFile(io.BytesIO(told.data)) as bundle:
        rows = json.loads(bundle.read("person.json"))
        assert rows["cases"][-1]["fields"]["name"] == NAME
        assert [it for it in bundle.namelist() if it.startswith("sounds/")]
    told.close()
    ada.post("/privacy/hold", person=NUMBER, why="court of Berlin")
    held = ada.post("/privacy/erase", person=NUMBER, sure="0199")
    assert (held.status_code, "court of Berlin" in held.text) == (409, True)
    assert NUMBER[1:] in bytes_with(tmp_path, NUMBER[1:])
    hold = next(iter(world.app.daily._privacy.holds()))
    assert ada.post(f"/privacy/holds/{hold.id}/end").status_code == 303
    assert 'name="sure"' in ada.post("/privacy/erase", person=NUMBER).text
    assert ada.post("/privacy/erase", person=NUMBER, sure="0000").status_code == 409
    for person in (NUMBER, EMAIL):
        assert "Erased (" in ada.post("/privacy/erase", person=person, sure=person[-4:]).text
    assert bytes_with(tmp_path, NUMBER[1:], EMAIL, NAME) == {}
    with world.store.look() as tx:
        done = {(row.who, row.what) for row in tx.audit.latest(20)}
    assert {("ada", it) for it in ("person exported", "legal hold", "legal hold ended", "person erased")} <= done
    assert ada.post("/privacy", person="what?").status_code == 409
