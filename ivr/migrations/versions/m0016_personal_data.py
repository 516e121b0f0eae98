"""Personal data: who must not be erased, who was, and what the keeping times took away."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

MOMENT = sa.String(27)


def upgrade() -> None:
    """Nobody is held, and nobody was erased so far."""
    op.create_table(
        "holds",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("known_by", sa.String(16), nullable=False),
        sa.Column("handle", sa.String(254), nullable=False),
        sa.Column("why", sa.String(200), nullable=False),
        sa.Column("made_by", sa.String(128), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ended_by", sa.String(128)),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("holds_pk")),
    )
    op.create_table(
        "erasures",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("made_by", sa.String(128), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("done_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("erasures_pk")),
    )
    op.create_index("erasures_digest_ix", "erasures", ["digest"])
    op.create_table(
        "retention_runs",
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("retention_runs_pk")),
    )
