from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.domain import report
from onboarding.domain.measures import SMALL
from onboarding.domain.report import Every, Line, Part

SCORES = st.lists(st.lists(st.integers(0, 10), max_size=9), min_size=1, max_size=7)


def over(groups: Sequence[Sequence[int]], already: Sequence[str] = ()) -> Part:
    """A score over groups, and over all of them."""
    lines = [report.enps(str(place), scores) for place, scores in enumerate(groups)]
    everybody = [score for scores in groups for score in scores]
    return report.table("enps", "enps", lines, report.enps("all", everybody), already)


@pytest.mark.parametrize(
    ("scores", "score"),
    [([10] * 5, 100), ([0] * 5, -100), ([9, 9, 7, 8, 6], 20), ([7, 8, 7, 8, 7], 0), ([10, 8, 6, 5, 0], -40)],
)
def test_enps_is_promoters_less_detractors_in_points(scores: list[int], score: float) -> None:
    line = report.enps("all", scores)
    assert line.people == len(scores)
    assert line.told["enps"] == pytest.approx(score)


def test_nobody_who_answered_has_no_score() -> None:
    assert report.enps("all", []) == Line(name="all", people=0)
    assert report.connected("all", [], 1, 5) == Line(name="all", people=0)
    assert report.rate("all", 0, 0, 0) == Line(name="all", people=0)


def test_who_answers_in_the_upper_quarter_of_a_scale_feels_connected() -> None:
    of_five = report.connected("all", [1, 2, 3, 4, 5], 1, 5)
    assert (of_five.told["share"], of_five.told["mean"]) == (0.4, 3)
    assert report.connected("all", [7, 8, 10, 0], 0, 10).told["share"] == 0.5


@given(SCORES)
@settings(max_examples=100)
def test_nothing_is_told_of_fewer_than_five_people(groups: list[list[int]]) -> None:
    part = over(groups)
    assert part.whole is not None
    for line in (*part.lines, part.whole):
        assert not line.is_hidden or not line.told
        assert line.is_hidden or line.people == 0 or (line.people or 0) >= SMALL


@given(SCORES, st.data())
@settings(max_examples=100)
def test_people_of_hidden_groups_can_change_places_and_nobody_sees_it(
    groups: list[list[int]], data: st.DataObject
) -> None:
    """So nothing that is told, alone or by subtraction, says who of them gave which answer."""
    part = over(groups)
    gone = [place for place, line in enumerate(part.lines) if line.is_hidden]
    if part.whole is None or part.whole.is_hidden or not gone:
        return
    pool = data.draw(st.permutations([score for place in gone for score in groups[place]]))
    other = list(groups)
    for place in gone:
        other[place], pool = pool[: len(groups[place])], pool[len(groups[place]) :]
    assert over(other) == part
    assert len(gone) > 1


@given(SCORES)
@settings(max_examples=100)
def test_a_group_that_one_table_hides_is_hidden_in_the_next(groups: list[list[int]]) -> None:
    first = report.counted("newcomers", "people", {str(place): len(scores) for place, scores in enumerate(groups)})
    gone = [line.name for line in first.lines if line.is_hidden]
    fewer = [scores[: len(scores) - 1] for scores in groups]
    second = over(fewer, gone)
    assert [line.name for line in second.lines if line.is_hidden or line.people == 0][: len(gone)] or not gone
    assert all(line.is_hidden or line.people == 0 for line in second.lines if line.name in gone)


def test_groups_that_overlap_have_no_whole_to_subtract_from() -> None:
    part = report.side_by_side("enps", "enps", [report.enps("a", [9] * 6), report.enps("b", [9] * 4)])
    assert part.whole is None
    assert [line.people for line in part.lines] == [6, None]


def test_a_count_shows_shares_of_everybody() -> None:
    part = report.spread("wait", {"0": 6, "1-2": 0, "more": 18})
    assert [line.told["share"] for line in part.lines] == [0.25, 0, 0.75]
    assert part.whole == Line(name="all", people=24)
    assert report.spread("wait", {"0": 0}).lines == (Line(name="0", people=0),)


def test_a_small_group_that_has_neighbours_is_joined_with_one() -> None:
    part = report.spread("meetings", {"0": 0, "1": 3, "2-3": 27, "4-8": 30, "more": 0})
    assert [(line.name, line.people) for line in part.lines] == [
        ("0", 0),
        ("1 + 2-3", 30),
        ("4-8", 30),
        ("more", 0),
    ]
    few = report.spread("meetings", {"0": 1, "1": 3})
    assert few.whole is not None
    assert [line.is_hidden for line in (*few.lines, few.whole)] == [True, True]


def test_a_range_is_widened_to_whole_months() -> None:
    assert report.whole_months(date(2027, 1, 15), date(2027, 2, 3)) == (date(2027, 1, 1), date(2027, 2, 28))
    assert report.last_year(date(2027, 4, 5)) == (date(2026, 5, 1), date(2027, 4, 30))
    assert report.last_year(date(2027, 12, 31)) == (date(2027, 1, 1), date(2027, 12, 31))


def test_cohorts_are_months_or_quarters_and_empty_ones_are_there() -> None:
    first, last = date(2026, 11, 1), date(2027, 1, 31)
    assert report.cohorts(first, last, Every.MONTH) == ["2026-11", "2026-12", "2027-01"]
    assert report.cohorts(first, last, Every.QUARTER) == ["2026-Q4", "2027-Q1"]


def test_most_months_being_small_makes_quarters() -> None:
    january, february = [date(2027, 1, 4)] * 5, [date(2027, 2, 1)] * 4
    assert report.how_long(january) is Every.MONTH
    assert report.how_long(january + february) is Every.MONTH
    assert report.how_long([*january, *february, date(2027, 3, 1)]) is Every.QUARTER
    assert report.how_long([]) is Every.MONTH


@pytest.mark.parametrize(
    ("days", "name"), [(None, "none"), (0, "0"), (1, "1-2"), (3, "3-7"), (8, "8-14"), (15, "more")]
)
def test_a_wait_has_one_group(days: int | None, name: str) -> None:
    assert report.wait_of(days, may_have_met=False) == name
    assert report.wait_of(days, may_have_met=True) == ("unknown" if days is None else name)
    assert name in report.WAIT_NAMES
