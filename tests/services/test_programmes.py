from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from onboarding.services.changing import skip_step
from onboarding.services.digest import daily_review
from onboarding.services.hiring import leave, withdraw
from onboarding.services.reviewing import ReviewItem, review
from tests.templates_folder import without_steps
from tests.worlds import MANILA, World, at, directory, person, world

BOSS = person("boss", MANILA)


def quiet(here: World) -> list[ReviewItem]:
    return [one for one in review(here.engine, here.now) if one.kind == "quiet"]


def names(here: World) -> set[str]:
    return {one.id for one in quiet(here)}


def enrol_two(here: World, manager: str = "boss") -> None:
    for name in ("n1", "n2"):
        here.enrol(id=name, manager_id=manager)


def test_a_company_without_active_hires_is_never_called_quiet() -> None:
    with world(people=[BOSS]) as here:
        assert quiet(here) == []
        enrol_two(here)
        here.walk_to(at("2027-01-15 12:00"))
        assert names(here) == {"first_coffee"}
        withdraw(here.engine, "n1", here.now)
        withdraw(here.engine, "n2", here.now)
        assert quiet(here) == []


@pytest.mark.slow
def test_a_company_in_which_people_meet_is_never_called_quiet() -> None:
    with world() as here:
        enrol_two(here, "manila-lead")
        here.enrol(id="n3", start_date="2027-02-01")
        while here.now < at("2027-05-15 00:00"):
            here.walk_to(here.now + timedelta(days=5))
            assert quiet(here) == []


@pytest.mark.slow
def test_a_quiet_programme_is_one_item_with_the_reason_and_ends_by_itself() -> None:
    with world(people=[BOSS]) as here:
        enrol_two(here)
        here.walk_to(at("2027-01-08 12:00"))
        assert quiet(here) == []
        here.walk_to(at("2027-01-15 12:00"))
        (item,) = quiet(here)
        assert (item.id, item.hire_id) == ("first_coffee", "")
        assert item.text == (
            "nobody has met for “First coffee with the buddy” in the last 4 weeks, "
            "although 2 such meetings were due, mostly because nobody can be buddy: "
            "1 colleague is in the line of managers"
        )
        here.walk_to(at("2027-02-05 12:00"))
        assert "first_coffee" not in names(here)


@pytest.mark.slow
def test_the_next_meeting_ends_it() -> None:
    with world(people=[BOSS]) as here:
        enrol_two(here)
        here.walk_to(at("2027-01-15 12:00"))
        assert names(here) == {"first_coffee"}
        with here.engine.store.begin() as books:
            books.people.put_all(directory())
        daily_review(here.engine, here.now)
        here.walk_to(at("2027-01-18 12:00"))
        assert "first_coffee" not in names(here)


@pytest.mark.slow
def test_hr_reads_of_it_in_the_mail_of_the_day() -> None:
    with world(people=[BOSS]) as here:
        enrol_two(here)
        here.walk_to(at("2027-01-15 06:00"))
        assert [one.id for one in daily_review(here.engine, here.now) if one.kind == "quiet"] == ["first_coffee"]
        here.walk_to(at("2027-01-15 12:00"))
        said = "All newcomers: nobody has met for “First coffee with the buddy”"
        assert [said in one.text for one in here.to("people@example.com")].count(True) == 1


def test_one_newcomer_whose_coffee_did_not_come_about_is_no_programme() -> None:
    with world(people=[BOSS]) as here:
        here.enrol(manager_id="boss")
        here.walk_to(at("2027-01-15 12:00"))
        assert quiet(here) == []


def test_what_was_due_before_we_knew_the_newcomers_was_not_missed() -> None:
    with world("2027-02-20 08:00") as here:
        enrol_two(here)
        here.walk_to(here.now + timedelta(days=9))
        assert quiet(here) == []


@pytest.mark.slow
def test_what_a_human_skipped_and_whoever_left_are_not_missed() -> None:
    with world(people=[BOSS]) as here:
        enrol_two(here)
        here.enrol(id="n3", manager_id="boss")
        here.walk_to(at("2027-01-15 12:00"))
        assert "3 such meetings" in quiet(here)[0].text
        leave(here.engine, "n3", here.now)
        assert "2 such meetings" in quiet(here)[0].text
    with world() as here:
        enrol_two(here)
        for name in ("n1", "n2"):
            skip_step(here.engine, name, "first_coffee", here.now)
        here.walk_to(at("2027-01-15 12:00"))
        assert "first_coffee" not in names(here)


def test_a_kind_that_the_journey_no_longer_has_is_left_alone(tmp_path: Path) -> None:
    steps = ("first_coffee", "met_first_coffee", "follow_up", "no_buddy_meeting", "missed_first_coffee")
    with world(people=[BOSS], words=without_steps(tmp_path / "words", *steps)) as here:
        enrol_two(here)
        here.walk_to(at("2027-01-20 12:00"))
        assert "first_coffee" not in names(here)


@pytest.mark.slow
def test_a_journey_that_cannot_be_read_is_told_as_such_and_nothing_else_breaks(tmp_path: Path) -> None:
    words = without_steps(tmp_path / "words")
    with world(people=[BOSS], words=words) as here:
        enrol_two(here)
        here.walk_to(at("2027-01-15 12:00"))
        file = tmp_path / "words" / "journeys" / "remote.toml"
        file.write_text(file.read_text(encoding="utf-8") + "\n[[stop]]\n", encoding="utf-8")
        assert {one.kind for one in review(here.engine, here.now)} >= {"words"}
        assert quiet(here) == []
