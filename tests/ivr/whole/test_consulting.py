"""Consulting on the whole hotline: a colleague who is asked is bound, whoever leaves first, and however it ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ivr.accounts import Accounts
from ivr.codes import Codes
from ivr.role import Role
from ivr.simulator.conference import Participant
from ivr.simulator.desk_client import DeskClient
from ivr.simulator.line import Line
from ivr.supervision import By, Supervision
from tests.ivr.whole.world import World, heard

FIELDS = {"order_number": "471234"}


class Centre(World):
    """anna talks to a caller; bert is free."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.anna = self.at_the_desk("anna", claims=5)
        self.line = self.ring("4")
        self.network.advance(2)
        self.accept(self.anna)
        self.network.advance(10)
        self.bert = self.at_the_desk("bert", claims=5)
        self.contact = self.sees(self.anna)["contact"]["id"]

    def sees(self, desk: DeskClient) -> dict[str, Any]:
        """All that this desk shows."""
        return dict(desk.state().body)

    def state(self, desk: DeskClient) -> str:
        """What this person is doing, as the floor has it."""
        return self.sees(desk)["agent"]["state"]

    def does(self, desk: DeskClient, what: str, contact: str = "", **body: object) -> None:
        """Something about a contact, anna's if no other is named; then two seconds go by."""
        answer = desk.post(f"/desk/api/contacts/{contact or self.contact}/{what}", body)
        assert answer.fine, answer.why
        self.network.advance(2)

    def asks(self, comes: bool = True) -> str:
        """anna asks bert, who accepts if he `comes`; the consultation."""
        self.does(self.anna, "consult", agent="bert")
        asked = self.sees(self.bert)["offer"]["contact"]
        if comes:
            self.accept(self.bert)
            self.network.advance(2)
        return asked

    def together(self) -> dict[str, bool]:
        """Who is in the conference, and whether they hear music instead of the others."""
        return {self.who(each.line): each.hold for each in self.inside()}

    def inside(self) -> list[Participant]:
        """Everybody who is in a conference."""
        return [each for room in self.network.conferences.values() for each in room.participants if each.inside]

    def who(self, line: Line) -> str:
        """The caller, or the name of the one whose leg it is."""
        return "caller" if line is self.line else line.to.removeprefix("client:")


@pytest.fixture(name="centre")
def a_centre(tmp_path: Path) -> Iterator[Centre]:
    centre = Centre(tmp_path)
    yield centre
    assert centre.troubles() == []
    centre.close()


def test_a_colleague_who_is_asked_is_offered_nothing_else_until_they_are_done(centre: Centre) -> None:
    second = centre.ring(caller="+4915112345679")
    asked = centre.asks(comes=False)
    second.press("4")
    centre.network.advance(8)
    assert second.queue
    assert centre.sees(centre.bert)["offer"]["contact"] == asked, "rung for anna, and for nobody else"
    centre.accept(centre.bert)
    centre.network.advance(10)
    assert (centre.state(centre.bert), centre.sees(centre.bert)["offer"]) == ("talking", None)
    assert second.queue
    centre.does(centre.bert, "hang-up", asked)
    assert centre.together() == {"caller": True, "anna": False}
    assert centre.sees(centre.bert)["offer"]["contact"] == centre.call_of(second).contact
    assert centre.sees(centre.bert)["offer"]["consult"] is None


def test_while_they_talk_about_them_the_caller_hears_music_and_then_all_three_talk(centre: Centre) -> None:
    asked = centre.asks()
    assert centre.together() == {"caller": True, "anna": False, "bert": False}
    assert centre.sees(centre.bert)["contact"]["consult"]["held_since"] is not None
    centre.does(centre.anna, "resume")
    assert centre.together() == {"caller": False, "anna": False, "bert": False}
    assert centre.sees(centre.bert)["contact"]["consult"]["held_since"] is None
    centre.does(centre.bert, "mute", asked)
    assert [centre.who(each.line) for each in centre.inside() if each.muted] == ["bert"]
    centre.does(centre.anna, "hold")
    centre.does(centre.anna, "consult/end")
    assert centre.together() == {"caller": False, "anna": False}
    assert (centre.state(centre.anna), centre.state(centre.bert)) == ("talking", "available")


