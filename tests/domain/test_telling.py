"""Which of two facts counts, and who comes a second time?"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.events import Fact, Identity, Told
from onboarding.domain.people import Hire, HireState, Person
from onboarding.domain.telling import (
    BEFORE,
    SINCE,
    STATE,
    comes_again,
    decides,
    fields_of,
    id_of,
    newest,
    news,
    remember,
    starts_soon,
    with_fact,
)

DAY = timedelta(days=1)
T = datetime(2027, 1, 4, 9, tzinfo=UTC)
MOMENTS = st.integers(0, 9).map(lambda number: T + number * DAY)
FIELDS = st.frozensets(st.sampled_from(["job_title", "team", "location", STATE]), min_size=1)


def fact(
    told: Told = Told.CREATED, *, first_day: date = date(2027, 1, 4), at: datetime = T, **more: object
) -> Fact:
    person = None if told is Told.WITHDRAWN else Person(id="n1", first_name="Amihan", start_date=first_day)
    given = frozenset({"first_name", "start_date"}) if person else frozenset()
    return Fact(told=told, external_id="n1", hire_id="n1", at=at, person=person, given=given, **more)  # type: ignore[arg-type]  # a test says what it varies


@pytest.mark.parametrize(
    ("one", "tells"),
    [
        (fact(), {"first_name", "start_date", STATE}),
        (fact(Told.KNOWN), {"first_name", "start_date", STATE}),
        (fact(Told.UPDATED), {"first_name", "start_date"}),
        (fact(Told.WITHDRAWN), {STATE}),
        (fact(Told.UPDATED, manager="7"), {"first_name", "start_date", "manager_id", "manager_email"}),
    ],
)
def test_a_fact_tells_what_it_gives_and_whether_somebody_comes(one: Fact, tells: set[str]) -> None:
    assert fields_of(one) == tells


def test_what_nobody_told_is_news_and_so_is_the_same_moment_again() -> None:
    assert news({}, ["team"], T) == {"team"}
    assert news({"team": T}, ["team", "location"], T) == {"team", "location"}
    assert news({"team": T + DAY}, ["team", "location"], T) == {"location"}


def test_what_was_told_before_fields_had_moments_counts_for_all_of_them() -> None:
    assert news({BEFORE: T}, ["team", STATE], T - DAY) == set()
    assert news({BEFORE: T}, ["team"], T + DAY) == {"team"}


@given(facts=st.lists(st.tuples(FIELDS, MOMENTS), max_size=6), data=st.data())
def test_in_whatever_order_facts_come_the_same_is_remembered(
    facts: list[tuple[frozenset[str], datetime]], data: st.DataObject
) -> None:
    def after(order: list[tuple[frozenset[str], datetime]]) -> dict[str, datetime]:
        told: dict[str, datetime] = {}
        for fields, at in order:
            told = remember(told, fields, at)
        return told

    assert after(facts) == after(data.draw(st.permutations(facts)))


def test_of_several_sources_the_newest_word_counts() -> None:
    one = Identity(source="a", external_id="1", person_id="n1", told={"team": T, STATE: T + DAY})
    two = Identity(source="b", external_id="2", person_id="n1", told={"team": T + DAY})
    assert newest([one, two]) == {"team": T + DAY, STATE: T + DAY, SINCE: T + DAY}


WORDS = st.sampled_from([Told.KNOWN, Told.KNOWN, Told.CREATED, Told.WITHDRAWN])


def who_comes(facts: list[tuple[str, Fact]]) -> tuple[bool | None, dict[str, dict[str, datetime]]]:
    """Whether somebody comes after these facts, each with its source, and what each source has told."""
    comes: bool | None = None
    told: dict[str, dict[str, datetime]] = {}
    for source, one in facts:
        own = told.get(source, {})
        known = newest(
            Identity(source=name, external_id="1", person_id="n1", told=of) for name, of in told.items()
        )
        if decides(own, known, one):
            comes = one.told is not Told.WITHDRAWN
        told[source] = with_fact(own, one)
    return comes, told


@given(words=st.lists(st.tuples(WORDS, MOMENTS), min_size=1, max_size=6, unique_by=lambda word: word[1]))
def test_of_one_source_the_newest_word_says_who_comes_in_whatever_order_words_arrive(
    words: list[tuple[Told, datetime]],
) -> None:
    newest_word = max(words, key=lambda word: word[1])[0]
    assert who_comes([("a", fact(told, at=at)) for told, at in words])[0] is (newest_word is not Told.WITHDRAWN)


@given(words=st.lists(st.tuples(st.sampled_from("abc"), WORDS), max_size=9), data=st.data())
def test_of_several_sources_it_does_not_matter_whose_words_arrive_first(
    words: list[tuple[str, Told]], data: st.DataObject
) -> None:
    facts = [(source, fact(told, at=T + number * DAY)) for number, (source, told) in enumerate(words)]
    order = data.draw(st.permutations([source for source, _ in facts]))
    of_each = {name: iter([one for one in facts if one[0] == name]) for name in "abc"}
    assert who_comes([next(of_each[name]) for name in order]) == who_comes(facts)


def test_to_say_the_same_again_takes_nothing_back_that_another_one_has_said_meanwhile() -> None:
    listed = [("hris", fact(Told.KNOWN, at=T + number * DAY)) for number in range(4)]
    unhired = ("ats", fact(Told.WITHDRAWN, at=T + DAY / 2))
    assert who_comes([listed[0], unhired, *listed[1:]])[0] is False
    assert who_comes([*listed, unhired])[0] is False  # however late it arrives
    left = ("hris", fact(Told.WITHDRAWN, at=T + 4 * DAY))
    assert who_comes([*listed, unhired, left, ("hris", fact(Told.KNOWN, at=T + 5 * DAY))])[0] is True
    assert who_comes([listed[0], unhired, ("hris", fact(Told.CREATED, at=T + DAY))])[0] is True


def test_what_was_told_before_sinces_were_kept_counts_since_it_was_told() -> None:
    before = {STATE: T, BEFORE: T}
    assert decides(before, newest([Identity(source="a", external_id="1", person_id="n1", told=before)]),
                   fact(Told.KNOWN, at=T + DAY))  # fmt: skip
    assert with_fact(before, fact(Told.KNOWN, at=T + DAY))[SINCE] == T


@pytest.mark.parametrize(
    ("first_day", "soon"),
    [(None, False), (date(2027, 3, 1), True), (date(2026, 12, 21), True), (date(2026, 12, 20), False)],
)
def test_a_newcomer_starts_soon_or_did_in_the_last_two_weeks(first_day: date | None, soon: bool) -> None:  # noqa: FBT001 -- a case of the table
    assert starts_soon(first_day, T) is soon


def hire(state: HireState = HireState.ACTIVE) -> Hire:
    return Hire(
        id="n1",
        source="standard",
        external_id="n1",
        journey="remote",
        first_day=date(2027, 1, 4),
        state=state,
        enrolled_at=T,
        told_at=T,
    )


@pytest.mark.parametrize(
    ("state", "left", "first_day", "now", "again"),
    [
        ("withdrawn before the first day, back later", T - DAY, date(2027, 2, 1), T, False),
        ("left after the first day, back later", T + 40 * DAY, date(2027, 6, 1), T + 60 * DAY, True),
        ("left, and the same first day again", T + 40 * DAY, date(2027, 1, 4), T + 41 * DAY, False),
        ("left, and a first day before that", T + 40 * DAY, date(2027, 1, 11), T + 41 * DAY, False),
        ("here, and the start moves", None, date(2027, 2, 1), T, False),
        ("here, the journey over, starts anew", None, date(2027, 8, 2), T + 200 * DAY, True),
        ("here, the journey not over", None, date(2027, 8, 2), T + 60 * DAY, False),
    ],
)
def test_a_second_time_is_told_from_a_change_of_plans(
    state: str,
    left: datetime | None,
    first_day: date,
    now: datetime,
    again: bool,  # noqa: FBT001 -- a case of the table
) -> None:
    known = hire(HireState.WITHDRAWN if left else HireState.ACTIVE)
    told = {STATE: left} if left else {STATE: T}
    assert comes_again(known, fact(first_day=first_day, at=now), told, now) is again, state


def test_news_that_is_older_than_the_leaving_brings_nobody_back_a_second_time() -> None:
    old = fact(first_day=date(2027, 6, 1), at=T + 39 * DAY)
    assert not comes_again(hire(HireState.WITHDRAWN), old, {STATE: T + 40 * DAY}, T + 60 * DAY)


def test_an_id_says_its_source() -> None:
    assert id_of("bamboohr", "4012") == "bamboohr-4012"


@pytest.mark.parametrize("external_id", ["a.b@example.com", "7" * 80, "\udc80", "a b", ""])
def test_what_fits_no_id_gets_one_that_holds_nothing_of_it(external_id: str) -> None:
    found = id_of("bamboohr", external_id)
    assert re.fullmatch(r"bamboohr-([0-9a-f]{24})?", found)
