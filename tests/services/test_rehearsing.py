from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest

from onboarding.domain.delivery import State
from onboarding.domain.errors import BadRecord
from onboarding.services.rehearsing import Rehearsal, rehearse
from tests.worlds import at, directory, record, world

ENDED = {State.SENT, State.DONE, State.SKIPPED, State.WITHDRAWN}
"""What came to an end; withdrawn, since nobody answers and whoever is silent gives way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """A rehearsal, and how many mails it wrote."""

    result: Rehearsal
    letters: int

    def rows(self) -> list[tuple[str, datetime, State]]:
        """What became of each delivery."""
        return [(one.key, one.due_at, one.state) for one in self.result.timeline.rows]


def walk(told: object, today: str) -> Walk:
    """A rehearsal in a world of its own."""
    with world(people=[]) as here:
        result = rehearse(here.engine, directory(), told, at(today))
        return Walk(result=result, letters=len(here.mail.letters))


@pytest.fixture(scope="module")
def early() -> Walk:
    """Walked a month before the first day: ninety days take seconds, so that all tests look at the same walk."""
    return walk(record(), "2026-12-01 08:00")


@pytest.fixture(scope="module")
def late() -> Walk:
    """The same newcomer, told as an event when their first days are long over."""
    return walk({"type": "hire.created", "data": record()}, "2027-06-01 08:00")


def test_a_journey_is_walked_to_its_end_without_waiting_and_every_step_says_what_became_of_it(early: Walk) -> None:
    result = early.result
    assert result.report.outcome == "enrolled"
    assert {one.state for one in result.timeline.rows} == ENDED
    assert all(one.reason for one in result.timeline.rows if one.state is State.SKIPPED)
    assert early.letters == sum(one.state is State.SENT for one in result.timeline.rows)


@pytest.mark.slow
def test_it_begins_before_the_first_step_however_late_it_is_today(late: Walk) -> None:
    steps = {one.step: one.state for one in late.result.timeline.rows if one.occasion == "once"}
    assert steps["profile"] is State.SENT


@pytest.mark.slow
def test_two_rehearsals_are_alike_whenever_they_are_walked_and_none_remembers_the_other(
    early: Walk, late: Walk
) -> None:
    assert early.rows() == late.rows()


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [1],
        "x",
        {},
        {"data": "x"},
        {"data": None},
        record(start_date="soon"),
        record(start_date="0001-01-01"),
    ],
)
def test_a_record_that_cannot_be_obeyed_is_refused_in_words(broken: object) -> None:
    with world(people=[]) as here, pytest.raises(BadRecord):
        rehearse(here.engine, directory(), broken, here.now)