def test_who_hands_over_wraps_up_and_the_colleague_has_everything(centre: Centre) -> None:
    asked = centre.asks()
    centre.does(centre.anna, "draft", kind="claim", fields=FIELDS)
    centre.does(centre.anna, "consult/complete")
    assert centre.together() == {"caller": False, "bert": False}, "nobody has waited again"
    assert (centre.state(centre.anna), centre.state(centre.bert)) == ("wrap_up", "talking")
    assert centre.sees(centre.anna)["contact"]["third"]["state"] == "stays"
    has = centre.sees(centre.bert)["contact"]
    assert (has["id"], has["consult"], has["queue"], has["handed_on"]) == (asked, None, "claims", 1)
    assert has["draft"] == {"kind": "claim", "fields": FIELDS}
    centre.does(centre.bert, "hold", asked)
    assert centre.together() == {"caller": True, "bert": False}
    centre.does(centre.bert, "resume", asked)
    done = centre.bert.post(f"/desk/api/contacts/{asked}/case", {"kind": "claim", "fields": FIELDS, "form": "f-1"})
    assert done.status == 201
    centre.does(centre.bert, "hang-up", asked)
    assert (centre.together(), centre.state(centre.bert)) == ({}, "wrap_up")
    assert centre.call_of(centre.line).contact == asked


def test_a_supervisor_hears_the_conversation_that_was_handed_over_and_it_can_be_handed_over_again(
    centre: Centre,
) -> None:
    asked = centre.asks()
    centre.does(centre.anna, "consult/complete")
    carla = centre.at_the_desk("carla", claims=5)
    centre.hire("vera", {"en": 1})
    store = centre.application.switchboard.store
    supervision = Supervision(centre.application.switchboard, Accounts(store), Codes(store, Accounts(store)))
    assert supervision.listen(By("vera", Role.SUPERVISOR, "here"), asked, "listen") is None
    centre.network.advance(5)
    assert centre.together() == {"caller": False, "bert": False, "vera": False}
    centre.does(centre.bert, "consult", asked, agent="carla")
    again = centre.sees(carla)["offer"]
    assert again["consult"]["by"] == "bert"
    centre.accept(carla)
    centre.network.advance(2)
    centre.does(centre.bert, "consult/complete", asked)
    assert centre.together() == {"caller": False, "carla": False, "vera": False}
    assert centre.sees(carla)["contact"]["id"] == again["contact"]
    centre.does(carla, "hang-up", again["contact"])
    assert centre.state(carla) == "wrap_up"


def test_who_does_not_wait_for_the_colleague_has_the_caller_offered_to_them(centre: Centre) -> None:
    centre.asks(comes=False)
    centre.does(centre.anna, "consult/complete")
    assert (centre.state(centre.anna), centre.together()) == ("wrap_up", {})
    offer = centre.sees(centre.bert)["offer"]
    assert (offer["contact"], offer["consult"]) == (centre.call_of(centre.line).contact, None)
    centre.network.advance(8)
    assert centre.line.queue
    centre.accept(centre.bert)
    centre.network.advance(5)
    assert centre.together() == {"caller": False, "bert": False}


def test_a_caller_who_hangs_up_meanwhile_sets_both_free(centre: Centre) -> None:
    centre.asks(comes=False)
    centre.line.hang_up()
    centre.network.advance(3)
    assert (centre.together(), centre.sees(centre.bert)["offer"]) == ({}, None)
    assert (centre.state(centre.anna), centre.state(centre.bert)) == ("wrap_up", "available")


def test_when_the_telephone_of_who_asks_goes_dead_it_is_over_for_all_and_the_caller_is_told(centre: Centre) -> None:
    centre.asks()
    [leg] = [each.line for each in centre.inside() if centre.who(each.line) == "anna"]
    leg.hang_up()
    centre.network.advance(3)
    assert (centre.together(), heard(centre.line, 1)) == ({}, "Goodbye.")
    assert (centre.state(centre.anna), centre.state(centre.bert)) == ("wrap_up", "available")


def test_a_colleague_at_a_plain_telephone_hears_what_it_is_and_presses_1(centre: Centre) -> None:
    with centre.application.switchboard.store.transaction() as tx:
        tx.floor.change(tx.floor.agent("bert"), ring_at="phone", address="+493055501234")
    person = centre.network.line("+493055501234", answers_after_s=3, keys="1")
    centre.does(centre.anna, "consult", agent="bert")
    centre.network.advance(20)
    assert person.lines[0].heard[0].text.startswith("A colleague would like to ask you")
    assert set(centre.together()) == {"caller", "anna", "+493055501234"}
    person.lines[0].hang_up()
    centre.network.advance(3)
    assert set(centre.together()) == {"caller", "anna"}
    assert centre.state(centre.anna) == "talking"
