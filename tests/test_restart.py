"""Restarts: the program is thrown away before each webhook and built anew from what it has stored; nobody notices."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.commands.joined import Joined
from ivr.simulator.desk_client import DeskClient
from ivr.simulator.line import Line
from ivr.simulator.script.reader import read_file
from ivr.switchboard import SENT_S, TALK_MIN
from routing.offer import LEG_S
from tests import played, real_process

# A complaint and all that comes with it, messages, misses and a dead line, the survey, another language, the way back.
SCRIPTS = """complaint_sr_open suggestion_en_open doubt_es_closed offers_missed_until_a_pause number_corrected
    representative_line_never_answers hangs_up_while_talking language_changed_by_key nobody_logged_in
    star_back_from_the_suggestion""".split()
CALLERS = ("+4915112345678", "+4915187654321")


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    played.log_in_cheaply(monkeypatch)


class Forgetful:
    """The way to an application that is built anew before each webhook."""

    def __init__(self, joined: Joined) -> None:
        self.restarts = 0
        self._joined, self._app = joined, joined.network.app
        joined.network.app = self

    def request(self, method: str, url: str, headers: dict[str, str], body: bytes, *limits: object) -> object:
        if "/voice" in url:
            self._joined.restart()
            self._app, self._joined.network.app = self._joined.network.app, self
            self.restarts += 1
        return self._app.request(method, url, headers, body, *limits)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_caller_does_not_notice_restarts_between_webhooks(name: str, tmp_path: Path) -> None:
    script = read_file(played.CALLS / f"{name}.call")
    with played.hotline(tmp_path, script.at) as joined:
        forgetful = Forgetful(joined)
        result = played.play(script, joined)
        assert result.passed, result.failure or result.error
        assert not (wrong := played.faults(joined)), "\n".join(["", *wrong])
        assert played.told(result, joined) == (played.CALLS / f"{name}.txt").read_text("utf-8")
        assert forgetful.restarts > 3


def test_two_callers_keep_their_places_over_a_restart(tmp_path: Path) -> None:
    with played.hotline(tmp_path) as joined:
        desk = joined.desk().session()
        desk.login("helpdesk-1", joined.hire("helpdesk-1", {}))
        first, second = (waiting_for_help(joined, caller) for caller in CALLERS)
        before = positions(joined, first, second)
        joined.restart()
        assert positions(joined, first, second) == before == [1, 2]
        for line in (first, second):
            desk.post("/desk/api/ready")
            assert desk.state().body["offer"]["caller"] == line.from_
            desk.post(f"/desk/api/offers/{desk.state().body['offer']['id']}/accept")
            joined.restart()
            assert joined.network.run_until(lambda line=line: line.conference is not None, 10)
            line.hang_up()
            joined.network.advance(1)


def waiting_for_help(joined: Joined, caller: str) -> Line:
    """A caller with a doubt, who waits for somebody."""
    line = joined.network.call(caller, "+18005550142")
    assert joined.network.run_until(lambda: line.listening, 30)
    line.press("1")
    assert joined.network.run_until(lambda: line.queue is not None, 30)
    joined.network.advance(1)
    return line


def positions(joined: Joined, *lines: Line) -> list[int]:
    """Where they stand in the line, by our own count."""
    with joined.application.switchboard.store.look() as tx:
        return [tx.floor.position(tx.floor.contact(tx.call(line.sid).contact)) for line in lines]


def test_a_complaint_is_served_by_a_program_that_is_killed_before_every_webhook(tmp_path: Path) -> None:
    with real_process.world(tmp_path) as world:
        network, desk = world.network, world.desk()
        assert desk.post("/desk/api/ready").fine
        line = network.call(CALLERS[0], "+18005550142")
        world.press(line, "2")
        world.press(line, "471108#")
        world.press(line, "1")
        world.until(lambda: line.queue is not None and line.state == "hearing")
        offer = desk.state().body["offer"]
        assert offer["typed"] == {"order_number": "471108"}
        contact = desk.post(f"/desk/api/offers/{offer['id']}/accept").body["contact"]
        world.order("POST", "/Calls.json")  # the representative's leg is rung
        leg = network.people["client:claims-1"].line
        world.until(lambda: leg.conference is not None)
        world.order("POST", f"/Calls/{line.sid}")  # the caller is sent to the conference
        world.until(lambda: line.conference is not None and line.conference.started is not None)
        while not world.has_talked(desk, 2 * TALK_MIN):
            world.program.kill()
            world.program.start()
        draft = desk.state().body["contact"]["draft"]
        form = {"kind": "claim", "fields": {**draft["fields"], "cause": "badly_done"}, "form": "one"}
        assert desk.post(f"/desk/api/contacts/{contact}/case", form).status == 201
        assert desk.post(f"/desk/api/contacts/{contact}/hang-up").fine
        world.order("POST", f"/Calls/{leg.sid}")
        for key in "154":
            world.press(line, key)
        world.until(lambda: line.over)
        network.run(60)
        assert desk.state().body["agent"]["state"] == "wrap_up"
        assert desk.post("/desk/api/wrap-up/end").fine
        world.program.kill()
        assert world.program.deaths > 12
        assert not [each.text for each in network.trace if each.kind in ("error", "warning")]
        with world.store() as store, store.look() as tx:
            call, case = tx.call(line.sid), tx.cases.latest()[0]
            assert (call.outcome, call.state, call.typed) == ("served", "ended", {"order_number": "471108"})
            assert call.answers == {"settled": "1", "treated": "5", "easy": "4"}
            assert (case.contact, case.fields["order_number"], case.created_by) == (contact, "471108", "claims-1")
            assert tx.floor.agent("claims-1").state == "available"


def test_two_callers_keep_their_places_when_the_program_is_killed(tmp_path: Path) -> None:
    with real_process.world(tmp_path) as world:
        desk = world.desk()
        for caller in CALLERS:
            line = world.network.call(caller, "+18005550142")
            world.press(line, "1")
            world.until(lambda line=line: line.queue is not None and line.state == "hearing")
        world.program.kill()
        world.program.start()
        for caller in CALLERS:
            assert desk.post("/desk/api/ready").fine
            offer = desk.state().body["offer"]
            assert offer["caller"] == caller
            assert desk.post(f"/desk/api/offers/{offer['id']}/accept").fine
            world.order("POST", "/Calls.json")
            (waiting,) = [line for line in world.network.calls.values() if line.from_ == caller]
            waiting.hang_up()
            world.until(lambda line=waiting: line.over and world.network.people["client:claims-1"].line.over)


class Unreliable:
    """The way to the carrier's REST, of which one order is lost: the line is down, or the program dies before it."""

    def __init__(self, joined: Joined, lost: int, how: BaseException) -> None:
        self._rest, self._lost, self._how, self._count = joined.network.rest_transport, lost, how, 0
        joined.network.rest_transport = self
        joined.restart()

    def request(self, *order: object, **more: object) -> object:
        self._count += 1
        if self._count == self._lost:
            raise self._how
        return self._rest.request(*order, **more)


