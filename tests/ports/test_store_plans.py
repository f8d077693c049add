"""Does the store keep the contracts of Pairings, Meetings and the AlarmBook?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from onboarding.adapters.sql import SqlStore
from onboarding.domain.attending import Attendance, Attendee
from onboarding.domain.meetings import Chosen, Hold, MeetingState, PairingState
from onboarding.domain.people import HireState
from tests.ports.stores import DAY, HOUR, NOW, hire, meeting, pairing

SINCE = date(2025, 3, 1)


def test_a_pairing_comes_back_and_is_replaced(store: SqlStore) -> None:
    with store.begin() as books:
        books.pairings.put(pairing())
        assert books.pairings.of_hire("ada") == [pairing()]
        changed = pairing(state=PairingState.ANNOUNCED, reasons="same hobby", alternatives=())
        books.pairings.put(changed)
        assert books.pairings.of_hire("ada") == [changed]
        assert books.pairings.of_hire("bo") == []


def test_pairings_of_a_hire_come_by_moment_role_occasion_and_person(store: SqlStore) -> None:
    expected = [
        pairing("z", made_at=NOW - DAY, role="peer"),
        pairing("b", occasion="once"),
        pairing("a", occasion="week-2"),
        pairing("b", occasion="week-2"),
        pairing("a", role="partner"),
    ]
    with store.begin() as books:
        for each in reversed(expected):
            books.pairings.put(each)
        assert books.pairings.of_hire("ada") == expected


def test_a_load_counts_what_stands_for_active_hires_from_that_first_day_on(store: SqlStore) -> None:
    with store.begin() as books:
        books.hires.put(hire("on", first_day=SINCE))
        books.hires.put(hire("later", first_day=date(2025, 9, 1)))
        books.hires.put(hire("before", first_day=date(2025, 2, 28)))
        books.hires.put(hire("gone", first_day=SINCE, state=HireState.WITHDRAWN))
        for hire_id in ("on", "later", "before", "gone", "unknown"):
            books.pairings.put(pairing("bo", hire_id=hire_id))
        books.pairings.put(pairing("cy", hire_id="on", state=PairingState.ANNOUNCED))
        books.pairings.put(pairing("di", hire_id="on", state=PairingState.DECLINED))
        books.pairings.put(pairing("ed", hire_id="on", state=PairingState.ENDED))
        books.pairings.put(pairing("fi", hire_id="on", role="mentor"))
        assert books.pairings.load("buddy", SINCE) == {"bo": 2, "cy": 1}


def test_a_meeting_comes_back_and_is_replaced(store: SqlStore) -> None:
    with store.begin() as books:
        books.meetings.put(meeting())
        assert books.meetings.get("coffee") == meeting()
        assert books.meetings.get("tea") is None
        moved = meeting(
            people=("ada", "cy"),
            starts_at=NOW + DAY,
            ends_at=NOW + DAY + HOUR,
            sequence=1,
            moved_from=NOW,
            icebreaker=3,
            chosen=Chosen.PEOPLE,
            moves=2,
            hold=Hold.STUCK,
            held_at=NOW,
        )
        books.meetings.put(moved)
        assert books.meetings.get("coffee") == moved


def test_meetings_of_a_hire_come_by_start_and_id_cancelled_ones_too(store: SqlStore) -> None:
    with store.begin() as books:
        for meeting_id, start in (("c", NOW), ("b", NOW), ("a", NOW + DAY)):
            state = MeetingState.CANCELLED if meeting_id == "b" else MeetingState.PLANNED
            books.meetings.put(meeting(meeting_id, starts_at=start, ends_at=start + HOUR, state=state))
        books.meetings.put(meeting("other", hire_id="bo"))
        assert [each.id for each in books.meetings.of_hire("ada")] == ["b", "c", "a"]


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        pytest.param(-60, 60, 1, id="it lies inside the span"),
        pytest.param(5, 10, 1, id="it lies around the span"),
        pytest.param(30, 60, 0, id="it ends when the span starts"),
        pytest.param(-60, 0, 0, id="it starts when the span ends"),
        pytest.param(10, 60, 1, id="it reaches into the span"),
        pytest.param(-60, 10, 1, id="the span reaches into it"),
    ],
)
def test_a_meeting_of_half_an_hour_counts_when_it_overlaps_the_span(
    store: SqlStore, start: int, end: int, count: int
) -> None:
    with store.begin() as books:
        books.meetings.put(meeting())
        found = books.meetings.of_people(["bo"], NOW + timedelta(minutes=start), NOW + timedelta(minutes=end))
    assert len(found) == count


def test_meetings_of_people_are_planned_ones_of_any_of_them_each_once(store: SqlStore) -> None:
    with store.begin() as books:
        books.meetings.put(meeting("b"))
        books.meetings.put(meeting("a", people=("bo", "cy")))
        books.meetings.put(meeting("cancelled", state=MeetingState.CANCELLED))
        books.meetings.put(meeting("others", people=("cy", "di")))
        found = books.meetings.of_people(["ada", "bo"], NOW, NOW + HOUR)
        assert [each.id for each in found] == ["a", "b"]
        assert books.meetings.of_people([], NOW, NOW + HOUR) == []


def yes(person_id: str, sequence: int = 0) -> Attendee:
    return Attendee(
        person_id=person_id,
        attendance=Attendance.ACCEPTED,
        answered_at=NOW,
        sequence_answered=sequence,
        reason="after lunch ☕",
    )


def test_an_answer_to_an_invitation_comes_back_and_stays_while_the_sequence_does(store: SqlStore) -> None:
    with store.begin() as books:
        books.meetings.put(meeting())
        books.meetings.note("coffee", yes("bo"))
        books.meetings.note("coffee", yes("nobody who is invited"))
        books.meetings.put(meeting(icebreaker=4))
        assert books.meetings.attendees("coffee") == [Attendee(person_id="ada"), yes("bo")]
        assert books.meetings.attendees("tea") == []


def test_a_new_sequence_asks_everybody_anew_but_who_answered_to_it(store: SqlStore) -> None:
    with store.begin() as books:
        books.meetings.put(meeting())
        books.meetings.note("coffee", yes("bo"))
        books.meetings.note("coffee", yes("ada", 1))
        books.meetings.put(meeting(sequence=1))
        asked_anew = replace(yes("bo"), attendance=Attendance.NEEDS_ACTION)
        assert books.meetings.attendees("coffee") == [yes("ada", 1), asked_anew]


def test_who_is_invited_again_later_has_said_nothing(store: SqlStore) -> None:
    with store.begin() as books:
        books.meetings.put(meeting())
        books.meetings.note("coffee", yes("bo"))
        books.meetings.put(meeting(people=("ada",)))
        books.meetings.put(meeting())
        assert books.meetings.attendees("coffee") == [Attendee(person_id="ada"), Attendee(person_id="bo")]


def test_meetings_without_a_time_are_found_by_since_when(store: SqlStore) -> None:
    with store.begin() as books:
        for name, hold, ago in (("old", "stuck", 9), ("b", "stuck", 2), ("a", "stuck", 2), ("off", "by_hand", 1)):
            books.meetings.put(meeting(name, hold=Hold(hold), held_at=NOW - ago * DAY))
        books.meetings.put(meeting("fine"))
        assert [one.id for one in books.meetings.stuck(NOW - 7 * DAY)] == ["a", "b"]


def test_a_meeting_that_is_held_is_the_one_of_that_id(store: SqlStore) -> None:
    with store.begin() as books:
        books.meetings.put(meeting())
        assert books.meetings.hold("coffee") == meeting()
        assert books.meetings.hold("tea") is None


def test_meetings_of_a_person_come_by_start_and_id_cancelled_ones_too(store: SqlStore) -> None:
    with store.begin() as books:
        for name, people, later in (("c", "ada bo", 1), ("b", "bo cy", 0), ("a", "bo", 0), ("x", "ada", 0)):
            start = NOW + later * DAY
            books.meetings.put(meeting(name, people=tuple(people.split()), starts_at=start, ends_at=start + HOUR))
        books.meetings.put(meeting("b", people=("bo", "cy"), ends_at=NOW + HOUR, state=MeetingState.CANCELLED))
        assert [one.id for one in books.meetings.of_person("bo")] == ["a", "b", "c"]
        assert books.meetings.of_person("di") == []


def test_each_new_address_of_a_feed_has_the_next_number(store: SqlStore) -> None:
    with store.begin() as books:
        assert books.feeds.version("bo") == 0
        assert [books.feeds.renew("bo", NOW + number * HOUR) for number in range(3)] == [1, 2, 3]
    with store.read() as books:
        assert (books.feeds.version("bo"), books.feeds.version("ada")) == (3, 0)


def test_who_takes_part_no_more_has_that_meeting_no_more(store: SqlStore) -> None:
    with store.begin() as books:
        books.meetings.put(meeting(people=("ada", "bo", "bo")))
        books.meetings.put(meeting(people=("ada", "cy")))
        assert books.meetings.of_people(["bo"], NOW, NOW + HOUR) == []
        assert books.meetings.of_people(["cy"], NOW, NOW + HOUR) == [meeting(people=("ada", "cy"))]


def test_an_alarm_is_unset_until_it_is_noted(store: SqlStore) -> None:
    with store.begin() as books:
        assert books.alarms.unset(["b", "a", "b"]) == ["b", "a"]
        books.alarms.note(["a"], NOW)
        books.alarms.note(["a", "c"], NOW + DAY)
        books.alarms.note([], NOW)
    with store.read() as books:
        assert books.alarms.unset(["b", "a", "c", "d"]) == ["b", "d"]
        assert books.alarms.unset([]) == []


def test_thousands_of_alarms_fit_into_one_question(store: SqlStore) -> None:
    names = [f"minute-{number}" for number in range(2345)]
    with store.begin() as books:
        books.alarms.note(names, NOW)
        assert books.alarms.unset([*names, "new"]) == ["new"]
