from __future__ import annotations

from collections.abc import Iterator

import pytest

from onboarding.domain.free_busy import Owner
from onboarding.domain.slots import Busy
from tests.domain.calendars import SECRET, hours
from tests.ports.calendars import KINDS, Vendor, vendor

START, END = hours("2027-03-22"), hours("2027-04-05")


@pytest.fixture(params=KINDS)
def here(request: pytest.FixtureRequest) -> Iterator[Vendor]:
    server = request.getfixturevalue("caldav_server") if request.param == "caldav" else None
    with vendor(request.param, server) as ready:
        yield ready


def owner(person: str) -> Owner:
    return Owner(person_id=person, emails=(f"{person}@example.com",), zone="Europe/Berlin")


def busy(start: str, end: str, *, tentative: bool = False) -> Busy:
    return Busy(start=hours(start), end=hours(end), tentative=tentative)


def test_busy_times_come_sorted_cut_to_the_span_and_joined(here: Vendor) -> None:
    here.give(
        "bo",
        [
            busy("2027-03-24 10:30", "2027-03-24 11:30"),
            busy("2027-03-24 10:00", "2027-03-24 11:00"),
            busy("2027-03-21 20:00", "2027-03-22 02:00"),
            busy("2027-04-04 23:00", "2027-04-05 08:00"),
            busy("2027-04-05 09:00", "2027-04-05 10:00"),
        ],
    )
    told = here.calendars.read([owner("bo")], START, END)
    assert told["bo"].why == ""
    assert told["bo"].busy == (
        busy("2027-03-22 00:00", "2027-03-22 02:00"),
        busy("2027-03-24 10:00", "2027-03-24 11:30"),
        busy("2027-04-04 23:00", "2027-04-05 00:00"),
    )


def test_what_is_tentative_is_busy_and_marked_where_the_calendar_tells_it(here: Vendor) -> None:
    given = busy("2027-03-24 10:00", "2027-03-24 11:00", tentative=True)
    here.give("bo", [given])
    (found,) = here.calendars.read([owner("bo")], START, END)["bo"].busy
    assert (found.start, found.end) == (given.start, given.end)
    assert found.tentative is (here.calendars.kind != "google")


def test_one_silent_calendar_says_why_and_the_others_answer(here: Vendor) -> None:
    here.give("bo", [])
    told = here.calendars.read([owner("bo"), owner("stranger")], START, END)
    assert (told["bo"].why, told["bo"].busy) == ("", ())
    assert told["stranger"].why
    assert "stranger" not in told["stranger"].why
    assert told["stranger"].busy == ()


def test_nonsense_is_a_silence_and_is_not_repeated(here: Vendor) -> None:
    here.give("bo", [busy("2027-03-24 10:00", "2027-03-24 11:00")])
    here.break_()
    told = here.calendars.read([owner("bo")], START, END)["bo"]
    assert told.why
    assert not any(word in told.why for word in ("Dana", "example.com", SECRET))


def test_nobody_asked_is_nobody_told(here: Vendor) -> None:
    assert here.calendars.read([], START, END) == {}


def test_many_are_asked_in_questions_that_the_service_takes(here: Vendor) -> None:
    people = [f"p{number}" for number in range(4 if here.calendars.kind == "caldav" else 53)]
    for person in people:
        here.give(person, [])
    told = here.calendars.read([owner(one) for one in people], START, END)
    assert {person: one.why for person, one in told.items()} == dict.fromkeys(people, "")
