"""The audit: rows chained so that a change, a gap and a row put in between are found, and what is written down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from ivr.__main__ import main
from ivr.audit import FIRST, audit
from ivr.store import Store

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'dialtree.db'}", lambda: NOW, lambda: "id")
    for number in range(5):
        with store.transaction() as tx:
            fields = {"number": number, "at": NOW + timedelta(days=number), "name": "Ђорђе"}
            tx.audited("olga", "published", f"hotline-{number}", "192.0.2.1", **fields)
    yield store
    store.close()


def first_fault(store: Store) -> int | None:
    with store.look() as tx:
        return tx.audit.first_fault()


def test_an_audit_that_nobody_touched_is_whole(store: Store) -> None:
    assert first_fault(store) is None
    with store.look() as tx:
        assert [row.seq for row in tx.audit.latest(3)] == [5, 4, 3]
        assert [row.seq for row in tx.audit.latest(9, below=3)] == [2, 1]
        assert tx.audit.latest(9, who="nobody") == tx.audit.latest(9, what="listened") == []
        assert tx.audit.latest(1, who="olga", what="published")[0].about == "hotline-4"
        count, digest = tx.audit.head()
    assert (count, len(digest)) == (5, len(FIRST))


@pytest.mark.parametrize("column", ["at", "who", "origin", "what", "about", "fields", "before", "digest"])
def test_a_row_that_was_changed_is_found(store: Store, column: str) -> None:
    other = {"at": NOW + timedelta(microseconds=1), "fields": {"number": 7}}.get(column, "x" * 64)
    with store.transaction() as tx:
        tx.connection.execute(update(audit).where(audit.c.seq == 3).values({column: other}))
    assert first_fault(store) == 3


def test_a_row_that_was_taken_out_is_found_also_when_the_others_move_up(store: Store) -> None:
    with store.transaction() as tx:
        tx.connection.execute(delete(audit).where(audit.c.seq == 2))
    assert first_fault(store) == 2
    with store.transaction() as tx:
        for seq in (3, 4, 5):
            tx.connection.execute(update(audit).where(audit.c.seq == seq).values(seq=seq - 1))
    assert first_fault(store) == 2


def test_the_chain_cannot_fork(store: Store) -> None:
    with store.look() as tx:
        entry = tx.audit.latest(1)[0]
    row = {"seq": 6, "at": NOW, "who": "eve", "origin": "", "what": "", "about": "", "fields": {}, "digest": FIRST}
    fork = audit.insert().values(**row, before=entry.before)
    with store.transaction() as tx, pytest.raises(IntegrityError):
        tx.connection.execute(fork)


def test_the_command_shows_the_rows_and_says_when_one_was_changed(store: Store, tmp_path: Path) -> None:
    told = CliRunner().invoke(main, ["audit", "--last", "2"], env={"DIALTREE_DATA": str(tmp_path)})
    assert told.exit_code == 0
    assert "hotline-4 number=4" in told.output
    assert "hotline-2" not in told.output
    assert "5 rows, all as they were written" in told.output
    with store.transaction() as tx:
        tx.connection.execute(update(audit).where(audit.c.seq == 4).values(who="eve"))
    told = CliRunner().invoke(main, ["audit"], env={"DIALTREE_DATA": str(tmp_path)})
    assert told.exit_code == 1
    assert "row 4 is not as it was written" in told.output
