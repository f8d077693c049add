from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from onboarding.domain.alike import same, shared_minutes
from onboarding.domain.assignment import Match, assign, assign_several
from onboarding.domain.candidates import Colleague, Need, Wanted
from onboarding.domain.chains import Chains
from onboarding.domain.matching_weights import DEFAULTS, RoleWeights
from onboarding.domain.min_cost import EXACT, NOBODY
from onboarding.domain.people import MATCHED_ROLES, Person
from onboarding.domain.preferences import FIRST_DAYS, NOTHING_SAID, Away, Preferences
from onboarding.domain.reasons import points
from onboarding.domain.suitability import Scale, Suitability
from onboarding.domain.wave import Wave, _scale
from tests import companies
from tests.companies import DAY
from tests.worlds import BERLIN, CHICAGO, MANILA, NAIROBI, person

IDS = tuple(f"p{number}" for number in range(7))
HIRES = tuple(f"h{number}" for number in range(4))
BUDDY = Wanted(role="buddy", weights=DEFAULTS["buddy"])
CITIES = (MANILA, BERLIN, CHICAGO, NAIROBI)


def human(name: str, drawn: Mapping[str, object]) -> Person:
    more = dict(drawn)
    return person(name, more.pop("city"), **more)  # type: ignore[arg-type]  # the city is a mapping


traits = st.fixed_dictionaries(
    {
        "city": st.sampled_from(CITIES),
        "department": st.sampled_from(["", "Product", "Sales"]),
        "team": st.sampled_from(["", "Apps", "Web"]),
        "job_title": st.sampled_from(["", "Designer", "Cook"]),
        "start_date": st.none() | st.dates(DAY - timedelta(days=900), DAY + timedelta(days=30)),
        "language": st.sampled_from(["en", "en-GB", "de"]),
        "interests": st.lists(st.sampled_from(["tea", "Tea", "chess", "go"]), max_size=3).map(tuple),
        "active": st.sampled_from([True, True, True, False]),
        "opted_out": st.sampled_from([False, False, False, True]),
        "manager_id": st.sampled_from(["", *IDS, *HIRES, "nobody-knows"]),
    }
)
said = st.builds(
    Preferences,
    opted_out=st.sampled_from([frozenset(), frozenset(), frozenset({"buddy"}), frozenset({"mentor"})]),
    paused_until=st.none() | st.dates(DAY - timedelta(days=9), DAY + timedelta(days=30)),
    capacity=st.none() | st.integers(0, 3),
    excluded=st.frozensets(st.sampled_from([*IDS, *HIRES]), max_size=1),
    away=st.just(())
    | st.dates(DAY - timedelta(days=9), DAY + timedelta(days=9)).map(
        lambda day: (Away(first=day, last=day + timedelta(days=3)),)
    ),
    languages=st.sampled_from([(), ("es",)]),
    flexible_before=st.sampled_from([0, 0, 120]),
    flexible_after=st.sampled_from([0, 0, 60]),
)
colleague_lists = st.dictionaries(
    st.sampled_from(IDS), st.tuples(traits, said, st.integers(0, 2)), max_size=5
).map(
    lambda drawn: [
        Colleague(person=human(name, traits_), preferences=preferences, load=load)
        for name, (traits_, preferences, load) in drawn.items()
    ]
)
need_lists = st.dictionaries(
    st.sampled_from(HIRES),
    st.tuples(
        traits,
        said,
        st.dates(DAY, DAY + timedelta(days=20)),
        st.frozensets(st.sampled_from(IDS), max_size=2),
        st.frozensets(st.sampled_from(IDS), max_size=2),
    ),
    min_size=1,
    max_size=4,
).map(
    lambda drawn: [
        Need(hire=human(name, traits_), preferences=preferences, day=day, taken=taken, chosen=chosen)
        for name, (traits_, preferences, day, taken, chosen) in drawn.items()
    ]
)
weights = st.sampled_from(sorted(DEFAULTS)).map(lambda role: DEFAULTS[role]) | st.builds(
    RoleWeights,
    shared_hour=st.integers(0, 1000),
    interest=st.integers(0, 1000),
    other_department=st.integers(0, 1000),
    load=st.integers(0, 1000),
    least_tenure_days=st.integers(0, 400),
    least_shared_minutes=st.integers(0, 200),
)
roles = st.builds(
    Wanted,
    role=st.sampled_from(sorted(MATCHED_ROLES)),
    weights=weights,
    capacity=st.integers(1, 3),
    other_department=st.booleans(),
)


