"""Does the store keep the contract of Deliveries on the way out: claim, start, settle, retry?"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from threading import Barrier

import pytest

from onboarding.adapters.sql import SqlStore
from onboarding.domain.delivery import State, Transition, Why
from onboarding.domain.errors import IllegalMove
from tests.databases import opened
from tests.ports.stores import (
    DAY,
    HOUR,
    NOW,
    Crash,
    bring_to,
    claim_all,
    crash_after,
    die_while_claiming,
    many_planned,
    planned,
    standing,
    with_planned,
)

KEY = planned().key


def test_a_claim_takes_what_is_due_by_moment_and_number(store: SqlStore) -> None:
    wishes = [planned("late", due_at=NOW + HOUR), planned("b"), planned("a"), planned("early", due_at=NOW - HOUR)]
    with with_planned(store, *wishes) as books:
        claimed = books.deliveries.claim(NOW, claim="run-1", limit=10)
        assert [each.step for each in claimed] == ["early", "b", "a"]
        assert {(each.state, each.claim, each.claimed_at) for each in claimed} == {(State.CLAIMED, "run-1", NOW)}
        assert [standing(books, each.key) for each in claimed] == claimed
        assert books.deliveries.history(claimed[0].key)[1:] == [
            Transition(key=claimed[0].key, at=NOW, before="planned", after=State.CLAIMED, reason="")
        ]


def test_a_claim_takes_no_more_than_its_limit_and_the_earliest_first(store: SqlStore) -> None:
    with with_planned(store, *many_planned(7)) as books:
        taken = [books.deliveries.claim(NOW, claim=f"run-{run}", limit=3) for run in range(4)]
    assert [[each.step[-1] for each in claimed] for claimed in taken] == [
        ["0", "1", "2"],
        ["3", "4", "5"],
        ["6"],
        [],
    ]


def test_a_claimed_delivery_is_not_due_any_more(store: SqlStore) -> None:
    with with_planned(store) as books:
        books.deliveries.claim(NOW, claim="run-1", limit=1)
        assert (books.deliveries.due(NOW, 1), books.deliveries.next_due()) == ([], None)


def test_a_claim_that_is_rolled_back_leaves_everything_due(store: SqlStore) -> None:
    with store.begin() as books:
        books.deliveries.plan([planned()], NOW)
    with pytest.raises(Crash):
        crash_after(store, lambda books: books.deliveries.claim(NOW, claim="run-1", limit=1))
    with store.read() as books:
        assert [each.key for each in books.deliveries.due(NOW, 1)] == [KEY]
        assert len(books.deliveries.history(KEY)) == 1


def test_a_process_that_dies_while_it_claims_leaves_everything_due(database_url: str) -> None:
    with opened(database_url) as store, store.begin() as books:
        books.deliveries.plan([planned()], NOW)
    worker = multiprocessing.get_context("spawn").Process(target=die_while_claiming, args=(database_url,))
    worker.start()
    worker.join()
    assert worker.exitcode == 7
    with opened(database_url) as store, store.begin() as books:
        assert [each.key for each in books.deliveries.claim(NOW, claim="alive", limit=10)] == [KEY]
        assert len(books.deliveries.history(KEY)) == 2


def test_two_claims_at_the_same_moment_pass_over_what_the_other_holds(postgres_store: SqlStore) -> None:
    with postgres_store.begin() as books:
        books.deliveries.plan(many_planned(4), NOW)
    with postgres_store.begin() as first, postgres_store.begin() as second:
        mine = first.deliveries.claim(NOW, claim="first", limit=2)
        yours = second.deliveries.claim(NOW, claim="second", limit=4)
    assert [[each.step[-1] for each in claimed] for claimed in (mine, yours)] == [["0", "1"], ["2", "3"]]


def _claim_by_two(executor: Executor, url: str) -> tuple[list[int], list[int]]:
    with opened(url) as store, store.begin() as books:
        books.deliveries.plan(many_planned(500), NOW)
    first, second = executor.map(claim_all, [url, url], ["first", "second"])
    return first, second


def test_two_threads_that_claim_500_share_them_without_overlap(database_url: str) -> None:
    with ThreadPoolExecutor(2) as executor:
        first, second = _claim_by_two(executor, database_url)
    assert sorted(first + second) == list(range(1, 501))


def test_two_processes_that_claim_500_share_them_without_overlap(
    two_processes: ProcessPoolExecutor, database_url: str
) -> None:
    first, second = _claim_by_two(two_processes, database_url)
    assert sorted(first + second) == list(range(1, 501))
    with opened(database_url) as store, store.read() as books:
        assert books.deliveries.counts() == {State.CLAIMED: 500}
        assert all(len(books.deliveries.history(each.key)) == 2 for each in many_planned(500)[::50])


def test_several_threads_use_one_store(store: SqlStore) -> None:
    start = Barrier(8)

    def work(worker: int) -> None:
        start.wait()
        for number in range(10):
            with store.begin() as books:
                books.deliveries.plan([planned(f"{worker}-{number}")], NOW)
            with store.read() as books:
                books.deliveries.due(NOW, 5)

    with ThreadPoolExecutor(8) as executor:
        list(executor.map(work, range(8)))
    with store.read() as books:
        assert books.deliveries.counts() == {State.PLANNED: 80}


def test_sending_starts_for_the_claim_that_holds_it(store: SqlStore) -> None:
    with with_planned(store) as books:
        books.deliveries.claim(NOW, claim="run-1", limit=1)
        assert books.deliveries.start_sending(KEY, claim="run-1", now=NOW + HOUR)
        assert standing(books, KEY).state is State.SENDING
        assert books.deliveries.history(KEY)[-1] == Transition(
            key=KEY, at=NOW + HOUR, before="claimed", after=State.SENDING, reason=""
        )


def test_sending_does_not_start_twice_nor_for_another_claim_nor_unclaimed(store: SqlStore) -> None:
    with with_planned(store) as books:
        assert not books.deliveries.start_sending(KEY, claim="", now=NOW)
        books.deliveries.claim(NOW, claim="run-1", limit=1)
        assert not books.deliveries.start_sending(KEY, claim="run-2", now=NOW)
        assert books.deliveries.start_sending(KEY, claim="run-1", now=NOW)
        assert not books.deliveries.start_sending(KEY, claim="run-1", now=NOW)
        assert not books.deliveries.start_sending("nothing", claim="run-1", now=NOW)
        assert len(books.deliveries.history(KEY)) == 3


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (State.CLAIMED, State.DONE),
        (State.CLAIMED, State.SKIPPED),
        (State.CLAIMED, State.FAILED),
        (State.SENDING, State.SENT),
        (State.SENDING, State.FAILED),
        (State.SENDING, State.UNKNOWN),
    ],
)
def test_what_was_claimed_or_sending_is_settled(store: SqlStore, before: State, after: State) -> None:
    with with_planned(store) as books:
        bring_to(books, before)
        books.deliveries.settle(KEY, after, now=NOW + HOUR, reason="so it is", why=Why.REFUSED, provider_id="m-1")
        delivery = standing(books, KEY)
        assert (delivery.state, delivery.reason, delivery.why) == (after, "so it is", Why.REFUSED)
        assert (delivery.provider_id, delivery.settled_at) == ("m-1", NOW + HOUR)
        assert books.deliveries.history(KEY)[-1] == Transition(
            key=KEY, at=NOW + HOUR, before=before, after=after, reason="so it is"
        )


def test_a_late_sent_settles_what_was_unknown(store: SqlStore) -> None:
    with with_planned(store) as books:
        bring_to(books, State.SENDING)
        books.deliveries.settle(KEY, State.UNKNOWN, now=NOW, why=Why.CRASHED, provider_id="m-1")
        books.deliveries.settle(KEY, State.SENT, now=NOW + DAY, reason="the service took it")
        delivery = standing(books, KEY)
        assert (delivery.state, delivery.why, delivery.provider_id) == (State.SENT, Why.NONE, "m-1")
        assert [each.after for each in books.deliveries.history(KEY)][-2:] == [State.UNKNOWN, State.SENT]


@pytest.mark.parametrize("before", [State.PLANNED, State.CLAIMED, State.BOUNCED, State.WITHDRAWN])
def test_nothing_is_settled_as_sent_that_was_not_sending(sqlite_store: SqlStore, before: State) -> None:
    with with_planned(sqlite_store) as books:
        bring_to(books, before)
        with pytest.raises(IllegalMove, match=f"cannot go from {before} to sent"):
            books.deliveries.settle(KEY, State.SENT, now=NOW)
        assert standing(books, KEY).state is before


@pytest.mark.parametrize("after", [State.PLANNED, State.CLAIMED, State.SENDING])
def test_to_wait_or_to_work_is_no_end(sqlite_store: SqlStore, after: State) -> None:
    with with_planned(sqlite_store) as books:
        bring_to(books, State.SENDING)
        with pytest.raises(IllegalMove, match="that is no end"):
            books.deliveries.settle(KEY, after, now=NOW)


@pytest.mark.parametrize("before", [State.CLAIMED, State.SENDING])
def test_a_refusal_that_can_heal_is_tried_again_later(store: SqlStore, before: State) -> None:
    with with_planned(store) as books:
        for attempt in (1, 2):
            bring_to(books, before)
            books.deliveries.retry(KEY, due_at=NOW + attempt * HOUR, now=NOW, reason="the service is full")
            delivery = standing(books, KEY)
            assert (delivery.state, delivery.attempts, delivery.claim) == (State.PLANNED, attempt, "")
            assert (delivery.due_at, delivery.grace_until) == (NOW + attempt * HOUR, NOW + 3 * DAY)
            assert (delivery.reason, delivery.settled_at) == ("the service is full", None)
        assert [each.before for each in books.deliveries.history(KEY)][-1] == before


@pytest.mark.parametrize("before", [State.PLANNED, State.UNKNOWN, State.SENT, State.FAILED, State.SKIPPED])
def test_a_machine_never_tries_again_what_is_unknown_or_ended(sqlite_store: SqlStore, before: State) -> None:
    with with_planned(sqlite_store) as books:
        bring_to(books, before)
        with pytest.raises(IllegalMove, match=f"is {before}: only what is claimed or sending"):
            books.deliveries.retry(KEY, due_at=NOW, now=NOW, reason="")
        assert standing(books, KEY).state is before


def test_stale_is_what_is_claimed_or_sending_for_too_long(store: SqlStore) -> None:
    with with_planned(store, *many_planned(4)) as books:
        for number, hours in enumerate((0, 1, 2)):
            (claimed,) = books.deliveries.claim(NOW + hours * HOUR, claim=f"run-{number}", limit=1)
            if number == 1:
                books.deliveries.start_sending(claimed.key, claim="run-1", now=NOW + 9 * HOUR)
        assert [each.step for each in books.deliveries.stale(NOW + 2 * HOUR)] == ["step-0", "step-1"]
        assert books.deliveries.stale(NOW) == []
        books.deliveries.move(planned("step-0").key, State.PLANNED, now=NOW)
        assert [each.step for each in books.deliveries.stale(NOW + 2 * HOUR)] == ["step-1"]
