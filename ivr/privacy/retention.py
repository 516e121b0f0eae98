"""Retention: takes away what is older than its keeping time - daily, in small steps, and as often as it is told.

A sound is deleted before its row: whatever cuts a step short, the row is still there and is found again. What a step
took away is counted in its own transaction, so that the report of a day is exact however often it was begun.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, delete, not_, or_, select

from ivr.call import CallState
from ivr.keeping import Class, Keeping
from ivr.mail import mails
from ivr.message import MessageState, messages
from ivr.privacy import disk
from ivr.privacy.ledger import Ledger, Run
from ivr.privacy.traces import traces
from ivr.privacy.wearing import wear_calls, wear_mails, wear_visits, worn_calls, worn_mails, worn_visits
from ivr.recording import RecordingState, recordings
from ivr.store import Store, Tx, answers, calls
from ivr.visit import visits
from recordings.archive import Archive
from routing.case import UNSETTLED
from routing.store.tables import cases, contacts, events

BATCH_MAX = 200
LOG_FOLDER = "log"
RUNS_EVERY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Held:
    """What belongs to somebody under legal hold: none of it goes."""

    calls: frozenset[str]
    abouts: frozenset[str]
    sounds: frozenset[str]


class Retention:
    """One a program."""

    def __init__(self, store: Store, data: Path, archive: Archive, keeping: Keeping) -> None:
        self._store, self._data, self._archive, self._keeping = store, data, archive, keeping

    def is_due(self) -> bool:
        """Whether the last run is over for a day, or was cut short."""
        with self._store.look() as tx:
            last = Ledger(tx.connection).last_run()
            return last is None or last.ended_at is None or last.begun_at + RUNS_EVERY <= tx.now

    def run(self) -> Run:
        """Take away everything that is too old; a run that was cut short before goes on."""
        with self._store.transaction() as tx:
            last = Ledger(tx.connection).last_run()
            day = last.day if last and last.ended_at is None else tx.now.strftime("%Y-%m-%d")
            Ledger(tx.connection).begin_run(day, tx.now)
            now, held = tx.now, _held(tx)
        for step in (self._messages, self._recordings, self._events, self._answers, self._people):
            while self._counted(day, step, now, held):
                pass
        with self._store.transaction() as tx:
            Ledger(tx.connection).count(day, self._files(now))
        with self._store.transaction() as tx:
            ledger = Ledger(tx.connection)
            ledger.end_run(day, tx.now)
            done = ledger.last_run()
            tx.audited("retention", "kept long enough", day, "console", **(done.counts if done else {}))
        assert done is not None
        return done

    def would_take(self) -> dict[str, int]:
        """How much a run would take away now; nothing is changed."""
        with self._store.look() as tx:
            held, now = _held(tx), tx.now
            return {
                "messages": len(self._old_messages(tx, now, held)),
                "recordings": len(self._old_recordings(tx, now, held)),
                "events": len(self._old_events(tx, now, held)),
                "answers": len(self._old_answers(tx, now, held)),
                **{name: len(ids) for name, ids in self._old_people(tx, now, held).items()},
                "files": len(list(self._old_files(now))),
            }

    # -- what is too old, piece by piece ------------------------------------------------------------------------------

    def _counted(
        self, day: str, step: Callable[[Tx, datetime, Held], dict[str, int]], now: datetime, held: Held
    ) -> int:
        with self._store.transaction() as tx:
            done = step(tx, now, held)
            Ledger(tx.connection).count(day, done)
        return sum(done.values())

    def _messages(self, tx: Tx, now: datetime, held: Held) -> dict[str, int]:
        ids = self._old_messages(tx, now, held, BATCH_MAX)
        return {"messages": self._sounds(tx, messages, ids)}

    def _recordings(self, tx: Tx, now: datetime, held: Held) -> dict[str, int]:
        ids = self._old_recordings(tx, now, held, BATCH_MAX)
        return {"recordings": self._sounds(tx, recordings, ids)}

    def _sounds(self, tx: Tx, table: Any, ids: list[str]) -> int:
        for id in ids:
            self._archive.delete(id)
        return tx.connection.execute(delete(table).where(table.c.id.in_(ids))).rowcount if ids else 0

    def _events(self, tx: Tx, now: datetime, held: Held) -> dict[str, int]:
        old = self._old_events(tx, now, held, BATCH_MAX)
        return {"events": tx.connection.execute(delete(events).where(events.c.seq.in_(old))).rowcount if old else 0}

    def _answers(self, tx: Tx, now: datetime, held: Held) -> dict[str, int]:
        old = self._old_answers(tx, now, held, BATCH_MAX)
        return {"answers": tx.connection.execute(delete(answers).where(answers.c.call.in_(old))).rowcount if old else 0}

    def _people(self, tx: Tx, now: datetime, held: Held) -> dict[str, int]:
        found = self._old_people(tx, now, held, BATCH_MAX)
        wear_calls(tx, found["calls"])
        wear_mails(tx, found["mails"])
        wear_visits(tx, found["visits"])
        return {name: len(ids) for name, ids in found.items()}

    def _old_people(self, tx: Tx, now: datetime, held: Held, limit: int | None = None) -> dict[str, list[str]]:
        found = {
            "calls": worn_calls(tx, self._before(calls.c.hotline, calls.c.started_at, now)),
            "mails": worn_mails(tx, self._before(mails.c.hotline, mails.c.came_at, now)),
            "visits": worn_visits(tx, self._before(visits.c.hotline, visits.c.came_at, now)),
        }
        return {name: [it for it in ids if it not in held.abouts][:limit] for name, ids in found.items()}

    def _old_messages(self, tx: Tx, now: datetime, held: Held, limit: int | None = None) -> list[str]:
        """A message is kept while its case is not settled: it may be all that is known of it."""
        hotline = select(calls.c.hotline).where(calls.c.sid == messages.c.call).scalar_subquery()
        open_cases = select(cast(cases.c.number, Text)).where(cases.c.state.in_(UNSETTLED))
        old = (
            messages.c.state != MessageState.ANNOUNCED,
            self._before(hotline, messages.c.created_at, now, Class.RECORDINGS),
            or_(messages.c.case_number.is_(None), messages.c.case_number.not_in(open_cases)),
        )
        return self._free(tx, select(messages.c.id).where(*old).order_by(messages.c.created_at), held.sounds, limit)

    def _old_recordings(self, tx: Tx, now: datetime, held: Held, limit: int | None = None) -> list[str]:
        call = select(contacts.c.call).where(contacts.c.id == recordings.c.contact).scalar_subquery()
        hotline = select(calls.c.hotline).where(calls.c.sid == call).scalar_subquery()
        gone = (RecordingState.KEPT, RecordingState.ABSENT, RecordingState.MISSING)
        old = (
            recordings.c.state.in_(gone),
            self._before(hotline, recordings.c.begun_at, now, Class.RECORDINGS),
        )
        return self._free(tx, select(recordings.c.id).where(*old).order_by(recordings.c.begun_at), held.sounds, limit)

    def _old_events(self, tx: Tx, now: datetime, held: Held, limit: int | None = None) -> list[int]:
        of_call = select(calls.c.hotline).where(calls.c.sid == events.c.about)
        of_contact = select(calls.c.hotline).join(contacts, contacts.c.call == calls.c.sid)
        hotline = of_call.union_all(of_contact.where(contacts.c.id == events.c.about)).limit(1).scalar_subquery()
        old = self._before(hotline, events.c.at, now)
        found = select(events.c.seq, events.c.about).where(old).order_by(events.c.seq)
        rows = (row for row in tx.connection.execute(found) if row.about not in held.abouts)
        return [row.seq for row, _ in zip(rows, range(limit or 10**9), strict=False)]

    def _old_answers(self, tx: Tx, now: datetime, held: Held, limit: int | None = None) -> list[str]:
        cut = now - timedelta(days=self._keeping.days[Class.LOG])
        over = select(calls.c.sid).where(calls.c.state == CallState.ENDED, calls.c.ended_at < cut)
        found = select(answers.c.call).where(answers.c.call.in_(over)).distinct().order_by(answers.c.call)
        return self._free(tx, found, held.calls, limit)

    def _free(self, tx: Tx, found: Any, held: frozenset[str], limit: int | None = None) -> list[str]:
        free = (it for it in tx.connection.execute(found).scalars() if it not in held)
        return [it for it, _ in zip(free, range(limit or 10**9), strict=False)]

    def _before(self, hotline: Any, at: Any, now: datetime, what: Class = Class.EVENTS) -> ColumnElement[bool]:
        """That something is older than its hotline keeps it."""
        others = self._keeping.exceptions(what)
        usual = at < now - timedelta(days=self._keeping.days[what])
        if not others:
            return usual
        theirs = [and_(hotline == name, at < now - timedelta(days=days)) for name, days in others.items()]
        return or_(and_(or_(hotline.is_(None), not_(hotline.in_(list(others)))), usual), *theirs)

    # -- files --------------------------------------------------------------------------------------------------------

    def _files(self, now: datetime) -> dict[str, int]:
        gone = 0
        for path in self._old_files(now):
            path.unlink(missing_ok=True)
            gone += 1
        return {"files": gone}

    def _old_files(self, now: datetime) -> Iterator[Path]:
        """Days of the log, exports, and sounds that no row knows of any more."""
        cut = now - timedelta(days=self._keeping.days[Class.LOG])
        for path in sorted((self._data / LOG_FOLDER).glob("????-??-??.jsonl*")):
            if _day(path.name[:10]) < cut.date():
                yield path
        for path in sorted((self._data / disk.EXPORTS).glob("*.zip")):
            if _changed(path) < cut:
                yield path
        with self._store.look() as tx:
            known = {f"{id}.wav" for table in (messages, recordings) for id in _all(tx, table.c.id)}
        before = now - timedelta(days=self._keeping.days[Class.RECORDINGS])
        for path in sorted((self._data / disk.RECORDINGS).glob("*")):
            if path.name not in known and _changed(path) < before:
                yield path


def _held(tx: Tx) -> Held:
    found = [traces(tx.connection, it.person) for it in Ledger(tx.connection).holds()]
    return Held(
        frozenset(it for each in found for it in each.calls),
        frozenset(it for each in found for it in each.abouts),
        frozenset(it for each in found for it in (*each.messages, *each.recordings)),
    )


def _all(tx: Tx, column: Any) -> Iterator[str]:
    yield from tx.connection.execute(select(column)).scalars()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.max


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
