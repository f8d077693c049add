"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make every table; the way back is a backup."""
    op.create_table(
        "alarms",
        sa.Column("name", ID, nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_alarms"),
    )
    op.create_table(
        "asks",
        sa.Column("id", ID, nullable=False),
        sa.Column("hire_id", ID, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_asks"),
    )
    op.create_index("ix_asks_hire_id_opened_at", "asks", ["hire_id", "opened_at"])
    op.create_table(
        "deliveries",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("key", ID, nullable=False),
        sa.Column("hire_id", ID, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("grace_until", MOMENT, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claim", ID, nullable=False),
        sa.Column("claimed_at", MOMENT, nullable=True),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_deliveries"),
        sa.UniqueConstraint("key", name="uq_deliveries_key"),
    )
    op.create_index(
        "ix_deliveries_begun",
        "deliveries",
        ["state", "changed_at", "number"],
        sqlite_where=sa.text("state <> 'planned'"),
        postgresql_where=sa.text("state <> 'planned'"),
    )
    op.create_index(
        "ix_deliveries_due",
        "deliveries",
        ["due_at", "number", "state"],
        sqlite_where=sa.text("state = 'planned'"),
        postgresql_where=sa.text("state = 'planned'"),
    )
    op.create_index("ix_deliveries_hire_id_due_at_number", "deliveries", ["hire_id", "due_at", "number"])
    op.create_table(
        "events",
        sa.Column("id", ID, nullable=False),
        sa.Column("source", ID, nullable=False),
        sa.Column("delivery_id", ID, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hire_id", ID, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sa.UniqueConstraint("source", "delivery_id", name="uq_events_source_delivery_id"),
    )
    op.create_index("ix_events_received_at_id", "events", ["received_at", "id"])
    op.create_index(
        "ix_events_waiting",
        "events",
        ["received_at", "id"],
        sqlite_where=sa.text("state = 'recorded'"),
        postgresql_where=sa.text("state = 'recorded'"),
    )
    op.create_table(
        "hires",
        sa.Column("id", ID, nullable=False),
        sa.Column("source", ID, nullable=False),
        sa.Column("external_id", ID, nullable=False),
        sa.Column("journey", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("enrolled_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hires"),
    )
    op.create_index("ix_hires_first_day_id", "hires", ["first_day", "id"])
    op.create_index("ix_hires_source_external_id", "hires", ["source", "external_id"])
    op.create_table(
        "meetings",
        sa.Column("id", ID, nullable=False),
        sa.Column("hire_id", ID, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("organizer", sa.Text(), nullable=False),
        sa.Column("stamped_at", MOMENT, nullable=False),
        sa.Column("moved_from", MOMENT, nullable=True),
        sa.Column("icebreaker", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_meetings"),
    )
    op.create_index("ix_meetings_hire_id_starts_at", "meetings", ["hire_id", "starts_at"])
    op.create_table(
        "pairings",
        sa.Column("hire_id", ID, nullable=False),
        sa.Column("role", ID, nullable=False),
        sa.Column("occasion", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("alternatives", sa.JSON(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("hire_id", "role", "occasion", "person_id", name="pk_pairings"),
    )
    op.create_index("ix_pairings_role_hire_id", "pairings", ["role", "hire_id"])
    op.create_table(
        "people",
        sa.Column("id", ID, nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("preferred_name", sa.Text(), nullable=False),
        sa.Column("work_email", sa.Text(), nullable=False),
        sa.Column("folded_email", ID, nullable=False),
        sa.Column("personal_email", sa.Text(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("subdivision", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("job_title", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("manager_id", ID, nullable=False),
        sa.Column("manager_email", sa.Text(), nullable=False),
        sa.Column("interests", sa.JSON(), nullable=False),
        sa.Column("works_from", sa.Text(), nullable=False),
        sa.Column("works_until", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("opted_out", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    op.create_index("ix_people_folded_email", "people", ["folded_email"])
    op.create_index("ix_people_manager_id", "people", ["manager_id"])
    op.create_table(
        "answers",
        sa.Column("ask_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["ask_id"], ["asks.id"], name="fk_answers_ask_id"),
        sa.PrimaryKeyConstraint("ask_id", "version", name="pk_answers"),
    )
    op.create_table(
        "meeting_people",
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name="fk_meeting_people_meeting_id"),
        sa.PrimaryKeyConstraint("meeting_id", "person_id", name="pk_meeting_people"),
    )
    op.create_index("ix_meeting_people_person_id", "meeting_people", ["person_id"])
    op.create_table(
        "transitions",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["deliveries.number"], name="fk_transitions_number"),
        sa.PrimaryKeyConstraint("id", name="pk_transitions"),
    )
    op.create_index("ix_transitions_number_id", "transitions", ["number", "id"])
