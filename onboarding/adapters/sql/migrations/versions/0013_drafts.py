"""Drafts: what people wrote into a form and have not sent yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table; the way back is a backup."""
    op.create_table(
        "drafts",
        sa.Column("ask_id", ID, nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ask_id"], ["asks.id"], name="fk_drafts_ask_id"),
        sa.PrimaryKeyConstraint("ask_id", name="pk_drafts"),
    )
