"""Calls and their events: the ivr's tables beside the floor's, and one transaction for each thing that happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from typing import Literal

from alembic import command
from alembic.config import Config
from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Engine,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    insert,
    select,
    text,
    update,
)

from ivr.audit import AuditRows
from ivr.call import Call, CallState, Outcome
from ivr.callback import CallbackRows
from ivr.emergency import EmergencyRows
from ivr.inquiry import InquiryRows
from ivr.lookup import LookupRows
from ivr.mail import Mail, MailRows
from ivr.mail_sent import SentRows
from ivr.message import MessageRows
from ivr.phrase import folded
from ivr.publication import PublicationRows
from ivr.recording import RecordingRows
from ivr.third import ThirdRows
from ivr.visit import Visit, VisitRows
from routing.agent import AgentState
from routing.case import Terms
from routing.due import Due
from routing.event import Event
from routing.kind import KINDS, Kind
from routing.queue import Queue
from routing.store import Cases, Moment, SqlFloor, keep_event, metadata, open_engine


def _one_of(column: str, states: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{state.value}'" for state in states)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_is_known")


trees = Table(
    "trees",
    metadata,
    Column("version", String(64), primary_key=True),
    Column("hotline", String(64), nullable=False),
    Column("files", JSON, nullable=False),
    Column("published_at", Moment),  # None: to be published later, and never heard yet
)

calls = Table(
    "calls",
    metadata,
    Column("sid", String(64), primary_key=True),
    Column("hotline", String(64), nullable=False),
    Column("version", ForeignKey("trees.version"), nullable=False),
    Column("caller", String(256), nullable=False),
    Column("called", String(256), nullable=False),
    Column("language", String(8), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("node", String(64), nullable=False),
    Column("silences", Integer, nullable=False),
    Column("wrong_keys", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("entry", String(64), nullable=False),
    Column("question", Integer, nullable=False),
    Column("hinted", Boolean, nullable=False),
    Column("path", JSON, nullable=False),
    Column("way_back", JSON, nullable=False),
    Column("met", JSON, nullable=False),
    Column("typed", JSON, nullable=False),
    Column("noted", JSON, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("case_kind", String(32), nullable=False),
    Column("contact", String(64), unique=True),
    Column("outcome", String(32)),
    Column("waiting_since", Moment),
    Column("announced_at", Moment),
    Column("announced", String(32), nullable=False),
    Column("announcements", Integer, nullable=False),
    Column("texted", Integer, nullable=False),
    Column("connected_at", Moment),
    Column("redirected_at", Moment, index=True),
    Column("ended_at", Moment),
    Column("survey", String(16), nullable=False),
    Column("survey_at", Moment),
    Column("consent", String(16), nullable=False),
    Column("survey_way", String(16), nullable=False),
    _one_of("state", CallState),
    _one_of("outcome", Outcome),
    CheckConstraint("survey IN ('', 'offered', 'spared')", name="survey_is_known"),
    CheckConstraint("consent IN ('', 'told', 'agreed', 'refused')", name="consent_is_known"),
    CheckConstraint("(survey = 'offered') = (survey_at IS NOT NULL)", name="survey_has_its_time"),
    CheckConstraint("survey_way IN ('', 'line', 'call_back', 'link')", name="survey_way_is_known"),
    CheckConstraint("(survey = 'offered') = (survey_way <> '')", name="survey_has_its_way"),
    Index("calls_of_caller", "caller", "started_at"),
    Index(
        "calls_surveyed",
        *("hotline", "caller", "survey_at"),
        sqlite_where=text("survey_at IS NOT NULL"),
        postgresql_where=text("survey_at IS NOT NULL"),
    ),
    CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended_calls_have_an_end"),
    CheckConstraint("state <> 'ended' OR outcome IS NOT NULL", name="ended_calls_have_an_outcome"),
)

answers = Table(
    "answers",
    metadata,
    Column("call", ForeignKey("calls.sid"), primary_key=True),
    Column("door", String(32), primary_key=True),
    Column("step", Integer, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)


RECONCILED_MAX = 500
"""Calls that are compared with the carrier at one time."""

_LEAVING = (CallState.WAITING, CallState.TALKING)


SETTLED, NOT_SETTLED = "settled", "2"
"""The survey's question whether the matter is settled, and the key that says no: `keys: yes-no`."""

DueOf = Callable[[str | None, str], Due | None]
"""When a case of a hotline and a kind is to be settled."""


