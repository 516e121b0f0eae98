"""Surveys asked later: by a call of their own or by a link, and what callers add in their own words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the table of inquiries; let calls know how the survey was asked, and messages what they are for."""
    op.create_table(
        "inquiries",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("call", sa.String(64), nullable=False),
        sa.Column("way", sa.String(16), nullable=False),
        sa.Column("node", sa.String(64), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("made_at", sa.String(27), nullable=False),
        sa.Column("try_at", sa.String(27), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("leg_sid", sa.String(64), nullable=True),
        sa.Column("word_hash", sa.String(64), nullable=True),
        sa.Column("expires_at", sa.String(27), nullable=True),
        sa.Column("came_of", sa.String(16), nullable=True),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.CheckConstraint("way IN ('call_back', 'link')", name=op.f("inquiries_way_is_known")),
        sa.CheckConstraint(
            "state IN ('open', 'calling', 'asking', 'sent', 'over')", name=op.f("inquiries_state_is_known")
        ),
        sa.CheckConstraint(
            "came_of IN ('answered', 'declined', 'not reached', 'not sent')", name=op.f("inquiries_came_of_is_known")
        ),
        sa.CheckConstraint(
            "(state = 'over') = (came_of IS NOT NULL)", name=op.f("inquiries_something_came_of_what_is_over")
        ),
        sa.CheckConstraint("state <> 'over' OR try_at IS NULL", name=op.f("inquiries_what_is_over_is_not_tried")),
        sa.ForeignKeyConstraint(["call"], ["calls.sid"], name=op.f("inquiries_call_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("inquiries_pk")),
        sa.UniqueConstraint("call", name=op.f("inquiries_call_uq")),
        sa.UniqueConstraint("leg_sid", name=op.f("inquiries_leg_sid_uq")),
        sa.UniqueConstraint("word_hash", name=op.f("inquiries_word_hash_uq")),
    )
    op.create_index(op.f("inquiries_try_at_ix"), "inquiries", ["try_at"], unique=False)
    with op.batch_alter_table("calls") as calls:
        calls.add_column(sa.Column("survey_way", sa.String(16), nullable=False, server_default=""))
    op.execute("UPDATE calls SET survey_way = 'line' WHERE survey = 'offered'")
    with op.batch_alter_table("calls") as calls:
        calls.alter_column("survey_way", server_default=None)
        known = "survey_way IN ('', 'line', 'call_back', 'link')"
        calls.create_check_constraint(op.f("calls_survey_way_is_known"), known)
        calls.create_check_constraint(op.f("calls_survey_has_its_way"), "(survey = 'offered') = (survey_way <> '')")
    with op.batch_alter_table("messages") as messages:
        messages.add_column(sa.Column("purpose", sa.String(16), nullable=False, server_default="matter"))
        messages.create_check_constraint(op.f("messages_purpose_is_known"), "purpose IN ('matter', 'survey')")
    with op.batch_alter_table("messages") as messages:
        messages.alter_column("purpose", server_default=None)
