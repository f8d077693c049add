"""Stretch hours: how long before and after their working hours somebody lets themselves be met."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has allowed anything yet; the way back is a backup."""
    fresh = ("flexible_before", "flexible_after")
    with op.batch_alter_table("preferences") as table:
        for name in fresh:
            table.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("preferences") as table:
        for name in fresh:
            table.alter_column(name, existing_type=sa.Integer(), server_default=None)
