"""Which deliveries are there, where do they stand, and what happened to them?

The path of a dispatch (`claim`, `start_sending`, `settle`) is compare-and-swap: an UPDATE that names the state it
comes from and returns the number, then the INSERT of its transition. Only when the swap finds another state than
the usual one is a SELECT needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Update

from onboarding.adapters.sql import ledger
from onboarding.adapters.sql.rows import insert_new, many, of_cohort, one, portions
from onboarding.adapters.sql.tables import deliveries
from onboarding.domain.delivery import Delivery, Ended, Planned, State, Transition, Why, check_move
from onboarding.domain.errors import IllegalMove, NotFound

HELD = (State.CLAIMED, State.SENDING)
OPEN = (State.PLANNED, State.CLAIMED, State.SENDING)
REVIVABLE = (State.SKIPPED, State.WITHDRAWN, State.FAILED, State.DONE, State.UNKNOWN)
USUALLY_FROM = {
    State.SENT: State.SENDING,
    State.FAILED: State.SENDING,
    State.UNKNOWN: State.SENDING,
    State.DONE: State.CLAIMED,
    State.SKIPPED: State.CLAIMED,
    State.DELIVERED: State.SENT,
    State.BOUNCED: State.SENT,
}


class SqlDeliveries:
    """The ledger in the tables `deliveries` and `transitions`.

    `reason` of a delivery is that of its newest transition. `settled_at` is the moment at which it stopped being
    planned, claimed or sending; what the mail service tells afterwards leaves it alone. An unknown key raises
    NotFound.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def plan(self, planned: Sequence[Planned], now: datetime) -> None:
        """Insert new deliveries in bulk; known keys are left alone."""
        if not planned:
            return
        statement = insert_new(self._connection.dialect.name, deliveries, "key")
        self._connection.execute(statement, [_new(each, now) for each in planned])
        for keys in portions([each.key for each in planned]):
            self._connection.execute(ledger.NOTE_NEW, {"keys": keys, "now": now})

    def get(self, key: str) -> Delivery | None:
        """The delivery of that key."""
        return one(self._connection, Delivery, ledger.GET, of_key=key)

    def by_number(self, number: int) -> Delivery | None:
        """The delivery of that number."""
        return one(self._connection, Delivery, ledger.BY_NUMBER, of_number=number)

    def of_hire(self, hire_id: str) -> list[Delivery]:
        """All deliveries of a hire by (due_at, number)."""
        return many(self._connection, Delivery, ledger.OF_HIRE, of_hire=hire_id)

    def history(self, key: str) -> list[Transition]:
        """What happened to it, oldest first."""
        return many(self._connection, Transition, ledger.HISTORY, of_key=key)

    def remark(self, key: str, reason: str, now: datetime) -> None:
        """Write something around it into its history. Raises NotFound."""
        state = self._locked(key)
        found = self.get(key)
        if found is not None:
            self._connection.execute(ledger.NOTE, _note(found.number, state, state, reason, now))

    def reschedule(self, key: str, *, due_at: datetime, grace_until: datetime, reason: str, now: datetime) -> None:
        """Give a planned delivery another moment. Raises IllegalMove when it is not planned."""
        moments = {"due_at": due_at, "grace_until": grace_until}
        if not self._swap(key, State.PLANNED, State.PLANNED, now=now, reason=reason, given=moments):
            raise IllegalMove(f"{key} is {self._locked(key)}: only a planned delivery gets another moment")

    def move(
        self,
        key: str,
        state: State,
        *,
        now: datetime,
        reason: str = "",
        why: Why = Why.NONE,
        expect: State | None = None,
    ) -> bool:
        """Change its state; False when it is not in `expect` any more."""
        before = self._locked(key) if expect is None else expect
        check_move(key, before, state)
        if self._swap(key, before, state, now=now, reason=reason, given={"why": why}):
            return True
        self._locked(key)
        return False

    def revive(self, planned: Planned, now: datetime, reason: str) -> None:
        """Put it back to planned with the moments of `planned`, its attempts forgotten. Raises IllegalMove."""
        before = self._locked(planned.key)
        if before not in REVIVABLE:
            raise IllegalMove(f"{planned.key} is {before}: only what ended unsent or unknown can be revived")
        given = {"due_at": planned.due_at, "grace_until": planned.grace_until, "why": Why.NONE, "attempts": 0}
        self._swap(planned.key, before, State.PLANNED, now=now, reason=reason, given=given)

    def pin(self, key: str) -> None:
        """Mark that a human decided its moment."""
        if self._connection.execute(ledger.PIN, {"of_key": key}).rowcount == 0:
            raise NotFound(f"there is no delivery {key}")

    def due(self, now: datetime, limit: int) -> list[Delivery]:
        """Planned deliveries whose moment has come; looks only."""
        return many(self._connection, Delivery, ledger.DUE, as_of=now, at_most=limit)

    def claim(self, now: datetime, *, claim: str, limit: int) -> list[Delivery]:
        """Take what is due; what another worker holds at this moment is passed over."""
        changes = _effects(State.PLANNED, State.CLAIMED, now) | {"claim": claim, "claimed_at": now, "reason": ""}
        taken = self._connection.execute(ledger.CLAIM, changes | {"as_of": now, "at_most": limit})
        claimed = [Delivery(**row._asdict()) for row in taken]
        claimed.sort(key=lambda delivery: (delivery.due_at, delivery.number))
        if claimed:
            self._connection.execute(
                ledger.NOTE, [_note(each.number, State.PLANNED, State.CLAIMED, "", now) for each in claimed]
            )
        return claimed

    def start_sending(self, key: str, *, claim: str, now: datetime) -> bool:
        """From claimed to sending, only if still held by `claim`."""
        given = {"held_by": claim}
        return self._swap(
            key, State.CLAIMED, State.SENDING, now=now, reason="", given=given, statement=ledger.START
        )

    def settle(
        self,
        key: str,
        state: State,
        *,
        now: datetime,
        reason: str = "",
        why: Why = Why.NONE,
        provider_id: str = "",
    ) -> None:
        """Record how it ended; a late `sent` after `unknown` is welcome. Raises IllegalMove."""
        if state in OPEN:
            raise IllegalMove(f"{key} cannot be settled as {state}: that is no end")
        given = {"why": why} | ({"provider_id": provider_id} if provider_id else {})
        usual = USUALLY_FROM.get(state)
        if usual and self._swap(key, usual, state, now=now, reason=reason, given=given):
            return
        before = self._locked(key)
        check_move(key, before, state)
        self._swap(key, before, state, now=now, reason=reason, given=given)

    def retry(self, key: str, *, due_at: datetime, now: datetime, reason: str) -> None:
        """A claimed or sending delivery back to planned. Raises IllegalMove from any other state."""
        given = {"due_at": due_at, "why": Why.NONE}
        for before in reversed(HELD):
            if self._swap(key, before, State.PLANNED, now=now, reason=reason, given=given, statement=ledger.RETRY):
                return
        raise IllegalMove(f"{key} is {self._locked(key)}: only what is claimed or sending can be tried again")

    def stale(self, before: datetime) -> list[Delivery]:
        """Deliveries claimed or sending whose claim is older than `before`, oldest claim first."""
        return many(self._connection, Delivery, ledger.STALE, before=before)

    def due_moments(self, start: datetime, end: datetime) -> list[datetime]:
        """The distinct moments of planned deliveries in start <= due_at < end."""
        return list(self._connection.execute(ledger.MOMENTS, {"start": start, "end": end}).scalars())

    def next_due(self) -> datetime | None:
        """The earliest moment of all planned deliveries."""
        return self._connection.execute(ledger.NEXT).scalar_one_or_none()

    def in_states(self, states: Iterable[State], limit: int = 1000) -> list[Delivery]:
        """Deliveries in these states, newest change first; one index lookup a state."""
        found: list[dict[str, Any]] = []
        for state in dict.fromkeys(states):
            query = ledger.NEWEST_PLANNED if state is State.PLANNED else ledger.NEWEST_BEGUN
            rows = self._connection.execute(query, {"of_state": state, "at_most": limit})
            found.extend(row._asdict() for row in rows)
        found.sort(key=lambda row: (row.pop("changed_at"), row["number"]), reverse=True)
        return [Delivery(**row) for row in found[:limit]]

    def for_nobody(self, since: date) -> list[Delivery]:
        """What was skipped because nobody has its role, for active hires with a first day from `since` on."""
        return many(self._connection, Delivery, ledger.FOR_NOBODY, since=since)

    def meetings_due(self, start: datetime, end: datetime, since: date) -> list[Delivery]:
        """The deliveries of the verb `meet` of a span, for active hires with a first day from `since` on."""
        return many(self._connection, Delivery, ledger.MEETINGS_DUE, start=start, end=end, since=since)

    def ends_of_cohort(self, first: date | None, last: date | None) -> list[Ended]:
        """How the deliveries about each active hire of a cohort ended."""
        found = self._connection.execute(of_cohort(ledger.ENDS, deliveries.c.hire_id, first, last))
        return [Ended(**row._asdict() | {"in_time": bool(row.in_time)}) for row in found]

    def counts(self) -> dict[State, int]:
        """How many deliveries stand in each state; states without any are left out."""
        planned = self._connection.execute(ledger.COUNT_PLANNED).scalar_one()
        begun = self._connection.execute(ledger.COUNT_BEGUN)
        return ({State.PLANNED: planned} if planned else {}) | {state: count for state, count in begun}  # noqa: C416 -- rows

    def _swap(
        self,
        key: str,
        before: State,
        after: State,
        *,
        now: datetime,
        reason: str,
        given: dict[str, Any],
        statement: Update = ledger.SWAP,
    ) -> bool:
        """Compare and swap with its transition; False when the state was not `before`."""
        changes = _effects(before, after, now) | {"reason": reason, "of_key": key, "was": before} | given
        number = self._connection.execute(statement, changes).scalar_one_or_none()
        if number is None:
            return False
        self._connection.execute(ledger.NOTE, _note(number, before, after, reason, now))
        return True

    def _locked(self, key: str) -> State:
        """Its state, which nobody else can change before this transaction ends. Raises NotFound."""
        state: State | None = self._connection.execute(ledger.LOCK, {"of_key": key}).scalar_one_or_none()
        if state is None:
            raise NotFound(f"there is no delivery {key}")
        return state


def _effects(before: State, after: State, now: datetime) -> dict[str, Any]:
    """What every change of state does to a row besides."""
    changes: dict[str, Any] = {"state": after, "changed_at": now}
    if after not in HELD:
        changes |= {"claim": "", "claimed_at": None}
    elif after is State.CLAIMED:
        changes |= {"claimed_at": now}
    if after in OPEN:
        changes |= {"settled_at": None}
    elif before in OPEN:
        changes |= {"settled_at": now}
    return changes


def _new(planned: Planned, now: datetime) -> dict[str, Any]:
    return {name: getattr(planned, name) for name in Planned.__slots__} | {
        "key": planned.key,
        "state": State.SKIPPED if planned.why else State.PLANNED,
        "attempts": 0,
        "claim": "",
        "pinned": False,
        "claimed_at": None,
        "settled_at": now if planned.why else None,
        "provider_id": "",
        "changed_at": now,
    }


def _note(number: int, before: str, after: State, reason: str, now: datetime) -> dict[str, Any]:
    return {"number": number, "at": now, "before": str(before), "after": after, "reason": reason}
