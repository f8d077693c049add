from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.domain.calendars import Calendar, common_minutes
from onboarding.domain.matching import (
    LEAST_COMMON_MINUTES,
    LEAST_TENURE,
    Candidate,
    Need,
    candidates,
    chain_of,
    nobody_because,
)
from onboarding.domain.people import MATCHED_ROLES, Person, Role
from tests.worlds import BERLIN, CHICAGO, MANILA, NAIROBI, person

DAY = date(2027, 1, 4)
IDS = tuple(f"p{number}" for number in range(8))

people = st.builds(
    lambda id, city, department, team, start, language, interests, active, opted_out, manager: person(  # noqa: A006 -- the field's name
        id,
        city,
        department=department,
        team=team,
        start_date=start,
        language=language,
        interests=tuple(interests),
        active=active,
        opted_out=opted_out,
        manager_id=manager,
    ),
    st.sampled_from(IDS),
    st.sampled_from([MANILA, BERLIN, CHICAGO, NAIROBI]),
    st.sampled_from(["", "Product", "Sales"]),
    st.sampled_from(["", "Apps", "Web"]),
    st.none() | st.dates(DAY - timedelta(days=900), DAY + timedelta(days=30)),
    st.sampled_from(["en", "de"]),
    st.lists(st.sampled_from(["tea", "Tea", "chess"]), max_size=2),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["", *IDS]),
)
companies = st.lists(people, unique_by=lambda one: one.id, min_size=1)
needs = st.builds(
    lambda company, role, capacity, other, taken, load: (
        need(
            company[0],
            role=role,
            capacity=capacity,
            other_department=other,
            taken=frozenset(taken),
            load=load,
            chain=chain_of(company[0], {one.id: one for one in company}),
        ),
        company,
    ),
    companies,
    st.sampled_from(sorted(MATCHED_ROLES)),
    st.integers(1, 3),
    st.booleans(),
    st.sets(st.sampled_from(IDS), max_size=2),
    st.dictionaries(st.sampled_from(IDS), st.integers(0, 3)),
)


def need(hire: Person, **more: object) -> Need:
    known: dict[str, object] = {"role": Role.BUDDY, "hire": hire, "day": DAY, "load": {}, **more}
    return Need(**known)  # type: ignore[arg-type]  # tests vary what they like


def best(wanted: Need, company: Sequence[Person]) -> list[str]:
    return [one.person_id for one in candidates(wanted, company)[0]]


def only(wanted: Need, somebody: Person) -> Candidate:
    (found,) = candidates(wanted, [somebody])[0]
    return found


class TestProperties:
    @given(needs)
    @settings(deadline=None)
    def test_whoever_is_found_breaks_no_hard_rule(self, drawn: tuple[Need, list[Person]]) -> None:
        wanted, company = drawn
        known = {one.id: one for one in company}
        newest = DAY - timedelta(days=LEAST_TENURE[wanted.role])
        for found in candidates(wanted, company)[0]:
            somebody = known[found.person_id]
            assert somebody.id != wanted.hire.id
            assert somebody.active
            assert not somebody.opted_out
            assert somebody.id not in wanted.taken
            assert somebody.id not in wanted.chain
            assert somebody.start_date is None or somebody.start_date <= newest
            assert wanted.load.get(somebody.id, 0) < wanted.capacity
            assert not (wanted.other_department and somebody.department == wanted.hire.department)
            shared = common_minutes(Calendar.of(wanted.hire), Calendar.of(somebody), DAY)
            assert shared >= LEAST_COMMON_MINUTES

    @given(needs)
    @settings(deadline=None)
    def test_everybody_but_the_hire_is_found_or_counted_under_a_rule(
        self, drawn: tuple[Need, list[Person]]
    ) -> None:
        wanted, company = drawn
        found, ruled_out = candidates(wanted, company)
        assert len(found) + ruled_out.total() == len(company) - 1

    @given(needs, st.randoms())
    @settings(deadline=None)
    def test_the_order_of_the_directory_does_not_matter(
        self, drawn: tuple[Need, list[Person]], dice: object
    ) -> None:
        wanted, company = drawn
        shuffled = list(company)
        dice.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis gives a random.Random
        assert candidates(wanted, shuffled) == candidates(wanted, company)

    @given(needs)
    @settings(deadline=None)
    def test_the_best_come_first_and_each_says_why(self, drawn: tuple[Need, list[Person]]) -> None:
        found = candidates(*drawn)[0]
        assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
        assert all(one.reasons for one in found)

    @given(companies)
    @settings(deadline=None)
    def test_a_climb_up_the_tree_of_managers_ends_and_holds_the_manager_and_the_reports(
        self, company: list[Person]
    ) -> None:
        hire = company[0]
        chain = chain_of(hire, {one.id: one for one in company})
        assert {one.id for one in company if one.manager_id == hire.id} <= chain
        assert hire.manager_id in ("", hire.id) or hire.manager_id in chain


