"""The survey, from the conversation to the results: who is asked, who is spared it, and what is shown of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ivr.commands.joined import Joined
from ivr.session.survey import rests
from ivr.simulator.desk_client import DeskClient
from ivr.simulator.line import Line
from ivr.surveys import asked, grouping, results
from tests.ivr.whole.world import NOW, World, heard

MENUS = Path(__file__).parents[3] / "menus"
INTRO = "Please stay for three short questions"
CALLED = "+18005550142"


class Acme(World):
    """The hotline that comes with the program."""

    def __init__(self, folder: Path) -> None:
        Joined.__init__(self, MENUS, NOW, 1, folder / "data")

    def talks(self, desk: DeskClient, caller: str) -> Line:
        """Somebody asks for a person, talks for a while, and stays when the representative hangs up."""
        line = self.ring("0", caller=caller, called=CALLED)
        self.network.advance(3)
        self.accept(desk)
        self.network.advance(30)
        contact = desk.state().body["contact"]["id"]
        assert desk.post(f"/desk/api/contacts/{contact}/hang-up").fine
        self.network.run_until(lambda: line.over or line.awaits_input)
        assert desk.post("/desk/api/wrap-up/end").fine
        return line


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Acme]:
    world = Acme(tmp_path)
    yield world
    assert world.troubles() == []
    world.close()


def found(world: Acme) -> list:
    with world.application.switchboard.store.look() as tx:
        return asked(tx, NOW, NOW + timedelta(days=60))


def test_who_talked_is_asked_once_in_thirty_days_and_others_are_not_spared(world: Acme) -> None:
    desk = world.at_the_desk("anna")
    first = world.talks(desk, "+4915112345601")
    assert INTRO in heard(first)
    first.hang_up()
    again = world.talks(desk, "+4915112345601")
    assert INTRO not in heard(again)
    assert again.over, "they are thanked and let go, and asked nothing"
    assert INTRO in heard(world.talks(desk, "+4915112345602"))
    withheld = [world.talks(desk, "anonymous") for _ in range(2)]
    assert all(INTRO in heard(line) for line in withheld), "nobody knows whether these are the same"
    assert [it.answered for it in found(world)] == [False] * 4


def test_thirty_days_are_thirty_days() -> None:
    assert not rests(None, NOW)
    assert rests(NOW, NOW + timedelta(days=30) - timedelta(seconds=1))
    assert not rests(NOW, NOW + timedelta(days=30))


def test_results_say_how_many_were_asked_beside_how_many_answered(world: Acme) -> None:
    desk = world.at_the_desk("anna")
    answers = (("1", "5", "4"), ("2", "1", "2"), ("1", "3"), ())
    for n, keys in enumerate(answers):
        line = world.talks(desk, f"+491511234561{n}")
        for key in keys:
            world.press(line, key)
        line.hang_up()
        world.network.advance(2)
    (service,) = results(found(world), grouping(ZoneInfo("Europe/Berlin"))["queue"])
    assert (service.group, service.asked, service.answered, service.rate) == ("service", 4, 3, 0.75)
    assert {name: (score.answers, score.mean) for name, score in service.scores.items()} == {
        "settled": (3, 4 / 3),
        "treated": (3, 3.0),
        "easy": (2, 3.0),
    }
    (hour,) = results(found(world), grouping(ZoneInfo("Europe/Berlin"))["hour"])
    assert (hour.group, hour.asked) == ("10:00", 4)
    (outcome,) = results(found(world), grouping(ZoneInfo("Europe/Berlin"))["outcome"])
    assert (outcome.group, outcome.answered) == (("case", "none"), 3)
    (person,) = results(found(world), grouping(ZoneInfo("Europe/Berlin"))["person"])
    assert (person.group, person.asked) == ("anna", 4)
