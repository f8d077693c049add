from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from onboarding.adapters.sql import SqlStore
from onboarding.domain.errors import BadRecord
from onboarding.services.hiring import leave, withdraw
from onboarding.services.measures import Counted, measure
from tests.crowds import NOW, crowd, walk_and_answer
from tests.templates_folder import without_steps
from tests.worlds import World, at, world


def counted(here: World) -> Counted:
    found = measure(here.engine, here.now).counted
    assert found is not None
    return found


def kind(here: World, name: str) -> tuple[int, int, int, int, int]:
    """Planned, held, not held, unanswered, not asked."""
    one = next(one.meetings for one in counted(here).kinds if one.kind == name)
    return one.planned, one.held, one.not_held, one.unanswered, one.not_asked


def test_a_company_without_hires_has_nothing_to_count() -> None:
    with world() as here:
        found = measure(here.engine, here.now)
        assert (found.newcomers, found.withdrawn, found.lacking) == (0, 0, {})
        assert counted(here).meetings.planned == 0
        assert counted(here).first_meeting.median_days is None


@pytest.mark.parametrize(
    ("met", "found"), [("yes", (1, 1, 0, 0, 0)), ("no", (1, 0, 1, 0, 0)), (None, (1, 0, 0, 1, 0))]
)
def test_a_coffee_is_planned_then_asked_about_and_counted_as_answered(
    met: str | None, found: tuple[int, int, int, int, int]
) -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2027-01-04 12:00"))
        assert kind(here, "first_coffee") == (1, 0, 0, 0, 0)
        assert counted(here).meetings.to_come == 1
        here.walk_to(here.row("met_first_coffee").due_at)
        assert kind(here, "first_coffee") == (1, 0, 0, 1, 0)
        if met:
            here.answer(here.row("met_first_coffee"), met=met)
        assert kind(here, "first_coffee") == found


@pytest.mark.slow
def test_a_meeting_that_nobody_was_asked_about_is_not_called_held() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2027-01-20 12:00"))
        assert kind(here, "welcome_round") == (1, 0, 0, 0, 1)


@pytest.mark.slow
def test_the_last_answer_counts() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(here.row("met_first_coffee").due_at)
        here.walk_to(here.row("met_first_coffee").due_at)
        for met in ("yes", "no"):
            here.answer(here.row("met_first_coffee"), met=met)
        assert kind(here, "first_coffee")[1:3] == (0, 1)


@pytest.mark.slow
def test_ninety_days_are_counted_by_kind_buddy_and_newcomer() -> None:
    with world() as here:
        here.enrol()
        walk_and_answer(here, "n1", NOW)
        found = counted(here)
        assert [one.kind for one in found.kinds][:2] == ["first_coffee", "partner_coffee"]
        assert found.kinds[0].title == "First coffee with the buddy"
        assert (found.meetings.planned, found.meetings.held) == (9, 5)
        assert kind(here, "partner_coffee") == (3, 2, 0, 1, 0)
        (buddy,) = found.buddies
        assert (buddy.newcomers, buddy.meetings.planned, buddy.meetings.held) == (1, 5, 3)
        assert buddy.load is not None
        assert {one.meetings for one in found.buckets if one.held == 1} == {"4-8"}
        assert {one.meetings for one in found.buckets if one.held_with_buddy == 1} == {"2-3"}
        assert (found.first_meeting.newcomers, found.first_meeting.without) == (1, 0)


@pytest.mark.slow
def test_a_hire_withdrawn_is_counted_apart_and_nowhere_else() -> None:
    with world() as here:
        here.enrol()
        here.enrol(id="n2")
        here.walk_to(at("2027-01-12 12:00"))
        withdraw(here.engine, "n2", here.now)
        found = measure(here.engine, here.now)
        assert (found.newcomers, found.withdrawn) == (1, 1)
        assert {one.newcomers for one in counted(here).buddies} == {1}
        assert sum(one.planned for one in counted(here).buckets) == 1


def test_a_buddy_who_left_keeps_the_meetings_that_they_had() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(here.row("met_first_coffee").due_at)
        here.walk_to(here.row("met_first_coffee").due_at)
        here.answer(here.row("met_first_coffee"), met="yes")
        (before,) = counted(here).buddies
        leave(here.engine, before.buddy.id, here.now)
        after = {one.buddy.id: one for one in counted(here).buddies}
        assert len(after) == 2
        left = after[before.buddy.id]
        assert (left.buddy.here, left.meetings.held, left.load) == (False, 1, None)


def test_a_buddy_who_declined_before_any_meeting_was_never_one() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2026-12-17 03:00"))
        here.answer(here.row("buddy_yes", "buddy"), agree="not_now")
        assert len(counted(here).buddies) == 1


def test_an_answer_about_a_meeting_whose_steps_are_gone_still_counts(tmp_path: Path) -> None:
    with world() as here:
        here.enrol()
        here.walk_to(here.row("met_first_coffee").due_at)
        here.walk_to(here.row("met_first_coffee").due_at)
        here.answer(here.row("met_first_coffee"), met="yes")
        steps = ("first_coffee", "met_first_coffee", "follow_up", "no_buddy_meeting", "missed_first_coffee")
        here.engine = replace(here.engine, words=without_steps(tmp_path / "words", *steps))
        assert kind(here, "first_coffee") == (1, 1, 0, 0, 0)
        assert counted(here).kinds[-1].title == "first_coffee"


def test_a_small_range_of_days_tells_nothing_more_than_that_it_is_small() -> None:
    with world() as here:
        for number in range(4):
            here.enrol(id=f"n{number}")
        found = measure(here.engine, here.now, first=date(2027, 1, 1), last=date(2027, 1, 31))
        assert (found.newcomers, found.counted) == ("fewer than 5", None)
        here.enrol(id="n4")
        here.enrol(id="m1", start_date="2027-02-01")
        found = measure(here.engine, here.now, first=date(2027, 1, 1), last=date(2027, 1, 31))
        assert found.newcomers == 5
        assert [one.newcomers for one in counted(here).cohorts] == [5, "fewer than 5"]
        assert measure(here.engine, here.now, first=date(2030, 1, 1)).newcomers == 0


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    with world() as here, pytest.raises(BadRecord, match="the last day lies before the first"):
        measure(here.engine, here.now, first=date(2027, 2, 1), last=date(2027, 1, 1))


@pytest.mark.slow
def test_hundreds_of_newcomers_of_ninety_days_are_counted(sqlite_url: str) -> None:
    crowd(sqlite_url, 210)  # so that more than a thousand meetings were held
    with world(store=SqlStore(sqlite_url), people=[]) as here:
        found = measure(here.engine, NOW)
        assert found.newcomers == 210
        assert found.counted is not None
        assert found.counted.meetings.held == 1050
        assert [one.newcomers for one in found.counted.cohorts] == [70, 70, 70]
