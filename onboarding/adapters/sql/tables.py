"""Which tables hold what is remembered, and how do values look inside them?

A column has the name of the field that it holds. Moments are UTC, in SQLite as sortable text. Ids compare byte
by byte on both databases, so that an order by id is the same everywhere. Nothing is ever deleted but the rows of
`meeting_people`, an index of the people of a meeting, what calendars say: the busy times of a person are
replaced at each reading and forgotten when they are past, and an address is gone when its owner takes it back;
and drafts, which are gone when the answer is sent, or some time after the form has closed. So is what somebody
told of themselves: `profiles`, `photos`, and the values of the answers that they take back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

from onboarding.domain.attending import Attendance
from onboarding.domain.coffee import RoundState, SeatState, WhyAlone
from onboarding.domain.delivery import State, Why
from onboarding.domain.events import EventState
from onboarding.domain.mail_replies import Door, ReplyState
from onboarding.domain.meetings import Chosen, Hold, MeetingState, PairingState
from onboarding.domain.people import HireState
from onboarding.domain.preferences import Teller
from onboarding.domain.scim.account import AccountState

NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}

metadata = MetaData(naming_convention=NAMES)


class Moment(TypeDecorator[datetime]):
    """An aware moment; comes back in UTC. A naive one is refused with a ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite keeps no zone, so it gets none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone cannot be remembered")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Named(TypeDecorator[StrEnum]):
    """A member of a StrEnum, stored as its value."""

    impl = Text
    cache_ok = True

    def __init__(self, members: type[StrEnum]) -> None:
        super().__init__()
        self.members = members

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:  # noqa: ARG002 -- SQLAlchemy's shape
        """Its value."""
        return None if value is None else value.value

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002 -- SQLAlchemy's shape
        """The member."""
        return None if value is None else self.members(value)


class Texts(TypeDecorator[tuple[str, ...]]):
    """Several texts, stored as a JSON list."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> list[str] | None:  # noqa: ARG002 -- SQLAlchemy's shape
        """A list."""
        return None if value is None else list(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[str, ...] | None:  # noqa: ARG002 -- SQLAlchemy's shape
        """A tuple."""
        return None if value is None else tuple(value)


class Moments(TypeDecorator[dict[str, datetime]]):
    """Named moments, stored as a JSON object of ISO 8601 texts; they come back in UTC."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, datetime] | None, dialect: Dialect) -> dict[str, str] | None:  # noqa: ARG002 -- SQLAlchemy's shape
        """Texts in UTC."""
        return None if value is None else {name: one.astimezone(UTC).isoformat() for name, one in value.items()}

    def process_result_value(self, value: Any, dialect: Dialect) -> dict[str, datetime] | None:  # noqa: ARG002 -- SQLAlchemy's shape
        """Moments."""
        return None if value is None else {name: datetime.fromisoformat(one) for name, one in value.items()}


Id = Text().with_variant(Text(collation="C"), "postgresql")
Number = BigInteger().with_variant(Integer(), "sqlite")


def _needed(name: str, kind: Any, *constraints: Any, primary_key: bool = False) -> Column[Any]:
    return Column(name, kind, *constraints, nullable=False, primary_key=primary_key)


def _index_where(condition: str, name: str, *columns: str) -> Index:
    """An index of some rows only: the databases use it for a statement that spells out the same condition."""
    return Index(name, *columns, sqlite_where=text(condition), postgresql_where=text(condition))


events = Table(
    "events",
    metadata,
    _needed("id", Id, primary_key=True),
    _needed("source", Id),
    _needed("delivery_id", Id),
    _needed("body", Text),
    _needed("digest", Id),
    _needed("received_at", Moment),
    _needed("ready_at", Moment),
    _needed("attempts", Integer),
    _needed("state", Named(EventState)),
    _needed("reason", Text),
    _needed("hire_id", Id),
    Column("settled_at", Moment),
    UniqueConstraint("source", "delivery_id"),
    Index(None, "received_at", "id"),
    _index_where("state = 'recorded'", "ix_events_waiting", "received_at", "id"),
    _index_where("state = 'early'", "ix_events_early", "hire_id"),
    Index(None, "source", "state", "received_at"),
)

