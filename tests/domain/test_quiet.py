from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from onboarding.domain.quiet import Programme, quiet_programmes

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
COFFEE = Programme(name="coffee", title="Coffee rounds", due=(NOW - 10 * DAY, NOW - 20 * DAY))


def test_a_programme_without_a_meeting_for_weeks_is_named_once_with_the_reason() -> None:
    (quiet,) = quiet_programmes([replace(COFFEE, newest=NOW - 40 * DAY, why="nobody has opted in")], NOW)
    assert (quiet.name, quiet.since) == ("coffee", NOW - 20 * DAY)
    assert quiet.text == (
        "nobody has met for “Coffee rounds” in the last 4 weeks, although 2 such meetings were due, "
        "mostly because nobody has opted in; the last one was on 2027-01-20"
    )


@pytest.mark.parametrize(
    "programme",
    [
        pytest.param(replace(COFFEE, newest=NOW - 28 * DAY), id="somebody met within the weeks"),
        pytest.param(replace(COFFEE, newest=NOW + 3 * DAY), id="a meeting is ahead"),
        pytest.param(replace(COFFEE, due=()), id="nobody takes part"),
        pytest.param(replace(COFFEE, due=(NOW - 10 * DAY,)), id="one meeting is a matter of that newcomer"),
        pytest.param(replace(COFFEE, due=(NOW - 6 * DAY, NOW - 7 * DAY)), id="it may still be arranged"),
        pytest.param(replace(COFFEE, due=(NOW - 29 * DAY, NOW - 40 * DAY)), id="long ago"),
        pytest.param(replace(COFFEE, due=(NOW + DAY, NOW + 2 * DAY)), id="still to come"),
    ],
)
def test_a_programme_that_lives_or_has_nothing_to_do_is_left_alone(programme: Programme) -> None:
    assert list(quiet_programmes([programme], NOW)) == []


def test_the_weeks_can_be_others() -> None:
    due = (NOW - 40 * DAY, NOW - 50 * DAY)
    (quiet,) = quiet_programmes([replace(COFFEE, due=due)], NOW, weeks=8)
    assert "in the last 8 weeks" in quiet.text
    assert list(quiet_programmes([replace(COFFEE, due=due)], NOW)) == []
