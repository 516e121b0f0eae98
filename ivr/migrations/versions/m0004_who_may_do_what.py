"""Who may do what: roles and second factors of accounts, tokens, one-time codes, and the audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ROLES = "'representative', 'supervisor', 'administrator'"


def upgrade() -> None:
    """Whoever has an account already is a representative."""
    with op.batch_alter_table("accounts") as accounts:
        role = sa.Column("role", sa.String(16), nullable=False, server_default="representative")
        accounts.add_column(role)
        accounts.add_column(sa.Column("totp_secret", sa.String(64), nullable=True))
        accounts.add_column(sa.Column("totp_step", sa.Integer(), nullable=False, server_default="0"))
        accounts.create_check_constraint(op.f("accounts_role_is_known"), f"role IN ({ROLES})")
    with op.batch_alter_table("sessions") as sessions:
        sessions.add_column(sa.Column("address", sa.String(64), nullable=False, server_default=""))
        sessions.add_column(sa.Column("browser", sa.String(128), nullable=False, server_default=""))
    with op.batch_alter_table("accounts") as accounts:  # the program says what is in a new row, not the table
        accounts.alter_column("role", server_default=None)
        accounts.alter_column("totp_step", server_default=None)
    with op.batch_alter_table("sessions") as sessions:
        sessions.alter_column("address", server_default=None)
        sessions.alter_column("browser", server_default=None)
    _make_ways_in()
    _make_audit()


def _make_ways_in() -> None:
    op.create_table(
        "known_devices",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.String(27), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.name"], name=op.f("known_devices_account_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("known_devices_pk")),
    )
    op.create_index(op.f("known_devices_account_ix"), "known_devices", ["account"], unique=False)
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.String(27), nullable=False),
        sa.Column("made_by", sa.String(length=128), nullable=False),
        sa.Column("expires_at", sa.String(27), nullable=True),
        sa.Column("used_at", sa.String(27), nullable=True),
        sa.Column("ended_at", sa.String(27), nullable=True),
        sa.CheckConstraint(f"role IN ('viewer', {ROLES})", name=op.f("tokens_role_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("tokens_pk")),
        sa.UniqueConstraint("token_hash", name=op.f("tokens_token_hash_uq")),
    )
    op.create_table(
        "codes",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=True),
        sa.Column("made_by", sa.String(length=128), nullable=False),
        sa.Column("expires_at", sa.String(27), nullable=False),
        sa.CheckConstraint(f"role IN ({ROLES})", name=op.f("codes_role_is_known")),
        sa.CheckConstraint(
            "account IS NOT NULL OR role = 'administrator'", name=op.f("codes_without_a_name_only_the_first")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("codes_pk")),
    )


def _make_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("who", sa.String(length=128), nullable=False),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=64), nullable=False),
        sa.Column("about", sa.String(length=256), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("before", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("audit_pk")),
        sa.UniqueConstraint("before", name=op.f("audit_before_uq")),
    )
    for column in ("at", "who", "what"):
        op.create_index(op.f(f"audit_{column}_ix"), "audit", [column], unique=False)
