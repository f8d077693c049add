from __future__ import annotations

from datetime import timedelta

from onboarding.adapters.sql import SqlStore
from onboarding.domain.free_busy import Held, Reading
from onboarding.domain.slots import Busy
from tests.domain.calendars import hours

NOW = hours("2027-03-21")
START, END = hours("2027-03-22"), hours("2027-04-05")


def held(person: str, *busy: Busy, why: str = "", kind: str = "ics") -> Held:
    reading = Reading(
        person_id=person,
        calendar="all",
        kind=kind,
        read_at=NOW,
        span_start=START,
        span_end=END,
        why=why,
        etag="v1",
    )
    return Held(reading=reading, busy=busy)


def busy(start: str, end: str, *, tentative: bool = False) -> Busy:
    return Busy(start=hours(start), end=hours(end), tentative=tentative)


MORNING, EVENING = busy("2027-03-22 09:00", "2027-03-22 10:00"), busy("2027-03-22 18:00", "2027-03-22 19:00")
PERHAPS = busy("2027-03-22 09:00", "2027-03-22 09:30", tentative=True)


def test_a_reading_replaces_the_one_before_with_its_times(store: SqlStore) -> None:
    with store.begin() as books:
        books.busy.put(held("bo", MORNING, PERHAPS))
        books.busy.put(held("ann", EVENING))
        books.busy.put(held("bo", EVENING))
    with store.read() as books:
        assert books.busy.of_people(["bo", "ann", "cy"], START, END) == {
            "bo": held("bo", EVENING),
            "ann": held("ann", EVENING),
        }
        assert books.busy.readings(["bo"]) == {"bo": held("bo").reading}
        assert books.busy.of_people([], START, END) == {}


def test_times_that_overlap_the_span_are_found_in_order(store: SqlStore) -> None:
    with store.begin() as books:
        books.busy.put(held("bo", EVENING, PERHAPS, MORNING))
        inside = books.busy.of_people(["bo"], MORNING.end - timedelta(minutes=1), EVENING.start)
        assert inside["bo"].busy == (MORNING,)
        assert books.busy.of_people(["bo"], START, END)["bo"].busy == (MORNING, PERHAPS, EVENING)
        assert books.busy.of_people(["bo"], MORNING.end, EVENING.start)["bo"].busy == ()


def test_what_is_past_is_forgotten_and_calendars_are_counted(store: SqlStore) -> None:
    with store.begin() as books:
        books.busy.put(held("bo", MORNING, EVENING))
        books.busy.put(held("cy", why="it does not answer", kind="caldav"))
        books.busy.put(held("di"))
        assert books.busy.forget(hours("2027-03-22 12:00")) == 1
        assert books.busy.of_people(["bo"], START, END)["bo"].busy == (EVENING,)
        assert books.busy.counts() == {("ics", True): 2, ("caldav", False): 1}


def test_an_address_that_is_taken_back_is_gone_with_what_was_read_from_it(store: SqlStore) -> None:
    with store.begin() as books:
        books.busy.set_address("bo", "https://calendar.example.com/a", NOW)
        books.busy.put(held("bo", MORNING))
        assert books.busy.has_addresses()
        assert books.busy.addresses(["bo", "cy"]) == {"bo": "https://calendar.example.com/a"}
        books.busy.set_address("bo", "https://calendar.example.com/b", NOW)
        assert books.busy.addresses(["bo"]) == {"bo": "https://calendar.example.com/b"}
        assert books.busy.readings(["bo"]) == {}
        books.busy.set_address("bo", "", NOW)
        assert books.busy.addresses(["bo"]) == {}
        assert not books.busy.has_addresses()
