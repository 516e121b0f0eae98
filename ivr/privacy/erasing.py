"""Erasing: whatever is kept of somebody is looked up, held, or taken away for good - also when it is interrupted.

The tombstone is on the disk first; the rows go in one transaction, which notes the files that go next. Whatever cuts
this short, `catch_up` ends it. A database put back from a backup lacks erasures that have a tombstone: they are done
again.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from ivr.call import CallState
from ivr.mail import mails
from ivr.mail_sent import mails_sent
from ivr.privacy import disk
from ivr.privacy.blanking import Counting, blank
from ivr.privacy.ledger import WHY_LENGTH_MAX, Erasure, Hold, Ledger
from ivr.privacy.person import Person, named_in, read_person
from ivr.privacy.sweeping import sweep, texts_in
from ivr.privacy.tombstones import Tombstone, Tombstones
from ivr.privacy.traces import EVER, Traces, chunks, traces
from ivr.store import Store, Tx, calls
from ivr.visit import VisitState, visits
from routing.contact import ContactState
from routing.refusal import Refused
from routing.store.tables import cases, contacts

AGAIN = "again"
"""Who erases when a backup was put back."""

ON_THE_LINE = Refused("they are on the line, or wait for us", hint="erase when that is over")


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of somebody: how much, who else is in the same matters, and what keeps it from being erased."""

    person: Person
    counts: dict[str, int]
    others: tuple[Person, ...]
    hold: Hold | None
    live: bool
    nothing: bool


@dataclass(frozen=True, slots=True)
class Erased:
    """What was taken away; `left` are texts that still stand in files, and `flushed` says that the log beside the
    database is empty."""

    id: str
    counts: dict[str, int]
    swept: int
    flushed: bool
    left: dict[str, list[str]] = field(default_factory=dict)


class Privacy:
    """One a program."""

    def __init__(self, store: Store, data: Path, counting: Counting = lambda hotline, kind: frozenset()) -> None:
        self.store, self.data, self._counting = store, data, counting
        self._stones = Tombstones(data)

    def look_up(self, person: Person) -> Kept:
        """What is kept of somebody."""
        with self.store.look() as tx:
            found = traces(tx.connection, person)
            others = tuple(sorted(found.others | (_named(tx, found) - {person}), key=lambda it: (it.by, it.value)))
            hold = Ledger(tx.connection).hold_of(person)
            return Kept(person, found.counts, others, hold, _is_live(tx, found), found.nothing)

    def digest(self, person: Person) -> str:
        """The hash that stands for somebody. Raises KeyLost."""
        return person.digest(self._stones.key)

    def erase(self, person: Person, by: str, origin: str = "console") -> Erased | Refused:
        """Take away what is kept of somebody, and say what is left. Raises KeyLost."""
        kept = self.look_up(person)
        if no := _hindrance(kept):
            return no
        digest = self.digest(person)
        with self.store.look() as tx:
            stone = Tombstone(tx.new_id(), digest, tx.now)
        self._stones.add(stone)
        done = self._erase(person, stone, EVER, by, origin)
        return done if isinstance(done, Refused) else self._finished(done[0], person, done[1], done[2])

    def hold(self, person: Person, why: str, by: str, origin: str = "console") -> Refused | None:
        """Let nothing be erased of somebody until the hold is ended."""
        if not why.strip() or len(why) > WHY_LENGTH_MAX:
            return Refused("say why", field="why", hint=f"{WHY_LENGTH_MAX} characters at most")
        with self.store.transaction() as tx:
            ledger = Ledger(tx.connection)
            if ledger.hold_of(person):
                return Refused("they are held already")
            made = Hold(tx.new_id(), person.by, person.value, why.strip(), by, tx.now)
            ledger.hold(made)
            tx.audited(by, "legal hold", made.id, origin)
        return None

    def end_hold(self, id: str, by: str, origin: str = "console") -> Refused | None:
        """Let them be erased again."""
        with self.store.transaction() as tx:
            if not Ledger(tx.connection).end_hold(id, by, tx.now):
                return Refused("there is no such hold")
            tx.audited(by, "legal hold ended", id, origin)
        return None

    def holds(self) -> list[Hold]:
        """Those in force."""
        with self.store.look() as tx:
            return Ledger(tx.connection).holds()

    def catch_up(self) -> int:
        """End what was cut short, and erase again whom a backup brought back; how many that were."""
        with self.store.look() as tx:
            unfinished, known = Ledger(tx.connection).unfinished(), Ledger(tx.connection).known()
        for it in unfinished:
            disk.take_away(self.data, it.files)
            self._end(it.id)
        missing = [stone for stone in self._stones.all() if stone.id not in known]
        if not missing:
            return 0
        names = self._names(missing)
        for stone in missing:
            person = names.get(stone.digest)
            done = self._erase(person, stone, stone.at, AGAIN) if person else self._note(stone)
            if not isinstance(done, Refused) and done:
                self._finished(done[0], person, done[1], done[2])
        self.flush()
        return len(missing)

    def flush(self) -> bool:
        """Bring what SQLite keeps in its log into the database, and empty the log: it held what was erased."""
        answer = self._told_sqlite("PRAGMA wal_checkpoint(TRUNCATE)")
        return answer is not None and answer[0] == 0

    # -- steps of the above -------------------------------------------------------------------------------------------

    def _erase(
        self, person: Person, stone: Tombstone, until: datetime, by: str, origin: str = "console"
    ) -> tuple[Erasure, int, set[str]] | Refused:
        with self.store.transaction() as tx:
            ledger = Ledger(tx.connection)
            found = traces(tx.connection, person, until)
            if ledger.hold_of(person):
                return Refused("they are held")
            if _is_live(tx, found):
                return ON_THE_LINE
            again = until < EVER and traces(tx.connection, person).counts != found.counts
            names, files = _names_in(tx, found), self._files(tx, found, person, stone.digest)
            counts = blank(tx, found, stone.id, self._counting)
            # Whoever has called since is known again, and what they said since stays.
            swept = 0 if again or not person.is_unmistakable else sweep(tx.connection, person)
            erasure = Erasure(stone.id, stone.digest, stone.at, by, counts, tuple(files))
            ledger.add(erasure)
            tx.audited(by, "person erased", stone.id, origin, **counts)
        return erasure, swept, names

    def _files(self, tx: Tx, found: Traces, person: Person, digest: str) -> Iterable[str]:
        sounds = [f"{disk.RECORDINGS}/{id}.wav" for id in sorted(found.messages | found.recordings)]
        ids: set[str] = set()
        for piece in chunks(found.mails):
            ids |= set(tx.connection.execute(select(mails.c.message_id).where(mails.c.id.in_(piece))).scalars())
            sent = select(mails_sent.c.message_id).where(mails_sent.c.mail.in_(piece))
            ids |= set(tx.connection.execute(sent).scalars())
        letters = [str(it.relative_to(self.data)) for it in disk.letters_of(self.data, person, ids)]
        return [*sounds, *letters, f"{disk.EXPORTS}/{disk.export_name(digest)}"]

    def _finished(self, erasure: Erasure, person: Person, swept: int, names: set[str]) -> Erased:
        """The files go, then what SQLite has still of it."""
        disk.take_away(self.data, erasure.files)
        self._end(erasure.id)
        flushed = self.flush()
        needles = {*(person.spelled if person.is_unmistakable else ()), *names}
        left = disk.still_on(self.data, needles) if flushed else {}
        if any(file.endswith(".db") for files in left.values() for file in files):
            # SQLite overwrites what it deletes, but not what it has moved to another page before.
            self._told_sqlite("VACUUM")
            flushed = self.flush()
            left = disk.still_on(self.data, needles)
        return Erased(erasure.id, dict(erasure.counts), swept, flushed, left)

    def _end(self, id: str) -> None:
        with self.store.transaction() as tx:
            Ledger(tx.connection).finished(id, tx.now)

    def _note(self, stone: Tombstone) -> None:
        """Nobody here is the one who was erased; the database knows that it was looked for."""
        with self.store.transaction() as tx:
            Ledger(tx.connection).add(Erasure(stone.id, stone.digest, stone.at, AGAIN, {}, (), tx.now))

    def _names(self, missing: list[Tombstone]) -> dict[str, Person]:
        """Whom these tombstones are of, of all who are named anywhere in the database."""
        key, wanted = self._stones.key, {stone.digest for stone in missing}
        with self.store.look() as tx:
            seen = {person for text in texts_in(tx.connection) for person in _meant(text)}
        return {digest: person for person in seen if (digest := person.digest(key)) in wanted}

    def _told_sqlite(self, order: str) -> tuple[int, ...] | None:
        """Outside of transactions; None where there is no SQLite, or somebody else is at it."""
        if self.store.engine.dialect.name != "sqlite":
            return None
        with self.store.engine.connect() as connection, contextlib.suppress(sqlite3.OperationalError):
            return connection.connection.dbapi_connection.execute(order).fetchone() or (0,)
        return None


