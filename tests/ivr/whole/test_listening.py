"""Listening in on the whole hotline: what the carrier's conference is like while a supervisor is in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.accounts import Accounts
from ivr.codes import Codes
from ivr.role import Role
from ivr.supervision import By, Supervision
from tests.ivr.whole.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


def test_a_supervisor_hears_whispers_joins_and_leaves_while_the_talk_goes_on(world: World) -> None:
    desk, vera = world.at_the_desk("anna", claims=5), world.hire("vera", {"en": 1})
    assert vera
    line = world.ring("4")
    world.network.advance(2)
    world.accept(desk)
    world.network.advance(5)
    contact, room = world.call_of(line).contact, next(iter(world.network.conferences.values()))
    store = world.application.switchboard.store
    supervision = Supervision(world.application.switchboard, Accounts(store), Codes(store, Accounts(store)))
    by = By("vera", Role.SUPERVISOR, "here")

    def how(asked: str) -> tuple[bool, bool] | None:
        assert supervision.listen(by, contact, asked) is None
        world.network.advance(5)
        its = next((each for each in room.participants if each.label == "listens-vera"), None)
        return (its.muted, bool(its.coached)) if its else None

    assert how("listen") == (True, False)
    assert how("whisper") == (False, True)
    assert how("barge") == (False, False)
    assert how("off") is None
    assert line.state == "in conference"
