"""Conversations that are recorded: told before, on two channels, paused for card numbers, and kept once."""

from __future__ import annotations

import itertools
import math
import operator
import wave
from array import array
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from twilio.request_validator import RequestValidator

from ivr.commands.joined import PUBLIC_URL
from ivr.recording import PAUSE_S, Recording, RecordingState, recordings
from ivr.simulator.desk_client import DeskClient
from ivr.simulator.line import Line
from ivr.simulator.phone.talk import sound
from ivr.simulator.script.reader import read_script
from ivr.simulator.script.run import run
from ivr.simulator.script.transcript import Transcript
from tests.ivr.whole.world import CALLER, World, heard
from tests.played import log_in_cheaply

HOTLINE = Path(__file__).with_name("hotline.yaml").read_text("utf-8")
NOTICE = "{en: We record this conversation., de: Wir zeichnen dieses Gespräch auf.}"
SECRET_HZ, PLAIN_HZ = 1000, 1500
LOUD = 300  # of 32767, over a second; the tones are sounded at 9000, so that a thirtieth of a second is noticed
DAY_S = 24 * 3600


def recorded(what: str) -> str:
    """The whole hotline with its queue recorded."""
    old = "    max_length: 2\n"
    assert HOTLINE.count(old) == 1
    return HOTLINE.replace(old, f"{old}    recording: {what}\n    recording_notice: {NOTICE}\n")


@pytest.fixture(autouse=True)
def cheaply(monkeypatch: pytest.MonkeyPatch) -> None:
    log_in_cheaply(monkeypatch)


@pytest.fixture
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    world = World(tmp_path, recorded(getattr(request, "param", "always")))
    yield world
    world.close()


ask = pytest.mark.parametrize("world", ["ask"], indirect=True)


class Talk:
    """A caller who talks to a representative."""

    def __init__(self, world: World, *keys: str) -> None:
        self.world, self.network = world, world.network
        self.desk: DeskClient = world.at_the_desk("anna", claims=5)
        self.caller: Line = world.ring("4", *keys)
        self.network.advance(3)
        world.accept(self.desk)
        self.network.advance(5)
        self.contact = self.seen["id"]
        self.anna = next(each for each in self.network.calls.values() if each.to == "client:anna")

    @property
    def seen(self) -> dict:
        """What the desk shows of the caller."""
        return self.desk.state().body["contact"]

    @property
    def state(self) -> str | None:
        """Whether the desk says that it is recorded."""
        return self.seen["recording"] and self.seen["recording"]["state"]

    def does(self, what: str, **more: str) -> int:
        """Do something at the desk; the status."""
        return self.desk.post(f"/desk/api/contacts/{self.contact}/{what}", more).status

    def ends(self) -> None:
        """The representative hangs up, and all of it comes to its end."""
        self.does("hang-up")
        self.network.advance(60)


def stored(world: World) -> list[Recording]:
    """What is known of recordings."""
    with world.application.switchboard.store.look() as tx:
        ids = tx.connection.execute(select(recordings.c.id).order_by(recordings.c.begun_at)).scalars().all()
        return [tx.recordings.get(id) for id in ids]


def channels(world: World, recording: Recording) -> list[list[int]]:
    """The samples that are kept, a list each channel; 8000 a second."""
    with wave.open(str(world.application.switchboard.archive.file(recording.id))) as file:
        assert (file.getframerate(), file.getsampwidth()) == (8000, 2)
        samples, sides = array("h", file.readframes(file.getnframes())), file.getnchannels()
    return [list(samples[n::sides]) for n in range(sides)]


