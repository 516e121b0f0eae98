"""One consultation: which conversation somebody is asked about; a third is from now on always a number outside."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Let contacts know whom they are asked about; end the thirds that are colleagues, and forget who they were."""
    with op.batch_alter_table("contacts") as contacts:
        contacts.add_column(sa.Column("asks_about", sa.String(64), nullable=True))
        contacts.create_foreign_key(op.f("contacts_asks_about_fk"), "contacts", ["asks_about"], ["id"])
        known = "kind <> 'consult' OR asks_about IS NOT NULL"
        contacts.create_check_constraint(op.f("contacts_a_consultation_is_about_something"), known)
    where = sa.text("kind = 'consult' AND state <> 'done'")
    one = {"sqlite_where": where, "postgresql_where": where}
    op.create_index("one_consultation_at_a_time", "contacts", ["asks_about"], unique=True, **one)
    some = sa.text("asks_about IS NOT NULL")
    op.create_index("contacts_asking", "contacts", ["asks_about"], sqlite_where=some, postgresql_where=some)
    op.execute("UPDATE thirds SET state = 'over' WHERE colleague IS NOT NULL")
    with op.batch_alter_table("thirds") as thirds:
        thirds.drop_column("colleague")
