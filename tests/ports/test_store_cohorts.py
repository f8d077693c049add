"""Does the store keep the contracts of the questions about many hires at once?"""

from __future__ import annotations

from datetime import date

import pytest

from onboarding.adapters.sql import SqlStore
from onboarding.domain.delivery import State, Why
from onboarding.domain.meetings import MeetingState, PairingState
from onboarding.domain.people import HireState
from tests.ports.stores import DAY, HOUR, NOW, ask, bring_to, hire, meeting, pairing, planned

MARCH, APRIL, MAY = date(2025, 3, 10), date(2025, 4, 10), date(2025, 5, 10)
RANGES = [
    pytest.param(None, None, ["apr", "mar", "may"], id="open on both sides"),
    pytest.param(APRIL, None, ["apr", "may"], id="from a day on"),
    pytest.param(None, APRIL, ["apr", "mar"], id="up to a day"),
    pytest.param(APRIL, APRIL, ["apr"], id="one day"),
    pytest.param(date(2025, 6, 1), None, [], id="nobody"),
]


@pytest.fixture
def cohorts(store: SqlStore) -> SqlStore:
    """Hires of three months, the one of April withdrawn."""
    with store.begin() as books:
        books.hires.put(hire("mar", first_day=MARCH))
        books.hires.put(hire("apr", first_day=APRIL, state=HireState.WITHDRAWN))
        books.hires.put(hire("may", first_day=MAY))
    return store


@pytest.mark.parametrize(("first", "last", "found"), RANGES)
def test_a_cohort_has_the_hires_of_a_range_of_first_days(
    cohorts: SqlStore, first: date | None, last: date | None, found: list[str]
) -> None:
    with cohorts.begin() as books:
        for one in ("mar", "apr", "may", "unknown"):
            books.pairings.put(pairing(hire_id=one))
            books.pairings.put(pairing(hire_id=one, role="peer"))
            books.meetings.put(meeting(f"coffee-{one}", hire_id=one))
            books.asks.open(ask(f"{one}/met", hire_id=one, form="did_you_meet"))
            books.asks.open(ask(f"{one}/note", hire_id=one))
    with cohorts.read() as books:
        assert [one.hire_id for one in books.pairings.of_cohort("buddy", first, last)] == found
        assert [one.hire_id for one in books.meetings.of_cohort(first, last)] == found
        asked = books.asks.of_cohort({"did_you_meet", "other"}, first, last)
        assert [one.id for one, _ in asked] == [f"{one}/met" for one in found]


def test_pairings_of_a_cohort_come_hire_by_hire_oldest_first_whatever_their_state(cohorts: SqlStore) -> None:
    expected = [
        pairing("z", hire_id="mar", made_at=NOW - DAY, state=PairingState.DECLINED),
        pairing("b", hire_id="mar", occasion="once"),
        pairing("a", hire_id="mar", occasion="week-2", state=PairingState.ENDED),
        pairing("b", hire_id="may", made_at=NOW - DAY),
    ]
    with cohorts.begin() as books:
        for each in reversed(expected):
            books.pairings.put(each)
        assert books.pairings.of_cohort("buddy", None, None) == expected


def test_what_stands_is_what_a_load_counts(cohorts: SqlStore) -> None:
    with cohorts.begin() as books:
        for one in ("mar", "apr", "may", "unknown"):
            books.pairings.put(pairing("bo", hire_id=one))
        books.pairings.put(pairing("cy", hire_id="may", role="peer", state=PairingState.ANNOUNCED))
        books.pairings.put(pairing("di", hire_id="may", state=PairingState.DECLINED))
        books.pairings.put(pairing("ed", hire_id="may", state=PairingState.ENDED))
        assert books.pairings.standing(MARCH) == [
            ("mar", "buddy", "once", "bo"),
            ("may", "buddy", "once", "bo"),
            ("may", "peer", "once", "cy"),
        ]
        assert books.pairings.standing(APRIL) == [("may", "buddy", "once", "bo"), ("may", "peer", "once", "cy")]
        assert books.pairings.standing(date(2026, 1, 1)) == []


def test_meetings_of_a_cohort_come_hire_by_hire_cancelled_ones_too(cohorts: SqlStore) -> None:
    with cohorts.begin() as books:
        books.meetings.put(meeting("d", hire_id="may", starts_at=NOW - DAY, ends_at=NOW))
        books.meetings.put(meeting("a", hire_id="mar", starts_at=NOW + DAY, ends_at=NOW + DAY + HOUR))
        books.meetings.put(meeting("c", hire_id="mar", state=MeetingState.CANCELLED))
        books.meetings.put(meeting("b", hire_id="mar"))
        assert [one.id for one in books.meetings.of_cohort(None, None)] == ["b", "c", "a", "d"]


def test_the_newest_meeting_of_each_step_is_a_planned_one_of_anybody(store: SqlStore) -> None:
    with store.begin() as books:
        assert books.meetings.newest() == {}
        books.meetings.put(meeting("a"))
        books.meetings.put(meeting("b", hire_id="bo", starts_at=NOW + DAY, ends_at=NOW + DAY + HOUR))
        later = {"starts_at": NOW + 2 * DAY, "ends_at": NOW + 2 * DAY + HOUR}
        books.meetings.put(meeting("off", state=MeetingState.CANCELLED, **later))
        books.meetings.put(meeting("tea", step="tea", state=MeetingState.CANCELLED))
        assert books.meetings.newest() == {"first_coffee": NOW + DAY}


