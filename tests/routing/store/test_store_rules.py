"""The rules that the database keeps even if the program errs."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from routing import distributor as d
from routing.offer import OfferState
from routing.queue import Queue
from routing.store import Stale, open_engine
from routing.store.tables import agents, contacts, events, offers
from tests.routing.centre import Centre


@pytest.fixture
def busy(engine):
    """anna talks to c1, bert is asked about c2, c3 waits."""
    centre = Centre({"claims": Queue("claims")}, engine)
    centre.come("anna")
    centre.call("c1")
    centre.talk("c1")
    centre.come("bert")
    centre.call("c2")
    centre.call("c3")
    return centre


def live(centre: Centre, contact: str, agent: str) -> dict[str, object]:
    later = centre.now + timedelta(seconds=20)
    row = {"id": "oX", "contact": contact, "agent": agent, "queue": "claims", "state": "open", "made_at": centre.now}
    return {**row, "expires_at": later, "reason": {}, "kind": "call", "live_kind": True}


def test_a_contact_is_taken_by_one_agent(busy):
    busy.come("carl", {"orders": 1})
    taken = {**live(busy, "c1", "carl"), "state": "accepted", "accepted_at": busy.now}
    with pytest.raises(IntegrityError, match=r"offers\.contact"), busy.engine.begin() as connection:
        connection.execute(insert(offers).values(taken))


def test_an_agent_is_asked_about_a_contact_once_at_a_time(busy):
    with pytest.raises(IntegrityError, match=r"offers\."), busy.engine.begin() as connection:
        connection.execute(insert(offers).values({**live(busy, "c1", "anna"), "live_kind": False}))


def test_an_agent_has_one_live_offer(busy):
    with pytest.raises(IntegrityError, match=r"offers\.agent"), busy.engine.begin() as connection:
        connection.execute(insert(offers).values(live(busy, "c3", "anna")))


@pytest.mark.parametrize(
    ("table", "key", "name", "values"),
    [
        (contacts, contacts.c.id, "c1", {"state": "lost"}),
        (contacts, contacts.c.id, "c1", {"state": "done"}),
        (contacts, contacts.c.id, "c1", {"outcome": "served"}),
        (contacts, contacts.c.id, "c1", {"rank": None}),
        (contacts, contacts.c.id, "c1", {"seq": 2}),
        (agents, agents.c.name, "anna", {"state": "asleep"}),
        (agents, agents.c.name, "anna", {"state": "wrap_up"}),
        (agents, agents.c.name, "anna", {"contact": None}),
        (agents, agents.c.name, "anna", {"contact": "c99"}),
        (agents, agents.c.name, "bert", {"state": "talking", "contact": "c1"}),
        (agents, agents.c.name, "anna", {"then": "talking"}),
        (agents, agents.c.name, "anna", {"ring_at": "window"}),
        (offers, offers.c.id, "o2", {"state": "forgotten"}),
        (offers, offers.c.id, "o2", {"state": "missed"}),
        (offers, offers.c.id, "o2", {"expires_at": None}),
        (offers, offers.c.id, "o1", {"state": "declined"}),
        (offers, offers.c.id, "o1", {"agent": "nobody"}),
    ],
)
def test_the_database_refuses_what_cannot_be(busy, table, key, name, values):
    with pytest.raises(IntegrityError), busy.engine.begin() as connection:
        connection.execute(update(table).where(key == name).values(values))


def test_a_contact_with_offers_cannot_be_deleted(busy):
    with pytest.raises(IntegrityError, match="FOREIGN KEY"), busy.engine.begin() as connection:
        connection.execute(delete(contacts).where(contacts.c.id == "c1"))


def test_skill_levels_are_1_to_5(busy):
    with pytest.raises(IntegrityError):
        busy.hire("eve", {"claims": 6})


def test_a_moment_without_a_time_zone_is_refused(busy):
    with pytest.raises(Exception, match="has no time zone"), busy.engine.begin() as connection:
        connection.execute(update(contacts).values(entered_at=datetime(2026, 1, 1)))  # noqa: DTZ001 - the very fault


def test_moments_keep_their_microseconds_and_sort_as_text(busy):
    busy.now += timedelta(microseconds=1)
    busy.call("c4")
    assert busy.contact("c4").entered_at == busy.now
    with busy.engine.begin() as connection:
        kept = connection.exec_driver_sql("SELECT entered_at FROM contacts WHERE id = 'c4'").scalar()
        assert kept == "2026-11-23T09:00:02.000001Z"


def test_a_row_that_somebody_else_has_moved_is_not_moved_again(busy):
    def overtaken(floor, now):
        assert floor.offer("o2").state is OfferState.OPEN
        gone = {"state": "declined", "ended_at": now, "expires_at": None}
        floor.connection.execute(update(offers).where(offers.c.id == "o2").values(gone))
        d.accept(floor, "o2", "bert", now)

    with pytest.raises(Stale, match="offer o2 is no longer open"):
        busy.do(overtaken)
    assert busy.offer("o2").state is OfferState.OPEN  # the whole transaction is undone


def test_events_are_numbered_in_the_order_of_what_happened(busy):
    with busy.engine.begin() as connection:
        rows = connection.execute(select(events.c.seq, events.c.about, events.c.what).order_by(events.c.seq)).all()
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    about_c1 = [row.what for row in rows if row.about == "c1"]
    assert about_c1 == ["entered", "offered", "accepted", "talking"]


def test_everything_is_there_after_the_database_was_closed_and_opened(busy):
    url = busy.engine.url
    before = [busy.contact(c) for c in ("c1", "c2", "c3")], [busy.agent(a) for a in ("anna", "bert")]
    deadline, position = busy.next_deadline(), busy.position("c3")
    busy.engine.dispose()
    busy.engine = open_engine(url.render_as_string())
    assert before == ([busy.contact(c) for c in ("c1", "c2", "c3")], [busy.agent(a) for a in ("anna", "bert")])
    assert (busy.next_deadline(), busy.position("c3")) == (deadline, position)
    busy.wait(20)
    assert busy.asked()[-1] == ("c2", "bert")
    busy.engine.dispose()


def test_changed_skills_count_from_the_next_decision_on(busy):
    with busy.floor() as floor:
        floor.change(floor.agent("anna"), skills={"orders": 4})
    busy.do(d.talk_ended, "c1")
    busy.wait(30)
    assert ("c3", "anna") not in busy.asked()
    assert busy.agent("anna").skills == {"orders": 4}


def test_sqlite_is_opened_so_that_what_was_committed_stays(engine):
    with engine.begin() as connection:
        read = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
        }
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 4000, "secure_delete": 1}
    assert read == expected


def test_who_only_looks_is_not_kept_waiting_and_cannot_change_anything(busy):
    looking = busy.engine.execution_options(read_only=True)
    with busy.engine.begin() as writing:
        writing.execute(update(agents).where(agents.c.name == "bert").values(reason="new"))
        with looking.begin() as connection:
            reason = select(agents.c.reason).where(agents.c.name == "bert")
            assert connection.execute(reason).scalar() == ""
            with pytest.raises(OperationalError, match="readonly"):
                connection.execute(update(agents).values(reason="x"))
    with busy.engine.begin() as connection:  # the same pooled connections write again
        connection.execute(update(agents).values(reason="y"))
