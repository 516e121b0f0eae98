"""The floor's tables, with the rules that hold even if the program errs: what must be unique, known and present."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)

from routing.agent import AgentState
from routing.case import NUMBER_FIRST, CaseState, Channel
from routing.contact import ContactState, Outcome
from routing.offer import OfferState

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "fk": "%(table_name)s_%(column_0_name)s_fk",
        "uq": "%(table_name)s_%(column_0_name)s_uq",
        "ix": "%(table_name)s_%(column_0_name)s_ix",
        "ck": "%(table_name)s_%(constraint_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A moment, kept as ISO 8601 text in UTC with microseconds: readable, and sorted as text it is sorted in time."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:
        """ValueError for a moment without a time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone (an aware UTC moment is right)")
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: str | None, dialect: Any) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


def _one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_is_known")


def _only(name: str, *columns: Any, where: str, unique: bool = False) -> Index:
    """An index over the rows that `where` picks, in both databases."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


FREE = "free_for IS NOT NULL"

contacts = Table(
    "contacts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("queue", String(64), nullable=False),
    Column("needs", JSON, nullable=False),
    Column("lane", String(1024), nullable=False),
    Column("head_start_s", Integer, nullable=False),
    Column("language", String(8), nullable=False),
    Column("case_kind", String(32)),
    Column("call", String(64), index=True),
    Column("relax", JSON, nullable=False),
    Column("who", String(64)),
    Column("preferred", String(64)),
    Column("away", Boolean, nullable=False, default=False),
    Column("spares", JSON, nullable=False, default=dict),
    Column("transfers", Integer, nullable=False),
    Column("closes_at", Moment),
    Column("asks_about", ForeignKey("contacts.id")),
    Column("state", String(16), nullable=False),
    Column("entered_at", Moment, nullable=False),
    Column("rank", Moment, nullable=False),
    Column("seq", Integer, nullable=False, unique=True),
    Column("max_wait_at", Moment, nullable=False),
    Column("relax_at", Moment),
    Column("preferred_until", Moment),
    Column("reach", Integer, nullable=False),
    Column("offers_made", Integer, nullable=False),
    Column("rounds", Integer, nullable=False),
    Column("rung", Integer, nullable=False),
    Column("ring_more_at", Moment),
    Column("last_agent", String(64)),
    Column("talking_at", Moment),
    Column("held_since", Moment),
    Column("held_s", Float, nullable=False),
    Column("ended_at", Moment),
    Column("outcome", String(16)),
    Column("why", String(64)),
    Column("disposition", String(64)),
    Column("place_to", ForeignKey("contacts.id")),
    _one_of("state", ContactState),
    _one_of("outcome", Outcome),
    CheckConstraint("(state = 'done') = (outcome IS NOT NULL)", name="done_has_an_outcome"),
    CheckConstraint("(state = 'done') = (ended_at IS NOT NULL)", name="done_has_an_end"),
    CheckConstraint(
        "state <> 'done' OR (outcome IN ('served', 'transferred')) = (talking_at IS NOT NULL)",
        name="served_have_talked",
    ),
    CheckConstraint("ring_more_at IS NULL OR state = 'offered'", name="only_who_is_offered_rings_more"),
    CheckConstraint("held_since IS NULL OR state = 'talking'", name="only_who_talks_is_held"),
    CheckConstraint("kind <> 'consult' OR asks_about IS NOT NULL", name="a_consultation_is_about_something"),
    _only("contacts_asking", "asks_about", where="asks_about IS NOT NULL"),
    _only("one_consultation_at_a_time", "asks_about", where="kind = 'consult' AND state <> 'done'", unique=True),
    CheckConstraint("NOT away OR state <> 'talking'", name="who_talks_is_here"),
    _only("contacts_in_a_lane", "lane", "rank", "seq", where="state = 'waiting'"),
    _only("contacts_max_wait", "max_wait_at", where="state = 'waiting'"),
    _only("contacts_relaxing", "relax_at", where="state = 'waiting' AND relax_at IS NOT NULL"),
    _only("contacts_in_a_queue", "queue", "rank", "seq", where="state IN ('waiting', 'offered')"),
    Index("contacts_entered", "queue", "seq"),
    _only("contacts_ringing_more", "ring_more_at", where="ring_more_at IS NOT NULL"),
    _only("contacts_of_somebody", "who", "talking_at", where="who IS NOT NULL AND talking_at IS NOT NULL"),
    _only(
        "contacts_cut_off",
        "who",
        "queue",
        "ended_at",
        where="outcome = 'abandoned' AND who IS NOT NULL AND place_to IS NULL",
    ),
)

agents = Table(
    "agents",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("display_name", String(256), nullable=False),
    Column("address", String(256), nullable=False),
    Column("ring_at", String(8), nullable=False),
    Column("skills", JSON, nullable=False),
    Column("groups", JSON, nullable=False),
    Column("capacity", JSON, nullable=False),
    Column("wrap_up_s", Integer),
    Column("state", String(16), nullable=False),
    Column("since", Moment),
    Column("reason", String(256), nullable=False),
    Column("misses", Integer, nullable=False),
    Column("free_since", Moment),
    Column("rests_until", Moment),
    Column("wrap_up_until", Moment),
    Column("wrap_up_extended", Boolean, nullable=False),
    Column("contact", ForeignKey("contacts.id")),
    Column("holds", JSON, nullable=False),
    Column("then", String(16)),
    Column("calls", Integer, nullable=False),
    Column("talked_s", Float, nullable=False),
    Column("talked_at", Moment),
    Column("counted_on", String(10), nullable=False),
    Column("free_for", String(256)),  # " call callback visit ": what they may be offered now; NULL: nothing
    _one_of("state", AgentState),
    CheckConstraint("ring_at IN ('desk', 'phone')", name="ring_at_is_known"),
    CheckConstraint("\"then\" IN ('paused', 'logged_out')", name="then_is_known"),
    CheckConstraint("(state = 'wrap_up') = (wrap_up_until IS NOT NULL)", name="wrap_up_has_an_end"),
    CheckConstraint("state <> 'available' OR free_since IS NOT NULL", name="available_since_some_time"),
    CheckConstraint("state <> 'talking' OR contact IS NOT NULL", name="talking_to_somebody"),
    CheckConstraint("rests_until IS NULL OR state = 'available'", name="only_who_is_available_rests"),
    CheckConstraint("free_for IS NULL OR (state = 'available' AND rests_until IS NULL)", name="free_is_available"),
    _only("agents_free", "free_since", "name", where=FREE),
    _only("agents_free_by_name", "name", where=FREE),
    _only("agents_free_by_calls", "calls", "free_since", "name", where=FREE),
    _only("agents_free_by_talk_time", "talked_s", "free_since", "name", where=FREE),
    _only("agents_free_by_last_talk", "talked_at", "free_since", "name", where=FREE),
    _only("agents_resting", "rests_until", where="rests_until IS NOT NULL"),
    _only("agents_wrapping_up", "wrap_up_until", where="state = 'wrap_up'"),
    _only("agents_one_talks_to_a_contact", "contact", where="state = 'talking'", unique=True),
)

agent_groups = Table(
    "agent_groups",
    metadata,
    Column("agent", ForeignKey("agents.name", ondelete="CASCADE"), primary_key=True),
    Column("group", String(64), primary_key=True),
)

standings = Table(
    "standings",
    metadata,
    Column("queue", String(64), primary_key=True),
    Column("paused", String(256)),
    Column("closed", String(256)),
    Column("last_agent", String(64)),
)

agent_skills = Table(
    "agent_skills",
    metadata,
    Column("agent", ForeignKey("agents.name", ondelete="CASCADE"), primary_key=True),
    Column("skill", String(64), primary_key=True),
    Column("level", Integer, nullable=False),
    CheckConstraint("level BETWEEN 1 AND 5", name="level_is_1_to_5"),
    Index("agent_skills_by_skill", "skill", "level"),
)

offers = Table(
    "offers",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("contact", ForeignKey("contacts.id"), nullable=False, index=True),
    Column("agent", ForeignKey("agents.name"), nullable=False, index=True),
    Column("queue", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("live_kind", Boolean, nullable=False),  # it wants the agent's whole attention
    Column("state", String(16), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("reason", JSON, nullable=False),
    Column("leg_sid", String(64), index=True),
    Column("accepted_at", Moment),
    Column("connected_at", Moment),
    Column("ended_at", Moment),
    Column("why", String(256)),
    _one_of("state", OfferState),
    CheckConstraint("state <> 'open' OR (ended_at IS NULL AND expires_at IS NOT NULL)", name="open_will_expire"),
    CheckConstraint("state IN ('open', 'accepted') OR ended_at IS NOT NULL", name="over_has_an_end"),
    CheckConstraint("state <> 'accepted' OR accepted_at IS NOT NULL", name="accepted_at_some_time"),
    CheckConstraint("connected_at IS NULL OR state = 'accepted'", name="only_accepted_is_connected"),
    _only("offers_one_taken_of_a_contact", "contact", where="ended_at IS NULL AND state = 'accepted'", unique=True),
    _only("offers_one_of_a_contact_to_an_agent", "contact", "agent", where="ended_at IS NULL", unique=True),
    _only("offers_one_open_to_an_agent", "agent", where="state = 'open'", unique=True),
    _only("offers_one_live_for_an_agent", "agent", where="ended_at IS NULL AND live_kind", unique=True),
    _only("offers_due", "expires_at", where="expires_at IS NOT NULL"),
    _only("offers_talked", "queue", "ended_at", where="state = 'accepted' AND ended_at IS NOT NULL"),
)

events = Table(
    "events",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("about", String(64), nullable=False, index=True),
    Column("what", String(64), nullable=False),
    Column("fields", JSON, nullable=False),
    sqlite_autoincrement=True,
)

cases = Table(
    "cases",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(32), nullable=False),
    Column("state", String(32), nullable=False),
    Column("contact", ForeignKey("contacts.id"), index=True),
    Column("call", String(64), index=True),
    Column("caller", String(256), index=True),
    Column("fields", JSON, nullable=False),
    Column("form", String(64), unique=True),
    Column("created_at", Moment, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("hotline", String(64)),
    Column("owner", String(64), index=True),
    Column("due_at", Moment, index=True),
    Column("stood_since", Moment),
    Column("merged_into", ForeignKey("cases.number"), index=True),
    Column("changed_at", Moment, nullable=False),
    Column("version", Integer, nullable=False),
    Column("found_by", Text, nullable=False),  # all its words, folded
    _one_of("state", CaseState),
    CheckConstraint("(state = 'merged') = (merged_into IS NOT NULL)", name="merged_into_another"),
    CheckConstraint("merged_into <> number", name="not_into_itself"),
    CheckConstraint("stood_since IS NULL OR state = 'waiting_for_customer'", name="stands_for_the_customer"),
    CheckConstraint(f"number >= {NUMBER_FIRST}", name="numbers_have_six_digits_or_more"),
)

case_history = Table(
    "case_history",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("case_number", ForeignKey("cases.number"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("who", String(64), nullable=False),
    Column("what", String(1024), nullable=False),
    Column("detail", JSON, nullable=False),
    sqlite_autoincrement=True,
)

case_links = Table(
    "case_links",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("case_number", ForeignKey("cases.number"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("who", String(64), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("contact", ForeignKey("contacts.id"), index=True),
    Column("call", String(64), index=True),
    Column("note", Text, nullable=False),
    _one_of("channel", Channel),
    _only("case_links_a_contact_once", "case_number", "contact", where="contact IS NOT NULL", unique=True),
    sqlite_autoincrement=True,
)

drafts = Table(
    "drafts",
    metadata,
    Column("contact", ForeignKey("contacts.id"), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("fields", JSON, nullable=False),
    Column("updated_at", Moment, nullable=False),
)
