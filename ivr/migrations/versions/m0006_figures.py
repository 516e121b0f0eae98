"""What the floor and the survey need: from when on a wait is an alarm, and whom the survey was offered when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

OFFERED = "survey_at IS NOT NULL"


def upgrade() -> None:
    """Make the table of limits; let calls know when the survey was offered, and find those of a number."""
    op.create_table(
        "alarm_limits",
        sa.Column("queue", sa.String(length=64), nullable=False),
        sa.Column("wait_s", sa.Integer(), nullable=False),
        sa.CheckConstraint("wait_s BETWEEN 5 AND 7200", name=op.f("alarm_limits_wait_s_can_be_meant")),
        sa.PrimaryKeyConstraint("queue", name=op.f("alarm_limits_pk")),
    )
    with op.batch_alter_table("calls") as calls:
        calls.add_column(sa.Column("survey", sa.String(16), nullable=False, server_default=""))
        calls.add_column(sa.Column("survey_at", sa.String(27), nullable=True))
        known = "survey IN ('', 'offered', 'spared')"
        calls.create_check_constraint(op.f("calls_survey_is_known"), known)
        calls.create_check_constraint(
            op.f("calls_survey_has_its_time"), "(survey = 'offered') = (survey_at IS NOT NULL)"
        )
    with op.batch_alter_table("calls") as calls:  # the program says what is in a new row, not the table
        calls.alter_column("survey", server_default=None)
    only = sa.text(OFFERED)
    op.create_index(
        "calls_surveyed", "calls", ["hotline", "caller", "survey_at"], sqlite_where=only, postgresql_where=only
    )
