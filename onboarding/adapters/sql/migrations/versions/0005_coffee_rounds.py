"""Coffee rounds: each with a seat for everybody who takes part, and who met before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the three tables; the way back is a backup."""
    op.create_table(
        "coffee_rounds",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("draw_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_coffee_rounds"),
    )
    op.create_table(
        "coffee_seats",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("ago", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["day"], ["coffee_rounds.day"], name="fk_coffee_seats_day"),
        sa.PrimaryKeyConstraint("day", "person_id", name="pk_coffee_seats"),
    )
    op.create_index("ix_coffee_seats_person_id", "coffee_seats", ["person_id"])
    op.create_table(
        "coffee_past",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("one", ID, nullable=False),
        sa.Column("other", ID, nullable=False),
        sa.PrimaryKeyConstraint("day", "one", "other", name="pk_coffee_past"),
    )
