"""Lists to do: what was ticked by whom and when, and when a reminder last named a list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table and the column; the way back is a backup."""
    op.create_table(
        "ticks",
        sa.Column("hire_id", ID, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hire_id", "step", "occasion", "task", "version", name="pk_ticks"),
    )
    with op.batch_alter_table("asks") as table:
        table.add_column(sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
        table.alter_column("closes_at", existing_type=sa.DateTime(timezone=True), nullable=False)  # SQLite: anew
    op.create_index("ix_asks_person_id_closes_at", "asks", ["person_id", "closes_at"])
