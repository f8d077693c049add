from __future__ import annotations

import pytest

from onboarding.domain.delivery import State
from onboarding.domain.errors import BadRecord
from onboarding.services.rehearsing import rehearse
from tests.worlds import at, directory, record, world

ENDED = {State.SENT, State.DONE, State.SKIPPED, State.WITHDRAWN}
"""What came to an end; withdrawn, since nobody answers and whoever is silent gives way."""


def test_a_journey_is_walked_to_its_end_without_waiting_and_every_step_says_what_became_of_it() -> None:
    with world(people=[]) as here:
        result = rehearse(here.engine, directory(), record(), here.now)
        assert result.report.outcome == "enrolled"
        assert {one.state for one in result.timeline.rows} == ENDED
        assert all(one.reason for one in result.timeline.rows if one.state is State.SKIPPED)
        assert len(here.mail.letters) == sum(one.state is State.SENT for one in result.timeline.rows)


@pytest.mark.slow
def test_it_begins_before_the_first_step_however_late_it_is_today() -> None:
    with world(people=[]) as here:
        result = rehearse(
            here.engine, directory(), {"type": "hire.created", "data": record()}, at("2027-06-01 08:00")
        )
        steps = {one.step: one.state for one in result.timeline.rows if one.occasion == "once"}
        assert steps["profile"] is State.SENT


@pytest.mark.slow
def test_two_rehearsals_are_alike_and_none_remembers_the_other() -> None:
    runs = []
    for _ in range(2):
        with world(people=[]) as here:
            result = rehearse(here.engine, directory(), record(), here.now)
            runs.append([(one.key, one.due_at, one.state) for one in result.timeline.rows])
    assert runs[0] == runs[1]


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
