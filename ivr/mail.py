"""Mail: an e-mail that came in - kept once, whoever brings it how often, until somebody has answered or closed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    insert,
    or_,
    select,
    update,
)

from ivr.mail_letter import Enclosed
from routing.contact import Relaxing
from routing.store import Moment, metadata

THREAD_MAX = 50
"""So many mails of one conversation are shown."""


class MailState(StrEnum):
    """What became of an e-mail."""

    OPEN = "open"  # somebody has it, or will
    ANSWERED = "answered"
    CLOSED = "closed"  # somebody said that it needs no answer
    KEPT = "kept"  # it went into no queue: `why`


_states = ", ".join(f"'{state.value}'" for state in MailState)
mails = Table(
    "mails",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("hotline", String(64), nullable=False),
    Column("message_id", String(400), nullable=False),
    Column("address", String(254), nullable=False),
    Column("sender", String(254), nullable=True),
    Column("sender_name", String(200), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("text", Text, nullable=False),
    Column("left_out", Integer, nullable=False),
    Column("thread", String(64), nullable=False, index=True),
    Column("came_at", Moment, nullable=False, index=True),
    Column("language", String(8), nullable=False),
    Column("queue", String(64), nullable=False),
    Column("needs", JSON, nullable=False),
    Column("relax", JSON, nullable=False),
    Column("case_kind", String(32), nullable=False),
    Column("case_number", ForeignKey("cases.number"), nullable=True, index=True),
    Column("state", String(16), nullable=False),
    Column("why", String(64), nullable=True),
    Column("contact", String(64), unique=True),
    Column("try_at", Moment, index=True),
    Column("draft", Text, nullable=False),
    Column("done_at", Moment),
    Column("taken_at", Moment),
    Column("done_by", String(64)),
    UniqueConstraint("hotline", "message_id", name="mails_come_once"),
    CheckConstraint(f"state IN ({_states})", name="state_is_known"),
    CheckConstraint("state = 'open' OR try_at IS NULL", name="only_open_mails_wait"),
    CheckConstraint("contact IS NULL OR try_at IS NULL", name="mails_wait_once"),
    CheckConstraint("(state IN ('answered', 'closed')) = (done_at IS NOT NULL)", name="done_mails_have_an_end"),
    CheckConstraint("state <> 'kept' OR taken_at IS NULL", name="nobody_took_what_was_kept"),
)
mail_files = Table(
    "mail_files",
    metadata,
    Column("mail", ForeignKey("mails.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("type", String(100), nullable=False),
    Column("body", LargeBinary, nullable=False),
)
Index("mails_sender_came", mails.c.sender, mails.c.came_at)


@dataclass(slots=True)
class Mail:
    """One e-mail. `thread` is the id of the first mail of its conversation, `address` ours that it came to.

    `contact` is its contact on the floor while it has one, and `try_at` when it gets one (again). `draft` is the answer
    as far as it is written. `left_out`: so many attachments were too large or too many to be kept.
    """

    id: str
    hotline: str
    message_id: str
    address: str
    sender: str | None
    sender_name: str
    subject: str
    text: str
    thread: str
    came_at: datetime
    language: str
    queue: str
    case_kind: str
    needs: Mapping[str, object] = field(default_factory=dict)
    relax: Relaxing = ()
    left_out: int = 0
    case_number: int | None = None
    state: MailState = MailState.OPEN
    why: str | None = None
    contact: str | None = None
    try_at: datetime | None = None
    draft: str = ""
    done_at: datetime | None = None
    done_by: str | None = None
    taken_at: datetime | None = None  # when somebody took it in hand first

    @property
    def caller(self) -> str | None:
        """Who it is from, as cases name people."""
        return self.sender

    @property
    def since(self) -> datetime:
        """Since when it waits."""
        return self.came_at

    @property
    def waits(self) -> bool:
        """Whether it is still to be put in line when it has no contact."""
        return self.state is MailState.OPEN


class MailRows:
    """The e-mails within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, mail: Mail, files: Iterable[Enclosed] = ()) -> None:
        """An e-mail that is new, with what was enclosed."""
        self._connection.execute(insert(mails).values(_row(mail)))
        for number, it in enumerate(files, start=1):
            row = {"mail": mail.id, "number": number, "name": it.name, "type": it.type, "body": it.body}
            self._connection.execute(insert(mail_files).values(row))

    def save(self, mail: Mail) -> None:
        """An e-mail as it is now."""
        self._connection.execute(update(mails).where(mails.c.id == mail.id).values(_row(mail)))

    def get(self, id: str) -> Mail | None:
        """One e-mail."""
        return self._first(mails.c.id == id)

    def by_message_id(self, hotline: str, message_id: str) -> Mail | None:
        """The e-mail that came by this id before."""
        return self._first(mails.c.hotline == hotline, mails.c.message_id == message_id)

    def by_message_ids(self, hotline: str, ids: Iterable[str]) -> Mail | None:
        """The latest e-mail that came by one of these ids."""
        known = select(mails).where(mails.c.hotline == hotline, mails.c.message_id.in_(tuple(ids)))
        return next(iter(self._all(known.order_by(mails.c.came_at.desc()).limit(1))), None)

    def of_contact(self, contact: str) -> Mail | None:
        """The e-mail that a contact is."""
        return self._first(mails.c.contact == contact)

    def of_thread(self, thread: str) -> list[Mail]:
        """The latest mails of one conversation, the first one first."""
        found = select(mails).where(mails.c.thread == thread).order_by(mails.c.came_at.desc()).limit(THREAD_MAX)
        return self._all(found)[::-1]

    def of_sender(self, sender: str, limit: int) -> list[Mail]:
        """What somebody has written lately, the latest first."""
        return self._all(select(mails).where(mails.c.sender == sender).order_by(mails.c.came_at.desc()).limit(limit))

    def came_from(self, sender: str, since: datetime) -> int:
        """How many e-mails somebody has sent since then."""
        theirs = (mails.c.sender == sender, mails.c.came_at >= since)
        return self._connection.execute(select(func.count()).select_from(mails).where(*theirs)).scalar() or 0

    def due(self, now: datetime, limit: int) -> list[Mail]:
        """Those that are to be put in line now, the oldest first."""
        return self._all(select(mails).where(mails.c.try_at <= now).order_by(mails.c.came_at).limit(limit))

    def next_try_at(self) -> datetime | None:
        """When one is to be put in line next."""
        first = select(mails.c.try_at).where(mails.c.try_at.is_not(None)).order_by(mails.c.try_at).limit(1)
        return self._connection.execute(first).scalar()

    def latest(self, states: Iterable[MailState], limit: int) -> list[Mail]:
        """The latest ones in these states."""
        wanted = select(mails).where(or_(*(mails.c.state == it.value for it in states)))
        return self._all(wanted.order_by(mails.c.came_at.desc(), mails.c.id).limit(limit))

    def open_by_queue(self) -> dict[str, tuple[int, datetime]]:
        """By queue: how many are open, and since when the first one is."""
        rows = select(mails.c.queue, func.count(), func.min(mails.c.came_at)).where(mails.c.state == "open")
        return {queue: (n, since) for queue, n, since in self._connection.execute(rows.group_by(mails.c.queue))}

    def files(self, mail: str) -> list[tuple[int, str, int]]:
        """What was enclosed: number, name, bytes."""
        its = select(mail_files.c.number, mail_files.c.name, func.length(mail_files.c.body))
        found = self._connection.execute(its.where(mail_files.c.mail == mail).order_by(mail_files.c.number))
        return [(number, name, size) for number, name, size in found]

    def file(self, mail: str, number: int) -> Enclosed | None:
        """One attachment."""
        its = (mail_files.c.mail == mail, mail_files.c.number == number)
        row = self._connection.execute(select(mail_files).where(*its)).first()
        return Enclosed(row.name, row.type, row.body) if row else None

    def _first(self, *conditions: object) -> Mail | None:
        return next(iter(self._all(select(mails).where(*conditions).limit(1))), None)

    def _all(self, query: object) -> list[Mail]:
        return [Mail(**{**row, **_read(row)}) for row in self._connection.execute(query).mappings()]


def _row(mail: Mail) -> dict[str, object]:
    row = {f.name: getattr(mail, f.name) for f in fields(mail)}
    return {**row, "needs": dict(mail.needs), "relax": [[after_s, dict(needs)] for after_s, needs in mail.relax]}


def _read(row: Mapping[str, object]) -> dict[str, object]:
    return {"state": MailState(row["state"]), "relax": tuple((after_s, needs) for after_s, needs in row["relax"])}
