"""Calendars: when each was read, when its owner is busy, and the addresses that people gave themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the three tables; the way back is a backup."""
    op.create_table(
        "calendar_readings",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("kind", ID, nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("span_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("span_end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("ignored", sa.Integer(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_calendar_readings"),
    )
    op.create_table(
        "busy_times",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tentative", sa.Boolean(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["calendar_readings.person_id"], name="fk_busy_times_person_id"),
        sa.PrimaryKeyConstraint("person_id", "starts_at", "tentative", name="pk_busy_times"),
    )
    op.create_index("ix_busy_times_ends_at", "busy_times", ["ends_at"])
    op.create_table(
        "own_calendars",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_own_calendars"),
    )
