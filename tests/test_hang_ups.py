"""Hang-ups: whoever hangs up whenever, every call ends once and truthfully, and nobody is left waiting or stuck."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ivr.commands.joined import Joined
from ivr.simulator.line import Line
from ivr.simulator.script import steps as s
from ivr.simulator.script.reader import read_file
from tests import played

# Between them these pass every kind of place that a call can be in; `make deep` takes all scripts.
WAYS = """complaint_en_open suggestion_sr_closed wrong_keys_in_the_survey nobody_logged_in
    hangs_up_while_the_representative_is_rung""".split()

SCRIPTS = {path.stem: read_file(path) for path in played.SCRIPTS}
COMPLAINT = SCRIPTS["complaint_en_open"]
GIVES_UP = s.HangUp(s.Place("<test>", 1, "hang up"))


def places_to_give_up(names: list[str]) -> dict[str, list[int]]:
    """After how many steps each script is given up: after each, but not twice where nothing is different.

    It is not while the caller only goes on listening, nor where another script has come the same way as far as that.
    """
    places: dict[str, list[int]] = {name: [] for name in names}
    known = set()
    for name in names:
        script = SCRIPTS[name]
        for count, following in enumerate(script.steps):
            so_far = tuple(step.place.text for step in script.steps[:count])
            listens_on = count and isinstance(script.steps[count - 1], s.Hear) and isinstance(following, s.Hear)
            in_line = any(isinstance(step, s.Expect) for step in script.steps[:count])
            way = (name if in_line else script.called, so_far)
            if not listens_on and way not in known:
                places[name].append(count)
            known.add(way)
    return places


PLACES = places_to_give_up(WAYS)
PLACES |= {name: list(range(len(SCRIPTS[name].steps))) for name in SCRIPTS if name not in WAYS}


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    played.log_in_cheaply(monkeypatch)


def all_is_well_after(script: s.Script, folder: Path, meanwhile: Callable[[Joined], None] | None = None) -> list[str]:
    """What is wrong when the script has been played and everything is over."""
    folder.mkdir()
    with played.hotline(folder, script.at) as joined:
        if meanwhile:
            meanwhile(joined)
        result = played.play(script, joined)
        return [*filter(None, [result.error]), *played.faults(joined)]


@pytest.mark.parametrize("name", [pytest.param(it, marks=() if it in WAYS else pytest.mark.deep) for it in SCRIPTS])
def test_a_caller_may_hang_up_after_every_step(name: str, tmp_path: Path) -> None:
    script = SCRIPTS[name]
    for count in PLACES[name]:
        early = replace(script, steps=(*script.steps[:count], GIVES_UP))
        wrong = all_is_well_after(early, tmp_path / str(count))
        after = script.steps[count - 1].place if count else "the ring"
        assert not wrong, "\n".join([f"hung up after {after}:", *wrong])


def a_caller(joined: Joined) -> list[Line]:
    """Who can hang up while they are in the carrier's queue or with a representative."""
    network = joined.network
    talked = any(conference.status == "completed" for conference in network.conferences.values())
    return played.inbound(joined) if network.queues and not talked else []


def the_representative(joined: Joined) -> list[Line]:
    """Who can hang up from the moment on at which their leg is rung."""
    return [line for line in joined.network.calls.values() if line.direction == "outbound-api"]


@pytest.mark.parametrize("who", [a_caller, the_representative])
def test_either_side_may_hang_up_after_every_single_thing_that_happens(
    who: Callable[[Joined], list[Line]], tmp_path: Path
) -> None:
    numbers = happenings_with(who, tmp_path / "whole")
    for number in numbers:
        wrong = all_is_well_after(COMPLAINT, tmp_path / str(number), hanging_up(who, number))
        assert not wrong, "\n".join([f"{who.__name__} hung up after happening {number} of {numbers}:", *wrong])


def happenings_with(who: Callable[[Joined], list[Line]], folder: Path) -> list[int]:
    """The numbers of those happenings in a complaint after which `who` is on the line."""
    present: list[bool] = []

    def watch(joined: Joined) -> None:
        joined.network.after_happening.append(lambda: present.append(any(not line.over for line in who(joined))))

    all_is_well_after(COMPLAINT, folder, watch)
    return [number for number, there in enumerate(present, start=1) if there]


def hanging_up(who: Callable[[Joined], list[Line]], number: int) -> Callable[[Joined], None]:
    """Let them hang up after so many things have happened."""
    passed: list[int] = []

    def watch(joined: Joined) -> None:
        def count() -> None:
            passed.append(1)
            for line in who(joined) if len(passed) == number else []:
                line.hang_up()

        joined.network.after_happening.append(count)

    return watch