def company_of(needs: Sequence[Need], colleagues: Iterable[Colleague]) -> list[Colleague]:
    """The directory: the colleagues, and the hires, who are in it too."""
    return [*colleagues, *(Colleague(person=need.hire, preferences=need.preferences) for need in needs)]


def managers(person_id: str, everybody: Mapping[str, Person]) -> set[str]:
    """Everybody above, climbed step by step."""
    seen: set[str] = set()
    while (above := everybody[person_id].manager_id) in everybody and above not in seen:
        seen.add(above)
        person_id = above
    return seen


def may(wanted: Wanted, need: Need, colleague: Colleague, everybody: Mapping[str, Person]) -> bool:
    """Whether every hard rule is kept, in the words of the issue."""
    hire, somebody, said_ = need.hire, colleague.person, colleague.preferences
    newest = need.day - timedelta(days=wanted.weights.least_tenure_days)
    minutes = shared_minutes(hire, somebody, need.day, need.preferences, said_)
    return (
        somebody.id != hire.id
        and somebody.active
        and not somebody.opted_out
        and wanted.role not in said_.opted_out
        and somebody.id not in managers(hire.id, everybody)
        and hire.id not in managers(somebody.id, everybody)
        and somebody.id not in need.taken
        and somebody.id not in need.preferences.excluded
        and hire.id not in said_.excluded
        and (somebody.start_date is None or somebody.start_date <= newest)
        and not (wanted.other_department and same(hire.department, somebody.department))
        and minutes >= wanted.weights.least_shared_minutes >= wanted.weights.least_shared_minutes
        and not any(
            day == need.day + timedelta(days=later)
            for away in said_.away
            for later in range(FIRST_DAYS)
            for day in [away.first + timedelta(days=n) for n in range((away.last - away.first).days + 1)]
        )
        and (said_.paused_until is None or said_.paused_until <= need.day)
        and colleague.load < (wanted.capacity if said_.capacity is None else said_.capacity)
    )


def worth(wanted: Wanted, needs: Sequence[Need], chosen: Sequence[Colleague | None]) -> tuple[int, int]:
    """How many are served, and the points of all of them: what the best way has most of."""
    given_: Counter[str] = Counter()
    total = 0
    for need, colleague in zip(needs, chosen, strict=True):
        if colleague is not None:
            total += sum(worth_ for worth_, _ in points(need, colleague, wanted))
            total -= wanted.weights.load * (colleague.load + given_[colleague.person.id])
            given_[colleague.person.id] += 1
    return given_.total(), total


def worth_of(
    wanted: Wanted, needs: Sequence[Need], colleagues: Iterable[Colleague], matches: Mapping[str, Match]
) -> tuple[int, int]:
    known = {one.person.id: one for one in colleagues}
    return worth(wanted, needs, [known.get(matches[need.hire.id].person_id) for need in needs])


def by_trying_all(wanted: Wanted, needs: Sequence[Need], colleagues: Sequence[Colleague]) -> tuple[int, int]:
    """The best of every way there is."""
    everybody = {one.person.id: one.person for one in colleagues}
    choices = [[None, *(one for one in colleagues if may(wanted, need, one, everybody))] for need in needs]
    best = (0, 0)
    for way in product(*choices):
        given_ = Counter(one.person.id for one in way if one is not None)
        if all(one is None or given_[one.person.id] <= one.room(wanted.capacity) for one in way):
            best = max(best, worth(wanted, needs, way))
    return best


def by_a_dense_table(wanted: Wanted, needs: Sequence[Need], colleagues: Sequence[Colleague]) -> tuple[int, int]:
    """The best way by the Hungarian method on the table of every hire and every room, nothing left out."""
    everybody = {one.person.id: one.person for one in colleagues}
    rooms = [(one, nth) for one in colleagues for nth in range(one.room(wanted.capacity))]
    served = 10**7
    table = np.zeros((len(needs), len(rooms) + len(needs)))
    for row, need in enumerate(needs):
        for column, (one, nth) in enumerate(rooms):
            if may(wanted, need, one, everybody):
                gain = sum(worth_ for worth_, _ in points(need, one, wanted))
                table[row, column] = served + gain - wanted.weights.load * (one.load + nth)
    rows, columns = linear_sum_assignment(table, maximize=True)
    total = int(table[rows, columns].sum())
    count = round(total / served)
    return count, total - count * served


