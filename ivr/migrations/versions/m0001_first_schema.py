"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "accounts",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("password_hash", sa.String(length=256), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("accounts_pk")),
    )
    op.create_table(
        "contacts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("queue", sa.String(length=64), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("lane", sa.String(length=512), nullable=False),
        sa.Column("head_start_s", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("case_kind", sa.String(length=32), nullable=True),
        sa.Column("call", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("entered_at", sa.String(27), nullable=False),
        sa.Column("rank", sa.String(27), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("max_wait_at", sa.String(27), nullable=False),
        sa.Column("offers_made", sa.Integer(), nullable=False),
        sa.Column("last_agent", sa.String(length=64), nullable=True),
        sa.Column("talking_at", sa.String(27), nullable=True),
        sa.Column("ended_at", sa.String(27), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("why", sa.String(length=64), nullable=True),
        sa.CheckConstraint("(state = 'done') = (ended_at IS NOT NULL)", name=op.f("contacts_done_has_an_end")),
        sa.CheckConstraint("(state = 'done') = (outcome IS NOT NULL)", name=op.f("contacts_done_has_an_outcome")),
        sa.CheckConstraint("outcome IN ('served', 'abandoned', 'overflowed')", name=op.f("contacts_outcome_is_known")),
        sa.CheckConstraint("state IN ('waiting', 'offered', 'talking', 'done')", name=op.f("contacts_state_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("contacts_pk")),
        sa.UniqueConstraint("seq", name=op.f("contacts_seq_uq")),
    )
    op.create_index(op.f("contacts_call_ix"), "contacts", ["call"], unique=False)
    op.create_index(
        "contacts_in_a_lane",
        "contacts",
        ["lane", "rank", "seq"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "contacts_in_a_queue",
        "contacts",
        ["queue", "rank", "seq"],
        unique=False,
        sqlite_where=sa.text("state IN ('waiting', 'offered')"),
        postgresql_where=sa.text("state IN ('waiting', 'offered')"),
    )
    op.create_index(
        "contacts_max_wait",
        "contacts",
        ["max_wait_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "events",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=64), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("events_pk")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("events_about_ix"), "events", ["about"], unique=False)
    op.create_table(
        "login_failures",
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.String(27), nullable=False),
        sa.Column("last_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("about", name=op.f("login_failures_pk")),
    )
    op.create_index(op.f("login_failures_last_at_ix"), "login_failures", ["last_at"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("recording", sa.String(length=64), nullable=False),
        sa.Column("call", sa.String(length=64), nullable=False),
        sa.Column("case_number", sa.String(length=16), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("length_s", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("try_at", sa.String(27), nullable=True),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.CheckConstraint("state IN ('announced', 'kept', 'missing')", name=op.f("messages_message_state_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("messages_pk")),
        sa.UniqueConstraint("recording", name=op.f("messages_recording_uq")),
    )
    op.create_index(op.f("messages_call_ix"), "messages", ["call"], unique=False)
    op.create_index(op.f("messages_case_number_ix"), "messages", ["case_number"], unique=False)
    op.create_index(op.f("messages_try_at_ix"), "messages", ["try_at"], unique=False)
    op.create_table(
        "trees",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("hotline", sa.String(length=64), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("trees_pk")),
    )
    op.create_table(
        "agents",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("display_name", sa.String(length=256), nullable=False),
        sa.Column("address", sa.String(length=256), nullable=False),
        sa.Column("ring_at", sa.String(length=8), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("since", sa.String(27), nullable=True),
        sa.Column("reason", sa.String(length=256), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("free_since", sa.String(27), nullable=True),
        sa.Column("wrap_up_until", sa.String(27), nullable=True),
        sa.Column("contact", sa.String(length=64), nullable=True),
        sa.Column("then", sa.String(length=16), nullable=True),
        sa.CheckConstraint("(state = 'wrap_up') = (wrap_up_until IS NOT NULL)", name=op.f("agents_wrap_up_has_an_end")),
        sa.CheckConstraint("ring_at IN ('desk', 'phone')", name=op.f("agents_ring_at_is_known")),
        sa.CheckConstraint(
            "state <> 'available' OR free_since IS NOT NULL", name=op.f("agents_available_since_some_time")
        ),
        sa.CheckConstraint("state <> 'talking' OR contact IS NOT NULL", name=op.f("agents_talking_to_somebody")),
        sa.CheckConstraint(
            "state IN ('logged_out', 'available', 'offered', 'talking', 'wrap_up', 'paused')",
            name=op.f("agents_state_is_known"),
        ),
        sa.CheckConstraint("\"then\" IN ('paused', 'logged_out')", name=op.f("agents_then_is_known")),
        sa.ForeignKeyConstraint(["contact"], ["contacts.id"], name=op.f("agents_contact_fk")),
        sa.PrimaryKeyConstraint("name", name=op.f("agents_pk")),
    )
    op.create_index(
        "agents_free",
        "agents",
        ["free_since", "name"],
        unique=False,
        sqlite_where=sa.text("state = 'available'"),
        postgresql_where=sa.text("state = 'available'"),
    )
    op.create_index(
        "agents_one_talks_to_a_contact",
        "agents",
        ["contact"],
        unique=True,
        sqlite_where=sa.text("state = 'talking'"),
        postgresql_where=sa.text("state = 'talking'"),
    )
    op.create_index(
        "agents_wrapping_up",
        "agents",
        ["wrap_up_until"],
        unique=False,
        sqlite_where=sa.text("state = 'wrap_up'"),
        postgresql_where=sa.text("state = 'wrap_up'"),
    )
    op.create_table(
        "calls",
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("hotline", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("caller", sa.String(length=256), nullable=False),
        sa.Column("called", sa.String(length=256), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("started_at", sa.String(27), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("node", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("entry", sa.String(length=64), nullable=False),
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("hinted", sa.Boolean(), nullable=False),
        sa.Column("path", sa.JSON(), nullable=False),
        sa.Column("way_back", sa.JSON(), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("case_kind", sa.String(length=32), nullable=False),
        sa.Column("contact", sa.String(length=64), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("waiting_since", sa.String(27), nullable=True),
        sa.Column("announced_at", sa.String(27), nullable=True),
        sa.Column("announced", sa.String(length=32), nullable=False),
        sa.Column("connected_at", sa.String(27), nullable=True),
        sa.Column("redirected_at", sa.String(27), nullable=True),
        sa.Column("ended_at", sa.String(27), nullable=True),
        sa.CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name=op.f("calls_ended_calls_have_an_end")),
        sa.CheckConstraint(
            "outcome IN ('served', 'abandoned', 'overflowed', 'left a message', 'ended in menu', 'failed')",
            name=op.f("calls_outcome_is_known"),
        ),
        sa.CheckConstraint("state <> 'ended' OR outcome IS NOT NULL", name=op.f("calls_ended_calls_have_an_outcome")),
        sa.CheckConstraint(
            "state IN ('ringing', 'in menu', 'waiting', 'talking', 'ended')", name=op.f("calls_state_is_known")
        ),
        sa.ForeignKeyConstraint(["version"], ["trees.version"], name=op.f("calls_version_fk")),
        sa.PrimaryKeyConstraint("sid", name=op.f("calls_pk")),
        sa.UniqueConstraint("contact", name=op.f("calls_contact_uq")),
    )
    op.create_index(op.f("calls_redirected_at_ix"), "calls", ["redirected_at"], unique=False)
    op.create_table(
        "cases",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("contact", sa.String(length=64), nullable=True),
        sa.Column("call", sa.String(length=64), nullable=True),
        sa.Column("caller", sa.String(length=256), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint("state IN ('open', 'settled')", name=op.f("cases_state_is_known")),
        sa.CheckConstraint("number >= 100001", name=op.f("cases_numbers_have_six_digits_or_more")),
        sa.ForeignKeyConstraint(["contact"], ["contacts.id"], name=op.f("cases_contact_fk")),
        sa.PrimaryKeyConstraint("number", name=op.f("cases_pk")),
        sa.UniqueConstraint("form", name=op.f("cases_form_uq")),
    )
    op.create_index(op.f("cases_call_ix"), "cases", ["call"], unique=False)
    op.create_index(op.f("cases_caller_ix"), "cases", ["caller"], unique=False)
    op.create_index(op.f("cases_contact_ix"), "cases", ["contact"], unique=False)
    op.create_table(
        "drafts",
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.String(27), nullable=False),
        sa.ForeignKeyConstraint(["contact"], ["contacts.id"], name=op.f("drafts_contact_fk")),
        sa.PrimaryKeyConstraint("contact", name=op.f("drafts_pk")),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.String(27), nullable=False),
        sa.Column("seen_at", sa.String(27), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.name"], name=op.f("sessions_account_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("sessions_pk")),
    )
    op.create_index(op.f("sessions_account_ix"), "sessions", ["account"], unique=False)
    op.create_index(op.f("sessions_seen_at_ix"), "sessions", ["seen_at"], unique=False)
    op.create_table(
        "agent_skills",
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("skill", sa.String(length=64), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name=op.f("agent_skills_level_is_1_to_5")),
        sa.ForeignKeyConstraint(["agent"], ["agents.name"], name=op.f("agent_skills_agent_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("agent", "skill", name=op.f("agent_skills_pk")),
    )
    op.create_index("agent_skills_by_skill", "agent_skills", ["skill", "level"], unique=False)
    op.create_table(
        "answers",
        sa.Column("call", sa.String(length=64), nullable=False),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["call"], ["calls.sid"], name=op.f("answers_call_fk")),
        sa.PrimaryKeyConstraint("call", "door", "step", name=op.f("answers_pk")),
    )
    op.create_table(
        "case_history",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=1024), nullable=False),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("case_history_case_number_fk")),
        sa.PrimaryKeyConstraint("seq", name=op.f("case_history_pk")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("case_history_case_number_ix"), "case_history", ["case_number"], unique=False)
    op.create_table(
        "offers",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("queue", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.String(27), nullable=False),
        sa.Column("expires_at", sa.String(27), nullable=True),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("leg_sid", sa.String(length=64), nullable=True),
        sa.Column("accepted_at", sa.String(27), nullable=True),
        sa.Column("connected_at", sa.String(27), nullable=True),
        sa.Column("ended_at", sa.String(27), nullable=True),
        sa.Column("why", sa.String(length=256), nullable=True),
        sa.CheckConstraint(
            "connected_at IS NULL OR state = 'accepted'", name=op.f("offers_only_accepted_is_connected")
        ),
        sa.CheckConstraint("state <> 'accepted' OR accepted_at IS NOT NULL", name=op.f("offers_accepted_at_some_time")),
        sa.CheckConstraint(
            "state <> 'open' OR (ended_at IS NULL AND expires_at IS NOT NULL)", name=op.f("offers_open_will_expire")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'accepted') OR ended_at IS NOT NULL", name=op.f("offers_over_has_an_end")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'accepted', 'declined', 'missed', 'withdrawn', 'caller_gone', 'failed')",
            name=op.f("offers_state_is_known"),
        ),
        sa.ForeignKeyConstraint(["agent"], ["agents.name"], name=op.f("offers_agent_fk")),
        sa.ForeignKeyConstraint(["contact"], ["contacts.id"], name=op.f("offers_contact_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("offers_pk")),
    )
    op.create_index(op.f("offers_agent_ix"), "offers", ["agent"], unique=False)
    op.create_index(op.f("offers_contact_ix"), "offers", ["contact"], unique=False)
    op.create_index(
        "offers_due",
        "offers",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("expires_at IS NOT NULL"),
        postgresql_where=sa.text("expires_at IS NOT NULL"),
    )
    op.create_index(op.f("offers_leg_sid_ix"), "offers", ["leg_sid"], unique=False)
    op.create_index(
        "offers_one_live_for_a_contact",
        "offers",
        ["contact"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "offers_one_live_for_an_agent",
        "offers",
        ["agent"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "offers_talked",
        "offers",
        ["queue", "ended_at"],
        unique=False,
        sqlite_where=sa.text("state = 'accepted' AND ended_at IS NOT NULL"),
        postgresql_where=sa.text("state = 'accepted' AND ended_at IS NOT NULL"),
    )
