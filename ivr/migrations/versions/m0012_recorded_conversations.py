"""Recorded conversations: what callers were told of it, and each recording with its pauses and where its sound is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

STATES = "'live', 'announced', 'kept', 'absent', 'missing'"
DOINGS = "'nothing', 'unsure', 'running', 'paused', 'stopped'"


def upgrade() -> None:
    """Add the column, and make the table."""
    with op.batch_alter_table("calls") as calls:
        calls.add_column(sa.Column("consent", sa.String(16), nullable=False, server_default=""))
        known = "consent IN ('', 'told', 'agreed', 'refused')"
        calls.create_check_constraint(op.f("calls_consent_is_known"), known)
    with op.batch_alter_table("calls") as calls:  # the program says what is in a new row, not the table
        calls.alter_column("consent", server_default=None)
    moments = ("paused_at", "resume_at", "steer_at", "try_at", "look_at", "ended_at")
    op.create_table(
        "recordings",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("call", sa.String(64), nullable=False),
        sa.Column("recording", sa.String(64), nullable=True),
        sa.Column("contact", sa.String(64), nullable=True),
        sa.Column("agent", sa.String(64), nullable=False),
        *(sa.Column(name, sa.String(16), nullable=False) for name in ("state", "wanted", "actual")),
        *(sa.Column(name, sa.String(27), nullable=True) for name in moments),
        sa.Column("begun_at", sa.String(27), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("pauses", "length_s", "tries")),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(64), nullable=True),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("recordings_state_is_known")),
        sa.CheckConstraint("wanted IN ('running', 'paused', 'stopped')", name=op.f("recordings_wanted_is_known")),
        sa.CheckConstraint(f"actual IN ({DOINGS})", name=op.f("recordings_actual_is_known")),
        sa.CheckConstraint(
            "(wanted = 'paused') = (paused_at IS NOT NULL)", name=op.f("recordings_a_pause_has_its_time")
        ),
        sa.CheckConstraint("(state = 'kept') = (digest IS NOT NULL)", name=op.f("recordings_what_is_kept_is_sealed")),
        sa.PrimaryKeyConstraint("id", name=op.f("recordings_pk")),
        sa.UniqueConstraint("call", "recording", name="a_recording_is_told_of_once"),
    )
    for column in ("contact", "look_at"):
        op.create_index(op.f(f"recordings_{column}_ix"), "recordings", [column], unique=False)
