from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from onboarding.services.digest import daily_review
from onboarding.services.hiring import leave, withdraw
from onboarding.services.lacking import lacking
from onboarding.services.loads import loads
from tests.worlds import MANILA, World, at, directory, person, world

BOSS = person("boss", MANILA)


def roles(here: World, hire_id: str = "n1") -> dict[str, str]:
    return {one.role: one.reason for one in lacking(here.engine, here.now) if one.hire_id == hire_id}


class TestNobody:
    def test_a_company_without_hires_lacks_nobody(self) -> None:
        with world() as here:
            assert lacking(here.engine, here.now) == []

    def test_a_newcomer_who_has_everybody_is_not_listed(self) -> None:
        with world() as here:
            here.enrol()
            assert lacking(here.engine, here.now) == []

    def test_each_empty_role_is_told_once_with_its_weeks_and_the_reason(self) -> None:
        with world(people=[BOSS]) as here:
            here.enrol(manager_id="boss")
            found = {one.role: (one.occasions, one.reason) for one in lacking(here.engine, here.now)}
            assert found["buddy"] == (("once",), "nobody can be buddy: 1 colleague is in the line of managers")
            assert found["partner"][0] == ("week-2", "week-3", "week-4")
            assert set(found) == {"buddy", "peer", "partner", "mentor"}

    def test_weeks_that_have_passed_are_over(self) -> None:
        with world(people=[BOSS]) as here:
            here.enrol(manager_id="boss")
            here.walk_to(at("2027-01-20 12:00"))
            (partner,) = [one for one in lacking(here.engine, here.now) if one.role == "partner"]
            assert partner.occasions == ("week-3", "week-4")
            here.walk_to(at("2027-02-08 12:00"))
            assert "partner" not in roles(here)

    @pytest.mark.slow
    def test_a_missing_manager_is_told_and_a_work_partner_only_when_it_is_too_late(self) -> None:
        with world() as here:
            here.enrol(manager_id="")
            assert roles(here) == {"manager": "the record names no manager"}
            here.enrol(id="n2")
            assert roles(here, "n2") == {}
            here.walk_to(at("2027-01-29 12:00"))
            assert roles(here, "n2") == {"work_partner": "the manager has not named a work partner"}

    def test_a_condition_of_the_journey_is_heeded(self) -> None:
        with world(people=[BOSS]) as here:
            here.enrol(manager_id="boss", department="Leadership")
            assert "mentor" not in roles(here)

    def test_it_ends_when_somebody_comes_when_the_newcomer_withdraws_or_leaves_or_the_journey_is_over(
        self,
    ) -> None:
        with world(people=[BOSS]) as here:
            for name in ("n1", "n2", "n3"):
                here.enrol(id=name, manager_id="boss")
            withdraw(here.engine, "n2", here.now)
            leave(here.engine, "n3", here.now)
            assert {one.hire_id for one in lacking(here.engine, here.now)} == {"n1"}
            assert lacking(here.engine, here.now + timedelta(days=200)) == []
            with here.engine.store.begin() as books:
                books.people.put_all(directory())
            daily_review(here.engine, here.now)
            assert roles(here) == {}

    def test_somebody_who_left_and_was_not_replaced_yet_is_nobody(self) -> None:
        with world() as here:
            here.enrol()
            with here.engine.store.begin() as books:
                buddy = next(one.person_id for one in books.pairings.of_hire("n1") if one.role == "buddy")
                known = books.people.get(buddy)
                assert known is not None
                books.people.put(replace(known, active=False))
            assert roles(here) == {"buddy": "there is no buddy yet"}


class TestLoad:
    def test_without_hires_nobody_looks_after_anybody(self) -> None:
        with world() as here:
            assert loads(here.engine, here.now) == []

    def test_newcomers_now_and_coming_are_counted_with_the_capacity(self) -> None:
        people = [BOSS, person("pal", MANILA, manager_id="boss")]
        with world("2027-01-11 03:00", people=people) as here:
            here.enrol(manager_id="boss")
            (one,) = loads(here.engine, here.now, "buddy")
            assert (one.person.id, one.now, one.coming, one.capacity, one.is_full) == ("pal", 1, 0, 2, False)
            here.enrol(id="n2", manager_id="boss", start_date="2027-02-01")
            (one,) = loads(here.engine, here.now, "buddy")
            assert (one.now, one.coming, one.is_full) == (1, 1, True)

    def test_a_role_can_be_asked_for_and_a_newcomer_of_three_weeks_counts_once(self) -> None:
        with world() as here:
            here.enrol()
            everybody = loads(here.engine, here.now)
            assert {one.role for one in everybody} == {"buddy", "peer", "partner", "mentor"}
            partners = loads(here.engine, here.now, "partner")
            assert partners == [one for one in everybody if one.role == "partner"]
            assert {one.coming for one in partners} == {1}

    def test_withdrawn_newcomers_and_those_of_long_ago_weigh_nothing(self) -> None:
        with world() as here:
            here.enrol()
            here.enrol(id="n2")
            withdraw(here.engine, "n1", here.now)
            assert sum(one.coming for one in loads(here.engine, here.now, "buddy")) == 1
            assert loads(here.engine, here.now + timedelta(days=200)) == []