drawn_waves = st.tuples(roles, need_lists, colleague_lists).map(
    lambda drawn: (drawn[0], drawn[1], company_of(drawn[1], drawn[2]))
)
Drawn = tuple[Wanted, list[Need], list[Colleague]]


class TestOptimum:
    @pytest.mark.slow
    @given(drawn_waves)
    @settings(deadline=None, max_examples=80)
    def test_no_other_way_serves_more_hires_or_serves_them_better(self, drawn: Drawn) -> None:
        wanted, needs, colleagues = drawn
        matches = assign(wanted, needs, colleagues)
        assert worth_of(wanted, needs, colleagues, matches) == by_trying_all(wanted, needs, colleagues)

    @pytest.mark.slow
    @pytest.mark.parametrize(("hires", "people"), [(40, 30), (60, 45), (40, 160)])
    @pytest.mark.parametrize("role", sorted(DEFAULTS))
    def test_it_agrees_with_the_hungarian_method_on_whole_companies(
        self, hires: int, people: int, role: str
    ) -> None:
        company = companies.people(people, seed=hires)
        needs = companies.newcomers(hires, company)
        colleagues = companies.colleagues(company, needs)
        wanted = Wanted(role=role, weights=DEFAULTS[role])
        matches = assign(wanted, needs, colleagues)
        assert worth_of(wanted, needs, colleagues, matches) == by_a_dense_table(wanted, needs, colleagues)

    @pytest.mark.slow
    @pytest.mark.parametrize("kept", [1, 2, 5])
    @pytest.mark.parametrize("seed", range(8))
    def test_people_left_out_at_first_join_until_nothing_can_be_better(self, kept: int, seed: int) -> None:
        company = companies.people(70, seed)
        needs = companies.newcomers(60, company)
        colleagues = companies.colleagues(company, needs, seed)
        suitability = Suitability(BUDDY, colleagues, Chains(one.person for one in colleagues))
        chosen = Wave(needs, suitability, kept).solve().person.tolist()
        way = [None if place == NOBODY else suitability.colleagues[place] for place in chosen]
        assert worth(BUDDY, needs, way) == by_a_dense_table(BUDDY, needs, colleagues)

    def test_of_a_large_wave_the_prices_prove_that_no_pair_was_left_out(self) -> None:
        company = companies.people(3000)
        needs = companies.newcomers(300, company)
        colleagues = companies.colleagues(company, needs)
        suitability = Suitability(BUDDY, colleagues, Chains(one.person for one in colleagues))
        wave = Wave(needs, suitability)
        solution = wave.solve()
        for place, need in enumerate(needs):
            places, costs = suitability.costs(need, wave.scale)
            assert (costs + solution.price[places] >= solution.pays[place]).all()