class Tx:
    """What can be read and changed within one transaction; `now` is its one reading of the clock."""

    def __init__(
        self,
        connection: Connection,
        now: datetime,
        queues: Mapping[str, Queue],
        new_id: Callable[[], str],
        due: DueOf = lambda hotline, kind: None,
        kinds: Mapping[str, Kind] = KINDS,
    ) -> None:
        self.connection = connection
        self.now = now
        self.new_id = new_id
        self.floor = SqlFloor(connection, queues, new_id, kinds)
        self.cases = Cases(connection, Terms(self._hotline_of, due, folded, self._said_not_settled))
        self.messages = MessageRows(connection)
        self.recordings = RecordingRows(connection)
        self.callbacks = CallbackRows(connection)
        self.inquiries = InquiryRows(connection)
        self.thirds = ThirdRows(connection)
        self.mails, self.sent, self.visits = MailRows(connection), SentRows(connection), VisitRows(connection)
        self.lookups = LookupRows(connection)
        self.emergencies = EmergencyRows(connection)
        self.publications = PublicationRows(connection)
        self.audit = AuditRows(connection)

    def record(self, event: Event) -> None:
        """Append one event."""
        keep_event(self.connection, event)

    def happened(self, about: str, what: str, **fields: object) -> None:
        """Append what happened now."""
        self.record(Event(self.now, about, what, fields))

    def audited(self, who: str, what: str, about: str = "", origin: str = "console", **fields: object) -> None:
        """Write down for good who did what, about what of ours, and from where (an address; `console`: a command)."""
        self.audit.add(self.now, who, origin, what, about, fields)

    def call(self, sid: str) -> Call | None:
        """A call by the carrier's id."""
        row = self.connection.execute(select(calls).where(calls.c.sid == sid)).first()
        return _call(row._mapping) if row else None

    def call_of(self, contact: str) -> Call | None:
        """The call that a contact is, or was: a call that waits twice is two contacts, one after the other."""
        known = self.floor.contact(contact)
        return self.call(known.call) if known and known.call else None

    def sender_of(self, contact: str) -> Mail | Visit | None:
        """The e-mail, or the visitor, that a contact is; None for calls."""
        return self.mails.of_contact(contact) or self.visits.of_contact(contact)

    def _hotline_of(self, call: str) -> str | None:
        return self.connection.execute(select(calls.c.hotline).where(calls.c.sid == call)).scalar()

    def _said_not_settled(self, call: str) -> bool:
        its = self.connection.execute(select(calls.c.answers).where(calls.c.sid == call)).scalar()
        return (its or {}).get(SETTLED) == NOT_SETTLED

    def surveyed_at(self, hotline: str, caller: str) -> datetime | None:
        """When this number or address was last offered the survey of a hotline, whatever it had been about."""
        its = (calls.c.hotline == hotline, calls.c.caller == caller, calls.c.survey_at.is_not(None))
        last = select(calls.c.survey_at).where(*its).order_by(calls.c.survey_at.desc()).limit(1)
        asked = (self.connection.execute(last).scalar(), self.inquiries.asked_at(hotline, caller))
        return max((at for at in asked if at), default=None)

    def add(self, call: Call) -> None:
        """A call that is new."""
        self.connection.execute(insert(calls).values(_row(call)))

    def save(self, call: Call) -> None:
        """A call as it is now."""
        self.connection.execute(update(calls).where(calls.c.sid == call.sid).values(_row(call)))

    def live_calls(self) -> list[str]:
        """The calls that have not ended here, the oldest first."""
        live = select(calls.c.sid).where(calls.c.state != CallState.ENDED).order_by(calls.c.started_at)
        return list(self.connection.execute(live.limit(RECONCILED_MAX)).scalars())

    def stranded(self, before: datetime) -> list[Call]:
        """Calls that are where they were although they should have left `before` this moment: an order was lost."""
        lost = (calls.c.state.in_(_LEAVING), calls.c.redirected_at <= before)
        return [_call(row) for row in self.connection.execute(select(calls).where(*lost)).mappings()]

    def sent_at(self) -> datetime | None:
        """Since when the first of the calls that should leave should have left."""
        sent = (calls.c.state.in_(_LEAVING), calls.c.redirected_at.is_not(None))
        first = select(calls.c.redirected_at).where(*sent).order_by(calls.c.redirected_at).limit(1)
        return self.connection.execute(first).scalar()

    def answer(self, call: str, door: str, step: int) -> bytes | None:
        """The answer that this step of a call was given, if it was."""
        where = (answers.c.call == call, answers.c.door == door, answers.c.step == step)
        return self.connection.execute(select(answers.c.body).where(*where)).scalar()

    def keep_answer(self, call: str, door: str, step: int, body: bytes) -> None:
        """Keep the answer of a step: whoever asks again gets these bytes."""
        self.connection.execute(insert(answers).values(call=call, door=door, step=step, body=body))

    def keep_files(
        self,
        version: str,
        hotline: str,
        files: Mapping[str, str],
        digests: Mapping[str, str] | None = None,
        sounds: Mapping[str, bytes] | None = None,
        live: bool = True,
    ) -> None:
        """Keep a hotline, once; with its recordings (`sounds`) and the digest of each that it plays.

        `live`: new calls hear it from now on; kept again, it is the latest again.
        """
        if self.files(version) is None:
            self.connection.execute(insert(trees).values(version=version, hotline=hotline, files=dict(files)))
            self.publications.keep_prompts(version, digests or {}, sounds or {})
        if live:
            self.went_live(version)

    def went_live(self, version: str) -> None:
        """New calls hear this version from now on."""
        self.connection.execute(update(trees).where(trees.c.version == version).values(published_at=self.now))

    def latest(self) -> Mapping[str, str]:
        """Each hotline's version that new calls heard last."""
        heard = select(trees.c.hotline, trees.c.version).where(trees.c.published_at.is_not(None))
        return {row.hotline: row.version for row in self.connection.execute(heard.order_by(trees.c.published_at))}

    def files(self, version: str) -> Mapping[str, str] | None:
        """The files of a published version."""
        return self.connection.execute(select(trees.c.files).where(trees.c.version == version)).scalar()


