"""What the whole language needs: counts and values of a call, needs that shrink, and tables for what is promised."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

CALL_OUTCOMES = "'served', 'abandoned', 'overflowed', 'left a message', 'transferred', 'called back', 'ended in menu'"
ONLY_WAITING = "state = 'waiting' AND relax_at IS NOT NULL"
ONLY_TO_COME = "live_at IS NULL AND withdrawn_at IS NULL"


def upgrade() -> None:
    """Widen calls and contacts, and make the new tables."""
    _widen_calls()
    _widen_contacts()
    _make_lookups_and_callbacks()
    _make_publications()


def _widen_calls() -> None:
    with op.batch_alter_table("calls") as calls:
        calls.alter_column("tries", new_column_name="silences")
        for count in ("wrong_keys", "failures", "announcements", "texted"):
            calls.add_column(sa.Column(count, sa.Integer(), nullable=False, server_default="0"))
        calls.add_column(sa.Column("met", sa.JSON(), nullable=False, server_default="[]"))
        calls.add_column(sa.Column("noted", sa.JSON(), nullable=False, server_default="{}"))
        calls.drop_constraint(op.f("calls_outcome_is_known"), type_="check")
        calls.create_check_constraint(op.f("calls_outcome_is_known"), f"outcome IN ({CALL_OUTCOMES}, 'failed')")
    with op.batch_alter_table("calls") as calls:  # the program says what is in a new row, not the table
        for column in ("wrong_keys", "failures", "announcements", "texted", "met", "noted"):
            calls.alter_column(column, server_default=None)


def _widen_contacts() -> None:
    with op.batch_alter_table("contacts") as contacts:
        contacts.add_column(sa.Column("relax", sa.JSON(), nullable=False, server_default="[]"))
        contacts.add_column(sa.Column("relax_at", sa.String(27), nullable=True))
        contacts.drop_constraint(op.f("contacts_outcome_is_known"), type_="check")
        contacts.create_check_constraint(
            op.f("contacts_outcome_is_known"), "outcome IN ('served', 'abandoned', 'overflowed', 'left')"
        )
        contacts.create_index(
            "contacts_relaxing",
            ["relax_at"],
            unique=False,
            sqlite_where=sa.text(ONLY_WAITING),
            postgresql_where=sa.text(ONLY_WAITING),
        )
    with op.batch_alter_table("contacts") as contacts:
        contacts.alter_column("relax", server_default=None)


def _make_lookups_and_callbacks() -> None:
    op.create_table(
        "lookups",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("call", sa.String(length=64), nullable=False),
        sa.Column("until", sa.String(27), nullable=False),
        sa.Column("answered_at", sa.String(27), nullable=True),
        sa.Column("found", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["call"], ["calls.sid"], name=op.f("lookups_call_fk")),
        sa.PrimaryKeyConstraint("seq", name=op.f("lookups_pk")),
        sa.UniqueConstraint("id", name=op.f("lookups_id_uq")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("lookups_call_ix"), "lookups", ["call"], unique=False)
    op.create_table(
        "callbacks",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("call", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("queue", sa.String(length=64), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("relax", sa.JSON(), nullable=False),
        sa.Column("case_kind", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("known", sa.JSON(), nullable=False),
        sa.Column("place", sa.String(27), nullable=False),
        sa.Column("asked_at", sa.String(27), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("try_at", sa.String(27), nullable=True),
        sa.Column("contact", sa.String(length=64), nullable=True),
        sa.Column("leg_sid", sa.String(length=64), nullable=True),
        sa.Column("reached_at", sa.String(27), nullable=True),
        sa.CheckConstraint("state IN ('open', 'kept', 'given up')", name=op.f("callbacks_state_is_known")),
        sa.CheckConstraint("state = 'open' OR try_at IS NULL", name=op.f("callbacks_only_open_ones_are_tried")),
        sa.ForeignKeyConstraint(["call"], ["calls.sid"], name=op.f("callbacks_call_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("callbacks_pk")),
        sa.UniqueConstraint("contact", name=op.f("callbacks_contact_uq")),
    )
    op.create_index(op.f("callbacks_call_ix"), "callbacks", ["call"], unique=False)
    op.create_index(op.f("callbacks_try_at_ix"), "callbacks", ["try_at"], unique=False)


def _make_publications() -> None:
    op.create_table(
        "emergencies",
        sa.Column("hotline", sa.String(length=64), nullable=False),
        sa.Column("until", sa.String(27), nullable=False),
        sa.Column("set_by", sa.String(length=64), nullable=False),
        sa.Column("set_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("hotline", name=op.f("emergencies_pk")),
    )
    op.create_table(
        "publications",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("hotline", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.String(27), nullable=False),
        sa.Column("due_at", sa.String(27), nullable=False),
        sa.Column("live_at", sa.String(27), nullable=True),
        sa.Column("withdrawn_at", sa.String(27), nullable=True),
        sa.CheckConstraint(
            "kind IN ('watched', 'published', 'rolled back', 'released')", name=op.f("publications_kind_is_known")
        ),
        sa.CheckConstraint(
            "live_at IS NULL OR withdrawn_at IS NULL", name=op.f("publications_not_both_live_and_withdrawn")
        ),
        sa.ForeignKeyConstraint(["version"], ["trees.version"], name=op.f("publications_version_fk")),
        sa.PrimaryKeyConstraint("seq", name=op.f("publications_pk")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("publications_hotline_ix"), "publications", ["hotline"], unique=False)
    op.create_index(
        "publications_due",
        "publications",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text(ONLY_TO_COME),
        postgresql_where=sa.text(ONLY_TO_COME),
    )
    op.create_table(
        "prompts",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("prompts_pk")),
    )
    op.create_table(
        "tree_prompts",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("file", sa.String(length=128), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["prompts.digest"], name=op.f("tree_prompts_digest_fk")),
        sa.ForeignKeyConstraint(["version"], ["trees.version"], name=op.f("tree_prompts_version_fk")),
        sa.PrimaryKeyConstraint("version", "file", name=op.f("tree_prompts_pk")),
    )
