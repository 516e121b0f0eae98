"""Callers rung first: whether somebody who is to be called back is on the line yet, and since when they are rung."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Whoever waits is here; nobody is being rung."""
    with op.batch_alter_table("contacts") as contacts:
        contacts.add_column(sa.Column("away", sa.Boolean(), nullable=False, server_default=sa.false()))
        contacts.create_check_constraint(op.f("contacts_who_talks_is_here"), "NOT away OR state <> 'talking'")
    with op.batch_alter_table("contacts") as contacts:
        contacts.alter_column("away", server_default=None)
    with op.batch_alter_table("callbacks", recreate="always") as callbacks:
        callbacks.add_column(sa.Column("rung_at", sa.String(27), nullable=True))
