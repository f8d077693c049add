from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.domain.alike import shared_minutes
from onboarding.domain.chains import Chains
from onboarding.domain.coffee_cover import _cut, many_pairs
from onboarding.domain.coffee_pairs import best_pairs
from onboarding.domain.coffee_reasons import coffee_points
from onboarding.domain.coffee_tables import _joined
from onboarding.domain.gathering import Gathering
from onboarding.domain.matching_weights import CoffeeWeights
from onboarding.domain.members import Member
from onboarding.domain.people import Person
from onboarding.domain.preferences import Away, Preferences
from onboarding.domain.rounds import CoffeeRound, draw, rounds_ago
from tests import companies
from tests.companies import DAY
from tests.worlds import BERLIN, CHICAGO, MANILA, NAIROBI, person

USUAL = CoffeeWeights()
IDS = tuple(f"p{number:02}" for number in range(12))
Met = dict[tuple[str, str], int]


def human(name: str, drawn: Mapping[str, object]) -> Person:
    more = dict(drawn)
    return person(name, more.pop("city"), **more)  # type: ignore[arg-type]  # the city is a mapping


traits = st.fixed_dictionaries(
    {
        "city": st.sampled_from([BERLIN, BERLIN, NAIROBI, MANILA, CHICAGO]),
        "department": st.sampled_from(["", "Product", "Sales"]),
        "team": st.sampled_from(["", "Apps", "Web"]),
        "start_date": st.none() | st.dates(DAY - timedelta(days=300), DAY),
        "language": st.sampled_from(["en", "en-GB", "de"]),
        "interests": st.lists(st.sampled_from(["tea", "Tea", "chess", "go"]), max_size=3).map(tuple),
        "manager_id": st.sampled_from(["", "", *IDS, "nobody-knows"]),
    }
)
said = st.builds(
    Preferences,
    excluded=st.frozensets(st.sampled_from(IDS), max_size=1),
    paused_until=st.sampled_from([None] * 5 + [DAY, DAY + timedelta(days=1)]),
    away=st.sampled_from([()] * 5 + [(Away(first=DAY, last=DAY + timedelta(days=9)),)]),
    flexible_before=st.sampled_from([0, 0, 120]),
    flexible_after=st.sampled_from([0, 0, 60]),
)
members = st.dictionaries(
    st.sampled_from(IDS), st.tuples(traits, said, st.integers(0, 3), st.booleans()), max_size=11
).map(
    lambda drawn: [
        Member(person=human(name, traits_), preferences=preferences, waiting=waiting, skips=skips and waiting == 0)
        for name, (traits_, preferences, waiting, skips) in drawn.items()
    ]
)
pasts = st.dictionaries(
    st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)).filter(lambda pair: pair[0] < pair[1]),
    st.sampled_from([1, 2, 4, 5, 8, 9, 12, 13, 30]),
)


def may(one: Member, other: Member, met: Met, levels: int, everybody: Mapping[str, Person]) -> bool:
    """Whether two people may have coffee at all, in the words of the issue."""
    a, b = one.person, other.person
    line = any(lower.id in _below(upper.id, levels, everybody) for upper, lower in ((a, b), (b, a)))
    return (
        not line
        and b.id not in one.preferences.excluded
        and a.id not in other.preferences.excluded
        and shared_minutes(a, b, DAY, one.preferences, other.preferences) >= USUAL.least_shared_minutes
        and met.get((min(a.id, b.id), max(a.id, b.id))) != 1
    )


def _below(upper: str, levels: int, everybody: Mapping[str, Person]) -> set[str]:
    found = {upper}
    for _ in range(levels):
        found |= {one.id for one in everybody.values() if one.manager_id in found}
    return found - {upper}


Worth = tuple[int, ...]


def worth(one: Member, other: Member, met: Met) -> Worth:
    """A pair counts; then relaxing by more steps is worse than any number of fewer; then turns; then points."""
    ago = met.get((min(one.person.id, other.person.id), max(one.person.id, other.person.id)))
    step = 0 if ago is None else sum(ago <= limit for limit in (12, 8, 4))
    relaxed = [0, 0, 0]
    if step:
        relaxed[3 - step] = -1
    first = sum(min(member.waiting, 5) + member.newcomer(DAY) for member in (one, other))
    return (1, *relaxed, first, sum(points for points, _ in coffee_points(one, other, ago, USUAL, DAY)))