class TestHardRules:
    @pytest.mark.slow
    @given(drawn_waves)
    @settings(deadline=None, max_examples=80)
    def test_nobody_who_is_chosen_or_named_as_next_best_breaks_one(self, drawn: Drawn) -> None:
        wanted, needs, colleagues = drawn
        everybody = {one.person.id: one.person for one in colleagues}
        known = {one.person.id: one for one in colleagues}
        given_: Counter[str] = Counter()
        matches = assign(wanted, needs, colleagues)
        for need in needs:
            match = matches[need.hire.id]
            found = [*([match.person_id] if match.person_id else []), *match.alternatives]
            assert len(set(found)) == len(found)
            assert all(may(wanted, need, known[one], everybody) for one in found)
            given_[match.person_id] += 1
        assert all(given_[one] <= known[one].room(wanted.capacity) for one in given_ if one)

    @pytest.mark.slow
    @given(drawn_waves)
    @settings(deadline=None, max_examples=40)
    def test_everybody_else_is_counted_under_exactly_one_rule_or_none(self, drawn: Drawn) -> None:
        wanted, needs, colleagues = drawn
        everybody = {one.person.id: one.person for one in colleagues}
        suitability = Suitability(wanted, colleagues, Chains(everybody.values()))
        for need in needs:
            counts = suitability.ruled_out(need)
            assert counts.total() == len(colleagues)
            free = [one for one in colleagues if may(wanted, need, one, everybody)]
            assert counts[max(counts)] == len(free) or not free

    def test_an_exclusion_holds_in_both_directions(self) -> None:
        ann, ben = person("ann", MANILA), person("ben", MANILA)
        new = Need(hire=person("new", MANILA), day=DAY)
        shy = Colleague(person=ann, preferences=Preferences(excluded=frozenset({"new"})))
        assert assign(BUDDY, [new], [shy, Colleague(person=ben)])["new"].person_id == "ben"
        wary = replace(new, preferences=Preferences(excluded=frozenset({"ben"})))
        assert assign(BUDDY, [wary], [Colleague(person=ann), Colleague(person=ben)])["new"].person_id == "ann"

    def test_the_clocks_of_every_one_of_the_first_weeks_count(self) -> None:
        # Until 14 March New York ends at 22:00 UTC, an hour later than from then on.
        new = Need(hire=person("new", {"time_zone": "America/New_York"}), day=DAY)
        west = person("west", {"time_zone": "Etc/GMT+12"})  # from 21:00 to 05:00 UTC
        assert "too few working hours" in assign(BUDDY, [new], [Colleague(person=west)])["new"].reasons
        before = replace(new, day=DAY - timedelta(weeks=4))
        assert assign(BUDDY, [before], [Colleague(person=west)])["new"].person_id == "west"


class TestSameEverywhere:
    @pytest.mark.slow
    @given(drawn_waves, st.randoms())
    @settings(deadline=None, max_examples=40)
    def test_the_order_of_hires_and_of_the_directory_does_not_matter(self, drawn: Drawn, dice: Random) -> None:
        wanted, needs, colleagues = drawn
        expected = assign(wanted, needs, colleagues)
        dice.shuffle(needs)
        dice.shuffle(colleagues)
        again = assign(wanted, needs, colleagues)
        assert again == expected
        assert list(again) == list(expected)

    def test_a_whole_company_shuffled_gives_the_same_matches(self) -> None:
        company = companies.people(400)
        needs = companies.newcomers(80, company)
        colleagues = companies.colleagues(company, needs)
        expected = assign(BUDDY, needs, colleagues)
        Random(7).shuffle(needs)  # noqa: S311 -- an order, not a secret
        Random(8).shuffle(colleagues)  # noqa: S311 -- as above
        assert assign(BUDDY, needs, colleagues) == expected

    def test_equals_are_told_apart_by_their_ids(self) -> None:
        needs = [Need(hire=person(f"new{number}", MANILA), day=DAY) for number in range(3)]
        equals = [Colleague(person=person(f"same{number}", MANILA)) for number in range(9)]
        matches = assign(BUDDY, needs, equals)
        assert [one.person_id for one in matches.values()] == ["same7", "same3", "same6"]


class TestCosts:
    def test_a_second_hire_costs_a_buddy_more_than_a_slightly_worse_buddy_costs_the_hire(self) -> None:
        needs = [Need(hire=person(f"new{number}", MANILA, team="Apps"), day=DAY) for number in range(2)]
        best, good = person("best", MANILA, team="Web"), person("good", MANILA)
        matches = assign(BUDDY, needs, [Colleague(person=best), Colleague(person=good)])
        assert {one.person_id for one in matches.values()} == {"best", "good"}

    def test_and_less_than_a_much_worse_one(self) -> None:
        needs = [Need(hire=person(f"new{number}", MANILA), day=DAY) for number in range(2)]
        far = person("far", NAIROBI, department="Sales", language="sw")
        matches = assign(BUDDY, needs, [Colleague(person=person("best", MANILA)), Colleague(person=far)])
        assert {one.person_id for one in matches.values()} == {"best"}

    def test_a_poor_match_for_one_is_better_than_nobody_for_another(self) -> None:
        needs = [Need(hire=person("flexible", BERLIN), day=DAY), Need(hire=person("bound", MANILA), day=DAY)]
        both = Colleague(person=person("both", BERLIN), preferences=Preferences(capacity=1))
        late = Colleague(person=person("late", CHICAGO, department="Sales", language="es"))
        only_late = replace(needs[1], taken=frozenset({"late"}))
        matches = assign(BUDDY, [needs[0], only_late], [both, late])
        assert [matches["flexible"].person_id, matches["bound"].person_id] == ["late", "both"]

    def test_whoever_was_chosen_before_stays_while_nobody_suits_clearly_better(self) -> None:
        need = Need(hire=person("new", MANILA), day=DAY)
        equals = [Colleague(person=person(f"same{number}", MANILA)) for number in range(9)]
        for one in equals:
            kept = replace(need, chosen=frozenset({one.person.id}))
            assert assign(BUDDY, [kept], equals)["new"].person_id == one.person.id

    def test_the_points_of_columns_and_of_pairs_are_the_same(self) -> None:
        company = companies.people(60)
        needs = companies.newcomers(20, company)
        colleagues = companies.colleagues(company, needs)
        for role, weights_ in DEFAULTS.items():
            wanted = Wanted(role=role, weights=weights_)
            suitability = Suitability(wanted, colleagues, Chains(company))
            for need in needs:
                for place, score in enumerate(suitability.scores(need).tolist()):
                    told = points(need, suitability.colleagues[place], wanted)
                    assert score == sum(worth_ for worth_, _ in told)


