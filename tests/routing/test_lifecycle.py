"""The table of legal moves, on light things of its own."""

from __future__ import annotations

import gc
import weakref
from dataclasses import dataclass
from enum import StrEnum

import pytest

from routing.lifecycle import IllegalTransition, Lifecycle


class Door(StrEnum):
    """What a door can be."""

    OPEN = "open"
    SHUT = "shut"
    LOCKED_UP = "locked_up"
    GONE = "gone"


DOOR = Lifecycle(
    "door",
    Door,
    [
        ("shut", Door.OPEN, Door.SHUT),
        ("open", Door.SHUT, Door.OPEN),
        ("lock", [Door.OPEN, Door.SHUT], Door.LOCKED_UP),
        ("remove", [Door.OPEN, Door.SHUT, Door.LOCKED_UP], Door.GONE),
    ],
)


@dataclass(slots=True, weakref_slot=True)
class Thing:
    """Anything with an id and a state."""

    id: str
    state: Door | str


def test_a_legal_verb_moves_the_thing():
    thing = Thing("D1", Door.OPEN)
    DOOR.fire(thing, "lock")
    assert thing.state is Door.LOCKED_UP


def test_an_illegal_verb_says_what_would_be_legal_and_changes_nothing():
    thing = Thing("D1", Door.LOCKED_UP)
    with pytest.raises(IllegalTransition, match=r"^door D1 is locked up: cannot open \(can remove\)$"):
        DOOR.fire(thing, "open")
    assert thing.state is Door.LOCKED_UP


def test_a_thing_that_is_over_can_do_nothing():
    with pytest.raises(IllegalTransition, match="can nothing: it is over"):
        DOOR.fire(Thing("D1", Door.GONE), "open")


def test_an_unknown_verb_is_an_illegal_one():
    with pytest.raises(IllegalTransition, match="cannot paint"):
        DOOR.fire(Thing("D1", Door.OPEN), "paint")


def test_a_state_read_from_a_database_as_text_will_do():
    thing = Thing("D1", "shut")
    DOOR.fire(thing, "open")
    assert thing.state is Door.OPEN


def test_an_unknown_state_is_refused_and_left_as_it_is():
    thing = Thing("D1", "ajar")
    with pytest.raises(ValueError, match="ajar"):
        DOOR.fire(thing, "open")
    assert thing.state == "ajar"


def test_the_legal_verbs_of_a_state_stand_in_the_tables_order():
    assert DOOR.legal(Door.OPEN) == ("shut", "lock", "remove")
    assert DOOR.legal("gone") == ()


def test_the_table_has_one_row_for_each_arrow():
    assert ("lock", Door.SHUT, Door.LOCKED_UP) in DOOR.table
    assert len(DOOR.table) == 7


def test_one_verb_cannot_lead_to_two_states():
    with pytest.raises(ValueError, match="'shut' leads from open to two states"):
        Lifecycle("door", Door, [("shut", Door.OPEN, Door.SHUT), ("shut", Door.OPEN, Door.GONE)])


def test_things_are_forgotten_once_they_have_moved():
    thing = Thing("D1", Door.OPEN)
    DOOR.fire(thing, "shut")
    trace = weakref.ref(thing)
    del thing
    gc.collect()
    assert trace() is None


def test_two_equal_things_move_apart():
    one, other = Thing("D1", Door.OPEN), Thing("D1", Door.OPEN)
    DOOR.fire(one, "shut")
    assert (one.state, other.state) == (Door.SHUT, Door.OPEN)
