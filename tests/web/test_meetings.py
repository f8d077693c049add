"""Can somebody answer an invitation with one press, in their language and on their own clock?"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from bs4 import BeautifulSoup

from onboarding.adapters.sql import SqlStore
from onboarding.adapters.sql.migrations import migrate
from onboarding.domain.attending import Attendance, Attendee
from onboarding.domain.meetings import Hold, Meeting, MeetingState
from tests.sites import ELSEWHERE, Site, barriers, parsed, path_of, site
from tests.worlds import MANILA, NAIROBI, person, world


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company in which a newcomer in Manila and a buddy in Nairobi were invited to their first coffee."""
    file = tmp_path_factory.mktemp("invited") / "world.db"
    migrate(f"sqlite:///{file}")
    people = [person("boss", MANILA), person("pal", NAIROBI, language="de")]
    with world("2027-01-04 00:30", people=people, store=SqlStore(f"sqlite:///{file}")) as here:
        here.enrol(manager_id="boss")
        here.hear_yes()
        here.walk_to(here.row("first_coffee", "buddy").due_at)
    return file


@pytest.fixture
def here(saved: Path) -> Iterator[Site]:
    """A copy of that company with its site, seen from elsewhere."""
    with TemporaryDirectory() as folder:
        store = SqlStore(f"sqlite:///{shutil.copy(saved, folder)}")
        with site(
            "2027-01-04 10:05", client=ELSEWHERE, host="onboarding.example.com", store=store, people=()
        ) as found:
            yield found


def coffee(here: Site) -> Meeting:
    with here.world.engine.store.read() as books:
        return next(one for one in books.meetings.of_hire("n1") if one.step == "first_coffee")


def attendees(here: Site) -> dict[str, Attendee]:
    with here.world.engine.store.read() as books:
        return {one.person_id: one for one in books.meetings.attendees(coffee(here).id)}


def link(here: Site, who: str = "n1") -> str:
    return path_of(here.world.engine.links.meeting(coffee(here).id, who))


def press(here: Site, choice: str, who: str = "n1", status: int = 200, **more: str) -> BeautifulSoup:
    answer = here.browser.post(link(here, who), data={"choice": choice, **more})
    assert answer.status_code == status, answer.text
    return parsed(answer.text)


def buttons(page: BeautifulSoup) -> list[str]:
    return [str(one["value"]) for one in page.find_all("button")]


def times(page: BeautifulSoup) -> list[str]:
    return [one for one in buttons(page) if re.fullmatch(r"2027-.*Z", one)]


def test_the_links_of_a_mail_lead_to_the_parts_of_the_page(here: Site) -> None:
    press(here, "decline", who="pal")
    here.world.walk_to(here.world.now + timedelta(days=1))
    letter = here.world.to("amihan@example.com")[-1]
    parts = re.findall(re.escape(link(here)) + r"#(\w+)", letter.text)
    assert parts == ["accept", "another", "decline"]
    assert set(parts) == {str(one["id"]) for one in here.see(link(here)).find_all("section")}


def test_there_is_nothing_to_answer_to_a_cancellation(here: Site) -> None:
    press(here, "no_time", who="pal")
    here.world.walk_to(here.world.now + timedelta(days=1))
    assert "/meetings/" not in here.world.to("amihan@example.com")[-1].text


def test_looking_shows_both_clocks_and_the_choices_and_changes_nothing(here: Site) -> None:
    before = coffee(here)
    for _ in range(3):
        page = here.see(link(here))
        assert here.browser.head(link(here)).status_code in (200, 405)
    assert barriers(page) == []
    said = page.get_text(" ", strip=True)
    assert "Manila, UTC+8" in said
    assert "Nairobi, UTC+3" in said
    assert "has not answered yet" in said
    assert here.world.engine.company.video_of(before.id) in said
    found = buttons(page)
    assert (found[0], found[-2:], len(times(page))) == ("accept", ["no_time", "decline"], 3)
    assert coffee(here) == before
    assert set(attendees(here)) == {"n1", "pal"}
    assert all(one.answered_at is None for one in attendees(here).values())


def test_a_yes_is_kept_and_said_to_the_other(here: Site) -> None:
    page = press(here, "accept", sequence="0")
    assert "We noted that you come." in page.get_text()
    assert attendees(here)["n1"].attendance is Attendance.ACCEPTED
    assert "kommt" in here.see(link(here, "pal")).get_text()
    assert "accept" not in buttons(here.see(link(here)))


