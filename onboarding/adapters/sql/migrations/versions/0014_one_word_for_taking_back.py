"""Words are taken back, hires are withdrawn: one word for one thing in the table of answers, too."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The marks stay as they are; the way back is a backup."""
    op.execute("ALTER TABLE answers RENAME COLUMN withdrawn TO taken_back")
