"""E-mails that come in and go out, with what is enclosed, and visitors at the counter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

ONE = "(try_at IS NOT NULL AND sent_at IS NULL AND failed_at IS NULL)"
TWO = "(try_at IS NULL AND sent_at IS NOT NULL AND failed_at IS NULL)"
THREE = "(try_at IS NULL AND sent_at IS NULL AND failed_at IS NOT NULL)"


def upgrade() -> None:
    """Make the four tables."""
    _mails()
    _mail_files()
    _mails_sent()
    _visits()


def _mails() -> None:
    op.create_table(
        "mails",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("hotline", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=400), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=True),
        sa.Column("sender_name", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("thread", sa.String(length=64), nullable=False),
        sa.Column("came_at", sa.String(27), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("queue", sa.String(length=64), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("relax", sa.JSON(), nullable=False),
        sa.Column("case_kind", sa.String(length=32), nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("why", sa.String(length=64), nullable=True),
        sa.Column("contact", sa.String(length=64), nullable=True),
        sa.Column("try_at", sa.String(27), nullable=True),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("done_at", sa.String(27), nullable=True),
        sa.Column("done_by", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(state IN ('answered', 'closed')) = (done_at IS NOT NULL)", name=op.f("mails_done_mails_have_an_end")
        ),
        sa.CheckConstraint("state = 'open' OR try_at IS NULL", name=op.f("mails_only_open_mails_wait")),
        sa.CheckConstraint("state IN ('open', 'answered', 'closed', 'kept')", name=op.f("mails_state_is_known")),
        sa.CheckConstraint("contact IS NULL OR try_at IS NULL", name=op.f("mails_mails_wait_once")),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("mails_case_number_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("mails_pk")),
        sa.UniqueConstraint("contact", name=op.f("mails_contact_uq")),
        sa.UniqueConstraint("hotline", "message_id", name="mails_come_once"),
    )
    op.create_index(op.f("mails_came_at_ix"), "mails", ["came_at"], unique=False)
    op.create_index(op.f("mails_case_number_ix"), "mails", ["case_number"], unique=False)
    op.create_index("mails_sender_came", "mails", ["sender", "came_at"], unique=False)
    op.create_index(op.f("mails_thread_ix"), "mails", ["thread"], unique=False)
    op.create_index(op.f("mails_try_at_ix"), "mails", ["try_at"], unique=False)


def _mail_files() -> None:
    op.create_table(
        "mail_files",
        sa.Column("mail", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["mail"], ["mails.id"], name=op.f("mail_files_mail_fk")),
        sa.PrimaryKeyConstraint("mail", "number", name=op.f("mail_files_pk")),
    )


def _mails_sent() -> None:
    op.create_table(
        "mails_sent",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("mail", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("message_id", sa.String(length=400), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.String(27), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("try_at", sa.String(27), nullable=True),
        sa.Column("sent_at", sa.String(27), nullable=True),
        sa.Column("failed_at", sa.String(27), nullable=True),
        sa.Column("bounced_at", sa.String(27), nullable=True),
        sa.Column("why", sa.String(length=200), nullable=True),
        sa.CheckConstraint(f"{ONE} OR {TWO} OR {THREE}", name=op.f("mails_sent_pending_sent_or_failed")),
        sa.ForeignKeyConstraint(["mail"], ["mails.id"], name=op.f("mails_sent_mail_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("mails_sent_pk")),
        sa.UniqueConstraint("message_id", name=op.f("mails_sent_message_id_uq")),
    )
    op.create_index(op.f("mails_sent_made_at_ix"), "mails_sent", ["made_at"], unique=False)
    op.create_index(op.f("mails_sent_mail_ix"), "mails_sent", ["mail"], unique=False)
    op.create_index(op.f("mails_sent_recipient_ix"), "mails_sent", ["recipient"], unique=False)
    op.create_index(op.f("mails_sent_try_at_ix"), "mails_sent", ["try_at"], unique=False)


def _visits() -> None:
    op.create_table(
        "visits",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.Column("hotline", sa.String(length=64), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("caller", sa.String(length=254), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("queue", sa.String(length=64), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("relax", sa.JSON(), nullable=False),
        sa.Column("case_kind", sa.String(length=32), nullable=False),
        sa.Column("came_at", sa.String(27), nullable=False),
        sa.Column("taken_in_by", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("contact", sa.String(length=64), nullable=True),
        sa.Column("try_at", sa.String(27), nullable=True),
        sa.Column("called_at", sa.String(27), nullable=True),
        sa.Column("called_by", sa.String(length=64), nullable=True),
        sa.Column("done_at", sa.String(27), nullable=True),
        sa.CheckConstraint(
            "(state IN ('waiting', 'called')) = (done_at IS NULL)", name=op.f("visits_done_visits_have_an_end")
        ),
        sa.CheckConstraint("state = 'waiting' OR try_at IS NULL", name=op.f("visits_only_waiting_visitors_wait")),
        sa.CheckConstraint(
            "state IN ('waiting', 'called', 'served', 'not there', 'left')", name=op.f("visits_state_is_known")
        ),
        sa.CheckConstraint("contact IS NULL OR try_at IS NULL", name=op.f("visits_visitors_wait_once")),
        sa.PrimaryKeyConstraint("id", name=op.f("visits_pk")),
        sa.UniqueConstraint("contact", name=op.f("visits_contact_uq")),
        sa.UniqueConstraint("hotline", "day", "ticket", name="tickets_are_given_once"),
        sa.UniqueConstraint("link", name=op.f("visits_link_uq")),
    )
    op.create_index(op.f("visits_caller_ix"), "visits", ["caller"], unique=False)
    op.create_index(op.f("visits_try_at_ix"), "visits", ["try_at"], unique=False)
