"""Recording: a conversation that is kept - what the carrier is to do with it, what it does, and where its sound is."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Integer,
    String,
    Table,
    UniqueConstraint,
    func,
    insert,
    select,
    update,
)

from routing.store import Moment, metadata

PAUSE_S = 120
"""A pause goes on by itself after this, unless it is asked for again: one that is forgotten loses the rest."""

OVERDUE = timedelta(seconds=30)
"""Who began a pause ends it in time. A pause later than this has lost its program, and is left to a person."""

ORDERED = timedelta(seconds=15)
"""So long an order may be under way; longer than the carrier may take for it (wire.ORDER_TIMEOUT_S)."""

AGAIN = timedelta(seconds=2)
"""After this an order that failed is given again: somebody may be reading out the number of a card."""

TOLD_WITHIN = timedelta(minutes=1)
"""A recording of which the carrier has not told by then is asked for without being told."""

MISSING_AFTER = timedelta(hours=24)
FETCH_PAUSE_MAX = timedelta(hours=1)
FETCH_PAUSE_S = 15
FETCH_MAX = timedelta(minutes=10)
"""How long one fetching may take before somebody else tries."""


class Doing(StrEnum):
    """What a recording does, or is to do."""

    NOTHING = "nothing"  # it has not begun
    UNSURE = "unsure"  # something was ordered, and it is not known what came of it
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class RecordingState(StrEnum):
    """Where its sound is."""

    LIVE = "live"  # they talk
    ANNOUNCED = "announced"  # it is to be fetched
    KEPT = "kept"
    ABSENT = "absent"  # nothing was recorded
    MISSING = "missing"  # the carrier never gave it


def _listed(words: type[StrEnum]) -> str:
    return ", ".join(f"'{word.value}'" for word in words)


recordings = Table(
    "recordings",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("call", String(64), nullable=False),  # the carrier's id of the leg that is recorded
    Column("recording", String(64)),  # the carrier's id of it, once that is known
    Column("contact", String(64), index=True),  # None: the carrier told of a recording that we know nothing of
    Column("agent", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("wanted", String(16), nullable=False),
    Column("actual", String(16), nullable=False),
    Column("paused_at", Moment),
    Column("resume_at", Moment),
    Column("pauses", Integer, nullable=False),
    Column("length_s", Integer, nullable=False),
    Column("size", Integer),
    Column("digest", String(64)),
    Column("tries", Integer, nullable=False),
    Column("steer_at", Moment),
    Column("try_at", Moment),
    Column("look_at", Moment, index=True),
    Column("begun_at", Moment, nullable=False),
    Column("ended_at", Moment),
    UniqueConstraint("call", "recording", name="a_recording_is_told_of_once"),
    CheckConstraint(f"state IN ({_listed(RecordingState)})", name="state_is_known"),
    CheckConstraint("wanted IN ('running', 'paused', 'stopped')", name="wanted_is_known"),
    CheckConstraint(f"actual IN ({_listed(Doing)})", name="actual_is_known"),
    CheckConstraint("(wanted = 'paused') = (paused_at IS NOT NULL)", name="a_pause_has_its_time"),
    CheckConstraint("(state = 'kept') = (digest IS NOT NULL)", name="what_is_kept_is_sealed"),
)


@dataclass(slots=True)
class Recording:
    """One recording. `wanted` is what the carrier is to do, `actual` what it does as far as we know.

    `resume_at`: when a pause goes on by itself, if the program that began it is still there to end it. `steer_at`: when
    the carrier is told next what is wanted; `try_at`: when the sound is fetched next.
    """

    id: str
    call: str
    recording: str | None
    contact: str | None
    agent: str
    begun_at: datetime
    state: RecordingState = RecordingState.LIVE
    wanted: Doing = Doing.RUNNING
    actual: Doing = Doing.NOTHING
    paused_at: datetime | None = None
    resume_at: datetime | None = None
    pauses: int = 0
    length_s: int = 0
    size: int | None = None
    digest: str | None = None
    tries: int = 0
    steer_at: datetime | None = None
    try_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def settled(self) -> bool:
        """Whether the carrier does what is wanted; one that never began needs no pause and no end."""
        return self.wanted is self.actual or (self.actual is Doing.NOTHING and self.wanted is not Doing.RUNNING)

    @property
    def look_at(self) -> datetime | None:
        """When something is to be done about it."""
        left_alone = self.resume_at and self.resume_at + OVERDUE
        return min((it for it in (self.steer_at, left_alone, self.try_at) if it is not None), default=None)

    def want(self, what: Doing, now: datetime) -> None:
        """Say what the carrier is to do from now on. Where an order is under way, the next one follows on it."""
        if what is not Doing.PAUSED:
            self.paused_at = self.resume_at = None
        self.wanted = what
        self.steer_at = None if self.settled and self.steer_at is None else self.steer_at or now

    def pause(self, now: datetime) -> None:
        """Hear nothing; again: for as long once more."""
        if self.wanted is not Doing.PAUSED:
            self.paused_at, self.pauses = now, self.pauses + 1
        self.resume_at = now + timedelta(seconds=PAUSE_S)
        self.want(Doing.PAUSED, now)

    def over(self, now: datetime) -> None:
        """They talk no longer."""
        if self.state is RecordingState.LIVE:
            self.ended_at = now
            self.want(Doing.STOPPED, now)
            self.state = RecordingState.ABSENT if self.actual is Doing.NOTHING else RecordingState.ANNOUNCED
            if self.state is RecordingState.ANNOUNCED:
                self.try_at = now + (TOLD_WITHIN if self.recording else MISSING_AFTER)

    def done(self, what: Doing, now: datetime, recording: str | None = None) -> None:
        """The carrier does it."""
        self.actual, self.recording = what, self.recording or recording
        self.steer_at = None if self.settled else now

    def again(self, now: datetime) -> None:
        """It was not heard: soon once more."""
        self.steer_at = now + AGAIN

    def gone(self, now: datetime) -> None:
        """The carrier has nothing to do it with: the recording never began, or it is over, or the call is."""
        if self.recording is None and self.wanted is Doing.PAUSED:
            self.done(Doing.NOTHING, now)
            return
        self.over(now)
        self.actual, self.steer_at = Doing.STOPPED, None
        if self.recording is None and self.state is RecordingState.ANNOUNCED:
            self.state, self.try_at = RecordingState.ABSENT, None


class RecordingRows:
    """The recordings within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, recording: Recording) -> None:
        """One that is new."""
        self._connection.execute(insert(recordings).values(_row(recording)))

    def save(self, recording: Recording) -> None:
        """One as it is now."""
        its = recordings.c.id == recording.id
        self._connection.execute(update(recordings).where(its).values(_row(recording)))

    def get(self, id: str) -> Recording | None:
        """One by our id."""
        return self._first(recordings.c.id == id)

    def of_carrier(self, call: str, recording: str) -> Recording | None:
        """One by the carrier's ids."""
        return self._first(recordings.c.call == call, recordings.c.recording == recording)

    def live_of(self, contact: str) -> Recording | None:
        """That of a conversation that goes on."""
        return self._first(recordings.c.contact == contact, recordings.c.state == RecordingState.LIVE)

    def of_contact(self, contact: str) -> list[Recording]:
        """Those of a conversation, the first one first."""
        return self._all(select(recordings).where(recordings.c.contact == contact).order_by(recordings.c.begun_at))

    def latest(self, limit: int) -> list[Recording]:
        """The latest first."""
        return self._all(select(recordings).order_by(recordings.c.begun_at.desc(), recordings.c.id).limit(limit))

    def live(self, limit: int) -> list[Recording]:
        """Those of conversations that go on, the oldest first."""
        live = select(recordings).where(recordings.c.state == RecordingState.LIVE)
        return self._all(live.order_by(recordings.c.begun_at).limit(limit))

    def due(self, now: datetime) -> list[Recording]:
        """Those about which something is to be done now, the longest due first."""
        return self._all(select(recordings).where(recordings.c.look_at <= now).order_by(recordings.c.look_at))

    def next_look_at(self) -> datetime | None:
        """When something is to be done next."""
        return self._connection.execute(select(func.min(recordings.c.look_at))).scalar()

    def take_to_steer(self, id: str, now: datetime) -> Recording | None:
        """One about which the carrier is to be told something now; nobody else tells it for a while.

        Until it has said yes, nobody knows what it does: that is written down before it is asked.
        """
        found = self.get(id)
        if found is None or found.steer_at is None or found.steer_at > now:
            return None
        wanted, before = not found.settled, found.steer_at
        found.steer_at = now + ORDERED if wanted else None
        found.actual = Doing.UNSURE if wanted else found.actual
        taken = (recordings.c.id == id, recordings.c.steer_at == before)
        done = self._connection.execute(update(recordings).where(*taken).values(_row(found)))
        return found if wanted and done.rowcount == 1 else None

    def _first(self, *conditions: object) -> Recording | None:
        return next(iter(self._all(select(recordings).where(*conditions).limit(1))), None)

    def _all(self, query: object) -> list[Recording]:
        return [_recording(row) for row in self._connection.execute(query).mappings()]


def _row(recording: Recording) -> dict[str, object]:
    return {f.name: getattr(recording, f.name) for f in fields(recording)} | {"look_at": recording.look_at}


def _recording(row: object) -> Recording:
    known = {f.name: row[f.name] for f in fields(Recording)}
    words = {"state": RecordingState(row["state"])} | {name: Doing(row[name]) for name in ("wanted", "actual")}
    return Recording(**(known | words))
