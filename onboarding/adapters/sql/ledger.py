"""Which statements does the ledger consist of?

They are built once, so that SQLAlchemy finds their compiled text at once. A state that decides about a partial
index is spelled out in the statement, not bound: only so does SQLite use that index.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, bindparam, case, exists, func, insert, literal_column, select, update

from onboarding.adapters.sql.rows import columns
from onboarding.adapters.sql.tables import deliveries, hires, transitions
from onboarding.domain.delivery import Delivery, State, Why
from onboarding.domain.journey import Verb
from onboarding.domain.people import HireState


def _is(state: State) -> ColumnElement[bool]:
    return deliveries.c.state == literal_column(f"'{state.value}'")


COLUMNS = columns(deliveries, Delivery)
ALL = select(*COLUMNS)
GET = ALL.where(deliveries.c.key == bindparam("of_key"))
BY_NUMBER = ALL.where(deliveries.c.number == bindparam("of_number"))
OF_HIRE = ALL.where(deliveries.c.hire_id == bindparam("of_hire")).order_by(
    deliveries.c.due_at, deliveries.c.number
)
LOCK = select(deliveries.c.state).where(deliveries.c.key == bindparam("of_key")).with_for_update()
PLANNED = select(deliveries.c.due_at).where(_is(State.PLANNED)).order_by(deliveries.c.due_at)
DUE = (
    PLANNED.with_only_columns(*COLUMNS)
    .where(deliveries.c.due_at <= bindparam("as_of"))
    .order_by(deliveries.c.number)
    .limit(bindparam("at_most"))
)
TAKEN = DUE.with_only_columns(deliveries.c.number).with_for_update(skip_locked=True).cte("taken")
CLAIM = update(deliveries).where(deliveries.c.number.in_(select(TAKEN.c.number))).returning(*COLUMNS)
SWAP = (
    update(deliveries)
    .where(
        deliveries.c.key == bindparam("of_key"),
        # An expression, so that no index of states fits: after a burst PostgreSQL still believes that nothing is
        # claimed, prefers that index to the unique key, and reads all that is claimed.
        literal_column("deliveries.state || ''") == bindparam("was", type_=deliveries.c.state.type),
    )
    .returning(deliveries.c.number)
)
START = SWAP.where(deliveries.c.claim == bindparam("held_by"))
RETRY = SWAP.values(attempts=deliveries.c.attempts + 1)
PIN = update(deliveries).where(deliveries.c.key == bindparam("of_key")).values(pinned=True)
BEGUN = deliveries.c.state != literal_column(f"'{State.PLANNED.value}'")
STALE = ALL.where(
    BEGUN, deliveries.c.state.in_([State.CLAIMED, State.SENDING]), deliveries.c.claimed_at < bindparam("before")
).order_by(deliveries.c.claimed_at, deliveries.c.number)
MOMENTS = PLANNED.distinct().where(
    deliveries.c.due_at >= bindparam("start"), deliveries.c.due_at < bindparam("end")
)
NEXT = PLANNED.limit(1)
NEWEST = (
    select(*COLUMNS, deliveries.c.changed_at)
    .order_by(deliveries.c.changed_at.desc(), deliveries.c.number.desc())
    .limit(bindparam("at_most"))
)
NEWEST_PLANNED = NEWEST.where(_is(State.PLANNED))
NEWEST_BEGUN = NEWEST.where(BEGUN, deliveries.c.state == bindparam("of_state"))
COUNT_PLANNED = select(func.count()).select_from(deliveries).where(_is(State.PLANNED))
COUNT_BEGUN = select(deliveries.c.state, func.count()).where(BEGUN).group_by(deliveries.c.state)
OF_ACTIVE = (
    ALL.join(hires, hires.c.id == deliveries.c.hire_id)
    .where(hires.c.state == HireState.ACTIVE, hires.c.first_day >= bindparam("since"))
    .order_by(deliveries.c.hire_id, deliveries.c.due_at, deliveries.c.number)
)
FOR_NOBODY = OF_ACTIVE.where(deliveries.c.state == State.SKIPPED, deliveries.c.why == Why.NOBODY)
MEETINGS_DUE = OF_ACTIVE.where(
    deliveries.c.verb == Verb.MEET.value,
    deliveries.c.due_at >= bindparam("start"),
    deliveries.c.due_at < bindparam("end"),
)
_IN_TIME = case((deliveries.c.settled_at <= deliveries.c.grace_until, 1), else_=0).label("in_time")
ENDS = (
    select(
        deliveries.c.hire_id,
        deliveries.c.state,
        deliveries.c.why,
        _IN_TIME,
        func.count().label("deliveries"),
    )
    .where(
        hires.c.state == HireState.ACTIVE,
        deliveries.c.state.not_in([State.PLANNED, State.CLAIMED, State.SENDING, State.WITHDRAWN]),
    )
    .group_by(deliveries.c.hire_id, deliveries.c.state, deliveries.c.why, _IN_TIME)
    .order_by(deliveries.c.hire_id, deliveries.c.state, deliveries.c.why, _IN_TIME)
)
HISTORY = (
    select(deliveries.c.key, *(column for column in transitions.c if column.name not in ("id", "number")))
    .join(deliveries, deliveries.c.number == transitions.c.number)
    .where(deliveries.c.key == bindparam("of_key"))
    .order_by(transitions.c.id)
)
NOTE = insert(transitions)
NOTE_NEW = NOTE.from_select(
    ["number", "at", "before", "after", "reason"],
    select(
        deliveries.c.number,
        bindparam("now", type_=transitions.c.at.type),
        literal_column("''"),
        deliveries.c.state,
        deliveries.c.reason,
    ).where(
        deliveries.c.key.in_(bindparam("keys", expanding=True)),
        ~exists().where(transitions.c.number == deliveries.c.number),
    ),
)
