"""What the whole floor needs: kinds, tiers, rests, several offers at once, holds, and how queues stand."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

CONTACT_OUTCOMES = "'served', 'abandoned', 'overflowed', 'left', 'transferred', 'not_reached'"
FREE = "free_for IS NOT NULL"


def upgrade() -> None:
    """Widen contacts, agents and offers, and make the new tables."""
    _widen_contacts()
    _widen_agents()
    _widen_offers()
    op.create_table(
        "agent_groups",
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("group", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["agent"], ["agents.name"], name=op.f("agent_groups_agent_fk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("agent", "group", name=op.f("agent_groups_pk")),
    )
    op.create_table(
        "standings",
        sa.Column("queue", sa.String(length=64), nullable=False),
        sa.Column("paused", sa.String(length=256), nullable=True),
        sa.Column("closed", sa.String(length=256), nullable=True),
        sa.Column("last_agent", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("queue", name=op.f("standings_pk")),
    )


def _widen_contacts() -> None:
    text, moment = sa.String(64), sa.String(27)
    with op.batch_alter_table("contacts") as contacts:
        contacts.alter_column("lane", existing_type=sa.String(512), type_=sa.String(1024), existing_nullable=False)
        for name, kind in (("who", text), ("preferred", text), ("disposition", text), ("place_to", text)):
            contacts.add_column(sa.Column(name, kind, nullable=True))
        for name in ("closes_at", "preferred_until", "ring_more_at", "held_since"):
            contacts.add_column(sa.Column(name, moment, nullable=True))
        for name in ("transfers", "reach", "rounds", "rung"):
            contacts.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        contacts.add_column(sa.Column("held_s", sa.Float(), nullable=False, server_default="0"))
        contacts.create_foreign_key(op.f("contacts_place_to_fk"), "contacts", ["place_to"], ["id"])
        contacts.drop_constraint(op.f("contacts_outcome_is_known"), type_="check")
        contacts.create_check_constraint(op.f("contacts_outcome_is_known"), f"outcome IN ({CONTACT_OUTCOMES})")
        talked = "(outcome IN ('served', 'transferred')) = (talking_at IS NOT NULL)"
        contacts.create_check_constraint(op.f("contacts_served_have_talked"), f"state <> 'done' OR {talked}")
        rings = "ring_more_at IS NULL OR state = 'offered'"
        contacts.create_check_constraint(op.f("contacts_only_who_is_offered_rings_more"), rings)
        held = "held_since IS NULL OR state = 'talking'"
        contacts.create_check_constraint(op.f("contacts_only_who_talks_is_held"), held)
    _forget_defaults("contacts", "transfers", "reach", "rounds", "rung", "held_s")
    # Whoever waits goes on waiting in the lane that is now called so, having been offered as often as before.
    contacts = sa.table("contacts", *(sa.column(name) for name in ("lane", "queue", "kind", "offers_made", "rounds")))
    needs = sa.func.substr(contacts.c.lane, sa.func.length(contacts.c.queue) + 2)
    lane = contacts.c.queue + "|" + contacts.c.kind + "|0||" + needs
    op.execute(sa.update(contacts).values(lane=lane, rounds=contacts.c.offers_made))
    op.create_index("contacts_entered", "contacts", ["queue", "seq"])
    _index("contacts_ringing_more", "contacts", ["ring_more_at"], "ring_more_at IS NOT NULL")
    _index("contacts_of_somebody", "contacts", ["who", "talking_at"], "who IS NOT NULL AND talking_at IS NOT NULL")
    cut_off = "outcome = 'abandoned' AND who IS NOT NULL AND place_to IS NULL"
    _index("contacts_cut_off", "contacts", ["who", "queue", "ended_at"], cut_off)


def _widen_agents() -> None:
    op.drop_index("agents_free", "agents")
    with op.batch_alter_table("agents") as agents:
        agents.add_column(sa.Column("groups", sa.JSON(), nullable=False, server_default="[]"))
        agents.add_column(sa.Column("capacity", sa.JSON(), nullable=False, server_default="{}"))
        agents.add_column(sa.Column("wrap_up_s", sa.Integer(), nullable=True))
        agents.add_column(sa.Column("rests_until", sa.String(27), nullable=True))
        agents.add_column(sa.Column("wrap_up_extended", sa.Boolean(), nullable=False, server_default=sa.false()))
        agents.add_column(sa.Column("holds", sa.JSON(), nullable=False, server_default="{}"))
        agents.add_column(sa.Column("calls", sa.Integer(), nullable=False, server_default="0"))
        agents.add_column(sa.Column("talked_s", sa.Float(), nullable=False, server_default="0"))
        agents.add_column(sa.Column("talked_at", sa.String(27), nullable=True))
        agents.add_column(sa.Column("counted_on", sa.String(10), nullable=False, server_default=""))
        agents.add_column(sa.Column("free_for", sa.String(256), nullable=True))
        resting = "rests_until IS NULL OR state = 'available'"
        agents.create_check_constraint(op.f("agents_only_who_is_available_rests"), resting)
        free = "free_for IS NULL OR (state = 'available' AND rests_until IS NULL)"
        agents.create_check_constraint(op.f("agents_free_is_available"), free)
    _forget_defaults("agents", "groups", "capacity", "wrap_up_extended", "holds", "calls", "talked_s", "counted_on")
    agents = sa.table("agents", sa.column("state"), sa.column("free_for"))
    free = sa.update(agents).where(agents.c.state == "available")
    op.execute(free.values(free_for=" call callback visit email "))
    _index("agents_free", "agents", ["free_since", "name"], FREE)
    _index("agents_free_by_name", "agents", ["name"], FREE)
    _index("agents_free_by_calls", "agents", ["calls", "free_since", "name"], FREE)
    _index("agents_free_by_talk_time", "agents", ["talked_s", "free_since", "name"], FREE)
    _index("agents_free_by_last_talk", "agents", ["talked_at", "free_since", "name"], FREE)
    _index("agents_resting", "agents", ["rests_until"], "rests_until IS NOT NULL")


def _widen_offers() -> None:
    op.drop_index("offers_one_live_for_a_contact", "offers")
    op.drop_index("offers_one_live_for_an_agent", "offers")
    with op.batch_alter_table("offers") as offers:
        offers.add_column(sa.Column("kind", sa.String(32), nullable=False, server_default="call"))
        offers.add_column(sa.Column("live_kind", sa.Boolean(), nullable=False, server_default=sa.true()))
    _forget_defaults("offers", "kind", "live_kind")
    live = "ended_at IS NULL"
    _index("offers_one_taken_of_a_contact", "offers", ["contact"], f"{live} AND state = 'accepted'", unique=True)
    _index("offers_one_of_a_contact_to_an_agent", "offers", ["contact", "agent"], live, unique=True)
    _index("offers_one_open_to_an_agent", "offers", ["agent"], "state = 'open'", unique=True)
    _index("offers_one_live_for_an_agent", "offers", ["agent"], f"{live} AND live_kind", unique=True)


def _forget_defaults(table: str, *columns: str) -> None:
    """The program says what is in a new row, not the table."""
    with op.batch_alter_table(table) as widened:
        for column in columns:
            widened.alter_column(column, server_default=None)


def _index(name: str, table: str, columns: list[Any], where: str, unique: bool = False) -> None:
    picked = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=picked, postgresql_where=picked)
