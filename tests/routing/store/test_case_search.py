"""Cases are found by number, caller, fields, words in any script, state, owner and due time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from ivr.phrase import folded
from routing.case import CALLER, CaseState, Channel, Link, Terms, Wanted
from routing.due import Due, Unit
from routing.store import Cases
from routing.store.tables import cases
from tests.routing.centre import MORNING


@pytest.fixture
def found(engine):
    """Three cases: a claim of anna's, an order of bert's, and what a caller left."""
    with engine.begin() as connection:
        terms = Terms(due=lambda hotline, kind: Due(4, Unit.HOURS) if kind == "claim" else None, folded=folded)
        found = Cases(connection, terms)
        claim = {"order_number": "47110815", "note": "Жалба због кашњења"}
        found.log("claim", claim, "f1", "anna", MORNING, caller="+4930123456")
        later = MORNING + timedelta(hours=1)
        found.log("order", {"deliver_to": "Jörg Weiß, 100 % Allee"}, "f2", "bert", later, caller="+381641234567")
        found.log("claim", {"order_number": "5555"}, "f3", CALLER, later, caller="+4930123456")
        yield found


def numbers(found, **wanted):
    wanted = Wanted(**wanted)
    now = MORNING + timedelta(hours=4, minutes=30)
    listed = found.search(wanted, now, folded=folded)
    assert found.count(wanted, now, folded=folded) == len(listed)
    return [int(case.number) - 100000 for case in listed]


@pytest.mark.parametrize(
    ("text", "found_numbers"),
    [
        ("", [3, 2, 1]),
        ("100001", [1]),
        ("100 001", [1]),
        ("4711 0815", [1]),
        ("030 / 12 34-56", [3, 1]),
        ("+49 30 123456", [3, 1]),
        ("zalba", [1]),
        ("kasnjenja ЖАЛБА", [1]),
        ("weiss jorg", [2]),
        ("weiss nobody", []),
        ("100 %", [3, 2, 1]),  # the sign is no word
        ("%", []),
        ("_", []),
        ("...", []),
        ("'; drop table cases; --", []),
    ],
)
def test_words_and_numbers_are_found_however_they_are_written(found, text, found_numbers):
    assert numbers(found, text=text) == found_numbers


def test_filters_narrow_the_list(found):
    found.move("100002", "settle", MORNING, "bert")
    assert numbers(found, kinds=("claim",)) == [3, 1]
    assert numbers(found, states=(CaseState.SETTLED,)) == [2]
    assert numbers(found, owner="anna") == [1]
    assert numbers(found, owner="") == [3]
    assert numbers(found, caller="+4930123456") == [3, 1]
    assert numbers(found, field=("order_number", "5555")) == [3]
    assert numbers(found, field=("order_number", "555")) == []
    assert numbers(found, field=("no_such", "5555")) == []
    assert numbers(found, overdue=True) == [1]
    assert numbers(found, since=MORNING + timedelta(minutes=1)) == [3, 2]
    assert numbers(found, until=MORNING + timedelta(minutes=1)) == [1]
    assert numbers(found, kinds=("claim",), text="5555", owner="") == [3]


def test_what_is_due_first_comes_first_and_pages_go_on_where_the_last_one_ended(found):
    by_due = found.search(Wanted(), MORNING, by_due=True)
    assert [case.number for case in by_due] == ["100001", "100003", "100002"]
    first = found.search(Wanted(), MORNING, limit=2)
    rest = found.search(Wanted(), MORNING, before=int(first[-1].number), limit=2)
    assert [case.number for case in (*first, *rest)] == ["100003", "100002", "100001"]


def test_remarks_letters_and_changed_fields_are_found_and_what_was_changed_is_not(found):
    found.remark("100001", "called back at noon", MORNING, "anna")
    found.link("100001", Link(MORNING, "anna", Channel.EMAIL, note="Wo bleibt die Lieferung?"))
    found.amend("100001", {"order_number": "4242"}, MORNING, "anna")
    assert numbers(found, text="noon") == numbers(found, text="lieferung") == numbers(found, text="4242") == [1]
    assert numbers(found, text="47110815") == []


def test_cases_of_an_older_program_are_found_once_their_words_are_noted(found):
    found.connection.execute(update(cases).values(found_by=""))
    assert numbers(found, text="zalba") == []
    assert found.index_what_is_not() == 3
    assert numbers(found, text="zalba") == [1]
    assert found.index_what_is_not() == 0
