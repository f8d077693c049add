"""What became of mails that came back; no text, no address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table; the way back is a backup."""
    op.create_table(
        "mail_replies",
        sa.Column("digest", ID, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("stamped_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("digest", name="pk_mail_replies"),
    )
    op.create_index("ix_mail_replies_received_at_digest", "mail_replies", ["received_at", "digest"])
    op.create_index("ix_mail_replies_meeting_id_person_id", "mail_replies", ["meeting_id", "person_id"])
