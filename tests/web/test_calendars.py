"""Does a calendar program read somebody's meetings at their secret address, and nobody else?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import icalendar
import pytest

from onboarding.domain.meetings import Meeting, MeetingState
from onboarding.services.engine import HR_ID
from onboarding.services.meeting_changes import show
from tests.sites import ELSEWHERE, Site, barriers, path_of, site
from tests.worlds import at

START = at("2027-01-05 09:00")


@pytest.fixture
def here() -> Iterator[Site]:
    """A company in which two people in Berlin have met, will meet, and had a meeting called off."""
    with site("2027-01-04 08:00", client=ELSEWHERE, host="onboarding.example.com") as found:
        with found.world.engine.store.begin() as books:
            for number, state in enumerate((MeetingState.PLANNED, MeetingState.PLANNED, MeetingState.CANCELLED)):
                books.meetings.put(meeting(f"m{number}", START + timedelta(days=7 * number - 7), state))
            books.meetings.put(meeting("other", START, people=("manila-1", "manila-2")))
        yield found


def meeting(
    name: str,
    start: datetime,
    state: MeetingState = MeetingState.PLANNED,
    people: tuple[str, ...] = ("berlin-1", "berlin-2"),
) -> Meeting:
    return Meeting(
        id=name,
        hire_id="coffee:2027-01-04",
        step="coffee_round",
        occasion=name,
        people=people,
        starts_at=start,
        ends_at=start + timedelta(minutes=25),
        state=state,
        uid=f"{name}@example.com",
        organizer="welcome@example.com",
        stamped_at=start - timedelta(days=3),
    )


def address(here: Site, person_id: str = "berlin-1") -> str:
    with here.world.engine.store.read() as books:
        return path_of(here.world.engine.links.calendar(person_id, books.feeds.version(person_id)))


def test_all_meetings_of_a_person_are_in_it_and_cancelled_ones_say_so(here: Site) -> None:
    answer = here.browser.get(address(here))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-cache"
    events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert [(str(one["UID"]), str(one["STATUS"])) for one in events] == [
        ("m0@example.com", "CONFIRMED"),
        ("m1@example.com", "CONFIRMED"),
        ("m2@example.com", "CANCELLED"),
    ]
    assert {str(one["SUMMARY"]) for one in events} == {"Coffee: Berlin-1 Example, Berlin-2 Example"}


def test_a_coffee_is_called_as_its_invitation_calls_it(here: Site) -> None:
    with here.world.engine.store.begin() as books:
        one = books.people.get("berlin-1")
        assert one is not None
        books.people.put(replace(one, language="de"))
    (event, *_) = icalendar.Calendar.from_ical(here.browser.get(address(here)).content).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Kaffee: Berlin-1 Example, Berlin-2 Example"
    assert str(event["LOCATION"]) == here.world.engine.company.video_of("m0")


def test_the_people_team_is_named_among_those_who_meet(here: Site) -> None:
    with here.world.engine.store.begin() as books:
        books.meetings.put(meeting("m9", START - timedelta(days=30), people=("berlin-1", HR_ID)))
    (event, *_) = icalendar.Calendar.from_ical(here.browser.get(address(here)).content).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Coffee: Berlin-1 Example, People Team"
    shown = show(here.world.engine, "m9", here.world.now)
    assert [one.name for one in shown.attendees] == ["Berlin-1 Example", "People Team"]


@pytest.mark.parametrize("shape", ["{}", "W/{}", '"other", {}', "*"])
def test_who_knows_it_as_it_is_gets_it_no_second_time(here: Site, shape: str) -> None:
    tag = here.browser.get(address(here)).headers["etag"]
    known = {"If-None-Match": shape.format(tag)}
    again = here.browser.get(address(here), headers=known)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    if shape == "*":
        return
    with here.world.engine.store.begin() as books:
        books.meetings.put(meeting("m3", START))
    assert here.browser.get(address(here), headers=known).status_code == 200


def test_a_program_may_ask_for_the_head_only(here: Site) -> None:
    answer = here.browser.head(address(here))
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_wrong_address_shows_nothing(here: Site) -> None:
    other = path_of(here.world.engine.links.preferences("berlin-1")).replace("preferences", "calendar")
    for path in ("/calendar/forged.ics", f"{other}.ics", address(here).removesuffix(".ics"), "/calendar/.ics"):
        assert here.browser.get(path).status_code == 404


def test_a_new_address_ends_the_old_one(here: Site) -> None:
    old = address(here)
    page = here.see(here.preferences_link("berlin-1"))
    (form,) = page.select('form[action*="/calendar"]')
    answer = here.browser.post(str(form["action"]).partition("#")[0], data={"any": "thing"})
    assert answer.status_code == 303
    after = here.see(answer.headers["location"])
    assert "This is your new address" in after.get_text()
    assert here.browser.get(old).status_code == 404
    assert here.browser.get(address(here)).status_code == 200
    assert here.browser.get(address(here, "berlin-2")).status_code == 200


def test_the_page_of_preferences_leads_to_it_in_every_language(here: Site) -> None:
    page = here.see(here.preferences_link("berlin-1"))
    assert barriers(page) == []
    targets = [str(one["href"]) for one in page.find_all("a", href=True)]
    assert f"webcal://127.0.0.1:8400{address(here)}" in targets
    shown = page.find("input", id="feed")
    assert shown is not None
    assert str(shown["value"]).endswith(address(here))


def test_looking_at_the_preferences_gives_no_new_address(here: Site) -> None:
    old = address(here)
    link = here.preferences_link("berlin-1")
    here.see(f"{link}?calendar=new")
    assert here.browser.get(f"{link}/calendar").status_code in (404, 405)
    assert address(here) == old


def test_who_has_left_has_no_feed(here: Site) -> None:
    old = address(here)
    with here.world.engine.store.begin() as books:
        known = books.people.get("berlin-1")
        assert known is not None
        books.people.put(type(known)(id="berlin-1", first_name="Gone", active=False))
    assert here.browser.get(old).status_code == 410


def test_who_asks_too_often_waits(here: Site) -> None:
    for _ in range(70):
        here.browser.get("/calendar/guessed.ics")
    assert here.browser.get(address(here)).status_code == 429
