"""Cases and drafts in the database: nothing typed is lost, and one form is one case."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from sqlalchemy import func, select

from routing.case import FIELD_LENGTH_MAX, FIELDS_MAX, CaseState, Entry
from routing.queue import Queue
from routing.refusal import Refused
from routing.store import Cases
from routing.store.tables import cases, events
from tests.routing.centre import MORNING, Centre, at_once


@pytest.fixture
def open_cases(engine):
    """Cases in a transaction; contacts c1 and c2 exist."""
    centre = Centre({"claims": Queue("claims")}, engine)
    centre.come("anna")
    centre.call("c1")
    centre.call("c2")

    @contextmanager
    def opened():
        with engine.begin() as connection:
            yield Cases(connection)

    return opened


def log(found, form="f1", kind="claim", fields=None, **more):
    typed = {"order_number": "4711"} if fields is None else fields
    more = {"contact": "c1", "call": "CA1", "caller": "+4911", **more}
    return found.log(kind, typed, form, "anna", MORNING, **more)


def test_a_logged_case_has_a_number_that_can_be_said_and_all_that_was_typed(open_cases):
    with open_cases() as found:
        case = log(found)
    assert (case.number, case.kind, case.state) == ("100001", "claim", CaseState.OPEN)
    assert (case.fields, case.contact, case.call, case.caller) == ({"order_number": "4711"}, "c1", "CA1", "+4911")
    assert case.history == (Entry(MORNING, "anna", "logged"),)
    with open_cases() as found:
        assert found.by_number("100001") == found.by_form("f1") == found.by_contact("c1") == case
        assert found.by_call("CA1") == found.by_caller("+4911") == found.latest() == [case]


def test_the_same_form_sent_twice_is_one_case(open_cases):
    with open_cases() as found:
        first = log(found)
        assert log(found, fields={"order_number": "changed"}) == first
    with open_cases() as found:
        assert log(found) == first
        assert log(found, form="f2").number == "100002"


def test_the_same_form_sent_by_four_tabs_at_once_is_one_case(open_cases, engine):
    def send():
        with open_cases() as found:
            return log(found).number

    assert set(at_once(*[send] * 4)) == {"100001"}
    with engine.begin() as connection:
        assert connection.execute(select(func.count()).select_from(cases)).scalar() == 1
        logged = select(events.c.about, events.c.fields).where(events.c.what == "case logged")
        [(about, fields)] = connection.execute(logged)
    assert (about, fields) == ("c1", {"case": "100001", "kind": "claim", "by": "anna"})


@pytest.mark.parametrize("fields", [{}, {"order_number": ""}, {"order_number": " \t"}])
def test_a_missing_field_is_named_and_nothing_is_logged(open_cases, fields):
    with open_cases() as found:
        refused = log(found, fields=fields, required=["order_number"])
        assert isinstance(refused, Refused)
        assert refused.field == "order_number"
        assert found.latest() == []


def test_fields_have_limits(open_cases):
    with open_cases() as found:
        assert log(found, fields={"note": "x" * (FIELD_LENGTH_MAX + 1)}).field == "note"
        assert log(found, fields={"note": 5}).field == "note"
        assert log(found, fields={f"f{n}": "" for n in range(FIELDS_MAX + 1)}) == Refused("more than 50 fields")
        assert log(found, fields={"note": "x" * FIELD_LENGTH_MAX}).number == "100001"


def test_a_draft_is_kept_at_every_step_until_the_case_is_logged(open_cases):
    with open_cases() as found:
        assert found.draft("c1") is None
        found.keep_draft("c1", "claim", {"note": "it br"}, MORNING)
        found.keep_draft("c2", "order", {"note": "two"}, MORNING)
    with open_cases() as found:
        found.keep_draft("c1", "claim", {"note": "it broke"}, MORNING)
        assert found.draft("c1").fields == {"note": "it broke"}
        assert log(found, fields={}, required=["order_number"]).field == "order_number"
        assert found.draft("c1") is not None
        log(found)
        assert found.draft("c1") is None
        assert found.draft("c2").kind == "order"


def test_a_draft_that_is_too_long_is_refused_and_the_one_before_kept(open_cases):
    with open_cases() as found:
        found.keep_draft("c1", "claim", {"note": "short"}, MORNING)
        assert found.keep_draft("c1", "claim", {"note": "x" * (FIELD_LENGTH_MAX + 1)}, MORNING).field == "note"
        assert found.draft("c1").fields == {"note": "short"}


def test_a_case_without_a_contact_is_possible(open_cases):
    with open_cases() as found:
        assert log(found, contact=None, kind="suggestion").contact is None


def test_a_case_is_settled_once_and_may_be_reopened(open_cases):
    with open_cases() as found:
        number = log(found).number
        assert found.move(number, "settle", MORNING, "bert").state is CaseState.SETTLED
        assert found.move(number, "settle", MORNING, "bert") == Refused("the case is settled already")
        assert found.move(number, "reopen", MORNING, "bert").state is CaseState.OPEN
        assert [line.what for line in found.by_number(number).history] == ["logged", "settled", "reopened"]
        assert found.move("100099", "settle", MORNING, "bert").field == "number"


@pytest.mark.parametrize("number", ["", "x", "١٠٠٠٠١", "²", "-1", "100002"])
def test_a_number_that_is_none_finds_no_case(open_cases, number):
    with open_cases() as found:
        log(found)
        assert found.by_number(number) is None


def test_lists_show_the_newest_first_and_end_somewhere(open_cases):
    with open_cases() as found:
        for number in range(25):
            log(found, form=f"f{number}")
        assert [case.number for case in found.latest(3)] == ["100025", "100024", "100023"]
        assert len(found.by_call("CA1")) == 20
