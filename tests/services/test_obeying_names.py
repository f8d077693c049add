"""Is whoever is meant found, and kept, when names and news come in an unlucky order?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from onboarding.domain.delivery import State
from onboarding.domain.events import EventState, Fact, Told
from onboarding.domain.people import HireState, Person
from onboarding.services.directory import Directory
from onboarding.services.enrolling import enroll_waiting
from onboarding.services.hiring import leave, withdraw
from onboarding.services.obeying import Obeyed, obey
from onboarding.services.planning import replan_touched
from tests.scripted import ACME, Scripted, post, tells
from tests.worlds import World, at, world

NOW = at("2026-12-01 08:00")
HOUR = timedelta(hours=1)
ATS, HRIS = "greenhouse", "bamboohr"
SAME = {"personal_email": "amihan@example.org", "work_email": None}
"""What makes the newcomer of two systems one person: the private address, with the same name and first day."""


def tell(here: World, source: str, told: Told, number: str, moment: timedelta, **more: object) -> Obeyed:
    """Obey a fact that is true since `moment` after NOW, and what follows for others."""
    offer = str(more.pop("about", ""))
    fact = replace(tells(told, number, NOW + moment, source=source, **more), about=offer)
    return obeyed(here, source, fact)


def obeyed(here: World, source: str, fact: Fact) -> Obeyed:
    here.now = max(here.now, fact.at)
    with here.engine.store.begin() as books:
        directory = Directory(books)
        done = obey(here.engine, books, directory, source, fact, here.now)
        replan_touched(here.engine, books, directory, {done.touched} - {""}, here.now)
    return done


def somebody(here: World, person_id: str) -> Person:
    with here.engine.store.read() as books:
        found = books.people.get(person_id)
    assert found is not None
    return found


def state_of(here: World, hire_id: str) -> HireState | None:
    with here.engine.store.read() as books:
        hire = books.hires.get(hire_id)
    return hire.state if hire else None


def test_a_system_whose_news_is_all_old_still_means_the_same_person_later() -> None:
    with world() as here:
        tell(here, HRIS, Told.KNOWN, "40", HOUR, personal_email="amihan@example.org")
        late = tell(here, ATS, Told.CREATED, "7", timedelta(), **SAME)  # waited in review for a day
        assert (late.hire_id, late.reason) == ("bamboohr-40", "older than what is known")
        gone = tell(here, ATS, Told.WITHDRAWN, "7", 2 * HOUR)
        assert (gone.hire_id, gone.reason) == ("bamboohr-40", "withdrawn")
        assert state_of(here, "bamboohr-40") is HireState.WITHDRAWN


def test_an_older_offer_does_not_take_the_place_of_the_one_that_counts() -> None:
    with world() as here:
        tell(here, ATS, Told.CREATED, "7", HOUR, about="61", job_title=None)
        tell(here, ATS, Told.UPDATED, "7", timedelta(), about="60", job_title="Painter")
        assert tell(here, ATS, Told.WITHDRAWN, "7", 2 * HOUR, about="60").state is EventState.IGNORED
        assert tell(here, ATS, Told.WITHDRAWN, "7", 2 * HOUR, about="61").reason == "withdrawn"


def test_an_early_change_is_obeyed_when_its_hire_turns_out_to_be_somebody_we_know() -> None:
    acme = Scripted()
    acme.means("moved", [tells(Told.UPDATED, "7", NOW + HOUR, start_date="2027-01-11")])
    acme.means("hired", [tells(Told.CREATED, "7", NOW, **SAME)])
    with world(sources={ACME: acme}) as here:
        tell(here, HRIS, Told.KNOWN, "40", timedelta(), personal_email="amihan@example.org")
        here.now += HOUR
        post(here.engine, "moved", here.now)
        (waits,) = enroll_waiting(here.engine, here.now)
        assert waits.state is EventState.EARLY
        post(here.engine, "hired", here.now)
        done = enroll_waiting(here.engine, here.now)
        assert [(one.hire_id, one.state) for one in done] == [("bamboohr-40", EventState.OBEYED)] * 2
        assert somebody(here, "bamboohr-40").start_date == date(2027, 1, 11)


def test_a_manager_who_is_recognised_later_gets_their_part_of_the_plan_though_nothing_else_has_changed() -> None:
    boss = {"work_email": "berlin-1@example.com", "personal_email": None, "first_name": "Berlin-1",
            "last_name": "Example", "start_date": "2020-01-01", "time_zone": "Europe/Berlin", "country": "DE",
            "subdivision": "BE", "location": "Berlin", "manager_id": "berlin-lead"}  # fmt: skip
    with world() as here:
        tell(here, HRIS, Told.KNOWN, "40", timedelta(), manager="3")
        assert here.row("manager_list", "manager", hire_id="bamboohr-40").state is State.SKIPPED
        found = tell(here, HRIS, Told.KNOWN, "3", timedelta(), **boss)
        assert (found.hire_id, found.reason) == ("berlin-1", "nothing has changed")
        row = here.row("manager_list", "manager", hire_id="bamboohr-40")
        assert (row.person_id, row.state) == ("berlin-1", State.PLANNED)


@pytest.mark.parametrize("named", [{"manager_email": "manila-lead@example.com"}, {"manager_id": "manila-lead"}])
def test_the_manager_whom_we_know_stays_until_we_learn_whom_another_system_means(named: dict[str, str]) -> None:
    with world() as here:
        tell(here, ATS, Told.CREATED, "7", timedelta(), **SAME, **named)
        same = tell(here, HRIS, Told.KNOWN, "40", HOUR, personal_email="amihan@example.org", manager="3")
        assert same.reason == "the record changed"
        assert here.row("manager_list", "manager", hire_id="greenhouse-7").person_id == "manila-lead"
        again = tell(here, HRIS, Told.KNOWN, "40", 2 * HOUR, personal_email="amihan@example.org", manager="3")
        assert again.reason == "nothing has changed"
        boss = {"work_email": "berlin-1@example.com", "personal_email": None, "start_date": "2020-01-01"}
        tell(here, HRIS, Told.KNOWN, "3", 3 * HOUR, **boss, first_name="Berlin-1", last_name="Example")
        assert here.row("manager_list", "manager", hire_id="greenhouse-7").person_id == "berlin-1"


def test_nobody_is_their_own_manager_even_where_a_system_writes_so() -> None:
    with world() as here:
        for _ in range(2):  # the second time the name is known
            tell(here, HRIS, Told.KNOWN, "1", timedelta(), manager="1")
            assert somebody(here, "bamboohr-1").manager_id == ""
        own = {"personal_email": "bamboohr1@example.org", "manager_email": "BambooHR1@example.com"}
        tell(here, ATS, Told.CREATED, "7", HOUR, **own, work_email=None)
        tell(here, HRIS, Told.KNOWN, "1", 2 * HOUR, manager="1", personal_email="bamboohr1@example.org")
        assert here.row("manager_list", "manager", hire_id="bamboohr-1").state is State.SKIPPED


def test_one_system_that_tells_of_two_colleagues_with_one_address_is_asked_about() -> None:
    plant = {"work_email": "plant@example.com", "personal_email": None, "start_date": "2020-01-01"}
    with world() as here:
        tell(here, HRIS, Told.KNOWN, "3", timedelta(), **plant)
        twice = tell(here, HRIS, Told.KNOWN, "4", timedelta(), **plant)
        assert twice.state is EventState.REVIEW
        assert twice.reason.endswith("the same address, but bamboohr tells of two people")


class TestWhoHasTheLastWord:
    """A system that says day after day that somebody works there does not take back what another one has said."""

    def test_a_hire_whom_one_system_withdrew_stays_so_while_another_one_lists_them_as_before(self) -> None:
        with world() as here:
            tell(here, ATS, Told.CREATED, "7", timedelta(), **SAME)
            tell(here, HRIS, Told.KNOWN, "40", HOUR, personal_email="amihan@example.org")
            assert tell(here, ATS, Told.WITHDRAWN, "7", 2 * HOUR).reason == "withdrawn"
            for night in (10, 34, 58):
                seen = tell(here, HRIS, Told.KNOWN, "40", night * HOUR, personal_email="amihan@example.org")
                assert seen.reason == "noted; the hire stays withdrawn"
            assert state_of(here, "greenhouse-7") is HireState.WITHDRAWN
            assert not somebody(here, "greenhouse-7").active

    def test_a_hire_whom_a_human_withdrew_stays_so_while_the_hr_system_lists_them_as_before(self) -> None:
        with world() as here:
            tell(here, HRIS, Told.KNOWN, "40", timedelta())
            withdraw(here.engine, "bamboohr-40", NOW + HOUR)
            for night in (10, 34):
                seen = tell(here, HRIS, Told.KNOWN, "40", night * HOUR, job_title=f"Lead {night}")
                assert seen.reason == "noted; the hire stays withdrawn"
            assert somebody(here, "bamboohr-40").job_title == "Lead 34"
            assert state_of(here, "bamboohr-40") is HireState.WITHDRAWN

    def test_a_system_that_let_somebody_go_itself_may_call_them_back(self) -> None:
        with world() as here:
            tell(here, ATS, Told.CREATED, "7", timedelta(), **SAME)
            tell(here, HRIS, Told.KNOWN, "40", HOUR, personal_email="amihan@example.org")
            tell(here, ATS, Told.WITHDRAWN, "7", 2 * HOUR)
            tell(here, HRIS, Told.WITHDRAWN, "40", 3 * HOUR)
            back = tell(here, HRIS, Told.KNOWN, "40", 4 * HOUR, personal_email="amihan@example.org")
            assert back.reason == "the hire is back"

    @pytest.mark.parametrize("source", [ATS, HRIS])
    def test_a_new_hire_event_calls_them_back_whoever_tells_it(self, source: str) -> None:
        with world() as here:
            tell(here, ATS, Told.CREATED, "7", timedelta(), **SAME)
            tell(here, HRIS, Told.KNOWN, "40", HOUR, personal_email="amihan@example.org")
            withdraw(here.engine, "greenhouse-7", NOW + 2 * HOUR)
            number = "7" if source == ATS else "40"
            assert tell(here, source, Told.CREATED, number, 3 * HOUR, **SAME).reason == "the hire is back"

    def test_it_does_not_matter_whose_words_arrive_first(self) -> None:
        words = [(ATS, Told.WITHDRAWN, "7", 4 * HOUR), (HRIS, Told.WITHDRAWN, "40", 3 * HOUR)]
        for order in (words, words[::-1]):
            with world() as here:
                tell(here, ATS, Told.CREATED, "7", timedelta(), **SAME)
                tell(here, HRIS, Told.KNOWN, "40", HOUR, personal_email="amihan@example.org")
                for source, told, number, moment in order:
                    tell(here, source, told, number, moment)
                back = tell(here, HRIS, Told.KNOWN, "40", 6 * HOUR, personal_email="amihan@example.org")
                assert back.reason == "the hire is back"

    def test_whoever_was_withdrawn_before_an_hr_system_first_lists_them_is_a_question_for_a_human(self) -> None:
        with world() as here:
            tell(here, ATS, Told.CREATED, "7", timedelta(), **SAME)
            tell(here, ATS, Told.WITHDRAWN, "7", HOUR)
            seen = tell(here, HRIS, Told.KNOWN, "40", 2 * HOUR, personal_email="amihan@example.org")
            assert (seen.state, seen.reason) == (
                EventState.REVIEW,
                "perhaps the same person as greenhouse-7, who was withdrawn: the same address and first day",
            )
            assert state_of(here, "greenhouse-7") is HireState.WITHDRAWN

    def test_a_colleague_of_whom_a_human_said_that_they_have_left_stays_away(self) -> None:
        with world() as here:
            tell(here, HRIS, Told.KNOWN, "3", timedelta(), personal_email=None, start_date="2020-01-01")
            leave(here.engine, "bamboohr-3", NOW + HOUR)
            tell(here, HRIS, Told.KNOWN, "3", 10 * HOUR, personal_email=None, start_date="2020-01-01")
            assert not somebody(here, "bamboohr-3").active

    def test_whoever_came_a_second_time_is_not_ended_by_ending_the_first_time(self) -> None:
        with world() as here:
            tell(here, ATS, Told.CREATED, "7", timedelta())
            here.now = at("2027-03-01 08:00")
            withdraw(here.engine, "greenhouse-7", here.now)
            again = tell(here, ATS, Told.CREATED, "7", timedelta(days=280), start_date="2027-10-04")
            assert again.hire_id == "greenhouse-7.2"
            withdraw(here.engine, "greenhouse-7", here.now)
            assert state_of(here, "greenhouse-7.2") is HireState.ACTIVE
            withdraw(here.engine, "greenhouse-7.2", here.now)
            assert state_of(here, "greenhouse-7.2") is HireState.WITHDRAWN