class TestScale:
    @given(st.integers(1, 100_000), st.integers(1, 50_000))
    def test_no_sum_leaves_what_floats_hold_exactly(self, hires: int, dearest: int) -> None:
        scale, nobody = _scale(hires, dearest)
        assert nobody < EXACT / 4
        assert nobody > hires * (dearest * scale.factor + (1 << scale.tie_bits) - 1)
        assert not scale.tie_bits or scale.factor > hires * ((1 << scale.tie_bits) - 1)

    def test_a_usual_wave_has_room_for_ties_and_an_endless_one_does_without(self) -> None:
        assert _scale(1_000, 1_000)[0].tie_bits == 20
        assert _scale(5_000, 1_000)[0].tie_bits == 16
        assert _scale(1_000_000, 50_000)[0] == Scale(factor=1, tie_bits=0)

    def test_without_ties_people_of_one_cost_cost_the_same(self) -> None:
        need = Need(hire=person("new", MANILA), day=DAY)
        equals = [Colleague(person=person(f"same{number}", MANILA)) for number in range(3)]
        _, costs = Suitability(BUDDY, equals, Chains([])).costs(need, Scale())
        assert len(set(costs.tolist())) == 1


class TestSeveral:
    def test_everybody_gets_a_first_before_anybody_gets_a_second(self) -> None:
        needs = [Need(hire=person(f"new{number}", MANILA), day=DAY) for number in range(3)]
        known = [Colleague(person=person(f"p{number}", MANILA)) for number in range(2)]
        found = assign_several(BUDDY, needs, known, 2)
        assert sorted(len([one for one in matches if one.person_id]) for matches in found.values()) == [1, 1, 2]
        for matches in found.values():
            chosen = [one.person_id for one in matches if one.person_id]
            assert len(set(chosen)) == len(chosen)

    def test_what_is_lacking_comes_with_its_reason_once(self) -> None:
        need = Need(hire=person("new", MANILA), day=DAY)
        found = assign_several(BUDDY, [need], [Colleague(person=person("only", MANILA))], 4)
        assert [one.person_id for one in found["new"]] == ["only", ""]
        assert found["new"][1].reasons == (
            "nobody can be buddy: 1 colleague has another role for this newcomer, declined or is ruled out"
        )

    @pytest.mark.slow
    @given(drawn_waves, st.integers(1, 3))
    @settings(deadline=None, max_examples=40)
    def test_capacities_and_rules_hold_over_all_turns(self, drawn: Drawn, how_many: int) -> None:
        wanted, needs, colleagues = drawn
        everybody = {one.person.id: one.person for one in colleagues}
        known = {one.person.id: one for one in colleagues}
        found = assign_several(wanted, needs, colleagues, how_many)
        given_: Counter[str] = Counter()
        for need in needs:
            chosen = [one.person_id for one in found[need.hire.id] if one.person_id]
            assert len(set(chosen)) == len(chosen) <= how_many
            assert all(may(wanted, need, known[one], everybody) for one in chosen)
            given_.update(chosen)
        assert all(count <= known[one].room(wanted.capacity) for one, count in given_.items())