identities = Table(
    "identities",
    metadata,
    _needed("source", Id, primary_key=True),
    _needed("external_id", Id, primary_key=True),
    _needed("person_id", Id),
    _needed("about", Text),
    _needed("rank", BigInteger),
    _needed("told", Moments),
    Index(None, "person_id"),
)

tallies = Table(
    "tallies",
    metadata,
    _needed("source", Id, primary_key=True),
    _needed("what", Id, primary_key=True),
    _needed("count", BigInteger),
    _needed("last_at", Moment),
)

people = Table(
    "people",
    metadata,
    _needed("id", Id, primary_key=True),
    _needed("first_name", Text),
    _needed("last_name", Text),
    _needed("preferred_name", Text),
    _needed("work_email", Text),
    _needed("folded_email", Id),  # the work e-mail with its letter case folded, for by_email
    _needed("personal_email", Text),
    _needed("folded_private", Id),  # the private e-mail with its letter case folded, for by_private_email
    Column("start_date", Date),
    _needed("time_zone", Text),
    _needed("country", Text),
    _needed("subdivision", Text),
    _needed("language", Text),
    _needed("languages", Texts),
    _needed("job_title", Text),
    _needed("craft", Text),
    _needed("seniority", Integer),
    _needed("department", Text),
    _needed("team", Text),
    _needed("location", Text),
    _needed("manager_id", Id),
    _needed("manager_email", Text),
    _needed("interests", Texts),
    _needed("works_from", Text),
    _needed("works_until", Text),
    _needed("active", Boolean),
    _needed("opted_out", Boolean),
    Index(None, "folded_email"),
    _index_where("folded_private <> ''", "ix_people_folded_private", "folded_private"),
    Index(None, "manager_id"),
)

profiles = Table(
    "profiles",
    metadata,
    _needed("person_id", Id, primary_key=True),
    _needed("called", Text),
    _needed("languages", Texts),
    _needed("interests", Texts),
    _needed("changed_at", Moment),
)

photos = Table(
    "photos",
    metadata,
    _needed("person_id", Id, primary_key=True),
    _needed("name", Id),  # a digest of the picture and its owner
    _needed("jpeg", LargeBinary),
    _needed("changed_at", Moment),
    Index(None, "name"),
)

leavers = Table(
    "leavers",
    metadata,
    _needed("person_id", Id, primary_key=True),
    _needed("noticed_at", Moment),
    Column("forgotten_at", Moment),
)

preferences = Table(
    "preferences",
    metadata,
    _needed("person_id", Id, primary_key=True),
    _needed("version", Integer, primary_key=True),
    _needed("opted_in", Texts),
    _needed("opted_out", Texts),
    Column("paused_until", Date),
    Column("capacity", Integer),
    _needed("excluded", Texts),
    _needed("away", Texts),  # each as 2027-01-04..2027-01-08
    _needed("languages", Texts),
    _needed("flexible_before", Integer),
    _needed("flexible_after", Integer),
    _needed("changed_by", Named(Teller)),
    _needed("changed_at", Moment),
    _needed("fields", Texts),
)

hires = Table(
    "hires",
    metadata,
    _needed("id", Id, primary_key=True),
    _needed("source", Id),
    _needed("external_id", Id),
    _needed("journey", Text),
    _needed("first_day", Date),
    _needed("state", Named(HireState)),
    _needed("enrolled_at", Moment),
    _needed("told_at", Moment),
    Index(None, "source", "external_id"),
    Index(None, "first_day", "id"),
)