class Died(BaseException):
    """The program is gone in this moment."""


def test_a_representative_who_was_not_rung_because_the_program_died_is_asked_again(tmp_path: Path) -> None:
    with played.hotline(tmp_path) as joined:
        desk = at_the_desk(joined)
        line = waiting_for_help(joined, CALLERS[0])
        Unreliable(joined, 1, Died())
        with pytest.raises(Died):
            accept(desk)
        joined.restart()
        assert desk.state().body["agent"]["state"] == "offered"
        joined.network.advance(LEG_S + 1)
        accept(desk)
        assert joined.network.run_until(lambda: line.conference is not None and line.conference.started is not None, 10)


def test_a_representative_who_cannot_be_rung_is_not_waited_for(tmp_path: Path) -> None:
    with played.hotline(tmp_path) as joined:
        first, second = at_the_desk(joined, "anna"), at_the_desk(joined, "marko")
        waiting_for_help(joined, CALLERS[0])
        Unreliable(joined, 1, ConnectionError())
        accept(first)
        assert second.state().body["offer"]["caller"] == CALLERS[0]


def test_a_caller_who_was_not_sent_to_the_conference_is_sent_again(tmp_path: Path) -> None:
    with played.hotline(tmp_path) as joined:
        desk = at_the_desk(joined)
        line = waiting_for_help(joined, CALLERS[0])
        Unreliable(joined, 2, ConnectionError())
        accept(desk)
        joined.network.advance(1)
        assert line.conference is None
        joined.restart()
        assert joined.network.run_until(
            lambda: line.conference is not None and line.conference.started is not None, SENT_S + 5
        )


def test_a_message_that_could_not_be_fetched_is_fetched_later(tmp_path: Path) -> None:
    script = read_file(played.CALLS / "suggestion_en_open.call")
    with played.hotline(tmp_path, script.at) as joined:
        Unreliable(joined, 1, ConnectionError())
        assert played.play(script, joined).passed
        assert not (wrong := played.faults(joined)), "\n".join(["", *wrong])


def at_the_desk(joined: Joined, name: str = "anna") -> DeskClient:
    """Somebody who is ready."""
    desk = joined.desk().session()
    desk.login(name, joined.hire(name, {}))
    assert desk.post("/desk/api/ready").fine
    return desk


def accept(desk: DeskClient) -> None:
    """Take the call that is offered."""
    assert desk.post(f"/desk/api/offers/{desk.state().body['offer']['id']}/accept").fine