def test_asks_of_a_cohort_have_their_newest_answer_or_none(cohorts: SqlStore) -> None:
    with cohorts.begin() as books:
        books.asks.open(ask("b", hire_id="may", opened_at=NOW - DAY))
        books.asks.open(ask("c", hire_id="mar"))
        books.asks.open(ask("a", hire_id="mar"))
        for met in ("no", "yes"):
            newest = books.asks.answer("a", {"met": met}, NOW)
        assert books.asks.of_cohort({"peer_note"}, None, None) == [
            (ask("a", hire_id="mar"), newest),
            (ask("c", hire_id="mar"), None),
            (ask("b", hire_id="may", opened_at=NOW - DAY), None),
        ]
        assert books.asks.of_cohort(set(), None, None) == []


def test_forms_of_a_cohort_are_counted_by_hire_and_what_is_still_open_is_left_out(cohorts: SqlStore) -> None:
    with cohorts.begin() as books:
        for name, hire_id, closes_at in (
            ("a", "mar", NOW),
            ("b", "mar", NOW - HOUR),
            ("open", "mar", NOW + HOUR),
            ("early", "may", NOW + HOUR),
            ("gone", "apr", NOW),
        ):
            books.asks.open(ask(name, hire_id=hire_id, closes_at=closes_at))
        books.asks.open(ask("other", hire_id="mar", form="did_you_meet", closes_at=NOW))
        for met in ("no", "yes"):
            books.asks.answer("a", {"met": met}, NOW)
        books.asks.answer("early", {}, NOW)
        found = books.asks.counts_of_cohort(None, None, NOW)
        assert [(one.hire_id, one.form, one.asked, one.answered) for one in found] == [
            ("mar", "did_you_meet", 1, 0),
            ("mar", "peer_note", 2, 1),
            ("may", "peer_note", 1, 1),
        ]
        assert [one.hire_id for one in books.asks.counts_of_cohort(APRIL, None, NOW)] == ["may"]
        assert books.asks.counts_of_cohort(None, date(2025, 1, 1), NOW) == []


def test_how_deliveries_of_a_cohort_ended_is_counted_by_hire_state_reason_and_time(cohorts: SqlStore) -> None:
    with cohorts.begin() as books:
        for name, hire_id in (("a", "mar"), ("b", "mar"), ("c", "may"), ("gone", "apr")):
            wish = planned(name, hire_id=hire_id)
            books.deliveries.plan([wish], NOW)
            bring_to(books, State.SENT, wish.key)
        late = planned("late", hire_id="may", grace_until=NOW - DAY)
        books.deliveries.plan([late], NOW)
        bring_to(books, State.SENT, late.key)
        slot = planned("slot", hire_id="may", why=Why.NO_SLOT, reason="no hour")
        books.deliveries.plan([slot, planned("waits", hire_id="may")], NOW)
        found = books.deliveries.ends_of_cohort(None, None)
        assert [(one.hire_id, one.state, one.why, one.in_time, one.deliveries) for one in found] == [
            ("mar", State.SENT, Why.NONE, True, 2),
            ("may", State.SENT, Why.NONE, False, 1),
            ("may", State.SENT, Why.NONE, True, 1),
            ("may", State.SKIPPED, Why.NO_SLOT, True, 1),
        ]
        assert sum(one.deliveries for one in books.deliveries.ends_of_cohort(MARCH, APRIL)) == 2
        assert books.deliveries.ends_of_cohort(date(2026, 1, 1), None) == []


def test_what_nobody_got_is_told_of_active_hires_only(cohorts: SqlStore) -> None:
    wishes = [
        planned(hire_id=one, person_id="nobody", role="buddy", why=Why.NOBODY, reason="nobody can be buddy")
        for one in ("may", "mar", "apr", "unknown")
    ]
    others = [
        planned("slot", hire_id="may", why=Why.NO_SLOT, reason="no hour"),
        planned("waits", hire_id="may"),
        planned("gone", hire_id="may", why=Why.NOBODY, reason="nobody"),
    ]
    with cohorts.begin() as books:
        books.deliveries.plan([*wishes, *others], NOW)
        books.deliveries.move(others[2].key, State.WITHDRAWN, now=NOW)
        assert [one.key for one in books.deliveries.for_nobody(MARCH)] == [wishes[1].key, wishes[0].key]
        assert [one.reason for one in books.deliveries.for_nobody(APRIL)] == ["nobody can be buddy"]


def test_meetings_due_are_the_invitations_of_a_span_whatever_became_of_them(cohorts: SqlStore) -> None:
    def meets(step: str, **given: object) -> str:
        wish = planned(step, **{"verb": "meet", "hire_id": "may"} | given)
        books.deliveries.plan([wish], NOW)
        return wish.key

    with cohorts.begin() as books:
        at_start, sent = meets("start", due_at=NOW - DAY), meets("sent", hire_id="mar")
        skipped = meets("skipped", why=Why.NO_SLOT, reason="no hour")
        meets("early", due_at=NOW - DAY - HOUR)
        meets("end", due_at=NOW + DAY)
        meets("write", verb="write")
        meets("withdrawn", hire_id="apr")
        bring_to(books, State.SENT, sent)
        found = books.deliveries.meetings_due(NOW - DAY, NOW + DAY, MARCH)
        assert [one.key for one in found] == [sent, at_start, skipped]
        assert [one.key for one in books.deliveries.meetings_due(NOW - DAY, NOW + DAY, APRIL)] == [
            at_start,
            skipped,
        ]