def test_a_suggestion_moves_the_meeting_to_exactly_that_time(here: Site) -> None:
    wanted = times(here.see(link(here)))[1]
    page = press(here, wanted, sequence="0")
    after = coffee(here)
    assert (f"{after.starts_at:%Y-%m-%dT%H:%MZ}", after.sequence) == (wanted, 1)
    assert "has a new time" in page.get_text()
    assert attendees(here)["n1"].attendance is Attendance.ACCEPTED


def test_a_no_with_a_reason_moves_the_meeting_and_only_we_keep_the_reason(here: Site) -> None:
    press(here, "decline", who="pal", sequence="0", reason="a <b>dentist</b>")
    assert coffee(here).sequence == 1
    assert attendees(here)["pal"].reason == "a <b>dentist</b>"
    assert "dentist" not in here.see(link(here)).get_text()


def test_none_of_these_asks_a_human_and_the_page_says_so(here: Site) -> None:
    page = press(here, "no_time")
    assert "The People team is told" in page.get_text()
    assert buttons(page) == []
    assert (coffee(here).state, coffee(here).hold) == (MeetingState.CANCELLED, Hold.STUCK)


def test_the_page_speaks_the_language_of_its_reader(here: Site) -> None:
    page = here.see(link(here, "pal"), language="es")
    assert page.html is not None
    assert page.html["lang"] == "de"
    assert "Ich kann nicht kommen" in page.get_text()
    assert "Nairobi" in page.get_text()


def test_a_page_that_is_out_of_date_moves_nothing(here: Site) -> None:
    press(here, "decline", who="pal", sequence="0")
    after = coffee(here)
    page = press(here, "decline", sequence="0")
    assert "has changed in the meantime" in page.get_text()
    assert coffee(here) == after


@pytest.mark.parametrize("choice", ["", "yes", "2027-01-05", "2027-13-05T10:00Z", "9" * 400])
def test_what_the_page_does_not_offer_changes_nothing(here: Site, choice: str) -> None:
    before = coffee(here)
    press(here, choice, status=422, sequence="x")
    assert coffee(here) == before


def test_a_time_that_nobody_suggested_is_looked_at_like_any_other(here: Site) -> None:
    press(here, "2027-01-09T22:00Z", sequence="0")  # a Sunday morning
    assert coffee(here).starts_at.weekday() < 5


def test_a_forged_link_and_one_for_something_else_are_refused(here: Site) -> None:
    other = path_of(here.world.engine.links.preferences("n1")).replace("preferences", "meetings")
    for path in (f"{link(here)}x", other):
        here.see(path, 404)
        assert here.browser.post(path, data={"choice": "accept"}).status_code == 404
    here.see(path_of(here.world.engine.links.meeting("nothing", "n1")), 404)
    here.see(path_of(here.world.engine.links.meeting(coffee(here).id, "nobody")), 404)


def test_who_has_left_can_answer_no_more(here: Site) -> None:
    with here.world.engine.store.begin() as books:
        known = books.people.get("pal")
        assert known is not None
        books.people.put(replace(known, active=False))
    here.see(link(here, "pal"), 410)


def test_hr_may_be_among_those_who_meet(here: Site) -> None:
    with here.world.engine.store.begin() as books:
        books.meetings.put(replace(coffee(here), people=("n1", "hr")))
    assert barriers(here.see(link(here, "hr"))) == []
    assert "People Team" in here.see(link(here)).get_text()


def test_what_is_over_has_no_buttons(here: Site) -> None:
    here.world.now = coffee(here).starts_at
    page = here.see(link(here))
    assert buttons(page) == []
    assert "nothing to answer any more" in page.get_text()


def test_who_asks_too_often_waits(here: Site) -> None:
    for _ in range(70):
        here.browser.get("/meetings/guessed")
    here.see(link(here), 429)


@pytest.mark.parametrize("choice", ["0001-01-01T00:00Z", "9999-12-31T23:59Z"])
def test_a_time_at_either_end_of_all_calendars_is_answered_with_one_that_suits(here: Site, choice: str) -> None:
    before = coffee(here)
    press(here, choice)
    assert before.starts_at < coffee(here).starts_at < before.starts_at + timedelta(weeks=3)


def test_a_reason_keeps_nothing_that_a_terminal_or_a_database_would_obey(here: Site) -> None:
    press(here, "decline", reason="a\x1b[2Jb\x00c\u202ed \n e")
    assert attendees(here)["n1"].reason == "a[2Jbcd e"
