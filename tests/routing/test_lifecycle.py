"""The table of legal moves, on light things of its own."""

from __future__ import annotations

import gc
import weakref
from dataclasses import dataclass
from enum import Enum, StrEnum
from itertools import product

import pytest
from transitions import Machine, MachineError

from ivr.call import LIFECYCLE as CALL
from routing.agent import AGENT
from routing.case import CASE
from routing.contact import CONTACT
from routing.lifecycle import IllegalTransition, Lifecycle
from routing.offer import OFFER


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


LIFECYCLES = (DOOR, AGENT, CALL, CASE, CONTACT, OFFER)


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda it: it.thing_name)
def test_every_verb_in_every_state_does_what_the_stock_machine_does(lifecycle):
    rows = [[verb, source.name, to.name] for verb, source, to in lifecycle.table]
    stock = Machine(None, states=lifecycle.states, transitions=rows, initial=None, auto_transitions=False)
    for state, verb in product(lifecycle.states, [*stock.events, "paint"]):
        told = []
        for fire in (lifecycle.fire, lambda it, verb: stock.events[verb].trigger(it)):
            thing = Thing("D1", state)
            try:
                fire(thing, verb)
            except (ValueError, MachineError, KeyError):
                told.append((thing.state, "refused"))
            else:
                told.append((thing.state, "moved"))
        assert told[0] == told[1], f"{verb} in {state}"


class Signal(Enum):
    """States that are no texts, as a database may have them by their value."""

    STOP = 1
    GO = 2


def test_a_state_whose_value_is_no_text_will_do_too():
    lifecycle = Lifecycle("signal", Signal, [("go", Signal.STOP, Signal.GO)])
    one, other = Thing("S1", Signal.STOP), Thing("S2", 1)
    lifecycle.fire(one, "go")
    lifecycle.fire(other, "go")
    assert one.state is other.state is Signal.GO
