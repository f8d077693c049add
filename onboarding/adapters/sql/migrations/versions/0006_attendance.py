"""Who answered what to an invitation, who chose the time of a meeting, and which address a feed has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
MEETINGS = (
    ("chosen", sa.Text(), "engine"),
    ("moves", sa.Integer(), "0"),
    ("hold", sa.Text(), ""),
    ("held_because", sa.Text(), ""),
)
PEOPLE = (("attendance", sa.Text(), "needs-action"), ("reason", sa.Text(), ""))


def upgrade() -> None:
    """Widen two tables and make one; the way back is a backup."""
    with op.batch_alter_table("meetings") as table:
        for name, kind, nothing in MEETINGS:
            table.add_column(sa.Column(name, kind, nullable=False, server_default=nothing))
        table.add_column(sa.Column("held_at", MOMENT, nullable=True))
    with op.batch_alter_table("meetings") as table:
        for name, kind, _ in MEETINGS:
            table.alter_column(name, existing_type=kind, server_default=None)
    where = sa.text("hold = 'stuck'")
    op.create_index("ix_meetings_stuck", "meetings", ["held_at", "id"], sqlite_where=where, postgresql_where=where)
    with op.batch_alter_table("meeting_people") as table:
        for name, kind, nothing in PEOPLE:
            table.add_column(sa.Column(name, kind, nullable=False, server_default=nothing))
        table.add_column(sa.Column("answered_at", MOMENT, nullable=True))
        table.add_column(sa.Column("sequence_answered", sa.Integer(), nullable=True))
    with op.batch_alter_table("meeting_people") as table:
        for name, kind, _ in PEOPLE:
            table.alter_column(name, existing_type=kind, server_default=None)
    op.create_table(
        "calendar_feeds",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("renewed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_calendar_feeds"),
    )
