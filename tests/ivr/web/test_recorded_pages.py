"""Recorded conversations on the pages: what the desk says is true now, and what supervisors hear afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.recorder import Told
from tests.ivr.web.desk_world import Seat, World, a_sound
from tests.ivr.web.supervisor.people import administrator, supervisor


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


@pytest.fixture
def contact(world: World, seat: Seat) -> str:
    """Somebody who talks, and is recorded."""
    contact = world.caller_waits()
    seat.accepts()
    world.leg_answers(contact)
    world.caller_joins(contact)
    with world.store.look() as tx:
        sid = tx.call_of(contact).sid
    recorder = world.switchboard.recorder
    world.switchboard.happen(lambda tx: (None, recorder.begin(tx, contact, sid, "claims-1")))
    return contact


def orders(world: World) -> list[dict[str, object]]:
    return [said for url, said in world.carrier.orders if "/Recordings" in url]


def kept(world: World, contact: str, length_s: float = 20) -> str:
    """The conversation is over, and its sound has been fetched; our id of it."""
    world.talk_ends(contact)
    with world.store.look() as tx:
        (it,) = tx.recordings.of_contact(contact)
    told = Told(it.id, it.call, it.recording, "completed", round(length_s))
    world.switchboard.happen(lambda tx: (None, world.switchboard.recorder.told(tx, told)))
    world.carrier.sound = a_sound(length_s)
    world.switchboard.recorder.fetch(it.id)
    return it.id


def test_the_desk_has_it_paused_and_go_on_and_says_so(world: World, seat: Seat, contact: str) -> None:
    page = seat.browser.get("/desk/parts").text
    assert 'class="row recording" data-state="running"' in page
    assert 'data-act="pause-recording"' in page
    assert orders(world)[-1]["RecordingChannels"] == "dual"
    assert seat.post(f"contacts/{contact}/recording/pause").status_code == 200
    assert orders(world)[-1] == {"Status": "paused", "PauseBehavior": "silence"}
    page = seat.browser.get("/desk/parts").text
    assert 'class="row recording" data-state="paused"' in page
    assert 'data-until="2026-11-24T09:02:00.000Z"' in page
    assert page.index('data-act="resume-recording"') < page.index('data-act="pause-recording"')
    assert seat.post(f"contacts/{contact}/recording/resume").status_code == 200
    assert orders(world)[-1] == {"Status": "in-progress"}
    assert seat.state["contact"]["recording"] == {"state": "running", "paused_at": None, "resume_at": None}


def test_somebody_elses_recording_and_none_are_not_paused(world: World, seat: Seat) -> None:
    contact = world.caller_waits()
    seat.accepts()
    world.leg_answers(contact)
    world.caller_joins(contact)
    answer = seat.post(f"contacts/{contact}/recording/pause")
    assert (answer.status_code, answer.get_json()["error"]) == (409, "this conversation is not recorded")
    assert seat.state["contact"]["recording"] is None
    other = world.at_desk("claims-2")
    assert other.post(f"contacts/{contact}/recording/pause").status_code == 404


def test_a_supervisor_hears_it_from_the_case_and_the_conversation_and_stands_beside_it(
    world: World, seat: Seat, contact: str
) -> None:
    fields = {"order_number": "47110815", "cause": "too_slow"}
    case = seat.post(f"contacts/{contact}/case", kind="claim", fields=fields, form=f"{contact}-1").get_json()
    vera = supervisor(world)
    assert "still talking" in vera.get("/recordings").text
    id = kept(world, contact)
    page = vera.get("/recordings").text
    assert f'src="/recordings/{id}"' in page
    assert "nobody yet" in page
    assert f'href="/recordings?contact={contact}#r-{id}"' in vera.get(f"/cases/{case['number']}").text
    assert f'href="/recordings?contact={contact}"' in vera.get(f"/waiting/{contact}").text
    part = vera.browser.get(f"/recordings/{id}", headers={"Range": "bytes=0-99"}, buffered=True)
    assert (part.status_code, len(part.data), part.headers["Content-Range"]) == (206, 100, "bytes 0-99/320044")
    later = vera.browser.get(f"/recordings/{id}", headers={"Range": "bytes=160044-"}, buffered=True)
    assert (later.status_code, len(later.data)) == (206, 160000)
    page = vera.get(f"/recordings?contact={contact}").text
    assert page.count("<div><bdi>vera</bdi>") == 1
    assert administrator(world).get("/audit?who=vera").text.count("recording heard") == 1
    assert seat.browser.get(f"/recordings/{id}").status_code == 403
    assert seat.browser.get(f"/desk/api/recordings/{id}").status_code == 404
