"""Surveys of e-mails and visits: an inquiry is about a call or a contact, and may go out as an e-mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Inquiries so far are about calls; who came or wrote was taken in hand when their last contact was."""
    _inquiries()
    with op.batch_alter_table("mails_sent") as sent:
        sent.alter_column("mail", existing_type=sa.String(64), nullable=True)
        sent.add_column(sa.Column("inquiry", sa.String(64), nullable=True))
        sent.create_foreign_key(op.f("mails_sent_inquiry_fk"), "inquiries", ["inquiry"], ["id"])
        sent.create_unique_constraint(op.f("mails_sent_inquiry_uq"), ["inquiry"])
    with op.batch_alter_table("mails") as mails:
        mails.add_column(sa.Column("taken_at", sa.String(27), nullable=True))
        mails.create_check_constraint(op.f("mails_nobody_took_what_was_kept"), "state <> 'kept' OR taken_at IS NULL")
    with op.batch_alter_table("visits") as visits:
        visits.add_column(sa.Column("taken_at", sa.String(27), nullable=True))
        called = "state <> 'called' OR called_at IS NOT NULL"
        visits.create_check_constraint(op.f("visits_called_visitors_have_a_moment"), called)
    op.execute("UPDATE mails SET taken_at = (SELECT talking_at FROM contacts WHERE contacts.id = mails.contact)")
    op.execute("UPDATE visits SET taken_at = (SELECT talking_at FROM contacts WHERE contacts.id = visits.contact)")
    op.execute("UPDATE visits SET taken_at = NULL WHERE state = 'not there'")


def _inquiries() -> None:
    with op.batch_alter_table("inquiries") as inquiries:
        inquiries.alter_column("call", existing_type=sa.String(64), nullable=True)
        inquiries.alter_column("number", existing_type=sa.String(32), type_=sa.String(254), existing_nullable=False)
        inquiries.add_column(sa.Column("contact", sa.String(64), nullable=True))
        for name, length in (("hotline", 64), ("version", 64), ("language", 8), ("sender", 254)):
            inquiries.add_column(sa.Column(name, sa.String(length), nullable=False, server_default=""))
        inquiries.add_column(sa.Column("answers", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("inquiries") as inquiries:
        for name in ("hotline", "version", "language", "sender", "answers"):
            inquiries.alter_column(name, server_default=None)
        inquiries.create_foreign_key(op.f("inquiries_contact_fk"), "contacts", ["contact"], ["id"])
        inquiries.create_unique_constraint(op.f("inquiries_contact_uq"), ["contact"])
        one = "(call IS NULL) <> (contact IS NULL)"
        inquiries.create_check_constraint(op.f("inquiries_about_a_call_or_a_contact"), one)
        inquiries.create_check_constraint(
            op.f("inquiries_contacts_are_asked_by_link"), "contact IS NULL OR way = 'link'"
        )
    op.create_index("calls_of_caller", "calls", ["caller", "started_at"], unique=False)
    op.create_index("inquiries_asked", "inquiries", ["number", "made_at"], unique=False)
