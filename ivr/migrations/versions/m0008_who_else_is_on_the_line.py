"""Who else is on the line: thirds that representatives bring into a conversation, and whose microphone is off."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "thirds",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("contact", sa.String(64), nullable=False),
        sa.Column("agent", sa.String(64), nullable=False),
        sa.Column("how", sa.String(16), nullable=False),
        sa.Column("address", sa.String(256), nullable=False),
        sa.Column("colleague", sa.String(64), nullable=True),
        sa.Column("asked_at", sa.String(27), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("leg_sid", sa.String(64), nullable=True),
        sa.Column("why", sa.String(64), nullable=True),
        sa.CheckConstraint("how IN ('consult', 'blind')", name=op.f("thirds_how_is_known")),
        sa.CheckConstraint("state IN ('calling', 'there', 'stays', 'over')", name=op.f("thirds_state_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("thirds_pk")),
    )
    op.create_index(op.f("thirds_contact_ix"), "thirds", ["contact"], unique=False)
    open_ones = sa.text("state != 'over'")
    where = {"sqlite_where": open_ones, "postgresql_where": open_ones}
    op.create_index("one_third_at_a_time", "thirds", ["contact"], unique=True, **where)
    op.create_table(
        "mutes",
        sa.Column("contact", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("contact", name=op.f("mutes_pk")),
    )