deliveries = Table(
    "deliveries",
    metadata,
    _needed("number", Number, primary_key=True),
    _needed("key", Id),
    _needed("hire_id", Id),
    _needed("step", Text),
    _needed("verb", Text),
    _needed("role", Text),
    _needed("person_id", Id),
    _needed("occasion", Text),
    _needed("due_at", Moment),
    _needed("grace_until", Moment),
    _needed("why", Named(Why)),
    _needed("reason", Text),  # of the newest transition
    _needed("state", Named(State)),
    _needed("attempts", Integer),
    _needed("claim", Id),
    Column("claimed_at", Moment),
    _needed("pinned", Boolean),
    Column("settled_at", Moment),
    _needed("provider_id", Text),
    _needed("changed_at", Moment),  # of the newest transition
    UniqueConstraint("key"),
    Index(None, "hire_id", "due_at", "number"),
    _index_where("state = 'planned'", "ix_deliveries_due", "due_at", "number", "state"),
    _index_where("state <> 'planned'", "ix_deliveries_begun", "state", "changed_at", "number"),
)

transitions = Table(
    "transitions",
    metadata,
    _needed("id", Number, primary_key=True),
    _needed("number", Number, ForeignKey("deliveries.number")),
    _needed("at", Moment),
    _needed("before", Text),
    _needed("after", Named(State)),
    _needed("reason", Text),
    Index(None, "number", "id"),
)

pairings = Table(
    "pairings",
    metadata,
    _needed("hire_id", Id, primary_key=True),
    _needed("role", Id, primary_key=True),
    _needed("occasion", Id, primary_key=True),
    _needed("person_id", Id, primary_key=True),
    _needed("state", Named(PairingState)),
    _needed("reasons", Text),
    _needed("alternatives", Texts),
    _needed("made_at", Moment),
    Index(None, "role", "hire_id"),
)

meetings = Table(
    "meetings",
    metadata,
    _needed("id", Id, primary_key=True),
    _needed("hire_id", Id),
    _needed("step", Text),
    _needed("occasion", Text),
    _needed("people", Texts),
    _needed("starts_at", Moment),
    _needed("ends_at", Moment),
    _needed("state", Named(MeetingState)),
    _needed("uid", Text),
    _needed("sequence", Integer),
    _needed("organizer", Text),
    _needed("stamped_at", Moment),
    Column("moved_from", Moment),
    _needed("icebreaker", Integer),
    _needed("chosen", Named(Chosen)),
    _needed("moves", Integer),
    _needed("hold", Named(Hold)),
    Column("held_at", Moment),
    _needed("held_because", Text),
    Index(None, "hire_id", "starts_at"),
    _index_where("hold = 'stuck'", "ix_meetings_stuck", "held_at", "id"),
)

meeting_people = Table(
    "meeting_people",
    metadata,
    _needed("meeting_id", Id, ForeignKey("meetings.id"), primary_key=True),
    _needed("person_id", Id, primary_key=True),
    _needed("attendance", Named(Attendance)),
    Column("answered_at", Moment),
    Column("sequence_answered", Integer),
    _needed("reason", Text),
    Index(None, "person_id"),
)

calendar_feeds = Table(
    "calendar_feeds",
    metadata,
    _needed("person_id", Id, primary_key=True),
    _needed("version", Integer),
    _needed("renewed_at", Moment),
)

asks = Table(
    "asks",
    metadata,
    _needed("id", Id, primary_key=True),
    _needed("hire_id", Id),
    _needed("step", Text),
    _needed("role", Text),
    _needed("person_id", Id),
    _needed("occasion", Text),
    _needed("form", Text),
    _needed("opened_at", Moment),
    _needed("closes_at", Moment),
    Column("reminded_at", Moment),
    Index(None, "hire_id", "opened_at"),
    Index(None, "person_id", "closes_at"),
)

