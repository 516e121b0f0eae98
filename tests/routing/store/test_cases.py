"""Cases and drafts in the database: nothing typed is lost, and one form is one case."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from routing.case import CALLER, FIELD_LENGTH_MAX, FIELDS_MAX, CaseState, Channel, Entry, Link, Terms
from routing.due import Due, Unit
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
        assert log(found, fields={f"f{n}": "" for n in range(FIELDS_MAX + 1)}) == Refused(
            f"more than {FIELDS_MAX} fields"
        )
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
        refused = found.move(number, "settle", MORNING, "bert")
        assert refused == Refused("a case that is settled cannot do that", hint="it can: reopen, merge")
        assert found.move(number, "reopen", MORNING, "bert").state is CaseState.REOPENED
        assert [line.what for line in found.by_number(number).history] == ["logged", "settled", "reopened"]
        assert found.move("100099", "settle", MORNING, "bert").field == "number"
        assert found.move(number, "merge", MORNING, "bert").field == "move"


def test_who_logs_a_case_owns_it_and_what_a_caller_left_is_nobodys(open_cases):
    with open_cases() as found:
        number = log(found).number
        assert found.by_number(number).owner == "anna"
        left = found.log("claim", {}, "message 1", CALLER, MORNING, call="CA2", caller="+4911")
        assert left.owner is None
        assert found.owner_for("+4911") == "anna"
        given = found.assign(number, "bert", MORNING, "chris")
        assert (given.owner, found.owner_for("+4911")) == ("bert", "bert")
        assert given.history[-1] == Entry(MORNING, "chris", "given", {"from": "anna", "to": "bert"})
        assert found.assign(number, None, MORNING, "bert").owner is None
        assert found.owner_for("+4911") is None


def test_the_history_keeps_what_each_field_said_before(open_cases):
    with open_cases() as found:
        number = log(found, fields={"order_number": "4711", "note": "broken"}).number
        case = found.amend(number, {"order_number": "4712", "note": " ", "wish": "refund"}, MORNING, "bert")
        assert case.fields == {"order_number": "4712", "wish": "refund"}
        changed = {"note": ["broken", ""], "order_number": ["4711", "4712"], "wish": ["", "refund"]}
        assert case.history[-1] == Entry(MORNING, "bert", "amended", {"fields": changed})
        assert found.amend(number, {"order_number": "4712"}, MORNING, "bert") == case


def test_who_changes_what_they_did_not_see_is_told_so(open_cases):
    with open_cases() as found:
        seen = log(found)
        found.amend(seen.number, {"note": "first"}, MORNING, "bert", version=seen.version)
        late = found.amend(seen.number, {"note": "second"}, MORNING, "anna", version=seen.version)
        assert isinstance(late, Refused)
        for refused in (
            found.move(seen.number, "settle", MORNING, "anna", version=seen.version),
            found.assign(seen.number, "dora", MORNING, "anna", version=seen.version),
            found.promise(seen.number, MORNING + timedelta(days=1), MORNING, "anna", version=seen.version),
        ):
            assert refused == late
        case = found.by_number(seen.number)
        assert (case.fields["note"], case.state, case.owner, case.version) == ("first", CaseState.OPEN, "anna", 2)


def test_every_change_is_one_line_of_history_and_one_event(open_cases, engine):
    with open_cases() as found:
        number = log(found).number
        found.remark(number, "rang back, nobody there", MORNING, "anna")
        found.move(number, "wait_for_customer", MORNING, "anna")
        found.link(number, Link(MORNING, "anna", Channel.EMAIL, note="Where is it?"))
        case = found.move(number, "settle", MORNING, "bert")
    assert [line.what for line in case.history] == ["logged", "noted", "waits for them", "contact", "settled"]
    with engine.begin() as connection:
        told = select(events.c.fields).where(events.c.what == "case changed").order_by(events.c.seq)
        fields = list(connection.execute(told).scalars())
    assert [it["what"] for it in fields] == ["noted", "waits for them", "contact", "settled"]
    assert {it["case"] for it in fields} == {number}
    assert fields[-1]["state"] == "settled"


def test_every_contact_about_a_case_is_linked_to_it_once(open_cases):
    with open_cases() as found:
        number = log(found).number
        again = Link(MORNING, "anna", Channel.CALL, "c2", "CA2")
        found.link(number, again)
        found.link(number, again)
        found.link(number, Link(MORNING, "bert", Channel.VISIT, note="came to the counter"))
        assert [(it.channel, it.contact, it.call) for it in found.links(number)] == [
            (Channel.CALL, "c1", "CA1"),
            (Channel.CALL, "c2", "CA2"),
            (Channel.VISIT, None, None),
        ]
        assert [case.number for case in found.about_call("CA2")] == [number]


def test_a_merged_case_loses_nothing_and_its_whole_shows_all(open_cases):
    with open_cases() as found:
        first, second, third = (log(found, form=f"f{n}", contact=None, call=f"CA{n}").number for n in (1, 2, 3))
        found.remark(first, "the box was open", MORNING, "anna")
        assert found.merge(first, second, MORNING, "bert").number == second
        whole = found.merge(second, third, MORNING, "bert")
        part = found.by_number(first)
        assert (part.state, part.merged_into) == (CaseState.MERGED, third)
        assert part.fields == {"order_number": "4711"}
        assert [line.what for line in part.history] == ["logged", "noted", "merged"]
        assert [(it.what, it.case) for it in whole.history] == [
            ("logged", first),
            ("logged", second),
            ("logged", None),
            ("noted", first),
            ("merged", first),
            ("took in", second),
            ("merged", second),
            ("took in", None),
        ]
        assert [link.call for link in found.links(third)] == ["CA1", "CA2", "CA3"]
        assert {case.number for case in found.parts(third)} == {first, second}
        assert [case.number for case in found.about_call("CA1")] == [third]


def test_mergers_that_make_no_sense_are_refused(open_cases):
    with open_cases() as found:
        first, second = log(found).number, log(found, form="f2", contact="c2").number
        assert found.merge(first, first, MORNING, "anna").field == "into"
        assert found.merge(first, "999999", MORNING, "anna").field == "into"
        assert found.merge("999999", first, MORNING, "anna").field == "number"
        found.merge(first, second, MORNING, "anna")
        assert found.merge(second, first, MORNING, "anna").hint == f"merge it into {second}"
        for refused in (
            found.merge(first, second, MORNING, "anna"),
            found.amend(first, {"note": "x"}, MORNING, "anna"),
            found.assign(first, "bert", MORNING, "anna"),
            found.link(first, Link(MORNING, "anna", Channel.VISIT)),
            found.move(first, "settle", MORNING, "anna"),
        ):
            assert isinstance(refused, Refused)
            assert second in refused.hint


def test_not_settled_in_the_survey_opens_a_settled_case_again_and_is_written_down_once(open_cases):
    with open_cases() as found:
        settled, under_way = log(found).number, log(found, form="f2", contact="c2").number
        found.move(settled, "settle", MORNING, "anna")
        for _ in range(2):
            assert {case.number for case in found.not_settled("CA1", MORNING)} == {settled, under_way}
        again, other = found.by_number(settled), found.by_number(under_way)
        assert again.state is CaseState.REOPENED
        assert again.history[-1] == Entry(MORNING, CALLER, "reopened", {"call": "CA1", "why": "not settled"})
        assert other.state is CaseState.OPEN
        assert [line.what for line in other.history] == ["logged", "not settled"]
        assert found.not_settled("CA9", MORNING) == []


def test_a_case_logged_after_the_caller_said_not_settled_says_so(engine):
    with engine.begin() as connection:
        found = Cases(connection, Terms(not_settled=lambda call: call == "CA1"))
        assert [it.what for it in log(found, contact=None).history] == ["logged", "not settled"]
        assert [it.what for it in log(found, "f2", contact=None, call="CA2").history] == ["logged"]


def test_the_clock_stands_while_we_wait_for_the_customer_and_begins_anew_when_reopened(engine):
    def at(hours: float) -> datetime:
        return MORNING + timedelta(hours=hours)

    with engine.begin() as connection:
        found = Cases(connection, Terms(due=lambda hotline, kind: Due(8, Unit.HOURS)))
        case = log(found, contact=None)
        number = case.number
        assert (case.due_at, case.is_overdue(at(7)), case.is_overdue(at(8))) == (at(8), False, True)
        case = found.move(number, "wait_for_customer", at(2), "anna")
        assert not case.is_overdue(at(100))
        assert found.move(number, "wait_for_us", at(12), "anna").due_at == at(18)
        assert found.promise(number, at(30), at(12), "anna").due_at == at(30)
        assert found.promise(number, at(12), at(12), "anna").field == "due_at"
        assert not found.move(number, "settle", at(13), "anna").is_overdue(at(40))
        assert found.move(number, "reopen", at(50), "anna").due_at == at(58)


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
