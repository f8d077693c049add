"""What many HR systems need: names that they have for our people, events that wait, counts at their doors."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add columns and tables, and fill them from what is there; the way back is a backup."""
    _widen_events()
    _widen_people()
    op.create_table(
        "identities",
        sa.Column("source", ID, nullable=False),
        sa.Column("external_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("source", "external_id", name="pk_identities"),
    )
    op.create_index("ix_identities_person_id", "identities", ["person_id"])
    op.create_table(
        "tallies",
        sa.Column("source", ID, nullable=False),
        sa.Column("what", ID, nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("source", "what", name="pk_tallies"),
    )
    _name_the_hires()


def _widen_events() -> None:
    with op.batch_alter_table("events") as table:
        table.add_column(sa.Column("digest", ID, nullable=False, server_default=""))
        table.add_column(sa.Column("ready_at", MOMENT, nullable=True))
        table.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE events SET ready_at = received_at")
    with op.batch_alter_table("events") as table:
        table.alter_column("digest", existing_type=ID, server_default=None)
        table.alter_column("ready_at", existing_type=MOMENT, nullable=False)
        table.alter_column("attempts", existing_type=sa.Integer(), server_default=None)
    op.create_index(
        "ix_events_early",
        "events",
        ["hire_id"],
        sqlite_where=sa.text("state = 'early'"),
        postgresql_where=sa.text("state = 'early'"),
    )
    op.create_index("ix_events_source_state_received_at", "events", ["source", "state", "received_at"])


def _widen_people() -> None:
    with op.batch_alter_table("people") as table:
        table.add_column(sa.Column("folded_private", ID, nullable=False, server_default=""))
    with op.batch_alter_table("people") as table:
        table.alter_column("folded_private", existing_type=ID, server_default=None)
    op.create_index(
        "ix_people_folded_private",
        "people",
        ["folded_private"],
        sqlite_where=sa.text("folded_private <> ''"),
        postgresql_where=sa.text("folded_private <> ''"),
    )
    people = sa.table("people", sa.column("id"), sa.column("personal_email"), sa.column("folded_private"))
    connection = op.get_bind()
    change = (
        people.update().where(people.c.id == sa.bindparam("person")).values(folded_private=sa.bindparam("folded"))
    )
    found = connection.execute(
        sa.select(people.c.id, people.c.personal_email).where(people.c.personal_email != "")
    )
    rows = [{"person": row.id, "folded": row.personal_email.casefold()} for row in found]
    if rows:
        connection.execute(change, rows)


def _name_the_hires() -> None:
    """The source of a hire knows them by their external id, and told us all of it when it last spoke.

    Of two whom it calls the same, the one that it spoke of last is meant.
    """
    hires = sa.table(
        "hires", sa.column("id"), sa.column("source"), sa.column("external_id"), sa.column("told_at", MOMENT)
    )
    identities = sa.table(
        "identities",
        *(sa.column(name) for name in ("source", "external_id", "person_id", "about", "rank")),
        sa.column("told", sa.JSON()),
    )
    connection = op.get_bind()
    found = connection.execute(sa.select(hires).order_by(hires.c.told_at, hires.c.id))
    rows = {
        (row.source, row.external_id): {
            "source": row.source,
            "external_id": row.external_id,
            "person_id": row.id,
            "about": "",
            "rank": 0,
            "told": dict.fromkeys(("*", "state"), _utc(row.told_at).isoformat()),
        }
        for row in found
    }
    if rows:
        connection.execute(identities.insert(), list(rows.values()))


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
