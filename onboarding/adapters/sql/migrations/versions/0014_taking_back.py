"""Words are taken back, hires are withdrawn: one word for one thing; and who has left, so that we forget them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """The marks stay as they are, and the next daily review notices who has left; the way back is a backup."""
    op.execute("ALTER TABLE answers RENAME COLUMN withdrawn TO taken_back")
    op.create_table(
        "leavers",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("person_id", name="pk_leavers"),
    )
