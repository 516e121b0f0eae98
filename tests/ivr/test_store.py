"""The database: its schema is the one the program knows, and what it must never hold it refuses."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, delete, insert, update
from sqlalchemy.exc import IntegrityError

import ivr.alarms
import ivr.codes
import ivr.manuscript
import ivr.outbox
import ivr.privacy.ledger
import ivr.tokens  # noqa: F401 - its table does, too
from ivr.call import Call, CallState, Outcome
from ivr.store import Store, calls, migrate, trees
from routing.store import metadata, open_engine

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(name="store")
def a_store(tmp_path: Path):
    store = Store(f"sqlite:///{tmp_path}/dialtree.db", lambda: NOW, lambda: "0" * 32)
    yield store
    store.close()


OLD_CALL = (
    "INSERT INTO calls (sid, hotline, version, caller, called, language, started_at, state, node, tries, step, entry, "
    "question, hinted, path, way_back, typed, answers, case_kind, announced) VALUES ('CA1', 'acme', 'v1', '+49', '+1', "
    "'en', '2026-11-23T09:00:00.000000Z', 'in menu', 'welcome', 1, 3, '', 0, 1, '[]', '[]', "
    "'{\"order_number\": \"4\"}', '{}', '', '1 None')"
)
OLD_CONTACT = (
    "INSERT INTO contacts (id, kind, queue, needs, lane, head_start_s, language, state, entered_at, rank, seq, "
    "max_wait_at, offers_made) VALUES ('c1', 'call', 'claims', '{}', 'claims', 0, 'en', 'waiting', "
    "'2026-11-23T09:00:00.000000Z', '2026-11-23T09:00:00.000000Z', 1, '2026-11-23T09:10:00.000000Z', 0)"
)


def a_call(**more: object) -> Call:
    fields = {"sid": "CA" + "1" * 32, "hotline": "acme", "version": "v1", "caller": "+49151", "called": "+1800"}
    return Call(**{**fields, "language": "en", "started_at": NOW, **more})


def test_the_migrations_lead_to_the_schema_that_the_program_knows(store):
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_migrations_make_the_same_rules_as_the_tables(store, tmp_path):
    direct = create_engine(f"sqlite:///{tmp_path}/direct.db")
    metadata.create_all(direct)
    made, meant = _rules(store.engine), _rules(direct)
    direct.dispose()
    made.pop("alembic_version")
    assert made == meant


def _rules(engine: Engine) -> dict[str, list[str]]:
    """Each table and index as the database has it: the lines of its definition, in no order."""
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").all()
    # A table that was made anew under another name and then renamed has its name in quotes.
    plain = {name: sql.replace(f'"{name}"', name) for name, sql in found}
    return {name: sorted(line.strip().rstrip(", ") for line in sql.splitlines()) for name, sql in plain.items()}


def test_what_an_older_program_stored_is_still_there_afterwards(tmp_path):
    url = f"sqlite:///{tmp_path}/old.db"
    engine = open_engine(url)
    migrate(engine, "0001")
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO trees VALUES ('v1', 'acme', '{}', '2026-11-23T09:00:00.000000Z')")
        connection.exec_driver_sql(OLD_CALL)
        connection.exec_driver_sql("INSERT INTO answers VALUES ('CA1', 'ring', 0, x'00')")
        connection.exec_driver_sql(OLD_CONTACT)
        connection.exec_driver_sql("INSERT INTO drafts VALUES ('c1', 'claim', '{}', '2026-11-23T09:00:00.000000Z')")
    engine.dispose()
    store = Store(url, lambda: NOW, lambda: "0" * 32)
    with store.transaction() as tx:
        call, contact = tx.call("CA1"), tx.floor.contact("c1")
        assert (call.silences, call.failures, call.met, call.noted, call.typed) == (1, 0, [], {}, {"order_number": "4"})
        assert (contact.relax, contact.relax_at, contact.state) == ((), None, "waiting")
        assert tx.answer("CA1", "ring", 0) == b"\0"
        assert tx.connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    with pytest.raises(IntegrityError), store.transaction() as tx:
        tx.connection.execute(delete(calls))
    store.close()


def test_opening_a_database_again_changes_nothing_in_it(store, tmp_path):
    store.keep_files("v1", "acme", {"a.yaml": "x"})
    again = Store(f"sqlite:///{tmp_path}/dialtree.db", lambda: NOW, lambda: "0" * 32)
    assert again.files("v1") == {"a.yaml": "x"}
    again.close()


def test_what_was_committed_is_durable_and_writers_take_turns(store):
    with store.transaction() as tx:
        asked = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        pragmas = {pragma: tx.connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() for pragma in asked}
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_a_call_comes_back_as_it_was_saved(store):
    store.keep_files("v1", "acme", {})
    call = a_call(
        state=CallState.ENDED,
        outcome=Outcome.SERVED,
        ended_at=NOW,
        path=[("welcome", "2")],
        typed={"order_number": "4711"},
    )
    with store.transaction() as tx:
        tx.add(call)
    with store.look() as tx:
        assert tx.call(call.sid) == call


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "asleep"},
        {"outcome": "lovely"},
        {"state": "ended", "outcome": "served"},
        {"state": "ended", "ended_at": NOW},
        {"ended_at": NOW},
        {"version": "never published"},
    ],
    ids=str,
)
def test_what_a_call_can_never_be_the_database_refuses(store, wrong):
    store.keep_files("v1", "acme", {})
    with store.transaction() as tx:
        tx.add(a_call())
    with pytest.raises(IntegrityError), store.transaction() as tx:
        tx.connection.execute(update(calls).values(wrong))


def test_a_look_cannot_write(store):
    with pytest.raises(Exception, match="readonly"), store.look() as tx:
        tx.connection.execute(insert(trees).values(version="v2", hotline="x", files={}))


def test_nothing_of_a_happening_that_fails_is_kept(store):
    store.keep_files("v1", "acme", {})
    with pytest.raises(IntegrityError), store.transaction() as tx:  # noqa: PT012 - it is the whole that must fail
        tx.add(a_call())
        tx.add(a_call())
    with store.look() as tx:
        assert tx.call("CA" + "1" * 32) is None


def test_a_tree_that_is_to_be_published_later_was_not_heard_last(store):
    store.keep_files("v1", "acme", {})
    with store.transaction() as tx:
        tx.keep_files("v2", "acme", {}, live=False)
        assert tx.latest() == {"acme": "v1"}
        tx.went_live("v2")
        assert tx.latest() == {"acme": "v2"}
