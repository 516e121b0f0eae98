"""What a case needs to live: states, an owner, a due time, mergers, links to every contact, and words to find it by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

STATES = "'open', 'waiting_for_us', 'waiting_for_customer', 'settled', 'reopened', 'merged'"
CHANNELS = "'call', 'callback', 'email', 'visit', 'letter'"
ONLY_CONTACTS = "contact IS NOT NULL"


def upgrade() -> None:
    """Widen cases and their history, make the links, and fill in what is known of the cases there are."""
    text, moment = sa.String(64), sa.String(27)
    with op.batch_alter_table("cases") as cases:
        cases.alter_column("state", existing_type=sa.String(16), type_=sa.String(32), existing_nullable=False)
        for name, kind in (("hotline", text), ("owner", text), ("due_at", moment), ("stood_since", moment)):
            cases.add_column(sa.Column(name, kind, nullable=True))
        cases.add_column(sa.Column("merged_into", sa.Integer(), nullable=True))
        cases.add_column(sa.Column("changed_at", moment, nullable=False, server_default=""))
        cases.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        cases.add_column(sa.Column("found_by", sa.Text(), nullable=False, server_default=""))
        cases.create_foreign_key(op.f("cases_merged_into_fk"), "cases", ["merged_into"], ["number"])
        cases.drop_constraint(op.f("cases_state_is_known"), type_="check")
        cases.create_check_constraint(op.f("cases_state_is_known"), f"state IN ({STATES})")
        into = "(state = 'merged') = (merged_into IS NOT NULL)"
        cases.create_check_constraint(op.f("cases_merged_into_another"), into)
        cases.create_check_constraint(op.f("cases_not_into_itself"), "merged_into <> number")
        stands = "stood_since IS NULL OR state = 'waiting_for_customer'"
        cases.create_check_constraint(op.f("cases_stands_for_the_customer"), stands)
    with op.batch_alter_table("case_history", table_kwargs={"sqlite_autoincrement": True}) as history:
        history.add_column(sa.Column("detail", sa.JSON(), nullable=False, server_default="{}"))
    _make_links()
    _fill()
    for column in ("owner", "due_at", "merged_into"):
        op.create_index(op.f(f"cases_{column}_ix"), "cases", [column], unique=False)
    with op.batch_alter_table("cases") as cases:  # the program says what is in a new row, not the table
        for column in ("changed_at", "version", "found_by"):
            cases.alter_column(column, server_default=None)
    with op.batch_alter_table("case_history", table_kwargs={"sqlite_autoincrement": True}) as history:
        history.alter_column("detail", server_default=None)


def _make_links() -> None:
    op.create_table(
        "case_links",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("contact", sa.String(length=64), nullable=True),
        sa.Column("call", sa.String(length=64), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(f"channel IN ({CHANNELS})", name=op.f("case_links_channel_is_known")),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("case_links_case_number_fk")),
        sa.ForeignKeyConstraint(["contact"], ["contacts.id"], name=op.f("case_links_contact_fk")),
        sa.PrimaryKeyConstraint("seq", name=op.f("case_links_pk")),
        sqlite_autoincrement=True,
    )
    for column in ("case_number", "contact", "call"):
        op.create_index(op.f(f"case_links_{column}_ix"), "case_links", [column], unique=False)
    only = sa.text(ONLY_CONTACTS)
    op.create_index(
        "case_links_a_contact_once",
        "case_links",
        ["case_number", "contact"],
        unique=True,
        sqlite_where=only,
        postgresql_where=only,
    )


def _fill() -> None:
    """Cases that there are belong to who logged them; they are found by their words once the program has run."""
    names = ("number", "contact", "call", "created_at", "created_by", "hotline", "owner", "changed_at")
    cases = sa.table("cases", *(sa.column(name) for name in names))
    calls = sa.table("calls", sa.column("sid"), sa.column("hotline"))
    hotline = sa.select(calls.c.hotline).where(calls.c.sid == cases.c.call).scalar_subquery()
    op.execute(sa.update(cases).values(changed_at=cases.c.created_at, hotline=hotline))
    op.execute(sa.update(cases).where(cases.c.created_by != "caller").values(owner=cases.c.created_by))
    links = sa.table(
        "case_links", *(sa.column(name) for name in ("case_number", "at", "who", "channel", "contact", "call", "note"))
    )
    known = sa.select(
        cases.c.number, cases.c.created_at, cases.c.created_by, sa.literal("call"), cases.c.contact, cases.c.call,
        sa.literal(""),
    ).where(sa.or_(cases.c.contact.is_not(None), cases.c.call.is_not(None)))  # fmt: skip
    columns = ["case_number", "at", "who", "channel", "contact", "call", "note"]
    op.execute(sa.insert(links).from_select(columns, known))
