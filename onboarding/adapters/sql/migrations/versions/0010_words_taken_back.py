"""Words taken back: which version of an answer says that whoever gave it took words back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has taken anything back yet; the way back is a backup."""
    with op.batch_alter_table("answers") as table:
        table.add_column(sa.Column("withdrawn", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("answers") as table:
        table.alter_column("withdrawn", existing_type=sa.Boolean(), server_default=None)