def loud(samples: list[int], tone_hz: float) -> list[int]:
    """The seconds in which a tone is to be heard: how much of it there is, by its own sine and cosine."""
    turns = [2 * math.pi * tone_hz * n / 8000 for n in range(8000)]
    waves = [[math.sin(turn) for turn in turns], [math.cos(turn) for turn in turns]]
    found = []
    for second in range(len(samples) // 8000):
        part = samples[8000 * second :][:8000]
        amounts = [sum(map(operator.mul, part, wave)) / 4000 for wave in waves]
        if math.hypot(*amounts) > LOUD:
            found.append(second)
    return found


def test_a_conversation_is_kept_whole_on_two_channels_and_nothing_of_before_or_after(world: World) -> None:
    talk = Talk(world)
    assert "We record this conversation. | You are next in line." in heard(talk.caller)
    assert talk.state == "running"
    begun = stored(world)[0].begun_at
    sound(talk.caller, PLAIN_HZ, 3)
    talk.network.advance(10)
    talk.ends()
    (it,) = stored(world)
    assert (it.state, it.contact, it.agent, it.pauses) == (RecordingState.KEPT, talk.contact, "anna", 0)
    assert it.length_s == (it.ended_at - begun).total_seconds()
    caller, others = channels(world, it)
    assert (len(loud(caller, PLAIN_HZ)), loud(others, PLAIN_HZ)) == (3, [])
    assert not world.troubles()


def test_what_is_said_in_a_pause_is_not_kept_by_whomever_it_is_said(world: World) -> None:
    talk = Talk(world)
    sound(talk.caller, PLAIN_HZ, 2)
    talk.network.advance(4)
    assert talk.does("recording/pause") == 200
    assert talk.state == "paused"
    sound(talk.caller, SECRET_HZ, 6)
    talk.network.advance(6)
    sound(talk.anna, SECRET_HZ, 3)
    talk.network.advance(4)
    assert talk.does("recording/resume") == 200
    assert talk.state == "running"
    sound(talk.anna, PLAIN_HZ, 2)
    talk.network.advance(5)
    talk.ends()
    (it,) = stored(world)
    caller, others = channels(world, it)
    assert [loud(side, SECRET_HZ) for side in (caller, others)] == [[], []]
    assert [len(loud(side, PLAIN_HZ)) for side in (caller, others)] == [2, 2]
    assert it.pauses == 1
    assert len(caller) == 8000 * it.length_s


def test_neither_hold_nor_a_colleague_nor_who_listens_ends_a_pause(world: World) -> None:
    talk = Talk(world)
    talk.does("recording/pause")
    for what in ("hold", "resume", "mute", "unmute"):
        assert talk.does(what) == 200
        talk.network.advance(3)
        assert talk.state == "paused", what
    assert talk.does("consult", number="+49305550100") == 200
    talk.network.advance(5)
    assert talk.does("consult/end") == 200
    sound(talk.caller, SECRET_HZ, 3)
    talk.network.advance(5)
    assert talk.state == "paused"
    talk.ends()
    assert [loud(side, SECRET_HZ) for side in channels(world, stored(world)[0])] == [[], []]


def test_a_forgotten_pause_goes_on_by_itself_and_its_clock_was_to_be_seen(world: World) -> None:
    talk = Talk(world)
    talk.does("recording/pause")
    talk.network.advance(PAUSE_S - 20)
    talk.does("recording/pause")  # longer
    talk.network.advance(PAUSE_S - 2)
    assert talk.state == "paused"
    assert talk.seen["recording"]["resume_at"] > talk.desk.state().body["now"]
    talk.network.advance(3)
    assert talk.state == "running"
    assert stored(world)[0].pauses == 1


def test_after_a_restart_it_stays_paused_until_a_person_goes_on(world: World) -> None:
    talk = Talk(world)
    talk.does("recording/pause")
    talk.network.advance(5)
    world.restart()
    sound(talk.caller, SECRET_HZ, PAUSE_S + 100)
    talk.network.advance(PAUSE_S + 60)
    assert talk.state == "paused"
    assert talk.seen["recording"]["resume_at"] is None
    talk.ends()
    assert [loud(side, SECRET_HZ) for side in channels(world, stored(world)[0])] == [[], []]


def test_a_pause_that_the_carrier_does_not_hear_is_not_called_one_and_is_asked_for_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = Talk(world)
    transport = type(world.network.rest_transport)
    real, lost = transport.request, []

    def cut(self: object, method: str, url: str, *args: object, **more: object) -> object:
        if method.upper() == "POST" and "/Recordings/" in url and len(lost) < 2:
            lost.append(url)
            raise ConnectionResetError("the wire is cut")
        return real(self, method, url, *args, **more)

    monkeypatch.setattr(transport, "request", cut)
    assert talk.does("recording/pause") == 200
    assert talk.state == "pausing"
    talk.network.advance(5)
    assert (talk.state, len(lost)) == ("paused", 2)


@ask
def test_who_presses_the_key_is_not_recorded(world: World) -> None:
    talk = Talk(world, "2")
    assert "If you do not want that, press 2." in heard(talk.caller)
    assert "All right, you are not recorded." in heard(talk.caller)
    assert talk.state == "refused"
    assert talk.does("recording/pause") == 409
    talk.ends()
    assert stored(world) == []
    assert world.network.recordings == {}


@ask
@pytest.mark.parametrize(("key", "is_recorded"), [("", True), ("0", False)])
def test_silence_is_no_refusal_and_another_key_is_one(world: World, key: str, is_recorded: bool) -> None:
    talk = Talk(world, key)
    assert talk.state == ("running" if is_recorded else "refused")


@ask
def test_who_wants_to_hear_it_again_hears_it_again(world: World) -> None:
    line = world.ring("4", "#")
    assert heard(line).count("If you do not want that, press 2.") == 2
    assert not line.queue


def test_a_caller_who_hangs_up_is_kept_up_to_there(world: World) -> None:
    talk = Talk(world)
    talk.caller.hang_up()
    talk.network.advance(60)
    assert [it.state for it in stored(world)] == [RecordingState.KEPT]
    assert not world.troubles()


def told(world: World, id: str, **what: str) -> None:
    """The carrier tells of a recording, as it would."""
    form = {"AccountSid": world.network.account_sid, "RecordingDuration": "12", **what}
    url = f"{PUBLIC_URL}/voice/conversation-recorded?s={id}"
    signature = RequestValidator(world.network.auth_token).compute_signature(url, form)
    browser = world.application.wsgi.test_client()
    answer = browser.post(url.removeprefix(PUBLIC_URL), data=form, headers={"X-Twilio-Signature": signature})
    assert answer.status_code == 200


@pytest.mark.parametrize("order", sorted(set(itertools.permutations(["told", "told", "ends"]))), ids="-".join)
def test_in_whichever_order_the_carrier_tells_of_it_it_is_kept_once(world: World, order: tuple[str, ...]) -> None:
    talk = Talk(world)
    world.network.advance(10)
    (made,) = world.network.recordings.values()
    (it,) = stored(world)
    for what in order:
        if what == "ends":
            talk.ends()
        else:
            told(world, it.id, CallSid=made.call_sid, RecordingSid=made.sid, RecordingStatus="completed")
    world.network.advance(60)
    assert [(each.id, each.recording, each.state) for each in stored(world)] == [(it.id, made.sid, "kept")]


def test_a_recording_of_a_call_that_nobody_knows_is_not_lost_from_sight(world: World) -> None:
    call, sid = "CA" + "e" * 32, "RE" + "e" * 32
    for _ in range(2):
        told(world, "0" * 32, CallSid=call, RecordingSid=sid, RecordingStatus="completed")
    assert [(it.call, it.recording, it.contact, it.state) for it in stored(world)] == [(call, sid, None, "announced")]
    world.network.advance(DAY_S + 7200)
    assert [it.state for it in stored(world)] == ["missing"]
    assert world.application.switchboard.next_deadline() is None


def test_where_nothing_was_recorded_nothing_is_fetched(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    talk = Talk(world)
    (it,), (made,) = stored(world), world.network.recordings.values()
    monkeypatch.setattr("ivr.simulator.recording.Report.tell", lambda *_: None)
    told(world, it.id, CallSid=made.call_sid, RecordingSid=made.sid, RecordingStatus="absent")
    talk.ends()
    assert [each.state for each in stored(world)] == ["absent"]


def test_one_that_the_carrier_never_gives_is_missing_after_a_day(world: World) -> None:
    talk = Talk(world)
    (made,) = world.network.recordings.values()
    made.deleted = True
    talk.ends()
    world.network.advance(DAY_S / 2)
    assert [it.state for it in stored(world)] == ["announced"]
    world.network.advance(DAY_S / 2 + 7200)
    assert [it.state for it in stored(world)] == ["missing"]


def test_the_callback_is_not_needed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    talk = Talk(world)
    monkeypatch.setattr("ivr.simulator.recording.Report.tell", lambda *_: None)
    talk.ends()
    world.network.advance(120)
    assert [it.state for it in stored(world)] == ["kept"]


SCRIPT = """\
call from +4915112345678 to +498005550199 at 2026-11-23T10:00:00+01:00
agent anna with skills claims:5 answers after 3s
  pause the recording after 5s
  resume the recording after 8s
  hang up after 4s
press 4
hear ~ We record this conversation
expect no recorded
expect talking to anna
wait 40s
expect recorded
"""


def test_a_call_script_can_pause_it_and_expect_it(world: World) -> None:
    script = read_script(SCRIPT)
    transcript = Transcript(script.caller, script.at.tzinfo)
    result = run(script, world.network, world.prompts, world.desk(), transcript)
    assert result.passed, result.failure or result.error
    world.network.advance(60)
    (it,) = stored(world)
    assert (it.state, it.pauses) == ("kept", 1)
    assert 17 <= it.length_s <= 19
    assert any(line.endswith("has the recording paused") for line in result.transcript)


STEPS = ("pause", "resume", "hold", "unhold", "restart", "wait", "secret", "long wait", "cut", "mend")


@pytest.mark.parametrize(
    "did",
    [
        ["secret", "pause", "secret", "restart", "secret", "resume", "secret", "hold", "pause", "secret"],
        ["cut", "pause", "resume", "mend", "wait", "secret", "pause", "cut", "resume", "pause", "mend", "secret"],
        ["pause", "cut", "resume", "pause", "secret", "mend", "wait", "secret"],  # the carrier heard "resume"
        ["pause", "long wait", "secret", "restart", "pause", "secret", "long wait", "secret"],
    ],
    ids=lambda did: "-".join(did[:4]),
)
def test_nothing_is_kept_that_was_said_while_the_desk_said_paused(did: list[str]) -> None:
    _try(did)


@pytest.mark.deep
@settings(max_examples=300, deadline=None)
@given(did=st.lists(st.sampled_from(STEPS), min_size=3, max_size=12))
def test_whatever_happens_nothing_is_kept_that_was_said_while_the_desk_said_paused(did: list[str]) -> None:
    _try(did)


def _try(did: list[str]) -> None:
    """Invariant 22: no part of a recording overlaps a pause, and nothing is recorded before the notice."""
    with TemporaryDirectory() as folder:
        world = World(Path(folder), recorded("always"))
        try:
            talk, wire = Talk(world), Wire(world)
            at_pause: list[datetime] = []
            for what in did:
                _do(talk, wire, what, at_pause)
            wire.whole = True
            talk.ends()
            world.network.advance(200)
            (it,) = stored(world)
            assert it.state == "kept"
            (made,) = world.network.recordings.values()
            notice = next(each.time for each in talk.caller.heard if each.text == "We record this conversation.")
            assert notice < made.started
            caller, _ = channels(world, it)
            for at in at_pause:
                begin = round((at - made.started).total_seconds() * 8000)
                assert loud(caller[begin : begin + 8000], SECRET_HZ) == [], (did, at - made.started)
        finally:
            world.close()


class Wire:
    """The way of orders about recordings, which can be cut: half of what is lost on it arrives all the same."""

    def __init__(self, world: World) -> None:
        self.whole, self.lost = True, 0
        rest, real = world.network.rest, type(world.network.rest_transport).request

        class Cut:
            is_async = False

            def request(_, method: str, url: str, *args: object, **more: object) -> object:
                through = self.whole or "/Recordings" not in url
                self.lost += not through
                answer = real(transport, method, url, *args, **more) if through or self.lost % 2 else None
                if not through:
                    raise ConnectionResetError("the wire is cut")
                return answer

        transport = world.network.rest_transport
        assert transport._rest is rest
        world.network.rest_transport = Cut()
        world.restart()


def _do(talk: Talk, wire: Wire, what: str, at_pause: list[datetime]) -> None:
    """One step. A secret is said for a second, and counts if the desk says before and after that all is paused."""
    network = talk.network
    match what:
        case "pause" | "resume":
            talk.does(f"recording/{what}")
        case "hold":
            talk.does("hold")
        case "unhold":
            talk.does("resume")
        case "restart":
            talk.world.restart()
        case "wait" | "long wait":
            network.advance(3 if what == "wait" else PAUSE_S - 10)
        case "cut" | "mend":
            wire.whole = what == "mend"
        case "secret":
            before = talk.state
            sound(talk.caller, SECRET_HZ, 1)
            at = network.now()
            network.advance(1)
            if before == talk.state == "paused":
                at_pause.append(at)
            network.advance(1)


def test_whom_we_call_back_hears_it_before_they_are_recorded(world: World) -> None:
    world.network.line(CALLER, answers_after_s=4)
    desk = world.at_the_desk("anna", claims=5, en=5)
    line = world.ring("3", "1")
    line.hang_up()
    world.network.run_until(lambda: desk.state().body["offer"] is not None, 3600)
    world.accept(desk)
    world.network.advance(40)
    called = next(each for each in world.network.calls.values() if each.to == CALLER)
    assert "We record this conversation." in heard(called)
    told_at = next(each.time for each in called.heard if each.text == "We record this conversation.")
    (made,) = world.network.recordings.values()
    assert (made.call_sid, made.started > told_at) == (called.sid, True)
    contact = desk.state().body["contact"]
    assert contact["recording"]["state"] == "running"
    assert desk.post(f"/desk/api/contacts/{contact['id']}/recording/pause").status == 200
    assert desk.post(f"/desk/api/contacts/{contact['id']}/hang-up").status == 200
    world.network.advance(60)
    assert [(it.state, it.pauses) for it in stored(world)] == [("kept", 1)]


def test_a_pause_goes_along_to_the_colleague_who_was_asked_and_takes_the_caller_over(world: World) -> None:
    talk, bert = Talk(world), world.at_the_desk("bert", claims=5)
    talk.does("recording/pause")
    assert talk.does("consult", agent="bert") == 200
    world.accept(bert)
    talk.network.advance(5)
    assert talk.state == "paused"
    assert talk.does("consult/complete") == 200
    talk.network.advance(3)
    contact = bert.state().body["contact"]
    assert contact["recording"]["state"] == "paused"
    sound(talk.caller, SECRET_HZ, 3)
    talk.network.advance(4)
    assert bert.post(f"/desk/api/contacts/{contact['id']}/recording/resume").status == 200
    talk.network.advance(4)
    assert bert.post(f"/desk/api/contacts/{contact['id']}/hang-up").status == 200
    talk.network.advance(60)
    (it,) = stored(world)
    assert (it.state, it.agent, it.contact) == ("kept", "bert", contact["id"])
    assert [loud(side, SECRET_HZ) for side in channels(world, it)] == [[], []]