ticks = Table(
    "ticks",
    metadata,
    _needed("hire_id", Id, primary_key=True),
    _needed("step", Text, primary_key=True),
    _needed("occasion", Text, primary_key=True),
    _needed("task", Text, primary_key=True),
    _needed("version", Integer, primary_key=True),
    _needed("person_id", Id),
    _needed("done", Boolean),
    _needed("at", Moment),
)

answers = Table(
    "answers",
    metadata,
    _needed("ask_id", Id, ForeignKey("asks.id"), primary_key=True),
    _needed("version", Integer, primary_key=True),
    _needed("values", JSON),
    _needed("answered_at", Moment),
    _needed("taken_back", Boolean),
)

drafts = Table(
    "drafts",
    metadata,
    _needed("ask_id", Id, ForeignKey("asks.id"), primary_key=True),
    _needed("values", JSON),
    _needed("saved_at", Moment),
)

alarms = Table(
    "alarms",
    metadata,
    _needed("name", Id, primary_key=True),
    _needed("noted_at", Moment),
)

accounts = Table(
    "accounts",
    metadata,
    _needed("id", Id, primary_key=True),
    _needed("state", Named(AccountState)),
    _needed("version", Integer),
    _needed("resource", Text),
    Column("folded_user_name", Id),  # letter case folded; null when deleted, so that the name is free again
    _needed("external_id", Id),
    _needed("folded_email", Id),  # the work e-mail with its letter case folded
    _needed("created_at", Moment),
    _needed("changed_at", Moment),
    UniqueConstraint("folded_user_name"),
    Index(None, "external_id"),
    Index(None, "folded_email"),
    Index(None, "created_at", "id"),
)

coffee_rounds = Table(
    "coffee_rounds",
    metadata,
    _needed("day", Date, primary_key=True),
    _needed("state", Named(RoundState)),
    _needed("opened_at", Moment),
    _needed("draw_at", Moment),
    _needed("why", Text),
)

coffee_seats = Table(
    "coffee_seats",
    metadata,
    _needed("day", Date, ForeignKey("coffee_rounds.day"), primary_key=True),
    _needed("person_id", Id, primary_key=True),
    _needed("state", Named(SeatState)),
    _needed("place", Integer),
    _needed("reasons", Text),
    _needed("why", Named(WhyAlone)),
    Column("ago", Integer),
    _needed("answer", Text),
    Column("closes_at", Moment),
    Index(None, "person_id"),
)

coffee_past = Table(
    "coffee_past",
    metadata,
    _needed("day", Date, primary_key=True),
    _needed("one", Id, primary_key=True),
    _needed("other", Id, primary_key=True),
)

mail_replies = Table(
    "mail_replies",
    metadata,
    _needed("digest", Id, primary_key=True),
    _needed("received_at", Moment),
    _needed("door", Named(Door)),
    _needed("state", Named(ReplyState)),
    _needed("reason", Text),
    _needed("meeting_id", Id),
    _needed("person_id", Id),
    Column("stamped_at", Moment),
    Index(None, "received_at", "digest"),
    Index(None, "meeting_id", "person_id"),
)

calendar_readings = Table(
    "calendar_readings",
    metadata,
    _needed("person_id", Id, primary_key=True),
    _needed("calendar", Text),
    _needed("kind", Id),
    _needed("read_at", Moment),
    _needed("span_start", Moment),
    _needed("span_end", Moment),
    _needed("why", Text),
    _needed("ignored", Integer),
    _needed("etag", Text),
)

busy_times = Table(
    "busy_times",
    metadata,
    _needed("person_id", Id, ForeignKey("calendar_readings.person_id"), primary_key=True),
    _needed("starts_at", Moment, primary_key=True),
    _needed("tentative", Boolean, primary_key=True),
    _needed("ends_at", Moment),
    Index(None, "ends_at"),
)

own_calendars = Table(
    "own_calendars",
    metadata,
    _needed("person_id", Id, primary_key=True),
    _needed("address", Text),
    _needed("set_at", Moment),
)
