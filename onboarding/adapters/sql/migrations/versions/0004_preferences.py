"""On which terms people let themselves be matched, and what else the directory says of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Widen the directory and make the table; the way back is a backup.

    Whoever has opted out of everything stays so in `people.opted_out`, which goes on to mean just that.
    """
    fresh = (("languages", sa.JSON(), "[]"), ("craft", sa.Text(), ""), ("seniority", sa.Integer(), "0"))
    with op.batch_alter_table("people") as table:
        for name, kind, nothing in fresh:
            table.add_column(sa.Column(name, kind, nullable=False, server_default=nothing))
    with op.batch_alter_table("people") as table:
        for name, kind, _ in fresh:
            table.alter_column(name, existing_type=kind, server_default=None)
    op.create_table(
        "preferences",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opted_in", sa.JSON(), nullable=False),
        sa.Column("opted_out", sa.JSON(), nullable=False),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("excluded", sa.JSON(), nullable=False),
        sa.Column("away", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "version", name="pk_preferences"),
    )
