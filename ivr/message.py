"""Message: what a caller recorded for us - announced by the carrier, fetched, and kept under an id of ours."""

from __future__ import annotations

import logging
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, Connection, Integer, String, Table, insert, or_, select, update

from recordings.archive import Archive, NotKept
from routing.store import Moment, metadata
from routing.store.tables import case_links

log = logging.getLogger(__name__)

FETCH_TRIES_MAX = 12
FETCH_MAX = timedelta(minutes=2)
"""How long one fetching may take before somebody else tries."""
FETCH_PAUSE_S = 15
"""A message is fetched again after 30 s, 1 min, 2 min ... for about a day, and is then shown as missing."""


MATTER, SURVEY = "matter", "survey"
"""What a message is for."""


class MessageState(StrEnum):
    """Where a recorded message is."""

    ANNOUNCED = "announced"
    KEPT = "kept"
    MISSING = "missing"


messages = Table(
    "messages",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("recording", String(64), nullable=False, unique=True),  # the carrier's id
    Column("call", String(64), nullable=False, index=True),
    Column("case_number", String(16), index=True),
    Column("state", String(16), nullable=False),
    Column("length_s", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("try_at", Moment, index=True),
    Column("created_at", Moment, nullable=False),
    Column("purpose", String(16), nullable=False),
    CheckConstraint("purpose IN ('matter', 'survey')", name="purpose_is_known"),
    CheckConstraint("state IN ('announced', 'kept', 'missing')", name="message_state_is_known"),
)


@dataclass(slots=True)
class Message:
    """A recorded message. `try_at`: when its sound is fetched next; None once it is kept or given up.

    `purpose`: about a matter of the caller's, or - `survey` - said after its questions.
    """

    id: str
    recording: str
    call: str
    case_number: str | None
    length_s: int
    created_at: datetime
    try_at: datetime | None
    state: MessageState = MessageState.ANNOUNCED
    tries: int = 0
    purpose: str = MATTER


class MessageRows:
    """The messages within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, message: Message) -> None:
        """A message that is new."""
        self._connection.execute(insert(messages).values(_row(message)))

    def save(self, message: Message) -> None:
        """A message as it is now."""
        self._connection.execute(update(messages).where(messages.c.id == message.id).values(_row(message)))

    def get(self, id: str) -> Message | None:
        """A message by our id."""
        return self._first(messages.c.id == id)

    def of_recording(self, recording: str) -> Message | None:
        """A message by the carrier's id."""
        return self._first(messages.c.recording == recording)

    def of_case(self, number: str) -> list[Message]:
        """The messages of a case, and what was said in the surveys of its calls, oldest first."""
        calls = select(case_links.c.call).where(case_links.c.case_number == int(number), case_links.c.call.is_not(None))
        said = (messages.c.purpose == SURVEY) & messages.c.call.in_(calls)
        its = select(messages).where(or_(messages.c.case_number == number, said))
        return self._all(its.order_by(messages.c.created_at))

    def cases_of(self, message: Message) -> list[str]:
        """The numbers of the cases that a message belongs to."""
        own = [message.case_number] if message.case_number else []
        if message.purpose != SURVEY:
            return own
        linked = select(case_links.c.case_number).where(case_links.c.call == message.call).distinct()
        return own + [str(number) for number in self._connection.execute(linked).scalars()]

    def any_due(self, now: datetime) -> bool:
        """Whether the sound of a message is to be fetched now."""
        return self._first(messages.c.try_at <= now) is not None

    def take_due(self, now: datetime) -> list[Message]:
        """The messages whose sound is to be fetched now, the longest due first; nobody else takes them for a while."""
        due = self._all(select(messages).where(messages.c.try_at <= now).order_by(messages.c.try_at))
        for message in due:
            message.try_at = now + FETCH_MAX
            self.save(message)
        return due

    def next_try_at(self) -> datetime | None:
        """When a message is to be fetched next."""
        soonest = select(messages.c.try_at).where(messages.c.try_at.is_not(None)).order_by(messages.c.try_at).limit(1)
        return self._connection.execute(soonest).scalar()

    def _first(self, condition: object) -> Message | None:
        return next(iter(self._all(select(messages).where(condition))), None)

    def _all(self, query: object) -> list[Message]:
        rows = self._connection.execute(query).mappings()
        return [Message(**{**row, "state": MessageState(row["state"])}) for row in rows]


def fetched(rows: MessageRows, archive: Archive, recording: str, sound: bytes | None, now: datetime) -> Message | None:
    """Take what the carrier sent for a recording (None: it had nothing yet): keep it, or try later, or give it up."""
    message = rows.of_recording(recording)
    if message is None or message.state is MessageState.KEPT:
        return message
    message.tries += 1
    try:
        if sound is not None:
            message.length_s = round(archive.keep(message.id, sound).length_s)
            message.state, message.try_at = MessageState.KEPT, None
    except (NotKept, OSError) as error:  # a disk that is full may have room again
        log.warning("message %s: %s", message.id, error)
    if message.state is not MessageState.KEPT:
        given_up = message.tries >= FETCH_TRIES_MAX
        message.state = MessageState.MISSING if given_up else MessageState.ANNOUNCED
        message.try_at = None if given_up else now + timedelta(seconds=FETCH_PAUSE_S * 2**message.tries)
    rows.save(message)
    return message


def _row(message: Message) -> dict[str, object]:
    return {f.name: getattr(message, f.name) for f in fields(Message)}
