"""Agents spared: who is not asked about the same contact again for a while."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Nobody is spared so far."""
    with op.batch_alter_table("contacts") as contacts:
        contacts.add_column(sa.Column("spares", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("contacts") as contacts:
        contacts.alter_column("spares", server_default=None)