def plus(one: Worth, other: Worth) -> Worth:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def best_worth(there: Sequence[Member], met: Met) -> Worth:
    """The best of every set of pairs, by trying for each person nobody and everybody else."""
    everybody = {one.person.id: one.person for one in there}

    @cache
    def best(left: frozenset[int]) -> Worth:
        if not left:
            return (0, 0, 0, 0, 0, 0)
        first = min(left)
        ways = [best(left - {first})]
        ways += [
            plus(worth(there[first], there[other], met), best(left - {first, other}))
            for other in left - {first}
            if may(there[first], there[other], met, USUAL.levels, everybody)
        ]
        return max(ways)

    return best(frozenset(range(len(there))))


def gathering_of(there: Sequence[Member], met: Met) -> Gathering:
    return Gathering(there, met, Chains(one.person for one in there), USUAL, DAY)


def sorted_there(drawn: Iterable[Member]) -> list[Member]:
    return sorted((one for one in drawn if not one.out_because(DAY)), key=lambda one: one.person.id)


def total(gathering: Gathering, pairs: Iterable[tuple[int, int]]) -> int:
    return sum(int(gathering.row(one).points[other]) for one, other in pairs)


def company(count: int, seed: int = 1) -> list[Member]:
    """People of one city, so that hours part nobody."""
    return [Member(person=replace(one, time_zone="UTC", manager_id="")) for one in companies.people(count, seed)]


def drawn(there: Iterable[Member], met: Met | None = None, day: date = DAY) -> CoffeeRound:
    return draw(there, day, met=met or {}, weights=USUAL)


class TestOptimum:
    @pytest.mark.slow
    @given(members, pasts)
    @settings(deadline=None, max_examples=60)
    def test_no_other_pairs_serve_more_people_relax_less_or_suit_better(
        self, drawn_: list[Member], met: Met
    ) -> None:
        there = sorted_there(drawn_)
        found: Worth = (0, 0, 0, 0, 0, 0)
        for one, other in best_pairs(gathering_of(there, met), range(len(there))):
            found = plus(found, worth(there[one], there[other], met))
        assert found == best_worth(there, met)

    @pytest.mark.slow
    @pytest.mark.parametrize("seed", range(4))
    def test_the_quick_way_for_thousands_loses_less_than_one_in_a_hundred(self, seed: int) -> None:
        people = companies.people(400, seed)
        past = [[(people[a].id, people[b].id) for a, b in zip(range(0, 400, 2), range(1, 400, 2), strict=True)]]
        gathering = gathering_of([Member(person=one) for one in people], rounds_ago(past))
        best, quick = best_pairs(gathering, range(400)), many_pairs(gathering)
        assert len(quick) == len(best)
        assert total(gathering, quick) >= 0.99 * total(gathering, best)

    @pytest.mark.slow
    @given(members, pasts)
    @settings(deadline=None, max_examples=40)
    def test_the_quick_way_obeys_the_same_rules(self, drawn_: list[Member], met: Met) -> None:
        there = sorted_there(drawn_)
        if len(there) > 1:
            everybody = {one.person.id: one.person for one in there}
            pairs = many_pairs(gathering_of(there, met))
            assert all(may(there[one], there[other], met, USUAL.levels, everybody) for one, other in pairs)
            assert max(Counter(one for pair in pairs for one in pair).values(), default=1) == 1

    @given(st.permutations(range(12)), st.sets(st.integers(0, 11)), st.lists(st.integers(1, 9), min_size=12))
    def test_lines_and_circles_are_cut_into_pairs_of_neighbours(
        self, pointing: list[int], nobody: set[int], points: list[int]
    ) -> None:
        at = [-1 if place in nobody or one == place else one for place, one in enumerate(pointing)]
        pairs, left = _cut(at, points)
        assert sorted([*left, *(one for pair in pairs for one in pair)]) == list(range(12))
        assert all(at[one] == other or at[other] == one for one, other in pairs)
        assert not [pair for pair in combinations(left, 2) if at[pair[0]] == pair[1] and at[pair[1]] == pair[0]]

    def test_of_a_circle_of_five_whoever_costs_least_is_left_over(self) -> None:
        assert _cut([1, 2, 3, 4, 0], [9, 1, 9, 1, 1]) == ([(0, 1), (2, 3)], [4])
        assert _cut([1, 2, 3, 4, 0], [1, 9, 1, 1, 9]) == ([(0, 4), (1, 2)], [3])


