"""Inquiry: one survey that is asked afterwards - by a call of its own, or by a link - until it is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    String,
    Table,
    func,
    insert,
    or_,
    select,
    update,
)

from routing.store import Moment, metadata

LINE, CALL_BACK, LINK = "line", "call_back", "link"
"""How a survey may be asked: at once on the same line, by a call of its own, by a link in a text message."""

WORDS_LENGTH_MAX = 2000
"""Of what somebody writes on the page behind a link."""


class InquiryState(StrEnum):
    """Where an inquiry is."""

    OPEN = "open"  # to be rung or sent at `try_at`
    CALLING = "calling"  # rung, or asked whether they would
    ASKING = "asking"  # they would: the questions are asked
    SENT = "sent"  # the link is out
    OVER = "over"


class CameOf(StrEnum):
    """What came of one that is over."""

    ANSWERED = "answered"
    DECLINED = "declined"
    NOT_REACHED = "not reached"
    NOT_SENT = "not sent"  # nobody was asked anything


def _one_of(states: type[StrEnum]) -> str:
    return ", ".join(f"'{state.value}'" for state in states)


inquiries = Table(
    "inquiries",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("call", ForeignKey("calls.sid"), unique=True),
    Column("contact", ForeignKey("contacts.id"), unique=True),
    Column("hotline", String(64), nullable=False),
    Column("version", String(64), nullable=False),
    Column("language", String(8), nullable=False),
    Column("sender", String(254), nullable=False),
    Column("answers", JSON, nullable=False),
    Column("way", String(16), nullable=False),
    Column("node", String(64), nullable=False),
    Column("number", String(254), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("try_at", Moment, index=True),
    Column("state", String(16), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("leg_sid", String(64), unique=True),
    Column("word_hash", String(64), unique=True),
    Column("expires_at", Moment),
    Column("came_of", String(16)),
    Column("words", String(WORDS_LENGTH_MAX), nullable=False),
    CheckConstraint(f"way IN ('{CALL_BACK}', '{LINK}')", name="way_is_known"),
    CheckConstraint(f"state IN ({_one_of(InquiryState)})", name="state_is_known"),
    CheckConstraint(f"came_of IN ({_one_of(CameOf)})", name="came_of_is_known"),
    CheckConstraint("(state = 'over') = (came_of IS NOT NULL)", name="something_came_of_what_is_over"),
    CheckConstraint("state <> 'over' OR try_at IS NULL", name="what_is_over_is_not_tried"),
    CheckConstraint("(call IS NULL) <> (contact IS NULL)", name="about_a_call_or_a_contact"),
    CheckConstraint(f"contact IS NULL OR way = '{LINK}'", name="contacts_are_asked_by_link"),
)
Index("inquiries_asked", inquiries.c.number, inquiries.c.made_at)


@dataclass(slots=True)
class Inquiry:
    """One survey asked later about `call` - or about `contact`, an e-mail or a visit - as `node` of its tree says it.

    About a contact it knows itself what a call would know: `hotline`, `version`, `language`, from which address or
    number of ours it goes (`sender`), and the answers. `number` may then be an e-mail address.

    `try_at`: when it is rung or sent (again) - or, while it is rung, when it is given up that nobody tells how it went.
    `word_hash` is the digest of the word in the link, `words` what was written on the page; about a call, the answers
    are the call's.
    """

    id: str
    call: str | None
    way: str
    node: str
    number: str
    made_at: datetime
    try_at: datetime | None
    state: InquiryState = InquiryState.OPEN
    tries: int = 0
    leg_sid: str | None = None
    word_hash: str | None = None
    expires_at: datetime | None = None
    came_of: CameOf | None = None
    words: str = ""
    contact: str | None = None
    hotline: str = ""
    version: str = ""
    language: str = ""
    sender: str = ""
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def about(self) -> str:
        """The call or the contact, as events name it."""
        return self.call or self.contact or ""


class InquiryRows:
    """The inquiries within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, inquiry: Inquiry) -> None:
        """One that is new."""
        self._connection.execute(insert(inquiries).values(_row(inquiry)))

    def save(self, inquiry: Inquiry) -> None:
        """One as it is now."""
        self._connection.execute(update(inquiries).where(inquiries.c.id == inquiry.id).values(_row(inquiry)))

    def get(self, id: str) -> Inquiry | None:
        """One by its id."""
        return self._first(inquiries.c.id == id)

    def of_leg(self, leg_sid: str) -> Inquiry | None:
        """The one that a call of our own is made for."""
        return self._first(inquiries.c.leg_sid == leg_sid)

    def of_word(self, word_hash: str) -> Inquiry | None:
        """The one that a link leads to."""
        return self._first(inquiries.c.word_hash == word_hash)

    def of_calls(self, calls: Sequence[str]) -> dict[str, Inquiry]:
        """Those about these calls, by call."""
        found = self._all(select(inquiries).where(inquiries.c.call.in_(calls)))
        return {it.call: it for it in found}

    def of_contacts(self, contacts: Sequence[str]) -> dict[str, Inquiry]:
        """Those about these e-mails and visits, by contact."""
        found = self._all(select(inquiries).where(inquiries.c.contact.in_(contacts)))
        return {it.contact: it for it in found}

    def asked_at(self, hotline: str, number: str) -> datetime | None:
        """When somebody was last asked about an e-mail or a visit; who could not be reached at all was not asked."""
        sent = or_(inquiries.c.came_of.is_(None), inquiries.c.came_of != CameOf.NOT_SENT)
        theirs = (inquiries.c.number == number, inquiries.c.hotline == hotline, inquiries.c.contact.is_not(None), sent)
        return self._connection.execute(select(func.max(inquiries.c.made_at)).where(*theirs)).scalar()

    def due(self, now: datetime, limit: int) -> list[Inquiry]:
        """Those that something is to be done about now, the longest due first."""
        return self._all(
            select(inquiries).where(inquiries.c.try_at <= now).order_by(inquiries.c.try_at, inquiries.c.id).limit(limit)
        )

    def next_try_at(self) -> datetime | None:
        """When something is to be done about one next."""
        return self._connection.execute(select(func.min(inquiries.c.try_at))).scalar()

    def on_the_line(self) -> int:
        """How many are rung or asked at this moment."""
        live = inquiries.c.state.in_((InquiryState.CALLING, InquiryState.ASKING))
        return self._connection.execute(select(func.count()).select_from(inquiries).where(live)).scalar() or 0

    def _first(self, condition: object) -> Inquiry | None:
        return next(iter(self._all(select(inquiries).where(condition).limit(1))), None)

    def _all(self, query: object) -> list[Inquiry]:
        return [_inquiry(row) for row in self._connection.execute(query).mappings()]


def _row(inquiry: Inquiry) -> dict[str, object]:
    return {f.name: getattr(inquiry, f.name) for f in fields(inquiry)}


def _inquiry(row: Mapping[str, object]) -> Inquiry:
    came_of = row["came_of"]
    return Inquiry(**{**row, "state": InquiryState(row["state"]), "came_of": CameOf(came_of) if came_of else None})
