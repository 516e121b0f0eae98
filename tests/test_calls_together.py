"""Calls together: several callers and representatives at once - places, expected waits, who is asked first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ivr.commands.joined import PUBLIC_URL, Joined
from ivr.simulator.desk_client import DeskClient
from ivr.simulator.line import Line
from ivr.simulator.script.reader import read_file
from tests import played

HOTLINE = "+18005550142"
DOUBT = read_file(played.CALLS / "doubt_en_open.call")


@pytest.fixture
def joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Joined]:
    played.log_in_cheaply(monkeypatch)
    with played.hotline(tmp_path) as joined:
        yield joined
        for line in played.inbound(joined):
            if not line.over:
                line.hang_up()
        played.let_it_end(joined)
        assert not (wrong := played.faults(joined)), "\n".join(["", *wrong])


def representative(joined: Joined, name: str, **skills: int) -> DeskClient:
    """Somebody at the desk, ready."""
    desk = joined.desk().session()
    desk.login(name, joined.hire(name, skills))
    assert desk.post("/desk/api/ready").fine
    return desk


def calls_with(joined: Joined, caller: str, *entries: str) -> Line:
    """Somebody calls, presses these keys, and begins to wait."""
    line = joined.network.call(caller, HOTLINE)
    for keys in entries:
        assert joined.network.run_until(lambda: line.listening, 60)
        line.press(keys)
        joined.network.advance(0)
    assert joined.network.run_until(lambda: line.queue is not None, 60)
    joined.network.advance(0.1)
    return line


def offered_to(desk: DeskClient) -> str | None:
    """Who is offered to somebody now."""
    return (desk.state().body["offer"] or {}).get("caller")


def accept(joined: Joined, desk: DeskClient) -> None:
    """Take the offer and talk."""
    assert desk.post(f"/desk/api/offers/{desk.state().body['offer']['id']}/accept").fine
    joined.network.advance(0.1)
    assert desk.state().body["contact"]["started_at"]


def said(line: Line) -> list[str]:
    """What somebody has been told while waiting."""
    return [heard.text for heard in line.heard if heard.kind == "say" and " in line." in heard.text]


def test_callers_are_told_their_places_and_move_up(joined: Joined) -> None:
    desk = representative(joined, "helpdesk-1")
    calls_with(joined, "+14155550101", "1")
    accept(joined, desk)
    second, third = calls_with(joined, "+14155550102", "1"), calls_with(joined, "+14155550103", "1")
    assert said(second) == ["You are next in line."]
    assert said(third) == ["You are number 2 in line."]
    second.hang_up()
    joined.network.advance(70)
    assert said(third)[:2] == ["You are number 2 in line.", "You are next in line."]


def test_the_expected_wait_is_said_once_three_conversations_are_its_basis(joined: Joined) -> None:
    for number in range(3):  # who has answered the survey is not asked again
        assert played.play(replace(DOUBT, caller=f"+1415555020{number}"), joined).passed
    assert not [each.text for each in joined.network.trace if "The wait is about" in each.text]
    desk = representative(joined, "helpdesk-1")
    calls_with(joined, "+14155550101", "1")
    accept(joined, desk)
    next_one, after_them = calls_with(joined, "+14155550102", "1"), calls_with(joined, "+14155550103", "1")
    joined.network.advance(5)
    waits = [[heard.text for heard in line.heard if "The wait" in heard.text] for line in (next_one, after_them)]
    # They talked for 43 s each, and 30 s are for notes: a representative is free about every 73 s.
    assert waits == [["The wait is about two minutes."], ["The wait is about three minutes."]]


def test_a_complaint_is_taken_as_if_it_had_come_a_minute_earlier(joined: Joined) -> None:
    desk = representative(joined, "anna")
    desk.post("/desk/api/pause", {"reason": "lunch"})
    calls_with(joined, "+14155550101", "1")
    joined.network.advance(20)
    calls_with(joined, "+14155550102", "2", "471108#", "1")
    desk.post("/desk/api/ready")
    assert offered_to(desk) == "+14155550102"


def test_but_nobody_is_overtaken_for_ever(joined: Joined) -> None:
    desk = representative(joined, "anna")
    desk.post("/desk/api/pause", {"reason": "lunch"})
    calls_with(joined, "+14155550101", "1")
    joined.network.advance(70)
    calls_with(joined, "+14155550102", "2", "471108#", "1")
    desk.post("/desk/api/ready")
    assert offered_to(desk) == "+14155550101"


def test_whoever_has_been_idle_longest_is_asked_first(joined: Joined) -> None:
    anna = representative(joined, "anna")
    joined.network.advance(5)
    marko = representative(joined, "marko")
    calls_with(joined, "+14155550101", "1")
    assert (offered_to(anna), offered_to(marko)) == ("+14155550101", None)
    calls_with(joined, "+14155550102", "1")
    assert (offered_to(anna), offered_to(marko)) == ("+14155550101", "+14155550102")


def test_callers_whom_nobody_can_help_any_more_are_not_left_waiting(joined: Joined) -> None:
    desk = representative(joined, "anna")
    desk.post("/desk/api/pause", {"reason": "lunch"})
    line = calls_with(joined, "+14155550101", "2", "471108#", "1")
    joined.network.advance(30)
    assert line.queue is not None
    desk.post("/desk/api/logout")
    assert joined.network.run_until(lambda: line.state == "recording", 30)
    assert line.queue is None


def test_a_plain_telephone_is_rung_and_1_takes_the_call(joined: Joined) -> None:
    desk = on_the_telephone(joined, "+493055501234", answers_after_s=4, keys="1")
    line = calls_with(joined, "+14155550101", "1")
    assert joined.network.run_until(lambda: line.conference is not None and line.conference.started is not None, 30)
    assert desk.state().body["agent"]["state"] == "talking"


def test_a_mailbox_that_answers_takes_no_call(joined: Joined) -> None:
    desk = on_the_telephone(joined, "+493055501234", answers_after_s=4)
    line = calls_with(joined, "+14155550101", "1")
    assert joined.network.run_until(lambda: desk.state().body["agent"]["state"] == "paused", 120)
    assert line.queue is not None
    assert line.conference is None


def on_the_telephone(joined: Joined, number: str, answers_after_s: float, keys: str = "") -> DeskClient:
    """Somebody who is rung on a plain telephone."""
    joined.hire("anna", {})
    with joined.application.switchboard.store.transaction() as tx:
        tx.floor.change(tx.floor.agent("anna"), address=number, ring_at="phone")
    joined.network.line(number, answers_after_s, keys=keys)
    return representative(joined, "anna")


def test_a_message_is_seen_and_heard_at_the_desk(joined: Joined) -> None:
    assert played.play(read_file(played.CALLS / "suggestion_de_open.call"), joined).passed
    desk = representative(joined, "anna")
    (case,) = desk.state().body["cases"]
    assert (case["kind"], case["created_by"], case["caller"]) == ("suggestion", "caller", "+4915112345678")
    (recording,) = case["recordings"]
    assert (recording["length_s"], recording["state"]) == (8, "kept")
    status, headers, sound = desk_download(joined, desk, recording["id"])
    assert (status, headers["content-type"], sound[:4]) == (200, "audio/wav", b"RIFF")


def desk_download(joined: Joined, desk: DeskClient, recording: str) -> tuple[int, dict[str, str], bytes]:
    """Fetch a recording as the page does, with the session's cookie."""
    url = f"{PUBLIC_URL}/desk/api/recordings/{recording}"
    return joined.request("GET", url, {"Cookie": desk._jar.header(url)}, b"")
