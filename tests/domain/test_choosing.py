from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.domain.assignment import Match, assign
from onboarding.domain.candidates import Colleague, Need, Rule, Wanted
from onboarding.domain.chains import Chains
from onboarding.domain.choosing import Chooser
from onboarding.domain.matching_weights import DEFAULTS, RoleWeights
from onboarding.domain.people import MATCHED_ROLES, Person
from onboarding.domain.preferences import NOTHING_SAID, Preferences
from tests import companies
from tests.companies import DAY
from tests.worlds import BERLIN, CHICAGO, MANILA, NAIROBI, person

IDS = tuple(f"p{number}" for number in range(8))

people = st.builds(
    lambda id, city, department, team, start, seniority, active, opted_out, manager: person(  # noqa: A006 -- the field's name
        id,
        city,
        department=department,
        team=team,
        start_date=start,
        seniority=seniority,
        active=active,
        opted_out=opted_out,
        manager_id=manager,
    ),
    st.sampled_from(IDS),
    st.sampled_from([MANILA, BERLIN, CHICAGO, NAIROBI]),
    st.sampled_from(["", "Product", "Sales"]),
    st.sampled_from(["", "Apps", "Web"]),
    st.none() | st.dates(DAY - timedelta(days=900), DAY + timedelta(days=30)),
    st.integers(0, 10),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["", *IDS]),
)
company_lists = st.lists(people, unique_by=lambda one: one.id, min_size=1)
load_tables = st.dictionaries(st.sampled_from(IDS), st.integers(0, 3))
roles = st.builds(
    lambda role, capacity, other: Wanted(
        role=role, weights=DEFAULTS[role], capacity=capacity, other_department=other
    ),
    st.sampled_from(sorted(MATCHED_ROLES)),
    st.integers(1, 3),
    st.booleans(),
)


def a_role(role: str, **more: object) -> Wanted:
    return Wanted(role=role, weights=DEFAULTS[role], **more)  # type: ignore[arg-type]  # tests vary what they like


def choose(
    wanted: Wanted,
    hire: Person,
    company: Sequence[Person],
    loads: Mapping[str, int] | None = None,
    how_many: int = 1,
    **more: object,
) -> tuple[list[Match], str]:
    chooser = Chooser(wanted, [Colleague(person=one) for one in company], Chains([*company, hire]))
    need = Need(hire=hire, day=DAY, **more)  # type: ignore[arg-type]  # as above
    return chooser.choose(need, loads or {}, how_many)


def best(wanted: Wanted, hire: Person, company: Sequence[Person], **more: object) -> list[str]:
    """Everybody who may have the role, best first."""
    return [one.person_id for one in choose(wanted, hire, company, how_many=len(company), **more)[0]]  # type: ignore[arg-type]  # as above


class TestAlone:
    @given(roles, company_lists, load_tables)
    @settings(deadline=None)
    def test_for_one_hire_it_finds_what_a_wave_of_one_finds(
        self, wanted: Wanted, company: list[Person], loads: dict[str, int]
    ) -> None:
        hire = company[0]
        (found, why) = choose(wanted, hire, company, loads)
        colleagues = [Colleague(person=one, load=loads.get(one.id, 0)) for one in company]
        wave = assign(wanted, [Need(hire=hire, day=DAY)], colleagues)[hire.id]
        if not wave.person_id:
            assert (found, why) == ([], wave.reasons)
        else:
            assert [one.score - wanted.weights.load * loads.get(one.person_id, 0) for one in found] == [
                wave.score - wanted.weights.load * loads.get(wave.person_id, 0)
            ]
            assert why == ""

    @given(roles, company_lists, st.lists(load_tables, min_size=2, max_size=3))
    @settings(deadline=None)
    def test_the_loads_of_one_question_leave_no_trace_in_the_next(
        self, wanted: Wanted, company: list[Person], tables: list[dict[str, int]]
    ) -> None:
        colleagues = [Colleague(person=one) for one in company]
        chooser = Chooser(wanted, colleagues, Chains(company))
        need = Need(hire=company[0], day=DAY)
        for loads in tables:
            fresh = Chooser(wanted, colleagues, Chains(company))
            assert chooser.choose(need, loads, 2) == fresh.choose(need, loads, 2)

    @given(roles, company_lists, load_tables, st.randoms())
    @settings(deadline=None)
    def test_the_order_of_the_directory_does_not_matter(
        self, wanted: Wanted, company: list[Person], loads: dict[str, int], dice: object
    ) -> None:
        expected = choose(wanted, company[0], company, loads, 3)
        shuffled = list(company)
        dice.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis gives a random.Random
        assert choose(wanted, company[0], shuffled, loads, 3) == expected

    def test_whoever_has_as_many_as_they_want_is_full_and_zero_is_full_from_the_start(self) -> None:
        known = [
            Colleague(person=person("one", MANILA), preferences=Preferences(capacity=1)),
            Colleague(person=person("none", MANILA), preferences=Preferences(capacity=0)),
            Colleague(person=person("three", MANILA), preferences=Preferences(capacity=3)),
        ]
        chooser = Chooser(a_role("buddy"), known, Chains(()))
        need = Need(hire=person("new", MANILA), day=DAY)
        loads = {"one": 1, "three": 2, "who-left-long-ago": 2}
        found, why = chooser.choose(need, loads, 3, late=2)
        assert [one.person_id for one in found] == ["three"]
        assert "2 are too new themselves" in why.replace("2 colleagues", "2")
        assert chooser.rule(need, "one", loads) is Rule.FULL
        assert chooser.rule(need, "one", {}) is Rule.MAY


