"""Can any sequence of changes bring a delivery into a state that the table of moves does not allow?"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import count, pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onboarding.adapters.sql import SqlStore
from onboarding.domain.delivery import MOVES, Planned, State
from onboarding.domain.errors import IllegalMove
from onboarding.ports import Deliveries
from tests.ports.stores import NOW, planned, standing

Change = Callable[[Deliveries, Planned], None]

_examples = count(1)
_states = st.sampled_from(State)
_hours = st.integers(min_value=-5, max_value=50).map(lambda hours: timedelta(hours=hours))


def _claim(ledger: Deliveries, _wish: Planned) -> None:
    ledger.claim(NOW + timedelta(days=365), claim="run", limit=1000)


def _start(ledger: Deliveries, wish: Planned) -> None:
    ledger.start_sending(wish.key, claim="run", now=NOW)


def _pin(ledger: Deliveries, wish: Planned) -> None:
    ledger.pin(wish.key)


def _move(state: State, expect: State | None) -> Change:
    def change(ledger: Deliveries, wish: Planned) -> None:
        ledger.move(wish.key, state, now=NOW, expect=expect)

    return change


def _settle(state: State) -> Change:
    return lambda ledger, wish: ledger.settle(wish.key, state, now=NOW)


def _retry(later: timedelta) -> Change:
    return lambda ledger, wish: ledger.retry(wish.key, due_at=NOW + later, now=NOW, reason="")


def _revive(later: timedelta) -> Change:
    return lambda ledger, wish: ledger.revive(planned(wish.step, due_at=NOW + later), NOW, "")


def _reschedule(later: timedelta) -> Change:
    return lambda ledger, wish: ledger.reschedule(
        wish.key, due_at=NOW + later, grace_until=NOW + later, reason="", now=NOW
    )


def _plan_again(ledger: Deliveries, wish: Planned) -> None:
    ledger.plan([wish], NOW)


CHANGES = st.one_of(
    st.sampled_from([_claim, _start, _pin, _plan_again]),
    st.builds(_move, _states, st.none() | _states),
    st.builds(_settle, _states),
    st.builds(_retry, _hours),
    st.builds(_revive, _hours),
    st.builds(_reschedule, _hours),
)


@given(changes=st.lists(CHANGES, min_size=1, max_size=25))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_sequence_of_changes_leaves_the_table_of_moves_and_the_history_is_complete(
    store: SqlStore, changes: list[Change]
) -> None:
    wish = planned(f"step-{next(_examples)}")
    with store.begin() as books:
        ledger = books.deliveries
        ledger.plan([wish], NOW)
        for change in changes:
            before, known = standing(books, wish.key), ledger.history(wish.key)
            try:
                change(ledger, wish)
            except IllegalMove:
                assert (standing(books, wish.key), ledger.history(wish.key)) == (before, known)
            after, history = standing(books, wish.key), ledger.history(wish.key)
            assert history[: len(known)] == known
            changed = (before.state, before.due_at) != (after.state, after.due_at)
            assert len(history) - len(known) in ({1} if changed else {0, 1})
            assert history[-1].after is after.state
            assert bool(after.settled_at) is (after.state not in (State.PLANNED, State.CLAIMED, State.SENDING))
    assert history[0].before == ""
    for earlier, later in pairwise(history):
        assert later.before == earlier.after
        moment_only = later.before == later.after == State.PLANNED
        assert moment_only or later.after in MOVES[State(later.before)]
    with suppress(IllegalMove), store.begin() as books:  # out of the way of the next example's claims
        books.deliveries.move(wish.key, State.WITHDRAWN, now=NOW)
