"""Does the store keep the contract of Deliveries: planning, questions, changes of plan?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from onboarding.adapters.sql import SqlStore
from onboarding.domain.delivery import MOVES, Delivery, State, Transition, Why
from onboarding.domain.errors import IllegalMove, NotFound
from tests.ports.stores import DAY, HOUR, NOW, bring_to, many_planned, planned, standing, with_planned

KEY = "ada/welcome/hire/ada/once"
BEFORE = NOW - DAY  # when `with_planned` plans


def test_a_planned_delivery_comes_back_with_its_key_and_number(store: SqlStore) -> None:
    with with_planned(store) as books:
        delivery = standing(books, KEY)
        assert delivery == Delivery(
            hire_id="ada",
            step="welcome",
            verb="write",
            role="hire",
            person_id="ada",
            occasion="once",
            due_at=NOW,
            grace_until=NOW + 3 * DAY,
            number=delivery.number,
            state=State.PLANNED,
        )
        assert books.deliveries.by_number(delivery.number) == delivery
        assert books.deliveries.history(KEY) == [
            Transition(key=KEY, at=BEFORE, before="", after=State.PLANNED, reason="")
        ]


def test_a_delivery_planned_with_a_why_is_skipped_from_the_start(store: SqlStore) -> None:
    with with_planned(store, planned(why=Why.TOO_LATE, reason="too late: it was due on Monday")) as books:
        delivery = standing(books, KEY)
        assert (delivery.state, delivery.why, delivery.settled_at) == (State.SKIPPED, Why.TOO_LATE, BEFORE)
        assert books.deliveries.history(KEY) == [
            Transition(key=KEY, at=BEFORE, before="", after=State.SKIPPED, reason="too late: it was due on Monday")
        ]
        assert books.deliveries.due(NOW + DAY, 10) == []


def test_planning_leaves_known_keys_alone(store: SqlStore) -> None:
    with with_planned(store) as books:
        known = standing(books, KEY)
        books.deliveries.plan([planned(due_at=NOW + DAY, why=Why.PLAN), planned("coffee"), planned("coffee")], NOW)
        assert standing(books, KEY) == known
        assert len(books.deliveries.history(KEY)) == 1
        assert len(books.deliveries.history(planned("coffee").key)) == 1
        assert books.deliveries.counts() == {State.PLANNED: 2}


def test_thousands_are_planned_at_once_each_with_its_transition(store: SqlStore) -> None:
    wishes = many_planned(1300)
    with with_planned(store, *wishes) as books:
        books.deliveries.plan([], NOW)
        assert [each.key for each in books.deliveries.of_hire("ada")] == [each.key for each in wishes]
        assert all(len(books.deliveries.history(each.key)) == 1 for each in (wishes[0], wishes[999], wishes[-1]))


def test_what_is_not_known_is_none_or_empty(store: SqlStore) -> None:
    with store.read() as books:
        ledger = books.deliveries
        assert (ledger.get(KEY), ledger.by_number(7), ledger.next_due()) == (None, None, None)
        assert (ledger.of_hire("ada"), ledger.history(KEY), ledger.counts()) == ([], [], {})
        assert ledger.in_states([]) == []


def test_what_changes_an_unknown_key_says_so(store: SqlStore) -> None:
    with store.begin() as books:
        ledger = books.deliveries
        for change in (
            lambda: ledger.reschedule(KEY, due_at=NOW, grace_until=NOW, reason="", now=NOW),
            lambda: ledger.move(KEY, State.SKIPPED, now=NOW),
            lambda: ledger.move(KEY, State.SKIPPED, now=NOW, expect=State.PLANNED),
            lambda: ledger.revive(planned(), NOW, ""),
            lambda: ledger.pin(KEY),
            lambda: ledger.settle(KEY, State.SENT, now=NOW),
            lambda: ledger.retry(KEY, due_at=NOW, now=NOW, reason=""),
        ):
            with pytest.raises(NotFound, match=KEY):
                change()


def test_a_planned_delivery_gets_another_moment(store: SqlStore) -> None:
    with with_planned(store) as books:
        before = standing(books, KEY)
        books.deliveries.reschedule(
            KEY, due_at=NOW + DAY, grace_until=NOW + 9 * DAY, reason="she starts later", now=NOW
        )
        assert standing(books, KEY) == replace(
            before, due_at=NOW + DAY, grace_until=NOW + 9 * DAY, reason="she starts later"
        )
        assert books.deliveries.history(KEY)[1:] == [
            Transition(key=KEY, at=NOW, before="planned", after=State.PLANNED, reason="she starts later")
        ]


@pytest.mark.parametrize("state", [state for state in State if state is not State.PLANNED])
def test_only_a_planned_delivery_gets_another_moment(sqlite_store: SqlStore, state: State) -> None:
    with with_planned(sqlite_store) as books:
        bring_to(books, state)
        before = standing(books, KEY)
        with pytest.raises(IllegalMove, match=f"is {state}: only a planned"):
            books.deliveries.reschedule(KEY, due_at=NOW, grace_until=NOW, reason="", now=NOW)
        assert standing(books, KEY) == before


def test_a_move_writes_state_reason_and_transition(store: SqlStore) -> None:
    with with_planned(store) as books:
        assert books.deliveries.move(KEY, State.WITHDRAWN, now=NOW, reason="she will not come", why=Why.LEFT)
        delivery = standing(books, KEY)
        assert (delivery.state, delivery.why, delivery.reason) == (State.WITHDRAWN, Why.LEFT, "she will not come")
        assert delivery.settled_at == NOW
        assert books.deliveries.history(KEY)[1:] == [
            Transition(key=KEY, at=NOW, before="planned", after=State.WITHDRAWN, reason="she will not come")
        ]


def test_a_move_from_another_state_than_expected_changes_nothing(store: SqlStore) -> None:
    with with_planned(store) as books:
        bring_to(books, State.CLAIMED)
        before, history = standing(books, KEY), books.deliveries.history(KEY)
        assert not books.deliveries.move(KEY, State.WITHDRAWN, now=NOW, expect=State.PLANNED)
        assert (standing(books, KEY), books.deliveries.history(KEY)) == (before, history)
        assert books.deliveries.move(KEY, State.WITHDRAWN, now=NOW, expect=State.CLAIMED)


@pytest.mark.parametrize("before", State)
def test_a_move_that_the_table_does_not_allow_is_refused(memory_store: SqlStore, before: State) -> None:
    with with_planned(memory_store) as books:
        bring_to(books, before)
        there, history = standing(books, KEY), books.deliveries.history(KEY)
        for after in set(State) - MOVES[before]:
            with pytest.raises(IllegalMove, match=f"cannot go from {before} to {after}"):
                books.deliveries.move(KEY, after, now=NOW)
        assert (standing(books, KEY), books.deliveries.history(KEY)) == (there, history)


def test_a_claim_is_named_while_claimed_or_sending_only(store: SqlStore) -> None:
    with with_planned(store) as books:
        seen = []
        (delivery,) = books.deliveries.claim(NOW, claim="run-1", limit=1)
        books.deliveries.start_sending(KEY, claim="run-1", now=NOW + HOUR)
        seen.append(standing(books, KEY))
        books.deliveries.settle(KEY, State.SENT, now=NOW + 2 * HOUR)
        seen.append(standing(books, KEY))
    assert [(each.claim, each.claimed_at) for each in (delivery, *seen)] == [
        ("run-1", NOW),
        ("run-1", NOW),
        ("", None),
    ]


def test_the_moment_of_settling_outlives_what_the_service_tells_later(store: SqlStore) -> None:
    with with_planned(store) as books:
        bring_to(books, State.SENDING)
        books.deliveries.settle(KEY, State.SENT, now=NOW)
        books.deliveries.move(KEY, State.DELIVERED, now=NOW + HOUR)
        books.deliveries.move(KEY, State.BOUNCED, now=NOW + DAY)
        assert standing(books, KEY).settled_at == NOW


@pytest.mark.parametrize("state", [State.SKIPPED, State.WITHDRAWN, State.FAILED, State.DONE, State.UNKNOWN])
def test_what_ended_comes_back_to_life_with_new_moments(store: SqlStore, state: State) -> None:
    with with_planned(store) as books:
        before = standing(books, KEY)
        bring_to(books, state)
        wish = planned(due_at=NOW + DAY, grace_until=NOW + 2 * DAY)
        books.deliveries.revive(wish, NOW, "she comes after all")
        assert standing(books, KEY) == replace(
            before, due_at=wish.due_at, grace_until=wish.grace_until, reason="she comes after all"
        )
        assert books.deliveries.history(KEY)[-1] == Transition(
            key=KEY, at=NOW, before=state, after=State.PLANNED, reason="she comes after all"
        )


@pytest.mark.parametrize("state", [State.PLANNED, State.CLAIMED, State.SENDING, State.SENT, State.DELIVERED])
def test_what_still_lives_or_was_sent_is_not_revived(sqlite_store: SqlStore, state: State) -> None:
    with with_planned(sqlite_store) as books:
        bring_to(books, state)
        with pytest.raises(IllegalMove, match=f"is {state}"):
            books.deliveries.revive(planned(), NOW, "again")
        assert standing(books, KEY).state is state


def test_a_pinned_delivery_stays_pinned_and_has_no_new_transition(store: SqlStore) -> None:
    with with_planned(store) as books:
        books.deliveries.pin(KEY)
        assert standing(books, KEY).pinned
        assert len(books.deliveries.history(KEY)) == 1
        books.deliveries.reschedule(KEY, due_at=NOW + DAY, grace_until=NOW + DAY, reason="", now=NOW)
        assert standing(books, KEY).pinned


def test_due_shows_what_falls_due_by_moment_and_number_and_only_looks(store: SqlStore) -> None:
    wishes = [planned("late", due_at=NOW + HOUR), planned("b"), planned("a"), planned("early", due_at=NOW - HOUR)]
    with with_planned(store, *wishes, planned("skipped", why=Why.CONDITION)) as books:
        for _ in range(2):
            assert [each.step for each in books.deliveries.due(NOW, 10)] == ["early", "b", "a"]
        assert [each.step for each in books.deliveries.due(NOW, 2)] == ["early", "b"]
        assert books.deliveries.due(NOW - 2 * HOUR, 10) == []


def test_deliveries_of_a_hire_come_by_moment_and_number(store: SqlStore) -> None:
    wishes = [planned("late", due_at=NOW + HOUR), planned("b"), planned("a"), planned("other", hire_id="bo")]
    with with_planned(store, *wishes) as books:
        assert [each.step for each in books.deliveries.of_hire("ada")] == ["b", "a", "late"]


def test_due_moments_are_distinct_and_ascending_from_start_to_before_end(store: SqlStore) -> None:
    wishes = [planned(f"s-{number}", due_at=NOW + hours * HOUR) for number, hours in enumerate((3, 1, 1, 0, 2))]
    gone = planned("skipped", due_at=NOW + HOUR / 2, why=Why.CONDITION)
    with with_planned(store, *wishes, gone) as books:
        assert books.deliveries.due_moments(NOW, NOW + 3 * HOUR) == [NOW, NOW + HOUR, NOW + 2 * HOUR]
        assert books.deliveries.due_moments(NOW + 4 * HOUR, NOW + 5 * HOUR) == []


def test_the_next_due_moment_is_the_earliest_of_what_is_planned(store: SqlStore) -> None:
    with with_planned(
        store, planned("a"), planned("b", due_at=NOW - HOUR), planned("c", due_at=NOW + HOUR)
    ) as books:
        assert books.deliveries.next_due() == NOW - HOUR
        books.deliveries.move(planned("b").key, State.SKIPPED, now=NOW)
        assert books.deliveries.next_due() == NOW


def test_deliveries_in_states_come_newest_change_first(store: SqlStore) -> None:
    with with_planned(store, *(planned(step) for step in "abcd")) as books:
        for step, state, hours in (("a", State.SKIPPED, 3), ("c", State.FAILED, 5), ("b", State.SKIPPED, 4)):
            books.deliveries.move(planned(step).key, state, now=NOW + hours * HOUR)
        found = {
            "ended": books.deliveries.in_states([State.SKIPPED, State.FAILED]),
            "two": books.deliveries.in_states([State.FAILED, State.SKIPPED, State.SKIPPED], limit=2),
            "planned": books.deliveries.in_states([State.PLANNED]),
            "all": books.deliveries.in_states(State),
        }
    assert {name: "".join(each.step for each in deliveries) for name, deliveries in found.items()} == {
        "ended": "cba",
        "two": "cb",
        "planned": "d",
        "all": "cbad",
    }


def test_counts_say_how_many_stand_in_each_state(store: SqlStore) -> None:
    with with_planned(store, *many_planned(5)) as books:
        books.deliveries.claim(NOW, claim="run-1", limit=2)
        books.deliveries.move(planned("step-4").key, State.SKIPPED, now=NOW)
        assert books.deliveries.counts() == {State.PLANNED: 2, State.CLAIMED: 2, State.SKIPPED: 1}


def test_a_remark_stands_in_the_history_and_changes_nothing_else(store: SqlStore) -> None:
    with store.begin() as books:
        books.deliveries.plan([planned()], NOW)
        before = books.deliveries.get(planned().key)
        books.deliveries.remark(planned().key, "somebody thought better of it", NOW + HOUR)
        assert books.deliveries.get(planned().key) == before
        *_, last = books.deliveries.history(planned().key)
        assert (last.at, last.before, last.after) == (NOW + HOUR, State.PLANNED, State.PLANNED)
        assert last.reason == "somebody thought better of it"
        with pytest.raises(NotFound):
            books.deliveries.remark("nothing", "no", NOW)