class TestWords:
    NEW = Need(hire=person("new", MANILA, team="Apps", interests=("Tea", "chess")), day=DAY)

    def test_the_reasons_are_one_sentence_with_the_weightiest_first(self) -> None:
        near = person("near", MANILA, team="Web", interests=("tea", "go"))
        match = assign(BUDDY, [self.NEW], [Colleague(person=near)])["new"]
        assert match.reasons == "8 common working hours, the same language, the same department, both like Tea"

    @pytest.mark.parametrize(("minutes", "hours"), [(60, "1 common hour"), (120, "2 common hours")])
    def test_whoever_is_met_in_hours_that_both_allow_is_chosen_and_the_reason_says_so(
        self, minutes: int, hours: str
    ) -> None:
        far = person("far", {"time_zone": "Etc/GMT+1"})  # works from 10:00 to 18:00 UTC, nine hours after Manila
        after = Preferences(flexible_after=60)
        need = replace(self.NEW, hire=replace(self.NEW.hire, time_zone="Asia/Manila"), preferences=after)
        alone = assign(BUDDY, [need], [Colleague(person=far)])["new"]
        assert "share too few" in alone.reasons or "shares too few" in alone.reasons
        both = Colleague(person=far, preferences=Preferences(flexible_before=minutes))
        match = assign(BUDDY, [need], [both])["new"]
        assert f"{hours} with what they allow" in match.reasons

    def test_whoever_has_nothing_in_common_is_at_least_free(self) -> None:
        nothing = RoleWeights(shared_hour=0, language=0, interest=0, same_location=0)
        stranger = Colleague(person=person("stranger", MANILA))
        match = assign(Wanted(role="buddy", weights=nothing), [self.NEW], [stranger])["new"]
        assert match.reasons == "is free to help"

    def test_the_three_next_best_have_room_and_come_best_first(self) -> None:
        known = [
            Colleague(person=person("best", MANILA, team="Web", interests=("tea", "chess"))),
            Colleague(person=person("second", MANILA, team="Web", interests=("tea",))),
            Colleague(person=person("full", MANILA, team="Web", interests=("tea",)), load=2),
            Colleague(person=person("third", MANILA, team="Web")),
            Colleague(person=person("fourth", MANILA)),
            Colleague(person=person("fifth", NAIROBI)),
        ]
        match = assign(BUDDY, [self.NEW], known)["new"]
        assert (match.person_id, match.alternatives) == ("best", ("second", "third", "fourth"))

    def test_nobody_comes_with_how_many_each_rule_took_away(self) -> None:
        far = [Colleague(person=person(f"far{number}", {"time_zone": "Etc/GMT+4"})) for number in range(8)]
        away = Preferences(away=(Away(first=DAY, last=DAY),))
        gone = [Colleague(person=person(f"gone{number}", MANILA), preferences=away) for number in range(2)]
        match = assign(BUDDY, [self.NEW], [*far, *gone])["new"]
        assert match == Match(
            hire_id="new",
            person_id="",
            reasons="nobody can be buddy: 8 colleagues share too few working hours, 2 are away in the first days",
        )

    def test_a_wave_that_is_too_large_is_said_so(self) -> None:
        needs = [Need(hire=person(f"new{number}", MANILA), day=DAY) for number in range(3)]
        matches = assign(BUDDY, needs, [Colleague(person=person("only", MANILA))])
        (without,) = [one.reasons for one in matches.values() if not one.person_id]
        assert without == "nobody is left to be buddy: the one colleague who could be is needed by other newcomers"

    def test_an_exclusion_is_never_told_apart_from_a_role_or_a_decline(self) -> None:
        shy = Colleague(person=person("shy", MANILA), preferences=Preferences(excluded=frozenset({"new"})))
        busy = replace(self.NEW, taken=frozenset({"shy"}))
        free = Colleague(person=person("shy", MANILA))
        told = [assign(BUDDY, [self.NEW], [shy])["new"], assign(BUDDY, [busy], [free])["new"]]
        assert told[0].reasons == told[1].reasons

    def test_many_rules_are_cut_to_what_somebody_reads(self) -> None:
        known = [
            Colleague(person=person("left", active=False)),
            Colleague(person=person("out", opted_out=True)),
            Colleague(person=person("fresh", MANILA, start_date=DAY)),
            Colleague(person=person("far", {"time_zone": "Etc/GMT+4"})),
            Colleague(person=person("full", MANILA), load=2),
            Colleague(person=person("break", MANILA), preferences=Preferences(paused_until=date.max)),
        ]
        match = assign(BUDDY, [self.NEW], known)["new"]
        assert match.reasons.endswith("1 shares too few working hours, and 2 for other reasons")