class Store:
    """The database. Every reading and writing goes through `transaction`."""

    def __init__(self, url: str, clock: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        """Open (and if need be create or bring up to date) the database at `url`."""
        self.engine = open_engine(url)
        self._clock, self._new_id = clock, new_id
        self.queues: Callable[[], Mapping[str, Queue]] = dict
        self.due: DueOf = lambda hotline, kind: None
        self.kinds: Callable[[], Mapping[str, Kind]] = lambda: KINDS
        migrate(self.engine)
        self._index_cases()

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """One thing that happens: the clock is read once, and all of it is kept or nothing."""
        with self.engine.begin() as connection:
            yield Tx(connection, self._clock(), self.queues(), self._new_id, self.due, self.kinds())

    @contextmanager
    def look(self) -> Iterator[Tx]:
        """Only look: it waits for nobody and keeps nobody waiting."""
        with self.engine.execution_options(read_only=True).begin() as connection:
            yield Tx(connection, self._clock(), self.queues(), self._new_id, self.due, self.kinds())

    def reckon_room(self) -> None:
        """What kinds of contacts there are has changed, and so has what those who are free may be offered."""
        with self.transaction() as tx:
            for agent in tx.floor.agents():
                if agent.state is AgentState.AVAILABLE:
                    tx.floor.change(agent, holds=dict(agent.holds))

    def _index_cases(self) -> None:
        """What an older program logged is found by its words, too."""
        with self.look() as tx:
            behind = tx.cases.is_behind()
        if behind:
            with self.transaction() as tx:
                tx.cases.index_what_is_not()

    def keep_files(self, version: str, hotline: str, files: Mapping[str, str]) -> None:
        """Keep a published hotline."""
        with self.transaction() as tx:
            tx.keep_files(version, hotline, files)

    def files(self, version: str) -> Mapping[str, str] | None:
        """The files of a published version."""
        with self.look() as tx:
            return tx.files(version)

    def latest(self) -> Mapping[str, str]:
        """Each hotline's version that new calls heard last."""
        with self.look() as tx:
            return tx.latest()

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


def migrate(engine: Engine, to: str = "head") -> None:
    """Bring the database up to this program's schema, in one transaction: the old schema or the new one, never half.

    SQLite changes a table by making it anew; meanwhile what points to the old one must not be looked at. It is checked
    at the end instead.
    """
    config = Config()
    config.set_main_option("script_location", "ivr:migrations")
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            _foreign_keys(connection, "OFF")
        try:
            with connection.begin():
                config.attributes["connection"] = connection
                command.upgrade(config, to)
                astray = connection.exec_driver_sql("PRAGMA foreign_key_check").all() if sqlite else []
                assert not astray, f"after the migration {len(astray)} rows point to nothing"
        finally:
            if sqlite:
                _foreign_keys(connection, "ON")


def _foreign_keys(connection: Connection, wanted: Literal["ON", "OFF"]) -> None:
    """Outside of transactions: within one, SQLite pays no heed to it."""
    pragma = {"ON": "PRAGMA foreign_keys = ON", "OFF": "PRAGMA foreign_keys = OFF"}[wanted]
    connection.connection.dbapi_connection.execute(pragma)


def _row(call: Call) -> dict[str, object]:
    row = {f.name: getattr(call, f.name) for f in fields(Call)}
    row["path"] = [list(pair) for pair in call.path]
    return row


def _call(row: Mapping[str, object]) -> Call:
    outcome = row["outcome"]
    return Call(
        **{
            **row,
            "state": CallState(row["state"]),
            "outcome": Outcome(outcome) if outcome else None,
            "path": [tuple(pair) for pair in row["path"]],
        }
    )