class TestRules:
    @pytest.mark.slow
    @given(members, pasts)
    @settings(deadline=None, max_examples=60)
    def test_everybody_sits_at_one_table_or_is_told_why_not(self, drawn_: list[Member], met: Met) -> None:
        found = drawn(drawn_, met)
        seated = Counter(one for table in found.tables for one in table.people)
        assert set(seated.values()) <= {1}
        assert set(seated) | set(found.left_out) == {one.person.id for one in drawn_}
        assert not set(seated) & set(found.left_out)
        assert all(found.left_out.values())
        assert all(table.reasons and len(table.people) in (2, 3) for table in found.tables)

    @pytest.mark.slow
    @given(members, pasts)
    @settings(deadline=None, max_examples=60)
    def test_no_two_people_of_a_table_are_kept_apart(self, drawn_: list[Member], met: Met) -> None:
        known = {one.person.id: one for one in drawn_}
        everybody = {one.person.id: one.person for one in sorted_there(drawn_)}
        for table in drawn(drawn_, met).tables:
            for one, other in combinations(table.people, 2):
                assert may(known[one], known[other], met, USUAL.levels, everybody)

    @pytest.mark.slow
    @given(members, pasts, st.randoms())
    @settings(deadline=None, max_examples=40)
    def test_the_order_of_members_does_not_matter(self, drawn_: list[Member], met: Met, dice: Random) -> None:
        expected = drawn(drawn_, met)
        dice.shuffle(drawn_)
        assert drawn(drawn_, met) == expected

    def test_a_large_round_shuffled_is_the_same_round(self) -> None:
        there = company(700)
        expected = drawn(there)
        Random(5).shuffle(there)  # noqa: S311 -- an order, not a secret
        assert drawn(there) == expected

    def test_the_line_of_managers_runs_through_people_who_do_not_take_part(self) -> None:
        boss, worker = person("boss"), person("worker", manager_id="lead")
        lead = person("lead", manager_id="boss")
        two = [Member(person=boss), Member(person=worker)]
        far = replace(USUAL, levels=2)
        assert draw(two, DAY, met={}, weights=USUAL, directory=[lead]).tables
        assert not draw(two, DAY, met={}, weights=far, directory=[lead]).tables


class TestRepeats:
    def rounds(self, count: int, weeks: int) -> list[CoffeeRound]:
        there = company(count)
        past: list[list[tuple[str, ...]]] = []
        found = []
        for week in range(weeks):
            found.append(drawn(there, rounds_ago(past), DAY + timedelta(weeks=week)))
            past.append([table.people for table in found[-1].tables])
        return found

    @pytest.mark.slow
    @pytest.mark.parametrize("count", [18, 30, 50])
    def test_over_half_a_year_of_weeks_nobody_meets_again_within_twelve(self, count: int) -> None:
        agos = [table.ago for found in self.rounds(count, 26) for table in found.tables]
        assert len(agos) == 26 * count // 2
        assert sum(ago is not None and ago <= 12 for ago in agos) <= 0.005 * len(agos) * (count == 18)

    def test_a_small_group_never_comes_to_a_stop_and_repeats_as_late_as_it_can(self) -> None:
        found = self.rounds(6, 20)
        assert all(len(one.tables) == 3 and not one.left_out for one in found)
        assert {table.ago for one in found[5:] for table in one.tables} <= {3, 4, 5, 6, 7, 8}

    def test_the_window_and_the_turns_count_although_nothing_is_worth_a_point(self) -> None:
        nothing = CoffeeWeights(
            shared_hour=0, language=0, interest=0, other_department=0, other_team=0, newcomer=0, long_ago=0
        )
        four = [Member(person=person(name)) for name in ("a", "b", "c", "d")]
        met = {("a", "b"): 2, ("c", "d"): 3, ("a", "c"): 13, ("b", "d"): 20, ("a", "d"): 5, ("b", "c"): 4}
        days = [DAY + timedelta(weeks=week) for week in range(12)]
        found = {tuple(table.people for table in draw(four, day, met=met, weights=nothing).tables) for day in days}
        assert found == {(("a", "c"), ("b", "d"))}

    @pytest.mark.parametrize("window", [0, 1, 2, 12])
    @pytest.mark.parametrize("count", [2, 5])
    def test_no_pair_meets_two_rounds_in_a_row_whatever_the_window(self, window: int, count: int) -> None:
        there = [Member(person=person(f"p{number}")) for number in range(count)]
        past: list[list[tuple[str, ...]]] = []
        for week in range(6):
            found = draw(
                there,
                DAY + timedelta(weeks=week),
                met=rounds_ago(past),
                weights=CoffeeWeights(window=window),
            )
            assert all(table.ago is None or table.ago > 1 for table in found.tables)
            past.append([table.people for table in found.tables])
        assert any(past)

    def test_two_people_meet_every_other_time(self) -> None:
        assert [len(one.tables) for one in self.rounds(2, 4)] == [1, 0, 1, 0]

    def test_the_last_meeting_of_two_people_counts(self) -> None:
        past: list[list[tuple[str, ...]]] = [[("a", "b")], [("b", "a", "c")], [("c", "d")]]
        assert rounds_ago(past) == {("c", "d"): 1, ("a", "b"): 2, ("a", "c"): 2, ("b", "c"): 2}


