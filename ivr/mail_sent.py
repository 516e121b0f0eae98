"""Mail sent: what goes out by e-mail - each row is to be sent, sent, or given up where it can be seen, and only one of
these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    case,
    func,
    insert,
    select,
    update,
)

from routing.store import Moment, metadata

GIVEN_UP_AFTER = timedelta(hours=72)
FIRST_PAUSE_S, PAUSE_MAX_S = 60, 3600
LEASE = timedelta(minutes=5)
"""How long one sending may take before somebody else tries."""

WHY_LENGTH_MAX = 200

_one = "(try_at IS NOT NULL AND sent_at IS NULL AND failed_at IS NULL)"
_two = "(try_at IS NULL AND sent_at IS NOT NULL AND failed_at IS NULL)"
_three = "(try_at IS NULL AND sent_at IS NULL AND failed_at IS NOT NULL)"
mails_sent = Table(
    "mails_sent",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("mail", ForeignKey("mails.id"), index=True),
    Column("inquiry", ForeignKey("inquiries.id"), unique=True),
    Column("sender", String(254), nullable=False),
    Column("recipient", String(254), nullable=False, index=True),
    Column("subject", String(400), nullable=False),
    Column("body", Text, nullable=False),
    Column("message_id", String(400), nullable=False, unique=True),
    Column("answers", Text, nullable=False),
    Column("automatic", Boolean, nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("made_at", Moment, nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    Column("try_at", Moment, index=True),
    Column("sent_at", Moment),
    Column("failed_at", Moment),
    Column("bounced_at", Moment),
    Column("why", String(200)),
    CheckConstraint(f"{_one} OR {_two} OR {_three}", name="pending_sent_or_failed"),
)


@dataclass(slots=True)
class MailSent:
    """One e-mail of ours. `answers` are the message ids of its conversation, the one it answers last.

    `try_at`: when it is sent (again); `sent_at`: a mail server took it; `failed_at`: it was given up; `bounced_at`: it
    was taken, and came back. `why` is the last word of whoever did not take it. `mail`: the e-mail of theirs that it is
    about. `inquiry`: it asks a survey; nobody here is to see its link, so the text goes when it is sent or given up.
    """

    id: str
    mail: str | None
    sender: str
    recipient: str
    subject: str
    body: str
    message_id: str
    answers: str
    automatic: bool
    made_by: str
    made_at: datetime
    try_at: datetime | None
    tries: int = 0
    sent_at: datetime | None = None
    failed_at: datetime | None = None
    bounced_at: datetime | None = None
    why: str | None = None
    inquiry: str | None = None

    def taken(self, now: datetime) -> None:
        """A mail server has it."""
        self.tries, self.try_at, self.sent_at, self.why = self.tries + 1, None, now, None
        self._forget()

    def refused(self, why: str, for_good: bool, now: datetime) -> None:
        """Nobody took it: again later, or never."""
        pause = timedelta(seconds=min(FIRST_PAUSE_S * 2 ** min(self.tries, 16), PAUSE_MAX_S))
        self.tries, self.why = self.tries + 1, why[:WHY_LENGTH_MAX]
        if for_good or now + pause >= self.made_at + GIVEN_UP_AFTER:
            self.try_at, self.failed_at = None, now
            self._forget()
        else:
            self.try_at = now + pause

    def _forget(self) -> None:
        if self.inquiry:
            self.body = ""


class SentRows:
    """Our e-mails within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, mail: MailSent) -> None:
        """One that is new."""
        self._connection.execute(insert(mails_sent).values(_row(mail)))

    def save(self, mail: MailSent) -> None:
        """One as it is now."""
        self._connection.execute(update(mails_sent).where(mails_sent.c.id == mail.id).values(_row(mail)))

    def get(self, id: str) -> MailSent | None:
        """One of them."""
        return self._first(mails_sent.c.id == id)

    def by_message_ids(self, ids: tuple[str, ...]) -> MailSent | None:
        """The latest of ours that one of these message ids names."""
        known = mails_sent.c.message_id.in_(ids)
        return self._first(known, order=mails_sent.c.made_at.desc()) if ids else None

    def of_mails(self, mails: tuple[str, ...]) -> list[MailSent]:
        """What was written about these, the first one first; no survey, whose link is the customer's alone."""
        its = (mails_sent.c.mail.in_(mails), mails_sent.c.inquiry.is_(None))
        return self._all(select(mails_sent).where(*its).order_by(mails_sent.c.made_at))

    def answered_by_program_at(self, recipient: str) -> datetime | None:
        """When a program of ours answered this address last; a survey is no answer."""
        ours = (mails_sent.c.automatic.is_(True), mails_sent.c.inquiry.is_(None))
        theirs = (mails_sent.c.recipient == recipient, *ours)
        last = select(mails_sent.c.made_at).where(*theirs).order_by(mails_sent.c.made_at.desc()).limit(1)
        return self._connection.execute(last).scalar()

    def take_due(self, now: datetime, limit: int) -> list[MailSent]:
        """Those that are to be sent now: nobody else takes them meanwhile."""
        found = self._all(
            select(mails_sent).where(mails_sent.c.try_at <= now).order_by(mails_sent.c.try_at).limit(limit)
        )
        for it in found:
            lease = update(mails_sent).where(mails_sent.c.id == it.id)
            self._connection.execute(lease.values(try_at=now + LEASE))
        return found

    def any_due(self, now: datetime) -> bool:
        """Whether there is something to send."""
        due = select(mails_sent.c.id).where(mails_sent.c.try_at <= now).limit(1)
        return self._connection.execute(due).first() is not None

    def counts(self) -> dict[str, int]:
        """How many were sent, are pending, and have failed: together, all there are."""
        sums = [
            func.coalesce(func.sum(case((mails_sent.c[name].is_not(None), 1), else_=0)), 0)
            for name in ("sent_at", "try_at", "failed_at")
        ]
        sent, pending, failed, rows = self._connection.execute(select(*sums, func.count(mails_sent.c.id))).one()
        return {"sent": sent, "pending": pending, "failed": failed, "rows": rows}

    def unsent(self, limit: int) -> list[MailSent]:
        """What was given up or came back, and what is still to be sent, the latest first."""
        open_ones = mails_sent.c.sent_at.is_(None) | mails_sent.c.bounced_at.is_not(None)
        return self._all(select(mails_sent).where(open_ones).order_by(mails_sent.c.made_at.desc()).limit(limit))

    def _first(self, *conditions: object, order: object = None) -> MailSent | None:
        query = select(mails_sent).where(*conditions).limit(1)
        return next(iter(self._all(query.order_by(order) if order is not None else query)), None)

    def _all(self, query: object) -> list[MailSent]:
        return [MailSent(**row) for row in self._connection.execute(query).mappings()]


def _row(mail: MailSent) -> Mapping[str, object]:
    return {f.name: getattr(mail, f.name) for f in fields(mail)}