class TestChain:
    def company(self, managers: Mapping[str, str]) -> dict[str, Person]:
        return {name: person(name, manager_id=above) for name, above in managers.items()}

    def test_it_holds_every_manager_above_and_the_reports_below(self) -> None:
        known = self.company({"new": "lead", "lead": "boss", "boss": "", "junior": "new", "peer": "lead"})
        assert chain_of(known["new"], known) == {"lead", "boss", "junior"}

    @pytest.mark.parametrize("top", ["lead", "new", "boss"])
    def test_a_cycle_ends_the_climb(self, top: str) -> None:
        known = self.company({"new": "lead", "lead": "boss", "boss": top})
        assert chain_of(known["new"], known) == {"lead", "boss"}

    def test_a_manager_whom_nobody_knows_is_still_in_it(self) -> None:
        known = self.company({"new": "gone"})
        assert chain_of(known["new"], known) == {"gone"}

    def test_a_manager_may_be_known_by_e_mail_only_in_any_case_of_letters(self) -> None:
        known = {"new": person("new", manager_email="Lead@Example.com"), "lead": person("lead")}
        assert chain_of(known["new"], known) == {"lead"}

    def test_people_without_any_e_mail_manage_nobody_without_a_manager(self) -> None:
        known = {"new": person("new"), "blank": person("blank", work_email="")}
        assert chain_of(known["new"], known) == frozenset()


class TestScore:
    HIRE = person("new", MANILA, team="Apps", interests=("Tea", "chess"))

    def test_a_buddy_from_the_same_team_comes_after_one_from_the_same_department(self) -> None:
        pair = [person("mate", MANILA, team="Apps"), person("near", MANILA, team="Web")]
        assert best(need(self.HIRE), pair) == ["near", "mate"]

    def test_a_peer_from_the_same_team_comes_first(self) -> None:
        pair = [person("mate", MANILA, team="Apps"), person("near", MANILA, team="Web")]
        assert best(need(self.HIRE, role=Role.PEER), pair) == ["mate", "near"]

    def test_a_partner_comes_from_another_department_first(self) -> None:
        pair = [person("near", MANILA), person("far", MANILA, department="Sales")]
        assert best(need(self.HIRE, role=Role.PARTNER), pair) == ["far", "near"]

    def test_somebody_who_looks_after_a_newcomer_already_comes_later(self) -> None:
        pair = [person("a", MANILA), person("b", MANILA)]
        assert best(need(self.HIRE, load={"a": 1}), pair) == ["b", "a"]
        assert best(need(self.HIRE, load={"b": 1}), pair) == ["a", "b"]

    def test_shared_interests_count_in_any_case_of_letters_and_are_named(self) -> None:
        pair = [person("plain", MANILA), person("alike", MANILA, interests=("tea", "Chess"))]
        assert best(need(self.HIRE), pair) == ["alike", "plain"]
        assert "both like Tea and chess" in only(need(self.HIRE), pair[1]).reasons

    def test_the_reasons_are_one_sentence_of_what_speaks_for_somebody(self) -> None:
        found = only(need(self.HIRE), person("near", MANILA))
        assert found.reasons == "8 common working hours, the same language, the same department, also in Manila"

    def test_one_common_hour_is_said_in_the_singular(self) -> None:
        there = person("there", {"time_zone": "Etc/GMT-1"}, language="de")
        late = person("late", {"time_zone": "Etc/GMT+6"}, department="", language="en")
        assert only(need(late), there).reasons == "1 common working hour"


class TestNobody:
    def test_an_empty_directory_is_said_so(self) -> None:
        assert nobody_because("work_partner", Counter()) == (
            "nobody can be work partner: the directory holds no other people"
        )

    def test_the_rules_are_counted_the_most_frequent_first(self) -> None:
        ruled_out = Counter({"who opted out": 1, "too new themselves": 3, "in the line of managers": 1})
        assert nobody_because("buddy", ruled_out) == (
            "nobody can be buddy: 3 too new themselves, 1 in the line of managers, 1 who opted out"
        )

    def test_people_at_the_other_end_of_the_day_are_counted_too(self) -> None:
        far = person("far", {"time_zone": "Etc/GMT+4"})
        found, ruled_out = candidates(need(person("new", MANILA)), [far])
        assert not found
        assert ruled_out == {"without a common working hour": 1}