class TestChoice:
    def test_another_department_comes_before_the_own(self) -> None:
        there = [
            Member(person=person(name, department=department))
            for name, department in (("a", "Sales"), ("b", "Sales"), ("c", "Care"), ("d", "Care"))
        ]
        assert all(table.people not in (("a", "b"), ("c", "d")) for table in drawn(there).tables)

    def test_a_newcomer_meets_somebody_who_is_none(self) -> None:
        there = [
            Member(person=person(name, start_date=DAY if name in "ab" else None)) for name in ("a", "b", "c", "d")
        ]
        assert all(table.people not in (("a", "b"), ("c", "d")) for table in drawn(there).tables)

    def test_the_odd_one_makes_a_table_of_three(self) -> None:
        found = drawn([Member(person=person(name)) for name in "abcde"])
        assert sorted(len(table.people) for table in found.tables) == [2, 3]
        assert not found.left_out
        (three,) = [table for table in found.tables if len(table.people) == 3]
        assert three.reasons == "three of you, so that nobody is left out"

    @pytest.mark.parametrize("more", [{"start_date": DAY}, {"waiting": 1}])
    def test_a_newcomer_and_who_waited_are_not_the_one_left_over(self, more: dict[str, object]) -> None:
        waiting = int("waiting" in more)
        start = more.get("start_date", date(2020, 1, 1))
        # Only "host" may sit with either of the two, who are kept apart.
        for first in ("a", "z"):
            other = "z" if first == "a" else "a"
            there = [
                Member(person=person(first, start_date=start), waiting=waiting),
                Member(person=person(other), preferences=Preferences(excluded=frozenset({first}))),
                Member(person=person("host")),
            ]
            assert set(drawn(there).left_out) == {other}

    @pytest.mark.parametrize("first", [{"person": {"start_date": DAY - timedelta(days=9)}}, {"waiting": 2}])
    def test_where_one_table_has_to_do_for_two_a_newcomer_or_who_waited_sits_there(
        self, first: dict[str, object]
    ) -> None:
        last = Member(
            person=person("z", **first.get("person", {})),  # type: ignore[arg-type]  # one of the two
            waiting=first.get("waiting", 0),  # type: ignore[arg-type]  # as above
        )
        there = [*(Member(person=person(name)) for name in ("a", "b", "c")), last]
        assert _joined(gathering_of(there, {}), [(0, 1)], [2, 3]) == [(0, 1, 3)]

    def test_people_whose_hours_meet_only_by_what_they_allow_have_coffee_and_read_it(self) -> None:
        a = Member(person=person("a", {"time_zone": "Etc/GMT-8"}), preferences=Preferences(flexible_after=60))
        alone = Member(person=person("b", {"time_zone": "Etc/GMT+1"}))
        assert set(drawn([a, alone]).left_out) == {"a", "b"}
        b = replace(alone, preferences=Preferences(flexible_before=60))
        (table,) = drawn([a, b]).tables
        assert "1 common hour with what you allow" in table.reasons

    def test_the_reasons_are_for_both_to_read(self) -> None:
        a = Member(person=person("a", department="Sales", interests=("Tea",)))
        b = Member(person=person("b", department="Care", interests=("tea",), start_date=DAY))
        (table,) = drawn([a, b], {("a", "b"): 13}).tables
        assert (
            table.reasons
            == "one of you is new here, from two departments, 8 common working hours, you met 13 rounds ago"
        )
        assert table.ago == 13