class TestSmallAndOdd:
    NEW = person("new", MANILA, manager_id="lead")

    def match(self, *known: Colleague) -> Match:
        return assign(BUDDY, [Need(hire=self.NEW, day=DAY)], [*known, Colleague(person=self.NEW)])["new"]

    def test_without_hires_there_is_nothing_to_do(self) -> None:
        assert assign(BUDDY, [], [Colleague(person=self.NEW)]) == {}

    def test_an_empty_directory_is_said_so(self) -> None:
        assert assign(BUDDY, [Need(hire=self.NEW, day=DAY)], [])["new"].reasons == (
            "nobody can be buddy: the directory holds no other people"
        )

    def test_in_a_company_of_three_the_one_who_is_not_the_manager_is_chosen(self) -> None:
        lead, mate = person("lead", MANILA), person("mate", MANILA, manager_id="lead")
        assert self.match(Colleague(person=lead), Colleague(person=mate)).person_id == "mate"

    def test_a_company_of_a_manager_and_a_hire_has_nobody(self) -> None:
        assert self.match(Colleague(person=person("lead", MANILA))).reasons == (
            "nobody can be buddy: 1 colleague is in the line of managers"
        )

    def test_when_everybody_has_a_break_nobody_is_chosen_and_it_is_said(self) -> None:
        pause = Preferences(paused_until=date(2027, 6, 1))
        known = [Colleague(person=person(f"p{number}", MANILA), preferences=pause) for number in range(4)]
        assert self.match(*known).reasons == "nobody can be buddy: 4 colleagues take a break from matching"

    def test_a_pause_ends_by_itself(self) -> None:
        over = Colleague(person=person("back", MANILA), preferences=Preferences(paused_until=DAY))
        assert self.match(over).person_id == "back"

    def test_a_circle_of_managers_and_an_unknown_one_do_no_harm(self) -> None:
        circle = [
            Colleague(person=person("lead", MANILA, manager_id="boss")),
            Colleague(person=person("boss", MANILA, manager_id="new")),
            Colleague(person=person("mate", MANILA, manager_id="never-seen")),
            Colleague(person=person("self", MANILA, manager_id="self")),
        ]
        match = self.match(*circle)
        assert {match.person_id, *match.alternatives} == {"mate", "self"}

    def test_an_unknown_time_zone_is_too_few_hours_rather_than_an_exception(self) -> None:
        lost = Colleague(person=person("lost", {"time_zone": "Atlantis/Capital"}))
        assert "1 colleague shares too few working hours" in self.match(lost).reasons

    def test_two_needs_of_one_hire_are_refused(self) -> None:
        need = Need(hire=self.NEW, day=DAY)
        with pytest.raises(ValueError, match="one need at a time"):
            assign(BUDDY, [need, need], [])

    @pytest.mark.slow
    def test_thousands_of_hires_with_the_largest_weights_stay_exact(self) -> None:
        heavy = RoleWeights(shared_hour=1000, language=1000, interest=1000, load=1000, tenure_year=1000)
        company = companies.people(40)
        needs = companies.newcomers(2500, company)
        wanted = Wanted(role="buddy", weights=heavy, capacity=50)
        colleagues = [Colleague(person=one, preferences=NOTHING_SAID) for one in company]
        matches = assign(wanted, needs, colleagues)
        assert sum(1 for one in matches.values() if one.person_id) == min(
            2500, 50 * served(wanted, needs, colleagues)
        )


def served(wanted: Wanted, needs: Sequence[Need], colleagues: Sequence[Colleague]) -> int:
    """How many people may have a role for somebody at all."""
    everybody = {one.person.id: one.person for one in colleagues} | {need.hire.id: need.hire for need in needs}
    return sum(any(may(wanted, need, one, everybody) for need in needs) for one in colleagues)
