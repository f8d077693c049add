"""Is the page of preferences understood, and every slip named at its field?"""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.choices import EVERYTHING, Chosen, Wrong, differences, follow, read_choices
from onboarding.domain.errors import BadAnswer
from onboarding.domain.people import WorkingHours
from onboarding.domain.preferences import NOTHING_SAID, PROGRAMMES, Away, Preferences
from tests.worlds import person

TODAY = date(2027, 1, 4)
ADA = person("ada", languages=("es",))
HOURS = {"works_from": ["09:00"], "works_until": ["17:00"]}


def read(**sent: list[str]) -> Chosen:
    return read_choices({**HOURS, **sent}, ADA, TODAY)


def wrong(**sent: list[str]) -> dict[str, str]:
    with pytest.raises(BadAnswer) as refused:
        read(**sent)
    return refused.value.mistakes


def test_everything_that_was_chosen_is_understood() -> None:
    assert read(
        programmes=["coffee", "mentor"],
        capacity=["0"],
        paused_until=["2027-02-01"],
        away_first=["2027-03-01", "", "2027-01-01"],
        away_last=["2027-03-01", "", "2027-01-08"],
        languages=["German, francés; pt-br\nEnglish, Spanish"],
        interests=["Tea,  tea ; Chess"],
        works_from=["7:30"],
        works_until=["16:00"],
        flexible_before=["30"],
        flexible_after=["120"],
    ) == Chosen(
        programmes=frozenset({"coffee", "mentor"}),
        capacity=0,
        paused_until=date(2027, 2, 1),
        away=(
            Away(first=date(2027, 1, 1), last=date(2027, 1, 8)),
            Away(first=date(2027, 3, 1), last=date(2027, 3, 1)),
        ),
        languages=("de", "fr", "pt-br"),
        interests=("Tea", "Chess"),
        working_hours=WorkingHours(start=time(7, 30), end=time(16)),
        flexible_before=30,
        flexible_after=120,
    )


@pytest.mark.parametrize(
    ("sent", "mistakes"),
    [
        ({"programmes": ["buddy", "payroll"]}, {"programmes": Wrong.CHOICE}),
        ({"capacity": ["6"]}, {"capacity": Wrong.CHOICE}),
        ({"capacity": ["-1"]}, {"capacity": Wrong.CHOICE}),
        ({"capacity": ["\u0661"]}, {"capacity": Wrong.CHOICE}),
        ({"paused_until": ["soon"]}, {"paused_until": Wrong.DAY}),
        ({"paused_until": ["2027-02-30"]}, {"paused_until": Wrong.DAY}),
        ({"paused_until": ["2027-01-04"]}, {"paused_until": Wrong.PAST}),
        ({"paused_until": ["2207-01-04"]}, {"paused_until": Wrong.DAY}),
        ({"paused_until": ["2030-01-04"]}, {"paused_until": Wrong.FAR}),
        ({"away_first": ["2027-02-02"], "away_last": ["2027-02-01"]}, {"away-0": Wrong.ORDER}),
        ({"away_first": ["", "2027-02-02"], "away_last": [""]}, {"away-1": Wrong.BOTH}),
        ({"away_first": ["2026-12-24"], "away_last": ["2027-01-03"]}, {"away-0": Wrong.PAST}),
        ({"languages": ["English, Quux"]}, {"languages": Wrong.LANGUAGE}),
        ({"interests": ["x" * 61]}, {"interests": Wrong.INTEREST}),
        ({"interests": [",".join(map(str, range(31)))]}, {"interests": Wrong.INTEREST}),
        ({"works_from": [""]}, {"working_hours": Wrong.CLOCK}),
        ({"flexible_before": ["31"]}, {"flexible_before": Wrong.CHOICE}),
        ({"flexible_after": ["600"]}, {"flexible_after": Wrong.CHOICE}),
        ({"works_from": ["17:00"]}, {"working_hours": Wrong.ORDER}),
        ({"capacity": ["many"], "works_from": ["x"]}, {"capacity": Wrong.CHOICE, "working_hours": Wrong.CLOCK}),
    ],
)
def test_a_slip_is_named_at_its_field(sent: dict[str, list[str]], mistakes: dict[str, str]) -> None:
    assert wrong(**sent) == mistakes


def test_a_row_that_is_to_be_removed_may_hold_anything() -> None:
    assert read(away_first=["nonsense"], away_last=[""], away_remove=["0"]).away == ()


def test_twenty_absences_are_taken_and_the_next_one_is_named() -> None:
    days = [str(TODAY + timedelta(days=7 * number)) for number in range(21)]
    assert len(read(away_first=days[:20], away_last=days[:20]).away) == 20
    assert wrong(away_first=days, away_last=days) == {"away-20": Wrong.MANY}


def test_the_same_absence_twice_is_one() -> None:
    assert len(read(away_first=["2027-02-01"] * 2, away_last=["2027-02-05"] * 2).away) == 1


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "programmes",
                "capacity",
                "paused_until",
                "away_first",
                "away_last",
                "away_remove",
                "languages",
                "interests",
                "works_from",
                "works_until",
                "flexible_before",
                "flexible_after",
            ]
        ),
        st.lists(st.text(max_size=20) | st.sampled_from(["2027-02-01", "09:00", "buddy", "3"]), max_size=4),
    )
)
def test_whatever_is_sent_is_understood_or_refused_by_field(sent: dict[str, list[str]]) -> None:
    try:
        read_choices(sent, ADA, TODAY)
    except BadAnswer as error:
        assert error.mistakes  # noqa: PT017 -- both ends are right
        assert all(Wrong(why) for why in error.mistakes.values())  # noqa: PT017 -- as above


def test_choosing_nothing_is_to_be_out_of_everything_and_keeps_what_was_chosen_before() -> None:
    before = Preferences(opted_in=frozenset({"coffee"}), excluded=frozenset({"bo"}))
    after, says = follow(read(), ADA, before)
    assert (after.opted_out, says.opted_in, says.excluded) == (True, before.opted_in, before.excluded)
    assert differences(ADA, before, after, says) == (EVERYTHING,)


def test_choosing_something_says_yes_to_it_and_no_to_the_rest() -> None:
    after, says = follow(read(programmes=["peer"]), person("ada", opted_out=True), NOTHING_SAID)
    assert not after.opted_out
    assert (sorted(says.opted_in), says.opted_out) == (["peer"], frozenset(PROGRAMMES) - {"peer"})