class TestLeftOut:
    def told(self, **more: object) -> str:
        one = Member(person=person("one"), **more)  # type: ignore[arg-type]  # tests vary what they like
        return drawn([one, *(Member(person=person(name)) for name in "abcd")]).left_out["one"]

    def test_each_reason_is_one_that_the_person_can_read(self) -> None:
        pause = Preferences(paused_until=date(2027, 5, 3))
        holiday = Preferences(away=(Away(first=DAY + timedelta(days=2), last=DAY + timedelta(days=9)),))
        assert self.told(preferences=pause) == "paused until 2027-05-03"
        assert self.told(preferences=holiday) == "away in these days"
        assert self.told(skips=True) == "skips this round"
        assert self.told(unanswered=3) == "paused after 3 rounds without an answer; a yes ends it"
        assert self.told(preferences=Preferences(opted_out=frozenset({"coffee"}))) == "does not take part"

    @pytest.mark.parametrize(("days", "why"), [(2, None), (3, "away in these days")])
    def test_two_days_away_leave_room_for_a_coffee_and_three_do_not(self, days: int, why: str | None) -> None:
        short = Preferences(away=(Away(first=DAY, last=DAY + timedelta(days=days - 1)),))
        two = [Member(person=person("a"), preferences=short), Member(person=person("b"))]
        assert drawn(two).left_out.get("a") == why

    def test_who_left_and_who_opted_out_of_everything_do_not_sit_anywhere(self) -> None:
        gone = [Member(person=person("a", active=False)), Member(person=person("b", opted_out=True))]
        assert drawn(gone).left_out == {"a": "no longer with the company", "b": "does not take part"}

    def test_nobody_else_nobody_near_and_nobody_who_may(self) -> None:
        one = Member(person=person("one", MANILA))
        far = Member(person=person("far", CHICAGO))
        assert drawn([]) == CoffeeRound(tables=(), left_out={})
        assert drawn([one]).left_out == {"one": "nobody else takes part this time"}
        assert drawn([one, far]).left_out["one"] == "nobody fits this time: 1 shares too few working hours"
        apart = Member(person=person("two", MANILA), preferences=Preferences(excluded=frozenset({"one"})))
        again = Member(person=person("two", MANILA))
        secret = drawn([one, apart]).left_out["one"]
        assert secret == "nobody fits this time: 1 met last time or cannot be matched now"
        assert drawn([one, again], {("one", "two"): 1}).left_out["one"] == secret

    def test_whoever_fits_only_people_who_have_company_is_told_so(self) -> None:
        # "a" may sit with "b" alone, and "b" with both.
        apart = Preferences(excluded=frozenset({"c"}))
        there = [
            Member(person=person("a"), preferences=apart),
            Member(person=person("b")),
            Member(person=person("c")),
        ]
        (why,) = drawn(there).left_out.values()
        assert why == "everybody who fits has company already"

    def test_an_unknown_zone_shares_no_hours_rather_than_ending_in_an_exception(self) -> None:
        lost = Member(person=person("lost", {"time_zone": "Atlantis/Capital"}))
        assert "too few working hours" in drawn([lost, Member(person=person("b"))]).left_out["lost"]

    def test_a_company_in_which_everybody_has_a_pause_has_no_round(self) -> None:
        pause = Preferences(paused_until=DAY + timedelta(days=1))
        found = drawn([Member(person=person(name), preferences=pause) for name in "abc"])
        assert not found.tables
        assert set(found.left_out.values()) == {"paused until 2027-03-09"}


def test_columns_and_pairs_count_the_same_points() -> None:
    people = companies.people(80)
    met = {(people[a].id, people[a + 1].id): a % 30 + 1 for a in range(79)}
    there = [Member(person=one) for one in people]
    gathering = gathering_of(there, met)
    for place, one in enumerate(there):
        row = gathering.row(place)
        for other, points in enumerate(row.points.tolist()):
            pair = (min(one.person.id, people[other].id), max(one.person.id, people[other].id))
            told = coffee_points(one, there[other], met.get(pair), USUAL, DAY)
            assert other == place or points == sum(worth_ for worth_, _ in told)


def test_a_row_may_begin_anywhere_in_the_circle() -> None:
    people = companies.people(40)
    met = {(people[a].id, people[a + 1].id): a % 14 + 1 for a in range(39)}
    gathering = gathering_of([Member(person=one) for one in people], met)
    for place in range(40):
        whole = gathering.row(place)
        start = (place + 1) % 40
        half = gathering.row(place, start, 20)
        seats = (np.arange(20) + start) % 40
        assert (half.points == whole.points[seats]).all()
        assert (half.may == whole.may[seats]).all()
        recent = dict(zip(whole.recent.tolist(), whole.ago.tolist(), strict=True))
        expected = {nth: recent[seat] for nth, seat in enumerate(seats.tolist()) if seat in recent}
        assert dict(zip(half.recent.tolist(), half.ago.tolist(), strict=True)) == expected
