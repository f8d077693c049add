"""What people tell of themselves, beside what HR's systems say; and their photos."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the two tables; the way back is a backup."""
    op.create_table(
        "profiles",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("called", sa.Text(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("interests", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_profiles"),
    )
    op.create_table(
        "photos",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("name", ID, nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_photos"),
    )
    op.create_index("ix_photos_name", "photos", ["name"])