class TestPoints:
    HIRE = person("new", MANILA, team="Apps", interests=("Tea", "chess"))

    def test_a_buddy_from_the_same_team_comes_after_one_from_the_same_department(self) -> None:
        pair = [person("mate", MANILA, team="Apps"), person("near", MANILA, team="Web")]
        assert best(a_role("buddy"), self.HIRE, pair) == ["near", "mate"]

    def test_a_peer_from_the_same_team_comes_first(self) -> None:
        pair = [person("mate", MANILA, team="Apps"), person("near", MANILA, team="Web")]
        assert best(a_role("peer"), self.HIRE, pair) == ["mate", "near"]

    def test_a_partner_comes_from_another_department_first(self) -> None:
        pair = [person("near", MANILA), person("far", MANILA, department="Sales")]
        assert best(a_role("partner"), self.HIRE, pair) == ["far", "near"]

    @pytest.mark.parametrize(("busy", "first"), [("a", "b"), ("b", "a")])
    def test_somebody_who_looks_after_a_newcomer_already_comes_later(self, busy: str, first: str) -> None:
        pair = [person("a", MANILA), person("b", MANILA)]
        assert best(a_role("buddy"), self.HIRE, pair, loads={busy: 1})[0] == first

    def test_every_language_of_the_directory_counts(self) -> None:
        pair = [
            person("plain", MANILA, language="de"),
            person("speaks", MANILA, language="de", languages=("es", "en")),
        ]
        assert best(a_role("buddy"), self.HIRE, pair)[0] == "speaks"

    def test_the_craft_says_more_than_the_job_title(self) -> None:
        hire = person("new", MANILA, job_title="Associate II", craft="Baker")
        pair = [person("title", MANILA, job_title="Associate II"), person("craft", MANILA, craft="baker")]
        assert best(a_role("buddy"), hire, pair)[0] == "craft"


class TestMixed:
    def test_four_peers_are_not_all_of_one_department(self) -> None:
        mates = [person(f"mate{number}", MANILA) for number in range(6)]
        others = [person("other", MANILA, department="Sales"), person("third", MANILA, department="Care")]
        found, _ = choose(a_role("peer"), person("new", MANILA), [*mates, *others], how_many=4)
        departments = ["Product" if one.person_id.startswith("mate") else one.person_id for one in found]
        assert departments.count("Product") == 3
        assert len(set(departments)) == 2

    def test_nor_of_one_team(self) -> None:
        team = [person(f"team{number}", MANILA, team="Apps") for number in range(4)]
        web = [person(f"web{number}", MANILA, team="Web") for number in range(4)]
        found, _ = choose(a_role("peer"), person("new", MANILA, team="Apps"), [*team, *web], how_many=4)
        assert {one.person_id[:3] for one in found} == {"tea", "web"}

    def test_those_who_are_there_already_count(self) -> None:
        pair = [person("sales", MANILA, department="Sales"), person("care", MANILA, department="Care")]
        there = person("there", MANILA, department="Sales")
        assert best(a_role("partner"), person("new", MANILA), pair, beside=(there,))[0] == "care"

    @given(company_lists)
    @settings(deadline=None)
    def test_several_for_one_hire_are_different_people_who_keep_every_rule(self, company: list[Person]) -> None:
        wanted = a_role("peer")
        hire = company[0]
        allowed = set(best(wanted, hire, company))
        chosen = [one.person_id for one in choose(wanted, hire, company, how_many=4)[0]]
        assert len(set(chosen)) == len(chosen) == min(4, len(allowed))
        assert set(chosen) <= allowed


class TestMentor:
    NEW = person("new", MANILA, seniority=4)

    @pytest.mark.parametrize(("level", "may"), [(0, True), (3, False), (5, False), (6, True), (10, True)])
    def test_a_mentor_stands_two_levels_above_where_both_levels_are_known(self, level: int, may: bool) -> None:  # noqa: FBT001 -- a table
        assert bool(best(a_role("mentor"), self.NEW, [person("pat", MANILA, seniority=level)])) is may

    def test_of_a_newcomer_without_a_level_tenure_is_asked_alone(self) -> None:
        new = person("new", MANILA)
        fresh = person("fresh", MANILA, seniority=1, start_date=DAY - timedelta(days=539))
        known = person("known", MANILA, seniority=1, start_date=DAY - timedelta(days=540))
        assert best(a_role("mentor"), new, [fresh, known]) == ["known"]

    def test_who_comes_in_at_the_top_has_a_mentor_from_the_top(self) -> None:
        new = person("new", MANILA, seniority=10)
        pair = [person("nine", MANILA, seniority=9), person("ten", MANILA, seniority=10)]
        assert best(a_role("mentor"), new, pair) == ["ten"]

    def test_it_is_said_when_nobody_stands_high_enough(self) -> None:
        _, why = choose(a_role("mentor"), self.NEW, [person("pat", MANILA, seniority=5)])
        assert why == "nobody can be mentor: 1 colleague is not senior enough"

    def test_the_company_may_ask_for_another_distance(self) -> None:
        wanted = Wanted(role="buddy", weights=RoleWeights(least_levels_above=1))
        pair = [person("four", MANILA, seniority=4), person("five", MANILA, seniority=5)]
        assert best(wanted, self.NEW, pair) == ["five"]


def test_a_company_of_two_thousand_gives_the_same_as_a_wave_of_one() -> None:
    company = companies.people(2000)
    needs = companies.newcomers(5, company)
    colleagues = [Colleague(person=one, preferences=NOTHING_SAID) for one in company]
    chooser = Chooser(a_role("buddy"), colleagues, Chains([*company, *(need.hire for need in needs)]))
    for need in needs:
        ((found,), _) = chooser.choose(need, {}, 1)
        assert found.score == assign(a_role("buddy"), [need], colleagues)[need.hire.id].score