def _hindrance(kept: Kept) -> Refused | None:
    if kept.hold:
        return Refused("they are held", hint=kept.hold.why)
    return ON_THE_LINE if kept.live else None


def _meant(text: str) -> Iterable[Person]:
    """Whom a text may name: by numbers and addresses in it, or, if it is short, as a customer's number itself."""
    yield from named_in(text)
    if isinstance(found := read_person(text), Person):
        yield found


def _is_live(tx: Tx, found: Traces) -> bool:
    here = (
        (calls.c.sid, found.calls, calls.c.state != CallState.ENDED),
        (contacts.c.id, found.contacts, contacts.c.state != ContactState.DONE),
        (visits.c.id, found.visits, visits.c.state.in_((VisitState.WAITING, VisitState.CALLED))),
    )
    return any(
        tx.connection.execute(select(column).where(column.in_(piece), live).limit(1)).first()
        for column, ids, live in here
        for piece in chunks(ids)
    )


def _named(tx: Tx, found: Traces) -> set[Person]:
    """Whoever is named in the forms of these cases."""
    texts = [str(value) for piece in chunks(found.cases) for value in _fields(tx, piece)]
    return {person for text in texts for person in named_in(text)}


def _names_in(tx: Tx, found: Traces) -> set[str]:
    """What they are called, as far as rows say so: looked for afterwards."""
    names: set[str] = set()
    for column, by, ids in ((mails.c.sender_name, mails.c.id, found.mails), (visits.c.name, visits.c.id, found.visits)):
        for piece in chunks(ids):
            names |= set(tx.connection.execute(select(column).where(by.in_(piece))).scalars())
    for piece in chunks(found.cases):
        rows = tx.connection.execute(select(cases.c.fields).where(cases.c.number.in_(piece))).scalars()
        names |= {str(value) for row in rows for name, value in row.items() if "name" in name}
    return {name for name in names if len(name) >= 5}


def _fields(tx: Tx, numbers: list[int]) -> Iterable[object]:
    for row in tx.connection.execute(select(cases.c.fields).where(cases.c.number.in_(numbers))).scalars():
        yield from row.values()
